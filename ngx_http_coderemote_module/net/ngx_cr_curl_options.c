
/* What libcurl is told of a request before it begins. */

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


ngx_int_t
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


void
ngx_cr_curl_unprepare(ngx_cr_curl_own_t *own)
{
    struct curl_slist  *header;

    if (own->easy) {
        curl_easy_cleanup(own->easy);
    }

    /* there may be a key in them */

    for (header = own->headers; header; header = header->next) {
        ngx_explicit_memzero(header->data, ngx_strlen(header->data));
    }

    curl_slist_free_all(own->headers);
    curl_slist_free_all(own->resolve);
}
