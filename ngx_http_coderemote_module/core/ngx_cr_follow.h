
/*
 * Following a job of any worker, from any point of its output to its end: what
 * WebSockets and server-sent events tell their clients.
 *
 * It is pulled: the transport asks for the next event while it has room, and
 * is called when there may be more.  So a transport that has no room costs no
 * memory: what it has not pulled lies in the store.
 *
 * First of all comes how the job stood, queued or running, also when it is
 * done; then its output as whole characters: the beginning of one is held back
 * until the rest is there.  `seq` counts the bytes of both streams that were
 * given out; who comes again with it goes on exactly there.
 */


#ifndef _NGX_CR_FOLLOW_H_INCLUDED_
#define _NGX_CR_FOLLOW_H_INCLUDED_


#include "ngx_cr_job.h"
#include "ngx_cr_utf8.h"


/* Bytes of output in one event at most. */
#define NGX_CR_FOLLOW_OUTPUT  32768


typedef enum {
    NGX_CR_FOLLOW_STATUS = 0,   /* queued or running: status, time */
    NGX_CR_FOLLOW_TEXT,         /* stream, text, seq */
    NGX_CR_FOLLOW_END           /* done: ask the store for the job; last */
} ngx_cr_follow_kind_e;


typedef struct {
    ngx_cr_follow_kind_e   kind;
    ngx_cr_job_status_e    status;
    uint64_t               time;      /* since then; microseconds since the
                                         epoch */
    ngx_uint_t             stream;    /* NGX_CR_STDOUT, NGX_CR_STDERR */
    ngx_str_t              text;      /* valid until the next call of any
                                         follower; what in it is not UTF-8 is
                                         the transport's to replace */
    uint64_t               seq;       /* after this text */
} ngx_cr_follow_event_t;


typedef struct ngx_cr_follow_s  ngx_cr_follow_t;

/* The caller's memory.  handler and data are his, the rest is not. */

struct ngx_cr_follow_s {
    void                 (*handler)(ngx_cr_follow_t *follow);
    void                  *data;

    ngx_cr_job_waiter_t    waiter;
    ngx_cr_cursor_t        cursor;
    uint64_t               seq;
    u_char                 held[2][NGX_CR_UTF8_BEGINNING];
    uint8_t                nheld[2];     /* a character's beginning, a stream */
    uint8_t                status;       /* the last one told */
    unsigned               told:1;       /* any status */
    unsigned               ended:1;      /* END was given out */
};


/*
 * Begins with the job `id` after `seq` bytes (0: at the beginning).  Then pull.
 * NGX_OK; NGX_DECLINED: there is no such job; NGX_ERROR: no memory.
 */
ngx_int_t ngx_cr_follow_start(ngx_cr_follow_t *follow,
    const ngx_cr_job_id_t *id, uint64_t seq);

/*
 * NGX_OK: *event is the next one; NGX_AGAIN: handler will be called when there
 * may be more; NGX_DONE: END was the last; NGX_DECLINED: the job is gone, for
 * it was forgotten or evicted; NGX_ERROR: no memory.
 */
ngx_int_t ngx_cr_follow_next(ngx_cr_follow_t *follow,
    ngx_cr_follow_event_t *event);

/* How many bytes of output were written that were not pulled yet. */
uint64_t ngx_cr_follow_behind(ngx_cr_follow_t *follow);

/* Ends it at any time; also when it has ended, or never began (zeroed). */
void ngx_cr_follow_stop(ngx_cr_follow_t *follow);


#endif /* _NGX_CR_FOLLOW_H_INCLUDED_ */
