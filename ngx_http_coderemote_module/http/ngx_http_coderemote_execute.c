
#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_body.h"
#include "ngx_http_coderemote_job_json.h"
#include "ngx_http_coderemote_request.h"
#include "ngx_http_coderemote_submit.h"
#include "ngx_cr_job.h"


/* A request to run a program, while it waits for something. */

typedef struct {
    ngx_http_request_t           *request;
    json_t                       *body;
    ngx_http_coderemote_wait_t    wait;
    ngx_event_t                   timer;      /* not cancelable: a worker that
                                                 shuts down waits for it */
    ngx_cr_helper_waiter_t        sandbox;
    ngx_cr_job_waiter_t           job;
    unsigned                      running:1;  /* its job must not outlive it */
} ngx_http_coderemote_execute_t;


static ngx_int_t ngx_http_coderemote_execute_post(ngx_http_request_t *r);
static void ngx_http_coderemote_execute_body(ngx_http_request_t *r);
static ngx_int_t ngx_http_coderemote_execute_run(
    ngx_http_coderemote_execute_t *ex);
static ngx_int_t ngx_http_coderemote_execute_await(
    ngx_http_coderemote_execute_t *ex);
static void ngx_http_coderemote_execute_sandbox_ready(
    ngx_cr_helper_waiter_t *waiter);
static ngx_int_t ngx_http_coderemote_execute_create(
    ngx_http_coderemote_execute_t *ex, ngx_http_coderemote_fields_t *fields);
static ngx_int_t ngx_http_coderemote_execute_wait(
    ngx_http_coderemote_execute_t *ex);
static void ngx_http_coderemote_execute_ended(ngx_cr_job_waiter_t *waiter);
static ngx_int_t ngx_http_coderemote_execute_answer(
    ngx_http_coderemote_execute_t *ex);
static void ngx_http_coderemote_execute_timer(ngx_event_t *ev);
static void ngx_http_coderemote_execute_cleanup(void *data);


ngx_int_t
ngx_http_coderemote_execute_handler(ngx_http_request_t *r)
{
    ngx_str_t                              rest;
    ngx_http_coderemote_endpoints_conf_t  *ecf;

    ecf = ngx_http_get_module_loc_conf(r,
                                       ngx_http_coderemote_endpoints_module);

    if (r->uri.len >= ecf->base.len) {
        rest.data = r->uri.data + ecf->base.len;
        rest.len = r->uri.len - ecf->base.len;

        if (rest.len == 0 || (rest.len == 1 && rest.data[0] == '/')) {
            return ngx_http_coderemote_execute_post(r);
        }

        if (rest.len > 6 && ngx_strncmp(rest.data, "/jobs/", 6) == 0) {
            rest.data += 6;
            rest.len -= 6;

            return ngx_http_coderemote_jobs_handler(r, &rest);
        }
    }

    return ngx_http_coderemote_problem(r, NGX_HTTP_NOT_FOUND, NULL,
                                       "There is nothing here; programs are "
                                       "posted to %V and jobs are found at "
                                       "%V/jobs/{id}.",
                                       &ecf->base, &ecf->base);
}


/*
 * Who will be refused need not send his program first.  One that is here
 * already is left to the store, which looks whether all of its jobs are still
 * somebody's before it refuses one.
 */

static ngx_uint_t
ngx_http_coderemote_execute_full(ngx_http_request_t *r)
{
    off_t                             missing;
    ngx_uint_t                        unfinished, kept;
    ngx_http_coderemote_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_coderemote_module);

    ngx_cr_job_store()->count(&unfinished, &kept);

    if (unfinished < (ngx_uint_t) mcf->queue || r->request_body) {
        return 0;
    }

    missing = r->headers_in.content_length_n
              - (r->header_in->last - r->header_in->pos);

    return r->headers_in.chunked || missing > 0;
}


static ngx_int_t
ngx_http_coderemote_execute_post(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    if (r->method != NGX_HTTP_POST) {
        return ngx_http_coderemote_not_allowed(r, "POST");
    }

    rc = ngx_http_coderemote_body_check(r);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (ngx_http_coderemote_execute_full(r)) {
        return ngx_http_coderemote_refuse(r,
                                   &ngx_http_coderemote_refusal_queue, NULL);
    }

    r->request_body_in_single_buf = 1;

    rc = ngx_http_read_client_request_body(r,
                                           ngx_http_coderemote_execute_body);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static void
ngx_http_coderemote_execute_body(ngx_http_request_t *r)
{
    ngx_int_t                       rc;
    ngx_http_cleanup_t             *cln;
    ngx_http_coderemote_execute_t  *ex;

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_coderemote_execute_t));

    if (cln == NULL) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    ex = cln->data;
    ngx_memzero(ex, sizeof(ngx_http_coderemote_execute_t));

    cln->handler = ngx_http_coderemote_execute_cleanup;

    ex->request = r;
    ex->timer.handler = ngx_http_coderemote_execute_timer;
    ex->timer.data = ex;
    ex->timer.log = r->connection->log;

    if (ngx_http_coderemote_wait_read(r, &ex->wait) != NGX_OK) {
        ngx_http_finalize_request(r, ngx_http_coderemote_wait_problem(r));
        return;
    }

    rc = ngx_http_coderemote_body_parse(r, &ex->body);

    if (rc == NGX_OK && ex->body) {
        rc = ngx_http_coderemote_execute_run(ex);
    }

    if (rc != NGX_AGAIN) {
        ngx_http_finalize_request(r, rc);
    }
}


/* NGX_AGAIN: it waits; anything else: finalize with it. */

static ngx_int_t
ngx_http_coderemote_execute_run(ngx_http_coderemote_execute_t *ex)
{
    json_t                        *errors;
    ngx_http_request_t            *r;
    ngx_http_coderemote_fields_t   fields;

    r = ex->request;

    errors = ngx_http_coderemote_fields_read(r, r->pool, ex->body,
                                             NGX_HTTP_CODEREMOTE_IN_BODY,
                                             ngx_cr_helper_status(), &fields);
    if (errors == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (json_array_size(errors)) {
        return ngx_http_coderemote_refuse(r,
                                  &ngx_http_coderemote_refusal_fields, errors);
    }

    json_decref(errors);

    if (!ngx_cr_helper_ready()) {
        return ngx_http_coderemote_execute_await(ex);
    }

    return ngx_http_coderemote_execute_create(ex, &fields);
}


static void
ngx_http_coderemote_execute_suspend(ngx_http_request_t *r)
{
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;
}


/* A sandbox that is started anew shall cost no request. */

static ngx_int_t
ngx_http_coderemote_execute_await(ngx_http_coderemote_execute_t *ex)
{
    ex->sandbox.handler = ngx_http_coderemote_execute_sandbox_ready;
    ex->sandbox.data = ex;

    ngx_cr_helper_wait_ready(&ex->sandbox);

    ngx_add_timer(&ex->timer, NGX_HTTP_CODEREMOTE_SANDBOX_WAIT);

    ngx_http_coderemote_execute_suspend(ex->request);

    return NGX_AGAIN;
}


static void
ngx_http_coderemote_execute_sandbox_ready(ngx_cr_helper_waiter_t *waiter)
{
    ngx_int_t                       rc;
    ngx_http_coderemote_execute_t  *ex;

    ex = waiter->data;

    if (ex->timer.timer_set) {
        ngx_del_timer(&ex->timer);
    }

    rc = ngx_http_coderemote_execute_run(ex);

    if (rc != NGX_AGAIN) {
        ngx_http_coderemote_finish(ex->request, rc);
    }
}


static ngx_int_t
ngx_http_coderemote_execute_create(ngx_http_coderemote_execute_t *ex,
    ngx_http_coderemote_fields_t *fields)
{
    u_char                          *p;
    ngx_int_t                        rc;
    ngx_http_request_t              *r;
    ngx_http_coderemote_ctx_t       *ctx;
    ngx_http_coderemote_refusal_t    refusal;
    ngx_http_coderemote_identity_t   identity;

    r = ex->request;

    ctx = ngx_http_coderemote_ctx(r);
    p = ngx_pnalloc(r->pool, NGX_CR_JOB_ID_LEN);

    if (ctx == NULL || p == NULL
        || ngx_http_coderemote_identify(r, &identity) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->runtime = fields->runtime;
    ctx->code = fields->code;

    rc = ngx_http_coderemote_submit(r, &identity, fields, &ex->job.id,
                                    &refusal);

    if (rc == NGX_DECLINED) {
        return ngx_http_coderemote_refuse(r, &refusal, NULL);
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_cr_job_id_format(p, &ex->job.id);

    ctx->job_id.data = p;
    ctx->job_id.len = NGX_CR_JOB_ID_LEN;
    ctx->status = NGX_CR_JOB_QUEUED;

    if (!ex->wait.wanted) {
        return ngx_http_coderemote_execute_answer(ex);
    }

    return ngx_http_coderemote_execute_wait(ex);
}


static ngx_int_t
ngx_http_coderemote_execute_wait(ngx_http_coderemote_execute_t *ex)
{
    ex->job.handler = ngx_http_coderemote_execute_ended;
    ex->job.data = ex;

    if (ngx_cr_job_wait(&ex->job) != NGX_OK) {
        return ngx_http_coderemote_execute_answer(ex);
    }

    ex->running = 1;

    /* who waits for as long as it takes is protected by the job's own timer */

    if (!ex->wait.forever) {
        ngx_add_timer(&ex->timer, ex->wait.ms);
    }

    ngx_http_coderemote_execute_suspend(ex->request);

    return NGX_AGAIN;
}


static void
ngx_http_coderemote_execute_ended(ngx_cr_job_waiter_t *waiter)
{
    ngx_http_coderemote_execute_t  *ex;

    ex = waiter->data;
    ex->running = 0;

    if (ex->timer.timer_set) {
        ngx_del_timer(&ex->timer);
    }

    ngx_http_coderemote_finish(ex->request,
                               ngx_http_coderemote_execute_answer(ex));
}


static ngx_int_t
ngx_http_coderemote_execute_accepted(ngx_http_request_t *r,
    const ngx_cr_job_view_t *view)
{
    ngx_str_t                              location;
    ngx_http_coderemote_ctx_t             *ctx;
    ngx_http_coderemote_endpoints_conf_t  *ecf;

    ctx = ngx_http_coderemote_ctx(r);
    ecf = ngx_http_get_module_loc_conf(r,
                                       ngx_http_coderemote_endpoints_module);

    location.len = ecf->base.len + sizeof("/jobs/") - 1 + ctx->job_id.len;

    location.data = ngx_pnalloc(r->pool, location.len);
    if (location.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_sprintf(location.data, "%V/jobs/%V", &ecf->base, &ctx->job_id);

    /* not headers_out.location: nginx would make it absolute */

    if (ngx_http_coderemote_header(r, "Location", &location) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_coderemote_send(r, NGX_HTTP_ACCEPTED,
                       ngx_http_coderemote_job_brief(&view->id, view->status));
}


/* 200 and the job when it is done, else 202. */

static ngx_int_t
ngx_http_coderemote_execute_answer(ngx_http_coderemote_execute_t *ex)
{
    ngx_uint_t           flags;
    ngx_cr_job_view_t    view;
    ngx_http_request_t  *r;

    r = ex->request;

    if (ngx_http_coderemote_wait_applied(r, &ex->wait) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    flags = ex->wait.wanted ? NGX_CR_GET_OUTPUT : 0;

    if (ngx_cr_job_store()->get(&ex->job.id, r->pool, flags, &view) != NGX_OK
        || ngx_http_coderemote_job_vars(r, &view) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ngx_cr_job_done(view.status) || !ex->wait.wanted) {
        return ngx_http_coderemote_execute_accepted(r, &view);
    }

    return ngx_http_coderemote_send(r, NGX_HTTP_OK,
                                    ngx_http_coderemote_job_json(&view));
}


static void
ngx_http_coderemote_execute_timer(ngx_event_t *ev)
{
    ngx_http_request_t             *r;
    ngx_http_coderemote_execute_t  *ex;

    ex = ev->data;
    r = ex->request;

    if (ex->running) {

        /* it has waited enough; the job goes on */

        ex->running = 0;
        ngx_cr_job_unwait(&ex->job);

        ngx_http_coderemote_finish(r, ngx_http_coderemote_execute_answer(ex));
        return;
    }

    ngx_cr_helper_forget(&ex->sandbox);

    ngx_http_coderemote_finish(r, ngx_http_coderemote_refuse(r,
                                 &ngx_http_coderemote_refusal_sandbox, NULL));
}


static void
ngx_http_coderemote_execute_cleanup(void *data)
{
    ngx_http_coderemote_execute_t *ex = data;

    if (ex->timer.timer_set) {
        ngx_del_timer(&ex->timer);
    }

    ngx_cr_helper_forget(&ex->sandbox);
    ngx_cr_job_unwait(&ex->job);

    if (ex->running) {
        ex->running = 0;
        (void) ngx_cr_job_stop(&ex->job.id);
    }
}
