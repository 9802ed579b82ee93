
/* What the files of fields share, and nobody else sees. */


#ifndef _NGX_HTTP_CODEREMOTE_FIELDS_LOCAL_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_FIELDS_LOCAL_H_INCLUDED_


#include "ngx_http_coderemote_fields.h"


/* Bytes of "cases[999].expected_stdout", and of a member that is none. */
#define NGX_HTTP_CODEREMOTE_AT_MAX  (32 + NGX_HTTP_CODEREMOTE_SHOWN)


typedef struct {
    json_t                          *errors;
    ngx_uint_t                       failed;    /* no memory */
    ngx_pool_t                      *pool;
    ngx_http_coderemote_loc_conf_t  *conf;
    ngx_cr_registry_t               *registry;
    ngx_uint_t                       in;
    const cr_status_t               *status;
    const cr_profile_status_t       *profile;   /* NULL: not known */
    ngx_http_coderemote_fields_t    *fields;
    ngx_uint_t                       cases;     /* unsigned  cases:1; it has
                                                   some, right or wrong */
    char                             at[NGX_HTTP_CODEREMOTE_AT_MAX];
} ngx_http_coderemote_reader_t;


typedef void (*ngx_http_coderemote_field_pt)(ngx_http_coderemote_reader_t *rd,
    json_t *value);


void ngx_http_coderemote_field_error(ngx_http_coderemote_reader_t *rd,
    const char *field, size_t len, const char *fmt, ...);

#define ngx_http_coderemote_wrong(rd, field, ...)                             \
    ngx_http_coderemote_field_error(rd, field, sizeof(field) - 1, __VA_ARGS__)


/* Writes "array[i].member", or without a member "array[i]", to rd->at. */
size_t ngx_http_coderemote_at(ngx_http_coderemote_reader_t *rd,
    const char *array, size_t i, const char *member);

#define ngx_http_coderemote_wrong_at(rd, array, i, member, ...)               \
    ngx_http_coderemote_field_error(rd, (rd)->at,                             \
                        ngx_http_coderemote_at(rd, array, i, member),         \
                        __VA_ARGS__)


static ngx_inline ngx_str_t
ngx_http_coderemote_json_str(json_t *value)
{
    ngx_str_t  str;

    str.data = (u_char *) json_string_value(value);
    str.len = json_string_length(value);

    return str;
}


/* ngx_http_coderemote_program_fields.c */

/* 1 when it is that word. */
ngx_uint_t ngx_http_coderemote_field_is(json_t *value, const ngx_str_t *word);

/* Memory that lasts as long as what is read; NULL: rd->failed is set. */
void *ngx_http_coderemote_field_alloc(ngx_http_coderemote_reader_t *rd,
    size_t size);

/*
 * The number of items of an array of objects or of strings, and whether one is
 * an object, whose other members than these are told.  0: it was told why.
 */
size_t ngx_http_coderemote_field_items(ngx_http_coderemote_reader_t *rd,
    const char *array, json_t *value, size_t max, const char *what);
ngx_uint_t ngx_http_coderemote_field_item(ngx_http_coderemote_reader_t *rd,
    const char *array, size_t i, json_t *item, const char *const *members);

/* Arguments of a program.  field: where they stand. */
void ngx_http_coderemote_field_strings(ngx_http_coderemote_reader_t *rd,
    const char *field, size_t len, json_t *value, cr_bytes_t **args,
    ngx_uint_t *nargs);

void ngx_http_coderemote_field_args(ngx_http_coderemote_reader_t *rd,
    json_t *value);
void ngx_http_coderemote_field_files(ngx_http_coderemote_reader_t *rd,
    json_t *value);
void ngx_http_coderemote_field_artifacts(ngx_http_coderemote_reader_t *rd,
    json_t *value);

/* ngx_http_coderemote_case_fields.c */
void ngx_http_coderemote_field_cases(ngx_http_coderemote_reader_t *rd,
    json_t *value);
void ngx_http_coderemote_field_compare(ngx_http_coderemote_reader_t *rd,
    json_t *value);
void ngx_http_coderemote_field_stop(ngx_http_coderemote_reader_t *rd,
    json_t *value);

/* ngx_http_coderemote_message_fields.c */
ngx_uint_t ngx_http_coderemote_field_flag(ngx_http_coderemote_reader_t *rd,
    const char *name, json_t *value);
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
