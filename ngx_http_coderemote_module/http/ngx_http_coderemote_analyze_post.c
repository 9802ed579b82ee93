
/* POST /analyze, answered as a whole or as it is written. */

#include "ngx_http_coderemote_analyze.h"
#include "ngx_http_coderemote_body.h"
#include "ngx_http_coderemote_request.h"
#include "ngx_http_coderemote_sse.h"
#include "ngx_cr_job.h"


typedef struct {
    ngx_http_coderemote_sse_t   sse;
    ngx_cr_analysis_run_t      *run;
    ngx_cr_analysis_event_t     event;       /* that was pulled */
    unsigned                    pulled:1;    /* and not yet told */
    unsigned                    live:1;      /* the client wants events */
    unsigned                    begun:1;     /* they are sent */
} ngx_http_coderemote_analyze_t;


static void ngx_http_coderemote_analyze_body(ngx_http_request_t *r);
static ngx_int_t ngx_http_coderemote_analyze_begin(
    ngx_http_coderemote_analyze_t *an, json_t *body);
static void ngx_http_coderemote_analyze_news(ngx_cr_analysis_run_t *run,
    void *data);
static ngx_int_t ngx_http_coderemote_analyze_next(
    ngx_http_coderemote_sse_t *sse);
static void ngx_http_coderemote_analyze_stop(ngx_http_coderemote_sse_t *sse);
static void ngx_http_coderemote_analyze_cleanup(void *data);


ngx_int_t
ngx_http_coderemote_analyze_post(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    if (r->method != NGX_HTTP_POST) {
        return ngx_http_coderemote_not_allowed(r, "POST");
    }

    rc = ngx_http_coderemote_body_check(r);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    r->request_body_in_single_buf = 1;

    rc = ngx_http_read_client_request_body(r,
                                           ngx_http_coderemote_analyze_body);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static ngx_http_coderemote_analyze_t *
ngx_http_coderemote_analyze_create(ngx_http_request_t *r)
{
    ngx_http_cleanup_t             *cln;
    ngx_http_coderemote_analyze_t  *an;

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_coderemote_analyze_t));

    if (cln == NULL) {
        return NULL;
    }

    an = cln->data;
    ngx_memzero(an, sizeof(ngx_http_coderemote_analyze_t));

    cln->handler = ngx_http_coderemote_analyze_cleanup;

    an->sse.request = r;
    an->sse.next = ngx_http_coderemote_analyze_next;
    an->sse.stop = ngx_http_coderemote_analyze_stop;
    an->sse.data = an;

    /* events that are put together with other answers would never end */

    an->live = (r == r->main) && ngx_http_coderemote_sse_accepted(r);

    return an;
}


static void
ngx_http_coderemote_analyze_body(ngx_http_request_t *r)
{
    json_t                         *body;
    ngx_int_t                       rc;
    ngx_http_coderemote_analyze_t  *an;

    an = ngx_http_coderemote_analyze_create(r);

    if (an == NULL) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    body = NULL;

    rc = ngx_http_coderemote_body_parse(r, &body);

    if (rc == NGX_OK && body) {
        rc = ngx_http_coderemote_analyze_begin(an, body);
    }

    if (rc != NGX_AGAIN) {
        ngx_http_finalize_request(r, rc);
    }
}


/* NGX_AGAIN: it waits; anything else: finalize with it. */

static ngx_int_t
ngx_http_coderemote_analyze_begin(ngx_http_coderemote_analyze_t *an,
    json_t *body)
{
    json_t                          *errors;
    ngx_cr_job_id_t                  id;
    ngx_http_request_t              *r;
    ngx_http_coderemote_ctx_t       *ctx;
    ngx_http_coderemote_fields_t     fields;
    ngx_http_coderemote_identity_t   identity;

    r = an->sse.request;

    errors = ngx_http_coderemote_fields_read(r, r->pool, body,
                                             NGX_HTTP_CODEREMOTE_IN_ANALYZE,
                                             ngx_cr_helper_status(), &fields);
    if (errors == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (json_array_size(errors)) {
        return ngx_http_coderemote_refuse(r,
                                  &ngx_http_coderemote_refusal_fields, errors);
    }

    json_decref(errors);

    ctx = ngx_http_coderemote_ctx(r);

    if (ctx == NULL
        || ngx_http_coderemote_identify(r, &identity) != NGX_OK
        || ngx_cr_job_id_generate(&id, r->connection->log) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->runtime = fields.runtime;
    ctx->code = fields.code;

    an->run = ngx_http_coderemote_analyze_start(r, &identity, &fields, &id,
                                        ngx_http_coderemote_analyze_news, an);
    if (an->run == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    return NGX_AGAIN;
}


/* Who gave the answer, for $coderemote_analyzer. */

static ngx_int_t
ngx_http_coderemote_analyze_var(ngx_http_coderemote_analyze_t *an)
{
    ngx_str_t                  *name;
    ngx_http_request_t         *r;
    ngx_http_coderemote_ctx_t  *ctx;

    r = an->sse.request;
    ctx = ngx_http_coderemote_ctx(r);
    name = &ctx->analyzer;

    name->data = ngx_pstrdup(r->pool, &an->event.provider);
    if (name->data == NULL) {
        return NGX_ERROR;
    }

    name->len = an->event.provider.len;

    return NGX_OK;
}


/* What there was no analyzer for is the answer of none. */

static ngx_int_t
ngx_http_coderemote_analyze_answer(ngx_http_coderemote_analyze_t *an)
{
    ngx_http_request_t              *r;
    const ngx_cr_analysis_result_t  *result;

    r = an->sse.request;
    result = an->event.result;

    if (result->retry_after
        && ngx_http_coderemote_retry(r, result->retry_after) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (result->unavailable && result->status) {
        return ngx_http_coderemote_problem(r, result->status, NULL, "%V",
                                           &result->error);
    }

    if (ngx_http_coderemote_analyze_var(an) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_coderemote_send(r, NGX_HTTP_OK,
                                ngx_http_coderemote_analyze_json(&an->event));
}


/* NGX_AGAIN: it goes on. */

static ngx_int_t
ngx_http_coderemote_analyze_live(ngx_http_coderemote_analyze_t *an)
{
    ngx_int_t                 rc;
    ngx_cr_analysis_event_t  *event;

    event = &an->event;

    rc = ngx_cr_analysis_next(an->run, event);

    if (rc != NGX_OK) {
        return NGX_AGAIN;
    }

    /* before anything was begun it can still be refused as a request */

    if (event->kind == NGX_CR_ANALYSIS_END && event->result->unavailable
        && event->result->status)
    {
        return ngx_http_coderemote_analyze_answer(an);
    }

    an->pulled = 1;
    an->begun = 1;

    ngx_http_coderemote_sse_init(&an->sse);

    rc = ngx_http_coderemote_sse_header(an->sse.request);

    if (rc == NGX_ERROR || rc > NGX_OK || an->sse.request->header_only) {
        return rc;
    }

    return ngx_http_coderemote_sse_begin(&an->sse);
}


static ngx_int_t
ngx_http_coderemote_analyze_whole(ngx_http_coderemote_analyze_t *an)
{
    do {
        if (ngx_cr_analysis_next(an->run, &an->event) != NGX_OK) {
            return NGX_AGAIN;
        }

    } while (an->event.kind != NGX_CR_ANALYSIS_END);

    return ngx_http_coderemote_analyze_answer(an);
}


static void
ngx_http_coderemote_analyze_news(ngx_cr_analysis_run_t *run, void *data)
{
    ngx_http_coderemote_analyze_t *an = data;

    ngx_int_t  rc;

    if (an->begun) {
        ngx_http_coderemote_sse_resume(&an->sse);
        return;
    }

    rc = an->live ? ngx_http_coderemote_analyze_live(an)
                  : ngx_http_coderemote_analyze_whole(an);

    if (rc != NGX_AGAIN) {
        ngx_http_coderemote_finish(an->sse.request, rc);
    }
}


static ngx_int_t
ngx_http_coderemote_analyze_next(ngx_http_coderemote_sse_t *sse)
{
    ngx_http_coderemote_analyze_t *an = sse->data;

    if (an->pulled) {
        an->pulled = 0;

    } else if (ngx_cr_analysis_next(an->run, &an->event) != NGX_OK) {
        return NGX_AGAIN;
    }

    if (an->event.kind == NGX_CR_ANALYSIS_END) {
        sse->last = 1;

        if (ngx_http_coderemote_analyze_var(an) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_http_coderemote_sse_put(sse,
                              ngx_http_coderemote_analyze_event(&an->event),
                              NULL);
}


static void
ngx_http_coderemote_analyze_stop(ngx_http_coderemote_sse_t *sse)
{
    ngx_http_coderemote_analyze_t *an = sse->data;

    if (an->run) {
        ngx_cr_analysis_stop(an->run);
        an->run = NULL;
    }
}


static void
ngx_http_coderemote_analyze_cleanup(void *data)
{
    ngx_http_coderemote_analyze_t *an = data;

    ngx_http_coderemote_analyze_stop(&an->sse);
    ngx_http_coderemote_sse_cleanup(&an->sse);
}
