
#include "ngx_http_coderemote_status.h"
#include "ngx_http_coderemote_json.h"


typedef struct {
    ngx_http_request_t             *request;
    ngx_http_coderemote_status_pt   answer;
    ngx_event_t                     timer;
    ngx_cr_helper_waiter_t          waiter;
} ngx_http_coderemote_status_t;


static void ngx_http_coderemote_status_came(ngx_cr_helper_waiter_t *waiter);
static void ngx_http_coderemote_status_timer(ngx_event_t *ev);
static void ngx_http_coderemote_status_cleanup(void *data);


ngx_int_t
ngx_http_coderemote_status_ask(ngx_http_request_t *r,
    ngx_http_coderemote_status_pt answer)
{
    ngx_int_t                      rc;
    ngx_http_cleanup_t            *cln;
    ngx_http_coderemote_status_t  *st;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_http_coderemote_not_allowed(r, "GET, HEAD");
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_coderemote_status_t));

    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    st = cln->data;
    ngx_memzero(st, sizeof(ngx_http_coderemote_status_t));

    cln->handler = ngx_http_coderemote_status_cleanup;

    st->request = r;
    st->answer = answer;
    st->timer.handler = ngx_http_coderemote_status_timer;
    st->timer.data = st;
    st->timer.log = r->connection->log;
    st->waiter.handler = ngx_http_coderemote_status_came;
    st->waiter.data = st;

    ngx_cr_helper_wait_status(&st->waiter);
    ngx_add_timer(&st->timer, NGX_HTTP_CODEREMOTE_SANDBOX_WAIT);

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    r->main->count++;

    return NGX_DONE;
}


static void
ngx_http_coderemote_status_came(ngx_cr_helper_waiter_t *waiter)
{
    ngx_http_coderemote_status_t *st = waiter->data;

    ngx_del_timer(&st->timer);

    ngx_http_coderemote_finish(st->request,
                         st->answer(st->request, ngx_cr_helper_status()));
}


static void
ngx_http_coderemote_status_timer(ngx_event_t *ev)
{
    ngx_http_coderemote_status_t *st = ev->data;

    ngx_cr_helper_forget(&st->waiter);

    ngx_http_coderemote_finish(st->request, st->answer(st->request, NULL));
}


static void
ngx_http_coderemote_status_cleanup(void *data)
{
    ngx_http_coderemote_status_t *st = data;

    if (st->timer.timer_set) {
        ngx_del_timer(&st->timer);
    }

    ngx_cr_helper_forget(&st->waiter);
}


ngx_uint_t
ngx_http_coderemote_status_usable(const cr_profile_status_t *profile)
{
    if (profile->flags & CR_PROFILE_ABSENT) {
        return 0;
    }

    if (profile->ready || profile->running) {
        return 1;
    }

    return (profile->flags & CR_PROFILE_COLD) && profile->version.len
           && profile->reason.len == 0;
}


json_t *
ngx_http_coderemote_status_text(const cr_bytes_t *text)
{
    return text->len ? ngx_http_coderemote_json_text(text->data, text->len, 1)
                     : json_null();
}


json_t *
ngx_http_coderemote_status_words(const cr_bytes_t *text)
{
    json_t        *words;
    const u_char  *p, *end, *last;

    words = json_array();
    if (words == NULL) {
        return NULL;
    }

    p = text->data;
    last = p + text->len;

    while (p < last) {

        for (end = p; end < last && *end != ' '; end++) { /* void */ }

        if (end > p
            && json_array_append_new(words,
                            ngx_http_coderemote_json_text(p, end - p, 1))
               != 0)
        {
            json_decref(words);
            return NULL;
        }

        p = end + 1;
    }

    return words;
}
