
/* What the files of core/ngx_cr_job share, and nobody else sees. */


#ifndef _NGX_CR_JOB_LOCAL_H_INCLUDED_
#define _NGX_CR_JOB_LOCAL_H_INCLUDED_


#include "ngx_cr_job.h"
#include "ngx_cr_extra.h"
#include "ngx_cr_gather.h"
#include "ngx_cr_run.h"


typedef struct ngx_cr_job_plan_s   ngx_cr_job_plan_t;
typedef struct ngx_cr_job_cases_s  ngx_cr_job_cases_t;


typedef struct {
    ngx_rbtree_node_t     name;         /* key: 8 bytes of its id */
    ngx_queue_t           queue;        /* in the order of acceptance */
    ngx_pool_t           *pool;
    ngx_cr_job_id_t       id;
    ngx_queue_t           waiters;

    ngx_cr_run_t          run;          /* compiling, and then the program's;
                                           those of cases are in `cases` */
    ngx_cr_job_plan_t    *plan;         /* while another run is to follow */
    ngx_cr_job_cases_t   *cases;        /* NULL: it has none */
    ngx_cr_gather_t       artifacts;    /* that the run has brought so far */
    uint32_t              artifact_max; /* bytes of them together */
    ngx_cr_cursor_t       input_cursor; /* in what was added to its stdin */
    uint64_t              cpu_us;       /* of compiling */

    ngx_cr_policy_job_t   policy;       /* what hooks see; limits for all */
    void                **policy_data;

    unsigned              started:1;
    unsigned              stopping:1;
    unsigned              slow:1;       /* its reader lags */
    unsigned              cut:1;        /* messages of compiling were */
} ngx_cr_job_t;


/*
 * What a job of several runs needs to know of its specification until the last
 * has begun, in one piece of memory.
 */

struct ngx_cr_job_plan_s {
    ngx_cr_job_spec_t     spec;         /* `limits` are not the job's */
    ngx_cr_gather_t       compiled;     /* the artifacts of compiling */
    uint16_t              nfiles;       /* those of the program's runs */
    cr_file_t             files[CR_FILES_MAX];
};


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

    ngx_rbtree_t           ids;
    ngx_rbtree_node_t      ids_sentinel;
    ngx_queue_t            all;

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
ngx_cr_job_t *ngx_cr_job_by_id(const ngx_cr_job_id_t *id);
ngx_rbtree_key_t ngx_cr_job_key(const ngx_cr_job_id_t *id);
/* It was handed to a cell, for the first time. */
void ngx_cr_job_started(ngx_cr_job_t *job);
/* It wrote this; shown: to whoever looks at the job's output. */
void ngx_cr_job_wrote(ngx_cr_job_t *job, ngx_uint_t stream, ngx_uint_t shown,
    const u_char *data, size_t len);
/* Adds a record to what the job brought.  NGX_DECLINED: it has no room. */
ngx_int_t ngx_cr_job_bring(ngx_cr_job_t *job, const ngx_cr_extra_t *extra,
    size_t texts);
/* The end: recorded, told to those who wait; the job is freed. */
void ngx_cr_job_end(ngx_cr_job_t *job, const ngx_cr_outcome_t *outcome);
/* The same, with a static sentence that says what failed it. */
void ngx_cr_job_fail(ngx_cr_job_t *job, ngx_uint_t end, char *reason);
/* The same, as if the program itself had said so; *outcome has the numbers. */
void ngx_cr_job_claim(ngx_cr_job_t *job, ngx_cr_outcome_t *outcome,
    const char *error_type, const char *error);

/* ngx_cr_job_runs.c */
/* Prepares the first run.  As ngx_cr_run_pack(). */
ngx_int_t ngx_cr_job_prepare(ngx_cr_job_t *job, ngx_cr_job_spec_t *spec);
void ngx_cr_job_begin(ngx_cr_job_t *job);
/* Asks for the end of all runs. */
void ngx_cr_job_halt(ngx_cr_job_t *job);
/* A run of the program, with nothing for its stdin. */
void ngx_cr_job_run_spec(ngx_cr_job_t *job, const ngx_cr_job_spec_t *spec,
    ngx_cr_run_spec_t *run);
/* A program of that kind, without arguments, files and artifacts. */
void ngx_cr_job_program(const ngx_cr_job_spec_t *spec, ngx_uint_t kind,
    cr_program_t *program);
void ngx_cr_job_program_args(cr_program_t *program, ngx_uint_t nargs,
    const cr_bytes_t *args);
void ngx_cr_job_program_files(cr_program_t *program, ngx_uint_t nfiles,
    const cr_file_t *files);

/* ngx_cr_job_plan.c */
/* A copy of all that is needed.  NULL: no memory. */
ngx_cr_job_plan_t *ngx_cr_job_plan(const ngx_cr_job_spec_t *spec);
void ngx_cr_job_plan_free(ngx_cr_job_t *job);
/*
 * The program's files are those of the request and what compiling has left.
 * NULL, or a sentence that says what is wrong with that.
 */
const char *ngx_cr_job_plan_files(ngx_cr_job_plan_t *plan);

/* ngx_cr_job_cases.c */
/* For the job's plan.  NGX_ERROR: no memory. */
ngx_int_t ngx_cr_job_cases_init(ngx_cr_job_t *job);
void ngx_cr_job_cases_begin(ngx_cr_job_t *job);
void ngx_cr_job_cases_halt(ngx_cr_job_t *job);
void ngx_cr_job_cases_drop(ngx_cr_job_t *job);
/* Bytes of records that so many cases can be. */
uint64_t ngx_cr_job_cases_size(ngx_uint_t ncases);

/* ngx_cr_job_artifacts.c */
/* Bytes of the stream that so many bytes of artifacts come in. */
uint32_t ngx_cr_job_artifacts_limit(uint32_t max);
/* Bytes of records that they can be. */
uint64_t ngx_cr_job_artifacts_size(uint32_t max);
/* Records what the run has brought. */
void ngx_cr_job_artifacts(ngx_cr_job_t *job);

/* ngx_cr_job_input.c */
/* Looks for jobs that input came for in other workers. */
void ngx_cr_job_feed_all(void);
/* What was added, for a run of that job. */
ssize_t ngx_cr_job_input_next(ngx_cr_run_t *run, u_char *buf, size_t size);

/* ngx_cr_job_wait.c */
ngx_int_t ngx_cr_job_wait_init(ngx_log_t *log);
void ngx_cr_job_wait_exit(void);
void ngx_cr_job_ring_handler(void *data);
/* There is something new for the live ones; they are called soon. */
void ngx_cr_job_tell(ngx_queue_t *waiters);
/* The end of what they wait for; they are called at once. */
void ngx_cr_job_wake(ngx_queue_t *waiters);


#endif /* _NGX_CR_JOB_LOCAL_H_INCLUDED_ */
