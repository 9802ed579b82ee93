
/* The members that only messages of a WebSocket have. */

#include "ngx_http_coderemote_fields_local.h"
#include "ngx_cr_store.h"


ngx_uint_t
ngx_http_coderemote_fields_shown(json_t *value)
{
    return json_is_integer(value)
           || (json_is_string(value)
               && json_string_length(value) <= NGX_HTTP_CODEREMOTE_SHOWN);
}


void
ngx_http_coderemote_field_request_id(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    if (value && !ngx_http_coderemote_fields_shown(value)) {
        ngx_http_coderemote_wrong(rd, "request_id",
                                  "must be an integer or a string of at most "
                                  "%d bytes", NGX_HTTP_CODEREMOTE_SHOWN);
    }
}


/* A text that cannot be one is the name of no job. */

static void
ngx_http_coderemote_field_id(ngx_http_coderemote_reader_t *rd, json_t *value)
{
    ngx_str_t  id;

    id = ngx_http_coderemote_json_str(value);

    if (ngx_cr_job_id_parse(id.data, id.len, &rd->fields->job_id) != NGX_OK) {
        ngx_memzero(&rd->fields->job_id, sizeof(ngx_cr_job_id_t));
    }
}


/* It is read before job_id, in whose place it stands. */

void
ngx_http_coderemote_field_analysis_id(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    if (value == NULL) {
        return;
    }

    rd->fields->analysis = 1;

    if (!json_is_string(value)) {
        ngx_http_coderemote_wrong(rd, "analysis_id", "must be a string");
        return;
    }

    ngx_http_coderemote_field_id(rd, value);
}


void
ngx_http_coderemote_field_job_id(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    if (rd->fields->analysis) {

        if (value) {
            ngx_http_coderemote_wrong(rd, "job_id",
                                      "must not be there with analysis_id");
        }

        return;
    }

    if (!json_is_string(value)) {
        ngx_http_coderemote_wrong(rd, "job_id",
                                  value ? "must be a string"
                                        : "is missing: the job that is meant");
        return;
    }

    ngx_http_coderemote_field_id(rd, value);
}


void
ngx_http_coderemote_field_data(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    if (value == NULL) {
        return;
    }

    if (!json_is_string(value)) {
        ngx_http_coderemote_wrong(rd, "data", "must be a string");
        return;
    }

    rd->fields->input = ngx_http_coderemote_json_str(value);
}


void
ngx_http_coderemote_field_seq(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    if (value == NULL) {
        return;
    }

    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        ngx_http_coderemote_wrong(rd, "seq",
                                  "must be the seq of a job.output, or 0");
        return;
    }

    rd->fields->seq = json_integer_value(value);
}


ngx_uint_t
ngx_http_coderemote_field_flag(ngx_http_coderemote_reader_t *rd,
    const char *name, json_t *value)
{
    if (value && !json_is_boolean(value)) {
        ngx_http_coderemote_field_error(rd, name, ngx_strlen(name),
                                        "must be true or false");
    }

    return json_is_true(value);
}


void
ngx_http_coderemote_field_detach(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    rd->fields->detach = ngx_http_coderemote_field_flag(rd, "detach", value);
}


void
ngx_http_coderemote_field_eof(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    rd->fields->eof = ngx_http_coderemote_field_flag(rd, "eof", value);
}
