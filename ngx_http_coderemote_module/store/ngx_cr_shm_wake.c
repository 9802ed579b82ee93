
#include "ngx_cr_shm_worker.h"


/* 1 when there is news of the job, which is then told. */

typedef ngx_uint_t (*ngx_cr_shm_news_pt)(ngx_cr_shm_job_t *job);


static void ngx_cr_shm_wake(const ngx_cr_worker_t *worker, ngx_uint_t kind);
static ngx_uint_t ngx_cr_shm_pending(ngx_uint_t kind);
static ngx_uint_t ngx_cr_shm_mine(const ngx_cr_shm_job_t *job);
static ngx_uint_t ngx_cr_shm_look(ngx_uint_t kind, ngx_cr_shm_news_pt news,
    ngx_cr_job_id_t *ids, ngx_uint_t max);
static ngx_uint_t ngx_cr_shm_stopped(ngx_cr_shm_job_t *job);
static ngx_int_t ngx_cr_shm_input_add(ngx_cr_shm_job_t *job,
    const u_char *data, size_t len, ngx_uint_t last);
static ngx_uint_t ngx_cr_shm_fed(ngx_cr_shm_job_t *job);
static ngx_uint_t ngx_cr_shm_report(ngx_cr_shm_job_t *job,
    ngx_cr_report_t *report);
static ngx_int_t ngx_cr_shm_set_watch(const ngx_cr_job_id_t *id,
    ngx_uint_t on);


void
ngx_cr_shm_ring(const ngx_cr_watchers_t *watchers)
{
    uint64_t    bits;
    ngx_uint_t  i, n;

    for (i = 0; i < NGX_CR_DOORBELLS / 64; i++) {

        for (bits = watchers->bits[i]; bits != 0; bits &= bits - 1) {
            n = __builtin_ctzll(bits);
            ngx_cr_doorbell_ring(i * 64 + n);
        }
    }
}


/* Mutex not held. */

static void
ngx_cr_shm_wake(const ngx_cr_worker_t *worker, ngx_uint_t kind)
{
    if (worker->number == NGX_CR_DOORBELL_NONE) {
        return;
    }

    ngx_cr_shm.doorbells->slots[worker->number].pending[kind] = 1;
    ngx_memory_barrier();
    ngx_cr_doorbell_ring(worker->number);
}


/* Whether this worker is to look; without a doorbell it looks anyway. */

static ngx_uint_t
ngx_cr_shm_pending(ngx_uint_t kind)
{
    ngx_uint_t               number;
    ngx_cr_doorbell_slot_t  *slot;

    number = ngx_cr_doorbell_self()->number;

    if (number == NGX_CR_DOORBELL_NONE) {
        return 1;
    }

    slot = &ngx_cr_shm.doorbells->slots[number];

    if (slot->pending[kind] == 0) {
        return 0;
    }

    /* before the look, so that what comes later is not lost */

    slot->pending[kind] = 0;
    ngx_memory_barrier();

    return 1;
}


static ngx_uint_t
ngx_cr_shm_mine(const ngx_cr_shm_job_t *job)
{
    const ngx_cr_worker_t  *self;

    self = ngx_cr_doorbell_self();

    return job->worker.pid == self->pid && job->worker.serial == self->serial;
}


static ngx_uint_t
ngx_cr_shm_look(ngx_uint_t kind, ngx_cr_shm_news_pt news,
    ngx_cr_job_id_t *ids, ngx_uint_t max)
{
    uint32_t             next;
    ngx_uint_t           n;
    ngx_cr_shm_job_t    *job;
    ngx_cr_shm_store_t  *store;

    if (!ngx_cr_shm_pending(kind)) {
        return 0;
    }

    store = ngx_cr_shm.store;
    n = 0;

    ngx_cr_shm_lock(store);

    for (next = store->unfinished.first; next != 0 && n < max;
         next = job->next)
    {
        job = ngx_cr_shm_job(store, next);

        if (ngx_cr_shm_mine(job) && news(job)) {
            ids[n++] = job->id;
        }
    }

    ngx_cr_shm_unlock(store);

    if (n == max && ngx_cr_doorbell_self()->number != NGX_CR_DOORBELL_NONE) {
        ngx_cr_shm.doorbells->slots[ngx_cr_doorbell_self()->number]
            .pending[kind] = 1;
    }

    return n;
}


ngx_int_t
ngx_cr_shm_cancel(const ngx_cr_job_id_t *id)
{
    ngx_int_t            rc;
    ngx_cr_worker_t      worker;
    ngx_cr_shm_job_t    *job, copy;
    ngx_cr_shm_store_t  *store;

    if (ngx_cr_shm_copy(id, &copy) != NGX_OK) {
        return NGX_DECLINED;
    }

    store = ngx_cr_shm.store;
    rc = NGX_DECLINED;
    worker.number = NGX_CR_DOORBELL_NONE;

    ngx_cr_shm_lock(store);

    job = ngx_cr_shm_find_kept(id);

    if (job != NULL) {
        rc = NGX_DONE;

        if (!ngx_cr_job_done(job->status)) {
            job->stop = 1;
            job->told = 0;
            worker = job->worker;
            rc = NGX_OK;
        }
    }

    ngx_cr_shm_unlock(store);

    ngx_cr_shm_wake(&worker, NGX_CR_PENDING_STOPS);

    return rc;
}


static ngx_uint_t
ngx_cr_shm_stopped(ngx_cr_shm_job_t *job)
{
    if (!job->stop || job->told) {
        return 0;
    }

    job->told = 1;

    return 1;
}


ngx_uint_t
ngx_cr_shm_cancelled(ngx_cr_job_id_t *ids, ngx_uint_t max)
{
    return ngx_cr_shm_look(NGX_CR_PENDING_STOPS, ngx_cr_shm_stopped, ids, max);
}


/* The owner itself knows without being woken. */

ngx_int_t
ngx_cr_shm_input(const ngx_cr_job_id_t *id, const u_char *data, size_t len,
    ngx_uint_t last)
{
    ngx_int_t            rc;
    ngx_cr_worker_t      worker;
    ngx_cr_shm_job_t    *job, copy;
    ngx_cr_shm_store_t  *store;

    if (ngx_cr_shm_copy(id, &copy) != NGX_OK) {
        return NGX_DECLINED;
    }

    store = ngx_cr_shm.store;
    rc = NGX_DECLINED;
    worker.number = NGX_CR_DOORBELL_NONE;

    ngx_cr_shm_lock(store);

    job = ngx_cr_shm_find_kept(id);

    if (job != NULL) {
        rc = ngx_cr_shm_input_add(job, data, len, last);

        if (rc == NGX_OK && !ngx_cr_shm_mine(job)) {
            job->fed = 1;
            worker = job->worker;
        }
    }

    ngx_cr_shm_unlock(store);

    ngx_cr_shm_wake(&worker, NGX_CR_PENDING_INPUTS);

    return rc;
}


/* With the mutex held for all of it, or another's would come in between. */

static ngx_int_t
ngx_cr_shm_input_add(ngx_cr_shm_job_t *job, const u_char *data, size_t len,
    ngx_uint_t last)
{
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;

    if (ngx_cr_job_done(job->status) || job->log.closed) {
        return NGX_DONE;
    }

    if (len > job->input - job->log.written[NGX_CR_LOG_INPUT]) {
        return NGX_BUSY;
    }

    ngx_cr_shm_change(store);
    ngx_cr_shm_log_begin(store, job);

    if (ngx_cr_shm_log_all(store, job, NGX_CR_LOG_INPUT, data, len) != NGX_OK) {
        return NGX_ERROR;
    }

    if (last) {
        job->log.closed = 1;
    }

    ngx_cr_shm_log_commit(job);

    return NGX_OK;
}


static ngx_uint_t
ngx_cr_shm_fed(ngx_cr_shm_job_t *job)
{
    if (!job->fed) {
        return 0;
    }

    job->fed = 0;

    return 1;
}


ngx_uint_t
ngx_cr_shm_inputs(ngx_cr_job_id_t *ids, ngx_uint_t max)
{
    return ngx_cr_shm_look(NGX_CR_PENDING_INPUTS, ngx_cr_shm_fed, ids, max);
}


ngx_uint_t
ngx_cr_shm_expect(const ngx_cr_connection_id_t *connection)
{
    ngx_uint_t               number, serial;
    ngx_cr_doorbell_slot_t  *slot;

    ngx_cr_connection_id_worker(connection, &number, &serial);

    if (number >= NGX_CR_DOORBELLS) {
        return NGX_CR_DOORBELL_NONE;
    }

    slot = &ngx_cr_shm.doorbells->slots[number];

    if (serial == 0 || serial != (uint32_t) slot->serial) {
        return NGX_CR_DOORBELL_NONE;
    }

    if (slot->pending[NGX_CR_PENDING_REPORTS] == 0) {
        slot->since = ngx_cr_shm.store->ended;
        ngx_memory_barrier();
        slot->pending[NGX_CR_PENDING_REPORTS] = 1;
    }

    return number;
}


static ngx_uint_t
ngx_cr_shm_report(ngx_cr_shm_job_t *job, ngx_cr_report_t *report)
{
    if (job->reported || ngx_cr_connection_id_none(&job->connection)
        || !ngx_cr_connection_id_here(&job->connection))
    {
        return 0;
    }

    job->reported = 1;

    report->id = job->id;
    report->connection = job->connection;

    return 1;
}


/*
 * Of the done jobs only those can be new that ended since the first report was
 * pending: so many at the end of their list, or fewer.
 */

ngx_uint_t
ngx_cr_shm_reports(ngx_cr_report_t *reports, ngx_uint_t max)
{
    uint32_t             next;
    uint64_t             ended, *since;
    ngx_uint_t           n, number;
    ngx_atomic_t        *pending;
    ngx_cr_shm_job_t    *job;
    ngx_cr_shm_store_t  *store;

    number = ngx_cr_doorbell_self()->number;
    pending = NULL;
    since = &ngx_cr_shm.ended;

    if (number != NGX_CR_DOORBELL_NONE) {
        pending = &ngx_cr_shm.doorbells->slots[number]
                      .pending[NGX_CR_PENDING_REPORTS];
        since = &ngx_cr_shm.doorbells->slots[number].since;

        if (*pending == 0) {
            return 0;
        }
    }

    store = ngx_cr_shm.store;
    n = 0;

    ngx_cr_shm_lock(store);

    ended = store->ended - *since;

    for (next = store->unfinished.first; next != 0 && n < max;
         next = job->next)
    {
        job = ngx_cr_shm_job(store, next);
        n += ngx_cr_shm_report(job, &reports[n]);
    }

    for (next = store->done.last; next != 0 && ended-- != 0 && n < max;
         next = job->prev)
    {
        job = ngx_cr_shm_job(store, next);
        n += ngx_cr_shm_report(job, &reports[n]);
    }

    /* with the mutex held, for `since` belongs to it */

    if (n < max) {
        *since = store->ended;

        if (pending != NULL) {
            *pending = 0;
        }
    }

    ngx_cr_shm_unlock(store);

    return n;
}


ngx_int_t
ngx_cr_shm_watch(const ngx_cr_job_id_t *id)
{
    return ngx_cr_shm_set_watch(id, 1);
}


void
ngx_cr_shm_unwatch(const ngx_cr_job_id_t *id)
{
    (void) ngx_cr_shm_set_watch(id, 0);
}


/* A worker without a doorbell looks anyway. */

static ngx_int_t
ngx_cr_shm_set_watch(const ngx_cr_job_id_t *id, ngx_uint_t on)
{
    uint64_t             bit, *bits;
    ngx_uint_t           number;
    ngx_cr_shm_job_t    *job;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;
    number = ngx_cr_doorbell_self()->number;

    ngx_cr_shm_lock(store);

    job = ngx_cr_shm_find_kept(id);

    if (job != NULL && number != NGX_CR_DOORBELL_NONE) {
        bits = &job->watchers.bits[number / 64];
        bit = (uint64_t) 1 << (number % 64);

        *bits = on ? (*bits | bit) : (*bits & ~bit);
    }

    ngx_cr_shm_unlock(store);

    return job != NULL ? NGX_OK : NGX_DECLINED;
}
