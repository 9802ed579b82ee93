
/*
 * The stdin of a job: what came with it, and then what is added while it is
 * unfinished.  That lies in the store, whichever worker it came through, and
 * is fetched when the sandbox has room for it.
 */

#include "ngx_cr_job_local.h"


#define NGX_CR_JOB_FED  16


static ngx_uint_t ngx_cr_job_feed_given(ngx_cr_job_t *job);
static void ngx_cr_job_feed_added(ngx_cr_job_t *job);
static void ngx_cr_job_feed_frame(ngx_cr_job_t *job, uint8_t flags,
    const u_char *data, size_t len);


static u_char  ngx_cr_job_input_buf[CR_FRAME_DATA_MAX];


/* So much may follow unasked. */

size_t
ngx_cr_job_input_first(const ngx_cr_job_spec_t *spec)
{
    return ngx_min(spec->input.len, CR_STDIN_CREDIT);
}


ngx_int_t
ngx_cr_job_input_init(ngx_cr_job_t *job, const ngx_cr_job_spec_t *spec)
{
    size_t  first, rest;

    first = ngx_cr_job_input_first(spec);
    rest = spec->input.len - first;

    job->input_credit = CR_STDIN_CREDIT - first;
    job->input_more = (spec->input_max != 0);
    job->input_open = (rest != 0 || job->input_more);

    if (rest == 0) {
        return NGX_OK;
    }

    job->input.data = ngx_alloc(rest, ngx_cr_jobs.log);
    if (job->input.data == NULL) {
        return NGX_ERROR;
    }

    job->input.len = rest;
    ngx_memcpy(job->input.data, spec->input.data + first, rest);

    return NGX_OK;
}


void
ngx_cr_job_input_free(ngx_cr_job_t *job)
{
    if (job->input.data) {
        ngx_free(job->input.data);
        ngx_str_null(&job->input);
    }
}


ngx_int_t
ngx_cr_job_input_credit(ngx_cr_job_t *job, const cr_frame_t *frame,
    const u_char *payload)
{
    cr_get_t  get;
    uint32_t  bytes;

    cr_get_init(&get, payload, frame->length);
    bytes = cr_get_u32(&get);

    if (get.bad || get.pos != get.end || !job->started
        || bytes > UINT32_MAX - job->input_credit)
    {
        return NGX_ERROR;
    }

    job->input_credit += bytes;

    ngx_cr_job_feed(job);

    return NGX_OK;
}


/*
 * Not before it began: a job that is sent again, to another sandbox, begins
 * with its first byte of input.
 */

void
ngx_cr_job_feed(ngx_cr_job_t *job)
{
    if (!job->started || !job->sent) {
        return;
    }

    while (job->input_open && job->input.data) {
        if (!ngx_cr_job_feed_given(job)) {
            return;
        }
    }

    if (job->input_open) {
        ngx_cr_job_feed_added(job);
    }
}


/* Answers 0 when the sandbox has no room. */

static ngx_uint_t
ngx_cr_job_feed_given(ngx_cr_job_t *job)
{
    size_t      len;
    u_char     *data;
    ngx_uint_t  last;

    if (job->input_credit == 0) {
        return 0;
    }

    data = job->input.data + job->input_pos;
    len = ngx_min(job->input.len - job->input_pos, job->input_credit);
    len = ngx_min(len, CR_FRAME_DATA_MAX);

    job->input_pos += len;
    last = (job->input_pos == job->input.len);

    ngx_cr_job_feed_frame(job, last && !job->input_more ? CR_FLAG_EOF : 0,
                          data, len);

    if (last) {
        ngx_cr_job_input_free(job);
    }

    return 1;
}


/* The end needs no room. */

static void
ngx_cr_job_feed_added(ngx_cr_job_t *job)
{
    size_t   len;
    ssize_t  n;

    for ( ;; ) {
        len = ngx_min(job->input_credit, CR_FRAME_DATA_MAX);

        n = ngx_cr_jobs.store->input_read(&job->id, &job->input_cursor,
                                          ngx_cr_job_input_buf, len);

        if (n == NGX_DONE) {
            ngx_cr_job_feed_frame(job, CR_FLAG_EOF, ngx_cr_job_input_buf, 0);
            return;
        }

        if (n <= 0) {
            return;
        }

        ngx_cr_job_feed_frame(job, 0, ngx_cr_job_input_buf, n);
    }
}


static void
ngx_cr_job_feed_frame(ngx_cr_job_t *job, uint8_t flags, const u_char *data,
    size_t len)
{
    job->input_credit -= len;

    if (flags & CR_FLAG_EOF) {
        job->input_open = 0;
    }

    ngx_cr_helper_send_frame(CR_MSG_STDIN, flags, job->number.key, data, len);
}


ngx_int_t
ngx_cr_job_input(const ngx_cr_job_id_t *id, const u_char *data, size_t len,
    ngx_uint_t last)
{
    ngx_int_t      rc;
    ngx_cr_job_t  *job;

    rc = ngx_cr_jobs.store->input(id, data, len, last);

    if (rc == NGX_OK) {
        job = ngx_cr_job_by_id(id);

        if (job) {
            ngx_cr_job_feed(job);
        }
    }

    return rc;
}


void
ngx_cr_job_feed_all(void)
{
    ngx_uint_t        i, n;
    ngx_cr_job_t     *job;
    ngx_cr_job_id_t   ids[NGX_CR_JOB_FED];

    do {
        n = ngx_cr_jobs.store->inputs(ids, NGX_CR_JOB_FED);

        for (i = 0; i < n; i++) {
            job = ngx_cr_job_by_id(&ids[i]);

            if (job) {
                ngx_cr_job_feed(job);
            }
        }

    } while (n == NGX_CR_JOB_FED);
}
