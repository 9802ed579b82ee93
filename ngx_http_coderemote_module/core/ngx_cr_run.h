
/*
 * A run: one program, handed to one cell.  Here is what is said of it over the
 * sandbox's connection; what becomes of it is its owner's, a job, which is
 * made of one run or of several.
 */


#ifndef _NGX_CR_RUN_H_INCLUDED_
#define _NGX_CR_RUN_H_INCLUDED_


#include "ngx_http_coderemote_api.h"
#include "ngx_cr_helper.h"


typedef struct ngx_cr_run_s  ngx_cr_run_t;


/*
 * What the owner is told.  Bytes and texts are valid for the call.  Only in
 * done() may he end the run's memory, and all others.
 */

typedef struct {

    /* It was handed to a cell; once, unless it ends before. */
    void (*started)(ngx_cr_run_t *run);

    /* It wrote this: CR_STDOUT, CR_STDERR or CR_ARTIFACTS. */
    void (*output)(ngx_cr_run_t *run, ngx_uint_t stream, const u_char *data,
        size_t len);

    /* Next bytes of what is added to its stdin; as input_read() of a store. */
    ssize_t (*input)(ngx_cr_run_t *run, u_char *buf, size_t size);

    /* Its end, once: the sandbox knows it no more. */
    void (*done)(ngx_cr_run_t *run, const ngx_cr_outcome_t *outcome);

} ngx_cr_run_handlers_t;


/* The owner's memory; `handlers` and `data` are his, the rest is not. */

struct ngx_cr_run_s {
    const ngx_cr_run_handlers_t  *handlers;
    void                         *data;

    ngx_rbtree_node_t             number;     /* key: its name on the wire */
    ngx_queue_t                   queue;      /* in the order of beginning */
    ngx_event_t                   timer;

    u_char                       *frame;      /* what is sent; until it began */
    size_t                        frame_len;
    ngx_uint_t                    tries;
    uint32_t                      timeout_ms;
    uint32_t                      credit;     /* output the sandbox may send */
    uint32_t                      ungranted;  /* taken, not yet granted anew */
    uint32_t                      artifacts;  /* bytes of them it may send */
    ngx_event_t                   trickle;    /* while it is slowed */

    ngx_str_t                     input;      /* of stdin, what is not yet
                                                 sent */
    size_t                        input_pos;
    uint32_t                      input_credit;  /* bytes that may be sent */

    unsigned                      alive:1;    /* begun and not ended */
    unsigned                      sent:1;     /* the sandbox has it */
    unsigned                      started:1;
    unsigned                      stopping:1;
    unsigned                      doomed:1;   /* its sandbox is gone */
    unsigned                      slow:1;     /* its reader lags */
    unsigned                      input_open:1; /* its end is not yet sent */
    unsigned                      input_more:1; /* it may be added to */
};


/* What is to be run.  All it points to is copied. */

typedef struct {
    uint64_t             turn;            /* whose turn it is */
    ngx_str_t            runtime;
    ngx_cr_limits_t      limits;
    const cr_program_t  *program;
    uint32_t             artifact_limit;  /* bytes of their stream */
    ngx_str_t            input;
    ngx_uint_t           more;            /* unsigned  more:1;  it may be added
                                             to the input */
} ngx_cr_run_spec_t;


/* What comes over the connection to the sandbox. */

extern const ngx_cr_helper_handlers_t  ngx_cr_run_helper_handlers;

/* Once a worker; over: all jobs are to end. */
void ngx_cr_run_init(ngx_log_t *log, void (*over)(void));

/* Bytes of a packed program, or a few more. */
size_t ngx_cr_run_program_size(const cr_program_t *program);

/*
 * Packs it, in memory that was zeroed or whose run has ended.  NGX_OK;
 * NGX_DECLINED: the program is larger than a sandbox takes; NGX_ERROR: no
 * memory.
 */
ngx_int_t ngx_cr_run_pack(ngx_cr_run_t *run, const ngx_cr_run_spec_t *spec);

/* Sends it, or will as soon as there is a sandbox; from now on it is alive. */
void ngx_cr_run_begin(ngx_cr_run_t *run);

/* Asks for its end; done() is called, perhaps at once. */
void ngx_cr_run_halt(ngx_cr_run_t *run);

/* Gives it up, in whatever state; done() is not called. */
void ngx_cr_run_drop(ngx_cr_run_t *run);

/* As ngx_cr_job_slow(). */
void ngx_cr_run_slow(ngx_cr_run_t *run, ngx_uint_t slow);

/* Sends what input there is and the sandbox has room for. */
void ngx_cr_run_feed(ngx_cr_run_t *run);

/* A node of that key; NULL: there is none. */
ngx_rbtree_node_t *ngx_cr_tree_find(ngx_rbtree_t *tree, ngx_rbtree_key_t key);


#endif /* _NGX_CR_RUN_H_INCLUDED_ */
