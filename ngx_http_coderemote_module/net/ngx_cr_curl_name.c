
#include "ngx_cr_curl_local.h"


#define NGX_CR_CURL_ADDRS  8


static void ngx_cr_curl_lookup_handler(ngx_resolver_ctx_t *ctx);


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
