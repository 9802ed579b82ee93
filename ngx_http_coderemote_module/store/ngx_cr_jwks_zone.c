
#include "ngx_cr_jwks_zone.h"

#include <openssl/sha.h>


/* What the slab allocator needs of a zone for itself. */
#define NGX_CR_JWKS_ZONE_EXTRA  (16 * 4096)


typedef struct {
    size_t                     len;
    u_char                     digest[NGX_CR_JWKS_DIGEST];
    u_char                     text[NGX_CR_JWKS_MAX];
} ngx_cr_jwks_half_t;


/*
 * Times are of ngx_current_msec, which is the machine's.  A worker may die
 * between any two stores: with the lock only what waits for somebody is
 * kept, and each member by itself makes sense.
 */

struct ngx_cr_jwks_zone_s {
    ngx_slab_pool_t           *shpool;
    ngx_atomic_t               version;     /* its half has the document */
    ngx_atomic_t               begun;
    ngx_atomic_t               ended;
    ngx_pid_t                  holder;      /* whose turn it is; 0: nobody's */
    ngx_msec_t                 until;
    ngx_uint_t                 asked;       /* the turn was asked for */
    ngx_msec_t                 due;
    ngx_msec_t                 early;       /* not before, though asked for */
    ngx_uint_t                 failures;    /* in a row */
    ngx_uint_t                 fruitless;   /* asked for, in a row */
    ngx_uint_t                 reason;      /* of the last turn's failure */
    ngx_cr_jwks_half_t         halves[2];
};


static ngx_int_t ngx_cr_jwks_zone_init(ngx_shm_zone_t *shm_zone, void *data);


ngx_shm_zone_t *
ngx_cr_jwks_zone_add(ngx_conf_t *cf, ngx_str_t *name, void *tag)
{
    size_t           size;
    ngx_shm_zone_t  *zone;

    size = ngx_align(sizeof(ngx_cr_jwks_zone_t) + NGX_CR_JWKS_ZONE_EXTRA,
                     ngx_pagesize);

    zone = ngx_shared_memory_add(cf, name, size, tag);

    if (zone) {
        zone->init = ngx_cr_jwks_zone_init;
    }

    return zone;
}


static ngx_int_t
ngx_cr_jwks_zone_init(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_slab_pool_t     *shpool;
    ngx_cr_jwks_zone_t  *zone;

    if (data) {
        shm_zone->data = data;
        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (shm_zone->shm.exists) {
        shm_zone->data = shpool->data;
        return NGX_OK;
    }

    zone = ngx_slab_alloc(shpool, sizeof(ngx_cr_jwks_zone_t));
    if (zone == NULL) {
        return NGX_ERROR;
    }

    /* the halves stay as they are, and need no memory until they have text */

    ngx_memzero(zone, offsetof(ngx_cr_jwks_zone_t, halves));

    zone->shpool = shpool;
    zone->due = ngx_current_msec;
    zone->early = ngx_current_msec;

    shpool->data = zone;
    shm_zone->data = zone;

    return NGX_OK;
}


ngx_atomic_uint_t
ngx_cr_jwks_zone_version(ngx_cr_jwks_zone_t *zone)
{
    return zone->version;
}


ngx_atomic_uint_t
ngx_cr_jwks_zone_begun(ngx_cr_jwks_zone_t *zone)
{
    return zone->begun;
}


ngx_atomic_uint_t
ngx_cr_jwks_zone_ended(ngx_cr_jwks_zone_t *zone)
{
    return zone->ended;
}


ngx_int_t
ngx_cr_jwks_zone_read(ngx_cr_jwks_zone_t *zone, ngx_str_t *text,
    u_char digest[NGX_CR_JWKS_DIGEST], ngx_atomic_uint_t *version,
    ngx_log_t *log)
{
    u_char               found[NGX_CR_JWKS_DIGEST];
    size_t               len;
    ngx_cr_jwks_half_t  *half;

    *version = zone->version;

    if (*version == 0) {
        return NGX_DECLINED;
    }

    ngx_memory_barrier();

    half = &zone->halves[*version & 1];
    len = ngx_min(half->len, NGX_CR_JWKS_MAX);

    text->data = ngx_alloc(len + 1, log);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    *ngx_cpymem(text->data, half->text, len) = '\0';
    text->len = len;
    ngx_memcpy(digest, half->digest, NGX_CR_JWKS_DIGEST);

    SHA256(text->data, len, found);

    ngx_memory_barrier();

    if (zone->version != *version
        || ngx_memcmp(found, digest, NGX_CR_JWKS_DIGEST) != 0)
    {
        ngx_free(text->data);
        return NGX_AGAIN;
    }

    return NGX_OK;
}


/* Milliseconds from now; 0: it has come. */

static ngx_msec_t
ngx_cr_jwks_zone_left(ngx_msec_t when)
{
    ngx_msec_int_t  left;

    left = (ngx_msec_int_t) (when - ngx_current_msec);

    return left > 0 ? left : 0;
}


ngx_msec_t
ngx_cr_jwks_zone_due(ngx_cr_jwks_zone_t *zone, ngx_uint_t asked)
{
    return ngx_cr_jwks_zone_left(asked ? zone->early : zone->due);
}


ngx_uint_t
ngx_cr_jwks_zone_idle(ngx_cr_jwks_zone_t *zone)
{
    ngx_pid_t  holder;

    holder = zone->holder;

    return holder == 0 || ngx_cr_jwks_zone_left(zone->until) == 0
           || (kill(holder, 0) == -1 && ngx_errno == ESRCH);
}


ngx_int_t
ngx_cr_jwks_zone_take(ngx_cr_jwks_zone_t *zone, ngx_uint_t asked,
    ngx_msec_t most, ngx_atomic_uint_t *fetch)
{
    ngx_int_t   rc;
    ngx_uint_t  due;

    ngx_shmtx_lock(&zone->shpool->mutex);

    due = ngx_cr_jwks_zone_left(zone->due) == 0;

    if (!ngx_cr_jwks_zone_idle(zone)) {
        rc = NGX_BUSY;

    } else if (!due && !(asked && ngx_cr_jwks_zone_left(zone->early) == 0)) {
        rc = NGX_DECLINED;

    } else {
        if (ngx_cr_jwks_zone_left(zone->early + NGX_CR_JWKS_AGAIN_MAX) == 0) {
            zone->fruitless = 0;
        }

        zone->until = ngx_current_msec + most;
        zone->asked = !due;
        zone->begun = ngx_max(zone->begun, zone->ended) + 1;
        *fetch = zone->begun;

        ngx_memory_barrier();

        zone->holder = ngx_pid;
        rc = NGX_OK;
    }

    ngx_shmtx_unlock(&zone->shpool->mutex);

    return rc;
}


static ngx_uint_t
ngx_cr_jwks_zone_mine(ngx_cr_jwks_zone_t *zone, ngx_atomic_uint_t fetch)
{
    return zone->holder == ngx_pid && zone->begun == fetch;
}


/* first, doubled so many times, and never more than most */

static ngx_msec_t
ngx_cr_jwks_zone_later(ngx_msec_t first, ngx_uint_t times, ngx_msec_t most)
{
    while (times-- && first < most) {
        first *= 2;
    }

    return ngx_min(first, most);
}


/* The document goes to the half that nobody reads; 0: it is there already. */

static ngx_uint_t
ngx_cr_jwks_zone_write(ngx_cr_jwks_zone_t *zone, const ngx_str_t *text)
{
    u_char               digest[NGX_CR_JWKS_DIGEST];
    ngx_cr_jwks_half_t  *half;

    SHA256(text->data, text->len, digest);

    half = &zone->halves[zone->version & 1];

    if (zone->version
        && ngx_memcmp(half->digest, digest, NGX_CR_JWKS_DIGEST) == 0)
    {
        return 0;
    }

    half = &zone->halves[(zone->version + 1) & 1];

    half->len = text->len;
    ngx_memcpy(half->digest, digest, NGX_CR_JWKS_DIGEST);
    ngx_memcpy(half->text, text->data, text->len);

    ngx_memory_barrier();

    return 1;
}


ngx_int_t
ngx_cr_jwks_zone_give(ngx_cr_jwks_zone_t *zone, ngx_atomic_uint_t fetch,
    const ngx_str_t *text, ngx_msec_t fresh, uint32_t reason,
    ngx_uint_t *news)
{
    ngx_uint_t         changed;
    ngx_msec_t         later;
    ngx_atomic_uint_t  version;

    if (!ngx_cr_jwks_zone_mine(zone, fetch)) {
        return NGX_ABORT;
    }

    version = zone->version;
    changed = text && ngx_cr_jwks_zone_write(zone, text);

    ngx_shmtx_lock(&zone->shpool->mutex);

    /* somebody else's turn may have come while this process was stopped */

    if (!ngx_cr_jwks_zone_mine(zone, fetch) || zone->version != version) {
        ngx_shmtx_unlock(&zone->shpool->mutex);
        return NGX_ABORT;
    }

    if (text) {
        zone->failures = 0;
        zone->fruitless = (zone->asked && !changed) ? zone->fruitless + 1 : 0;

        later = ngx_cr_jwks_zone_later(NGX_CR_JWKS_ASKED, zone->fruitless,
                                       NGX_CR_JWKS_ASKED_MAX);

        zone->due = ngx_current_msec + fresh;

    } else {
        zone->failures++;
        later = ngx_cr_jwks_zone_later(NGX_CR_JWKS_AGAIN, zone->failures - 1,
                                       NGX_CR_JWKS_AGAIN_MAX);

        zone->due = ngx_current_msec + later;
    }

    zone->early = ngx_current_msec + later;

    *news = zone->reason != reason;
    zone->reason = reason;

    if (changed) {
        zone->version = version + 1;
    }

    zone->ended = fetch;
    zone->holder = 0;

    ngx_shmtx_unlock(&zone->shpool->mutex);

    return changed ? NGX_OK : NGX_DECLINED;
}


void
ngx_cr_jwks_zone_drop(ngx_cr_jwks_zone_t *zone, ngx_atomic_uint_t fetch)
{
    ngx_shmtx_lock(&zone->shpool->mutex);

    if (ngx_cr_jwks_zone_mine(zone, fetch)) {
        zone->holder = 0;
    }

    ngx_shmtx_unlock(&zone->shpool->mutex);
}
