
/*
 * The jobs that this worker runs: from their acceptance over the sandbox's
 * frames to their end in the store; and waiting for the end of any job.
 */


#ifndef _NGX_CR_JOB_H_INCLUDED_
#define _NGX_CR_JOB_H_INCLUDED_


#include "ngx_cr_compare.h"
#include "ngx_cr_registry.h"
#include "ngx_cr_helper.h"
#include "ngx_cr_store.h"


/* A case: the program is run by itself for each. */

typedef struct {
    ngx_str_t          input;         /* of stdin */
    ngx_uint_t         nargs;
    const cr_bytes_t  *args;
    ngx_str_t          expected;      /* stdout */
    ngx_uint_t         compared;      /* unsigned  compared:1;  with it */
} ngx_cr_case_t;


/* What is to be run.  All it points to is copied. */

typedef struct {
    ngx_cr_job_id_t    id;
    u_char             owner[NGX_CR_OWNER_SIZE];
    uint64_t           turn;          /* whose turn it is in the sandbox */
    ngx_str_t          user;          /* for policy hooks */
    ngx_str_t          runtime;
    ngx_uint_t         kind;          /* NGX_CR_KIND_ */
    ngx_cr_limits_t    limits;
    ngx_uint_t         queue;         /* jobs that may be unfinished */
    ngx_str_t          code;
    ngx_str_t          input;         /* of stdin */
    uint64_t           input_max;     /* bytes that may be added to it by
                                         ngx_cr_job_input(); 0: it ends */
    ngx_cr_connection_id_t  connection;  /* that it reports to, or zero */
    ngx_uint_t         nargs;
    const cr_bytes_t  *args;

    ngx_uint_t         nfiles;        /* at most CR_FILES_MAX, one less of a
                                         program that is compiled */
    const cr_file_t   *files;
    ngx_uint_t         npatterns;     /* of artifacts */
    const cr_bytes_t  *patterns;
    uint32_t           artifact_max;  /* bytes of them together; 0: none */

    ngx_cr_limits_t    compile_limits;
    unsigned           compile:1;     /* before it is run */

    unsigned           stop_early:1;  /* at the first case that did not pass */
    ngx_cr_compare_e   compare;
    ngx_uint_t         ncases;        /* 0: one run, of `input` and `args`;
                                         else those are not used, nothing can
                                         be added to stdin, and artifacts are
                                         not collected */
    const ngx_cr_case_t  *cases;
} ngx_cr_job_spec_t;


/*
 * Somebody who waits for a job's end, or with `live` set is called whenever
 * the job started, wrote or ended; its memory stays the caller's.
 */

typedef struct ngx_cr_job_waiter_s  ngx_cr_job_waiter_t;
typedef struct ngx_cr_job_watch_s   ngx_cr_job_watch_t;

struct ngx_cr_job_waiter_s {
    ngx_queue_t          queue;
    ngx_queue_t          news;        /* of those to be called */
    ngx_cr_job_id_t      id;
    void               (*handler)(ngx_cr_job_waiter_t *waiter);
    void                *data;
    ngx_cr_job_watch_t  *watch;       /* another worker's job */
    unsigned             queued:1;
    unsigned             due:1;       /* in `news` */
    unsigned             live:1;      /* set by the caller */
};


/*
 * Life cycle, in a worker; all pointers live as long as it.  exit ends what
 * is left as failed.
 */
ngx_int_t ngx_cr_job_init(ngx_cycle_t *cycle, ngx_cr_registry_t *registry,
    const ngx_cr_store_t *store, ngx_cr_sandbox_t *sandbox);
void ngx_cr_job_exit(void);

/* The store of this worker; NULL when it runs no jobs. */
const ngx_cr_store_t *ngx_cr_job_store(void);

/*
 * How a job of any worker stands: the numbers of its view alone, for its texts
 * are not kept.  As `get` of the store.
 */
ngx_int_t ngx_cr_job_look(const ngx_cr_job_id_t *id, ngx_cr_job_view_t *view);

/* What somebody is told for whom NGX_BUSY was the answer. */
#define NGX_CR_JOB_QUEUE_FULL                                                 \
    "Too many jobs are unfinished; try again later."

/*
 * Asks the policy hooks, records the job and sends it; the sandbox must be
 * ready.  r: the request it comes from.  NGX_OK; NGX_BUSY: too many are
 * unfinished; NGX_DECLINED: a hook refused it or the store has no room,
 * *refusal says how; NGX_ERROR.
 */
ngx_int_t ngx_cr_job_create(ngx_cr_job_spec_t *spec, ngx_http_request_t *r,
    ngx_cr_refusal_t *refusal);

/*
 * Asks a job of any worker to stop.  NGX_OK: its end follows; NGX_DONE: it is
 * done; NGX_DECLINED: there is no such job.
 */
ngx_int_t ngx_cr_job_stop(const ngx_cr_job_id_t *id);

/*
 * Adds to the stdin of a job of any worker.  As `input` of the store.
 */
ngx_int_t ngx_cr_job_input(const ngx_cr_job_id_t *id, const u_char *data,
    size_t len, ngx_uint_t last);

/*
 * Slows a job of this worker whose reader lags, so that the pipe to its cell
 * fills, or lets it go on.  It is slowed and not stopped: what it had printed
 * at its end must reach the store.  Nothing happens to jobs of other workers,
 * nor to one that was asked to stop.
 */
void ngx_cr_job_slow(const ngx_cr_job_id_t *id, ngx_uint_t slow);

/*
 * Calls waiter->handler once, from the event loop, when the job waiter->id of
 * any worker has ended or vanished.  Whoever goes earlier calls unwait.  A
 * `live` one is called any number of times before, while it is queued; in the
 * last call, as in the only one of others, it is not queued any more.  News
 * since the last call make one call; what was there before wait is no news.
 * A handler may do anything: end jobs, free waiters, wait again.
 * NGX_OK; NGX_DONE: it is done, the handler is not called; NGX_DECLINED:
 * there is no such job.
 */
ngx_int_t ngx_cr_job_wait(ngx_cr_job_waiter_t *waiter);
void ngx_cr_job_unwait(ngx_cr_job_waiter_t *waiter);


#endif /* _NGX_CR_JOB_H_INCLUDED_ */
