
/*
 * The body of POST /execute: from its bytes to checked fields.  All that is
 * wrong is told at once.
 */


#ifndef _NGX_HTTP_CODEREMOTE_FIELDS_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_FIELDS_H_INCLUDED_


#include "ngx_http_coderemote_module.h"

#include <jansson.h>

#include "cr_message.h"


/* At most so many wrong fields are told in one answer. */
#define NGX_HTTP_CODEREMOTE_ERRORS_MAX  32


typedef struct {
    ngx_str_t    code;
    ngx_str_t    runtime;
    ngx_str_t    input;            /* of stdin */
    ngx_str_t    connection_id;    /* empty: none */
    uint64_t     memory;           /* bytes */
    ngx_msec_t   timeout;
    ngx_uint_t   nargs;
    cr_bytes_t   args[CR_ARGS_MAX];
} ngx_http_coderemote_fields_t;


/*
 * Reads *body into *fields, whose strings point into it.  status: what the
 * sandbox said of its profiles; NULL while that is not known, then what only
 * it can tell is not checked.  Answers an array of what is wrong, for the
 * member "errors" of a problem: empty when all is well; NULL: no memory.
 */
json_t *ngx_http_coderemote_fields_read(ngx_http_request_t *r, json_t *body,
    const cr_status_t *status, ngx_http_coderemote_fields_t *fields);

/* The profile of that name, or NULL. */
const cr_profile_status_t *ngx_http_coderemote_profile(
    const cr_status_t *status, const ngx_str_t *name);

/* 1 when the runtime may be used here. */
ngx_uint_t ngx_http_coderemote_allowed(ngx_http_coderemote_loc_conf_t *conf,
    const ngx_str_t *name);


#endif /* _NGX_HTTP_CODEREMOTE_FIELDS_H_INCLUDED_ */
