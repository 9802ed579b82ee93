
/* What the files of ngx_cr_websocket share. */


#ifndef _NGX_CR_WEBSOCKET_LOCAL_H_INCLUDED_
#define _NGX_CR_WEBSOCKET_LOCAL_H_INCLUDED_


#include "ngx_cr_websocket.h"

#include <wslay/wslay.h>


/* RFC 6455, section 5.5. */
#define NGX_CR_WEBSOCKET_CONTROL  125


/* A frame that is not sent yet, with its header. */

typedef struct ngx_cr_websocket_out_s  ngx_cr_websocket_out_t;

struct ngx_cr_websocket_out_s {
    ngx_cr_websocket_out_t             *next;
    size_t                              size;    /* that it counts */
    u_char                             *pos;
    u_char                             *last;
    u_char                              data[];
};


struct ngx_cr_websocket_s {
    ngx_connection_t                   *connection;
    const ngx_cr_websocket_conf_t      *conf;
    const ngx_cr_websocket_handlers_t  *handlers;
    void                               *data;

    ngx_event_t                         timer;
    ngx_msec_t                          heard;     /* bytes came */
    ngx_msec_t                          moved;     /* bytes went */
    ngx_msec_t                          active;    /* a message came, or the
                                                      last job ended */
    ngx_msec_t                          deadline;  /* of the closing */

    /* in */
    wslay_frame_context_ptr             frame;     /* NULL: it holds nothing */
    size_t                              held;      /* bytes that it was given
                                                      and has not given back */
    const u_char                       *early;
    const u_char                       *early_last;
    size_t                              turn;
    uint64_t                            seen;      /* of this frame */
    u_char                             *text;      /* of this message */
    size_t                              size;
    size_t                              len;
    size_t                              valid;     /* of it, UTF-8 */
    u_char                              control[NGX_CR_WEBSOCKET_CONTROL];

    /* out */
    ngx_cr_websocket_out_t             *out;
    ngx_cr_websocket_out_t            **last;
    size_t                              unsent;

    unsigned                            in_frame:1;
    unsigned                            in_message:1;
    unsigned                            dry:1;     /* no bytes for now */
    unsigned                            full:1;
    unsigned                            busy:1;
    unsigned                            pinged:1;  /* since it was heard */
    unsigned                            closing:1; /* Close is the last that
                                                      is unsent, or sent */
    unsigned                            deaf:1;    /* nothing is read again */
    unsigned                            over:1;
    unsigned                            told:1;    /* that it is over */
    unsigned                            inside:1;  /* of the user's code */
    unsigned                            freed:1;   /* meanwhile */
};


/* ngx_cr_websocket.c */

/* Queues a frame; nothing follows a Close. */
void ngx_cr_websocket_put(ngx_cr_websocket_t *ws, ngx_uint_t opcode,
    const u_char *data, size_t len);


/* ngx_cr_websocket_frame.c */

void ngx_cr_websocket_frames_free(ngx_cr_websocket_t *ws);

/* Takes what came, for as long as there is room for answers. */
void ngx_cr_websocket_frames_read(ngx_cr_websocket_t *ws);


#endif /* _NGX_CR_WEBSOCKET_LOCAL_H_INCLUDED_ */
