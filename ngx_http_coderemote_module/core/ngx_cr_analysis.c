
#include "ngx_cr_analysis_local.h"
#include "ngx_cr_metrics.h"
#include "ngx_cr_outcome.h"

#include <openssl/sha.h>


#define NGX_CR_ANALYSIS_POOL  4096


static void ngx_cr_analysis_handler(ngx_event_t *ev);
static void ngx_cr_analysis_timer(ngx_event_t *ev);
static void ngx_cr_analysis_chunk(ngx_cr_analysis_t *a,
    const ngx_str_t *text);
static void ngx_cr_analysis_done(ngx_cr_analysis_t *a,
    const ngx_cr_analysis_result_t *result);


static ngx_int_t
ngx_cr_analysis_dup(ngx_pool_t *pool, ngx_str_t *dst, const ngx_str_t *src)
{
    u_char  *p;

    p = ngx_pnalloc(pool, src->len + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    /* it may be the same */

    if (src->len) {
        ngx_memcpy(p, src->data, src->len);
    }

    dst->len = src->len;
    dst->data = p;

    return NGX_OK;
}


ngx_cr_analysis_run_t *
ngx_cr_analysis_start(const ngx_cr_analysis_spec_t *spec)
{
    ngx_pool_t             *pool;
    ngx_cr_analysis_run_t  *run;

    pool = ngx_create_pool(NGX_CR_ANALYSIS_POOL, ngx_cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    run = ngx_pcalloc(pool, sizeof(ngx_cr_analysis_run_t));

    if (run == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    run->pool = pool;
    run->spec = *spec;
    run->analyzer = spec->analyzer;

    if (ngx_cr_analysis_dup(pool, &run->spec.user, &spec->user) != NGX_OK
        || ngx_cr_analysis_dup(pool, &run->spec.language, &spec->language)
           != NGX_OK
        || ngx_cr_analysis_dup(pool, &run->spec.code, &spec->code) != NGX_OK)
    {
        ngx_destroy_pool(pool);
        return NULL;
    }

    if (run->spec.fallback == run->analyzer) {
        run->spec.fallback = NULL;
    }

    run->event.handler = ngx_cr_analysis_handler;
    run->event.data = run;
    run->event.log = ngx_cycle->log;
    run->timer.handler = ngx_cr_analysis_timer;
    run->timer.data = run;
    run->timer.log = ngx_cycle->log;

    ngx_post_event(&run->event, &ngx_posted_events);

    return run;
}


void
ngx_cr_analysis_status(const ngx_cr_analyzer_t *analyzer,
    ngx_http_request_t *r, ngx_cr_analyzer_status_t *status)
{
    ngx_memzero(status, sizeof(ngx_cr_analyzer_status_t));

    status->head.version = NGX_CR_API_VERSION;
    status->head.size = sizeof(ngx_cr_analyzer_status_t);

    analyzer->status(r, status);
}


/* The answer of nobody.  It is not lost for want of memory. */

static void
ngx_cr_analysis_fail(ngx_cr_analysis_run_t *run, ngx_uint_t status,
    time_t retry_after, const ngx_str_t *error)
{
    ngx_cr_analysis_result_t         *result;

    static ngx_cr_analysis_result_t  failed = {
        .head = NGX_CR_API_HEAD(ngx_cr_analysis_result_t),
        .unavailable = 1,
        .error = ngx_string("The server has no memory.")
    };

    result = ngx_pcalloc(run->pool, sizeof(ngx_cr_analysis_result_t));

    if (result == NULL
        || ngx_cr_analysis_dup(run->pool, &result->error, error) != NGX_OK)
    {
        run->result = &failed;
        return;
    }

    result->head = failed.head;
    result->unavailable = 1;
    result->status = status;
    result->retry_after = retry_after;

    run->result = result;
}


static void
ngx_cr_analysis_digest(SHA256_CTX *sha, const ngx_str_t *text)
{
    uint64_t  len;

    /* no two lists of texts are the same bytes */

    len = text->len;

    SHA256_Update(sha, &len, sizeof(uint64_t));
    SHA256_Update(sha, text->data, text->len);
}


/*
 * What an analyzer says depends on the program and on its own settings, not on
 * who asks: an answer is good for all users.  Who gets one that was found for
 * somebody else has sent the very program himself, and learns no more than
 * that somebody did before.
 */

static void
ngx_cr_analysis_key(ngx_cr_analysis_run_t *run)
{
    SHA256_CTX  sha;

    SHA256_Init(&sha);

    ngx_cr_analysis_digest(&sha, &run->analyzer->name);
    ngx_cr_analysis_digest(&sha, &run->status.provider);
    ngx_cr_analysis_digest(&sha, &run->status.model);
    ngx_cr_analysis_digest(&sha, &run->status.identity);
    ngx_cr_analysis_digest(&sha, &run->spec.language);
    ngx_cr_analysis_digest(&sha, &run->spec.code);

    SHA256_Final(run->key, &sha);
}


/* NGX_OK: it was found, and is the answer. */

static ngx_int_t
ngx_cr_analysis_look(ngx_cr_analysis_run_t *run)
{
    ngx_str_t                  bytes;
    ngx_cr_analysis_result_t  *result;

    if (run->spec.cache == NULL) {
        return NGX_DECLINED;
    }

    ngx_cr_analysis_key(run);

    if (ngx_cr_result_cache_get(run->spec.cache, run->key, run->pool, &bytes)
        != NGX_OK)
    {
        return NGX_DECLINED;
    }

    result = ngx_palloc(run->pool, sizeof(ngx_cr_analysis_result_t));

    if (result == NULL
        || ngx_cr_analysis_result_unpack(run->pool, &bytes, result) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    run->result = result;
    ngx_cr_metric(NGX_CR_METRIC_ANALYSIS_CACHED);

    return NGX_OK;
}


static void
ngx_cr_analysis_keep(ngx_cr_analysis_run_t *run)
{
    ngx_str_t  bytes;

    if (run->spec.cache
        && ngx_cr_analysis_result_pack(run->pool, run->result, &bytes)
           == NGX_OK)
    {
        ngx_cr_result_cache_put(run->spec.cache, run->key, &bytes);
    }
}


/* A job passes the hooks when it is made; another analyzer's work does here. */

static ngx_int_t
ngx_cr_analysis_admit(ngx_cr_analysis_run_t *run, ngx_cr_refusal_t *refusal)
{
    ngx_int_t             rc;
    ngx_cr_policy_job_t  *job;

    if (run->analyzer->flags & NGX_CR_ANALYZER_JOB) {
        return NGX_OK;
    }

    job = &run->policy;

    job->head.version = NGX_CR_API_VERSION;
    job->head.size = sizeof(ngx_cr_policy_job_t);
    job->pool = run->pool;
    job->log = ngx_cycle->log;
    job->request = run->spec.request;
    job->id = run->spec.id;
    ngx_memcpy(job->owner, run->spec.owner, NGX_CR_OWNER_SIZE);
    job->user = run->spec.user;
    job->language = run->spec.language;
    job->code = run->spec.code;
    job->limits.timeout_ms = (uint32_t) run->spec.deadline;
    job->kind = NGX_CR_KIND_ANALYZE;

    rc = ngx_cr_policy_admit(run->spec.registry, job, &run->policy_data,
                             refusal);

    job->request = NULL;
    run->admitted = (rc == NGX_OK);
    run->started_at = ngx_cr_now_us();

    if (run->admitted) {
        ngx_cr_policy_started(run->spec.registry, job, run->policy_data);
    }

    return rc;
}


static void
ngx_cr_analysis_leave(ngx_cr_analysis_run_t *run, ngx_cr_job_status_e status,
    ngx_uint_t end)
{
    ngx_cr_outcome_t        outcome;
    static const ngx_str_t  none = ngx_null_string;

    if (!run->admitted) {
        return;
    }

    run->admitted = 0;

    ngx_cr_outcome_init(&outcome, end);
    outcome.run_us = ngx_cr_now_us() - run->started_at;

    ngx_cr_policy_finish(run->spec.registry, &run->policy, run->policy_data,
                         status, &outcome, &none);
}


static ngx_cr_analysis_t *
ngx_cr_analysis_make(ngx_cr_analysis_run_t *run)
{
    ngx_cr_analysis_t  *a;

    a = ngx_pcalloc(run->pool, sizeof(ngx_cr_analysis_t));
    if (a == NULL) {
        return NULL;
    }

    a->head.version = NGX_CR_API_VERSION;
    a->head.size = sizeof(ngx_cr_analysis_t);
    a->pool = run->pool;
    a->log = ngx_cycle->log;
    a->request = run->spec.request;
    a->language = run->spec.language;
    a->code = run->spec.code;
    a->chunk = ngx_cr_analysis_chunk;
    a->done = ngx_cr_analysis_done;
    a->caller = run;
    a->user = run->spec.user;
    ngx_memcpy(a->owner, run->spec.owner, NGX_CR_OWNER_SIZE);
    a->turn = run->spec.turn;
    a->refusal.head.version = NGX_CR_API_VERSION;
    a->refusal.head.size = sizeof(ngx_cr_refusal_t);

    return a;
}


/* NGX_OK: it is at work; otherwise run->result says why it is not. */

static ngx_int_t
ngx_cr_analysis_work(ngx_cr_analysis_run_t *run)
{
    ngx_int_t           rc;
    ngx_cr_refusal_t    refusal, *why;
    ngx_cr_analysis_t  *a;
    static ngx_str_t    failed = ngx_string("The analyzer could not be "
                                            "started; the server's log tells "
                                            "more.");

    why = &refusal;
    a = ngx_cr_analysis_make(run);

    rc = a ? ngx_cr_analysis_admit(run, &refusal) : NGX_ERROR;

    if (rc == NGX_OK) {
        run->analysis = a;
        why = &a->refusal;

        rc = run->analyzer->start(a);
    }

    if (rc == NGX_OK) {
        run->begun = 1;
        ngx_add_timer(&run->timer, run->spec.deadline);
        return NGX_OK;
    }

    run->analysis = NULL;

    if (rc == NGX_DECLINED) {
        ngx_cr_analysis_fail(run, why->status ? why->status
                                              : NGX_HTTP_FORBIDDEN,
                             why->retry_after, &why->detail);
        run->spec.fallback = NULL;

    } else {
        ngx_cr_analysis_fail(run, 0, 0, &failed);
    }

    ngx_cr_analysis_leave(run, NGX_CR_JOB_FAILED, NGX_CR_END_REFUSED);

    return rc;
}


/*
 * NGX_AGAIN: it is at work; NGX_OK: run->result is known already; NGX_DECLINED:
 * it is not at work, as run->result says.
 */

static ngx_int_t
ngx_cr_analysis_ask(ngx_cr_analysis_run_t *run)
{
    ngx_str_t                  reason;
    ngx_cr_analyzer_status_t  *status;

    status = &run->status;

    ngx_cr_analysis_status(run->analyzer, run->spec.request, status);

    reason = status->reason;

    if (ngx_cr_analysis_dup(run->pool, &status->provider, &status->provider)
        != NGX_OK
        || ngx_cr_analysis_dup(run->pool, &status->model, &status->model)
           != NGX_OK)
    {
        ngx_str_null(&status->provider);
        ngx_str_null(&status->model);
    }

    if (ngx_cr_analysis_look(run) == NGX_OK) {
        run->begun = 1;
        ngx_cr_analysis_add(run, &run->result->narrative);
        return NGX_OK;
    }

    /* the last one may have become available meanwhile, or say more */

    if (!status->available && run->spec.fallback) {
        ngx_cr_analysis_fail(run, 0, 0, &reason);
        return NGX_DECLINED;
    }

    return ngx_cr_analysis_work(run) == NGX_OK ? NGX_AGAIN : NGX_DECLINED;
}


static void
ngx_cr_analysis_settle(ngx_cr_analysis_run_t *run)
{
    for ( ;; ) {

        if (run->result == NULL && ngx_cr_analysis_ask(run) == NGX_AGAIN) {
            return;
        }

        if (run->result->success || !run->result->unavailable
            || run->spec.fallback == NULL)
        {
            run->over = 1;
            return;
        }

        ngx_log_error(NGX_LOG_INFO, ngx_cycle->log, 0,
                      "analyzer \"%V\" is not available, \"%V\" is asked",
                      &run->analyzer->name, &run->spec.fallback->name);

        run->notice = run->result->error;
        run->analyzer = run->spec.fallback;
        run->spec.fallback = NULL;
        run->spec.deadline = NGX_CR_ANALYSIS_DEADLINE;

        run->result = NULL;
        ngx_cr_analysis_void(run);
    }
}


static void
ngx_cr_analysis_handler(ngx_event_t *ev)
{
    ngx_cr_analysis_run_t *run = ev->data;

    if (run->analysis == NULL && !run->over) {
        ngx_cr_analysis_settle(run);
    }

    run->spec.handler(run, run->spec.data);
}


static void
ngx_cr_analysis_chunk(ngx_cr_analysis_t *a, const ngx_str_t *text)
{
    ngx_cr_analysis_run_t *run = a->caller;

    if (run->analysis != a) {
        return;
    }

    ngx_cr_analysis_add(run, text);

    ngx_post_event(&run->event, &ngx_posted_events);
}


static void
ngx_cr_analysis_done(ngx_cr_analysis_t *a,
    const ngx_cr_analysis_result_t *result)
{
    ngx_cr_analysis_run_t *run = a->caller;

    static const ngx_str_t  memory = ngx_string("The server has no memory.");

    if (run->analysis != a) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "analyzer \"%V\" answered twice",
                      &run->analyzer->name);
        return;
    }

    run->analysis = NULL;

    if (run->timer.timer_set) {
        ngx_del_timer(&run->timer);
    }

    run->result = ngx_cr_analysis_result_copy(run->pool, result);

    if (run->result == NULL) {
        ngx_cr_analysis_fail(run, 0, 0, &memory);
    }

    ngx_cr_metric(run->result->success ? NGX_CR_METRIC_ANALYSIS_DONE
                  : run->result->unavailable
                    ? NGX_CR_METRIC_ANALYSIS_UNAVAILABLE
                    : NGX_CR_METRIC_ANALYSIS_FAILED);

    if (run->result->success) {
        ngx_cr_analysis_keep(run);
        ngx_cr_analysis_leave(run, NGX_CR_JOB_COMPLETED, NGX_CR_END_EXIT);

    } else {
        ngx_cr_analysis_leave(run, NGX_CR_JOB_FAILED, NGX_CR_END_LOST);
    }

    ngx_post_event(&run->event, &ngx_posted_events);
}


static void
ngx_cr_analysis_cancel(ngx_cr_analysis_run_t *run)
{
    ngx_cr_analysis_t  *a;

    a = run->analysis;
    run->analysis = NULL;

    run->analyzer->cancel(a);
}


static void
ngx_cr_analysis_timer(ngx_event_t *ev)
{
    ngx_cr_analysis_run_t *run = ev->data;

    static const ngx_str_t  late = ngx_string("The analyzer did not answer in "
                                              "time.");

    ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                  "analyzer \"%V\" did not answer in %M ms",
                  &run->analyzer->name, run->spec.deadline);

    ngx_cr_analysis_cancel(run);
    ngx_cr_metric(NGX_CR_METRIC_ANALYSIS_FAILED);
    ngx_cr_analysis_leave(run, NGX_CR_JOB_FAILED, NGX_CR_END_TIMEOUT);

    ngx_cr_analysis_fail(run, 0, 0, &late);

    ngx_post_event(&run->event, &ngx_posted_events);
}


void
ngx_cr_analysis_stop(ngx_cr_analysis_run_t *run)
{
    if (run->analysis) {
        ngx_cr_analysis_cancel(run);
        ngx_cr_metric(NGX_CR_METRIC_ANALYSIS_CANCELLED);
    }

    ngx_cr_analysis_leave(run, NGX_CR_JOB_CANCELLED, NGX_CR_END_STOPPED);

    if (run->timer.timer_set) {
        ngx_del_timer(&run->timer);
    }

    if (run->event.posted) {
        ngx_delete_posted_event(&run->event);
    }

    if (run->text) {
        ngx_free(run->text);
    }

    ngx_destroy_pool(run->pool);
}
