
/* What the files of fields share, and nobody else sees. */


#ifndef _NGX_HTTP_CODEREMOTE_FIELDS_LOCAL_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_FIELDS_LOCAL_H_INCLUDED_


#include "ngx_http_coderemote_fields.h"


typedef struct {
    json_t                          *errors;
    ngx_uint_t                       failed;    /* no memory */
    ngx_http_coderemote_loc_conf_t  *conf;
    ngx_cr_registry_t               *registry;
    ngx_uint_t                       in;
    const cr_status_t               *status;
    const cr_profile_status_t       *profile;   /* NULL: not known */
    ngx_http_coderemote_fields_t    *fields;
} ngx_http_coderemote_reader_t;


typedef void (*ngx_http_coderemote_field_pt)(ngx_http_coderemote_reader_t *rd,
    json_t *value);


void ngx_http_coderemote_field_error(ngx_http_coderemote_reader_t *rd,
    const char *field, size_t len, const char *fmt, ...);

#define ngx_http_coderemote_wrong(rd, field, ...)                             \
    ngx_http_coderemote_field_error(rd, field, sizeof(field) - 1, __VA_ARGS__)


static ngx_inline ngx_str_t
ngx_http_coderemote_json_str(json_t *value)
{
    ngx_str_t  str;

    str.data = (u_char *) json_string_value(value);
    str.len = json_string_length(value);

    return str;
}


/* ngx_http_coderemote_message_fields.c */
void ngx_http_coderemote_field_request_id(ngx_http_coderemote_reader_t *rd,
    json_t *value);
void ngx_http_coderemote_field_detach(ngx_http_coderemote_reader_t *rd,
    json_t *value);
void ngx_http_coderemote_field_analysis_id(ngx_http_coderemote_reader_t *rd,
    json_t *value);
void ngx_http_coderemote_field_job_id(ngx_http_coderemote_reader_t *rd,
    json_t *value);
void ngx_http_coderemote_field_data(ngx_http_coderemote_reader_t *rd,
    json_t *value);
void ngx_http_coderemote_field_eof(ngx_http_coderemote_reader_t *rd,
    json_t *value);
void ngx_http_coderemote_field_seq(ngx_http_coderemote_reader_t *rd,
    json_t *value);


#endif /* _NGX_HTTP_CODEREMOTE_FIELDS_LOCAL_H_INCLUDED_ */
