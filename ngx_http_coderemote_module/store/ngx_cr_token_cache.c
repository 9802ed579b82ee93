
#include "ngx_cr_token_cache.h"


typedef struct {
    ngx_atomic_t           asked;       /* the cache's clock; 0: it is free;
                                           written last */
    u_char                 digest[NGX_CR_TOKEN_DIGEST];
    ngx_cr_token_t         token;
} ngx_cr_token_cell_t;


struct ngx_cr_token_cache_s {
    ngx_slab_pool_t       *shpool;      /* its mutex is the cache's */
    ngx_atomic_t           clock;       /* one more each time it is asked */
    ngx_uint_t             nsets;
    ngx_cr_token_cell_t    cells[];
};


ngx_cr_token_cache_t *
ngx_cr_token_cache_create(ngx_slab_pool_t *shpool)
{
    size_t                 size;
    ngx_cr_token_cache_t  *cache;

    size = shpool->pfree * ngx_pagesize;

    if (size < sizeof(ngx_cr_token_cache_t)
               + NGX_CR_TOKEN_WAYS * sizeof(ngx_cr_token_cell_t))
    {
        return NULL;
    }

    cache = ngx_slab_calloc(shpool, size);
    if (cache == NULL) {
        return NULL;
    }

    cache->shpool = shpool;
    cache->nsets = (size - sizeof(ngx_cr_token_cache_t))
                   / (NGX_CR_TOKEN_WAYS * sizeof(ngx_cr_token_cell_t));

    return cache;
}


/* Digests are random: any part of one is as good as another. */

static ngx_cr_token_cell_t *
ngx_cr_token_cache_set(ngx_cr_token_cache_t *cache, const u_char *digest)
{
    ngx_uint_t  n;

    ngx_memcpy(&n, digest, sizeof(n));

    return &cache->cells[n % cache->nsets * NGX_CR_TOKEN_WAYS];
}


static ngx_uint_t
ngx_cr_token_cell_good(const ngx_cr_token_cell_t *cell, time_t now)
{
    return cell->asked && cell->token.from <= now && now < cell->token.until;
}


static ngx_cr_token_cell_t *
ngx_cr_token_cache_find(ngx_cr_token_cell_t *set, const u_char *digest)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CR_TOKEN_WAYS; i++) {
        if (set[i].asked
            && ngx_memcmp(set[i].digest, digest, NGX_CR_TOKEN_DIGEST) == 0)
        {
            return &set[i];
        }
    }

    return NULL;
}


/* One that is free or has expired, or the one asked for longest ago. */

static ngx_cr_token_cell_t *
ngx_cr_token_cache_room(ngx_cr_token_cell_t *set, time_t now)
{
    ngx_uint_t            i;
    ngx_cr_token_cell_t  *cell;

    cell = set;

    for (i = 0; i < NGX_CR_TOKEN_WAYS; i++) {
        if (!set[i].asked || set[i].token.until <= now) {
            return &set[i];
        }

        if (set[i].asked < cell->asked) {
            cell = &set[i];
        }
    }

    return cell;
}


ngx_int_t
ngx_cr_token_cache_get(ngx_cr_token_cache_t *cache, const u_char *digest,
    time_t now, ngx_cr_token_t *token)
{
    ngx_int_t             rc;
    ngx_cr_token_cell_t  *cell;

    rc = NGX_DECLINED;

    ngx_shmtx_lock(&cache->shpool->mutex);

    cell = ngx_cr_token_cache_find(ngx_cr_token_cache_set(cache, digest),
                                   digest);

    if (cell && ngx_cr_token_cell_good(cell, now)) {
        *token = cell->token;
        cell->asked = ++cache->clock;
        rc = NGX_OK;
    }

    ngx_shmtx_unlock(&cache->shpool->mutex);

    return rc;
}


void
ngx_cr_token_cache_put(ngx_cr_token_cache_t *cache, const u_char *digest,
    time_t now, const ngx_cr_token_t *token)
{
    ngx_cr_token_cell_t  *set, *cell;

    set = ngx_cr_token_cache_set(cache, digest);

    ngx_shmtx_lock(&cache->shpool->mutex);

    cell = ngx_cr_token_cache_find(set, digest);

    if (cell == NULL) {
        cell = ngx_cr_token_cache_room(set, now);
    }

    cell->asked = 0;

    ngx_memory_barrier();

    ngx_memcpy(cell->digest, digest, NGX_CR_TOKEN_DIGEST);
    cell->token = *token;

    ngx_memory_barrier();

    cell->asked = ++cache->clock;

    ngx_shmtx_unlock(&cache->shpool->mutex);
}
