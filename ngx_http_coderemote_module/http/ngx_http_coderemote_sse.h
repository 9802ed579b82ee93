
/*
 * Answers as text/event-stream.  One event is made at a time, when the one
 * before has left: what the client has no room for stays where it comes from.
 */


#ifndef _NGX_HTTP_CODEREMOTE_SSE_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_SSE_H_INCLUDED_


#include "ngx_http_coderemote_module.h"

#include <jansson.h>


typedef struct ngx_http_coderemote_sse_s  ngx_http_coderemote_sse_t;

/* In the memory of whoever makes the events; it lives as long as r. */

struct ngx_http_coderemote_sse_s {
    ngx_http_request_t  *request;

    /*
     * Puts the next event.  NGX_OK; NGX_AGAIN: there is none yet; NGX_ERROR.
     * The last one, and the end without one, is put with `last` set.
     */
    ngx_int_t          (*next)(ngx_http_coderemote_sse_t *sse);

    /* Nothing more is sent: whatever makes events may end. */
    void               (*stop)(ngx_http_coderemote_sse_t *sse);

    void                *data;
    unsigned             last:1;     /* nothing comes after it */

    /* not the caller's */

    ngx_event_t          timer;
    ngx_chain_t          chain;      /* what is being sent; filters may keep
                                        the buffer, so it stays the same */
    ngx_buf_t            buf;
    u_char              *out;        /* the event in it */
};


/* Sends the header.  What ngx_http_send_header() returns, or an error. */
ngx_int_t ngx_http_coderemote_sse_header(ngx_http_request_t *r);

/* Makes it ready; request, next, stop and data are set, the rest is zero. */
void ngx_http_coderemote_sse_init(ngx_http_coderemote_sse_t *sse);

/*
 * After the header: sends what there is.  NGX_AGAIN: it goes on, from events,
 * until the request is ended; otherwise the request is to be ended with it.
 */
ngx_int_t ngx_http_coderemote_sse_begin(ngx_http_coderemote_sse_t *sse);

/* There may be more to send.  From an event. */
void ngx_http_coderemote_sse_resume(ngx_http_coderemote_sse_t *sse);

/*
 * For next(): an event of json's "type", whose data is all of it.  Takes over
 * *json; NULL: memory was short.  id: NULL, or how a client comes back to it.
 */
ngx_int_t ngx_http_coderemote_sse_put(ngx_http_coderemote_sse_t *sse,
    json_t *json, const ngx_str_t *id);

/* For next(): the stream ends without a word. */
ngx_int_t ngx_http_coderemote_sse_end(ngx_http_coderemote_sse_t *sse);

/* When the request goes. */
void ngx_http_coderemote_sse_cleanup(ngx_http_coderemote_sse_t *sse);

/* 1 when the client asked for such an answer. */
ngx_uint_t ngx_http_coderemote_sse_accepted(ngx_http_request_t *r);


#endif /* _NGX_HTTP_CODEREMOTE_SSE_H_INCLUDED_ */
