
/*
 * Tokens that are good no more, whatever they prove: a file with a line for
 * each, by the token's jti, by whose it is, or by the digest of all of it.
 */


#ifndef _NGX_CR_DENY_H_INCLUDED_
#define _NGX_CR_DENY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CR_DENY_MAX     100000     /* lines that deny */
#define NGX_CR_DENY_DIGEST  32         /* SHA-256 */
#define NGX_CR_DENY_ERROR   192


typedef enum {
    NGX_CR_DENY_JTI = 0,
    NGX_CR_DENY_SUB,
    NGX_CR_DENY_TOKEN,
    NGX_CR_DENY_KINDS
} ngx_cr_deny_kind_e;


/* It is made once and then only read. */

typedef struct {
    u_char                (*slots)[NGX_CR_DENY_DIGEST];
    u_char                 *used;      /* one a slot */
    ngx_uint_t              mask;
    ngx_uint_t              n;
    u_char                  digest[NGX_CR_DENY_DIGEST];   /* of the text */
    ngx_uint_t              line;      /* of the error */
    u_char                  error[NGX_CR_DENY_ERROR];     /* a sentence */
} ngx_cr_deny_t;


/*
 * NGX_OK; NGX_DECLINED: deny->line and ->error say what to mend; NGX_ERROR: no
 * memory.
 */
ngx_int_t ngx_cr_deny_parse(ngx_pool_t *pool, const ngx_str_t *text,
    ngx_cr_deny_t *deny);

/* The token as it is, or the claim's text.  Without memory, all are denied. */
ngx_uint_t ngx_cr_denied(const ngx_cr_deny_t *deny, ngx_cr_deny_kind_e kind,
    const ngx_str_t *text);


#endif /* _NGX_CR_DENY_H_INCLUDED_ */
