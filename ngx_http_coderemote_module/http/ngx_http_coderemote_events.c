
/*
 * GET of a job's events: text/event-stream, for whom a WebSocket is too much.
 * What the client has no room for lies in the store.
 */

#include "ngx_http_coderemote_endpoints.h"
#include "ngx_cr_metrics.h"
#include "ngx_http_coderemote_job_json.h"
#include "ngx_http_coderemote_request.h"
#include "ngx_http_coderemote_sse.h"


typedef struct {
    ngx_http_coderemote_sse_t  sse;
    ngx_cr_follow_t            follow;
} ngx_http_coderemote_events_t;


static ngx_int_t ngx_http_coderemote_events_from(ngx_http_request_t *r,
    uint64_t *seq);
static ngx_http_coderemote_events_t *ngx_http_coderemote_events_create(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_coderemote_events_next(
    ngx_http_coderemote_sse_t *sse);
static ngx_int_t ngx_http_coderemote_events_end(
    ngx_http_coderemote_events_t *es);
static void ngx_http_coderemote_events_news(ngx_cr_follow_t *follow);
static void ngx_http_coderemote_events_stop(ngx_http_coderemote_sse_t *sse);
static void ngx_http_coderemote_events_cleanup(void *data);


static ngx_str_t  ngx_http_coderemote_events_last = ngx_string("end");


ngx_int_t
ngx_http_coderemote_events(ngx_http_request_t *r, const ngx_cr_job_id_t *id)
{
    uint64_t                       seq;
    ngx_int_t                      rc;
    ngx_http_coderemote_events_t  *es;

    rc = ngx_http_coderemote_events_from(r, &seq);

    if (rc == NGX_DONE) {
        return ngx_http_coderemote_no_content(r);
    }

    if (rc != NGX_OK) {
        return ngx_http_coderemote_problem(r, NGX_HTTP_BAD_REQUEST, NULL,
                                           "Last-Event-ID and \"seq\" are the "
                                           "\"id\" of an event that came.");
    }

    if (r->method == NGX_HTTP_HEAD) {
        return ngx_http_coderemote_sse_header(r);
    }

    /* an answer that is put together of several ones would never end */

    if (r != r->main) {
        return ngx_http_coderemote_problem(r, NGX_HTTP_BAD_REQUEST, NULL,
                                           "Events are for a client alone; a "
                                           "subrequest asks for the job, with "
                                           "\"wait\".");
    }

    es = ngx_http_coderemote_events_create(r);

    if (es == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_cr_follow_start(&es->follow, id, seq);

    if (rc == NGX_DECLINED) {
        return ngx_http_coderemote_jobs_unknown(r);
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_coderemote_sse_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    rc = ngx_http_coderemote_sse_begin(&es->sse);

    if (rc != NGX_AGAIN) {
        return rc;
    }

    r->main->count++;

    return NGX_DONE;
}


/*
 * Where the client was.  The header is of a browser that connects again, and
 * newer than the address.  NGX_OK; NGX_DONE: at the end; NGX_ERROR.
 */

static ngx_int_t
ngx_http_coderemote_events_from(ngx_http_request_t *r, uint64_t *seq)
{
    off_t             n;
    ngx_str_t        *last, value;
    ngx_table_elt_t  *header;

    *seq = 0;

    header = ngx_http_coderemote_header_in(r, "last-event-id", NULL);

    if (header) {
        last = &header->value;

    } else {

        if (r->args.len == 0
            || ngx_http_arg(r, (u_char *) "seq", 3, &value) != NGX_OK)
        {
            return NGX_OK;
        }

        last = &value;
    }

    if (last->len == ngx_http_coderemote_events_last.len
        && ngx_memcmp(last->data, ngx_http_coderemote_events_last.data,
                      last->len)
           == 0)
    {
        return NGX_DONE;
    }

    n = ngx_atoof(last->data, last->len);

    if (n == NGX_ERROR) {
        return NGX_ERROR;
    }

    *seq = n;

    return NGX_OK;
}


static ngx_http_coderemote_events_t *
ngx_http_coderemote_events_create(ngx_http_request_t *r)
{
    ngx_http_cleanup_t            *cln;
    ngx_http_coderemote_events_t  *es;

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_coderemote_events_t));

    if (cln == NULL) {
        return NULL;
    }

    es = cln->data;
    ngx_memzero(es, sizeof(ngx_http_coderemote_events_t));

    cln->handler = ngx_http_coderemote_events_cleanup;
    ngx_cr_gauge(NGX_CR_GAUGE_EVENT_STREAMS, 1);

    es->sse.request = r;
    es->sse.next = ngx_http_coderemote_events_next;
    es->sse.stop = ngx_http_coderemote_events_stop;
    es->sse.data = es;
    es->follow.handler = ngx_http_coderemote_events_news;
    es->follow.data = es;

    ngx_http_coderemote_sse_init(&es->sse);

    return es;
}


static ngx_int_t
ngx_http_coderemote_events_next(ngx_http_coderemote_sse_t *sse)
{
    ngx_http_coderemote_events_t *es = sse->data;

    ngx_int_t               rc;
    ngx_str_t               id;
    ngx_cr_follow_event_t   event;
    u_char                  buf[NGX_INT64_LEN];

    rc = ngx_cr_follow_next(&es->follow, &event);

    if (rc == NGX_AGAIN) {
        return NGX_AGAIN;
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_coderemote_sse_end(sse);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    if (event.kind == NGX_CR_FOLLOW_END) {
        return ngx_http_coderemote_events_end(es);
    }

    id.data = buf;
    id.len = 0;

    if (event.kind == NGX_CR_FOLLOW_TEXT) {
        id.len = ngx_sprintf(buf, "%uL", event.seq) - buf;
    }

    return ngx_http_coderemote_sse_put(sse,
               ngx_http_coderemote_job_event(&es->follow.waiter.id, &event),
               &id);
}


static ngx_int_t
ngx_http_coderemote_events_end(ngx_http_coderemote_events_t *es)
{
    size_t                   max;
    ngx_int_t                rc;
    ngx_uint_t               flags;
    ngx_cr_job_view_t        view;
    ngx_http_request_t      *r;
    const ngx_cr_job_id_t   *id;
    const ngx_cr_store_t    *store;

    r = es->sse.request;
    id = &es->follow.waiter.id;
    store = ngx_cr_job_store();
    max = NGX_HTTP_CODEREMOTE_EVENT_MAX;

    es->sse.last = 1;

    rc = store->get(id, r->pool, 0, &view);

    if (rc == NGX_OK) {
        flags = view.log > max ? NGX_CR_GET_EXTRAS : NGX_CR_GET_OUTPUT;

        rc = store->get(id, r->pool, flags, &view);
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_coderemote_sse_end(&es->sse);
    }

    if (rc != NGX_OK || ngx_http_coderemote_job_vars(r, &view) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_coderemote_sse_put(&es->sse,
                              ngx_http_coderemote_job_result_event(&view, max),
                              &ngx_http_coderemote_events_last);
}


static void
ngx_http_coderemote_events_news(ngx_cr_follow_t *follow)
{
    ngx_http_coderemote_events_t *es = follow->data;

    ngx_http_coderemote_sse_resume(&es->sse);
}


static void
ngx_http_coderemote_events_stop(ngx_http_coderemote_sse_t *sse)
{
    ngx_http_coderemote_events_t *es = sse->data;

    ngx_cr_follow_stop(&es->follow);
}


static void
ngx_http_coderemote_events_cleanup(void *data)
{
    ngx_http_coderemote_events_t *es = data;

    ngx_cr_gauge(NGX_CR_GAUGE_EVENT_STREAMS, -1);

    ngx_cr_follow_stop(&es->follow);

    ngx_http_coderemote_sse_cleanup(&es->sse);
}
