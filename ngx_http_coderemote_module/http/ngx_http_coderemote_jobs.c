
#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_job_json.h"
#include "ngx_http_coderemote_request.h"
#include "ngx_http_coderemote_submit.h"
#include "ngx_cr_job.h"


/* Milliseconds that DELETE waits for a job to end. */
#define NGX_HTTP_CODEREMOTE_STOP_WAIT  1000

/*
 * What "as long as the job may take" is at most, in milliseconds: another
 * worker runs it, which keeps its own deadline.
 */
#define NGX_HTTP_CODEREMOTE_LONGEST    (24 * 3600 * 1000)


/* A request for a job, while it waits for the job's end. */

typedef struct {
    ngx_http_request_t           *request;
    ngx_http_coderemote_wait_t    wait;
    ngx_event_t                   timer;
    ngx_cr_job_waiter_t           job;
} ngx_http_coderemote_jobs_t;


static ngx_int_t ngx_http_coderemote_jobs_get(ngx_http_request_t *r,
    const ngx_cr_job_id_t *id, const ngx_cr_job_view_t *view);
static ngx_int_t ngx_http_coderemote_jobs_delete(ngx_http_request_t *r,
    const ngx_cr_job_id_t *id, const ngx_cr_job_view_t *view);
static ngx_int_t ngx_http_coderemote_jobs_wait(ngx_http_request_t *r,
    const ngx_cr_job_id_t *id, const ngx_http_coderemote_wait_t *wait);
static void ngx_http_coderemote_jobs_ended(ngx_cr_job_waiter_t *waiter);
static void ngx_http_coderemote_jobs_timer(ngx_event_t *ev);
static void ngx_http_coderemote_jobs_cleanup(void *data);
static ngx_int_t ngx_http_coderemote_jobs_answer(ngx_http_request_t *r,
    const ngx_cr_job_id_t *id);


ngx_int_t
ngx_http_coderemote_jobs_unknown(ngx_http_request_t *r)
{
    return ngx_http_coderemote_problem(r, NGX_HTTP_NOT_FOUND, NULL,
                                       "There is no such job; the ids of jobs "
                                       "come from POST, and what is done is "
                                       "forgotten after a while.");
}


/* NGX_OK, NGX_DECLINED: there is none that this client may see; NGX_ERROR. */

static ngx_int_t
ngx_http_coderemote_jobs_look(ngx_http_request_t *r, const ngx_cr_job_id_t *id,
    ngx_cr_job_view_t *view)
{
    ngx_int_t                        rc;
    ngx_http_coderemote_identity_t   identity;

    if (ngx_http_coderemote_identify(r, &identity) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_cr_job_store()->get(id, r->pool, 0, view);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_memcmp(identity.owner, view->owner, NGX_CR_OWNER_SIZE) != 0) {
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/* Whether it is the address of a job's events; then it is cut to the id. */

static ngx_uint_t
ngx_http_coderemote_jobs_events(ngx_str_t *text)
{
    static const ngx_str_t  events = ngx_string("/events");

    if (text->len != NGX_CR_JOB_ID_LEN + events.len
        || ngx_memcmp(text->data + NGX_CR_JOB_ID_LEN, events.data, events.len)
           != 0)
    {
        return 0;
    }

    text->len = NGX_CR_JOB_ID_LEN;

    return 1;
}


ngx_int_t
ngx_http_coderemote_jobs_handler(ngx_http_request_t *r, const ngx_str_t *rest)
{
    ngx_int_t          rc;
    ngx_str_t          text;
    ngx_uint_t         events;
    ngx_cr_job_id_t    id;
    ngx_cr_job_view_t  view;

    text = *rest;
    events = ngx_http_coderemote_jobs_events(&text);

    if (events && !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_http_coderemote_not_allowed(r, "GET, HEAD");
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD|NGX_HTTP_DELETE))) {
        return ngx_http_coderemote_not_allowed(r, "GET, HEAD, DELETE");
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_cr_job_id_parse(text.data, text.len, &id) != NGX_OK) {
        return ngx_http_coderemote_jobs_unknown(r);
    }

    rc = ngx_http_coderemote_jobs_look(r, &id, &view);

    if (rc == NGX_DECLINED) {
        return ngx_http_coderemote_jobs_unknown(r);
    }

    if (rc != NGX_OK || ngx_http_coderemote_job_vars(r, &view) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (events) {
        return ngx_http_coderemote_events(r, &id);
    }

    if (r->method == NGX_HTTP_DELETE) {
        return ngx_http_coderemote_jobs_delete(r, &id, &view);
    }

    return ngx_http_coderemote_jobs_get(r, &id, &view);
}


static ngx_int_t
ngx_http_coderemote_jobs_get(ngx_http_request_t *r, const ngx_cr_job_id_t *id,
    const ngx_cr_job_view_t *view)
{
    ngx_http_coderemote_wait_t  wait;

    if (ngx_http_coderemote_wait_read(r, &wait) != NGX_OK) {
        return ngx_http_coderemote_wait_problem(r);
    }

    if (!wait.wanted || ngx_cr_job_done(view->status)) {

        if (ngx_http_coderemote_wait_applied(r, &wait) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_coderemote_jobs_answer(r, id);
    }

    if (wait.forever) {
        wait.ms = NGX_HTTP_CODEREMOTE_LONGEST;
    }

    return ngx_http_coderemote_jobs_wait(r, id, &wait);
}


static ngx_int_t
ngx_http_coderemote_jobs_forget(ngx_http_request_t *r,
    const ngx_cr_job_id_t *id)
{
    ngx_int_t  rc;

    rc = ngx_cr_job_store()->forget(id);

    if (rc == NGX_DECLINED) {
        return ngx_http_coderemote_jobs_unknown(r);
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_coderemote_no_content(r);
}


/* Its end is told if it comes soon, which it does. */

static ngx_int_t
ngx_http_coderemote_jobs_delete(ngx_http_request_t *r,
    const ngx_cr_job_id_t *id, const ngx_cr_job_view_t *view)
{
    ngx_int_t                   rc;
    ngx_http_coderemote_wait_t  wait;

    if (ngx_cr_job_done(view->status)) {
        return ngx_http_coderemote_jobs_forget(r, id);
    }

    rc = ngx_cr_job_stop(id);

    if (rc == NGX_DONE) {
        return ngx_http_coderemote_jobs_answer(r, id);
    }

    if (rc != NGX_OK) {
        return ngx_http_coderemote_jobs_unknown(r);
    }

    ngx_memzero(&wait, sizeof(ngx_http_coderemote_wait_t));
    wait.ms = NGX_HTTP_CODEREMOTE_STOP_WAIT;

    return ngx_http_coderemote_jobs_wait(r, id, &wait);
}


static ngx_int_t
ngx_http_coderemote_jobs_wait(ngx_http_request_t *r, const ngx_cr_job_id_t *id,
    const ngx_http_coderemote_wait_t *wait)
{
    ngx_http_cleanup_t          *cln;
    ngx_http_coderemote_jobs_t  *jobs;

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_coderemote_jobs_t));

    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    jobs = cln->data;
    ngx_memzero(jobs, sizeof(ngx_http_coderemote_jobs_t));

    cln->handler = ngx_http_coderemote_jobs_cleanup;

    jobs->request = r;
    jobs->wait = *wait;
    jobs->timer.handler = ngx_http_coderemote_jobs_timer;
    jobs->timer.data = jobs;
    jobs->timer.log = r->connection->log;
    jobs->job.handler = ngx_http_coderemote_jobs_ended;
    jobs->job.data = jobs;
    jobs->job.id = *id;

    if (ngx_cr_job_wait(&jobs->job) != NGX_OK) {
        return ngx_http_coderemote_jobs_answer(r, id);
    }

    ngx_add_timer(&jobs->timer, wait->ms);

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    r->main->count++;

    return NGX_DONE;
}


static void
ngx_http_coderemote_jobs_finish(ngx_http_coderemote_jobs_t *jobs)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = jobs->request;

    rc = ngx_http_coderemote_wait_applied(r, &jobs->wait);

    if (rc == NGX_OK) {
        rc = ngx_http_coderemote_jobs_answer(r, &jobs->job.id);
    }

    ngx_http_coderemote_finish(r, rc);
}


static void
ngx_http_coderemote_jobs_ended(ngx_cr_job_waiter_t *waiter)
{
    ngx_http_coderemote_jobs_t *jobs = waiter->data;

    if (jobs->timer.timer_set) {
        ngx_del_timer(&jobs->timer);
    }

    ngx_http_coderemote_jobs_finish(jobs);
}


static void
ngx_http_coderemote_jobs_timer(ngx_event_t *ev)
{
    ngx_http_coderemote_jobs_t *jobs = ev->data;

    ngx_cr_job_unwait(&jobs->job);

    ngx_http_coderemote_jobs_finish(jobs);
}


static void
ngx_http_coderemote_jobs_cleanup(void *data)
{
    ngx_http_coderemote_jobs_t *jobs = data;

    if (jobs->timer.timer_set) {
        ngx_del_timer(&jobs->timer);
    }

    ngx_cr_job_unwait(&jobs->job);
}


/* The job as it is; one that DELETE could not end yet is merely accepted. */

static ngx_int_t
ngx_http_coderemote_jobs_answer(ngx_http_request_t *r,
    const ngx_cr_job_id_t *id)
{
    ngx_int_t          rc;
    ngx_uint_t         status;
    ngx_cr_job_view_t  view;

    rc = ngx_cr_job_store()->get(id, r->pool, NGX_CR_GET_OUTPUT, &view);

    if (rc == NGX_DECLINED) {
        return ngx_http_coderemote_jobs_unknown(r);
    }

    if (rc != NGX_OK || ngx_http_coderemote_job_vars(r, &view) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    status = (r->method == NGX_HTTP_DELETE && !ngx_cr_job_done(view.status))
             ? NGX_HTTP_ACCEPTED : NGX_HTTP_OK;

    return ngx_http_coderemote_send(r, status,
                                    ngx_http_coderemote_job_json(&view));
}
