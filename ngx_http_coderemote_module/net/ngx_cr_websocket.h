
/*
 * RFC 6455 over a connection of nginx, by libwslay: text messages in and out,
 * pings, and the closing handshake.  It knows neither HTTP nor JSON; the
 * opening handshake is over when it begins.  Binary messages are refused.
 *
 * What is unsent is bounded by its user: whoever has a lot to say asks
 * ngx_cr_websocket_full() first and goes on when `writable` is called.  While
 * it is full nothing is read from the client either, so that answers and
 * pongs stay bounded, too.
 */


#ifndef _NGX_CR_WEBSOCKET_H_INCLUDED_
#define _NGX_CR_WEBSOCKET_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>


/* RFC 6455, section 7.4.1. */

#define NGX_CR_WS_NORMAL        1000
#define NGX_CR_WS_GOING_AWAY    1001
#define NGX_CR_WS_PROTOCOL      1002
#define NGX_CR_WS_UNSUPPORTED   1003
#define NGX_CR_WS_BAD_TEXT      1007
#define NGX_CR_WS_POLICY        1008
#define NGX_CR_WS_TOO_BIG       1009
#define NGX_CR_WS_ERROR         1011


typedef struct ngx_cr_websocket_s  ngx_cr_websocket_t;


/*
 * All are called from _read(), from _write() or a timer, never from within
 * another call to this file: who sends or closes is not called back in his
 * work.  Each may call everything here, and free ws.
 */

typedef struct {

    /* A whole text message, valid UTF-8; data is valid for the call. */
    void (*message)(ngx_cr_websocket_t *ws, const u_char *data, size_t len);

    /* It was full and is not any more. */
    void (*writable)(ngx_cr_websocket_t *ws);

    /* The connection is over; once, and last. The user frees what is his and
     * finalizes; ws is freed by ngx_cr_websocket_free(). */
    void (*closed)(ngx_cr_websocket_t *ws);

} ngx_cr_websocket_handlers_t;


typedef struct {
    size_t       message;       /* bytes a message of the client may have */
    size_t       buffer;        /* bytes unsent from which on it is full */
    ngx_msec_t   ping;          /* a client that was silent for so long is
                                   pinged, and lost after as long again; 0:
                                   never */
    ngx_msec_t   idle;          /* closed with 1000 when the client sent no
                                   message and `busy` was 0 for so long; 0:
                                   never */
} ngx_cr_websocket_conf_t;


/*
 * Takes over a connection whose events the caller forwards to _read() and
 * _write(), where a posted event is one, too.  conf and handlers live as long
 * as ws.  NULL: no memory.
 */
ngx_cr_websocket_t *ngx_cr_websocket_create(ngx_connection_t *c,
    const ngx_cr_websocket_conf_t *conf,
    const ngx_cr_websocket_handlers_t *handlers, void *data);
void ngx_cr_websocket_free(ngx_cr_websocket_t *ws);

void *ngx_cr_websocket_data(ngx_cr_websocket_t *ws);

/*
 * Bytes that came with the opening handshake, which are not copied and are
 * read with the first event.
 */
void ngx_cr_websocket_early(ngx_cr_websocket_t *ws, const u_char *data,
    size_t len);

void ngx_cr_websocket_read(ngx_cr_websocket_t *ws);
void ngx_cr_websocket_write(ngx_cr_websocket_t *ws);

/*
 * Sends a text message; data is copied.  What fails is told by `closed`, from
 * the event loop: who sends does not lose the connection in his work.
 */
void ngx_cr_websocket_send(ngx_cr_websocket_t *ws, const u_char *data,
    size_t len);

/* 1: produce nothing more until `writable`. */
ngx_uint_t ngx_cr_websocket_full(ngx_cr_websocket_t *ws);

/* While busy the idle time does not run: a job of this connection runs. */
void ngx_cr_websocket_busy(ngx_cr_websocket_t *ws, ngx_uint_t busy);

/*
 * Begins the closing handshake, after what is unsent; `closed` follows when
 * the client answered, or after some seconds.
 */
void ngx_cr_websocket_close(ngx_cr_websocket_t *ws, ngx_uint_t code,
    const char *reason);


#endif /* _NGX_CR_WEBSOCKET_H_INCLUDED_ */
