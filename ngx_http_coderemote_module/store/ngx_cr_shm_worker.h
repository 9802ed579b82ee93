
/*
 * The shared memory store as one worker sees it: what its files share.
 */


#ifndef _NGX_CR_SHM_WORKER_H_INCLUDED_
#define _NGX_CR_SHM_WORKER_H_INCLUDED_


#include "ngx_cr_shm_pages.h"
#include "ngx_cr_connection.h"


typedef struct {
    ngx_cr_shm_store_t  *store;
    ngx_cr_doorbells_t  *doorbells;
    uint64_t             ttl;      /* microseconds a done job is kept */
    uint64_t             ended;    /* store->ended at the last look for
                                      reports without a doorbell */
} ngx_cr_shm_t;


extern ngx_cr_shm_t  ngx_cr_shm;


/* Mutex held: the job, unless it is done and older than it may get. */
ngx_cr_shm_job_t *ngx_cr_shm_find_kept(const ngx_cr_job_id_t *id);

/*
 * Mutex not held: ends the job as lost if it is unfinished and this, whom it
 * was seen to belong to, is dead.  1 when it is: then look at it again.
 */
ngx_uint_t ngx_cr_shm_lost(const ngx_cr_job_id_t *id,
    const ngx_cr_worker_t *worker);

/*
 * Mutex not held: a copy of the head of the job's first page, as it is once
 * its owner was looked at.  NGX_OK; NGX_DECLINED: there is no such job.
 */
ngx_int_t ngx_cr_shm_copy(const ngx_cr_job_id_t *id, ngx_cr_shm_job_t *copy);

/* ngx_cr_shm_view.c: what every worker may do with a job. */

ngx_int_t ngx_cr_shm_get(const ngx_cr_job_id_t *id, ngx_pool_t *pool,
    ngx_uint_t flags, ngx_cr_job_view_t *view);
ssize_t ngx_cr_shm_read(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor,
    u_char *buf, size_t size, ngx_uint_t *stream);
ssize_t ngx_cr_shm_input_read(const ngx_cr_job_id_t *id,
    ngx_cr_cursor_t *cursor, u_char *buf, size_t size);
ngx_int_t ngx_cr_shm_forget(const ngx_cr_job_id_t *id);
void ngx_cr_shm_count(ngx_uint_t *unfinished, ngx_uint_t *kept);

/* ngx_cr_shm_wake.c: what other workers are woken for. */

/* Mutex not held: rings at all of them. */
void ngx_cr_shm_ring(const ngx_cr_watchers_t *watchers);

/*
 * Mutex held: a job that reports to it comes.  Answers the doorbell that is to
 * be rung when it is there.
 */
ngx_uint_t ngx_cr_shm_expect(const ngx_cr_connection_id_t *connection);

ngx_int_t ngx_cr_shm_cancel(const ngx_cr_job_id_t *id);
ngx_uint_t ngx_cr_shm_cancelled(ngx_cr_job_id_t *ids, ngx_uint_t max);
ngx_int_t ngx_cr_shm_input(const ngx_cr_job_id_t *id, const u_char *data,
    size_t len, ngx_uint_t last);
ngx_uint_t ngx_cr_shm_inputs(ngx_cr_job_id_t *ids, ngx_uint_t max);
ngx_uint_t ngx_cr_shm_reports(ngx_cr_report_t *reports, ngx_uint_t max);
ngx_int_t ngx_cr_shm_watch(const ngx_cr_job_id_t *id);
void ngx_cr_shm_unwatch(const ngx_cr_job_id_t *id);


#endif /* _NGX_CR_SHM_WORKER_H_INCLUDED_ */
