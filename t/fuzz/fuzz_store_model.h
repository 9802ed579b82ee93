
/*
 * What a simple model knows of the jobs of the shared memory store, for
 * fuzz_store.c alone.
 */


#ifndef _FUZZ_STORE_MODEL_H_INCLUDED_
#define _FUZZ_STORE_MODEL_H_INCLUDED_


#include "fuzz.h"
#include "fuzz_shm.h"
#include "fuzz_steps.h"


#define JOBS   16
#define STEPS  400
#define PAGES  24
#define NEWS   3       /* told at once */
#define ROOM   70000


typedef struct {
    ngx_uint_t              there;
    ngx_uint_t              serial;     /* of its owner */
    ngx_cr_job_status_e     status;
    size_t                  limit;
    size_t                  input;      /* that may be added */
    size_t                  extras;     /* likewise */
    ngx_uint_t              closed;
    ngx_uint_t              cut[2];
    size_t                  len[NGX_CR_LOG_STREAMS];
    ngx_cr_cursor_t         cursor;
    size_t                  seen[NGX_CR_LOG_STREAMS];
    ngx_cr_cursor_t         input_cursor;
    ngx_uint_t              stop;       /* asked for, not told */
    ngx_uint_t              fed;        /* by another, not told */
    ngx_uint_t              report;     /* to this worker, not told; + 1 */
    ngx_uint_t              report_serial;
} model_t;


static model_t                 jobs[JOBS];
static ngx_uint_t              self;
static ngx_cr_connection_id_t  connections[FUZZ_WORKERS + 1];
static u_char                  buf[ROOM];

/* The step: what is left of the input, and how. */

static fuzz_in_t               in;
static ngx_uint_t              how;


static const ngx_cr_job_id_t *
id(ngx_uint_t n)
{
    static ngx_cr_job_id_t  ids[JOBS];

    ngx_memset(&ids[n], (int) n + 1, sizeof(ngx_cr_job_id_t));

    return &ids[n];
}


static ngx_uint_t
number(const ngx_cr_job_id_t *of)
{
    fuzz_must(of->bytes[0] >= 1 && of->bytes[0] <= JOBS);

    return of->bytes[0] - 1;
}


static u_char
byte_at(ngx_uint_t n, ngx_uint_t stream, size_t place)
{
    return (u_char) (n * 7 + stream * 50 + place % 251);
}


static const u_char *
text(ngx_uint_t n, ngx_uint_t stream, size_t from, size_t len)
{
    size_t         i;
    static u_char  data[ROOM];

    fuzz_must(len <= ROOM);

    for (i = 0; i < len; i++) {
        data[i] = byte_at(n, stream, from + i);
    }

    return data;
}


static void
must_be_text(const u_char *data, ngx_uint_t n, ngx_uint_t stream, size_t from,
    size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        fuzz_must(data[i] == byte_at(n, stream, from + i));
    }
}


static ngx_uint_t
serial_of(ngx_uint_t worker)
{
    ngx_uint_t  serial, now;

    now = self;
    fuzz_shm_worker(worker);
    serial = ngx_cr_doorbell_self()->serial;
    fuzz_shm_worker(now);

    return serial;
}


static ngx_uint_t
mine(const model_t *job)
{
    return job->serial == serial_of(self);
}


static ngx_uint_t
unfinished(const model_t *job)
{
    return job->there && !ngx_cr_job_done(job->status);
}


/* Only a done job may be gone, and only when there was need. */

static void
gone(model_t *job)
{
    if (!job->there) {
        return;
    }

    fuzz_must(ngx_cr_job_done(job->status));
    fuzz_must(ngx_cr_shm.store->fresh == ngx_cr_shm.store->npages);

    job->there = 0;
}


/* No page could be had: what is done is gone. */

static void
must_be_full(void)
{
    fuzz_must(ngx_cr_shm.store->fresh == ngx_cr_shm.store->npages);
    fuzz_must(ngx_cr_shm.store->done.count == 0);
}


#endif /* _FUZZ_STORE_MODEL_H_INCLUDED_ */
