
/*
 * A request as the targets have it: what it is answered with goes to the one
 * answer below.  The module's configuration is made by hand, for what reads
 * one brings all of nginx with it.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_http_coderemote_module.h"

#include "fuzz.h"
#include "fuzz_nginx.h"


#define MODULES  1      /* ours is the only one */


static ngx_str_t                        allow_names[] = {
    ngx_string("python"), ngx_string("python-open")
};
static ngx_array_t                      allow = { allow_names, 2, 0, 2, NULL };
static ngx_cr_registry_t                registry;
static ngx_http_coderemote_main_conf_t  main_conf;
static ngx_http_coderemote_loc_conf_t   loc_conf;
static void                            *main_confs[MODULES] = { &main_conf };
static void                            *loc_confs[MODULES] = { &loc_conf };
static ngx_http_coderemote_ctx_t        ctx;

ngx_module_t                            ngx_http_coderemote_module;
fuzz_answer_t                           fuzz_answer;


void
fuzz_request_init(ngx_http_request_t *r, ngx_connection_t *c,
    ngx_pool_t *pool)
{
    ngx_memzero(r, sizeof(ngx_http_request_t));
    ngx_memzero(c, sizeof(ngx_connection_t));
    ngx_memzero(&ctx, sizeof(ngx_http_coderemote_ctx_t));
    ngx_memzero(&fuzz_answer, sizeof(fuzz_answer_t));

    ngx_http_coderemote_module.ctx_index = 0;

    main_conf.registry = &registry;
    main_conf.queue = 512;
    loc_conf.allow = &allow;
    ngx_str_set(&loc_conf.allow_text, "python, python-open");
    loc_conf.timeout = 30500;
    loc_conf.memory = 0;
    loc_conf.max_code = FUZZ_CODE;
    loc_conf.max_stdin = FUZZ_STDIN;
    loc_conf.max_output = FUZZ_OUTPUT;
    loc_conf.max_files = FUZZ_FILES;
    loc_conf.max_artifacts = 1 << 20;
    loc_conf.max_cases = FUZZ_CASES;

    c->log = fuzz_log;
    c->pool = pool;

    r->connection = c;
    r->pool = pool;
    r->main = r;
    r->main_conf = main_confs;
    r->loc_conf = loc_confs;
    r->method = NGX_HTTP_POST;

    (void) ngx_list_init(&r->headers_in.headers, pool, 4,
                         sizeof(ngx_table_elt_t));
    (void) ngx_list_init(&r->headers_out.headers, pool, 4,
                         sizeof(ngx_table_elt_t));
}


ngx_http_coderemote_ctx_t *
ngx_http_coderemote_ctx(ngx_http_request_t *r)
{
    (void) r;

    return &ctx;
}


ngx_int_t
ngx_http_send_header(ngx_http_request_t *r)
{
    fuzz_must(fuzz_answer.status == 0);

    fuzz_answer.status = r->headers_out.status;
    fuzz_answer.length = r->headers_out.content_length_n;

    return NGX_OK;
}


ngx_int_t
ngx_http_output_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    off_t         length;
    ngx_chain_t  *cl;

    (void) r;

    length = 0;

    for (cl = in; cl; cl = cl->next) {
        length += cl->buf->last - cl->buf->pos;
        fuzz_must(!cl->buf->last_buf == !!cl->next);
    }

    fuzz_must(fuzz_answer.status && length == fuzz_answer.length);

    fuzz_answer.out = in;

    return NGX_OK;
}


ngx_int_t
ngx_http_discard_request_body(ngx_http_request_t *r)
{
    (void) r;

    return NGX_OK;
}


/* No body is in a file here, and no request goes on by itself. */

ssize_t
ngx_read_file(ngx_file_t *file, u_char *buf, size_t size, off_t offset)
{
    (void) file;
    (void) buf;
    (void) size;
    (void) offset;

    return NGX_ERROR;
}


void
ngx_http_finalize_request(ngx_http_request_t *r, ngx_int_t rc)
{
    (void) r;
    (void) rc;
}


void
ngx_http_run_posted_requests(ngx_connection_t *c)
{
    (void) c;
}
