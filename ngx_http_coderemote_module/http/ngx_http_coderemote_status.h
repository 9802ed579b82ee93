
/*
 * GET routes that answer with what the sandbox says of itself: they ask it,
 * and wait for a moment.
 */


#ifndef _NGX_HTTP_CODEREMOTE_STATUS_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_STATUS_H_INCLUDED_


#include "ngx_http_coderemote_request.h"

#include "cr_message.h"


/* Sends the answer; status NULL: the sandbox is not there. */
typedef ngx_int_t (*ngx_http_coderemote_status_pt)(ngx_http_request_t *r,
    const cr_status_t *status);


/* What a handler returns. */
ngx_int_t ngx_http_coderemote_status_ask(ngx_http_request_t *r,
    ngx_http_coderemote_status_pt answer);

/*
 * 1 when jobs of the profile can be run.  When every cell is busy none is
 * parked, and all is well; where they are made when a job comes, what they are
 * made from has to be there.
 */
ngx_uint_t ngx_http_coderemote_status_usable(
    const cr_profile_status_t *profile);

/* A text of a status; empty becomes null.  NULL: no memory. */
json_t *ngx_http_coderemote_status_text(const cr_bytes_t *text);

/* The words of a text that is parted by spaces.  NULL: no memory. */
json_t *ngx_http_coderemote_status_words(const cr_bytes_t *text);


#endif /* _NGX_HTTP_CODEREMOTE_STATUS_H_INCLUDED_ */
