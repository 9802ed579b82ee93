
#include "ngx_cr_shm_worker.h"


/* Where the bytes of a stream go; size 0: not beyond here. */

typedef struct {
    u_char             *pos;
    size_t              size;
} ngx_cr_shm_room_t;

/* What is taken of a log; other streams are passed over. */

typedef struct {
    ngx_uint_t          streams;   /* one bit a stream */
    ngx_cr_shm_room_t   rooms[NGX_CR_LOG_STREAMS];
} ngx_cr_shm_want_t;

#define NGX_CR_WANT_INPUT   (1 << NGX_CR_LOG_INPUT)
#define NGX_CR_WANT_CLAIM   (1 << NGX_CR_LOG_CLAIM)
#define NGX_CR_WANT_OUTPUT  (1 << NGX_CR_STDOUT | 1 << NGX_CR_STDERR)
#define NGX_CR_WANT_EXTRAS  (1 << NGX_CR_EXTRAS)


static ngx_int_t ngx_cr_shm_get_end(ngx_cr_shm_job_t *job, ngx_pool_t *pool,
    ngx_cr_outcome_t *outcome);
static ngx_int_t ngx_cr_shm_get_claim(ngx_cr_shm_job_t *job,
    ngx_pool_t *pool, ngx_str_t *claim);
static ngx_int_t ngx_cr_shm_get_output(ngx_cr_shm_job_t *job,
    ngx_pool_t *pool, ngx_uint_t flags, ngx_cr_job_view_t *view);
static void ngx_cr_shm_want(ngx_cr_shm_want_t *want, ngx_uint_t streams);
static ssize_t ngx_cr_shm_take(const ngx_cr_job_id_t *id,
    ngx_cr_cursor_t *cursor, ngx_cr_shm_want_t *want, ngx_uint_t *stream,
    ngx_cr_worker_t *worker);
static ssize_t ngx_cr_shm_take_piece(ngx_cr_shm_job_t *job,
    ngx_cr_cursor_t *cursor, ngx_cr_shm_want_t *want, ngx_uint_t *stream);
static ngx_uint_t ngx_cr_shm_taken(const ngx_cr_shm_job_t *job,
    const ngx_cr_cursor_t *cursor, const ngx_cr_shm_want_t *want);
static ngx_int_t ngx_cr_shm_seek(const ngx_cr_job_id_t *id,
    ngx_cr_cursor_t *cursor);


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
    view->log = job.log.written[NGX_CR_STDOUT]
                + job.log.written[NGX_CR_STDERR];
    view->outcome.flags = job.flags;

    if (ngx_cr_job_done(job.status)) {
        rc = ngx_cr_shm_get_end(&job, pool, &view->outcome);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (flags) {
        return ngx_cr_shm_get_output(&job, pool, flags, view);
    }

    return NGX_OK;
}


ngx_int_t
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
    ngx_cr_shm_room_t  *room;
    ngx_cr_shm_want_t   want;

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

    ngx_cr_shm_want(&want, NGX_CR_WANT_CLAIM);
    room = &want.rooms[NGX_CR_LOG_CLAIM];
    room->pos = claim->data;
    room->size = claim->len;

    /* it may be forgotten or evicted between two pieces */

    while (room->size != 0) {
        if (ngx_cr_shm_take(&job->id, &cursor, &want, &stream, NULL) <= 0) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* What is written while it is read does not belong to the picture. */

static ngx_int_t
ngx_cr_shm_get_output(ngx_cr_shm_job_t *job, ngx_pool_t *pool,
    ngx_uint_t flags, ngx_cr_job_view_t *view)
{
    u_char             *data;
    ssize_t             n;
    uint64_t            size;
    ngx_uint_t          stream, streams;
    ngx_cr_cursor_t     cursor;
    ngx_cr_shm_want_t   want;

    ngx_str_t *const  texts[] = { &view->out, &view->err, &view->extras };

    streams = NGX_CR_WANT_EXTRAS;
    size = job->log.written[NGX_CR_EXTRAS];

    if (flags & NGX_CR_GET_OUTPUT) {
        streams |= NGX_CR_WANT_OUTPUT;
        size += view->log;
    }

    if (size == 0) {
        return NGX_OK;
    }

    data = ngx_pnalloc(pool, size);
    if (data == NULL) {
        return NGX_ERROR;
    }

    ngx_cr_shm_want(&want, streams);

    for (stream = NGX_CR_STDOUT; stream <= NGX_CR_EXTRAS; stream++) {

        if (!(streams & 1 << stream)) {
            continue;
        }

        texts[stream - 1]->data = data;
        want.rooms[stream].pos = data;
        want.rooms[stream].size = job->log.written[stream];
        data += job->log.written[stream];
    }

    ngx_memzero(&cursor, sizeof(ngx_cr_cursor_t));

    do {
        n = ngx_cr_shm_take(&job->id, &cursor, &want, &stream, NULL);
    } while (n > 0 && cursor.offset < size);

    if (n == NGX_DECLINED) {
        return NGX_DECLINED;
    }

    for (stream = NGX_CR_STDOUT; stream <= NGX_CR_EXTRAS; stream++) {

        if (!(streams & 1 << stream)) {
            continue;
        }

        texts[stream - 1]->len = want.rooms[stream].pos
                                 - texts[stream - 1]->data;
    }

    return NGX_OK;
}


static void
ngx_cr_shm_want(ngx_cr_shm_want_t *want, ngx_uint_t streams)
{
    ngx_memzero(want, sizeof(ngx_cr_shm_want_t));

    want->streams = streams;
}


/*
 * Copies one piece, at most a page, and answers its length.  NGX_AGAIN, with
 * *worker set to the owner: no more yet; NGX_DONE: no more ever;
 * NGX_DECLINED: the job is gone.
 */

static ssize_t
ngx_cr_shm_take(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor,
    ngx_cr_shm_want_t *want, ngx_uint_t *stream, ngx_cr_worker_t *worker)
{
    ssize_t              rc;
    ngx_cr_shm_job_t    *job;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;

    do {
        rc = NGX_DECLINED;

        ngx_cr_shm_lock(store);

        job = ngx_cr_shm_find_kept(id);

        if (job != NULL
            && (cursor->serial == 0 || cursor->serial == job->serial))
        {
            rc = ngx_cr_shm_take_piece(job, cursor, want, stream);

            if (worker != NULL) {
                *worker = job->worker;
            }
        }

        ngx_cr_shm_unlock(store);

    } while (rc == NGX_BUSY);

    return rc;
}


/* NGX_BUSY: a page was passed over, which is enough for once. */

static ssize_t
ngx_cr_shm_take_piece(ngx_cr_shm_job_t *job, ngx_cr_cursor_t *cursor,
    ngx_cr_shm_want_t *want, ngx_uint_t *stream)
{
    size_t              len;
    u_char             *data;
    uint32_t            page;
    ngx_cr_shm_room_t  *room;

    if (cursor->serial == 0) {
        ngx_cr_shm_log_start(ngx_cr_shm.store, job, cursor);
    }

    if (ngx_cr_shm_taken(job, cursor, want)) {
        return (ngx_cr_job_done(job->status)
                || (want->streams == NGX_CR_WANT_INPUT && job->log.closed))
               ? NGX_DONE : NGX_AGAIN;
    }

    page = cursor->page;

    for ( ;; ) {
        *stream = ngx_cr_shm_log_next(ngx_cr_shm.store, cursor, &data, &len);

        if (*stream == 0 || (want->streams & (1 << *stream))) {
            break;
        }

        if (cursor->page != page) {
            return NGX_BUSY;
        }

        cursor->done += len;
    }

    room = &want->rooms[*stream];

    if (room->size == 0) {
        return ngx_cr_job_done(job->status) ? NGX_DONE : NGX_AGAIN;
    }

    len = ngx_min(len, room->size);

    if (room->pos != NULL) {
        ngx_memcpy(room->pos, data, len);
        room->pos += len;
    }

    room->size -= len;
    cursor->done += len;
    cursor->offset += len;

    return len;
}


/* The rest of the log, however long, is of other streams. */

static ngx_uint_t
ngx_cr_shm_taken(const ngx_cr_shm_job_t *job, const ngx_cr_cursor_t *cursor,
    const ngx_cr_shm_want_t *want)
{
    uint64_t    written;
    ngx_uint_t  stream;

    written = 0;

    for (stream = 1; stream < NGX_CR_LOG_STREAMS; stream++) {
        if (want->streams & (1 << stream)) {
            written += job->log.written[stream];
        }
    }

    return cursor->offset >= written;
}


ssize_t
ngx_cr_shm_read(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor,
    u_char *buf, size_t size, ngx_uint_t *stream)
{
    ssize_t             n;
    ngx_cr_worker_t     worker;
    ngx_cr_shm_want_t   want;

    if (cursor->serial == 0 && cursor->offset != 0) {
        n = ngx_cr_shm_seek(id, cursor);
        if (n != NGX_OK) {
            return n;
        }
    }

    ngx_cr_shm_want(&want, NGX_CR_WANT_OUTPUT);
    want.rooms[NGX_CR_STDOUT].pos = buf;
    want.rooms[NGX_CR_STDOUT].size = size;
    want.rooms[NGX_CR_STDERR] = want.rooms[NGX_CR_STDOUT];

    for ( ;; ) {
        n = ngx_cr_shm_take(id, cursor, &want, stream, &worker);

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
    ngx_cr_shm_want_t   want;

    offset = cursor->offset;
    ngx_memzero(&place, sizeof(ngx_cr_cursor_t));
    ngx_cr_shm_want(&want, NGX_CR_WANT_OUTPUT);

    while (place.offset < offset) {
        want.rooms[NGX_CR_STDOUT].size = offset - place.offset;
        want.rooms[NGX_CR_STDERR].size = offset - place.offset;

        n = ngx_cr_shm_take(id, &place, &want, &stream, NULL);
        if (n <= 0) {
            return n;
        }
    }

    *cursor = place;

    return NGX_OK;
}


ssize_t
ngx_cr_shm_input_read(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor,
    u_char *buf, size_t size)
{
    ngx_uint_t         stream;
    ngx_cr_shm_want_t  want;

    ngx_cr_shm_want(&want, NGX_CR_WANT_INPUT);
    want.rooms[NGX_CR_LOG_INPUT].pos = buf;
    want.rooms[NGX_CR_LOG_INPUT].size = size;

    return ngx_cr_shm_take(id, cursor, &want, &stream, NULL);
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


void
ngx_cr_shm_count(ngx_uint_t *unfinished, ngx_uint_t *kept)
{
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;

    *unfinished = store->unfinished.count;
    *kept = store->unfinished.count + store->done.count;
}
