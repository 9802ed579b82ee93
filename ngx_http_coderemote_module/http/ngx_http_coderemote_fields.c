
#include "ngx_http_coderemote_fields_local.h"
#include "ngx_http_coderemote_json.h"


#define NGX_HTTP_CODEREMOTE_MESSAGE_MAX  512


typedef struct {
    const char                    *name;
    ngx_uint_t                     in;
    ngx_http_coderemote_field_pt   read;    /* value NULL: it is missing;
                                               NULL: somebody else's */
} ngx_http_coderemote_field_t;


#define NGX_HTTP_CODEREMOTE_IN_PROGRAM                                        \
    (NGX_HTTP_CODEREMOTE_IN_BODY|NGX_HTTP_CODEREMOTE_IN_EXECUTE)

#define NGX_HTTP_CODEREMOTE_IN_CODE                                           \
    (NGX_HTTP_CODEREMOTE_IN_PROGRAM|NGX_HTTP_CODEREMOTE_IN_ANALYZE            \
     |NGX_HTTP_CODEREMOTE_IN_ANALYSIS)

#define NGX_HTTP_CODEREMOTE_IN_OF_JOB                                         \
    (NGX_HTTP_CODEREMOTE_IN_STDIN|NGX_HTTP_CODEREMOTE_IN_CANCEL               \
     |NGX_HTTP_CODEREMOTE_IN_SUBSCRIBE|NGX_HTTP_CODEREMOTE_IN_UNSUBSCRIBE)

#define NGX_HTTP_CODEREMOTE_IN_MESSAGE                                        \
    (NGX_HTTP_CODEREMOTE_IN_OF_JOB|NGX_HTTP_CODEREMOTE_IN_EXECUTE             \
     |NGX_HTTP_CODEREMOTE_IN_PING|NGX_HTTP_CODEREMOTE_IN_ANALYSIS)


static void ngx_http_coderemote_field_language(
    ngx_http_coderemote_reader_t *rd, json_t *value);
static void ngx_http_coderemote_field_code(ngx_http_coderemote_reader_t *rd,
    json_t *value);
static void ngx_http_coderemote_field_stdin(ngx_http_coderemote_reader_t *rd,
    json_t *value);
static void ngx_http_coderemote_field_timeout(
    ngx_http_coderemote_reader_t *rd, json_t *value);
static void ngx_http_coderemote_field_memory(
    ngx_http_coderemote_reader_t *rd, json_t *value);
static void ngx_http_coderemote_field_connection(
    ngx_http_coderemote_reader_t *rd, json_t *value);


/*
 * The language comes first: the limits of the others depend on it; and cases
 * before what each of them has of its own.
 */

static const ngx_http_coderemote_field_t  ngx_http_coderemote_fields[] = {

    { "language", NGX_HTTP_CODEREMOTE_IN_CODE,
      ngx_http_coderemote_field_language },

    { "code", NGX_HTTP_CODEREMOTE_IN_CODE,
      ngx_http_coderemote_field_code },

    { "cases", NGX_HTTP_CODEREMOTE_IN_PROGRAM,
      ngx_http_coderemote_field_cases },

    { "compare", NGX_HTTP_CODEREMOTE_IN_PROGRAM,
      ngx_http_coderemote_field_compare },

    { "stop_on_failure", NGX_HTTP_CODEREMOTE_IN_PROGRAM,
      ngx_http_coderemote_field_stop },

    { "stdin", NGX_HTTP_CODEREMOTE_IN_PROGRAM,
      ngx_http_coderemote_field_stdin },

    { "args", NGX_HTTP_CODEREMOTE_IN_PROGRAM,
      ngx_http_coderemote_field_args },

    { "files", NGX_HTTP_CODEREMOTE_IN_PROGRAM,
      ngx_http_coderemote_field_files },

    { "artifacts", NGX_HTTP_CODEREMOTE_IN_PROGRAM,
      ngx_http_coderemote_field_artifacts },

    { "timeout_seconds", NGX_HTTP_CODEREMOTE_IN_PROGRAM,
      ngx_http_coderemote_field_timeout },

    { "memory_limit_mb", NGX_HTTP_CODEREMOTE_IN_PROGRAM,
      ngx_http_coderemote_field_memory },

    { "connection_id", NGX_HTTP_CODEREMOTE_IN_BODY,
      ngx_http_coderemote_field_connection },

    { "action", NGX_HTTP_CODEREMOTE_IN_MESSAGE,
      NULL },

    { "request_id", NGX_HTTP_CODEREMOTE_IN_MESSAGE,
      ngx_http_coderemote_field_request_id },

    { "detach", NGX_HTTP_CODEREMOTE_IN_EXECUTE,
      ngx_http_coderemote_field_detach },

    { "analysis_id", NGX_HTTP_CODEREMOTE_IN_CANCEL,
      ngx_http_coderemote_field_analysis_id },

    { "job_id", NGX_HTTP_CODEREMOTE_IN_OF_JOB,
      ngx_http_coderemote_field_job_id },

    { "data", NGX_HTTP_CODEREMOTE_IN_STDIN,
      ngx_http_coderemote_field_data },

    { "eof", NGX_HTTP_CODEREMOTE_IN_STDIN,
      ngx_http_coderemote_field_eof },

    { "seq", NGX_HTTP_CODEREMOTE_IN_SUBSCRIBE,
      ngx_http_coderemote_field_seq },

    { NULL, 0, NULL }
};


static ngx_str_t  ngx_http_coderemote_default_language = ngx_string("python");


void
ngx_http_coderemote_field_error(ngx_http_coderemote_reader_t *rd,
    const char *field, size_t len, const char *fmt, ...)
{
    u_char   buf[NGX_HTTP_CODEREMOTE_MESSAGE_MAX], *p;
    json_t  *error;
    va_list  args;

    if (json_array_size(rd->errors) == NGX_HTTP_CODEREMOTE_ERRORS_MAX) {
        return;
    }

    va_start(args, fmt);
    p = ngx_vslprintf(buf, buf + sizeof(buf), fmt, args);
    va_end(args);

    error = json_object();

    if (error == NULL
        || json_object_set_new(error, "field",
               ngx_http_coderemote_json_text((u_char *) field, len, 1)) != 0
        || json_object_set_new(error, "message",
               ngx_http_coderemote_json_text(buf, p - buf, 1)) != 0)
    {
        json_decref(error);
        rd->failed = 1;
        return;
    }

    if (json_array_append_new(rd->errors, error) != 0) {
        rd->failed = 1;
    }
}


const cr_profile_status_t *
ngx_http_coderemote_profile(const cr_status_t *status, const ngx_str_t *name)
{
    ngx_uint_t                  i;
    const cr_profile_status_t  *profile;

    for (i = 0; i < status->nprofiles; i++) {
        profile = &status->profiles[i];

        if (profile->name.len == name->len
            && ngx_memcmp(profile->name.data, name->data, name->len) == 0)
        {
            return profile;
        }
    }

    return NULL;
}


ngx_uint_t
ngx_http_coderemote_allowed(ngx_http_coderemote_loc_conf_t *conf,
    const ngx_str_t *name)
{
    ngx_str_t   *allow;
    ngx_uint_t   i;

    allow = conf->allow->elts;

    for (i = 0; i < conf->allow->nelts; i++) {
        if (allow[i].len == name->len
            && ngx_memcmp(allow[i].data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


uint64_t
ngx_http_coderemote_memory(ngx_http_coderemote_loc_conf_t *conf,
    const cr_profile_status_t *profile, uint64_t *usual)
{
    uint64_t  most;

    most = conf->memory;
    *usual = most;

    if (most == 0) {
        most = NGX_HTTP_CODEREMOTE_MEMORY;
        *usual = most;

        if (profile && profile->memory_default) {
            *usual = profile->memory_default;
            most = ngx_max(most, *usual);
        }
    }

    if (profile) {
        most = ngx_min(most, profile->memory);
        *usual = ngx_min(*usual, profile->memory);
    }

    return most;
}


static void
ngx_http_coderemote_field_language(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    ngx_str_t          name;
    ngx_cr_runtime_t  *runtime;

    name = ngx_http_coderemote_default_language;

    if (value) {

        if (!json_is_string(value)) {
            ngx_http_coderemote_wrong(rd, "language",
                                      "must be a string; allowed here: %V",
                                      &rd->conf->allow_text);
            return;
        }

        name = ngx_http_coderemote_json_str(value);

        runtime = ngx_cr_registry_runtime(rd->registry, &name);

        if (runtime) {
            name = runtime->name;
        }
    }

    if (!ngx_http_coderemote_allowed(rd->conf, &name)) {
        name.len = ngx_min(name.len, NGX_HTTP_CODEREMOTE_SHOWN);

        ngx_http_coderemote_wrong(rd, "language",
                                  "\"%V\" is not allowed here; allowed: %V",
                                  &name, &rd->conf->allow_text);
        return;
    }

    rd->fields->runtime = name;

    if (rd->status == NULL) {
        return;
    }

    rd->profile = ngx_http_coderemote_profile(rd->status, &name);
    rd->fields->profile = rd->profile;

    if (rd->profile == NULL) {
        ngx_http_coderemote_wrong(rd, "language",
                                  "\"%V\" is allowed here but the sandbox has "
                                  "no such runtime", &name);
    }
}


static void
ngx_http_coderemote_field_code(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    ngx_str_t  code;

    if (!json_is_string(value)) {
        ngx_http_coderemote_wrong(rd, "code",
                                  value ? "must be a string"
                                        : "is missing: the program to run");
        return;
    }

    code = ngx_http_coderemote_json_str(value);

    if (code.len == 0) {
        ngx_http_coderemote_wrong(rd, "code", "must not be empty");
        return;
    }

    if (code.len > rd->conf->max_code) {
        ngx_http_coderemote_wrong(rd, "code",
                                  "has %uz bytes of UTF-8; at most %uz are "
                                  "taken", code.len, rd->conf->max_code);
        return;
    }

    if (ngx_strlchr(code.data, code.data + code.len, '\0')) {
        ngx_http_coderemote_wrong(rd, "code", "must not contain NUL");
        return;
    }

    rd->fields->code = code;
}


static void
ngx_http_coderemote_field_stdin(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    ngx_str_t  input;

    if (value == NULL) {
        rd->fields->open = (rd->in == NGX_HTTP_CODEREMOTE_IN_EXECUTE
                            && !rd->cases);
        return;
    }

    if (rd->cases) {
        ngx_http_coderemote_wrong(rd, "stdin",
                                  "must not be there with cases: each of them "
                                  "has its own");
        return;
    }

    if (!json_is_string(value)) {
        ngx_http_coderemote_wrong(rd, "stdin", "must be a string");
        return;
    }

    input = ngx_http_coderemote_json_str(value);

    if (input.len > rd->conf->max_stdin) {
        ngx_http_coderemote_wrong(rd, "stdin",
                                  "has %uz bytes of UTF-8; at most %uz are "
                                  "taken", input.len, rd->conf->max_stdin);
        return;
    }

    rd->fields->input = input;
}


static void
ngx_http_coderemote_field_timeout(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    double      seconds;
    u_char      text[NGX_TIME_T_LEN + 4], *p;
    ngx_str_t   most;
    ngx_msec_t  limit;

    limit = rd->conf->timeout;

    if (rd->profile) {
        limit = ngx_min(limit, rd->profile->timeout_ms);
    }

    rd->fields->timeout = limit;

    if (value == NULL) {
        return;
    }

    /* a boolean is no number to jansson; the comparison refuses a NaN, too */

    seconds = json_number_value(value);

    if (!json_is_number(value)
        || !(seconds > 0 && seconds * 1000 <= (double) limit))
    {
        p = ngx_sprintf(text, "%M", limit / 1000);

        if (limit % 1000) {
            p = ngx_sprintf(p, ".%03M", limit % 1000);
        }

        most.data = text;
        most.len = p - text;

        ngx_http_coderemote_wrong(rd, "timeout_seconds",
                                  "must be a number above 0 and at most %V",
                                  &most);
        return;
    }

    rd->fields->timeout = ngx_max((ngx_msec_t) (seconds * 1000), 1);
}


static void
ngx_http_coderemote_field_memory(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    uint64_t    limit;
    json_int_t  mb;

    limit = ngx_http_coderemote_memory(rd->conf, rd->profile,
                                       &rd->fields->memory);

    if (value == NULL) {
        return;
    }

    limit /= 1024 * 1024;
    mb = json_integer_value(value);

    if (!json_is_integer(value) || mb < NGX_HTTP_CODEREMOTE_MEMORY_MIN
        || (uint64_t) mb > limit)
    {
        ngx_http_coderemote_wrong(rd, "memory_limit_mb",
                                  "must be an integer from %d to %uL",
                                  NGX_HTTP_CODEREMOTE_MEMORY_MIN, limit);
        return;
    }

    rd->fields->memory = (uint64_t) mb * 1024 * 1024;
}


static void
ngx_http_coderemote_field_connection(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    ngx_str_t  id;

    if (value == NULL) {
        return;
    }

    id = ngx_http_coderemote_json_str(value);

    if (!json_is_string(value)
        || ngx_cr_connection_id_parse(id.data, id.len,
                                      &rd->fields->connection)
           != NGX_OK)
    {
        ngx_memzero(&rd->fields->connection, sizeof(ngx_cr_connection_id_t));

        ngx_http_coderemote_wrong(rd, "connection_id",
                                  "must be the connection_id of a WebSocket: "
                                  "%d hexadecimal digits",
                                  NGX_CR_CONNECTION_ID_LEN);
    }
}


static void
ngx_http_coderemote_fields_unknown(ngx_http_coderemote_reader_t *rd,
    json_t *body)
{
    size_t                              len;
    json_t                             *value;
    const char                         *key;
    const ngx_http_coderemote_field_t  *field;

    json_object_foreach(body, key, value) {

        for (field = ngx_http_coderemote_fields; field->name; field++) {
            if ((field->in & rd->in) && ngx_strcmp(field->name, key) == 0) {
                break;
            }
        }

        if (field->name == NULL) {
            len = ngx_min(ngx_strlen(key), NGX_HTTP_CODEREMOTE_SHOWN);

            ngx_http_coderemote_field_error(rd, key, len,
                                            "is not a field of a request");
        }
    }
}


json_t *
ngx_http_coderemote_fields_read(ngx_http_request_t *r, ngx_pool_t *pool,
    json_t *body, ngx_uint_t in, const cr_status_t *status,
    ngx_http_coderemote_fields_t *fields)
{
    size_t                              known;
    json_t                             *value;
    ngx_http_coderemote_reader_t        rd;
    ngx_http_coderemote_main_conf_t    *mcf;
    const ngx_http_coderemote_field_t  *field;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_coderemote_module);

    ngx_memzero(fields, sizeof(ngx_http_coderemote_fields_t));
    ngx_memzero(&rd, sizeof(ngx_http_coderemote_reader_t));

    rd.conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_module);
    rd.registry = mcf->registry;
    rd.pool = pool;
    rd.in = in;
    rd.status = status;
    rd.fields = fields;

    rd.errors = json_array();
    if (rd.errors == NULL) {
        return NULL;
    }

    known = 0;

    for (field = ngx_http_coderemote_fields; field->name; field++) {

        if (!(field->in & in)) {
            continue;
        }

        value = json_object_get(body, field->name);

        if (value) {
            known++;
        }

        if (field->read) {
            field->read(&rd, value);
        }
    }

    if (json_object_size(body) > known) {
        ngx_http_coderemote_fields_unknown(&rd, body);
    }

    if (rd.failed) {
        json_decref(rd.errors);
        return NULL;
    }

    return rd.errors;
}
