
/*
 * The shared memory zone of coderemote_zone, and the job store that lives in
 * it.  The zone survives a reload that keeps its name and size.
 */


#ifndef _NGX_CR_SHM_STORE_H_INCLUDED_
#define _NGX_CR_SHM_STORE_H_INCLUDED_


#include "ngx_cr_store.h"
#include "ngx_cr_doorbell.h"


#define NGX_CR_ZONE_MIN  (1024 * 1024)   /* bytes */


typedef struct ngx_cr_shm_store_s  ngx_cr_shm_store_t;


/* What zone->data points to in every process; in shared memory itself. */

typedef struct {
    ngx_cr_doorbells_t  *doorbells;
    ngx_cr_shm_store_t  *store;
} ngx_cr_zone_t;


/*
 * Declares the zone, from the directive's handler.  NULL: it was refused and
 * logged (smaller than NGX_CR_ZONE_MIN, or no memory).  64 KB of it or more
 * stay free for ngx_slab_alloc() by others.
 */
ngx_shm_zone_t *ngx_cr_zone_add(ngx_conf_t *cf, ngx_str_t *name, size_t size);

/* Registers the store "shm"; from preconfiguration. */
ngx_int_t ngx_cr_shm_store_register(ngx_conf_t *cf);


#endif /* _NGX_CR_SHM_STORE_H_INCLUDED_ */
