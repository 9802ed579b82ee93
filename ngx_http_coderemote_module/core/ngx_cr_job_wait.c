
/* Waiting for, and stopping, jobs of this worker and of others. */

#include "ngx_cr_job_local.h"


#define NGX_CR_JOB_STOPS  16

/*
 * A job whose worker was killed while it shut down ends without a ring: it is
 * looked at so often, in milliseconds.
 */
#define NGX_CR_JOB_LOOK   1000


static void ngx_cr_job_look_around(void);


/* A handler may free its waiter, wait again, or take others out. */

void
ngx_cr_job_wake(ngx_queue_t *waiters)
{
    ngx_queue_t          *q;
    ngx_cr_job_waiter_t  *waiter;

    while (!ngx_queue_empty(waiters)) {
        q = ngx_queue_head(waiters);
        ngx_queue_remove(q);

        waiter = ngx_queue_data(q, ngx_cr_job_waiter_t, queue);
        waiter->queued = 0;

        waiter->handler(waiter);
    }
}


ngx_int_t
ngx_cr_job_stop(const ngx_cr_job_id_t *id)
{
    ngx_cr_job_t  *job;

    job = ngx_cr_job_by_id(id);

    if (job) {
        ngx_cr_job_halt(job);
        return NGX_OK;
    }

    return ngx_cr_jobs.store->cancel(id);
}


void
ngx_cr_job_look_handler(ngx_event_t *ev)
{
    if (!ngx_queue_empty(&ngx_cr_jobs.watchers)) {
        ngx_cr_job_look_around();
    }

    if (!ngx_queue_empty(&ngx_cr_jobs.watchers)) {
        ngx_add_timer(ev, NGX_CR_JOB_LOOK);
    }
}


static ngx_int_t
ngx_cr_job_look(const ngx_cr_job_id_t *id, ngx_pool_t *pool)
{
    ngx_int_t          rc;
    ngx_cr_job_view_t  view;

    rc = ngx_cr_jobs.store->get(id, pool, 0, &view);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_cr_job_done(view.status) ? NGX_DONE : NGX_OK;
}


ngx_int_t
ngx_cr_job_wait(ngx_cr_job_waiter_t *waiter)
{
    ngx_int_t       rc;
    ngx_pool_t     *pool;
    ngx_cr_job_t   *job;
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;

    waiter->remote = 0;

    job = ngx_cr_job_by_id(&waiter->id);

    if (job) {
        waiter->queued = 1;
        ngx_queue_insert_tail(&job->waiters, &waiter->queue);
        return NGX_OK;
    }

    /* watch first, then look: nothing is missed */

    if (jobs->store->watch(&waiter->id) != NGX_OK) {
        return NGX_DECLINED;
    }

    pool = ngx_create_pool(1024, jobs->log);

    rc = pool ? ngx_cr_job_look(&waiter->id, pool) : NGX_ERROR;

    if (pool) {
        ngx_destroy_pool(pool);
    }

    if (rc != NGX_OK) {
        jobs->store->unwatch(&waiter->id);
        return rc;
    }

    waiter->queued = 1;
    waiter->remote = 1;
    ngx_queue_insert_tail(&jobs->watchers, &waiter->queue);

    if (!jobs->look.timer_set) {
        ngx_add_timer(&jobs->look, NGX_CR_JOB_LOOK);
    }

    return NGX_OK;
}


/* The store knows of this worker alone, not how many wait in it. */

static ngx_uint_t
ngx_cr_job_watched(const ngx_cr_job_id_t *id)
{
    ngx_queue_t          *q, *watchers;
    ngx_cr_job_waiter_t  *waiter;

    watchers = &ngx_cr_jobs.watchers;

    for (q = ngx_queue_head(watchers);
         q != ngx_queue_sentinel(watchers);
         q = ngx_queue_next(q))
    {
        waiter = ngx_queue_data(q, ngx_cr_job_waiter_t, queue);

        if (ngx_cr_job_id_equal(&waiter->id, id)) {
            return 1;
        }
    }

    return 0;
}


void
ngx_cr_job_unwait(ngx_cr_job_waiter_t *waiter)
{
    if (!waiter->queued) {
        return;
    }

    waiter->queued = 0;
    ngx_queue_remove(&waiter->queue);

    if (waiter->remote && !ngx_cr_job_watched(&waiter->id)) {
        ngx_cr_jobs.store->unwatch(&waiter->id);
    }
}


/* Wakes those whose job has ended in another worker. */

static void
ngx_cr_job_look_around(void)
{
    ngx_pool_t           *pool;
    ngx_queue_t           ended, *q, *next;
    ngx_cr_jobs_t        *jobs;
    ngx_cr_job_waiter_t  *waiter;

    jobs = &ngx_cr_jobs;

    pool = ngx_create_pool(4096, jobs->log);
    if (pool == NULL) {
        return;
    }

    ngx_queue_init(&ended);

    for (q = ngx_queue_head(&jobs->watchers);
         q != ngx_queue_sentinel(&jobs->watchers);
         q = next)
    {
        next = ngx_queue_next(q);
        waiter = ngx_queue_data(q, ngx_cr_job_waiter_t, queue);

        if (ngx_cr_job_look(&waiter->id, pool) != NGX_OK) {
            jobs->store->unwatch(&waiter->id);
            waiter->remote = 0;

            ngx_queue_remove(q);
            ngx_queue_insert_tail(&ended, q);
        }
    }

    ngx_destroy_pool(pool);

    ngx_cr_job_wake(&ended);
}


void
ngx_cr_job_ring_handler(void *data)
{
    ngx_uint_t        i, n;
    ngx_cr_job_t     *job;
    ngx_cr_jobs_t    *jobs = data;
    ngx_cr_job_id_t   ids[NGX_CR_JOB_STOPS];

    if (jobs->store == NULL) {
        return;
    }

    do {
        n = jobs->store->cancelled(ids, NGX_CR_JOB_STOPS);

        for (i = 0; i < n; i++) {
            job = ngx_cr_job_by_id(&ids[i]);

            if (job) {
                ngx_cr_job_halt(job);
            }
        }

    } while (n == NGX_CR_JOB_STOPS);

    if (!ngx_queue_empty(&jobs->watchers)) {
        ngx_cr_job_look_around();
    }
}
