
#include "ngx_cr_follow.h"


/* What was held of a stream stands before what is read of it. */

static u_char  ngx_cr_follow_buf[NGX_CR_FOLLOW_OUTPUT];


static void ngx_cr_follow_news(ngx_cr_job_waiter_t *waiter);
static ngx_int_t ngx_cr_follow_skip(ngx_cr_follow_t *follow, uint64_t seq);
static ngx_int_t ngx_cr_follow_status(ngx_cr_follow_t *follow,
    ngx_cr_follow_event_t *event);
static ngx_int_t ngx_cr_follow_text(ngx_cr_follow_t *follow, size_t size,
    ngx_cr_follow_event_t *event);
static ngx_int_t ngx_cr_follow_rest(ngx_cr_follow_t *follow,
    ngx_cr_follow_event_t *event);
static ssize_t ngx_cr_follow_read(ngx_cr_follow_t *follow, u_char *buf,
    size_t size, ngx_uint_t *stream);


ngx_int_t
ngx_cr_follow_start(ngx_cr_follow_t *follow, const ngx_cr_job_id_t *id,
    uint64_t seq)
{
    void       *data;
    ngx_int_t   rc;
    void      (*handler)(ngx_cr_follow_t *follow);

    handler = follow->handler;
    data = follow->data;

    ngx_memzero(follow, sizeof(ngx_cr_follow_t));

    follow->handler = handler;
    follow->data = data;
    follow->waiter.id = *id;
    follow->waiter.handler = ngx_cr_follow_news;
    follow->waiter.data = follow;
    follow->waiter.live = 1;

    rc = ngx_cr_job_wait(&follow->waiter);

    if (rc == NGX_OK || rc == NGX_DONE) {
        rc = ngx_cr_follow_skip(follow, seq);
    }

    if (rc != NGX_OK) {
        ngx_cr_follow_stop(follow);
    }

    return rc;
}


static void
ngx_cr_follow_news(ngx_cr_job_waiter_t *waiter)
{
    ngx_cr_follow_t *follow = waiter->data;

    follow->handler(follow);
}


/*
 * Goes to the place that somebody was at who was told `seq`, which is not the
 * log's offset: bytes were held.
 *
 * What is held after so many bytes of the log, and so what was given out,
 * depends on these bytes alone, not on the pieces in which they came.  What
 * was given out only grows with them, and is never more than they are.  So
 * while fewer than `seq` bytes are read, reading up to `seq` of them cannot
 * give out more than `seq`; from there on, byte by byte, no place is passed
 * over.  There may be more than one place with this `seq`, but they differ in
 * what is held alone: what was given out of each stream is the same, as is
 * what will be.
 *
 * A number that nobody was told is passed over, and what is told begins after
 * the character in which it lies, or with what is written from now on.
 */

static ngx_int_t
ngx_cr_follow_skip(ngx_cr_follow_t *follow, uint64_t seq)
{
    size_t                  size;
    ngx_int_t               rc;
    ngx_cr_follow_event_t   event;

    while (follow->seq < seq) {
        size = 1;

        if (follow->cursor.offset < seq) {
            size = seq - follow->cursor.offset;
        }

        rc = ngx_cr_follow_text(follow, size, &event);

        if (rc == NGX_AGAIN || rc == NGX_DONE) {
            break;
        }

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_cr_follow_next(ngx_cr_follow_t *follow, ngx_cr_follow_event_t *event)
{
    ngx_int_t  rc;

    if (follow->ended) {
        return NGX_DONE;
    }

    ngx_memzero(event, sizeof(ngx_cr_follow_event_t));

    rc = ngx_cr_follow_status(follow, event);

    if (rc != NGX_DONE) {
        return rc;
    }

    do {
        rc = ngx_cr_follow_text(follow, NGX_CR_FOLLOW_OUTPUT, event);
    } while (rc == NGX_OK && event->text.len == 0);

    if (rc != NGX_DONE) {
        return rc;
    }

    follow->ended = 1;
    event->kind = NGX_CR_FOLLOW_END;

    return NGX_OK;
}


/* NGX_DONE: it was told all there is, and there may be output. */

static ngx_int_t
ngx_cr_follow_status(ngx_cr_follow_t *follow, ngx_cr_follow_event_t *event)
{
    ngx_int_t            rc;
    ngx_cr_job_view_t    view;
    ngx_cr_job_status_e  status;

    if (follow->told && follow->status == NGX_CR_JOB_RUNNING) {
        return NGX_DONE;
    }

    rc = ngx_cr_job_look(&follow->waiter.id, &view);

    if (rc != NGX_OK) {
        return rc;
    }

    status = view.started_at ? NGX_CR_JOB_RUNNING : NGX_CR_JOB_QUEUED;

    if (follow->told && follow->status == status) {
        return ngx_cr_job_done(view.status) ? NGX_DONE : NGX_AGAIN;
    }

    follow->told = 1;
    follow->status = status;

    event->kind = NGX_CR_FOLLOW_STATUS;
    event->status = status;
    event->time = view.started_at ? view.started_at : view.created_at;

    return NGX_OK;
}


/*
 * Reads at most size bytes.  NGX_OK: event->text, which may be empty; NGX_DONE:
 * there was no more, and will not be.
 */

static ngx_int_t
ngx_cr_follow_text(ngx_cr_follow_t *follow, size_t size,
    ngx_cr_follow_event_t *event)
{
    size_t       n;
    u_char      *p, *end;
    ssize_t      len;
    ngx_uint_t   stream;

    p = ngx_cr_follow_buf + NGX_CR_UTF8_BEGINNING;
    size = ngx_min(size, NGX_CR_FOLLOW_OUTPUT - NGX_CR_UTF8_BEGINNING);

    len = ngx_cr_follow_read(follow, p, size, &stream);

    if (len == NGX_DONE) {
        return ngx_cr_follow_rest(follow, event);
    }

    if (len < 0) {
        return len;
    }

    end = p + len;

    n = follow->nheld[stream - NGX_CR_STDOUT];
    p -= n;
    ngx_memcpy(p, follow->held[stream - NGX_CR_STDOUT], n);

    n = ngx_cr_utf8_beginning(p, end);
    end -= n;
    ngx_memcpy(follow->held[stream - NGX_CR_STDOUT], end, n);
    follow->nheld[stream - NGX_CR_STDOUT] = n;

    follow->seq += end - p;

    event->kind = NGX_CR_FOLLOW_TEXT;
    event->stream = stream;
    event->text.data = p;
    event->text.len = end - p;
    event->seq = follow->seq;

    return NGX_OK;
}


/*
 * The beginning of a character that has no rest; where the stream was cut, the
 * program wrote one, and it is left out.
 */

static ngx_int_t
ngx_cr_follow_rest(ngx_cr_follow_t *follow, ngx_cr_follow_event_t *event)
{
    size_t             n;
    ngx_int_t          rc;
    ngx_uint_t         i;
    ngx_cr_job_view_t  view;

    static const uint8_t  cut[] = { NGX_CR_STDOUT_CUT, NGX_CR_STDERR_CUT };

    if (follow->nheld[0] == 0 && follow->nheld[1] == 0) {
        return NGX_DONE;
    }

    rc = ngx_cr_job_look(&follow->waiter.id, &view);

    if (rc != NGX_OK) {
        return rc;
    }

    for (i = 0; i < 2; i++) {
        n = follow->nheld[i];
        follow->nheld[i] = 0;

        if (n == 0 || (view.outcome.flags & cut[i])) {
            continue;
        }

        follow->seq += n;

        event->kind = NGX_CR_FOLLOW_TEXT;
        event->stream = NGX_CR_STDOUT + i;
        event->text.data = ngx_cr_follow_buf;
        event->text.len = n;
        event->seq = follow->seq;

        ngx_memcpy(ngx_cr_follow_buf, follow->held[i], n);

        return NGX_OK;
    }

    return NGX_DONE;
}


/* A store reads a page at most; here is as much as there is of the stream. */

static ssize_t
ngx_cr_follow_read(ngx_cr_follow_t *follow, u_char *buf, size_t size,
    ngx_uint_t *stream)
{
    size_t                 len;
    ssize_t                n;
    ngx_uint_t             next;
    ngx_cr_cursor_t        ahead;
    const ngx_cr_store_t  *store;

    store = ngx_cr_job_store();

    n = store->read(&follow->waiter.id, &follow->cursor, buf, size, stream);

    if (n <= 0) {
        return n;
    }

    for (len = n; len < size; len += n) {

        /* what turns out to be of the other stream was not read */

        ahead = follow->cursor;

        n = store->read(&follow->waiter.id, &ahead, buf + len, size - len,
                        &next);

        if (n <= 0 || next != *stream) {
            break;
        }

        follow->cursor = ahead;
    }

    return len;
}


uint64_t
ngx_cr_follow_behind(ngx_cr_follow_t *follow)
{
    ngx_cr_job_view_t  view;

    if (ngx_cr_job_look(&follow->waiter.id, &view) != NGX_OK) {
        return 0;
    }

    return view.log - follow->cursor.offset;
}


void
ngx_cr_follow_stop(ngx_cr_follow_t *follow)
{
    ngx_cr_job_unwait(&follow->waiter);
}
