
/*
 * The analyzer that needs nobody: the runtime's own `analyze`, which reads the
 * program in a cell, as a job that is nobody's to follow.  What comes out of a
 * cell may have been written by the program, and is checked as such.
 */

#include "ngx_cr_analysis.h"
#include "ngx_cr_job.h"
#include "ngx_cr_outcome.h"
#include "ngx_http_coderemote_module.h"


/* Bytes of the answer's JSON. */
#define NGX_CR_BUILTIN_OUTPUT  (128 * 1024)

/* Milliseconds that a sandbox which is started anew is waited for. */
#define NGX_CR_BUILTIN_AWAY    1000

#define NGX_CR_BUILTIN_POOL    4096


typedef struct {
    ngx_msec_t               timeout;
    size_t                   memory;
} ngx_cr_builtin_conf_t;

/* One analysis; it is there until its job has ended, longer than that. */

typedef struct {
    ngx_cr_analysis_t       *analysis;     /* NULL: nobody waits for it */
    ngx_cr_builtin_conf_t   *conf;
    ngx_cr_helper_waiter_t   sandbox;
    ngx_event_t              timer;
    ngx_cr_job_waiter_t      job;
} ngx_cr_builtin_t;


static ngx_int_t ngx_cr_builtin_preconfiguration(ngx_conf_t *cf);
static void *ngx_cr_builtin_create_conf(ngx_conf_t *cf);
static char *ngx_cr_builtin_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static void ngx_cr_builtin_status(ngx_http_request_t *r,
    ngx_cr_analyzer_status_t *status);
static ngx_int_t ngx_cr_builtin_start(ngx_cr_analysis_t *a);
static void ngx_cr_builtin_cancel(ngx_cr_analysis_t *a);
static void ngx_cr_builtin_ready(ngx_cr_helper_waiter_t *waiter);
static void ngx_cr_builtin_away(ngx_event_t *ev);
static void ngx_cr_builtin_ended(ngx_cr_job_waiter_t *waiter);


static ngx_http_coderemote_range_t  ngx_cr_builtin_timeout_range = {
    ngx_http_coderemote_check_range, 100, 60 * 1000, "from 100ms to 60s"
};

static ngx_http_coderemote_range_t  ngx_cr_builtin_memory_range = {
    ngx_http_coderemote_check_range,
    NGX_HTTP_CODEREMOTE_MEMORY_MIN * 1024 * 1024, 1024 * 1024 * 1024,
    "from 16m to 1024m"
};


static ngx_command_t  ngx_cr_builtin_commands[] = {

    { ngx_string("coderemote_analyzer_builtin_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cr_builtin_conf_t, timeout),
      &ngx_cr_builtin_timeout_range },

    { ngx_string("coderemote_analyzer_builtin_memory"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cr_builtin_conf_t, memory),
      &ngx_cr_builtin_memory_range },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_coderemote_builtin_module_ctx = {
    ngx_cr_builtin_preconfiguration,         /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_cr_builtin_create_conf,              /* create location configuration */
    ngx_cr_builtin_merge_conf                /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_builtin_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_builtin_module_ctx, /* module context */
    ngx_cr_builtin_commands,                 /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    NULL,                                    /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static const ngx_cr_analyzer_t  ngx_cr_builtin_analyzer = {
    NGX_CR_API_HEAD(ngx_cr_analyzer_t),
    ngx_string("builtin"),
    ngx_cr_builtin_status,
    ngx_cr_builtin_start,
    ngx_cr_builtin_cancel,
    NGX_CR_ANALYZER_JOB
};


static ngx_int_t
ngx_cr_builtin_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_coderemote_register_analyzer(cf, &ngx_cr_builtin_analyzer);
}


static void *
ngx_cr_builtin_create_conf(ngx_conf_t *cf)
{
    ngx_cr_builtin_conf_t  *conf;

    conf = ngx_palloc(cf->pool, sizeof(ngx_cr_builtin_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->timeout = NGX_CONF_UNSET_MSEC;
    conf->memory = NGX_CONF_UNSET_SIZE;

    return conf;
}


static char *
ngx_cr_builtin_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_cr_builtin_conf_t *prev = parent;
    ngx_cr_builtin_conf_t *conf = child;

    ngx_conf_merge_msec_value(conf->timeout, prev->timeout, 5000);
    ngx_conf_merge_size_value(conf->memory, prev->memory, 256 * 1024 * 1024);

    return NGX_CONF_OK;
}


/* A program is explained by this version, which a cache outlives. */

static void
ngx_cr_builtin_status(ngx_http_request_t *r, ngx_cr_analyzer_status_t *status)
{
    ngx_str_set(&status->provider, "builtin");
    ngx_str_set(&status->identity, NGX_HTTP_CODEREMOTE_VERSION);

    status->available = ngx_cr_helper_ready();

    if (!status->available) {
        ngx_str_set(&status->reason, "The sandbox is not there at the moment; "
                                     "try again later.");
    }
}


static void
ngx_cr_builtin_free(ngx_cr_builtin_t *b)
{
    ngx_cr_helper_forget(&b->sandbox);

    if (b->timer.timer_set) {
        ngx_del_timer(&b->timer);
    }

    ngx_free(b);
}


/* The analysis ends; its memory is gone after that. */

static void
ngx_cr_builtin_done(ngx_cr_builtin_t *b, ngx_cr_analysis_result_t *result)
{
    ngx_cr_analysis_t  *a;

    a = b->analysis;

    ngx_cr_builtin_free(b);

    a->done(a, result);
}


static void
ngx_cr_builtin_failed(ngx_cr_builtin_t *b, ngx_uint_t status,
    time_t retry_after, const ngx_str_t *error)
{
    ngx_cr_analysis_result_t  result = {
        .head = NGX_CR_API_HEAD(ngx_cr_analysis_result_t)
    };

    result.unavailable = 1;
    result.status = status;
    result.retry_after = retry_after;
    result.error = *error;

    ngx_cr_builtin_done(b, &result);
}


static ngx_int_t
ngx_cr_builtin_spec(ngx_cr_builtin_t *b, ngx_cr_job_spec_t *spec)
{
    ngx_cr_analysis_t                *a;
    ngx_http_coderemote_main_conf_t  *mcf;

    a = b->analysis;
    mcf = ngx_http_get_module_main_conf(a->request,
                                        ngx_http_coderemote_module);

    ngx_memzero(spec, sizeof(ngx_cr_job_spec_t));

    ngx_memcpy(spec->owner, a->owner, NGX_CR_OWNER_SIZE);

    spec->turn = a->turn;
    spec->user = a->user;
    spec->runtime = a->language;
    spec->kind = NGX_CR_KIND_ANALYZE;
    spec->limits.memory = b->conf->memory;
    spec->limits.timeout_ms = (uint32_t) b->conf->timeout;
    spec->limits.output = NGX_CR_BUILTIN_OUTPUT;
    spec->queue = mcf->queue;
    spec->code = a->code;

    return ngx_cr_job_id_generate(&spec->id, a->log);
}


/* NGX_OK; NGX_DECLINED: *refusal says why not; NGX_ERROR. */

static ngx_int_t
ngx_cr_builtin_run(ngx_cr_builtin_t *b, ngx_cr_refusal_t *refusal)
{
    ngx_int_t          rc;
    ngx_cr_job_spec_t  spec;

    if (ngx_cr_builtin_spec(b, &spec) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_cr_job_create(&spec, b->analysis->request, refusal);

    if (rc == NGX_BUSY) {
        refusal->status = NGX_HTTP_TOO_MANY_REQUESTS;
        refusal->retry_after = 1;
        ngx_str_set(&refusal->detail, NGX_CR_JOB_QUEUE_FULL);

        return NGX_DECLINED;
    }

    if (rc != NGX_OK) {
        return rc;
    }

    b->job.id = spec.id;
    b->job.handler = ngx_cr_builtin_ended;
    b->job.data = b;

    return ngx_cr_job_wait(&b->job) == NGX_OK ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_cr_builtin_start(ngx_cr_analysis_t *a)
{
    ngx_int_t          rc;
    ngx_cr_builtin_t  *b;

    if (ngx_cr_job_store() == NULL) {
        return NGX_ERROR;
    }

    b = ngx_calloc(sizeof(ngx_cr_builtin_t), a->log);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->analysis = a;
    b->conf = ngx_http_get_module_loc_conf(a->request,
                                          ngx_http_coderemote_builtin_module);
    a->data = b;

    if (!ngx_cr_helper_ready()) {
        b->sandbox.handler = ngx_cr_builtin_ready;
        b->sandbox.data = b;
        b->timer.handler = ngx_cr_builtin_away;
        b->timer.data = b;
        b->timer.log = a->log;

        ngx_cr_helper_wait_ready(&b->sandbox);
        ngx_add_timer(&b->timer, NGX_CR_BUILTIN_AWAY);

        return NGX_OK;
    }

    rc = ngx_cr_builtin_run(b, &a->refusal);

    if (rc != NGX_OK) {
        ngx_cr_builtin_free(b);
    }

    return rc;
}


static void
ngx_cr_builtin_ready(ngx_cr_helper_waiter_t *waiter)
{
    ngx_cr_builtin_t *b = waiter->data;

    ngx_int_t         rc;
    ngx_cr_refusal_t  refusal;

    static const ngx_str_t  failed = ngx_string("The analysis could not be "
                                                "started; the server's log "
                                                "tells more.");

    ngx_del_timer(&b->timer);

    rc = ngx_cr_builtin_run(b, &refusal);

    if (rc == NGX_DECLINED) {
        ngx_cr_builtin_failed(b, refusal.status, refusal.retry_after,
                              &refusal.detail);

    } else if (rc != NGX_OK) {
        ngx_cr_builtin_failed(b, NGX_HTTP_INTERNAL_SERVER_ERROR, 0, &failed);
    }
}


static void
ngx_cr_builtin_away(ngx_event_t *ev)
{
    ngx_cr_builtin_t *b = ev->data;

    static const ngx_str_t  away = ngx_string("The sandbox is not there at "
                                              "the moment; try again later.");

    ngx_cr_builtin_failed(b, NGX_HTTP_SERVICE_UNAVAILABLE, 1, &away);
}


/*
 * What speaks against the program is the answer; what speaks against the
 * sandbox is no answer.
 */

static void
ngx_cr_builtin_judge(const ngx_cr_job_view_t *view, ngx_pool_t *pool,
    ngx_cr_analysis_result_t *result)
{
    ngx_int_t         rc;
    ngx_cr_verdict_t  verdict;

    ngx_cr_outcome_judge(&verdict, &view->outcome, &view->limits);

    rc = NGX_DECLINED;

    if (view->status == NGX_CR_JOB_COMPLETED
        && !(view->outcome.flags & NGX_CR_STDOUT_CUT))
    {
        rc = ngx_cr_analysis_result_parse(pool, &view->out, result);
    }

    if (rc == NGX_OK) {
        return;
    }

    ngx_memzero(result, sizeof(ngx_cr_analysis_result_t));

    result->head.version = NGX_CR_API_VERSION;
    result->head.size = sizeof(ngx_cr_analysis_result_t);

    switch (view->outcome.end) {

    case NGX_CR_END_TIMEOUT:
    case NGX_CR_END_MEMORY:
        ngx_str_set(&result->error, "The program takes too long, or too much "
                                    "memory, to be explained; try a shorter "
                                    "one.");
        return;

    case NGX_CR_END_LOST:
    case NGX_CR_END_REFUSED:
    case NGX_CR_END_STOPPED:
        result->unavailable = 1;
        result->status = NGX_HTTP_SERVICE_UNAVAILABLE;
        result->retry_after = 1;
        ngx_str_set(&result->error, "The sandbox failed the analysis; try "
                                    "again later.");
        return;

    default:
        break;
    }

    /* a runtime without `analyze` says so */

    result->unavailable = 1;
    ngx_str_set(&result->error, "The builtin analyzer cannot explain this "
                                "program, or its language.");
}


static void
ngx_cr_builtin_ended(ngx_cr_job_waiter_t *waiter)
{
    ngx_cr_builtin_t *b = waiter->data;

    ngx_pool_t                *pool;
    ngx_cr_analysis_t         *a;
    ngx_cr_job_view_t          view;
    ngx_cr_analysis_result_t   result;

    static const ngx_str_t  lost = ngx_string("The analysis was lost; try "
                                              "again later.");

    a = b->analysis;

    if (a == NULL) {
        (void) ngx_cr_job_store()->forget(&waiter->id);
        ngx_cr_builtin_free(b);
        return;
    }

    pool = ngx_create_pool(NGX_CR_BUILTIN_POOL, a->log);

    if (pool == NULL
        || ngx_cr_job_store()->get(&waiter->id, pool, NGX_CR_GET_OUTPUT,
                                   &view)
           != NGX_OK)
    {
        ngx_cr_builtin_failed(b, NGX_HTTP_SERVICE_UNAVAILABLE, 1, &lost);

    } else {
        ngx_cr_builtin_judge(&view, pool, &result);

        /* nobody was told its name */

        (void) ngx_cr_job_store()->forget(&waiter->id);

        if (result.narrative.len) {
            a->chunk(a, &result.narrative);
        }

        ngx_cr_builtin_done(b, &result);
    }

    if (pool) {
        ngx_destroy_pool(pool);
    }
}


/* The job is forgotten once it has stopped, which may be at once. */

static void
ngx_cr_builtin_cancel(ngx_cr_analysis_t *a)
{
    ngx_cr_builtin_t *b = a->data;

    b->analysis = NULL;

    if (!b->job.queued) {
        ngx_cr_builtin_free(b);
        return;
    }

    (void) ngx_cr_job_stop(&b->job.id);
}
