
/* Jobs and the sandbox: what is sent for them and what comes back. */

#include "ngx_cr_job_local.h"
#include "ngx_cr_outcome.h"


static void ngx_cr_job_ready(void);
static ngx_int_t ngx_cr_job_frame(const cr_frame_t *frame,
    const u_char *payload);
static void ngx_cr_job_lost(void);


const ngx_cr_helper_handlers_t  ngx_cr_job_handlers = {
    ngx_cr_job_ready,
    ngx_cr_job_frame,
    ngx_cr_job_lost,
    ngx_cr_job_fail_all
};


void
ngx_cr_job_send(ngx_cr_job_t *job)
{
    job->sent = 1;
    job->tries++;
    job->credit = NGX_CR_JOB_CREDIT;
    job->ungranted = 0;

    ngx_cr_job_timer(job, NGX_CR_JOB_TURN_MAX);

    ngx_cr_helper_send(job->frame, job->frame_len);
}


static void
ngx_cr_job_grant(ngx_cr_job_t *job, uint32_t bytes)
{
    u_char    grant[4];
    cr_put_t  put;

    cr_put_init(&put, grant, sizeof(grant));
    cr_put_u32(&put, bytes);

    ngx_cr_helper_send_frame(CR_MSG_CREDIT, 0, job->number.key, grant,
                             cr_put_len(&put));

    job->credit += bytes;
    job->ungranted -= bytes;
}


static void
ngx_cr_job_set_slow(ngx_cr_job_t *job, ngx_uint_t slow)
{
    job->slow = slow;

    if (slow) {
        ngx_add_timer(&job->trickle, NGX_CR_JOB_TRICKLE);
        return;
    }

    ngx_del_timer(&job->trickle);

    if (job->ungranted >= NGX_CR_JOB_GRANT) {
        ngx_cr_job_grant(job, job->ungranted);
    }
}


void
ngx_cr_job_slow(const ngx_cr_job_id_t *id, ngx_uint_t slow)
{
    ngx_cr_job_t  *job;

    job = ngx_cr_job_by_id(id);

    if (job && !job->stopping && job->slow != !!slow) {
        ngx_cr_job_set_slow(job, !!slow);
    }
}


/* The sandbox throws away what an ended job could not send for 5 seconds. */

void
ngx_cr_job_trickle_handler(ngx_event_t *ev)
{
    ngx_cr_job_t  *job = ev->data;

    if (job->ungranted) {
        ngx_cr_job_grant(job, ngx_min(job->ungranted, NGX_CR_JOB_GRANT));
    }

    ngx_add_timer(&job->trickle, NGX_CR_JOB_TRICKLE);
}


/* Asks for the end; the job ends when RESULT comes, or its patience does. */

void
ngx_cr_job_halt(ngx_cr_job_t *job)
{
    ngx_cr_outcome_t  outcome;

    if (job->stopping) {
        return;
    }

    job->stopping = 1;

    if (job->slow) {
        ngx_cr_job_set_slow(job, 0);
    }

    if (job->sent) {
        ngx_cr_helper_send_frame(CR_MSG_STOP, 0, job->number.key, NULL, 0);
        ngx_cr_job_timer(job, NGX_CR_JOB_GRACE);
        return;
    }

    ngx_cr_outcome_init(&outcome, NGX_CR_END_STOPPED);
    ngx_cr_job_end(job, &outcome);
}


void
ngx_cr_job_timer_handler(ngx_event_t *ev)
{
    ngx_cr_job_t  *job = ev->data;

    if (!job->sent) {
        ngx_cr_job_fail(job, "the sandbox ended and did not come back");
        return;
    }

    /* should the sandbox name the job again, it is a number without a job */

    ngx_cr_jobs.strays += job->credit + NGX_CR_JOB_STRAYS;

    if (!job->stopping) {
        ngx_cr_helper_send_frame(CR_MSG_STOP, 0, job->number.key, NULL, 0);
    }

    ngx_cr_job_fail(job, job->started || job->stopping
                         ? "the sandbox did not answer in time"
                         : "no cell became free in time");
}


static void
ngx_cr_job_ready(void)
{
    ngx_queue_t   *q;
    ngx_cr_job_t  *job;

    for (q = ngx_queue_head(&ngx_cr_jobs.all);
         q != ngx_queue_sentinel(&ngx_cr_jobs.all);
         q = ngx_queue_next(q))
    {
        job = ngx_queue_data(q, ngx_cr_job_t, queue);

        if (!job->sent) {
            ngx_cr_job_send(job);
        }
    }
}


/* Whoever waits for a job may end others when he is told of its end. */

static ngx_cr_job_t *
ngx_cr_job_doomed(void)
{
    ngx_queue_t   *q;
    ngx_cr_job_t  *job;

    for (q = ngx_queue_head(&ngx_cr_jobs.all);
         q != ngx_queue_sentinel(&ngx_cr_jobs.all);
         q = ngx_queue_next(q))
    {
        job = ngx_queue_data(q, ngx_cr_job_t, queue);

        if (job->doomed) {
            return job;
        }
    }

    return NULL;
}


/*
 * A job that began ended with its cell; nobody knows how far it had come, so
 * it is not run again.  One that had not begun is for the next sandbox.
 */

static void
ngx_cr_job_lost(void)
{
    ngx_queue_t       *q;
    ngx_cr_job_t      *job;
    ngx_cr_outcome_t   outcome;

    ngx_cr_jobs.strays = 0;

    for (q = ngx_queue_head(&ngx_cr_jobs.all);
         q != ngx_queue_sentinel(&ngx_cr_jobs.all);
         q = ngx_queue_next(q))
    {
        job = ngx_queue_data(q, ngx_cr_job_t, queue);

        if (!job->sent) {
            continue;
        }

        job->sent = 0;

        if (job->started || job->stopping
            || job->tries == NGX_CR_JOB_TRIES)
        {
            job->doomed = 1;
            continue;
        }

        ngx_cr_job_timer(job, NGX_CR_JOB_AWAY_MAX);
    }

    for ( ;; ) {
        job = ngx_cr_job_doomed();

        if (job == NULL) {
            return;
        }

        if (!job->stopping) {
            ngx_cr_job_fail(job, job->started
                            ? "the sandbox ended while the job ran"
                            : "the sandbox ended each time before the job "
                              "began");
            continue;
        }

        ngx_cr_outcome_init(&outcome, NGX_CR_END_STOPPED);
        ngx_cr_job_end(job, &outcome);
    }
}


static ngx_int_t
ngx_cr_job_started(ngx_cr_job_t *job)
{
    if (job->started) {
        return NGX_ERROR;
    }

    job->started = 1;

    ngx_free(job->frame);
    job->frame = NULL;

    if (!job->stopping) {
        ngx_cr_job_timer(job, job->policy.limits.timeout_ms
                              + NGX_CR_JOB_GRACE);
    }

    if (ngx_cr_jobs.registry->policies.nelts) {
        ngx_cr_policy_started(ngx_cr_jobs.registry, &job->policy,
                              job->policy_data);
    }

    (void) ngx_cr_jobs.store->started(&job->id);

    ngx_cr_job_tell(&job->waiters);

    ngx_cr_job_feed(job);

    return NGX_OK;
}


static ngx_int_t
ngx_cr_job_output(ngx_cr_job_t *job, const cr_frame_t *frame,
    const u_char *payload)
{
    if ((frame->flags != CR_STDOUT && frame->flags != CR_STDERR)
        || !job->started || frame->length > job->credit
        || frame->length > CR_FRAME_DATA_MAX)
    {
        return NGX_ERROR;
    }

    (void) ngx_cr_jobs.store->append(&job->id,
                            frame->flags == CR_STDOUT ? NGX_CR_STDOUT
                                                      : NGX_CR_STDERR,
                            payload, frame->length);

    ngx_cr_job_tell(&job->waiters);

    if (ngx_cr_jobs.registry->policies.nelts
        && ngx_cr_policy_output(ngx_cr_jobs.registry, &job->policy,
                                job->policy_data, frame->flags, payload,
                                frame->length)
           != NGX_OK)
    {
        ngx_cr_job_halt(job);
    }

    job->credit -= frame->length;
    job->ungranted += frame->length;

    if (job->ungranted >= NGX_CR_JOB_GRANT && !job->slow) {
        ngx_cr_job_grant(job, job->ungranted);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_job_result(ngx_cr_job_t *job, const cr_frame_t *frame,
    const u_char *payload)
{
    cr_result_t       result;
    ngx_cr_outcome_t  outcome;

    if (cr_result_unpack(payload, frame->length, &result) != 0) {
        return NGX_ERROR;
    }

    /* a job cannot have run that was not handed over */

    if (!job->started && result.end <= CR_END_MEMORY) {
        return NGX_ERROR;
    }

    ngx_cr_outcome_init(&outcome, result.end);

    outcome.flags = result.flags & (CR_RESULT_STDOUT_CUT
                                    |CR_RESULT_STDERR_CUT);
    outcome.signal = result.signal;
    outcome.exit_code = result.exit_code;
    outcome.run_us = result.run_us;
    outcome.cpu_us = result.cpu_us;
    outcome.peak = result.peak;
    outcome.reason.data = (u_char *) result.reason.data;
    outcome.reason.len = result.reason.len;
    outcome.claim.data = (u_char *) result.claim.data;
    outcome.claim.len = result.claim.len;

    ngx_cr_job_end(job, &outcome);

    return NGX_OK;
}


/*
 * The sandbox may still speak of a job that was given up, as far as it was
 * granted; one that goes on and on about jobs that are none would keep this
 * worker busy for ever.
 */

static ngx_int_t
ngx_cr_job_stray(const cr_frame_t *frame)
{
    uint32_t        bytes;
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;
    bytes = ngx_max(frame->length, 1);

    if (bytes > jobs->strays) {
        return NGX_ERROR;
    }

    jobs->strays -= bytes;

    return NGX_OK;
}


static ngx_int_t
ngx_cr_job_frame(const cr_frame_t *frame, const u_char *payload)
{
    ngx_cr_job_t  *job;

    job = ngx_cr_job_by_number(frame->job);

    if (job == NULL) {
        return ngx_cr_job_stray(frame);
    }

    switch (frame->type) {

    case CR_MSG_STARTED:
        return frame->length ? NGX_ERROR : ngx_cr_job_started(job);

    case CR_MSG_CREDIT:
        return ngx_cr_job_input_credit(job, frame, payload);

    case CR_MSG_OUTPUT:
        return ngx_cr_job_output(job, frame, payload);

    case CR_MSG_RESULT:
        return ngx_cr_job_result(job, frame, payload);

    default:
        return NGX_ERROR;
    }
}
