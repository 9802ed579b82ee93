
/*
 * Who makes tokens: keys of his own, and what must hold for the tokens that
 * they verify.  The keys of one never speak for another.
 */


#ifndef _NGX_CR_PROVIDER_H_INCLUDED_
#define _NGX_CR_PROVIDER_H_INCLUDED_


#include "ngx_cr_jwks.h"
#include "ngx_cr_jwt.h"


#define NGX_CR_PROVIDERS_MAX   8

/* An answer beside those of ngx_cr_jwt_check(). */
#define NGX_CR_JWT_NO_KEYS     NGX_BUSY     /* it may be good: ask later */


typedef struct {
    ngx_cr_jwks_t        *jwks;
    ngx_array_t          *issuers;      /* the one it has; NULL: those of the
                                           rules */
    ngx_array_t          *clients;      /* of Amazon Cognito, of ngx_str_t;
                                           NULL: it is no such */
    u_char                id[NGX_CR_JWKS_DIGEST];   /* of all that */
} ngx_cr_provider_t;


/* When a configuration is read: makes its id. */
ngx_int_t ngx_cr_provider_name(ngx_cr_provider_t *provider);

/*
 * ngx_cr_jwt_check() with the keys of the rules, if any, and those of the
 * providers, an array of ngx_cr_provider_t or NULL.  *stale: the place among
 * them of one whose keys may be too old for the token, or are not there at all
 * with NGX_CR_JWT_NO_KEYS; it is none of those whose bit is set in asked.
 * NGX_ERROR in it: there is none.
 */
ngx_int_t ngx_cr_provider_check(ngx_pool_t *pool,
    const ngx_cr_jwt_rules_t *rules, const ngx_array_t *providers,
    const ngx_str_t *token, time_t now, ngx_uint_t asked, ngx_int_t *stale,
    ngx_cr_jwt_t *jwt);

/* Takes the newest keys of all of them. */
void ngx_cr_provider_look(const ngx_array_t *providers);

/*
 * Adds to a digest all that a token is judged by here beside the rules: who
 * the providers are, what they want, and the keys that are in use now.  0:
 * OpenSSL has no memory.
 */
ngx_uint_t ngx_cr_provider_digest(const ngx_array_t *providers,
    EVP_MD_CTX *ctx);


#endif /* _NGX_CR_PROVIDER_H_INCLUDED_ */
