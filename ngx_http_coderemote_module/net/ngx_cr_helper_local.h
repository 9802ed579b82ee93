
/* What the files of net/ngx_cr_helper share, and nobody else sees. */


#ifndef _NGX_CR_HELPER_LOCAL_H_INCLUDED_
#define _NGX_CR_HELPER_LOCAL_H_INCLUDED_


#include "ngx_cr_helper.h"
#include "ngx_cr_stream.h"


/* Milliseconds until a connection is tried again, at first. */
#define NGX_CR_HELPER_RETRY_MIN  10

/*
 * Milliseconds between questions for the status.  A sandbox from which nothing
 * has come in between hangs: no job waits for it any longer.
 */
#define NGX_CR_HELPER_ASK        15000


typedef struct {
    ngx_cr_sandbox_t                *sandbox;
    const ngx_cr_helper_handlers_t  *handlers;
    ngx_log_t                       *log;

    ngx_cr_stream_t                  stream;
    ngx_event_t                      timer;        /* retry, check, or ask */
    ngx_msec_t                       retry;
    ngx_msec_t                       since;        /* connected, welcomed */
    ngx_msec_t                       told;         /* when `reported` was set */
    ngx_connection_t                *end;          /* told of the worker's */
    ngx_msec_t                       spawned;      /* when; with spawn_delay */
    ngx_msec_t                       spawn_delay;  /* 0: none was started */

    u_char                          *status_buf;   /* status points into it */
    cr_status_t                      status;

    ngx_queue_t                      ready_waiters;
    ngx_queue_t                      status_waiters;

    unsigned                         welcomed:1;
    unsigned                         known:1;      /* status is set */
    unsigned                         asked:1;      /* STATUS is on its way */
    unsigned                         heard:1;      /* since the timer went */
    unsigned                         reported:1;   /* that it is away */
} ngx_cr_helper_t;


extern ngx_cr_helper_t  ngx_cr_helper;


/* ngx_cr_helper.c: whether its absence is to be logged; it then counts as. */
ngx_uint_t ngx_cr_helper_report(void);

/* ngx_cr_helper_talk.c: a frame came. */
ngx_int_t ngx_cr_helper_frame(const cr_frame_t *frame,
    const u_char *payload);
void ngx_cr_helper_ask(void);


#endif /* _NGX_CR_HELPER_LOCAL_H_INCLUDED_ */
