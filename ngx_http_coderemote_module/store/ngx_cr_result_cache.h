
/*
 * Results in shared memory by the digest of what they are the result of; what
 * was not asked for longest makes room.
 *
 * A worker may be killed at any instruction.  What it left half done is thrown
 * away with all the rest by the next one who takes the lock: nothing in here
 * is worth more than the time it takes to find it out again.
 */


#ifndef _NGX_CR_RESULT_CACHE_H_INCLUDED_
#define _NGX_CR_RESULT_CACHE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CR_RESULT_KEY  32          /* bytes of a SHA-256 */

/* The smallest zone. */
#define NGX_CR_RESULT_ZONE_MIN  (8 * ngx_pagesize)


typedef struct {
    ngx_shm_zone_t    *zone;
    time_t             ttl;            /* seconds that a result is good for */
} ngx_cr_result_cache_t;


/*
 * tag: the module whose zone it is.  It survives a reload that keeps its name
 * and size.  NGX_OK, or NGX_ERROR: it was logged.
 */
ngx_int_t ngx_cr_result_cache_add(ngx_conf_t *cf, ngx_cr_result_cache_t *cache,
    ngx_str_t *name, size_t size, void *tag);

/*
 * NGX_OK: *value is a copy from pool; NGX_DECLINED: there is none; NGX_ERROR:
 * no memory.
 */
ngx_int_t ngx_cr_result_cache_get(ngx_cr_result_cache_t *cache,
    const u_char *key, ngx_pool_t *pool, ngx_str_t *value);

/* What does not fit is not kept. */
void ngx_cr_result_cache_put(ngx_cr_result_cache_t *cache, const u_char *key,
    const ngx_str_t *value);


#endif /* _NGX_CR_RESULT_CACHE_H_INCLUDED_ */
