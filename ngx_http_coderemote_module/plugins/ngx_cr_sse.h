
/*
 * A stream of events (text/event-stream), as it comes in pieces of any size.
 * Of an event its data is wanted alone; names, ids and comments are passed
 * over.  What is kept is bounded: an event, or a line, that is longer than
 * `max` ends it.
 */


#ifndef _NGX_CR_SSE_H_INCLUDED_
#define _NGX_CR_SSE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * One event's data, its lines joined by line feeds; good for the call only.
 * Anything but NGX_OK ends the feeding, and the stream may be gone then.
 */
typedef ngx_int_t (*ngx_cr_sse_event_pt)(void *ctx, const ngx_str_t *data);

typedef struct {
    ngx_cr_sse_event_pt   event;
    void                 *ctx;
    size_t                max;        /* bytes of an event and a line of it */
    ngx_log_t            *log;

    /* its own */
    u_char               *buf;
    size_t                size;
    size_t                data;       /* bytes of the event's data */
    size_t                line;       /* bytes of the line, behind them */
    unsigned              has_data:1;
    unsigned              after_cr:1;
    unsigned              begun:1;    /* a byte order mark can be no more */
} ngx_cr_sse_t;


/* The caller sets the first part; the rest is zero. */

/*
 * NGX_OK: all was taken; NGX_DECLINED: an event is too long; NGX_ERROR: no
 * memory; else what event() answered.
 */
ngx_int_t ngx_cr_sse_feed(ngx_cr_sse_t *sse, const u_char *p, size_t len);

/*
 * The stream has ended.  An event that lacks only the empty line behind it
 * counts: there are servers that leave it out.
 */
ngx_int_t ngx_cr_sse_end(ngx_cr_sse_t *sse);

void ngx_cr_sse_free(ngx_cr_sse_t *sse);


#endif /* _NGX_CR_SSE_H_INCLUDED_ */
