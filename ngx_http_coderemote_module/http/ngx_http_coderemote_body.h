
/* The JSON body of a request, bounded. */


#ifndef _NGX_HTTP_CODEREMOTE_BODY_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_BODY_H_INCLUDED_


#include "ngx_http_coderemote_module.h"

#include <jansson.h>


/* The most bytes that a body may take which JSON escapes to the full. */
off_t ngx_http_coderemote_body_limit(ngx_http_coderemote_loc_conf_t *conf);

/*
 * Before it is read: is the body one to be read?  NGX_DECLINED: nothing speaks
 * against it; all else is what the handler returns: the answer is sent.
 */
ngx_int_t ngx_http_coderemote_body_check(ngx_http_request_t *r);

/*
 * When it was read: parses it.  *body is an object that lives as long as the
 * request; or it is left as it was, and the request is to be finalized with
 * what this returns.
 */
ngx_int_t ngx_http_coderemote_body_parse(ngx_http_request_t *r,
    json_t **body);


#endif /* _NGX_HTTP_CODEREMOTE_BODY_H_INCLUDED_ */
