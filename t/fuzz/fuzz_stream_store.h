
/*
 * What a store is told of the jobs of a worker, and whether it may be: for
 * fuzz_stream.c alone.
 */


#ifndef _FUZZ_STREAM_STORE_H_INCLUDED_
#define _FUZZ_STREAM_STORE_H_INCLUDED_


#include "ngx_cr_job_local.h"

#include "fuzz.h"


#define JOBS   32       /* of one input */


/* What the store was told of a job. */

typedef struct {
    ngx_cr_job_waiter_t  waiter;
    ngx_uint_t           made;
    ngx_uint_t           started;
    ngx_uint_t           ended;
    size_t               input;      /* bytes added */
    size_t               extras;     /* bytes that may be brought */
    ngx_uint_t           cases;      /* that are not yet recorded */
    size_t               fed;
    unsigned             open:1;     /* may be added to */
    unsigned             news:1;     /* from another worker */
} record_t;


static record_t                records[JOBS];
static ngx_uint_t              nrecords;


/* The store: the first byte of an id is the number of its record. */

static record_t *
record(const ngx_cr_job_id_t *id)
{
    fuzz_must(id->bytes[0] < nrecords);

    return &records[id->bytes[0]];
}


static ngx_int_t
store_create(const ngx_cr_job_new_t *job)
{
    record(&job->id)->made = 1;
    record(&job->id)->extras = job->extras;

    return NGX_OK;
}


static ngx_int_t
store_started(const ngx_cr_job_id_t *id)
{
    record_t  *rec;

    rec = record(id);
    fuzz_must(rec->made && !rec->started && !rec->ended);
    rec->started = 1;

    return NGX_OK;
}


/* A store that is full now and then. */

static ssize_t
store_bring(record_t *rec, const u_char *data, size_t len)
{
    cr_get_t           get;
    ngx_cr_extra_t     extra;
    ngx_cr_job_view_t  view;

    ngx_memzero(&view, sizeof(view));
    view.head.size = sizeof(view);
    view.extras.data = (u_char *) data;
    view.extras.len = len;

    ngx_cr_extra_first(&get, &view);
    fuzz_must(ngx_cr_extra_next(&get, &extra) == 1);

    if (extra.type == NGX_CR_EXTRA_ARTIFACT) {
        fuzz_must(extra.u.artifact.name.len <= CR_FILE_NAME_MAX);
        fuzz_must(!extra.u.artifact.left_out
                  || extra.u.artifact.content.len == 0);
    }

    fuzz_must(ngx_cr_extra_next(&get, &extra) == 0);
    fuzz_must(len <= rec->extras);

    if (len % 7 == 3) {
        return 0;
    }

    if (extra.type == NGX_CR_EXTRA_CASE) {
        fuzz_must(rec->cases-- > 0);
    }

    rec->extras -= len;

    return len;
}


static ssize_t
store_append(const ngx_cr_job_id_t *id, ngx_uint_t stream,
    const u_char *data, size_t len)
{
    static u_char  sink[CR_FRAME_DATA_MAX];

    fuzz_must(!record(id)->ended);

    if (stream == NGX_CR_EXTRAS) {
        return store_bring(record(id), data, len);
    }

    fuzz_must(record(id)->started);
    fuzz_must(stream == NGX_CR_STDOUT || stream == NGX_CR_STDERR);
    fuzz_must(len <= sizeof(sink));

    if (len) {
        ngx_memcpy(sink, data, len);
    }

    return len;
}


static ngx_int_t
store_finish(const ngx_cr_job_id_t *id, ngx_cr_job_status_e status,
    const ngx_cr_outcome_t *outcome)
{
    static u_char  sink[NGX_CR_CLAIM_SIZE];

    fuzz_must(record(id)->made && !record(id)->ended);
    fuzz_must(ngx_cr_job_done(status));
    fuzz_must(outcome->reason.len <= NGX_CR_REASON_SIZE);
    fuzz_must(outcome->claim.len <= NGX_CR_CLAIM_SIZE);

    ngx_memcpy(sink, outcome->reason.data, outcome->reason.len);
    ngx_memcpy(sink, outcome->claim.data, outcome->claim.len);

    record(id)->ended = 1;

    return NGX_OK;
}


static ngx_int_t
store_by_id(const ngx_cr_job_id_t *id)
{
    (void) id;

    return NGX_DECLINED;
}


/* Input is as long as it is said to be, and all zero. */

static ngx_int_t
store_input(const ngx_cr_job_id_t *id, const u_char *data, size_t len,
    ngx_uint_t last)
{
    record_t  *rec;

    (void) data;

    rec = record(id);

    if (rec->ended || !rec->open) {
        return NGX_DONE;
    }

    rec->input += len;
    rec->open = !last;

    return NGX_OK;
}


static ssize_t
store_input_read(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor,
    u_char *buf, size_t size)
{
    size_t     n;
    record_t  *rec;

    rec = record(id);
    fuzz_must(rec->started && !rec->ended && cursor->offset == rec->fed);

    n = ngx_min(rec->input - rec->fed, size);

    if (n == 0) {
        return rec->fed == rec->input && !rec->open ? NGX_DONE : NGX_AGAIN;
    }

    ngx_memzero(buf, n);
    rec->fed += n;
    cursor->offset += n;

    return n;
}


static ngx_uint_t
store_inputs(ngx_cr_job_id_t *ids, ngx_uint_t max)
{
    ngx_uint_t  i, n;

    n = 0;

    for (i = 0; i < nrecords && n < max; i++) {
        if (records[i].news && !records[i].ended) {
            records[i].news = 0;
            ngx_memzero(&ids[n], sizeof(ngx_cr_job_id_t));
            ids[n++].bytes[0] = (u_char) i;
        }
    }

    return n;
}


static ngx_uint_t
store_cancelled(ngx_cr_job_id_t *ids, ngx_uint_t max)
{
    (void) ids;
    (void) max;

    return 0;
}


static void
store_unwatch(const ngx_cr_job_id_t *id)
{
    (void) id;
}


static ngx_int_t
store_get(const ngx_cr_job_id_t *id, ngx_pool_t *pool, ngx_uint_t flags,
    ngx_cr_job_view_t *view)
{
    (void) id;
    (void) pool;
    (void) flags;
    (void) view;

    return NGX_DECLINED;
}


static const ngx_cr_store_t  store = {
    .create = store_create,
    .started = store_started,
    .append = store_append,
    .finish = store_finish,
    .cancel = store_by_id,
    .cancelled = store_cancelled,
    .input = store_input,
    .input_read = store_input_read,
    .inputs = store_inputs,
    .get = store_get,
    .watch = store_by_id,
    .unwatch = store_unwatch
};


#endif /* _FUZZ_STREAM_STORE_H_INCLUDED_ */
