
/*
 * Keys that verify tokens, of a JWKS (RFC 7517), of PEM, or a secret, told
 * apart by what stands there.  A set is made once and then only read.
 */


#ifndef _NGX_CR_KEY_H_INCLUDED_
#define _NGX_CR_KEY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <openssl/evp.h>


#define NGX_CR_KEYS_MAX         64
#define NGX_CR_KEYS_ERROR       256

/* The least that may sign, RFC 7518: bytes of a secret, bits of RSA. */
#define NGX_CR_KEY_SECRET_MIN   32
#define NGX_CR_KEY_RSA_MIN      2048
#define NGX_CR_KEY_RSA_MAX      8192


typedef enum {
    NGX_CR_KEY_HMAC = 0,
    NGX_CR_KEY_RSA,
    NGX_CR_KEY_P256,
    NGX_CR_KEY_P384,
    NGX_CR_KEY_P521,
    NGX_CR_KEY_ED25519
} ngx_cr_key_type_e;


/*
 * A signature's algorithm: it belongs to one type of key, which alone is what
 * keeps a public key from being taken for a secret.
 */

typedef struct {
    const char          *name;
    ngx_cr_key_type_e    type;
    const char          *digest;        /* NULL: Ed25519 has its own */
    size_t               size;          /* HMAC: the shortest secret; EC: half
                                           a signature */
    ngx_uint_t           pss;           /* unsigned  pss:1; */
} ngx_cr_alg_t;


typedef struct {
    ngx_str_t            kid;           /* len 0: none */
    ngx_cr_key_type_e    type;
    const ngx_cr_alg_t  *alg;           /* NULL: all of its type */
    ngx_str_t            text;          /* the secret, or the public key's
                                           PEM */
    EVP_PKEY            *pkey;          /* NULL: a secret */
} ngx_cr_key_t;


typedef struct {
    ngx_pool_t          *pool;          /* of all that is in it */
    ngx_uint_t           n;
    ngx_uint_t           skipped;       /* keys for something else */
    ngx_cr_key_t         keys[NGX_CR_KEYS_MAX];
    u_char               error[NGX_CR_KEYS_ERROR];  /* a sentence */
    const char          *reason;        /* of the last key that was skipped */
} ngx_cr_keys_t;


/* NULL: there is none; "none" is none. */
const ngx_cr_alg_t *ngx_cr_alg(const char *name);

/* NULL: no memory. */
ngx_cr_keys_t *ngx_cr_keys_create(ngx_pool_t *pool);

/*
 * Adds the keys of a file, or with public set those of a document from
 * elsewhere, which must be a JWKS and whose secrets are skipped.  NGX_ERROR:
 * keys->error says what to do, and keys is of no use any more.
 */
ngx_int_t ngx_cr_keys_add(ngx_cr_keys_t *keys, const ngx_str_t *text,
    ngx_uint_t public);

/*
 * Base64url as RFC 7515 has it: no padding, no other characters, and one text
 * alone for the same bytes.  out->data is of pool and ends with a 0.
 */
ngx_int_t ngx_cr_base64url(ngx_pool_t *pool, const u_char *data, size_t len,
    ngx_str_t *out);


#endif /* _NGX_CR_KEY_H_INCLUDED_ */
