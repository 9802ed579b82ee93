
/* What the ways to write keys share: ngx_cr_key.c, ngx_cr_key_jwk.c. */


#ifndef _NGX_CR_KEY_LOCAL_H_INCLUDED_
#define _NGX_CR_KEY_LOCAL_H_INCLUDED_


#include "ngx_cr_key.h"

#include <jansson.h>


/* Bytes of a coordinate of the largest curve. */
#define NGX_CR_KEY_EC_MAX  66


/* An elliptic curve, by its name in a JWK and by OpenSSL's. */

typedef struct {
    const char          *crv;
    const char          *group;
    ngx_cr_key_type_e    type;
    size_t               size;
} ngx_cr_curve_t;


/* The last one has no name. */
extern const ngx_cr_curve_t  ngx_cr_curves[];


/* Leaves a sentence in keys->error, and answers NGX_ERROR. */
ngx_int_t ngx_cr_keys_error(ngx_cr_keys_t *keys, const char *fmt, ...);

/*
 * The next key, not counted yet.  NULL: there are too many, and keys->error
 * says so.
 */
ngx_cr_key_t *ngx_cr_keys_push(ngx_cr_keys_t *keys);

/* Finds a public key's type; NULL, or why the key is not taken. */
const char *ngx_cr_key_type(EVP_PKEY *pkey, ngx_cr_key_type_e *type);

/*
 * The key has its pkey: its PEM, which libjwt wants, is written, and it counts.
 * pkey is the set's from here on, or freed.
 */
ngx_int_t ngx_cr_keys_take(ngx_cr_keys_t *keys, ngx_cr_key_t *key);

/* A JWKS, or one key by itself. */
ngx_int_t ngx_cr_keys_jwks(ngx_cr_keys_t *keys, json_t *json,
    ngx_uint_t public);


#endif /* _NGX_CR_KEY_LOCAL_H_INCLUDED_ */
