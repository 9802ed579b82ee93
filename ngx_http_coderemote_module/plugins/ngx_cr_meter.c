
/*
 * Counts jobs for GET /metrics: a policy hook that refuses nothing.
 */

#include "ngx_http_coderemote_module.h"
#include "ngx_cr_metrics.h"


/* The last in the chain: what others refuse never was a job. */
#define NGX_CR_METER_ORDER  1000000


typedef struct {
    ngx_cr_metrics_runtime_t  *runtime;
    uint64_t                   accepted;   /* microseconds */
} ngx_cr_meter_job_t;


static ngx_int_t ngx_cr_meter_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_cr_meter_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal);
static void ngx_cr_meter_started(ngx_cr_policy_job_t *job, void *data);
static ngx_int_t ngx_cr_meter_output(ngx_cr_policy_job_t *job, void *data,
    ngx_uint_t stream, const u_char *bytes, size_t len);
static void ngx_cr_meter_finish(ngx_cr_policy_job_t *job, void *data,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type);


static ngx_http_module_t  ngx_http_coderemote_meter_module_ctx = {
    ngx_cr_meter_preconfiguration,           /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    NULL,                                    /* create location configuration */
    NULL                                     /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_meter_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_meter_module_ctx,   /* module context */
    NULL,                                    /* module directives */
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


static ngx_cr_policy_t  ngx_cr_meter_policy = {
    NGX_CR_API_HEAD(ngx_cr_policy_t),
    ngx_string("meter"),
    NGX_CR_METER_ORDER,
    ngx_cr_meter_admit,
    ngx_cr_meter_output,
    ngx_cr_meter_finish,
    ngx_cr_meter_started
};


static ngx_int_t
ngx_cr_meter_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_coderemote_register_policy(cf, &ngx_cr_meter_policy);
}


/* nginx's own time is of the last event, and a job takes less. */

static uint64_t
ngx_cr_meter_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}


static ngx_int_t
ngx_cr_meter_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal)
{
    ngx_cr_meter_job_t  *mj;

    /* analyses are counted where they end, whoever made them */

    if (job->kind != NGX_CR_KIND_RUN || ngx_cr_metrics() == NULL) {
        return NGX_OK;
    }

    mj = ngx_palloc(job->pool, sizeof(ngx_cr_meter_job_t));
    if (mj == NULL) {
        return NGX_ERROR;
    }

    mj->runtime = ngx_cr_metrics_runtime(&job->language);
    mj->accepted = ngx_cr_meter_now();

    *data = mj;

    return NGX_OK;
}


static void
ngx_cr_meter_started(ngx_cr_policy_job_t *job, void *data)
{
    ngx_cr_meter_job_t *mj = data;

    if (mj) {
        ngx_cr_metrics_observe(&mj->runtime->wait,
                               ngx_cr_meter_now() - mj->accepted);
    }
}


static ngx_int_t
ngx_cr_meter_output(ngx_cr_policy_job_t *job, void *data, ngx_uint_t stream,
    const u_char *bytes, size_t len)
{
    ngx_cr_meter_job_t *mj = data;

    if (mj) {
        (void) ngx_atomic_fetch_add(
                         &mj->runtime->output[stream == NGX_CR_STDERR], len);
    }

    return NGX_OK;
}


static ngx_cr_jobs_outcome_e
ngx_cr_meter_outcome(ngx_cr_job_status_e status,
    const ngx_cr_outcome_t *outcome)
{
    if (status == NGX_CR_JOB_COMPLETED) {
        return NGX_CR_JOBS_COMPLETED;
    }

    if (status == NGX_CR_JOB_CANCELLED) {
        return NGX_CR_JOBS_CANCELLED;
    }

    switch (outcome->end) {

    case NGX_CR_END_SIGNAL:
        return NGX_CR_JOBS_SIGNAL;

    case NGX_CR_END_TIMEOUT:
        return NGX_CR_JOBS_TIMEOUT;

    case NGX_CR_END_MEMORY:
        return NGX_CR_JOBS_MEMORY;

    case NGX_CR_END_LOST:
        return NGX_CR_JOBS_LOST;

    case NGX_CR_END_REFUSED:
        return NGX_CR_JOBS_REFUSED;

    default:
        return NGX_CR_JOBS_FAILED;
    }
}


static void
ngx_cr_meter_finish(ngx_cr_policy_job_t *job, void *data,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type)
{
    ngx_cr_meter_job_t *mj = data;

    ngx_cr_metrics_runtime_t  *runtime;

    if (mj == NULL) {
        return;
    }

    runtime = mj->runtime;

    (void) ngx_atomic_fetch_add(
               &runtime->jobs[job->user.len != 0]
                             [ngx_cr_meter_outcome(status, outcome)],
               1);
    (void) ngx_atomic_fetch_add(&runtime->cpu, outcome->cpu_us);

    ngx_cr_metrics_observe(&runtime->run, outcome->run_us);
    ngx_cr_metrics_observe(&runtime->total,
                           ngx_cr_meter_now() - mj->accepted);
}
