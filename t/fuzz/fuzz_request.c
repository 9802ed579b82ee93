
/*
 * POST /execute from its bytes to the program that is handed on: the body,
 * its fields, ?wait and Prefer.  What is wrong is answered with a problem;
 * what is right fits the wire.
 *
 * An input is how, the arguments, the header, the body.
 */


#include "ngx_http_coderemote_body.h"
#include "ngx_http_coderemote_fields.h"
#include "ngx_http_coderemote_json.h"
#include "ngx_http_coderemote_request.h"
#include "ngx_cr_store.h"

#include "fuzz.h"
#include "fuzz_nginx.h"


#define STATUS_KNOWN  1
#define IN_PIECES     2
#define NO_BODY       4

/* Of a text whose long strings are taken out; so few for short inputs. */
#define LONG          3
#define VALUES        900


static cr_status_t  status = {
    .nprofiles = 2,
    .profiles = {
        { .name = { (u_char *) "python", 6 }, .timeout_ms = 60000,
          .memory = 128 << 20 },
        { .name = { (u_char *) "python-open", 11 }, .timeout_ms = 2500,
          .memory = 1 << 30, .memory_default = 300 << 20,
          .flags = CR_PROFILE_ARGS|CR_PROFILE_WRITE|CR_PROFILE_COMPILE }
    }
};

static u_char              packed[CR_PROGRAM_PART];

static ngx_http_request_t  request;
static ngx_connection_t    client;


/* What makes connections' names; their form alone is of interest here. */

const ngx_cr_worker_t *
ngx_cr_doorbell_self(void)
{
    static const ngx_cr_worker_t  self;

    return &self;
}


static void
header_set(ngx_http_request_t *r, const char *key, u_char *value, size_t len)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_in.headers);

    ngx_memzero(h, sizeof(ngx_table_elt_t));
    h->key.data = h->lowcase_key = (u_char *) key;
    h->key.len = ngx_strlen(key);
    h->value.data = value;
    h->value.len = len;

    if (key[0] == 'c') {
        r->headers_in.content_type = h;
    }
}


/* In one buffer, or in two, as nginx may read it. */

static void
body_set(ngx_http_request_t *r, const uint8_t *data, size_t len, unsigned how)
{
    ngx_buf_t    *b;
    ngx_chain_t  *first, *second;

    r->request_body = ngx_pcalloc(r->pool, sizeof(ngx_http_request_body_t));

    if (how & NO_BODY) {
        return;
    }

    first = ngx_alloc_chain_link(r->pool);
    second = ngx_alloc_chain_link(r->pool);
    first->next = second->next = NULL;

    b = ngx_pcalloc(r->pool, sizeof(ngx_buf_t));
    b->temporary = 1;
    b->start = b->pos = (u_char *) data;
    b->end = b->last = (u_char *) data + len;
    first->buf = b;

    if (how & IN_PIECES) {
        b->last = b->pos + len / 3;
        first->next = second;

        second->buf = ngx_pcalloc(r->pool, sizeof(ngx_buf_t));
        *second->buf = *b;
        second->buf->pos = b->last;
        second->buf->last = b->end;
    }

    r->request_body->bufs = first;
}


/* What goes to a cell, with the arguments of one run. */

static void
program_check(const ngx_http_coderemote_fields_t *fields, ngx_uint_t nargs,
    const cr_bytes_t *args)
{
    cr_put_t      put;
    cr_program_t  program, again;

    ngx_memzero(&program, sizeof(cr_program_t));

    program.kind = CR_PROGRAM_RUN;
    program.nargs = (uint16_t) nargs;
    program.code.data = fields->code.data;
    program.code.len = fields->code.len;
    program.nfiles = (uint16_t) fields->nfiles;
    program.npatterns = (uint16_t) fields->npatterns;

    fuzz_must(nargs <= CR_ARGS_MAX && fields->nfiles < CR_FILES_MAX
              && fields->npatterns <= CR_PATTERNS_MAX);

    if (nargs) {
        ngx_memcpy(program.args, args, nargs * sizeof(cr_bytes_t));
    }

    if (fields->nfiles) {
        ngx_memcpy(program.files, fields->files,
                   fields->nfiles * sizeof(cr_file_t));
    }

    if (fields->npatterns) {
        ngx_memcpy(program.patterns, fields->patterns,
                   fields->npatterns * sizeof(cr_bytes_t));
    }

    cr_put_init(&put, packed, sizeof(packed));
    cr_program_pack(&put, &program);

    fuzz_must(!put.bad);
    fuzz_must(cr_program_unpack(packed, cr_put_len(&put), &again) == 0);
}


static void
cases_check(const ngx_http_coderemote_fields_t *fields)
{
    size_t                input, expected;
    ngx_uint_t            i, n;
    const ngx_cr_case_t  *one;

    input = 0;
    expected = 0;

    for (i = 0; i < fields->ncases; i++) {
        one = &fields->cases[i];

        program_check(fields, one->nargs, one->args);

        input += one->input.len;
        expected += one->expected.len;

        for (n = 0; n < one->nargs; n++) {
            input += one->args[n].len;
        }

        fuzz_must(one->compared || one->expected.len == 0);
    }

    fuzz_must(fields->ncases <= FUZZ_CASES);
    fuzz_must(input <= FUZZ_STDIN && expected <= FUZZ_OUTPUT);

    /* each of them has what one run has */

    fuzz_must(fields->ncases == 0
              || (fields->nargs == 0 && fields->input.len == 0
                  && fields->npatterns == 0 && !fields->open));
    fuzz_must(fields->ncases || (!fields->compare && !fields->stop_early));
}


static void
run_check(const ngx_http_coderemote_fields_t *fields,
    const cr_status_t *known)
{
    size_t      size;
    ngx_uint_t  i;

    fuzz_must(fields->code.len && fields->code.len <= FUZZ_CODE);
    fuzz_must(fields->input.len <= FUZZ_STDIN);
    fuzz_must(fields->timeout >= 1 && fields->timeout <= 30500);
    fuzz_must(fields->memory && fields->memory <= 300 << 20);
    fuzz_must(known == NULL || fields->profile);
    fuzz_must(known == NULL
              || (fields->nargs == 0 && fields->nfiles == 0
                  && fields->npatterns == 0)
              || fields->runtime.len == sizeof("python-open") - 1);

    size = 0;

    for (i = 0; i < fields->nfiles; i++) {
        size += fields->files[i].content.len;
    }

    fuzz_must(size <= FUZZ_FILES);

    program_check(fields, fields->nargs, fields->args);
    cases_check(fields);
}


/* As the endpoint does it, up to where the job is made. */

static ngx_int_t
execute(ngx_http_request_t *r, const cr_status_t *known)
{
    json_t                        *body, *errors;
    ngx_int_t                      rc;
    ngx_http_coderemote_wait_t     wait;
    ngx_http_coderemote_fields_t   fields;

    rc = ngx_http_coderemote_body_check(r);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_http_coderemote_wait_read(r, &wait) != NGX_OK) {
        return ngx_http_coderemote_wait_problem(r);
    }

    fuzz_must(wait.ms <= 24 * 3600 * 1000 + 1000);
    fuzz_must(ngx_http_coderemote_wait_applied(r, &wait) == NGX_OK);

    body = NULL;
    rc = ngx_http_coderemote_body_parse(r, &body);

    if (body == NULL) {
        return rc;
    }

    errors = ngx_http_coderemote_fields_read(r, r->pool, body,
                                             NGX_HTTP_CODEREMOTE_IN_BODY,
                                             known, &fields);
    fuzz_must(errors);

    if (json_array_size(errors)) {
        return ngx_http_coderemote_problem(r, NGX_HTTP_UNPROCESSABLE, errors,
                                           "%V", &r->args);
    }

    json_decref(errors);

    run_check(&fields, known);

    return NGX_DONE;
}


static void
answer_check(ngx_int_t rc)
{
    json_t  *json;

    if (rc == NGX_DONE) {
        fuzz_must(fuzz_answer.status == 0);
        return;
    }

    fuzz_must(rc == NGX_OK && fuzz_answer.out);

    json = fuzz_json_read(fuzz_answer.out);

    fuzz_must((ngx_uint_t) json_integer_value(json_object_get(json, "status"))
              == fuzz_answer.status);
    fuzz_must(fuzz_answer.status >= 400 && fuzz_answer.status < 500);
    fuzz_must(json_is_string(json_object_get(json, "detail")));

    json_decref(json);
}


/* A job has one name: what can be read is what is written. */

static void
id_check(const u_char *text, size_t len)
{
    u_char           again[NGX_CR_JOB_ID_LEN];
    ngx_cr_job_id_t  id;

    if (ngx_cr_job_id_parse(text, len, &id) == NGX_OK) {
        fuzz_must(ngx_cr_job_id_format(again, &id) == again + sizeof(again));
        fuzz_must(len == sizeof(again) && memcmp(again, text, len) == 0);
    }
}


/* A document is the same whether its long strings are read by themselves. */

static void
long_check(const fuzz_in_t *in)
{
    json_t        *plain, *other;
    ngx_str_t      text;
    json_error_t   error;

    text.data = (u_char *) in->pos;
    text.len = in->end - in->pos;

    plain = ngx_http_coderemote_json_parse_plain(&text, VALUES, &error);
    other = ngx_http_coderemote_json_parse_long(&text, LONG, VALUES, &error);

    fuzz_must(!plain == !other);
    fuzz_must(plain == NULL || json_equal(plain, other));

    json_decref(plain);
    json_decref(other);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u_char      *value;
    size_t       len;
    unsigned     how;
    fuzz_in_t    in;
    ngx_pool_t  *pool;

    in.pos = data;
    in.end = data + size;

    json_object_seed(1);

    pool = ngx_create_pool(4096, fuzz_log);
    fuzz_request_init(&request, &client, pool);

    how = fuzz_u8(&in);

    request.args.data = (u_char *) fuzz_bytes(&in, &request.args.len);
    id_check(request.args.data, request.args.len);

    value = (u_char *) fuzz_bytes(&in, &len);
    header_set(&request, "prefer", value, len);
    header_set(&request, "content-type", (u_char *) "application/json", 16);

    long_check(&in);

    body_set(&request, in.pos, in.end - in.pos, how);

    answer_check(execute(&request, how & STATUS_KNOWN ? &status : NULL));

    ngx_destroy_pool(pool);

    return 0;
}
