
#include "ngx_cr_curl_local.h"


#define NGX_CR_CURL_ADDRS  8


static void ngx_cr_curl_lookup_handler(ngx_resolver_ctx_t *ctx);


/* libcurl reads the URL, here as later: two readers might differ. */

static const char *
ngx_cr_curl_part(CURLU *url, CURLUPart part, unsigned flags, u_char *text,
    size_t size, size_t *len)
{
    char  *value;

    if (curl_url_get(url, part, &value, flags) != CURLUE_OK) {
        return "has no host";
    }

    *len = ngx_strlen(value);

    if (*len < size) {
        ngx_memcpy(text, value, *len + 1);
    }

    curl_free(value);

    return *len < size ? NULL : "has too long a host";
}


static ngx_uint_t
ngx_cr_curl_has(CURLU *url, CURLUPart part)
{
    char  *value;

    if (curl_url_get(url, part, &value, 0) != CURLUE_OK) {
        return 0;
    }

    curl_free(value);

    return 1;
}


static const char *
ngx_cr_curl_kind_of_host(ngx_cr_curl_host_t *host)
{
    u_char     *p;
    in_addr_t   addr;
    ngx_str_t  *name;

    name = &host->name;

    if (name->data[0] == '[') {
        host->literal = 1;
        host->local = (ngx_strcmp(name->data, "[::1]") == 0);
        return NULL;
    }

    addr = ngx_inet_addr(name->data, name->len);

    if (addr != INADDR_NONE) {
        host->literal = 1;
        host->local = (ntohl(addr) >> 24 == 127);
        return NULL;
    }

    ngx_strlow(name->data, name->data, name->len);

    for (p = name->data; *p; p++) {

        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9')
              || *p == '_' || (p > name->data && (*p == '-' || *p == '.'))))
        {
            return "has a host that is no name: write it as DNS has it, in "
                   "letters, digits, hyphens and dots";
        }
    }

    if (p[-1] == '.') {
        return "has a host with a dot at its end: leave that out";
    }

    host->localhost = (ngx_strcmp(name->data, "localhost") == 0);
    host->local = host->localhost;

    return NULL;
}


static const char *
ngx_cr_curl_read(CURLU *url, const char *text, ngx_cr_curl_host_t *host)
{
    size_t       len;
    u_char       part[16];
    const char  *err;

    if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK
        || ngx_cr_curl_part(url, CURLUPART_SCHEME, 0, part, sizeof(part),
                            &len)
           != NULL)
    {
        return "is no URL: write http://HOST/... or https://HOST/...";
    }

    host->tls = (ngx_strcmp(part, "https") == 0);

    if (!host->tls && ngx_strcmp(part, "http") != 0) {
        return "must begin with http:// or https://";
    }

    if (ngx_cr_curl_has(url, CURLUPART_USER)
        || ngx_cr_curl_has(url, CURLUPART_PASSWORD))
    {
        return "has a user or a password in it: leave them out";
    }

    if (ngx_cr_curl_has(url, CURLUPART_FRAGMENT)) {
        return "has a fragment, from the # on: leave it out";
    }

    err = ngx_cr_curl_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, part,
                           sizeof(part), &len);
    if (err) {
        return err;
    }

    host->port = (in_port_t) ngx_atoi(part, len);

    err = ngx_cr_curl_part(url, CURLUPART_HOST, 0, host->text,
                           sizeof(host->text), &host->name.len);
    if (err || host->name.len == 0) {
        return err ? err : "has no host";
    }

    host->name.data = host->text;

    return ngx_cr_curl_kind_of_host(host);
}


const char *
ngx_cr_curl_parse(const ngx_str_t *url, ngx_cr_curl_host_t *host)
{
    char         text[NGX_CR_CURL_URL];
    CURLU       *u;
    size_t       i;
    const char  *err;

    ngx_memzero(host, sizeof(ngx_cr_curl_host_t));

    if (url->len >= sizeof(text)) {
        return "is longer than 2047 characters";
    }

    for (i = 0; i < url->len; i++) {
        if (url->data[i] <= ' ' || url->data[i] >= 0x7f) {
            return "has a blank or another sign that must be escaped "
                   "with %";
        }
    }

    ngx_memcpy(text, url->data, url->len);
    text[url->len] = '\0';

    u = curl_url();
    if (u == NULL) {
        return "cannot be read: there is no memory";
    }

    err = ngx_cr_curl_read(u, text, host);

    curl_url_cleanup(u);

    return err;
}


const char *
ngx_cr_curl_url(const ngx_str_t *url, ngx_uint_t resolver, ngx_uint_t *local)
{
    const char          *err;
    ngx_cr_curl_host_t   host;

    err = ngx_cr_curl_parse(url, &host);

    *local = host.local;

    if (err == NULL && !resolver && !host.literal && !host.localhost) {
        err = "has a name for its host: say with \"resolver\" who is to be "
              "asked for its address";
    }

    return err;
}


/*
 * libcurl finds the addresses in a cache that is filled before it starts, and
 * would ask for them itself, blocking, only for what is not there.
 */

static ngx_int_t
ngx_cr_curl_resolved(ngx_cr_curl_own_t *own, ngx_cr_curl_host_t *host,
    ngx_resolver_addr_t *addrs, ngx_uint_t n)
{
    u_char      *p, *last;
    u_char       text[sizeof(host->text) + sizeof(":65535:") - 1
                      + NGX_CR_CURL_ADDRS * (NGX_SOCKADDR_STRLEN + 3)];
    ngx_uint_t   i, v6;

    last = text + sizeof(text) - 1;
    p = ngx_slprintf(text, last, "%V:%ui:", &host->name,
                     (ngx_uint_t) host->port);

    if (addrs == NULL) {
        p = ngx_slprintf(p, last, "127.0.0.1,[::1]");
    }

    for (i = 0; i < ngx_min(n, NGX_CR_CURL_ADDRS); i++) {

        v6 = (addrs[i].sockaddr->sa_family == AF_INET6);

        if (i > 0) {
            *p++ = ',';
        }

        if (v6) {
            *p++ = '[';
        }

        p += ngx_sock_ntop(addrs[i].sockaddr, addrs[i].socklen, p,
                           last - p, 0);
        if (v6) {
            *p++ = ']';
        }
    }

    *p = '\0';

    own->resolve = curl_slist_append(NULL, (char *) text);

    return own->resolve ? NGX_OK : NGX_ERROR;
}


void
ngx_cr_curl_lookup(ngx_cr_curl_own_t *own)
{
    ngx_resolver_ctx_t        *ctx;
    ngx_cr_curl_host_t        *host;
    const ngx_cr_curl_conf_t  *conf;

    conf = own->request->conf;
    host = own->proxied ? &own->proxy : &own->host;

    if (host->literal) {
        ngx_cr_curl_begin(own);
        return;
    }

    if (host->localhost) {

        if (ngx_cr_curl_resolved(own, host, NULL, 0) != NGX_OK) {
            ngx_cr_curl_fail(own, "there is no memory");
            return;
        }

        ngx_cr_curl_begin(own);
        return;
    }

    if (conf->resolver == NULL) {
        ngx_cr_curl_fail(own, "%V is a name, and no \"resolver\" is set",
                         &host->name);
        return;
    }

    ctx = ngx_resolve_start(conf->resolver, NULL);

    if (ctx == NULL) {
        ngx_cr_curl_fail(own, "there is no memory");
        return;
    }

    if (ctx == NGX_NO_RESOLVER) {
        ngx_cr_curl_fail(own, "%V is a name, and no \"resolver\" is set",
                         &host->name);
        return;
    }

    ctx->name = host->name;
    ctx->handler = ngx_cr_curl_lookup_handler;
    ctx->data = own;
    ctx->timeout = conf->resolver_timeout;

    own->lookup = ctx;

    if (ngx_resolve_name(ctx) != NGX_OK) {
        own->lookup = NULL;
        ngx_cr_curl_fail(own, "%V could not be looked up", &host->name);
    }
}


static void
ngx_cr_curl_lookup_handler(ngx_resolver_ctx_t *ctx)
{
    ngx_int_t            rc;
    ngx_cr_curl_own_t   *own;
    ngx_cr_curl_host_t  *host;

    own = ctx->data;
    host = own->proxied ? &own->proxy : &own->host;

    if (own->request == NULL) {
        ngx_cr_curl_lookup_end(own);
        return;
    }

    if (ctx->state) {

        if (ctx->state == NGX_RESOLVE_TIMEDOUT) {
            own->request->timed_out = 1;
        }

        ngx_cr_curl_fail(own, "%V could not be looked up: %s", &host->name,
                         ngx_resolver_strerror(ctx->state));
        ngx_cr_curl_lookup_end(own);
        return;
    }

    rc = ngx_cr_curl_resolved(own, host, ctx->addrs, ctx->naddrs);

    ngx_cr_curl_lookup_end(own);

    if (rc != NGX_OK) {
        ngx_cr_curl_fail(own, "there is no memory");
        return;
    }

    ngx_cr_curl_begin(own);
}


void
ngx_cr_curl_lookup_end(ngx_cr_curl_own_t *own)
{
    if (own->lookup) {
        ngx_resolve_name_done(own->lookup);
        own->lookup = NULL;
    }
}
