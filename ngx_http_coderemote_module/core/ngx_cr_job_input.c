
/*
 * What is added to a job's stdin while it is unfinished.  It lies in the
 * store, whichever worker it came through.
 */

#include "ngx_cr_job_local.h"


#define NGX_CR_JOB_FED  16


ssize_t
ngx_cr_job_input_next(ngx_cr_run_t *run, u_char *buf, size_t size)
{
    ngx_cr_job_t  *job = run->data;

    return ngx_cr_jobs.store->input_read(&job->id, &job->input_cursor, buf,
                                         size);
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
            ngx_cr_run_feed(&job->run);
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
                ngx_cr_run_feed(&job->run);
            }
        }

    } while (n == NGX_CR_JOB_FED);
}
