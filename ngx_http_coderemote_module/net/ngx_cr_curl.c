
#include "ngx_cr_curl_local.h"


static void ngx_cr_curl_news_handler(ngx_event_t *ev);
static void ngx_cr_curl_deadline_handler(ngx_event_t *ev);
static void ngx_cr_curl_silence_handler(ngx_event_t *ev);
static void ngx_cr_curl_detach(ngx_cr_curl_own_t *own);


static ngx_queue_t  ngx_cr_curl_all = { &ngx_cr_curl_all, &ngx_cr_curl_all };
static ngx_uint_t   ngx_cr_curl_over;


static void
ngx_cr_curl_event(ngx_cr_curl_own_t *own, ngx_event_t *ev,
    ngx_event_handler_pt handler)
{
    ev->handler = handler;
    ev->data = own;
    ev->log = ngx_cycle->log;
}


ngx_int_t
ngx_cr_curl_start(ngx_cr_curl_t *c)
{
    ngx_cr_curl_own_t  *own;

    c->own = NULL;
    c->status = 0;
    c->type.len = 0;
    c->max_age = -1;
    c->retry_after = -1;
    c->timed_out = 0;
    c->why[0] = '\0';

    own = ngx_cr_curl_over ? NULL
                           : ngx_calloc(sizeof(ngx_cr_curl_own_t), c->log);
    if (own == NULL) {
        ngx_cpystrn(c->why, (u_char *) (ngx_cr_curl_over
                                        ? "this server is shutting down"
                                        : "there is no memory"),
                    NGX_CR_CURL_WHY);
        return NGX_ERROR;
    }

    own->request = c;
    ngx_queue_insert_tail(&ngx_cr_curl_all, &own->queue);

    ngx_cr_curl_event(own, &own->news, ngx_cr_curl_news_handler);
    ngx_cr_curl_event(own, &own->deadline, ngx_cr_curl_deadline_handler);
    ngx_cr_curl_event(own, &own->silence, ngx_cr_curl_silence_handler);

    if (ngx_cr_curl_prepare(own) != NGX_OK) {

        ngx_cr_curl_fail(own, "there is no memory");
        ngx_cr_curl_detach(own);
        ngx_free(own);

        return NGX_ERROR;
    }

    c->own = own;

    ngx_add_timer(&own->deadline, c->conf->timeout);
    ngx_cr_curl_lookup(own);

    return NGX_OK;
}


void
ngx_cr_curl_begin(ngx_cr_curl_own_t *own)
{
    if (own->resolve
        && curl_easy_setopt(own->easy, CURLOPT_RESOLVE, own->resolve)
           != CURLE_OK)
    {
        ngx_cr_curl_fail(own, "there is no memory");
        return;
    }

    if (ngx_cr_curl_loop_add(own) != NGX_OK) {
        ngx_cr_curl_fail(own, "libcurl did not take the request");
        return;
    }

    ngx_cr_curl_heard(own);
}


/* Takes it from libcurl and from the event loop; `own` itself stays. */

static void
ngx_cr_curl_detach(ngx_cr_curl_own_t *own)
{
    ngx_cr_curl_lookup_end(own);

    ngx_cr_curl_loop_remove(own);
    ngx_cr_curl_unprepare(own);

    if (own->deadline.timer_set) {
        ngx_del_timer(&own->deadline);
    }

    if (own->silence.timer_set) {
        ngx_del_timer(&own->silence);
    }

    if (own->news.posted) {
        ngx_delete_posted_event(&own->news);
    }

    if (own->buf) {
        ngx_free(own->buf);
    }

    ngx_queue_remove(&own->queue);

    if (ngx_queue_empty(&ngx_cr_curl_all) && !ngx_cr_curl_over) {
        ngx_cr_curl_loop_idle();
    }
}


void
ngx_cr_curl_cancel(ngx_cr_curl_t *c)
{
    ngx_cr_curl_own_t  *own;

    own = c->own;

    if (own == NULL) {
        return;
    }

    c->own = NULL;
    own->request = NULL;

    if (own->telling) {
        return;
    }

    if (ngx_cr_curl_loop_inside()) {

        /*
         * A new connection may make nginx close idle ones, and what ends
         * with these may cancel.
         */

        ngx_cr_curl_news(own);
        return;
    }

    ngx_cr_curl_detach(own);
    ngx_free(own);
}


void
ngx_cr_curl_exit(void)
{
    ngx_queue_t        *q;
    ngx_cr_curl_own_t  *own;

    ngx_cr_curl_over = 1;

    while (!ngx_queue_empty(&ngx_cr_curl_all)) {
        q = ngx_queue_head(&ngx_cr_curl_all);
        own = ngx_queue_data(q, ngx_cr_curl_own_t, queue);

        if (own->request) {
            own->request->own = NULL;
            own->request = NULL;
        }

        ngx_cr_curl_detach(own);
        ngx_free(own);
    }

    ngx_cr_curl_loop_close();
}


void
ngx_cr_curl_fail(ngx_cr_curl_own_t *own, const char *fmt, ...)
{
    u_char   *p, *why;
    va_list   args;

    if (own->failed || own->request == NULL) {
        return;
    }

    own->failed = 1;

    why = own->request->why;

    va_start(args, fmt);
    p = ngx_vslprintf(why, why + NGX_CR_CURL_WHY - 1, fmt, args);
    va_end(args);

    *p = '\0';

    ngx_cr_curl_news(own);
}


void
ngx_cr_curl_fail_all(const char *why)
{
    ngx_queue_t  *q;

    for (q = ngx_queue_head(&ngx_cr_curl_all);
         q != ngx_queue_sentinel(&ngx_cr_curl_all);
         q = ngx_queue_next(q))
    {
        ngx_cr_curl_fail(ngx_queue_data(q, ngx_cr_curl_own_t, queue), "%s",
                         why);
    }
}


void
ngx_cr_curl_news(ngx_cr_curl_own_t *own)
{
    ngx_post_event(&own->news, &ngx_posted_events);
}


/* Something came, or is awaited from now on. */

void
ngx_cr_curl_heard(ngx_cr_curl_own_t *own)
{
    ngx_msec_t  silence;

    silence = own->request->conf->silence;

    if (silence) {

        if (own->silence.timer_set) {
            ngx_del_timer(&own->silence);
        }

        ngx_add_timer(&own->silence, silence);
    }
}


static void
ngx_cr_curl_tell(ngx_cr_curl_own_t *own)
{
    size_t          len;
    ngx_cr_curl_t  *c;

    c = own->request;

    if (own->len == 0 || c->piece == NULL) {
        return;
    }

    ngx_cr_curl_describe(own);

    len = own->len;
    own->len = 0;

    own->telling = 1;
    c->piece(c, own->buf, len);
    own->telling = 0;
}


static void
ngx_cr_curl_news_handler(ngx_event_t *ev)
{
    ngx_int_t           rc;
    ngx_cr_curl_t      *c;
    ngx_cr_curl_own_t  *own;

    own = ev->data;

    if (own->request) {
        ngx_cr_curl_tell(own);
    }

    c = own->request;

    if (c && !own->failed && !own->finished) {
        return;
    }

    if (c) {
        ngx_cr_curl_describe(own);

        if (!own->failed) {
            ngx_cr_curl_verdict(own);
        }

        c->own = NULL;
        own->request = NULL;
    }

    rc = own->failed ? NGX_ERROR : NGX_OK;

    ngx_cr_curl_detach(own);

    if (c) {
        c->done(c, rc);
    }

    ngx_free(own);
}


static void
ngx_cr_curl_deadline_handler(ngx_event_t *ev)
{
    ngx_cr_curl_own_t  *own;

    own = ev->data;

    if (own->request == NULL || own->finished || own->failed) {
        return;
    }

    own->request->timed_out = 1;

    ngx_cr_curl_fail(own, "%V gave no whole answer within %M ms",
                     &own->host.name, own->request->conf->timeout);
}


static void
ngx_cr_curl_silence_handler(ngx_event_t *ev)
{
    ngx_cr_curl_own_t  *own;

    own = ev->data;

    if (own->request == NULL || own->finished || own->failed) {
        return;
    }

    own->request->timed_out = 1;

    ngx_cr_curl_fail(own, "%V sent nothing for %M ms", &own->host.name,
                     own->request->conf->silence);
}
