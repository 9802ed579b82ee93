
/* How a worker whose turn it is has a provider's keys anew. */

#include "ngx_cr_jwks_local.h"

#include "ngx_cr_discovery.h"


/* The bounds of what a provider may say of how long its keys are good. */
#define NGX_CR_JWKS_FRESH_MIN  60
#define NGX_CR_JWKS_FRESH_MAX  86400

/* Two requests, and something for a worker that is busy; in milliseconds. */
#define NGX_CR_JWKS_MOST       15000


static void ngx_cr_jwks_done(ngx_cr_curl_t *curl, ngx_int_t rc);
static void ngx_cr_jwks_piece(ngx_cr_curl_t *curl, const u_char *bytes,
    size_t len);


static const ngx_str_t  ngx_cr_jwks_accept =
    ngx_string("Accept: application/json, application/jwk-set+json");


/* The same words with other figures in them are no news. */

static uint32_t
ngx_cr_jwks_reason(const u_char *why)
{
    uint32_t  crc;

    ngx_crc32_init(crc);

    for ( /* void */ ; *why; why++) {
        if (*why < '0' || *why > '9') {
            ngx_crc32_update(&crc, (u_char *) why, 1);
        }
    }

    ngx_crc32_final(crc);

    return crc ? crc : 1;
}


static void
ngx_cr_jwks_release(ngx_cr_jwks_t *jwks)
{
    ngx_destroy_pool(jwks->pool);

    jwks->pool = NULL;
    ngx_str_null(&jwks->body);
}


static void
ngx_cr_jwks_failed(ngx_cr_jwks_t *jwks, const char *fmt, ...)
{
    u_char      why[NGX_CR_JWKS_WHY];
    va_list     args;
    ngx_int_t   rc;
    ngx_uint_t  news;

    va_start(args, fmt);
    *ngx_vslprintf(why, why + NGX_CR_JWKS_WHY - 1, fmt, args) = '\0';
    va_end(args);

    ngx_cr_jwks_release(jwks);

    rc = ngx_cr_jwks_zone_give(jwks->zone, jwks->turn, NULL, 0,
                               ngx_cr_jwks_reason(why), &news);

    if (rc != NGX_ABORT && news) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "the keys of the provider at %V cannot be had: %s; %s, "
                      "and it is asked again, without further words",
                      &jwks->shown, why,
                      ngx_cr_jwks_zone_version(jwks->zone)
                      ? "those that were had before stay in use"
                      : "until they can, requests with its tokens are "
                        "answered 503");
    }

    ngx_cr_jwks_fetched(jwks);
}


/* Milliseconds until the document should be had anew. */

static ngx_msec_t
ngx_cr_jwks_fresh(ngx_cr_jwks_t *jwks)
{
    time_t  fresh;

    fresh = jwks->curl.max_age;

    if (fresh < 0) {
        return jwks->conf.refresh * 1000;
    }

    fresh = ngx_max(fresh, ngx_min(NGX_CR_JWKS_FRESH_MIN,
                                   jwks->conf.refresh));
    fresh = ngx_min(fresh, NGX_CR_JWKS_FRESH_MAX);

    /* the next one is there before this one expires */

    return fresh * 800;
}


static void
ngx_cr_jwks_take(ngx_cr_jwks_t *jwks)
{
    ngx_int_t       rc;
    ngx_uint_t      n, skipped, news;
    ngx_cr_keys_t  *keys;

    keys = ngx_cr_keys_create(jwks->pool);

    if (keys == NULL) {
        ngx_cr_jwks_failed(jwks, "there is no memory for them");
        return;
    }

    if (ngx_cr_keys_add(keys, &jwks->body, 1) != NGX_OK) {
        ngx_cr_jwks_failed(jwks, "what it answers is no set of keys: %s",
                           keys->error);
        return;
    }

    n = keys->n;
    skipped = keys->skipped;

    rc = ngx_cr_jwks_zone_give(jwks->zone, jwks->turn, &jwks->body,
                               ngx_cr_jwks_fresh(jwks), 0, &news);

    ngx_cr_jwks_release(jwks);

    if (rc == NGX_OK || (rc == NGX_DECLINED && news)) {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                      "the provider at %V has %ui key%s, %s%s", &jwks->shown,
                      n, n == 1 ? "" : "s",
                      rc == NGX_OK ? "new or changed" : "as before",
                      skipped ? "; others are not for signatures, or unknown"
                              : "");
    }

    ngx_cr_jwks_fetched(jwks);
}


static ngx_int_t
ngx_cr_jwks_ask(ngx_cr_jwks_t *jwks, const ngx_str_t *url)
{
    ngx_cr_curl_t  *curl;

    jwks->body.len = 0;
    jwks->long_one = 0;

    curl = &jwks->curl;
    ngx_memzero(curl, sizeof(ngx_cr_curl_t));

    curl->conf = &jwks->how;
    curl->log = ngx_cycle->log;
    curl->url = *url;
    curl->headers = &ngx_cr_jwks_accept;
    curl->nheaders = 1;
    curl->data = jwks;
    curl->piece = ngx_cr_jwks_piece;
    curl->done = ngx_cr_jwks_done;

    return ngx_cr_curl_start(curl);
}


/* The discovery document is there: where are the keys? */

static void
ngx_cr_jwks_discovered(ngx_cr_jwks_t *jwks)
{
    u_char       why[NGX_CR_DISCOVERY_WHY];
    ngx_int_t    rc;
    ngx_str_t    url;
    ngx_uint_t   local;
    const char  *wrong;

    rc = ngx_cr_discovery_read(jwks->pool, &jwks->body, &jwks->conf.url, &url,
                               why);

    if (rc != NGX_OK) {
        ngx_cr_jwks_failed(jwks, "%s", rc == NGX_DECLINED ? why
                           : (u_char *) "there is no memory for them");
        return;
    }

    wrong = ngx_cr_curl_url(&url, jwks->how.resolver || jwks->how.proxy.len,
                            &local);
    if (wrong) {
        ngx_cr_jwks_failed(jwks, "the jwks_uri of its discovery document %s",
                           wrong);
        return;
    }

    /* what is not of this machine sends nobody to it, nor to anybody by http */

    if (ngx_strncasecmp(url.data, (u_char *) "https:", 6) != 0
        && !(local && jwks->local))
    {
        ngx_cr_jwks_failed(jwks, "the jwks_uri of its discovery document is "
                           "not of https");
        return;
    }

    jwks->found = 1;

    if (ngx_cr_jwks_ask(jwks, &url) != NGX_OK) {
        ngx_cr_jwks_failed(jwks, "%s", jwks->curl.why);
    }
}


static void
ngx_cr_jwks_piece(ngx_cr_curl_t *curl, const u_char *bytes, size_t len)
{
    ngx_cr_jwks_t *jwks = curl->data;

    if (len > NGX_CR_JWKS_MAX - jwks->body.len) {
        jwks->long_one = 1;
        return;
    }

    ngx_memcpy(jwks->body.data + jwks->body.len, bytes, len);
    jwks->body.len += len;
}


static void
ngx_cr_jwks_done(ngx_cr_curl_t *curl, ngx_int_t rc)
{
    ngx_cr_jwks_t *jwks = curl->data;

    const char  *which;

    which = jwks->found ? "the request for the keys" : "the request for its "
                                                       "discovery document";

    if (rc != NGX_OK) {
        ngx_cr_jwks_failed(jwks, "%s failed: %s", which, curl->why);

    } else if (curl->status >= 300 && curl->status < 400) {
        ngx_cr_jwks_failed(jwks, "%s was answered with the redirect %ui, "
                           "which is not followed: name the URL where it "
                           "leads to", which, curl->status);

    } else if (curl->status != 200) {
        ngx_cr_jwks_failed(jwks, "%s was answered with the status %ui: is the "
                           "URL right?", which, curl->status);

    } else if (jwks->long_one) {
        ngx_cr_jwks_failed(jwks, "%s was answered with more than %d KB", which,
                           NGX_CR_JWKS_MAX / 1024);

    } else if (jwks->found) {
        ngx_cr_jwks_take(jwks);

    } else {
        ngx_cr_jwks_discovered(jwks);
    }
}


void
ngx_cr_jwks_fetch(ngx_cr_jwks_t *jwks, ngx_uint_t asked)
{
    if (jwks->pool || (ngx_exiting && !asked)
        || (ngx_cr_jwks_zone_due(jwks->zone, 0)
            && !(asked && ngx_cr_jwks_zone_due(jwks->zone, 1) == 0))
        || ngx_cr_jwks_zone_take(jwks->zone, asked, NGX_CR_JWKS_MOST,
                                 &jwks->turn)
           != NGX_OK)
    {
        return;
    }

    jwks->found = !jwks->conf.discover;
    jwks->pool = ngx_create_pool(4096, ngx_cycle->log);

    if (jwks->pool) {
        jwks->body.data = ngx_palloc(jwks->pool, NGX_CR_JWKS_MAX);
    }

    if (jwks->pool == NULL || jwks->body.data == NULL) {
        ngx_cr_jwks_fetch_cancel(jwks);
        return;
    }

    if (ngx_cr_jwks_ask(jwks, &jwks->first) != NGX_OK) {
        ngx_cr_jwks_failed(jwks, "%s", jwks->curl.why);
    }
}


void
ngx_cr_jwks_fetch_cancel(ngx_cr_jwks_t *jwks)
{
    if (jwks->pool) {
        ngx_cr_curl_cancel(&jwks->curl);
        ngx_cr_jwks_release(jwks);
    }

    ngx_cr_jwks_zone_drop(jwks->zone, jwks->turn);
}
