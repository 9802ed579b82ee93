
/*
 * The one header that a plug-in of ngx_http_coderemote_module includes.
 *
 * A plug-in is another nginx module.  It registers from its preconfiguration
 * handler, anew for every configuration that is read; the registries are
 * frozen in this module's postconfiguration.  A registration for another
 * version of this header, one that comes too late, and a name that is taken
 * are refused: the function answers NGX_ERROR and the log says what to do.
 *
 * Everything here runs in nginx's event loop: a callback must not block.
 * What a registered structure points to (names, functions) must live as long
 * as the configuration; static memory does.  The structure itself is copied.
 *
 * docs/PLUGINS.md tells the rest in a page.
 */


#ifndef _NGX_HTTP_CODEREMOTE_API_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_API_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* Raised when a structure or a rule below changes its meaning. */

#define NGX_CR_API_VERSION  1


/*
 * The head of every structure that crosses the line between two modules.
 * Fields are only ever added at a structure's end, so `size` tells what the
 * other side knows; NGX_CR_API_HEAD(type) initializes it.
 */

typedef struct {
    uint32_t  version;      /* NGX_CR_API_VERSION */
    uint32_t  size;         /* bytes of the whole structure */
} ngx_cr_api_head_t;

#define NGX_CR_API_HEAD(type)  { NGX_CR_API_VERSION, sizeof(type) }

/*
 * Whether who made the structure that is pointed to knew of a field: to be
 * asked by a plug-in for fields that came after version 1 began, for the
 * module that has loaded it may be older than the header it was built with.
 */

#define ngx_cr_api_has(p, field)                                              \
    ((u_char *) &(p)->field + sizeof((p)->field)                              \
     <= (u_char *) (p) + (p)->head.size)

/* As every structure begins that is registered. */

typedef struct {
    ngx_cr_api_head_t   head;
    ngx_str_t           name;
} ngx_cr_api_item_t;

typedef enum {
    NGX_CR_API_RUNTIME = 0,
    NGX_CR_API_ANALYZER,
    NGX_CR_API_STORE,
    NGX_CR_API_POLICY
} ngx_cr_api_kind_e;


/* Jobs, as every kind of plug-in sees them. */

#define NGX_CR_JOB_ID_SIZE   16      /* bytes; 36 characters when written */
#define NGX_CR_OWNER_SIZE    16      /* bytes of the digest of a user */
#define NGX_CR_LANGUAGE_MAX  32      /* bytes */
#define NGX_CR_REASON_SIZE   256     /* bytes */
#define NGX_CR_CLAIM_SIZE    24576   /* bytes */

#define NGX_CR_STDOUT        1
#define NGX_CR_STDERR        2
#define NGX_CR_EXTRAS        3       /* what a job brought beside its output:
                                        records that a store keeps unread */

typedef struct {
    u_char  bytes[NGX_CR_JOB_ID_SIZE];
} ngx_cr_job_id_t;

/*
 * A client's connection that jobs report to, by its connection_id.  Which
 * worker holds it stands in its first bytes (ngx_cr_connection.h); the rest is
 * random, so that nobody names another's.  All zero: none.
 */

#define NGX_CR_CONNECTION_ID_SIZE  16

typedef struct {
    u_char  bytes[NGX_CR_CONNECTION_ID_SIZE];
} ngx_cr_connection_id_t;


/* The first two are unfinished, the others done; a job only moves down. */

typedef enum {
    NGX_CR_JOB_QUEUED = 0,
    NGX_CR_JOB_RUNNING,
    NGX_CR_JOB_COMPLETED,
    NGX_CR_JOB_FAILED,
    NGX_CR_JOB_CANCELLED
} ngx_cr_job_status_e;

#define ngx_cr_job_done(status)  ((status) >= NGX_CR_JOB_COMPLETED)


typedef struct {
    uint64_t  memory;       /* bytes */
    uint64_t  output;       /* bytes kept of each stream */
    uint32_t  timeout_ms;   /* of wall time */
} ngx_cr_limits_t;


/* How a job ended, in the supervisor's words (cr_end_e of the helper). */

typedef enum {
    NGX_CR_END_CLAIM = 0,   /* by itself, with a claim */
    NGX_CR_END_EXIT,        /* by itself, without one: exit_code */
    NGX_CR_END_SIGNAL,      /* of a signal: signal */
    NGX_CR_END_TIMEOUT,
    NGX_CR_END_MEMORY,
    NGX_CR_END_STOPPED,     /* somebody asked for it */
    NGX_CR_END_LOST,        /* the sandbox or the worker failed it: reason */
    NGX_CR_END_REFUSED      /* it was never run: reason */
} ngx_cr_end_e;

#define NGX_CR_STDOUT_CUT  1   /* stdout was longer than what was kept */
#define NGX_CR_STDERR_CUT  2

typedef struct {
    uint8_t    end;         /* ngx_cr_end_e */
    uint8_t    flags;       /* NGX_CR_STDOUT_CUT, NGX_CR_STDERR_CUT */
    uint8_t    signal;
    int32_t    exit_code;
    uint64_t   run_us;      /* microseconds of wall time since hand-over */
    uint64_t   cpu_us;      /* microseconds of CPU */
    uint64_t   peak;        /* bytes of memory at most */
    ngx_str_t  reason;      /* at most NGX_CR_REASON_SIZE bytes */
    ngx_str_t  claim;       /* at most NGX_CR_CLAIM_SIZE bytes, opaque here:
                               a packed cr_claim_t (docs/PROTOCOL.md) */
} ngx_cr_outcome_t;


/*
 * A runtime: what the module tells clients about a language, and the other
 * names it answers to.  What runs it is a profile of the helper; nothing here
 * gives a runtime any right.
 */

typedef struct {
    ngx_cr_api_head_t   head;
    ngx_str_t           name;       /* of the profile: "python" */
    ngx_str_t           title;      /* for people: "Python"; may be empty */
    const ngx_str_t    *aliases;    /* ends with an empty one; NULL: none */
    ngx_str_t           extension;  /* ".py"; may be empty */
    ngx_str_t           media_type; /* "text/x-python"; may be empty */
} ngx_cr_runtime_t;


/* Why something is not done; zeroed before it is asked for. */

typedef struct {
    ngx_cr_api_head_t   head;
    ngx_uint_t          status;       /* HTTP; 0: 403 */
    time_t              retry_after;  /* seconds; 0: no such header */
    ngx_str_t           detail;       /* what the client should do */
} ngx_cr_refusal_t;


/*
 * An analyzer: explains a program.  One analysis is one ngx_cr_analysis_t,
 * which the module makes; it is valid from start() until the analyzer has
 * called done() or the module has called cancel().
 */

typedef struct ngx_cr_analysis_s  ngx_cr_analysis_t;

typedef struct {
    ngx_cr_api_head_t   head;
    unsigned            success:1;
    unsigned            unavailable:1;          /* without success: nothing is
                                                   wrong with the program, so
                                                   another analyzer may be
                                                   asked instead */
    ngx_str_t           time_complexity;        /* "O(n log n)" */
    ngx_str_t           space_complexity;
    ngx_str_t           time_explanation;
    ngx_str_t           space_explanation;
    ngx_str_t           algorithm_identified;   /* empty: none */
    ngx_str_t          *suggestions;
    ngx_uint_t          nsuggestions;
    ngx_str_t           narrative;
    ngx_str_t           error;                  /* without success: a sentence
                                                   that says what to do */
    ngx_str_t           model;                  /* that answered; empty: the
                                                   one of status() */
    ngx_uint_t          status;                 /* unavailable: of a problem
                                                   that is the answer if there
                                                   is no other analyzer; 0:
                                                   the result is the answer */
    time_t              retry_after;            /* unavailable: seconds; 0:
                                                   not known */
} ngx_cr_analysis_result_t;

/* Texts are static, the configuration's, or valid until the next call. */

typedef struct {
    ngx_cr_api_head_t   head;
    unsigned            available:1;
    ngx_str_t           provider;
    ngx_str_t           model;
    ngx_str_t           reason;     /* not available: why, and what to do */
    ngx_str_t           identity;   /* of all that answers depend on beside
                                       code, language, provider and model, such
                                       as a digest of the prompt: answers are
                                       cached by it */
} ngx_cr_analyzer_status_t;

struct ngx_cr_analysis_s {
    ngx_cr_api_head_t   head;
    ngx_pool_t         *pool;       /* lives until the analysis ended */
    ngx_log_t          *log;
    ngx_http_request_t *request;    /* whose location an analyzer's own
                                       settings are read from; never NULL.
                                       That of a WebSocket lives long: take
                                       memory from `pool` and not from its */
    ngx_str_t           language;
    ngx_str_t           code;       /* UTF-8 */

    /*
     * Called by the analyzer.  chunk(): a piece of narrative as it comes, any
     * number of times; done(): exactly once, the last call; neither from
     * within start().  The texts need to live for the call only.
     */
    void              (*chunk)(ngx_cr_analysis_t *a, const ngx_str_t *text);
    void              (*done)(ngx_cr_analysis_t *a,
                              const ngx_cr_analysis_result_t *result);

    void               *caller;     /* the module's own */
    void               *data;       /* the analyzer's own */

    /* Whose it is. */
    ngx_str_t           user;       /* as the log shows it; may be empty */
    u_char              owner[NGX_CR_OWNER_SIZE];
    uint64_t            turn;       /* by which turns are given to users */

    ngx_cr_refusal_t    refusal;    /* of start() */
};

/* What an analyzer starts is a job, which policy hooks see as any other. */

#define NGX_CR_ANALYZER_JOB  1

typedef struct {
    ngx_cr_api_head_t   head;
    ngx_str_t           name;       /* of the directive coderemote_analyzer */

    /*
     * Fills *status, which is zeroed but for its head, at once, from what is
     * known.
     */
    void              (*status)(ngx_http_request_t *r,
                                ngx_cr_analyzer_status_t *status);

    /*
     * Begins.  NGX_OK: done() will be called later; NGX_DECLINED: it will
     * not, a->refusal (texts static or from a->pool) is the answer and no
     * other analyzer is asked; NGX_ERROR: it will not either, the analyzer has
     * logged why, and another may be asked.
     */
    ngx_int_t         (*start)(ngx_cr_analysis_t *a);

    /* Ends it without a result; neither chunk() nor done() follow. */
    void              (*cancel)(ngx_cr_analysis_t *a);

    ngx_uint_t          flags;      /* NGX_CR_ANALYZER_JOB or 0: then policy
                                       hooks are asked for the analysis */
} ngx_cr_analyzer_t;


/*
 * A job store.  It is shared by all workers; every function is called in a
 * worker, after init_worker(), and answers at once: a store that would have
 * to wait for somebody does not fit version 1.
 *
 * The worker that created a job owns it: it alone calls started(), append()
 * and finish().  Everybody else reads, asks for a stop, and forgets.
 *
 * A job that is done is immutable, is kept for `ttl`, and is evicted earlier
 * when memory is short, oldest first.  An unfinished one never is; when its
 * owner died it becomes failed with NGX_CR_END_LOST and a reason.
 */

typedef struct {
    ngx_cr_api_head_t   head;
    ngx_shm_zone_t     *zone;       /* coderemote_zone; a store may have its
                                       own place and not use it */
    time_t              ttl;        /* seconds a done job is kept */
} ngx_cr_store_conf_t;

typedef struct {
    ngx_cr_api_head_t       head;
    ngx_cr_job_id_t         id;
    u_char                  owner[NGX_CR_OWNER_SIZE];  /* who may see it */
    ngx_str_t               language;   /* at most NGX_CR_LANGUAGE_MAX bytes */
    ngx_cr_limits_t         limits;
    ngx_uint_t              queue;      /* unfinished jobs of all workers that
                                           may be accepted; 0: no bound */
    uint64_t                input;      /* bytes that input() may add; 0: all
                                           of stdin came with the job */
    ngx_cr_connection_id_t  connection; /* that it reports to */
    uint64_t                extras;     /* bytes of NGX_CR_EXTRAS at most */
} ngx_cr_job_new_t;

/* A job that reports to a connection of this worker. */

typedef struct {
    ngx_cr_job_id_t         id;
    ngx_cr_connection_id_t  connection;
} ngx_cr_report_t;

/* What get() answers.  Times are microseconds since the epoch; 0: not yet. */

typedef struct {
    ngx_cr_api_head_t    head;
    ngx_cr_job_id_t      id;
    u_char               owner[NGX_CR_OWNER_SIZE];
    ngx_str_t            language;
    ngx_cr_limits_t      limits;
    ngx_cr_job_status_e  status;
    unsigned             stopping:1;   /* a stop was asked for */
    uint64_t             created_at;
    uint64_t             started_at;
    uint64_t             completed_at;
    uint64_t             log;          /* bytes written, of both streams */
    ngx_cr_outcome_t     outcome;      /* when done; `flags` at any time */
    ngx_str_t            out;          /* with NGX_CR_GET_OUTPUT: what was */
    ngx_str_t            err;          /* written until the call */
    ngx_str_t            extras;       /* likewise; or NGX_CR_GET_EXTRAS */
} ngx_cr_job_view_t;

#define NGX_CR_GET_OUTPUT  1
#define NGX_CR_GET_EXTRAS  2   /* what is not among the output, alone */

/*
 * A place in a job's log, which holds what both streams got, in the order it
 * was written.  Zeroed it is the beginning.  `offset` counts bytes of both
 * streams and may be told to a client; the rest is the store's own.  A cursor
 * is worth something in the worker that it was used in, for one job.
 */

typedef struct {
    uint64_t   offset;
    uint64_t   serial;
    uint32_t   page;
    uint32_t   pos;
    uint32_t   done;
} ngx_cr_cursor_t;

typedef struct {
    ngx_cr_api_head_t   head;
    ngx_str_t           name;       /* "shm" is the built-in one */

    /* Once a worker, before all else.  NGX_OK, or NGX_ERROR and a log line. */
    ngx_int_t   (*init_worker)(ngx_cycle_t *cycle,
                               const ngx_cr_store_conf_t *conf);
    /* Once a worker, at its orderly end.  May be NULL. */
    void        (*exit_worker)(ngx_cycle_t *cycle);

    /*
     * Accepts a job as queued, owned by this worker.  NGX_OK; NGX_BUSY:
     * `queue` unfinished jobs are there already; NGX_ERROR: no room, all of
     * it is taken by unfinished jobs (logged); NGX_DECLINED: the id is taken.
     */
    ngx_int_t   (*create)(const ngx_cr_job_new_t *job);

    /*
     * The job was handed to a cell.  NGX_OK; NGX_DECLINED: there is no such
     * unfinished job.
     */
    ngx_int_t   (*started)(const ngx_cr_job_id_t *id);

    /*
     * Adds what the job wrote to NGX_CR_STDOUT or NGX_CR_STDERR.  Answers how
     * many of the bytes were kept: fewer than len, when the limit or the
     * room is used up, and then the stream is marked as cut and keeps nothing
     * more; NGX_DECLINED: there is no such unfinished job.  Of NGX_CR_EXTRAS
     * all is kept, or nothing (0); read() and watch() tell nothing of them.
     */
    ssize_t     (*append)(const ngx_cr_job_id_t *id, ngx_uint_t stream,
                          const u_char *data, size_t len);

    /*
     * Ends the job with one of the done statuses.  *outcome is copied; when
     * there is no room for its claim, the end is kept as NGX_CR_END_LOST with
     * a reason.  NGX_OK; NGX_DECLINED: there is no such unfinished job.
     */
    ngx_int_t   (*finish)(const ngx_cr_job_id_t *id,
                          ngx_cr_job_status_e status,
                          const ngx_cr_outcome_t *outcome);

    /*
     * Asks the owner to stop the job and wakes it.  NGX_OK: asked (again);
     * NGX_DONE: it is done already; NGX_DECLINED: there is no such job.
     */
    ngx_int_t   (*cancel)(const ngx_cr_job_id_t *id);

    /*
     * Fills ids with jobs of this worker that a stop was asked for since the
     * last call, at most max, and answers their number.  To be called when
     * the doorbell rang, until it answers 0; cheap when there is none.
     */
    ngx_uint_t  (*cancelled)(ngx_cr_job_id_t *ids, ngx_uint_t max);

    /*
     * Removes a done job.  NGX_OK; NGX_BUSY: it is not done; NGX_DECLINED:
     * there is no such job.
     */
    ngx_int_t   (*forget)(const ngx_cr_job_id_t *id);

    /*
     * Fills *view; what it points to is allocated from pool.  flags:
     * NGX_CR_GET_*, or 0.  NGX_OK; NGX_DECLINED: there is no such job;
     * NGX_ERROR: no memory.
     */
    ngx_int_t   (*get)(const ngx_cr_job_id_t *id, ngx_pool_t *pool,
                       ngx_uint_t flags, ngx_cr_job_view_t *view);

    /*
     * Copies the next bytes of the log, at most size and all of one stream,
     * to buf, sets *stream, moves the cursor and answers their number.
     * NGX_AGAIN: nothing more yet; NGX_DONE: nothing more ever;
     * NGX_DECLINED: there is no such job (any more).
     */
    ssize_t     (*read)(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor,
                        u_char *buf, size_t size, ngx_uint_t *stream);

    /*
     * From now on this worker's doorbell rings when the job starts, writes or
     * ends (watch first, then look: nothing is missed).  NGX_OK,
     * or NGX_DECLINED: there is no such job.
     */
    ngx_int_t   (*watch)(const ngx_cr_job_id_t *id);
    void        (*unwatch)(const ngx_cr_job_id_t *id);

    /* Unfinished jobs of all workers, and all that are kept. */
    void        (*count)(ngx_uint_t *unfinished, ngx_uint_t *kept);

    /*
     * Adds to the job's stdin, in any worker, and wakes the owner if that is
     * another; with `last` set nothing more can follow.  All of it is kept or
     * nothing.  NGX_OK; NGX_BUSY: it would be more than the job may have
     * (`input` of create()); NGX_ERROR: no room; NGX_DONE: its stdin has
     * ended, or the job; NGX_DECLINED: there is no such job.
     */
    ngx_int_t   (*input)(const ngx_cr_job_id_t *id, const u_char *data,
                         size_t len, ngx_uint_t last);

    /*
     * For the owner: the next bytes of that, as read(), with a cursor of its
     * own.  NGX_DONE: the last were read and nothing follows.
     */
    ssize_t     (*input_read)(const ngx_cr_job_id_t *id,
                              ngx_cr_cursor_t *cursor, u_char *buf,
                              size_t size);

    /*
     * As cancelled(): jobs of this worker that input came for since the last
     * call; and jobs, of any worker, that report to a connection of this
     * worker and were not told before, done ones too.
     */
    ngx_uint_t  (*inputs)(ngx_cr_job_id_t *ids, ngx_uint_t max);
    ngx_uint_t  (*reports)(ngx_cr_report_t *reports, ngx_uint_t max);
} ngx_cr_store_t;


/* What a job is for; as CR_PROGRAM_ of the helper. */

#define NGX_CR_KIND_RUN      0
#define NGX_CR_KIND_ANALYZE  2       /* in the sandbox, or by a service that
                                        has no use for limits */

typedef struct {
    ngx_str_t           name;
    ngx_str_t           content;    /* any bytes */
} ngx_cr_policy_file_t;

/*
 * A policy hook.  Hooks form a chain by ascending `order`, equal ones in the
 * order of their registration.  Each of the functions may be NULL.
 * One structure stands for the job through all of them.
 */

typedef struct {
    ngx_cr_api_head_t   head;
    ngx_pool_t         *pool;       /* lives as long as the job */
    ngx_log_t          *log;
    ngx_http_request_t *request;    /* in admit() alone; NULL afterwards.  A
                                       hook may add fields to its answer, from
                                       request->pool, unless header_sent is
                                       set: the job of a WebSocket has none */
    ngx_cr_job_id_t     id;
    u_char              owner[NGX_CR_OWNER_SIZE];
    ngx_str_t           user;       /* as the log shows it; may be empty */
    ngx_str_t           language;
    ngx_str_t           code;       /* in admit() alone */
    ngx_cr_limits_t     limits;     /* admit() may lower them */
    ngx_uint_t          kind;       /* NGX_CR_KIND_ */
    ngx_uint_t          nfiles;     /* beside the code, in admit() alone */
    const ngx_cr_policy_file_t  *files;
} ngx_cr_policy_job_t;

typedef struct {
    ngx_cr_api_head_t   head;
    ngx_str_t           name;         /* in the log */
    ngx_int_t           order;        /* 0 when it does not matter */

    /*
     * May the job run?  NGX_OK: yes, as far as this hook goes; NGX_DECLINED:
     * no, *refusal (texts from job->pool or static) is the answer and the
     * rest of the chain is not asked; NGX_ERROR: the request ends with 500.
     * What is put in *data comes back in the functions below.  A job that a
     * later hook refuses gets finish() with NGX_CR_END_REFUSED from those that
     * admitted it, the last first.
     */
    ngx_int_t         (*admit)(ngx_cr_policy_job_t *job, void **data,
                               ngx_cr_refusal_t *refusal);

    /*
     * The job wrote this.  NGX_OK; NGX_ABORT: the job is to be stopped.  The
     * bytes are the job's: they may be anything.
     */
    ngx_int_t         (*output)(ngx_cr_policy_job_t *job, void *data,
                                ngx_uint_t stream, const u_char *bytes,
                                size_t len);

    /* The end, once a job that was admitted. */
    void              (*finish)(ngx_cr_policy_job_t *job, void *data,
                                ngx_cr_job_status_e status,
                                const ngx_cr_outcome_t *outcome,
                                const ngx_str_t *error_type);

    /*
     * The job was handed to a cell; once, unless it ends before.  What needs
     * no cell starts as soon as it is admitted.
     */
    void              (*started)(ngx_cr_policy_job_t *job, void *data);
} ngx_cr_policy_t;


/*
 * Registration, from a preconfiguration handler.  NGX_OK, or NGX_ERROR with
 * the reason in the log: then the handler should answer NGX_ERROR as well.
 *
 * The function is weak: a plug-in that is loaded before this module, or
 * without it, is told so in a sentence, and not by the dynamic loader that a
 * symbol is undefined.
 */

ngx_int_t ngx_http_coderemote_register(ngx_conf_t *cf, ngx_cr_api_kind_e kind,
    const void *item) __attribute__((weak));


static ngx_inline ngx_int_t
ngx_http_coderemote_register_item(ngx_conf_t *cf, ngx_cr_api_kind_e kind,
    const void *data)
{
    const ngx_cr_api_item_t *item = data;

    ngx_uint_t  i;

    if (ngx_http_coderemote_register != NULL) {
        return ngx_http_coderemote_register(cf, kind, item);
    }

    if (cf == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; cf->cycle->modules[i]; i++) {

        if (ngx_strcmp(cf->cycle->modules[i]->name,
                       "ngx_http_coderemote_module") == 0)
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "coderemote: the plug-in with \"%V\" is loaded "
                          "before the module it is for: put load_module of "
                          "ngx_http_coderemote_module.so above that of the "
                          "plug-in", &item->name);
            return NGX_ERROR;
        }
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "coderemote: the plug-in with \"%V\" needs "
                  "ngx_http_coderemote_module, which is not loaded: put "
                  "load_module of ngx_http_coderemote_module.so above that "
                  "of the plug-in", &item->name);

    return NGX_ERROR;
}


static ngx_inline ngx_int_t
ngx_http_coderemote_register_runtime(ngx_conf_t *cf,
    const ngx_cr_runtime_t *runtime)
{
    return ngx_http_coderemote_register_item(cf, NGX_CR_API_RUNTIME, runtime);
}


static ngx_inline ngx_int_t
ngx_http_coderemote_register_analyzer(ngx_conf_t *cf,
    const ngx_cr_analyzer_t *analyzer)
{
    return ngx_http_coderemote_register_item(cf, NGX_CR_API_ANALYZER,
                                             analyzer);
}


static ngx_inline ngx_int_t
ngx_http_coderemote_register_store(ngx_conf_t *cf, const ngx_cr_store_t *store)
{
    return ngx_http_coderemote_register_item(cf, NGX_CR_API_STORE, store);
}


static ngx_inline ngx_int_t
ngx_http_coderemote_register_policy(ngx_conf_t *cf,
    const ngx_cr_policy_t *policy)
{
    return ngx_http_coderemote_register_item(cf, NGX_CR_API_POLICY, policy);
}


#endif /* _NGX_HTTP_CODEREMOTE_API_H_INCLUDED_ */
