
/*
 * The real shared memory store, of memory that forked processes share, with
 * workers that are only a number each: fuzz_nginx_shm.c.
 */


#ifndef _FUZZ_SHM_H_INCLUDED_
#define _FUZZ_SHM_H_INCLUDED_


#include "ngx_cr_shm_worker.h"

#include "fuzz_nginx.h"


#define FUZZ_WORKERS     4
#define FUZZ_NO_BELL     FUZZ_WORKERS    /* a worker without a doorbell */


extern const ngx_cr_store_t  *fuzz_store;

/* The mapping, for who wants to put it back. */
extern u_char                *fuzz_shm_start;
extern size_t                 fuzz_shm_size;

/* Rings, by the doorbell's number, since they were last cleared. */
extern ngx_uint_t             fuzz_rings[FUZZ_WORKERS];

/* Called, unless NULL, whenever it is asked whether a worker lives. */
extern void                 (*fuzz_asked)(const ngx_cr_worker_t *worker);


/* A new store with so many pages for jobs, or some more; all workers live. */
void fuzz_shm_init(ngx_uint_t npages);

/* From now on all calls are this worker's. */
void fuzz_shm_worker(ngx_uint_t n);

/* It dies; fuzz_shm_worker() brings another in its place. */
void fuzz_shm_kill(ngx_uint_t n);

/* The mutex is opened, as the master does for a worker that died with it. */
void fuzz_shm_unlock(void);

/*
 * The links of the whole store: NULL, or what is wrong.  After the first call
 * of any function in it, for that mends.
 */
const char *fuzz_shm_wrong(void);


#endif /* _FUZZ_SHM_H_INCLUDED_ */
