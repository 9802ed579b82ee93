
/*
 * Frames over a connection of nginx: what comes is cut into frames, what goes
 * is kept until the socket takes it.  It knows no message.
 */


#ifndef _NGX_CR_STREAM_H_INCLUDED_
#define _NGX_CR_STREAM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "cr_frame.h"


typedef struct ngx_cr_stream_out_s  ngx_cr_stream_out_t;


/*
 * NGX_OK, or NGX_ERROR: the frame breaks the protocol.  payload holds
 * frame->length bytes and is valid for the call.
 */
typedef ngx_int_t (*ngx_cr_stream_frame_pt)(const cr_frame_t *frame,
    const u_char *payload);


typedef struct {
    ngx_connection_t        *connection;    /* NULL: none */
    ngx_log_t               *log;
    ngx_cr_stream_frame_pt   handler;

    u_char                  *buf;           /* what was read, not yet taken */
    size_t                   size;
    size_t                   len;

    ngx_cr_stream_out_t     *out;           /* what is to be written */
    ngx_cr_stream_out_t    **out_last;

    ngx_uint_t               failed;        /* unsigned  failed:1; writing */
} ngx_cr_stream_t;


/* NGX_ERROR: no memory. */
ngx_int_t ngx_cr_stream_init(ngx_cr_stream_t *st, ngx_log_t *log,
    ngx_cr_stream_frame_pt handler);
void ngx_cr_stream_free(ngx_cr_stream_t *st);

/* Takes over a connection; closes it. */
void ngx_cr_stream_open(ngx_cr_stream_t *st, ngx_connection_t *c);
void ngx_cr_stream_close(ngx_cr_stream_t *st);

/*
 * Reads what is there and hands frames on; of much, a part, and the read
 * handler is called again soon.  NULL, or why the connection cannot go on: the
 * caller closes it.
 */
const char *ngx_cr_stream_read(ngx_cr_stream_t *st);

/* Writes what waits.  NULL, or why the connection cannot go on. */
const char *ngx_cr_stream_write(ngx_cr_stream_t *st);

/*
 * Sends whole frames.  What the socket does not take is copied.  When writing
 * fails the read handler is called soon, and ngx_cr_stream_read() tells: who
 * sends does not lose the connection in the middle of his work.
 */
void ngx_cr_stream_send(ngx_cr_stream_t *st, const u_char *data, size_t len);


#endif /* _NGX_CR_STREAM_H_INCLUDED_ */
