
/* What a client is told over its WebSocket of the jobs that it follows. */

#include "ngx_http_coderemote_websocket.h"
#include "ngx_http_coderemote_job_json.h"
#include "ngx_cr_doorbell.h"
#include "ngx_cr_follow.h"


/* Bytes that an attached job may be ahead of a client that does not read. */
#define NGX_HTTP_CODEREMOTE_WS_LAG      (64 * 1024)

/* Jobs that may wait for others to end before they report. */
#define NGX_HTTP_CODEREMOTE_WS_REPORTS  1024

/* Bytes of a message at most; job.output is always shorter. */
#define NGX_HTTP_CODEREMOTE_WS_MESSAGE  (256 * 1024)

#define NGX_HTTP_CODEREMOTE_WS_RINGS    16
#define NGX_HTTP_CODEREMOTE_WS_POOL     4096


/* A job that a connection follows; the first of ws->jobs has its turn. */

typedef struct {
    ngx_queue_t                 link;
    ngx_http_coderemote_ws_t   *ws;
    ngx_cr_job_id_t             id;
    ngx_cr_follow_t             follow;
    unsigned                    attached:1;
    unsigned                    ready:1;      /* there may be more to tell */
    unsigned                    slowed:1;
} ngx_http_coderemote_ws_job_t;


/* A job that reports here, and is followed once another one has ended. */

typedef struct {
    ngx_queue_t                 link;
    ngx_cr_job_id_t             id;
} ngx_http_coderemote_ws_report_t;


static void ngx_http_coderemote_ws_feed(ngx_event_t *ev);
static void ngx_http_coderemote_ws_news(ngx_cr_follow_t *follow);


void
ngx_http_coderemote_ws_feed_begin(ngx_http_coderemote_ws_t *ws)
{
    ngx_queue_init(&ws->jobs);
    ngx_queue_init(&ws->reports);

    ws->feed.handler = ngx_http_coderemote_ws_feed;
    ws->feed.data = ws;
    ws->feed.log = ngx_cycle->log;
}


/*
 * In the next round of the event loop: a client that reads as fast as it is
 * fed does not hold up others.
 */

void
ngx_http_coderemote_ws_resume(ngx_http_coderemote_ws_t *ws)
{
    ngx_post_event(&ws->feed, &ngx_posted_next_events);
}


ngx_int_t
ngx_http_coderemote_ws_look(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id, ngx_cr_job_view_t *view)
{
    ngx_int_t  rc;

    if (ngx_cr_job_store() == NULL) {
        return NGX_DECLINED;
    }

    rc = ngx_cr_job_look(id, view);

    if (rc == NGX_OK
        && ngx_memcmp(ws->owner, view->owner, NGX_CR_OWNER_SIZE) != 0)
    {
        return NGX_DECLINED;
    }

    return rc;
}


static ngx_http_coderemote_ws_job_t *
ngx_http_coderemote_ws_job(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id)
{
    ngx_queue_t                   *q;
    ngx_http_coderemote_ws_job_t  *job;

    for (q = ngx_queue_head(&ws->jobs);
         q != ngx_queue_sentinel(&ws->jobs);
         q = ngx_queue_next(q))
    {
        job = ngx_queue_data(q, ngx_http_coderemote_ws_job_t, link);

        if (ngx_cr_job_id_equal(&job->id, id)) {
            return job;
        }
    }

    return NULL;
}


/* A job whose reader is slow is slowed, and goes on when he caught up. */

static void
ngx_http_coderemote_ws_slow(ngx_http_coderemote_ws_job_t *job,
    ngx_uint_t slow)
{
    if (job->slowed != slow) {
        job->slowed = slow;
        ngx_cr_job_slow(&job->id, slow);
    }
}


static void
ngx_http_coderemote_ws_lag(ngx_http_coderemote_ws_job_t *job)
{
    if (job->attached && job->ready && !job->slowed
        && ngx_cr_follow_behind(&job->follow) > NGX_HTTP_CODEREMOTE_WS_LAG)
    {
        ngx_http_coderemote_ws_slow(job, 1);
    }
}


static void
ngx_http_coderemote_ws_free(ngx_http_coderemote_ws_job_t *job)
{
    ngx_cr_follow_stop(&job->follow);

    ngx_queue_remove(&job->link);
    job->ws->njobs--;

    ngx_free(job);
}


static void
ngx_http_coderemote_ws_forget(ngx_http_coderemote_ws_t *ws,
    ngx_http_coderemote_ws_report_t *report)
{
    ngx_queue_remove(&report->link);
    ws->nreports--;

    ngx_free(report);
}


/* Nothing is told twice of a job that somebody asked for meanwhile. */

static void
ngx_http_coderemote_ws_reported(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id)
{
    ngx_queue_t                      *q;
    ngx_http_coderemote_ws_report_t  *report;

    for (q = ngx_queue_head(&ws->reports);
         q != ngx_queue_sentinel(&ws->reports);
         q = ngx_queue_next(q))
    {
        report = ngx_queue_data(q, ngx_http_coderemote_ws_report_t, link);

        if (ngx_cr_job_id_equal(&report->id, id)) {
            ngx_http_coderemote_ws_forget(ws, report);
            return;
        }
    }
}


/* Its place is taken by one that reports here and had to wait. */

void
ngx_http_coderemote_ws_freed(ngx_http_coderemote_ws_t *ws)
{
    ngx_cr_job_id_t                   id;
    ngx_http_coderemote_ws_report_t  *report;

    while (ws->njobs < ws->max_jobs && !ngx_queue_empty(&ws->reports)) {
        report = ngx_queue_data(ngx_queue_head(&ws->reports),
                                ngx_http_coderemote_ws_report_t, link);
        id = report->id;

        ngx_http_coderemote_ws_forget(ws, report);
        (void) ngx_http_coderemote_ws_follow(ws, &id, 0, 0);
    }

    ngx_http_coderemote_ws_count(ws);
}


static void
ngx_http_coderemote_ws_drop(ngx_http_coderemote_ws_job_t *job)
{
    ngx_http_coderemote_ws_t  *ws;

    ws = job->ws;

    ngx_http_coderemote_ws_slow(job, 0);
    ngx_http_coderemote_ws_free(job);
    ngx_http_coderemote_ws_freed(ws);
}


static ngx_int_t
ngx_http_coderemote_ws_start(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id, uint64_t seq, ngx_uint_t attached)
{
    ngx_int_t                      rc;
    ngx_http_coderemote_ws_job_t  *job;

    job = ngx_calloc(sizeof(ngx_http_coderemote_ws_job_t), ngx_cycle->log);
    if (job == NULL) {
        return NGX_ERROR;
    }

    job->ws = ws;
    job->id = *id;
    job->attached = attached;
    job->ready = 1;
    job->follow.handler = ngx_http_coderemote_ws_news;
    job->follow.data = job;

    rc = ngx_cr_follow_start(&job->follow, id, seq);

    if (rc != NGX_OK) {
        ngx_free(job);
        return rc;
    }

    ngx_queue_insert_tail(&ws->jobs, &job->link);
    ws->njobs++;

    ngx_http_coderemote_ws_reported(ws, id);

    ngx_http_coderemote_ws_count(ws);
    ngx_http_coderemote_ws_resume(ws);

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_ws_follow(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id, uint64_t seq, ngx_uint_t attached)
{
    ngx_int_t          rc;
    ngx_cr_job_view_t  view;

    if (ngx_http_coderemote_ws_job(ws, id)) {
        return NGX_DONE;
    }

    rc = ngx_http_coderemote_ws_look(ws, id, &view);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ws->njobs >= ws->max_jobs) {
        return NGX_BUSY;
    }

    return ngx_http_coderemote_ws_start(ws, id, seq, attached);
}


ngx_int_t
ngx_http_coderemote_ws_unfollow(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id)
{
    ngx_http_coderemote_ws_job_t  *job;

    job = ngx_http_coderemote_ws_job(ws, id);

    if (job == NULL) {
        return NGX_DECLINED;
    }

    ngx_http_coderemote_ws_drop(job);

    return NGX_OK;
}


/* There is news of a job; who has no room for it is fed later. */

static void
ngx_http_coderemote_ws_news(ngx_cr_follow_t *follow)
{
    ngx_http_coderemote_ws_job_t *job = follow->data;

    job->ready = 1;

    if (ngx_cr_websocket_full(job->ws->websocket)) {
        ngx_http_coderemote_ws_lag(job);
        return;
    }

    ngx_http_coderemote_ws_resume(job->ws);
}


/* The job has vanished, or memory is short; its follower is dropped. */

static void
ngx_http_coderemote_ws_lost(ngx_http_coderemote_ws_job_t *job, ngx_int_t rc)
{
    json_t                    *about;
    ngx_http_coderemote_ws_t  *ws;

    ws = job->ws;
    about = ngx_http_coderemote_job_brief(&job->id, NGX_CR_JOB_QUEUED);

    if (rc == NGX_ERROR) {
        ngx_http_coderemote_ws_error(ws, about, "internal",
                                     "The job cannot be followed any more; "
                                     "the server's log tells why.");

    } else {
        ngx_http_coderemote_ws_error(ws, about, "not_found",
                                     "The job was forgotten before all of it "
                                     "was told.");
    }

    json_decref(about);

    ngx_http_coderemote_ws_drop(job);
}


/* Output that does not fit a message need not be fetched. */

static ngx_int_t
ngx_http_coderemote_ws_ended(ngx_http_coderemote_ws_job_t *job,
    json_t **json)
{
    ngx_int_t           rc;
    ngx_uint_t          flags;
    ngx_pool_t         *pool;
    ngx_cr_job_view_t   view;

    rc = ngx_http_coderemote_ws_look(job->ws, &job->id, &view);

    if (rc != NGX_OK) {
        return rc;
    }

    flags = view.log > NGX_HTTP_CODEREMOTE_WS_MESSAGE ? NGX_CR_GET_EXTRAS
                                                      : NGX_CR_GET_OUTPUT;

    pool = ngx_create_pool(NGX_HTTP_CODEREMOTE_WS_POOL, ngx_cycle->log);
    if (pool == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_cr_job_store()->get(&job->id, pool, flags, &view);

    if (rc == NGX_OK) {
        *json = ngx_http_coderemote_job_result_event(&view,
                                           NGX_HTTP_CODEREMOTE_WS_MESSAGE);
    }

    ngx_destroy_pool(pool);

    return rc;
}


static void
ngx_http_coderemote_ws_result(ngx_http_coderemote_ws_job_t *job)
{
    json_t     *json;
    ngx_int_t   rc;

    rc = ngx_http_coderemote_ws_ended(job, &json);

    if (rc != NGX_OK) {
        ngx_http_coderemote_ws_lost(job, rc);
        return;
    }

    ngx_http_coderemote_ws_send(job->ws, json);
    ngx_http_coderemote_ws_drop(job);
}


/* The next event of a job; then it is others' turn. */

static void
ngx_http_coderemote_ws_tell(ngx_http_coderemote_ws_job_t *job)
{
    ngx_int_t                  rc;
    ngx_cr_follow_event_t      event;
    ngx_http_coderemote_ws_t  *ws;

    ws = job->ws;

    rc = ngx_cr_follow_next(&job->follow, &event);

    if (rc == NGX_AGAIN) {
        job->ready = 0;
        ngx_http_coderemote_ws_slow(job, 0);
        return;
    }

    if (rc != NGX_OK) {
        ngx_http_coderemote_ws_lost(job, rc);
        return;
    }

    if (event.kind == NGX_CR_FOLLOW_END) {
        ngx_http_coderemote_ws_result(job);
        return;
    }

    ngx_http_coderemote_ws_send(ws,
                                ngx_http_coderemote_job_event(&job->id,
                                                              &event));

    ngx_queue_remove(&job->link);
    ngx_queue_insert_tail(&ws->jobs, &job->link);
}


static ngx_http_coderemote_ws_job_t *
ngx_http_coderemote_ws_turn(ngx_http_coderemote_ws_t *ws)
{
    ngx_queue_t                   *q;
    ngx_http_coderemote_ws_job_t  *job;

    for (q = ngx_queue_head(&ws->jobs);
         q != ngx_queue_sentinel(&ws->jobs);
         q = ngx_queue_next(q))
    {
        job = ngx_queue_data(q, ngx_http_coderemote_ws_job_t, link);

        if (job->ready) {
            return job;
        }
    }

    return NULL;
}


static void
ngx_http_coderemote_ws_feed(ngx_event_t *ev)
{
    ngx_queue_t                   *q;
    ngx_http_coderemote_ws_t      *ws = ev->data;
    ngx_http_coderemote_ws_job_t  *job;

    while (!ngx_cr_websocket_full(ws->websocket)) {
        job = ngx_http_coderemote_ws_turn(ws);

        if (job) {
            ngx_http_coderemote_ws_tell(job);
        }

        if (ngx_http_coderemote_ws_analyze_tell(ws) == NGX_DONE
            && job == NULL)
        {
            return;
        }
    }

    for (q = ngx_queue_head(&ws->jobs);
         q != ngx_queue_sentinel(&ws->jobs);
         q = ngx_queue_next(q))
    {
        ngx_http_coderemote_ws_lag(
            ngx_queue_data(q, ngx_http_coderemote_ws_job_t, link));
    }
}


/* Nobody is told any more.  What was stopped may end at once. */

void
ngx_http_coderemote_ws_feed_end(ngx_http_coderemote_ws_t *ws)
{
    ngx_uint_t                     attached;
    ngx_cr_job_id_t                id;
    ngx_http_coderemote_ws_job_t  *job;

    while (!ngx_queue_empty(&ws->reports)) {
        ngx_http_coderemote_ws_forget(ws,
            ngx_queue_data(ngx_queue_head(&ws->reports),
                           ngx_http_coderemote_ws_report_t, link));
    }

    while (!ngx_queue_empty(&ws->jobs)) {
        job = ngx_queue_data(ngx_queue_head(&ws->jobs),
                             ngx_http_coderemote_ws_job_t, link);
        id = job->id;
        attached = job->attached;

        ngx_http_coderemote_ws_free(job);

        if (attached && ngx_cr_job_store()) {
            (void) ngx_cr_job_stop(&id);
        }
    }

    if (ws->feed.posted) {
        ngx_delete_posted_event(&ws->feed);
    }
}


/* A client that does not read is not told that either. */

static void
ngx_http_coderemote_ws_unreported(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id, const char *code, const char *sentence)
{
    json_t  *about;

    if (ngx_cr_websocket_full(ws->websocket)) {
        return;
    }

    about = ngx_http_coderemote_job_brief(id, NGX_CR_JOB_QUEUED);

    ngx_http_coderemote_ws_error(ws, about, code, "%s", sentence);

    json_decref(about);
}


void
ngx_http_coderemote_ws_unreport(ngx_http_coderemote_ws_t *ws)
{
    const char                       *code, *left;
    ngx_http_coderemote_ws_report_t  *report;

    left = ngx_http_coderemote_ws_left(ws, &code);

    while (!ngx_queue_empty(&ws->reports)) {
        report = ngx_queue_data(ngx_queue_head(&ws->reports),
                                ngx_http_coderemote_ws_report_t, link);

        ngx_http_coderemote_ws_unreported(ws, &report->id, code, left);
        ngx_http_coderemote_ws_forget(ws, report);
    }
}


/* A job reports here: it was posted with this connection's name. */

static void
ngx_http_coderemote_ws_report(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id)
{
    const char                       *code, *left;
    ngx_cr_job_view_t                 view;
    ngx_http_coderemote_ws_report_t  *report;

    /* jobs that are posted one after the other would keep it for ever */

    left = ngx_http_coderemote_ws_left(ws, &code);

    if (left) {

        if (ngx_http_coderemote_ws_job(ws, id) == NULL
            && ngx_http_coderemote_ws_look(ws, id, &view) == NGX_OK)
        {
            ngx_http_coderemote_ws_unreported(ws, id, code, left);
        }

        return;
    }

    if (ngx_http_coderemote_ws_follow(ws, id, 0, 0) != NGX_BUSY) {
        return;
    }

    report = NULL;

    if (ws->nreports < NGX_HTTP_CODEREMOTE_WS_REPORTS) {
        report = ngx_alloc(sizeof(ngx_http_coderemote_ws_report_t),
                           ngx_cycle->log);
    }

    if (report == NULL) {
        ngx_http_coderemote_ws_unreported(ws, id, "too_many_jobs",
                                          "Too many jobs report to this "
                                          "connection; subscribe to this one "
                                          "later.");
        return;
    }

    report->id = *id;

    ngx_queue_insert_tail(&ws->reports, &report->link);
    ws->nreports++;
}


static void
ngx_http_coderemote_ws_ring_handler(void *data)
{
    ngx_uint_t                 i, n;
    ngx_cr_report_t            reports[NGX_HTTP_CODEREMOTE_WS_RINGS];
    ngx_http_coderemote_ws_t  *ws;

    if (ngx_cr_job_store() == NULL) {
        return;
    }

    do {
        n = ngx_cr_job_store()->reports(reports,
                                        NGX_HTTP_CODEREMOTE_WS_RINGS);

        for (i = 0; i < n; i++) {
            ws = ngx_http_coderemote_ws_find(&reports[i].connection);

            if (ws) {
                ngx_http_coderemote_ws_report(ws, &reports[i].id);
            }
        }

    } while (n == NGX_HTTP_CODEREMOTE_WS_RINGS);
}


ngx_int_t
ngx_http_coderemote_ws_feed_init(ngx_cycle_t *cycle)
{
    return ngx_cr_doorbell_on(ngx_http_coderemote_ws_ring_handler, NULL);
}
