
/* What the files of core/ngx_cr_job share, and nobody else sees. */


#ifndef _NGX_CR_JOB_LOCAL_H_INCLUDED_
#define _NGX_CR_JOB_LOCAL_H_INCLUDED_


#include "ngx_cr_job.h"


/* Bytes of output that the sandbox may send unasked, and be granted at once. */
#define NGX_CR_JOB_CREDIT       (256 * 1024)
#define NGX_CR_JOB_GRANT        (64 * 1024)

/*
 * Bytes beside OUTPUT that the sandbox may still send for a job that was given
 * up: RESULT, and a CREDIT for each byte of input that it had.
 */
#define NGX_CR_JOB_STRAYS       (CR_FRAME_HEADER + CR_REASON_MAX \
                                 + CR_CLAIM_MAX + 5 * CR_STDIN_CREDIT)

/* How often a job is sent in all, if the sandbox ends before it begins. */
#define NGX_CR_JOB_TRIES        3

/* Milliseconds. */
#define NGX_CR_JOB_TURN_MAX     (3600 * 1000)  /* of waiting for a cell */
#define NGX_CR_JOB_AWAY_MAX     (10 * 1000)    /* of waiting for a sandbox */
#define NGX_CR_JOB_GRACE        (10 * 1000)    /* above a job's own time */
#define NGX_CR_JOB_TRICKLE      1000           /* of a grant to a slowed job */


typedef struct {
    ngx_rbtree_node_t     number;       /* key: its name on the wire */
    ngx_rbtree_node_t     name;         /* key: 8 bytes of its id */
    ngx_queue_t           queue;        /* in the order of acceptance */
    ngx_pool_t           *pool;
    ngx_cr_job_id_t       id;
    ngx_queue_t           waiters;
    ngx_event_t           timer;

    u_char               *frame;        /* what is sent; until it began */
    size_t                frame_len;
    ngx_uint_t            tries;
    uint32_t              credit;       /* output the sandbox may send */
    uint32_t              ungranted;    /* stored, not yet granted anew */
    ngx_event_t           trickle;      /* while it is slowed */

    ngx_str_t             input;        /* what came with the job and is not
                                           yet sent */
    size_t                input_pos;
    uint32_t              input_credit; /* bytes that may be sent */
    ngx_cr_cursor_t       input_cursor; /* in what was added */

    ngx_cr_policy_job_t   policy;       /* what hooks see; limits for all */
    void                **policy_data;

    unsigned              sent:1;       /* the sandbox has it */
    unsigned              started:1;
    unsigned              stopping:1;
    unsigned              doomed:1;     /* its sandbox is gone */
    unsigned              slow:1;       /* its reader lags */
    unsigned              input_open:1; /* its end is not yet sent */
    unsigned              input_more:1; /* it may be added to */
} ngx_cr_job_t;


/* A job of another worker that somebody waits for here. */

struct ngx_cr_job_watch_s {
    ngx_rbtree_node_t     name;         /* key: 8 bytes of its id */
    ngx_queue_t           queue;
    ngx_cr_job_id_t       id;
    ngx_queue_t           waiters;
    ngx_cr_job_status_e   status;       /* as it was last seen */
    uint64_t              log;
};


typedef struct {
    const ngx_cr_store_t  *store;       /* NULL: nothing runs here */
    ngx_cr_registry_t     *registry;
    ngx_log_t             *log;

    ngx_rbtree_t           numbers;
    ngx_rbtree_node_t      numbers_sentinel;
    ngx_rbtree_t           ids;
    ngx_rbtree_node_t      ids_sentinel;
    ngx_queue_t            all;
    uint32_t               number;      /* the last one given */
    uint64_t               strays;      /* bytes that may come for no job */

    ngx_rbtree_t           watches;     /* of other workers' jobs */
    ngx_rbtree_node_t      watches_sentinel;
    ngx_queue_t            watched;     /* the same */
    ngx_uint_t             nwatched;
    ngx_event_t            look;        /* while there are such */
    ngx_msec_t             looked;      /* when, the last time */
    ngx_pool_t            *view;        /* of one look */

    ngx_queue_t            news;        /* waiters that are to be called */
    ngx_event_t            tell;        /* posted while there are such */
} ngx_cr_jobs_t;

extern ngx_cr_jobs_t  ngx_cr_jobs;


/* ngx_cr_job.c */
ngx_cr_job_t *ngx_cr_job_by_number(uint32_t number);
ngx_cr_job_t *ngx_cr_job_by_id(const ngx_cr_job_id_t *id);
ngx_rbtree_key_t ngx_cr_job_key(const ngx_cr_job_id_t *id);
ngx_rbtree_node_t *ngx_cr_job_find(ngx_rbtree_t *tree, ngx_rbtree_key_t key);
void ngx_cr_job_timer(ngx_cr_job_t *job, ngx_msec_t ms);
/* The end: recorded, told to those who wait; the job is freed. */
void ngx_cr_job_end(ngx_cr_job_t *job, const ngx_cr_outcome_t *outcome);
/* The same, with a static sentence that says what failed it. */
void ngx_cr_job_fail(ngx_cr_job_t *job, char *reason);
/* Ends every job of this worker, which stops, as failed. */
void ngx_cr_job_fail_all(void);

/* ngx_cr_job_wire.c */
extern const ngx_cr_helper_handlers_t  ngx_cr_job_handlers;
void ngx_cr_job_send(ngx_cr_job_t *job);
void ngx_cr_job_halt(ngx_cr_job_t *job);
void ngx_cr_job_timer_handler(ngx_event_t *ev);
void ngx_cr_job_trickle_handler(ngx_event_t *ev);

/* ngx_cr_job_input.c */
/* Bytes of the input that go with RUN. */
size_t ngx_cr_job_input_first(const ngx_cr_job_spec_t *spec);
/* Keeps the rest.  NGX_ERROR: no memory. */
ngx_int_t ngx_cr_job_input_init(ngx_cr_job_t *job,
    const ngx_cr_job_spec_t *spec);
void ngx_cr_job_input_free(ngx_cr_job_t *job);
/* CREDIT came.  NGX_ERROR: it breaks the protocol. */
ngx_int_t ngx_cr_job_input_credit(ngx_cr_job_t *job, const cr_frame_t *frame,
    const u_char *payload);
/* Sends what there is and the sandbox has room for. */
void ngx_cr_job_feed(ngx_cr_job_t *job);
/* Looks for jobs that input came for in other workers. */
void ngx_cr_job_feed_all(void);

/* ngx_cr_job_wait.c */
ngx_int_t ngx_cr_job_wait_init(ngx_log_t *log);
void ngx_cr_job_wait_exit(void);
void ngx_cr_job_ring_handler(void *data);
/* There is something new for the live ones; they are called soon. */
void ngx_cr_job_tell(ngx_queue_t *waiters);
/* The end of what they wait for; they are called at once. */
void ngx_cr_job_wake(ngx_queue_t *waiters);


#endif /* _NGX_CR_JOB_LOCAL_H_INCLUDED_ */
