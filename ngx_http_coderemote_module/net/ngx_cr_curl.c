
#include "ngx_cr_curl_local.h"


/* Nothing comes from the environment, and nobody is sent elsewhere. */

static const struct {
    CURLoption            option;
    long                  value;
} ngx_cr_curl_options[] = {
    { CURLOPT_NOSIGNAL, 1 },
    { CURLOPT_NOPROGRESS, 1 },

    /* it reads up to a hundred of them before it is the turn of others */
    { CURLOPT_BUFFERSIZE, 4096 },

    { CURLOPT_FOLLOWLOCATION, 0 },
    { CURLOPT_NETRC, CURL_NETRC_IGNORED },
    { CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
    { CURLOPT_SSL_VERIFYPEER, 1 },
    { CURLOPT_SSL_VERIFYHOST, 2 },
    { CURLOPT_PROXY_SSL_VERIFYPEER, 1 },
    { CURLOPT_PROXY_SSL_VERIFYHOST, 2 },
    { CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
    { CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
    { CURLOPT_DNS_CACHE_TIMEOUT, -1 },
    { CURLOPT_MAXAGE_CONN, 60 }
};


static void ngx_cr_curl_news_handler(ngx_event_t *ev);
static void ngx_cr_curl_deadline_handler(ngx_event_t *ev);
static void ngx_cr_curl_silence_handler(ngx_event_t *ev);
static void ngx_cr_curl_detach(ngx_cr_curl_own_t *own);


static ngx_queue_t  ngx_cr_curl_all = { &ngx_cr_curl_all, &ngx_cr_curl_all };
static ngx_uint_t   ngx_cr_curl_over;


static int
ngx_cr_curl_no_lookup(void *state, void *reserved, void *data)
{
    ngx_cr_curl_own_t   *own;
    ngx_cr_curl_host_t  *host;

    own = data;
    host = own->proxied ? &own->proxy : &own->host;

    return !host->literal;
}


static ngx_int_t
ngx_cr_curl_set_headers(ngx_cr_curl_own_t *own)
{
    size_t              i, len;
    char               *text;
    ngx_uint_t          n;
    ngx_cr_curl_t      *c;
    const ngx_str_t    *header;
    struct curl_slist  *list;

    c = own->request;

    /* without this libcurl would wait a second before a longer body */

    own->headers = curl_slist_append(NULL, "Expect:");
    if (own->headers == NULL) {
        return NGX_ERROR;
    }

    for (n = 0; n < c->nheaders; n++) {
        header = &c->headers[n];

        for (i = 0; i < header->len; i++) {
            if (header->data[i] < ' ' || header->data[i] == 0x7f) {
                ngx_cr_curl_fail(own, "header %ui of the request has a "
                                 "control character in it", n + 1);
                return NGX_ERROR;
            }
        }

        len = header->len;

        text = ngx_alloc(len + 1, c->log);
        if (text == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(text, header->data, len);
        text[len] = '\0';

        list = curl_slist_append(own->headers, text);

        ngx_explicit_memzero(text, len);
        ngx_free(text);

        if (list == NULL) {
            return NGX_ERROR;
        }

        own->headers = list;
    }

    return curl_easy_setopt(own->easy, CURLOPT_HTTPHEADER, own->headers)
           == CURLE_OK ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_cr_curl_set_trusted(ngx_cr_curl_own_t *own)
{
    CURL                    *e;
    CURLcode                 rc;
    const char              *dir;
    ngx_str_t                trusted;
    u_char                   file[NGX_MAX_PATH];
    curl_version_info_data  *info;

    e = own->easy;
    trusted = own->request->conf->trusted;
    info = curl_version_info(CURLVERSION_NOW);

    if (trusted.len == 0) {

        /*
         * A folder, if there is one: of the bundle all hundreds of
         * certificates would be read, before each connection.
         */

        dir = info->age >= CURLVERSION_SEVENTH ? info->capath : NULL;

        if (dir == NULL) {
            return NGX_OK;
        }

        rc = curl_easy_setopt(e, CURLOPT_CAINFO, NULL);
        rc |= curl_easy_setopt(e, CURLOPT_PROXY_CAINFO, NULL);
        rc |= curl_easy_setopt(e, CURLOPT_CAPATH, dir);
        rc |= curl_easy_setopt(e, CURLOPT_PROXY_CAPATH, dir);

        return rc == CURLE_OK ? NGX_OK : NGX_ERROR;
    }

    if (trusted.len >= sizeof(file)) {
        return NGX_ERROR;
    }

    ngx_cpystrn(file, trusted.data, trusted.len + 1);

    rc = curl_easy_setopt(e, CURLOPT_CAINFO, file);
    rc |= curl_easy_setopt(e, CURLOPT_PROXY_CAINFO, file);
    rc |= curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
    rc |= curl_easy_setopt(e, CURLOPT_PROXY_CAPATH, NULL);

    return rc == CURLE_OK ? NGX_OK : NGX_ERROR;
}


/* An empty name of a proxy: not that of the environment either. */

static ngx_int_t
ngx_cr_curl_set_proxy(ngx_cr_curl_own_t *own)
{
    CURLcode             rc;
    u_char               text[sizeof("https://:65535")
                              + sizeof(own->host.text)];
    ngx_cr_curl_host_t  *proxy;

    proxy = &own->proxy;
    text[0] = '\0';

    if (own->proxied) {
        *ngx_sprintf(text, "%s://%V:%ui", proxy->tls ? "https" : "http",
                     &proxy->name, (ngx_uint_t) proxy->port) = '\0';
    }

    rc = curl_easy_setopt(own->easy, CURLOPT_PROXY, text);
    rc |= curl_easy_setopt(own->easy, CURLOPT_NOPROXY, "");

    return rc == CURLE_OK ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_cr_curl_set_url(ngx_cr_curl_own_t *own)
{
    CURL           *e;
    CURLcode        rc;
    u_char          url[NGX_CR_CURL_URL];
    ngx_msec_t      connect;
    ngx_cr_curl_t  *c;

    e = own->easy;
    c = own->request;

    ngx_cpystrn(url, c->url.data, c->url.len + 1);

    /* so that a second address is tried while there is still time */

    connect = c->conf->timeout;

    if (c->conf->silence && c->conf->silence < connect) {
        connect = c->conf->silence;
    }

    rc = curl_easy_setopt(e, CURLOPT_URL, url);
    rc |= curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    rc |= curl_easy_setopt(e, CURLOPT_USERAGENT, "coderemote");
    rc |= curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long) connect);
    rc |= curl_easy_setopt(e, CURLOPT_PRIVATE, own);
    rc |= curl_easy_setopt(e, CURLOPT_RESOLVER_START_FUNCTION,
                           ngx_cr_curl_no_lookup);
    rc |= curl_easy_setopt(e, CURLOPT_RESOLVER_START_DATA, own);

    if (c->conf->max_body) {
        rc |= curl_easy_setopt(e, CURLOPT_MAXFILESIZE_LARGE,
                               (curl_off_t) c->conf->max_body);
    }

    if (c->body.data) {
        rc |= curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
                               (curl_off_t) c->body.len);
        rc |= curl_easy_setopt(e, CURLOPT_POSTFIELDS, c->body.data);
    }

    return rc == CURLE_OK ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_cr_curl_prepare(ngx_cr_curl_own_t *own)
{
    ngx_uint_t      i;
    const char     *err;
    ngx_cr_curl_t  *c;

    c = own->request;

    err = ngx_cr_curl_parse(&c->url, &own->host);
    if (err) {
        ngx_cr_curl_fail(own, "the URL %s", err);
        return NGX_ERROR;
    }

    own->proxied = (c->conf->proxy.len != 0);

    if (own->proxied) {
        err = ngx_cr_curl_parse(&c->conf->proxy, &own->proxy);
        if (err) {
            ngx_cr_curl_fail(own, "the proxy's URL %s", err);
            return NGX_ERROR;
        }
    }

    if (ngx_cr_curl_loop_open() != NGX_OK) {
        return NGX_ERROR;
    }

    own->easy = curl_easy_init();
    if (own->easy == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < sizeof(ngx_cr_curl_options)
                    / sizeof(ngx_cr_curl_options[0]); i++)
    {
        if (curl_easy_setopt(own->easy, ngx_cr_curl_options[i].option,
                             ngx_cr_curl_options[i].value)
            != CURLE_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ngx_cr_curl_set_url(own) != NGX_OK
        || ngx_cr_curl_set_proxy(own) != NGX_OK
        || ngx_cr_curl_set_trusted(own) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_cr_curl_receive(own);

    return ngx_cr_curl_set_headers(own);
}


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


/* There may be a key in them. */

static void
ngx_cr_curl_forget_headers(ngx_cr_curl_own_t *own)
{
    struct curl_slist  *header;

    for (header = own->headers; header; header = header->next) {
        ngx_explicit_memzero(header->data, ngx_strlen(header->data));
    }

    curl_slist_free_all(own->headers);
}


/* Takes it from libcurl and from the event loop; `own` itself stays. */

static void
ngx_cr_curl_detach(ngx_cr_curl_own_t *own)
{
    ngx_cr_curl_lookup_end(own);

    if (own->easy) {
        ngx_cr_curl_loop_remove(own);
        curl_easy_cleanup(own->easy);
    }

    ngx_cr_curl_forget_headers(own);
    curl_slist_free_all(own->resolve);

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
