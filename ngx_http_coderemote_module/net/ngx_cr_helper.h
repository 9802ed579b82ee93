
/*
 * This worker's one connection to the supervisor: it connects, and starts
 * the helper where that is its task, says HELLO, keeps the last STATUS, and
 * connects again with back-off.  Frames of jobs are handed on unread; what
 * they mean is the matter of core/ngx_cr_job.
 */


#ifndef _NGX_CR_HELPER_H_INCLUDED_
#define _NGX_CR_HELPER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "cr_message.h"


typedef struct {

    /* The sandbox can take jobs: it welcomed us and its status is known. */
    void (*ready)(void);

    /*
     * A frame with a job's number.  payload holds frame->length bytes and is
     * valid for the call.  NGX_ERROR: it breaks the protocol.
     */
    ngx_int_t (*frame)(const cr_frame_t *frame, const u_char *payload);

    /* The connection is gone, and all that the sandbox knew of us with it. */
    void (*lost)(void);

    /* The same, and for good: the time that the worker had to stop is over. */
    void (*over)(void);

} ngx_cr_helper_handlers_t;


/* The value of coderemote_sandbox. */

typedef struct {
    ngx_str_t     path;         /* of the socket, without "unix:" */
    ngx_str_t     helper;       /* the program that is started with it */
    ngx_uint_t    external;     /* unsigned  external:1;  somebody else
                                   listens and starts it */
} ngx_cr_sandbox_t;


/* Somebody who waits; its memory stays the caller's. */

typedef struct ngx_cr_helper_waiter_s  ngx_cr_helper_waiter_t;

struct ngx_cr_helper_waiter_s {
    ngx_queue_t    queue;
    void         (*handler)(ngx_cr_helper_waiter_t *waiter);
    void          *data;
    ngx_uint_t     queued;        /* unsigned  queued:1; */
};


/*
 * Begins to connect.  sandbox and handlers live as long as the worker.
 * ngx_cr_helper_exit() closes for good.
 */
ngx_int_t ngx_cr_helper_init(ngx_cycle_t *cycle, ngx_cr_sandbox_t *sandbox,
    const ngx_cr_helper_handlers_t *handlers);
void ngx_cr_helper_exit(void);

/* 1 while jobs can be sent. */
ngx_uint_t ngx_cr_helper_ready(void);

/* The last STATUS of this connection; NULL while not ready. */
const cr_status_t *ngx_cr_helper_status(void);

/*
 * Sends whole frames.  What the socket does not take at once is copied, so
 * data is the caller's again; callers bound what they send: the number of
 * jobs, and credit.  Dropped silently when the connection is gone: lost() is
 * called, or has been.
 */
void ngx_cr_helper_send(const u_char *data, size_t len);

/* Sends one frame with len bytes of payload, at most CR_FRAME_DATA_MAX. */
void ngx_cr_helper_send_frame(uint8_t type, uint8_t flags, uint32_t job,
    const u_char *payload, size_t len);

/*
 * The handler is called once, from the event loop: when the sandbox can take
 * jobs; when a STATUS that was asked for came.  Time-outs are the caller's:
 * it forgets a waiter before its memory goes.
 */
void ngx_cr_helper_wait_ready(ngx_cr_helper_waiter_t *waiter);
void ngx_cr_helper_wait_status(ngx_cr_helper_waiter_t *waiter);
void ngx_cr_helper_forget(ngx_cr_helper_waiter_t *waiter);


#endif /* _NGX_CR_HELPER_H_INCLUDED_ */
