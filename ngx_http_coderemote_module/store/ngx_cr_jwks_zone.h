
/*
 * A document that all workers share, who of them may have it anew, and when.
 * It is written where nobody reads, and takes effect with one store; a worker
 * that dies leaves at worst its turn behind, which does not outlive it.
 */


#ifndef _NGX_CR_JWKS_ZONE_H_INCLUDED_
#define _NGX_CR_JWKS_ZONE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* The longest document. */
#define NGX_CR_JWKS_MAX         (256 * 1024)

#define NGX_CR_JWKS_DIGEST      32      /* SHA-256 */

/* How long after the last try the next one begins, in milliseconds. */
#define NGX_CR_JWKS_AGAIN       1000    /* it failed; doubled each time */
#define NGX_CR_JWKS_AGAIN_MAX   32000
#define NGX_CR_JWKS_ASKED       500     /* somebody waits; doubled each time
                                           that it was for nothing */
#define NGX_CR_JWKS_ASKED_MAX   3000    /* less than he waits: a new key is
                                           found, whoever makes others up */


typedef struct ngx_cr_jwks_zone_s  ngx_cr_jwks_zone_t;


/* A zone of that name for one document, made when a configuration is read. */
ngx_shm_zone_t *ngx_cr_jwks_zone_add(ngx_conf_t *cf, ngx_str_t *name,
    void *tag);

/* Changes with the document's content; 0: there is none. */
ngx_atomic_uint_t ngx_cr_jwks_zone_version(ngx_cr_jwks_zone_t *zone);

/*
 * A copy, to be given back by ngx_free().  NGX_AGAIN: it was written in the
 * meantime.
 */
ngx_int_t ngx_cr_jwks_zone_read(ngx_cr_jwks_zone_t *zone, ngx_str_t *text,
    u_char digest[NGX_CR_JWKS_DIGEST], ngx_atomic_uint_t *version,
    ngx_log_t *log);

/*
 * The turn to have the document anew, for so many milliseconds at most.
 * asked: somebody waits for it.  *fetch: the turn's number.  NGX_DECLINED: it
 * is too early; NGX_BUSY: another worker has it.
 */
ngx_int_t ngx_cr_jwks_zone_take(ngx_cr_jwks_zone_t *zone, ngx_uint_t asked,
    ngx_msec_t most, ngx_atomic_uint_t *fetch);

/*
 * The turn ends: with a document that is good for so many milliseconds, or
 * without one, text NULL, for a reason that is 0 for none.  NGX_OK: the content
 * has changed; NGX_DECLINED: it has not.  NGX_ABORT: the turn was another
 * worker's by now, and nothing was done.  *news: the reason is another than
 * that of the turn before.
 */
ngx_int_t ngx_cr_jwks_zone_give(ngx_cr_jwks_zone_t *zone,
    ngx_atomic_uint_t fetch, const ngx_str_t *text, ngx_msec_t fresh,
    uint32_t reason, ngx_uint_t *news);

/* The turn ends as if it had not begun. */
void ngx_cr_jwks_zone_drop(ngx_cr_jwks_zone_t *zone,
    ngx_atomic_uint_t fetch);

/* Whether it is nobody's turn. */
ngx_uint_t ngx_cr_jwks_zone_idle(ngx_cr_jwks_zone_t *zone);

/* The last turn that began, and the last one that ended. */
ngx_atomic_uint_t ngx_cr_jwks_zone_begun(ngx_cr_jwks_zone_t *zone);
ngx_atomic_uint_t ngx_cr_jwks_zone_ended(ngx_cr_jwks_zone_t *zone);

/* Milliseconds until the next one is due, or may begin when it is asked for. */
ngx_msec_t ngx_cr_jwks_zone_due(ngx_cr_jwks_zone_t *zone, ngx_uint_t asked);


#endif /* _NGX_CR_JWKS_ZONE_H_INCLUDED_ */
