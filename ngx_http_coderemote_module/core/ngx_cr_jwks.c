
#include "ngx_cr_jwks_local.h"

#include "ngx_cr_discovery.h"

#include <openssl/sha.h>


/* How long somebody waits, and how often it is looked for him whether another
   worker has got the document, in milliseconds. */
#define NGX_CR_JWKS_PATIENCE  4000
#define NGX_CR_JWKS_LOOK      30

/* How many may wait in a worker. */
#define NGX_CR_JWKS_WAITS     512

/* The time that one request to the provider may take. */
#define NGX_CR_JWKS_TIMEOUT   5000

#define NGX_CR_JWKS_NAME      "coderemote_jwks_"


static void ngx_cr_jwks_tick(ngx_event_t *ev);


/* Its address tells the zones from those of other modules. */

static ngx_uint_t  ngx_cr_jwks_tag;


/* --- when a configuration is read */


static void
ngx_cr_jwks_make_id(const ngx_cr_jwks_conf_t *conf, u_char *id)
{
    u_char      *p, *text;
    size_t       size;

    size = 1 + conf->url.len + 1 + conf->trusted.len + 1 + conf->proxy.len;
    ngx_memzero(id, NGX_CR_JWKS_DIGEST);

    text = ngx_alloc(size, ngx_cycle->log);
    if (text == NULL) {
        return;
    }

    p = text;
    *p++ = conf->discover ? 'i' : 'u';
    p = ngx_cpymem(p, conf->url.data, conf->url.len);
    *p++ = '\0';
    p = ngx_cpymem(p, conf->trusted.data, conf->trusted.len);
    *p++ = '\0';
    ngx_memcpy(p, conf->proxy.data, conf->proxy.len);

    SHA256(text, size, id);
    ngx_free(text);
}


static ngx_int_t
ngx_cr_jwks_urls(ngx_conf_t *cf, ngx_cr_jwks_t *jwks)
{
    u_char  *p;

    jwks->first = jwks->conf.url;

    if (jwks->conf.discover
        && ngx_cr_discovery_url(cf->pool, &jwks->conf.url, &jwks->first)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* what is behind the "?" may be a secret */

    jwks->shown = jwks->conf.url;
    p = ngx_strlchr(jwks->shown.data, jwks->shown.data + jwks->shown.len, '?');

    if (p) {
        jwks->shown.len = p - jwks->shown.data;
    }

    return NGX_OK;
}


static ngx_cr_jwks_t *
ngx_cr_jwks_create(ngx_conf_t *cf, const ngx_cr_jwks_conf_t *conf,
    const u_char *id)
{
    ngx_str_t       name;
    ngx_cr_jwks_t  *jwks;

    jwks = ngx_pcalloc(cf->pool, sizeof(ngx_cr_jwks_t));

    name.len = sizeof(NGX_CR_JWKS_NAME) - 1 + NGX_CR_JWKS_DIGEST;
    name.data = ngx_pnalloc(cf->pool, name.len);

    if (jwks == NULL || name.data == NULL) {
        return NULL;
    }

    jwks->conf = *conf;
    ngx_memcpy(jwks->id, id, NGX_CR_JWKS_DIGEST);

    if (ngx_cr_jwks_urls(cf, jwks) != NGX_OK) {
        return NULL;
    }

    (void) ngx_cr_curl_url(&jwks->first, 1, &jwks->local);

    jwks->how.resolver = conf->resolver;
    jwks->how.resolver_timeout = ngx_min(conf->resolver_timeout,
                                         NGX_CR_JWKS_TIMEOUT);
    jwks->how.timeout = NGX_CR_JWKS_TIMEOUT;
    jwks->how.max_body = NGX_CR_JWKS_MAX;
    jwks->how.proxy = conf->proxy;
    jwks->how.trusted = conf->trusted;

    /* the same source has the same zone after a reload, whatever else is new */

    ngx_hex_dump(ngx_cpymem(name.data, NGX_CR_JWKS_NAME,
                            sizeof(NGX_CR_JWKS_NAME) - 1),
                 jwks->id, NGX_CR_JWKS_DIGEST / 2);

    jwks->shm_zone = ngx_cr_jwks_zone_add(cf, &name, &ngx_cr_jwks_tag);

    return jwks->shm_zone ? jwks : NULL;
}


ngx_cr_jwks_t *
ngx_cr_jwks_add(ngx_conf_t *cf, ngx_array_t *sources,
    const ngx_cr_jwks_conf_t *conf)
{
    u_char           id[NGX_CR_JWKS_DIGEST];
    ngx_uint_t       i;
    ngx_cr_jwks_t  **source, *jwks;

    ngx_cr_jwks_make_id(conf, id);

    source = sources->elts;

    for (i = 0; i < sources->nelts; i++) {

        jwks = source[i];

        if (ngx_memcmp(jwks->id, id, NGX_CR_JWKS_DIGEST) == 0) {
            jwks->conf.refresh = ngx_min(jwks->conf.refresh, conf->refresh);

            if (jwks->how.resolver == NULL) {
                jwks->how.resolver = conf->resolver;
            }

            return jwks;
        }
    }

    jwks = ngx_cr_jwks_create(cf, conf, id);
    source = jwks ? ngx_array_push(sources) : NULL;

    if (source == NULL) {
        return NULL;
    }

    *source = jwks;

    return jwks;
}


/* --- in a worker */


ngx_int_t
ngx_cr_jwks_init(ngx_cycle_t *cycle, ngx_array_t *sources)
{
    ngx_uint_t       i;
    ngx_cr_jwks_t  **source, *jwks;

    source = sources->elts;

    for (i = 0; i < sources->nelts; i++) {

        jwks = source[i];
        jwks->zone = jwks->shm_zone->data;
        ngx_queue_init(&jwks->waits);

        jwks->event.handler = ngx_cr_jwks_tick;
        jwks->event.data = jwks;
        jwks->event.log = cycle->log;
        jwks->event.cancelable = 1;

        ngx_add_timer(&jwks->event, 1);
    }

    return NGX_OK;
}


void
ngx_cr_jwks_exit(ngx_array_t *sources)
{
    ngx_uint_t       i;
    ngx_cr_jwks_t  **source, *jwks;

    source = sources->elts;

    for (i = 0; i < sources->nelts; i++) {

        jwks = source[i];

        if (jwks->zone == NULL) {
            continue;
        }

        ngx_cr_jwks_fetch_cancel(jwks);

        if (jwks->keys) {
            ngx_destroy_pool(jwks->keys->pool);
            jwks->keys = NULL;
        }

        if (jwks->event.timer_set) {
            ngx_del_timer(&jwks->event);
        }
    }
}


static ngx_cr_keys_t *
ngx_cr_jwks_parse(const ngx_str_t *text)
{
    ngx_pool_t     *pool;
    ngx_cr_keys_t  *keys;

    pool = ngx_create_pool(4096, ngx_cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    keys = ngx_cr_keys_create(pool);

    if (keys == NULL || ngx_cr_keys_add(keys, text, 1) != NGX_OK) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    return keys;
}


void
ngx_cr_jwks_look(ngx_cr_jwks_t *jwks)
{
    u_char              digest[NGX_CR_JWKS_DIGEST];
    ngx_str_t           text;
    ngx_cr_keys_t      *keys;
    ngx_atomic_uint_t   version;

    if (jwks->zone == NULL
        || ngx_cr_jwks_zone_version(jwks->zone) == jwks->version
        || ngx_cr_jwks_zone_read(jwks->zone, &text, digest, &version,
                                 ngx_cycle->log)
           != NGX_OK)
    {
        return;
    }

    keys = ngx_cr_jwks_parse(&text);
    ngx_free(text.data);

    if (keys == NULL) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "the keys of the provider at %V cannot be read again: "
                      "is there no memory?", &jwks->shown);
        return;
    }

    if (jwks->keys) {
        ngx_destroy_pool(jwks->keys->pool);
    }

    jwks->keys = keys;
    jwks->version = version;
    ngx_memcpy(jwks->digest, digest, NGX_CR_JWKS_DIGEST);
}


const ngx_cr_keys_t *
ngx_cr_jwks_keys(const ngx_cr_jwks_t *jwks)
{
    return jwks->keys;
}


const u_char *
ngx_cr_jwks_digest(const ngx_cr_jwks_t *jwks)
{
    return jwks->digest;
}


const u_char *
ngx_cr_jwks_id(const ngx_cr_jwks_t *jwks)
{
    return jwks->id;
}


time_t
ngx_cr_jwks_retry_after(ngx_cr_jwks_t *jwks)
{
    return ngx_cr_jwks_zone_due(jwks->zone, 1) / 1000 + 1;
}


/* --- who waits */


static void
ngx_cr_jwks_arm(ngx_cr_jwks_t *jwks)
{
    ngx_msec_t  delay;

    if (jwks->event.timer_set) {
        ngx_del_timer(&jwks->event);
    }

    /* somebody who waits keeps a worker that is told to leave */

    jwks->event.cancelable = jwks->nwaits == 0;

    if (jwks->nwaits) {
        delay = NGX_CR_JWKS_LOOK;

    } else if (ngx_exiting) {
        return;

    } else {
        delay = ngx_cr_jwks_zone_due(jwks->zone, 0);

        /* it is another worker's turn */
        delay = delay ? delay : 1000;
    }

    ngx_add_timer(&jwks->event, delay);
}


static ngx_uint_t
ngx_cr_jwks_over(ngx_cr_jwks_t *jwks, ngx_cr_jwks_wait_t *wait)
{
    ngx_msec_int_t  left;

    left = (ngx_msec_int_t) (wait->deadline - ngx_current_msec);

    return left <= 0
           || ngx_cr_jwks_zone_ended(jwks->zone) >= wait->fetch
           || (ngx_cr_jwks_zone_idle(jwks->zone)
               && ngx_cr_jwks_zone_due(jwks->zone, 1) > (ngx_msec_t) left);
}


ngx_int_t
ngx_cr_jwks_wait(ngx_cr_jwks_t *jwks, ngx_cr_jwks_wait_t *wait)
{
    if (wait->deadline == 0) {
        wait->deadline = ngx_current_msec + NGX_CR_JWKS_PATIENCE;
    }

    /* one that has begun may have been answered too early for him */

    if (wait->fetch == 0) {
        wait->fetch = ngx_cr_jwks_zone_begun(jwks->zone) + 1;
    }

    if (jwks->nwaits == NGX_CR_JWKS_WAITS || ngx_cr_jwks_over(jwks, wait)) {
        return NGX_DECLINED;
    }

    wait->version = jwks->version;
    wait->jwks = jwks;

    ngx_queue_insert_tail(&jwks->waits, &wait->queue);

    if (jwks->nwaits++ == 0) {
        ngx_cr_jwks_fetched(jwks);
    }

    return NGX_AGAIN;
}


void
ngx_cr_jwks_forget(ngx_cr_jwks_wait_t *wait)
{
    if (wait->jwks == NULL) {
        return;
    }

    ngx_queue_remove(&wait->queue);

    wait->jwks->nwaits--;
    wait->jwks = NULL;
}


static void
ngx_cr_jwks_wake(ngx_cr_jwks_t *jwks)
{
    ngx_queue_t          ready, *q, *next;
    ngx_atomic_uint_t    version;
    ngx_cr_jwks_wait_t  *wait;

    ngx_queue_init(&ready);
    version = ngx_cr_jwks_zone_version(jwks->zone);

    for (q = ngx_queue_head(&jwks->waits);
         q != ngx_queue_sentinel(&jwks->waits);
         q = next)
    {
        next = ngx_queue_next(q);
        wait = ngx_queue_data(q, ngx_cr_jwks_wait_t, queue);

        if (version != wait->version || ngx_cr_jwks_over(jwks, wait)) {
            ngx_queue_remove(q);
            ngx_queue_insert_tail(&ready, q);
        }
    }

    /* each may wait again, or end others */

    while (!ngx_queue_empty(&ready)) {
        q = ngx_queue_head(&ready);
        wait = ngx_queue_data(q, ngx_cr_jwks_wait_t, queue);

        ngx_cr_jwks_forget(wait);
        wait->handler(wait->data);
    }
}


static void
ngx_cr_jwks_tick(ngx_event_t *ev)
{
    ngx_cr_jwks_t *jwks = ev->data;

    ngx_cr_jwks_wake(jwks);
    ngx_cr_jwks_fetch(jwks, jwks->nwaits != 0);
    ngx_cr_jwks_arm(jwks);
}


void
ngx_cr_jwks_fetched(ngx_cr_jwks_t *jwks)
{
    if (jwks->event.timer_set) {
        ngx_del_timer(&jwks->event);
    }

    jwks->event.cancelable = jwks->nwaits == 0;
    ngx_add_timer(&jwks->event, 0);
}
