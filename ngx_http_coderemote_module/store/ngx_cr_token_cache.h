
/*
 * Tokens that were found good, in shared memory, by a digest of the token and
 * of all that decided about it.  The tokens themselves are not in there.
 *
 * The zone is sets of a few cells; a token can be in those of its set alone,
 * where the one that was asked for longest ago makes room.  A cell is free,
 * or whole: it is marked as used by the last store that fills it, so that a
 * worker may die at any instruction.
 */


#ifndef _NGX_CR_TOKEN_CACHE_H_INCLUDED_
#define _NGX_CR_TOKEN_CACHE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CR_TOKEN_DIGEST  32         /* SHA-256 */
#define NGX_CR_TOKEN_USER    127        /* bytes; who has more is not kept */
#define NGX_CR_TOKEN_WAYS    8          /* cells of a set */


typedef struct ngx_cr_token_cache_s  ngx_cr_token_cache_t;

typedef struct {
    double     from;                    /* good not before, and */
    double     until;                   /* before; seconds since the epoch */
    uint8_t    user_len;                /* 0: the user is not kept */
    u_char     user[NGX_CR_TOKEN_USER];
} ngx_cr_token_t;


/* In the master: the zone's memory becomes cells.  NULL: it is too small. */
ngx_cr_token_cache_t *ngx_cr_token_cache_create(ngx_slab_pool_t *shpool);

/* NGX_OK: it is good at this time, and *token filled; else NGX_DECLINED. */
ngx_int_t ngx_cr_token_cache_get(ngx_cr_token_cache_t *cache,
    const u_char *digest, time_t now, ngx_cr_token_t *token);

/* It was found good. */
void ngx_cr_token_cache_put(ngx_cr_token_cache_t *cache,
    const u_char *digest, time_t now, const ngx_cr_token_t *token);


#endif /* _NGX_CR_TOKEN_CACHE_H_INCLUDED_ */
