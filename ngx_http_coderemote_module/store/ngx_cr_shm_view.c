
#include "ngx_cr_shm_worker.h"


/* Where the bytes of a stream go, one a stream; size 0: not beyond here. */

typedef struct {
    u_char  *pos;
    size_t   size;
} ngx_cr_shm_room_t;

#define NGX_CR_SHM_ROOMS  (NGX_CR_LOG_CLAIM + 1)


static ngx_int_t ngx_cr_shm_copy(const ngx_cr_job_id_t *id,
    ngx_cr_shm_job_t *copy);
static ngx_int_t ngx_cr_shm_get_end(ngx_cr_shm_job_t *job, ngx_pool_t *pool,
    ngx_cr_outcome_t *outcome);
static ngx_int_t ngx_cr_shm_get_claim(ngx_cr_shm_job_t *job,
    ngx_pool_t *pool, ngx_str_t *claim);
static ngx_int_t ngx_cr_shm_get_output(ngx_cr_shm_job_t *job,
    ngx_pool_t *pool, ngx_cr_job_view_t *view);
static ssize_t ngx_cr_shm_take(const ngx_cr_job_id_t *id,
    ngx_cr_cursor_t *cursor, ngx_cr_shm_room_t *rooms, ngx_uint_t *stream,
    ngx_cr_worker_t *worker);
static ngx_int_t ngx_cr_shm_seek(const ngx_cr_job_id_t *id,
    ngx_cr_cursor_t *cursor);
static ngx_int_t ngx_cr_shm_set_watch(const ngx_cr_job_id_t *id,
    ngx_uint_t on);


ngx_int_t
ngx_cr_shm_get(const ngx_cr_job_id_t *id, ngx_pool_t *pool, ngx_uint_t flags,
    ngx_cr_job_view_t *view)
{
    ngx_int_t         rc;
    ngx_cr_shm_job_t  job;

    if (ngx_cr_shm_copy(id, &job) != NGX_OK) {
        return NGX_DECLINED;
    }

    ngx_memzero(view, sizeof(ngx_cr_job_view_t));

    view->head.version = NGX_CR_API_VERSION;
    view->head.size = sizeof(ngx_cr_job_view_t);

    view->id = job.id;
    ngx_memcpy(view->owner, job.owner, NGX_CR_OWNER_SIZE);

    view->language.len = job.language_len;
    view->language.data = ngx_pnalloc(pool, NGX_CR_LANGUAGE_MAX);
    if (view->language.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(view->language.data, job.language, NGX_CR_LANGUAGE_MAX);

    view->limits = job.limits;
    view->status = job.status;
    view->stopping = job.stop;
    view->created_at = job.created_at;
    view->started_at = job.started_at;
    view->completed_at = job.completed_at;
    view->log = job.written[0] + job.written[1];
    view->outcome.flags = job.flags;

    if (ngx_cr_job_done(job.status)) {
        rc = ngx_cr_shm_get_end(&job, pool, &view->outcome);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (flags & NGX_CR_GET_OUTPUT) {
        return ngx_cr_shm_get_output(&job, pool, view);
    }

    return NGX_OK;
}


/* The head of the job's first page, as it is once its owner was looked at. */

static ngx_int_t
ngx_cr_shm_copy(const ngx_cr_job_id_t *id, ngx_cr_shm_job_t *copy)
{
    ngx_cr_shm_job_t    *job;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;

    for ( ;; ) {
        ngx_cr_shm_lock(store);

        job = ngx_cr_shm_find_kept(id);

        if (job != NULL) {
            *copy = *job;
        }

        ngx_cr_shm_unlock(store);

        if (job == NULL) {
            return NGX_DECLINED;
        }

        if (ngx_cr_job_done(copy->status)
            || !ngx_cr_shm_lost(id, &copy->worker))
        {
            return NGX_OK;
        }
    }
}


static ngx_int_t
ngx_cr_shm_get_end(ngx_cr_shm_job_t *job, ngx_pool_t *pool,
    ngx_cr_outcome_t *outcome)
{
    outcome->end = job->end;
    outcome->signal = job->signal;
    outcome->exit_code = job->exit_code;
    outcome->run_us = job->run_us;
    outcome->cpu_us = job->cpu_us;
    outcome->peak = job->peak;

    if (job->reason_len != 0) {
        outcome->reason.len = job->reason_len;
        outcome->reason.data = ngx_pnalloc(pool, job->reason_len);
        if (outcome->reason.data == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(outcome->reason.data, job->reason, job->reason_len);
    }

    if (job->claim_len != 0) {
        return ngx_cr_shm_get_claim(job, pool, &outcome->claim);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_shm_get_claim(ngx_cr_shm_job_t *job, ngx_pool_t *pool,
    ngx_str_t *claim)
{
    ngx_uint_t          stream;
    ngx_cr_cursor_t     cursor;
    ngx_cr_shm_room_t   rooms[NGX_CR_SHM_ROOMS], *room;

    claim->data = ngx_pnalloc(pool, job->claim_len);
    if (claim->data == NULL) {
        return NGX_ERROR;
    }

    claim->len = job->claim_len;

    if (job->claim_page == 0) {
        ngx_memcpy(claim->data, job->claim, job->claim_len);
        return NGX_OK;
    }

    cursor.offset = 0;
    cursor.serial = job->serial;
    cursor.page = job->claim_page;
    cursor.pos = job->claim_pos;
    cursor.done = 0;

    ngx_memzero(rooms, sizeof(rooms));
    room = &rooms[NGX_CR_LOG_CLAIM];
    room->pos = claim->data;
    room->size = claim->len;

    /* it may be forgotten or evicted between two pieces */

    while (room->size != 0) {
        if (ngx_cr_shm_take(&job->id, &cursor, rooms, &stream, NULL) <= 0) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* What is written while it is read does not belong to the picture. */

static ngx_int_t
ngx_cr_shm_get_output(ngx_cr_shm_job_t *job, ngx_pool_t *pool,
    ngx_cr_job_view_t *view)
{
    u_char             *data;
    ssize_t             n;
    ngx_uint_t          stream;
    ngx_cr_cursor_t     cursor;
    ngx_cr_shm_room_t   rooms[NGX_CR_SHM_ROOMS];

    if (view->log == 0) {
        return NGX_OK;
    }

    data = ngx_pnalloc(pool, view->log);
    if (data == NULL) {
        return NGX_ERROR;
    }

    view->out.data = data;
    view->err.data = data + job->written[0];

    ngx_memzero(rooms, sizeof(rooms));
    rooms[NGX_CR_STDOUT].pos = view->out.data;
    rooms[NGX_CR_STDOUT].size = job->written[0];
    rooms[NGX_CR_STDERR].pos = view->err.data;
    rooms[NGX_CR_STDERR].size = job->written[1];

    ngx_memzero(&cursor, sizeof(ngx_cr_cursor_t));

    do {
        n = ngx_cr_shm_take(&job->id, &cursor, rooms, &stream, NULL);
    } while (n > 0 && cursor.offset < view->log);

    if (n == NGX_DECLINED) {
        return NGX_DECLINED;
    }

    view->out.len = rooms[NGX_CR_STDOUT].pos - view->out.data;
    view->err.len = rooms[NGX_CR_STDERR].pos - view->err.data;

    return NGX_OK;
}


/*
 * Copies one piece, at most a page, and answers its length.  NGX_AGAIN, with
 * *worker set to the owner: no more yet; NGX_DONE: no more ever;
 * NGX_DECLINED: the job is gone.
 */

static ssize_t
ngx_cr_shm_take(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor,
    ngx_cr_shm_room_t *rooms, ngx_uint_t *stream, ngx_cr_worker_t *worker)
{
    size_t               len;
    u_char              *data;
    ssize_t              rc;
    ngx_cr_shm_job_t    *job;
    ngx_cr_shm_room_t   *room;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;

    ngx_cr_shm_lock(store);

    job = ngx_cr_shm_find_kept(id);

    if (job == NULL || (cursor->serial != 0 && cursor->serial != job->serial))
    {
        rc = NGX_DECLINED;
        goto done;
    }

    if (cursor->serial == 0) {
        ngx_cr_shm_log_start(store, job, cursor);
    }

    *stream = ngx_cr_shm_log_next(store, cursor, &data, &len);
    room = &rooms[*stream];

    if (*stream == 0 || room->size == 0) {
        rc = ngx_cr_job_done(job->status) ? NGX_DONE : NGX_AGAIN;

        if (worker != NULL) {
            *worker = job->worker;
        }

        goto done;
    }

    len = ngx_min(len, room->size);

    if (room->pos != NULL) {
        ngx_memcpy(room->pos, data, len);
        room->pos += len;
    }

    room->size -= len;
    cursor->done += len;
    cursor->offset += len;
    rc = len;

done:

    ngx_cr_shm_unlock(store);

    return rc;
}


ssize_t
ngx_cr_shm_read(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor,
    u_char *buf, size_t size, ngx_uint_t *stream)
{
    ssize_t             n;
    ngx_cr_worker_t     worker;
    ngx_cr_shm_room_t   rooms[NGX_CR_SHM_ROOMS];

    if (cursor->serial == 0 && cursor->offset != 0) {
        n = ngx_cr_shm_seek(id, cursor);
        if (n != NGX_OK) {
            return n;
        }
    }

    ngx_memzero(rooms, sizeof(rooms));
    rooms[NGX_CR_STDOUT].pos = buf;
    rooms[NGX_CR_STDOUT].size = size;
    rooms[NGX_CR_STDERR] = rooms[NGX_CR_STDOUT];

    for ( ;; ) {
        n = ngx_cr_shm_take(id, cursor, rooms, stream, &worker);

        if (n != NGX_AGAIN || !ngx_cr_shm_lost(id, &worker)) {
            return n;
        }
    }
}


/* Page by page, as if it was read. */

static ngx_int_t
ngx_cr_shm_seek(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor)
{
    ssize_t             n;
    uint64_t            offset;
    ngx_uint_t          stream;
    ngx_cr_cursor_t     place;
    ngx_cr_shm_room_t   rooms[NGX_CR_SHM_ROOMS];

    offset = cursor->offset;
    ngx_memzero(&place, sizeof(ngx_cr_cursor_t));
    ngx_memzero(rooms, sizeof(rooms));

    while (place.offset < offset) {
        rooms[NGX_CR_STDOUT].size = offset - place.offset;
        rooms[NGX_CR_STDERR].size = offset - place.offset;

        n = ngx_cr_shm_take(id, &place, rooms, &stream, NULL);
        if (n <= 0) {
            return n;
        }
    }

    *cursor = place;

    return NGX_OK;
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

    if (worker.number != NGX_CR_DOORBELL_NONE) {
        ngx_cr_shm.doorbells->slots[worker.number].pending = 1;
        ngx_memory_barrier();
        ngx_cr_doorbell_ring(worker.number);
    }

    return rc;
}


ngx_uint_t
ngx_cr_shm_cancelled(ngx_cr_job_id_t *ids, ngx_uint_t max)
{
    uint32_t                 next;
    ngx_uint_t               n;
    ngx_cr_shm_job_t        *job;
    ngx_cr_shm_store_t      *store;
    ngx_cr_doorbell_slot_t  *slot;
    const ngx_cr_worker_t   *self;

    store = ngx_cr_shm.store;
    self = ngx_cr_doorbell_self();
    slot = NULL;

    if (self->number != NGX_CR_DOORBELL_NONE) {
        slot = &ngx_cr_shm.doorbells->slots[self->number];

        if (slot->pending == 0) {
            return 0;
        }

        /* before the look, so that a later stop is not lost */

        slot->pending = 0;
        ngx_memory_barrier();
    }

    n = 0;

    ngx_cr_shm_lock(store);

    for (next = store->unfinished.first; next != 0 && n < max;
         next = job->next)
    {
        job = ngx_cr_shm_job(store, next);

        if (job->stop && !job->told && job->worker.pid == self->pid
            && job->worker.serial == self->serial)
        {
            job->told = 1;
            ids[n++] = job->id;
        }
    }

    ngx_cr_shm_unlock(store);

    if (n == max && slot != NULL) {
        slot->pending = 1;
    }

    return n;
}


ngx_int_t
ngx_cr_shm_forget(const ngx_cr_job_id_t *id)
{
    ngx_int_t            rc;
    ngx_cr_shm_job_t    *job;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;
    rc = NGX_DECLINED;

    ngx_cr_shm_lock(store);

    job = ngx_cr_shm_find(store, id);

    if (job != NULL) {
        rc = NGX_BUSY;

        if (ngx_cr_job_done(job->status)) {
            ngx_cr_shm_change(store);
            ngx_cr_shm_remove(store, job);
            rc = NGX_OK;
        }
    }

    ngx_cr_shm_unlock(store);

    return rc;
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


void
ngx_cr_shm_count(ngx_uint_t *unfinished, ngx_uint_t *kept)
{
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;

    *unfinished = store->unfinished.count;
    *kept = store->unfinished.count + store->done.count;
}
