
/*
 * Keys that a provider publishes at a URL, or at one that its discovery
 * document names.  A document is had by one worker at a time, kept in a
 * shared-memory zone of its own, which a reload leaves alone, and had anew
 * before it expires and when a token names a key that is not in it.  What was
 * had once stays in use for as long as nothing better comes.
 */


#ifndef _NGX_CR_JWKS_H_INCLUDED_
#define _NGX_CR_JWKS_H_INCLUDED_


#include "ngx_cr_jwks_zone.h"
#include "ngx_cr_key.h"


typedef struct ngx_cr_jwks_s  ngx_cr_jwks_t;


/* Where keys are; what is the same in all of it but refresh is one source. */

typedef struct {
    ngx_str_t             url;          /* of the keys, or the issuer */
    ngx_uint_t            discover;     /* unsigned  discover:1;  an issuer */
    ngx_str_t             trusted;      /* file of CAs; len 0: the system's */
    ngx_str_t             proxy;        /* len 0: none */
    time_t                refresh;
    ngx_resolver_t       *resolver;     /* NULL: there is none */
    ngx_msec_t            resolver_timeout;
} ngx_cr_jwks_conf_t;


/* Somebody who waits for keys.  The caller zeroes it and fills the first two
   members. */

typedef struct {
    void                (*handler)(void *data);
    void                 *data;

    ngx_queue_t           queue;
    ngx_cr_jwks_t        *jwks;         /* NULL: he does not wait now */
    ngx_atomic_uint_t     fetch;        /* what is waited for; 0: never yet */
    ngx_atomic_uint_t     version;
    ngx_msec_t            deadline;
} ngx_cr_jwks_wait_t;


/*
 * When a configuration is read: the source that is like it in sources, an
 * array of ngx_cr_jwks_t *, or a new one there.  NULL: no memory.
 */
ngx_cr_jwks_t *ngx_cr_jwks_add(ngx_conf_t *cf, ngx_array_t *sources,
    const ngx_cr_jwks_conf_t *conf);

/* A digest of who the source is. */
const u_char *ngx_cr_jwks_id(const ngx_cr_jwks_t *jwks);

/* Life cycle, in a worker. */
ngx_int_t ngx_cr_jwks_init(ngx_cycle_t *cycle, ngx_array_t *sources);
void ngx_cr_jwks_exit(ngx_array_t *sources);

/*
 * Takes the newest document that any worker had.  What follows is of it until
 * somebody looks again.
 */
void ngx_cr_jwks_look(ngx_cr_jwks_t *jwks);

/* NULL: there are none yet. */
const ngx_cr_keys_t *ngx_cr_jwks_keys(const ngx_cr_jwks_t *jwks);

/* Of the document: it changes when its content does.  All zero: none yet. */
const u_char *ngx_cr_jwks_digest(const ngx_cr_jwks_t *jwks);

/*
 * Waits until the keys have changed or were had once more since he first
 * waited.  NGX_AGAIN: handler() follows, from the event loop; he may look, and
 * wait again.  NGX_DECLINED: it is of no use, or no more.
 */
ngx_int_t ngx_cr_jwks_wait(ngx_cr_jwks_t *jwks, ngx_cr_jwks_wait_t *wait);

/* Does nothing when he does not wait. */
void ngx_cr_jwks_forget(ngx_cr_jwks_wait_t *wait);

/* Seconds until it is worth asking again, at least 1. */
time_t ngx_cr_jwks_retry_after(ngx_cr_jwks_t *jwks);


#endif /* _NGX_CR_JWKS_H_INCLUDED_ */
