
/*
 * JSON web tokens (RFC 7519) in their compact form (RFC 7515): read strictly,
 * verified with a key whose type says what may have signed, and judged by
 * what they claim.  No word that is answered has anything of the token in it.
 */


#ifndef _NGX_CR_JWT_H_INCLUDED_
#define _NGX_CR_JWT_H_INCLUDED_


#include "ngx_cr_deny.h"
#include "ngx_cr_key.h"

#include <jansson.h>


/* Keys that are tried for a token that names none. */
#define NGX_CR_JWT_TRIES      4

#define NGX_CR_JWT_WHY        192

#define NGX_CR_JWT_DIGEST     32       /* SHA-256 */

/* Answers beside NGX_OK and NGX_ERROR. */
#define NGX_CR_JWT_INVALID    NGX_DECLINED     /* it proves nothing */
#define NGX_CR_JWT_NOT_YOURS  NGX_ABORT        /* it is good, not for this */


typedef struct {
    ngx_str_t             name;
    ngx_array_t          *values;       /* of ngx_str_t; NULL: any */
} ngx_cr_jwt_require_t;


/* What is added here belongs into ngx_cr_jwt_rules_digest(), too. */

typedef struct {
    ngx_cr_keys_t        *keys;
    ngx_array_t          *issuers;      /* of ngx_str_t; NULL: any */
    ngx_array_t          *audiences;    /* likewise */
    ngx_array_t          *require;      /* of ngx_cr_jwt_require_t, or NULL */
    time_t                leeway;
    size_t                max_size;
    const ngx_cr_deny_t  *deny;         /* NULL: none */
} ngx_cr_jwt_rules_t;


typedef struct {
    ngx_str_t             text;         /* the token, ended with a 0 */
    size_t                input;        /* bytes of it that are signed */
    ngx_str_t             signature;
    json_t               *header;
    json_t               *claims;
    const ngx_cr_alg_t   *alg;
    const char           *kid;          /* NULL: it names no key */
    double                from;         /* it is good not before, and before; */
    double                until;        /* both with the leeway */
    ngx_uint_t            unknown;      /* unsigned  unknown:1;  newer keys
                                           might verify it */
    ngx_uint_t            at;           /* unsigned  at:1;  an access token,
                                           by its typ (RFC 9068) */
    u_char                why[NGX_CR_JWT_WHY];   /* not NGX_OK: a sentence for
                                                    error_description */
} ngx_cr_jwt_t;


/*
 * All of it.  NGX_OK: *jwt has the claims, which are to be given back by
 * ngx_cr_jwt_release(), whatever is answered.  NGX_ERROR: no memory.
 */
ngx_int_t ngx_cr_jwt_check(ngx_pool_t *pool, const ngx_cr_jwt_rules_t *rules,
    const ngx_str_t *token, time_t now, ngx_cr_jwt_t *jwt);

void ngx_cr_jwt_release(ngx_cr_jwt_t *jwt);

/*
 * The steps, each for a token that the former found good: its form, its
 * signature, what it claims.
 */
ngx_int_t ngx_cr_jwt_parse(ngx_pool_t *pool, const ngx_str_t *token,
    size_t max_size, ngx_cr_jwt_t *jwt);
ngx_int_t ngx_cr_jwt_signed(const ngx_cr_keys_t *keys, ngx_cr_jwt_t *jwt);
ngx_int_t ngx_cr_jwt_judge(const ngx_cr_jwt_rules_t *rules, time_t now,
    ngx_cr_jwt_t *jwt);

/*
 * The claims of a token that was found good before; NULL: no memory.  They are
 * given back by json_decref().
 */
json_t *ngx_cr_jwt_claims(ngx_pool_t *pool, const ngx_str_t *token);

/*
 * A digest of all that decides which tokens are good, of ngx_cr_jwt_digest.c:
 * what was found good by rules of the same digest is good.  more: what else
 * does.  NGX_ERROR: OpenSSL has no memory.
 */
ngx_int_t ngx_cr_jwt_rules_digest(const ngx_cr_jwt_rules_t *rules,
    const ngx_str_t *more, u_char *digest);

/*
 * Of such a digest, of what the caller adds, which tells its own length, and of
 * a token that is judged by all of that.  NULL, NGX_ERROR: as above.
 */
EVP_MD_CTX *ngx_cr_jwt_token_digest(const u_char *rules);
ngx_int_t ngx_cr_jwt_token_digest_end(EVP_MD_CTX *ctx, const ngx_str_t *token,
    u_char *digest);

/* Gives back what the first one made for all of a process. */
void ngx_cr_jwt_token_digest_exit(void);

/*
 * Whether the key signed it, of ngx_cr_jwt_verify.c.  The key is of the
 * algorithm's type.
 */
ngx_uint_t ngx_cr_jwt_verify(const ngx_cr_key_t *key,
    const ngx_cr_jwt_t *jwt);


#endif /* _NGX_CR_JWT_H_INCLUDED_ */
