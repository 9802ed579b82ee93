
/*
 * GET of a job's events: text/event-stream, for whom a WebSocket is too much.
 * One event is made at a time, when the one before has left; what the client
 * has no room for lies in the store.
 */

#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_job_json.h"
#include "ngx_http_coderemote_json.h"
#include "ngx_http_coderemote_request.h"


/* Milliseconds after which a silent stream says that it is still there. */
#define NGX_HTTP_CODEREMOTE_EVENTS_SILENCE  15000


typedef struct {
    ngx_http_request_t  *request;
    ngx_cr_follow_t      follow;
    ngx_event_t          timer;
    ngx_chain_t          chain;      /* what is being sent; filters may keep
                                        the buffer, so it stays the same */
    ngx_buf_t            buf;
    u_char              *data;       /* the event in it */
    unsigned             last:1;     /* nothing comes after it */
} ngx_http_coderemote_events_t;


static ngx_int_t ngx_http_coderemote_events_from(ngx_http_request_t *r,
    uint64_t *seq);
static ngx_int_t ngx_http_coderemote_events_header(ngx_http_request_t *r);
static ngx_http_coderemote_events_t *ngx_http_coderemote_events_create(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_coderemote_events_go(
    ngx_http_coderemote_events_t *es);
static ngx_int_t ngx_http_coderemote_events_flush(
    ngx_http_coderemote_events_t *es);
static ngx_int_t ngx_http_coderemote_events_next(
    ngx_http_coderemote_events_t *es);
static ngx_int_t ngx_http_coderemote_events_end(
    ngx_http_coderemote_events_t *es);
static ngx_int_t ngx_http_coderemote_events_put(
    ngx_http_coderemote_events_t *es, json_t *json, const ngx_str_t *id);
static ngx_int_t ngx_http_coderemote_events_send(
    ngx_http_coderemote_events_t *es, u_char *data, size_t len);
static void ngx_http_coderemote_events_resume(
    ngx_http_coderemote_events_t *es);
static void ngx_http_coderemote_events_news(ngx_cr_follow_t *follow);
static void ngx_http_coderemote_events_writable(ngx_http_request_t *r);
static void ngx_http_coderemote_events_timer(ngx_event_t *ev);
static void ngx_http_coderemote_events_stop(
    ngx_http_coderemote_events_t *es);
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
        return ngx_http_coderemote_events_header(r);
    }

    /* an answer that is put together of several ones would never end */

    es = (r == r->main) ? ngx_http_coderemote_events_create(r) : NULL;

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

    rc = ngx_http_coderemote_events_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    rc = ngx_http_coderemote_events_go(es);

    if (rc != NGX_AGAIN) {
        return rc;
    }

    /* not cancelable: a worker that shuts down waits for the job's end */

    ngx_add_timer(&es->timer, NGX_HTTP_CODEREMOTE_EVENTS_SILENCE);

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_coderemote_events_writable;

    r->main->count++;

    return NGX_DONE;
}


static ngx_str_t *
ngx_http_coderemote_events_last_id(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    static const ngx_str_t  name = ngx_string("last-event-id");

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        header = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (header[i].key.len == name.len
                && ngx_memcmp(header[i].lowcase_key, name.data, name.len) == 0)
            {
                return &header[i].value;
            }
        }
    }

    return NULL;
}


/*
 * Where the client was.  The header is of a browser that connects again, and
 * newer than the address.  NGX_OK; NGX_DONE: at the end; NGX_ERROR.
 */

static ngx_int_t
ngx_http_coderemote_events_from(ngx_http_request_t *r, uint64_t *seq)
{
    off_t       n;
    ngx_str_t  *last, value;

    *seq = 0;

    last = ngx_http_coderemote_events_last_id(r);

    if (last == NULL) {

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


static ngx_int_t
ngx_http_coderemote_events_header(ngx_http_request_t *r)
{

    static ngx_str_t  no_store = ngx_string("no-store");
    static ngx_str_t  no = ngx_string("no");

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = -1;

    ngx_str_set(&r->headers_out.content_type, "text/event-stream");
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;

    /* a proxy of nginx's kind would collect events before it sends them */

    if (ngx_http_coderemote_header(r, "Cache-Control", &no_store) != NGX_OK
        || ngx_http_coderemote_header(r, "X-Accel-Buffering", &no) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_coderemote_live(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_send_header(r);
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

    es->request = r;
    es->follow.handler = ngx_http_coderemote_events_news;
    es->follow.data = es;
    es->timer.handler = ngx_http_coderemote_events_timer;
    es->timer.data = es;
    es->timer.log = r->connection->log;
    es->chain.buf = &es->buf;
    es->buf.memory = 1;
    es->buf.flush = 1;

    ngx_http_set_ctx(r, es, ngx_http_coderemote_endpoints_module);

    return es;
}


/* NGX_AGAIN: it goes on; otherwise what the request is to be ended with. */

static ngx_int_t
ngx_http_coderemote_events_go(ngx_http_coderemote_events_t *es)
{
    ngx_int_t  rc;

    for ( ;; ) {
        rc = ngx_http_coderemote_events_flush(es);

        if (rc != NGX_OK) {
            return rc;
        }

        rc = ngx_http_coderemote_events_next(es);

        if (es->last) {

            /* what has not left is nginx's to send */

            ngx_http_coderemote_events_stop(es);
            return rc;
        }

        if (rc != NGX_OK) {
            return rc;
        }
    }
}


/* NGX_OK: all has left that there was. */

static ngx_int_t
ngx_http_coderemote_events_flush(ngx_http_coderemote_events_t *es)
{
    ngx_event_t               *wev;
    ngx_connection_t          *c;
    ngx_http_request_t        *r;
    ngx_http_core_loc_conf_t  *clcf;

    r = es->request;
    c = r->connection;
    wev = c->write;

    if ((r->buffered || c->buffered)
        && !wev->delayed
        && ngx_http_output_filter(r, NULL) == NGX_ERROR)
    {
        return NGX_ERROR;
    }

    if (r->buffered || c->buffered) {

        /* what a job goes on to write is no sign of life of its reader */

        if (!wev->delayed && !wev->timer_set) {
            clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
            ngx_add_timer(wev, clcf->send_timeout);
        }

        return ngx_handle_write_event(wev, 0) == NGX_OK ? NGX_AGAIN
                                                        : NGX_ERROR;
    }

    if (wev->timer_set && !wev->delayed) {
        ngx_del_timer(wev);
    }

    if (es->data) {
        ngx_free(es->data);
        es->data = NULL;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_events_next(ngx_http_coderemote_events_t *es)
{
    ngx_int_t               rc;
    ngx_str_t               id;
    ngx_cr_follow_event_t   event;
    u_char                  buf[NGX_INT64_LEN];

    rc = ngx_cr_follow_next(&es->follow, &event);

    if (rc == NGX_AGAIN) {
        return NGX_AGAIN;
    }

    if (rc == NGX_DECLINED) {
        es->last = 1;
        return ngx_http_coderemote_events_send(es, NULL, 0);
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

    return ngx_http_coderemote_events_put(es,
               ngx_http_coderemote_job_event(&es->follow.waiter.id, &event),
               &id);
}


static ngx_int_t
ngx_http_coderemote_events_end(ngx_http_coderemote_events_t *es)
{
    size_t                   max;
    ngx_int_t                rc;
    ngx_cr_job_view_t        view;
    ngx_http_request_t      *r;
    const ngx_cr_job_id_t   *id;
    const ngx_cr_store_t    *store;

    r = es->request;
    id = &es->follow.waiter.id;
    store = ngx_cr_job_store();
    max = NGX_HTTP_CODEREMOTE_EVENT_MAX;

    es->last = 1;

    rc = store->get(id, r->pool, 0, &view);

    if (rc == NGX_OK && view.log <= max) {
        rc = store->get(id, r->pool, NGX_CR_GET_OUTPUT, &view);
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_coderemote_events_send(es, NULL, 0);
    }

    if (rc != NGX_OK || ngx_http_coderemote_job_vars(r, &view) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_coderemote_events_put(es,
                              ngx_http_coderemote_job_result_event(&view, max),
                              &ngx_http_coderemote_events_last);
}


/* Takes over *json; NULL: memory was short. */

static ngx_int_t
ngx_http_coderemote_events_put(ngx_http_coderemote_events_t *es, json_t *json,
    const ngx_str_t *id)
{
    size_t       len, size;
    u_char      *p;
    const char  *type;

    if (json == NULL) {
        return NGX_ERROR;
    }

    type = json_string_value(json_object_get(json, "type"));
    len = json_dumpb(json, NULL, 0, NGX_HTTP_CODEREMOTE_JSON_FLAGS);

    size = sizeof("event: \n" "id: \n" "data: \n" "\n") + ngx_strlen(type)
           + id->len + len;

    es->data = ngx_alloc(size, es->request->connection->log);

    if (es->data == NULL) {
        json_decref(json);
        return NGX_ERROR;
    }

    p = ngx_sprintf(es->data, "event: %s\n", type);

    if (id->len) {
        p = ngx_sprintf(p, "id: %V\n", id);
    }

    p = ngx_cpymem(p, "data: ", sizeof("data: ") - 1);
    p += json_dumpb(json, (char *) p, len, NGX_HTTP_CODEREMOTE_JSON_FLAGS);
    *p++ = '\n';
    *p++ = '\n';

    json_decref(json);

    return ngx_http_coderemote_events_send(es, es->data, p - es->data);
}


static ngx_int_t
ngx_http_coderemote_events_send(ngx_http_coderemote_events_t *es, u_char *data,
    size_t len)
{
    ngx_int_t   rc;
    ngx_buf_t  *b;

    b = &es->buf;

    b->memory = (len != 0);
    b->start = b->pos = data;
    b->end = b->last = data + len;
    b->last_buf = es->last;

    rc = ngx_http_output_filter(es->request, &es->chain);

    /* what has not left is found by those who go on */

    return (rc == NGX_AGAIN) ? NGX_OK : rc;
}


static void
ngx_http_coderemote_events_resume(ngx_http_coderemote_events_t *es)
{
    ngx_int_t  rc;

    rc = ngx_http_coderemote_events_go(es);

    if (rc != NGX_AGAIN) {
        ngx_http_coderemote_finish(es->request, rc);
    }
}


static void
ngx_http_coderemote_events_news(ngx_cr_follow_t *follow)
{
    ngx_http_coderemote_events_resume(follow->data);
}


static void
ngx_http_coderemote_events_writable(ngx_http_request_t *r)
{
    ngx_event_t       *wev;
    ngx_connection_t  *c;

    c = r->connection;
    wev = c->write;

    if (wev->timedout) {
        ngx_log_error(NGX_LOG_INFO, c->log, NGX_ETIMEDOUT,
                      "the client did not take the events");
        c->timedout = 1;
        ngx_http_coderemote_finish(r, NGX_HTTP_REQUEST_TIME_OUT);
        return;
    }

    if (wev->timer_set && !wev->delayed) {
        ngx_del_timer(wev);
    }

    ngx_http_coderemote_events_resume(
        ngx_http_get_module_ctx(r, ngx_http_coderemote_endpoints_module));
}


static void
ngx_http_coderemote_events_timer(ngx_event_t *ev)
{
    ngx_http_coderemote_events_t *es = ev->data;

    ngx_int_t  rc;

    static u_char  comment[] = ":\n\n";

    ngx_add_timer(ev, NGX_HTTP_CODEREMOTE_EVENTS_SILENCE);

    rc = ngx_http_coderemote_events_flush(es);

    if (rc == NGX_OK) {
        rc = ngx_http_coderemote_events_send(es, comment, sizeof(comment) - 1);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_coderemote_events_go(es);
    }

    if (rc != NGX_AGAIN) {
        ngx_http_coderemote_finish(es->request, rc);
    }
}


static void
ngx_http_coderemote_events_stop(ngx_http_coderemote_events_t *es)
{
    if (es->timer.timer_set) {
        ngx_del_timer(&es->timer);
    }

    ngx_cr_follow_stop(&es->follow);
}


static void
ngx_http_coderemote_events_cleanup(void *data)
{
    ngx_http_coderemote_events_t *es = data;

    ngx_http_coderemote_events_stop(es);

    if (es->data) {
        ngx_free(es->data);
    }
}
