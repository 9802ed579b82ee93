
#include "ngx_cr_shm_pages.h"


/*
 * A segment is a stream, a length of two bytes, and the bytes.  It grows while
 * the stream stays the same, so that a program that alternates byte by byte
 * pays three bytes each and not a page.
 *
 * `used` of a page is what readers trust.
 */

#define NGX_CR_SEGMENT_HEAD  3


static u_char *ngx_cr_shm_log_tail(ngx_cr_page_t *page,
    ngx_cr_shm_job_t *job, ngx_uint_t stream, size_t *len);
static ngx_int_t ngx_cr_shm_log_page(ngx_cr_shm_store_t *store,
    ngx_cr_shm_job_t *job);
static void ngx_cr_shm_log_length(u_char *segment, size_t len);


void
ngx_cr_shm_log_begin(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job)
{
    job->undo = job->log;

    ngx_memory_barrier();

    job->undo_used = ngx_cr_shm_page(store, job->log.last)->used;

    ngx_memory_barrier();
}


void
ngx_cr_shm_log_commit(ngx_cr_shm_job_t *job)
{
    ngx_memory_barrier();

    job->undo_used = 0;
}


void
ngx_cr_shm_log_undo(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job)
{
    uint32_t  first, last, npages;

    first = ngx_cr_shm_page(store, job->undo.last)->next;
    last = job->log.last;
    npages = job->log.npages - job->undo.npages;

    ngx_cr_shm_log_mend(store, job);

    if (npages != 0) {
        ngx_cr_shm_free(store, first, last, npages);
    }
}


/* May be cut short and done again. */

void
ngx_cr_shm_log_mend(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job)
{
    ngx_cr_page_t  *page;

    if (job->undo_used == 0) {
        return;
    }

    job->log = job->undo;

    page = ngx_cr_shm_page(store, job->log.last);
    page->next = 0;
    page->used = job->undo_used;

    /* it may have grown */

    if (job->log.segment != 0) {
        ngx_cr_shm_log_length((u_char *) page + job->log.segment,
                              page->used - job->log.segment
                              - NGX_CR_SEGMENT_HEAD);
    }

    ngx_cr_shm_log_commit(job);
}


size_t
ngx_cr_shm_log_put(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job,
    ngx_uint_t stream, const u_char *data, size_t len)
{
    size_t          room, old;
    u_char         *base, *segment;
    ngx_cr_page_t  *page;

    page = ngx_cr_shm_page(store, job->log.last);
    room = NGX_CR_PAGE_SIZE - page->used;
    segment = ngx_cr_shm_log_tail(page, job, stream, &old);

    if (segment == NULL) {
        room -= ngx_min(room, NGX_CR_SEGMENT_HEAD);
    }

    if (room == 0) {

        if (ngx_cr_shm_log_page(store, job) != NGX_OK) {
            return 0;
        }

        page = ngx_cr_shm_page(store, job->log.last);
        room = NGX_CR_PAGE_SIZE - page->used - NGX_CR_SEGMENT_HEAD;
        segment = NULL;
        old = 0;
    }

    len = ngx_min(len, room);
    base = (u_char *) page;

    if (segment == NULL) {
        segment = base + page->used;
        *segment = (u_char) stream;
    }

    ngx_memcpy(segment + NGX_CR_SEGMENT_HEAD + old, data, len);
    ngx_cr_shm_log_length(segment, old + len);

    page->used = segment - base + NGX_CR_SEGMENT_HEAD + old + len;

    job->log.segment = segment - base;
    job->log.written[stream] += len;

    return len;
}


ngx_int_t
ngx_cr_shm_log_all(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job,
    ngx_uint_t stream, const u_char *data, size_t len)
{
    size_t  n, done;

    for (done = 0; done < len; done += n) {

        n = ngx_cr_shm_log_put(store, job, stream, data + done, len - done);

        if (n == 0) {
            ngx_cr_shm_log_undo(store, job);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* The page's last segment if it is one of that stream, and its length. */

static u_char *
ngx_cr_shm_log_tail(ngx_cr_page_t *page, ngx_cr_shm_job_t *job,
    ngx_uint_t stream, size_t *len)
{
    u_char    *segment;
    uint16_t   length;

    *len = 0;

    if (job->log.segment == 0) {
        return NULL;
    }

    segment = (u_char *) page + job->log.segment;

    if (*segment != stream) {
        return NULL;
    }

    ngx_memcpy(&length, segment + 1, sizeof(uint16_t));
    *len = length;

    return segment;
}


static ngx_int_t
ngx_cr_shm_log_page(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job)
{
    uint32_t  n;

    n = ngx_cr_shm_alloc(store);
    if (n == 0) {
        return NGX_ERROR;
    }

    ngx_memory_barrier();

    ngx_cr_shm_page(store, job->log.last)->next = n;

    job->log.last = n;
    job->log.npages++;
    job->log.segment = 0;

    return NGX_OK;
}


static void
ngx_cr_shm_log_length(u_char *segment, size_t len)
{
    uint16_t  length;

    length = (uint16_t) len;

    ngx_memcpy(segment + 1, &length, sizeof(uint16_t));
}


void
ngx_cr_shm_log_start(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job,
    ngx_cr_cursor_t *cursor)
{
    cursor->offset = 0;
    cursor->serial = job->serial;
    cursor->page = ngx_cr_shm_number(store, job);
    cursor->pos = sizeof(ngx_cr_shm_job_t);
    cursor->done = 0;
}


ngx_uint_t
ngx_cr_shm_log_next(ngx_cr_shm_store_t *store, ngx_cr_cursor_t *cursor,
    u_char **data, size_t *len)
{
    size_t          size;
    u_char         *segment;
    uint16_t        length;
    ngx_cr_page_t  *page;

    for ( ;; ) {
        page = ngx_cr_shm_page(store, cursor->page);

        if (cursor->pos + NGX_CR_SEGMENT_HEAD < page->used) {
            segment = (u_char *) page + cursor->pos;

            ngx_memcpy(&length, segment + 1, sizeof(uint16_t));

            size = page->used - cursor->pos - NGX_CR_SEGMENT_HEAD;
            size = ngx_min(size, length);

            if (cursor->done < size) {
                *data = segment + NGX_CR_SEGMENT_HEAD + cursor->done;
                *len = size - cursor->done;

                return *segment;
            }

            /* the last segment of all may still grow */

            if (cursor->pos + NGX_CR_SEGMENT_HEAD + size < page->used) {
                cursor->pos += NGX_CR_SEGMENT_HEAD + size;
                cursor->done = 0;
                continue;
            }
        }

        if (page->next == 0) {
            return 0;
        }

        cursor->page = page->next;
        cursor->pos = sizeof(ngx_cr_page_t);
        cursor->done = 0;
    }
}
