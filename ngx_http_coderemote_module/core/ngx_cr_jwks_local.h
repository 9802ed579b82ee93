
/* What ngx_cr_jwks.c and ngx_cr_jwks_fetch.c share. */


#ifndef _NGX_CR_JWKS_LOCAL_H_INCLUDED_
#define _NGX_CR_JWKS_LOCAL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_cr_curl.h"
#include "ngx_cr_jwks.h"


#define NGX_CR_JWKS_WHY  512


struct ngx_cr_jwks_s {
    ngx_cr_jwks_conf_t     conf;
    ngx_str_t              shown;       /* the URL, for logs */
    ngx_str_t              first;       /* what is asked for at first */
    ngx_uint_t             local;       /* unsigned  local:1;  http will do */
    u_char                 id[NGX_CR_JWKS_DIGEST];
    ngx_shm_zone_t        *shm_zone;
    ngx_cr_curl_conf_t     how;

    /* of a worker */

    ngx_cr_jwks_zone_t    *zone;        /* NULL: it has not begun */
    ngx_event_t            event;
    ngx_queue_t            waits;       /* of ngx_cr_jwks_wait_t */
    ngx_uint_t             nwaits;

    ngx_cr_keys_t         *keys;        /* in a pool of their own */
    ngx_atomic_uint_t      version;     /* that was read last */
    u_char                 digest[NGX_CR_JWKS_DIGEST];

    /* while it is had anew */

    ngx_pool_t            *pool;        /* NULL: it is not */
    ngx_atomic_uint_t      turn;
    ngx_cr_curl_t          curl;
    ngx_str_t              body;
    ngx_uint_t             found;       /* unsigned  found:1;  it is the keys
                                           that are asked for */
    ngx_uint_t             long_one;    /* unsigned  long_one:1; */
};


/* Has the document anew if it is time to; asked: somebody waits for it. */
void ngx_cr_jwks_fetch(ngx_cr_jwks_t *jwks, ngx_uint_t asked);

/* Ends that at once. */
void ngx_cr_jwks_fetch_cancel(ngx_cr_jwks_t *jwks);

/* That is over: whoever waits is told, from the event loop. */
void ngx_cr_jwks_fetched(ngx_cr_jwks_t *jwks);


#endif /* _NGX_CR_JWKS_LOCAL_H_INCLUDED_ */
