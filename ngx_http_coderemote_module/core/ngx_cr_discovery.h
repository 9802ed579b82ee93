
/* What a provider says of itself (OpenID Connect Discovery 1.0). */


#ifndef _NGX_CR_DISCOVERY_H_INCLUDED_
#define _NGX_CR_DISCOVERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CR_DISCOVERY_URL  2048      /* the longest one */
#define NGX_CR_DISCOVERY_WHY  256


/* Where an issuer has its document; NGX_ERROR: no memory. */
ngx_int_t ngx_cr_discovery_url(ngx_pool_t *pool, const ngx_str_t *issuer,
    ngx_str_t *url);

/*
 * Where the document says that the issuer's keys are.  NGX_DECLINED: it is of
 * no use, and why is a sentence that says what to do; whatever it has of the
 * document can be printed.
 */
ngx_int_t ngx_cr_discovery_read(ngx_pool_t *pool, const ngx_str_t *text,
    const ngx_str_t *issuer, ngx_str_t *url,
    u_char why[NGX_CR_DISCOVERY_WHY]);


#endif /* _NGX_CR_DISCOVERY_H_INCLUDED_ */
