
#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_json.h"
#include "ngx_http_coderemote_request.h"
#include "ngx_http_coderemote_sse.h"


/* Milliseconds after which a silent stream says that it is still there. */
#define NGX_HTTP_CODEREMOTE_SSE_SILENCE  15000


static ngx_int_t ngx_http_coderemote_sse_flush(
    ngx_http_coderemote_sse_t *sse);
static ngx_int_t ngx_http_coderemote_sse_send(ngx_http_coderemote_sse_t *sse,
    u_char *data, size_t len);
static void ngx_http_coderemote_sse_writable(ngx_http_request_t *r);
static void ngx_http_coderemote_sse_timer(ngx_event_t *ev);


ngx_int_t
ngx_http_coderemote_sse_header(ngx_http_request_t *r)
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


void
ngx_http_coderemote_sse_init(ngx_http_coderemote_sse_t *sse)
{
    sse->timer.handler = ngx_http_coderemote_sse_timer;
    sse->timer.data = sse;
    sse->timer.log = sse->request->connection->log;
    sse->chain.buf = &sse->buf;
    sse->buf.memory = 1;
    sse->buf.flush = 1;

    ngx_http_set_ctx(sse->request, sse, ngx_http_coderemote_endpoints_module);
}


/* NGX_AGAIN: it goes on; otherwise what the request is to be ended with. */

static ngx_int_t
ngx_http_coderemote_sse_go(ngx_http_coderemote_sse_t *sse)
{
    ngx_int_t  rc;

    for ( ;; ) {
        rc = ngx_http_coderemote_sse_flush(sse);

        if (rc != NGX_OK) {
            return rc;
        }

        rc = sse->next(sse);

        if (sse->last) {

            /* what has not left is nginx's to send */

            if (sse->timer.timer_set) {
                ngx_del_timer(&sse->timer);
            }

            sse->stop(sse);
            return rc;
        }

        if (rc != NGX_OK) {
            return rc;
        }
    }
}


/* NGX_OK: all has left that there was. */

static ngx_int_t
ngx_http_coderemote_sse_flush(ngx_http_coderemote_sse_t *sse)
{
    ngx_event_t               *wev;
    ngx_connection_t          *c;
    ngx_http_request_t        *r;
    ngx_http_core_loc_conf_t  *clcf;

    r = sse->request;
    c = r->connection;
    wev = c->write;

    if ((r->buffered || c->buffered)
        && !wev->delayed
        && ngx_http_output_filter(r, NULL) == NGX_ERROR)
    {
        return NGX_ERROR;
    }

    if (r->buffered || c->buffered) {

        /* what goes on to come is no sign of life of its reader */

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

    if (sse->out) {
        ngx_free(sse->out);
        sse->out = NULL;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_sse_begin(ngx_http_coderemote_sse_t *sse)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    rc = ngx_http_coderemote_sse_go(sse);

    if (rc == NGX_AGAIN) {

        /* not cancelable: a worker that shuts down waits for the end */

        ngx_add_timer(&sse->timer, NGX_HTTP_CODEREMOTE_SSE_SILENCE);

        r = sse->request;

        r->read_event_handler = ngx_http_test_reading;
        r->write_event_handler = ngx_http_coderemote_sse_writable;
    }

    return rc;
}


ngx_int_t
ngx_http_coderemote_sse_put(ngx_http_coderemote_sse_t *sse, json_t *json,
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
           + (id ? id->len : 0) + len;

    sse->out = ngx_alloc(size, sse->request->connection->log);

    if (sse->out == NULL) {
        json_decref(json);
        return NGX_ERROR;
    }

    p = ngx_sprintf(sse->out, "event: %s\n", type);

    if (id && id->len) {
        p = ngx_sprintf(p, "id: %V\n", id);
    }

    p = ngx_cpymem(p, "data: ", sizeof("data: ") - 1);
    p += json_dumpb(json, (char *) p, len, NGX_HTTP_CODEREMOTE_JSON_FLAGS);
    *p++ = '\n';
    *p++ = '\n';

    json_decref(json);

    return ngx_http_coderemote_sse_send(sse, sse->out, p - sse->out);
}


static ngx_int_t
ngx_http_coderemote_sse_send(ngx_http_coderemote_sse_t *sse, u_char *data,
    size_t len)
{
    ngx_int_t   rc;
    ngx_buf_t  *b;

    b = &sse->buf;

    b->memory = (len != 0);
    b->start = b->pos = data;
    b->end = b->last = data + len;
    b->last_buf = sse->last;

    rc = ngx_http_output_filter(sse->request, &sse->chain);

    /* what has not left is found by those who go on */

    return (rc == NGX_AGAIN) ? NGX_OK : rc;
}


void
ngx_http_coderemote_sse_resume(ngx_http_coderemote_sse_t *sse)
{
    ngx_int_t  rc;

    rc = ngx_http_coderemote_sse_go(sse);

    if (rc != NGX_AGAIN) {
        ngx_http_coderemote_finish(sse->request, rc);
    }
}


static void
ngx_http_coderemote_sse_writable(ngx_http_request_t *r)
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

    ngx_http_coderemote_sse_resume(
        ngx_http_get_module_ctx(r, ngx_http_coderemote_endpoints_module));
}


static void
ngx_http_coderemote_sse_timer(ngx_event_t *ev)
{
    ngx_http_coderemote_sse_t *sse = ev->data;

    ngx_int_t  rc;

    static u_char  comment[] = ":\n\n";

    ngx_add_timer(ev, NGX_HTTP_CODEREMOTE_SSE_SILENCE);

    rc = ngx_http_coderemote_sse_flush(sse);

    if (rc == NGX_OK) {
        rc = ngx_http_coderemote_sse_send(sse, comment, sizeof(comment) - 1);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_coderemote_sse_go(sse);
    }

    if (rc != NGX_AGAIN) {
        ngx_http_coderemote_finish(sse->request, rc);
    }
}


ngx_int_t
ngx_http_coderemote_sse_end(ngx_http_coderemote_sse_t *sse)
{
    sse->last = 1;

    return ngx_http_coderemote_sse_send(sse, NULL, 0);
}


void
ngx_http_coderemote_sse_cleanup(ngx_http_coderemote_sse_t *sse)
{
    if (sse->timer.timer_set) {
        ngx_del_timer(&sse->timer);
    }

    if (sse->out) {
        ngx_free(sse->out);
        sse->out = NULL;
    }
}


/* A weight of nought is a refusal; other weights are not compared. */

static ngx_uint_t
ngx_http_coderemote_sse_named(u_char *p, u_char *last)
{
    u_char                  *end, *q;
    static const ngx_str_t   type = ngx_string("text/event-stream");

    for ( /* void */ ; p < last; p = end + 1) {

        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
        }

        if ((size_t) (end - p) < type.len
            || ngx_strncasecmp(p, type.data, type.len) != 0)
        {
            continue;
        }

        p += type.len;

        if (p < end && *p != ';' && *p != ' ' && *p != '\t') {
            continue;
        }

        q = ngx_strlcasestrn(p, end, (u_char *) "q=0", 3 - 1);

        if (q == NULL) {
            return 1;
        }

        for (q += 3; q < end && (*q == '0' || *q == '.'); q++) { /* void */ }

        return q < end && *q >= '1' && *q <= '9';
    }

    return 0;
}


ngx_uint_t
ngx_http_coderemote_sse_accepted(ngx_http_request_t *r)
{
    ngx_table_elt_t  *header;

    header = NULL;

    do {
        header = ngx_http_coderemote_header_in(r, "accept", header);

        if (header
            && ngx_http_coderemote_sse_named(header->value.data,
                                   header->value.data + header->value.len))
        {
            return 1;
        }

    } while (header);

    return 0;
}
