
/* What the files of core/ngx_cr_run share, and nobody else sees. */


#ifndef _NGX_CR_RUN_LOCAL_H_INCLUDED_
#define _NGX_CR_RUN_LOCAL_H_INCLUDED_


#include "ngx_cr_run.h"


/* Bytes of output that the sandbox may send unasked, and be granted at once. */
#define NGX_CR_RUN_CREDIT  (256 * 1024)
#define NGX_CR_RUN_GRANT   (64 * 1024)

/*
 * Bytes beside OUTPUT that the sandbox may still send for a run that was given
 * up: RESULT, and a CREDIT for each byte of input that it had.
 */
#define NGX_CR_RUN_STRAYS  (CR_FRAME_HEADER + CR_REASON_MAX + CR_CLAIM_MAX    \
                            + 5 * CR_STDIN_CREDIT)

/* How often a run is sent in all, if the sandbox ends before it begins. */
#define NGX_CR_RUN_TRIES   3

/* Milliseconds. */
#define NGX_CR_RUN_TURN    (3600 * 1000)  /* of waiting for a cell */
#define NGX_CR_RUN_AWAY    (10 * 1000)    /* of waiting for a sandbox */
#define NGX_CR_RUN_GRACE   (10 * 1000)    /* above a run's own time */
#define NGX_CR_RUN_PAUSE   1000           /* between grants to a slowed one */


typedef struct {
    ngx_log_t          *log;
    void              (*over)(void);

    ngx_rbtree_t        numbers;
    ngx_rbtree_node_t   sentinel;
    ngx_queue_t         all;
    uint32_t            number;     /* the last one given */
    uint64_t            strays;     /* bytes that may come for no run */
} ngx_cr_runs_t;

extern ngx_cr_runs_t  ngx_cr_runs;


/* ngx_cr_run_input.c */

/* Keeps what does not go with RUN, `first` bytes do.  NGX_ERROR: no memory. */
ngx_int_t ngx_cr_run_input_init(ngx_cr_run_t *run,
    const ngx_cr_run_spec_t *spec, size_t first);
void ngx_cr_run_input_free(ngx_cr_run_t *run);
/* CREDIT came.  NGX_ERROR: it breaks the protocol. */
ngx_int_t ngx_cr_run_input_credit(ngx_cr_run_t *run, const cr_frame_t *frame,
    const u_char *payload);


#endif /* _NGX_CR_RUN_LOCAL_H_INCLUDED_ */
