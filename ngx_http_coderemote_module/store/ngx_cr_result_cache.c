
#include "ngx_cr_result_cache.h"


/* A result may take no more than this part of its zone. */
#define NGX_CR_RESULT_PART  8


typedef struct {
    ngx_rbtree_node_t    node;         /* by the beginning of the key */
    ngx_queue_t          queue;        /* the last used first */
    time_t               stored;
    size_t               len;
    u_char               key[NGX_CR_RESULT_KEY];
    u_char               data[];
} ngx_cr_result_t;


typedef struct {
    ngx_rbtree_t         tree;
    ngx_rbtree_node_t    sentinel;
    ngx_queue_t          queue;
    ngx_atomic_t         changing;     /* who has the lock is at work */
} ngx_cr_results_t;


/* NULL is what a worker leaves that dies while it makes all anew. */

static ngx_cr_results_t *
ngx_cr_results_create(ngx_slab_pool_t *shpool)
{
    ngx_cr_results_t  *results;

    shpool->log_nomem = 0;

    results = ngx_slab_calloc_locked(shpool, sizeof(ngx_cr_results_t));

    if (results) {
        ngx_rbtree_init(&results->tree, &results->sentinel,
                        ngx_rbtree_insert_value);
        ngx_queue_init(&results->queue);
    }

    return results;
}


static ngx_int_t
ngx_cr_result_cache_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_slab_pool_t  *shpool;

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    zone->data = shpool;

    if (data || zone->shm.exists) {
        return NGX_OK;
    }

    shpool->data = ngx_cr_results_create(shpool);

    return shpool->data ? NGX_OK : NGX_ERROR;
}


ngx_int_t
ngx_cr_result_cache_add(ngx_conf_t *cf, ngx_cr_result_cache_t *cache,
    ngx_str_t *name, size_t size, void *tag)
{
    cache->zone = ngx_shared_memory_add(cf, name, size, tag);

    if (cache->zone == NULL) {
        return NGX_ERROR;
    }

    cache->zone->init = ngx_cr_result_cache_init;

    return NGX_OK;
}


/* NULL: there is no place, and no lock. */

static ngx_cr_results_t *
ngx_cr_results_lock(ngx_slab_pool_t *shpool)
{
    ngx_cr_results_t  *results;

    ngx_shmtx_lock(&shpool->mutex);

    results = shpool->data;

    if (results == NULL || results->changing) {
        shpool->data = NULL;
        ngx_memory_barrier();

        ngx_slab_init(shpool);

        results = ngx_cr_results_create(shpool);

        ngx_memory_barrier();
        shpool->data = results;
    }

    if (results == NULL) {
        ngx_shmtx_unlock(&shpool->mutex);
        return NULL;
    }

    results->changing = 1;

    ngx_memory_barrier();

    return results;
}


static void
ngx_cr_results_unlock(ngx_slab_pool_t *shpool, ngx_cr_results_t *results)
{
    ngx_memory_barrier();

    results->changing = 0;

    ngx_shmtx_unlock(&shpool->mutex);
}


static ngx_rbtree_key_t
ngx_cr_result_hash(const u_char *key)
{
    ngx_rbtree_key_t  hash;

    ngx_memcpy(&hash, key, sizeof(ngx_rbtree_key_t));

    return hash;
}


/* The one whose key begins so: of two such one is kept. */

static ngx_cr_result_t *
ngx_cr_result_find(ngx_cr_results_t *results, const u_char *key)
{
    ngx_rbtree_key_t    hash;
    ngx_rbtree_node_t  *node;

    hash = ngx_cr_result_hash(key);
    node = results->tree.root;

    while (node != results->tree.sentinel && node->key != hash) {
        node = (hash < node->key) ? node->left : node->right;
    }

    return node == results->tree.sentinel
           ? NULL : ngx_rbtree_data(node, ngx_cr_result_t, node);
}


static void
ngx_cr_result_free(ngx_slab_pool_t *shpool, ngx_cr_results_t *results,
    ngx_cr_result_t *result)
{
    ngx_rbtree_delete(&results->tree, &result->node);
    ngx_queue_remove(&result->queue);

    ngx_slab_free_locked(shpool, result);
}


static ngx_int_t
ngx_cr_result_read(ngx_cr_result_t *result, ngx_pool_t *pool,
    ngx_str_t *value)
{
    value->len = result->len;
    value->data = ngx_pnalloc(pool, result->len);

    if (value->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(value->data, result->data, result->len);

    return NGX_OK;
}


ngx_int_t
ngx_cr_result_cache_get(ngx_cr_result_cache_t *cache, const u_char *key,
    ngx_pool_t *pool, ngx_str_t *value)
{
    ngx_int_t          rc;
    ngx_cr_result_t   *result;
    ngx_slab_pool_t   *shpool;
    ngx_cr_results_t  *results;

    shpool = cache->zone->data;
    results = ngx_cr_results_lock(shpool);

    if (results == NULL) {
        return NGX_DECLINED;
    }

    rc = NGX_DECLINED;
    result = ngx_cr_result_find(results, key);

    if (result == NULL
        || ngx_memcmp(result->key, key, NGX_CR_RESULT_KEY) != 0)
    {
        /* void */

    } else if (ngx_time() - result->stored >= cache->ttl) {
        ngx_cr_result_free(shpool, results, result);

    } else {
        rc = ngx_cr_result_read(result, pool, value);

        ngx_queue_remove(&result->queue);
        ngx_queue_insert_head(&results->queue, &result->queue);
    }

    ngx_cr_results_unlock(shpool, results);

    return rc;
}


static ngx_cr_result_t *
ngx_cr_result_alloc(ngx_slab_pool_t *shpool, ngx_cr_results_t *results,
    size_t size)
{
    ngx_cr_result_t  *result;

    for ( ;; ) {
        result = ngx_slab_alloc_locked(shpool, size);

        if (result || ngx_queue_empty(&results->queue)) {
            return result;
        }

        ngx_cr_result_free(shpool, results,
                           ngx_queue_data(ngx_queue_last(&results->queue),
                                          ngx_cr_result_t, queue));
    }
}


void
ngx_cr_result_cache_put(ngx_cr_result_cache_t *cache, const u_char *key,
    const ngx_str_t *value)
{
    size_t             size;
    ngx_cr_result_t   *result;
    ngx_slab_pool_t   *shpool;
    ngx_cr_results_t  *results;

    size = sizeof(ngx_cr_result_t) + value->len;

    /* for one large result all the others would have to go */

    if (size > cache->zone->shm.size / NGX_CR_RESULT_PART) {
        return;
    }

    shpool = cache->zone->data;
    results = ngx_cr_results_lock(shpool);

    if (results == NULL) {
        return;
    }

    result = ngx_cr_result_find(results, key);

    if (result) {
        ngx_cr_result_free(shpool, results, result);
    }

    result = ngx_cr_result_alloc(shpool, results, size);

    if (result) {
        result->node.key = ngx_cr_result_hash(key);
        result->stored = ngx_time();
        result->len = value->len;
        ngx_memcpy(result->key, key, NGX_CR_RESULT_KEY);
        ngx_memcpy(result->data, value->data, value->len);

        ngx_rbtree_insert(&results->tree, &result->node);
        ngx_queue_insert_head(&results->queue, &result->queue);
    }

    ngx_cr_results_unlock(shpool, results);
}
