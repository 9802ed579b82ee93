
#include "ngx_cr_shm_worker.h"
#include "cr_message.h"


#define NGX_CR_SWEEP_PAUSE  100000   /* microseconds between two sweeps */
#define NGX_CR_EXPIRE_MAX   4        /* jobs freed at once for their age */


/* The plug-in header speaks the helper's words without including them. */

_Static_assert((int) NGX_CR_END_CLAIM == (int) CR_END_CLAIM
               && (int) NGX_CR_END_STOPPED == (int) CR_END_STOPPED
               && (int) NGX_CR_END_REFUSED == (int) CR_END_REFUSED,
               "ends of a job");
_Static_assert(NGX_CR_STDOUT == CR_STDOUT && NGX_CR_STDERR == CR_STDERR
               && NGX_CR_STDOUT_CUT == CR_RESULT_STDOUT_CUT
               && NGX_CR_STDERR_CUT == CR_RESULT_STDERR_CUT,
               "streams of a job");
_Static_assert(NGX_CR_EXTRAS < NGX_CR_LOG_CLAIM, "streams of a job's log");
_Static_assert(NGX_CR_CLAIM_SIZE >= CR_CLAIM_MAX
               && NGX_CR_REASON_SIZE >= CR_REASON_MAX
               && NGX_CR_LANGUAGE_MAX >= CR_RUNTIME_NAME_MAX,
               "bounds of a job's end");
_Static_assert(sizeof(ngx_cr_shm_job_t) < NGX_CR_PAGE_SIZE / 2,
               "room for output in a job's first page");


static ngx_int_t ngx_cr_shm_init_worker(ngx_cycle_t *cycle,
    const ngx_cr_store_conf_t *conf);
static ngx_int_t ngx_cr_shm_create(const ngx_cr_job_new_t *new);
static ngx_int_t ngx_cr_shm_accept(const ngx_cr_job_new_t *new, uint64_t now);
static void ngx_cr_shm_fill(ngx_cr_shm_job_t *job,
    const ngx_cr_job_new_t *new, uint64_t now);
static ngx_int_t ngx_cr_shm_started(const ngx_cr_job_id_t *id);
static ssize_t ngx_cr_shm_append(const ngx_cr_job_id_t *id, ngx_uint_t stream,
    const u_char *data, size_t len);
static ssize_t ngx_cr_shm_append_part(ngx_cr_shm_job_t *job,
    ngx_uint_t stream, const u_char *data, size_t len);
static ssize_t ngx_cr_shm_append_extras(const ngx_cr_job_id_t *id,
    const u_char *data, size_t len);
static ssize_t ngx_cr_shm_append_record(ngx_cr_shm_job_t *job,
    const u_char *data, size_t len);
static ngx_int_t ngx_cr_shm_finish(const ngx_cr_job_id_t *id,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome);
static void ngx_cr_shm_end(ngx_cr_shm_job_t *job, ngx_cr_job_status_e status,
    const ngx_cr_outcome_t *outcome);
static void ngx_cr_shm_end_reason(ngx_cr_shm_job_t *job,
    const ngx_str_t *reason);
static void ngx_cr_shm_end_claim(ngx_cr_shm_job_t *job,
    const ngx_str_t *claim);
static void ngx_cr_shm_end_lost(ngx_cr_shm_job_t *job,
    ngx_cr_watchers_t *watchers);
static void ngx_cr_shm_expire(uint64_t now);
static void ngx_cr_shm_sweep(void);


ngx_cr_shm_t  ngx_cr_shm;


static const ngx_cr_store_t  ngx_cr_shm_functions = {
    NGX_CR_API_HEAD(ngx_cr_store_t),
    ngx_string("shm"),
    ngx_cr_shm_init_worker,
    NULL,
    ngx_cr_shm_create,
    ngx_cr_shm_started,
    ngx_cr_shm_append,
    ngx_cr_shm_finish,
    ngx_cr_shm_cancel,
    ngx_cr_shm_cancelled,
    ngx_cr_shm_forget,
    ngx_cr_shm_get,
    ngx_cr_shm_read,
    ngx_cr_shm_watch,
    ngx_cr_shm_unwatch,
    ngx_cr_shm_count,
    ngx_cr_shm_input,
    ngx_cr_shm_input_read,
    ngx_cr_shm_inputs,
    ngx_cr_shm_reports
};


ngx_int_t
ngx_cr_shm_store_register(ngx_conf_t *cf)
{
    return ngx_http_coderemote_register_store(cf, &ngx_cr_shm_functions);
}


static ngx_int_t
ngx_cr_shm_init_worker(ngx_cycle_t *cycle, const ngx_cr_store_conf_t *conf)
{
    ngx_cr_zone_t  *shared;

    if (conf->zone == NULL || conf->zone->data == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                      "coderemote: the job store \"shm\" has no memory: "
                      "configure coderemote_zone");
        return NGX_ERROR;
    }

    shared = conf->zone->data;

    ngx_cr_shm.store = shared->store;
    ngx_cr_shm.doorbells = shared->doorbells;
    ngx_cr_shm.ttl = (uint64_t) conf->ttl * 1000000;

    ngx_cr_shm.ended = shared->store->ended;

    /* this worker may have come in the place of one that died */

    ngx_cr_shm_sweep();

    return NGX_OK;
}


static ngx_int_t
ngx_cr_shm_create(const ngx_cr_job_new_t *new)
{
    uint64_t             now;
    ngx_int_t            rc;
    ngx_uint_t           sweep, number;
    ngx_cr_shm_store_t  *store;

    static time_t        logged;

    store = ngx_cr_shm.store;
    now = ngx_cr_now_us();

    ngx_cr_shm_lock(store);
    number = ngx_cr_shm_expect(&new->connection);
    rc = ngx_cr_shm_accept(new, now);
    sweep = (rc == NGX_BUSY || rc == NGX_ERROR)
            && now - store->swept_at > NGX_CR_SWEEP_PAUSE;
    ngx_cr_shm_unlock(store);

    if (sweep) {
        ngx_cr_shm_sweep();

        ngx_cr_shm_lock(store);
        rc = ngx_cr_shm_accept(new, now);
        ngx_cr_shm_unlock(store);
    }

    if (rc == NGX_OK) {
        ngx_cr_doorbell_ring(number);
    }

    if (rc == NGX_ERROR && logged != ngx_time()) {
        logged = ngx_time();
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "coderemote: no job can be accepted, the zone is full "
                      "of %uD unfinished ones: make coderemote_zone larger, "
                      "or coderemote_queue or coderemote_max_output smaller",
                      store->unfinished.count);
    }

    return rc;
}


static ngx_int_t
ngx_cr_shm_accept(const ngx_cr_job_new_t *new, uint64_t now)
{
    uint32_t             n;
    ngx_cr_shm_job_t    *job;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;

    if (new->queue != 0 && store->unfinished.count >= new->queue) {
        return NGX_BUSY;
    }

    if (ngx_cr_shm_find(store, &new->id) != NULL) {
        return NGX_DECLINED;
    }

    ngx_cr_shm_change(store);

    ngx_cr_shm_expire(now);

    n = ngx_cr_shm_alloc(store);
    if (n == 0) {
        return NGX_ERROR;
    }

    job = ngx_cr_shm_job(store, n);

    ngx_cr_shm_fill(job, new, now);

    job->serial = ++store->serial;
    job->log.last = n;

    ngx_cr_shm_insert(store, job);

    return NGX_OK;
}


static void
ngx_cr_shm_fill(ngx_cr_shm_job_t *job, const ngx_cr_job_new_t *new,
    uint64_t now)
{
    ngx_memzero(job, sizeof(ngx_cr_shm_job_t));

    job->page.used = sizeof(ngx_cr_shm_job_t);
    job->log.npages = 1;
    job->log.closed = (new->input == 0);

    job->id = new->id;
    ngx_memcpy(job->owner, new->owner, NGX_CR_OWNER_SIZE);

    job->language_len = ngx_min(new->language.len, NGX_CR_LANGUAGE_MAX);
    ngx_memcpy(job->language, new->language.data, job->language_len);

    job->limits = new->limits;
    job->input = new->input;
    job->extras = new->extras;
    job->connection = new->connection;
    job->worker = *ngx_cr_doorbell_self();
    job->created_at = now;
}


static ngx_int_t
ngx_cr_shm_started(const ngx_cr_job_id_t *id)
{
    ngx_int_t            rc;
    ngx_cr_shm_job_t    *job;
    ngx_cr_watchers_t    watchers;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;
    rc = NGX_DECLINED;

    ngx_cr_shm_lock(store);

    job = ngx_cr_shm_find(store, id);

    if (job != NULL && !ngx_cr_job_done(job->status)) {
        job->started_at = ngx_cr_now_us();
        job->status = NGX_CR_JOB_RUNNING;
        watchers = job->watchers;
        rc = NGX_OK;
    }

    ngx_cr_shm_unlock(store);

    if (rc == NGX_OK) {
        ngx_cr_shm_ring(&watchers);
    }

    return rc;
}


/* The mutex is held for a page at most. */

static ssize_t
ngx_cr_shm_append(const ngx_cr_job_id_t *id, ngx_uint_t stream,
    const u_char *data, size_t len)
{
    size_t               kept;
    ssize_t              n;
    ngx_cr_shm_job_t    *job;
    ngx_cr_watchers_t    watchers;
    ngx_cr_shm_store_t  *store;

    if (stream == NGX_CR_EXTRAS) {
        return ngx_cr_shm_append_extras(id, data, len);
    }

    store = ngx_cr_shm.store;
    kept = 0;

    do {
        n = NGX_DECLINED;

        ngx_cr_shm_lock(store);

        job = ngx_cr_shm_find(store, id);

        if (job != NULL && !ngx_cr_job_done(job->status)) {
            ngx_cr_shm_change(store);
            n = ngx_cr_shm_append_part(job, stream, data + kept, len - kept);
            watchers = job->watchers;
        }

        ngx_cr_shm_unlock(store);

        if (n == NGX_DECLINED) {
            return NGX_DECLINED;
        }

        kept += n;

    } while (n > 0 && kept < len);

    ngx_cr_shm_ring(&watchers);

    return kept;
}


static ssize_t
ngx_cr_shm_append_part(ngx_cr_shm_job_t *job, ngx_uint_t stream,
    const u_char *data, size_t len)
{
    size_t     n, left;
    uint8_t    cut;
    uint64_t   written;

    if (len == 0) {
        return 0;
    }

    written = job->log.written[stream];
    cut = (stream == NGX_CR_STDOUT) ? NGX_CR_STDOUT_CUT : NGX_CR_STDERR_CUT;

    if (job->flags & cut) {
        return 0;
    }

    left = 0;

    if (job->limits.output > written) {
        left = ngx_min(job->limits.output - written, (uint64_t) len);
    }

    n = 0;

    if (left > 0) {
        ngx_cr_shm_log_begin(ngx_cr_shm.store, job);
        n = ngx_cr_shm_log_put(ngx_cr_shm.store, job, stream, data, left);
        ngx_cr_shm_log_commit(job);
    }

    if (n == 0) {
        job->flags |= cut;
    }

    return n;
}


/* A record is whole or not there, and wakes nobody: it is no output. */

static ssize_t
ngx_cr_shm_append_extras(const ngx_cr_job_id_t *id, const u_char *data,
    size_t len)
{
    ssize_t              n;
    ngx_cr_shm_job_t    *job;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;
    n = NGX_DECLINED;

    ngx_cr_shm_lock(store);

    job = ngx_cr_shm_find(store, id);

    if (job != NULL && !ngx_cr_job_done(job->status)) {
        n = ngx_cr_shm_append_record(job, data, len);
    }

    ngx_cr_shm_unlock(store);

    return n;
}


static ssize_t
ngx_cr_shm_append_record(ngx_cr_shm_job_t *job, const u_char *data,
    size_t len)
{
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;

    if (len > job->extras - job->log.written[NGX_CR_EXTRAS]) {
        return 0;
    }

    ngx_cr_shm_change(store);
    ngx_cr_shm_log_begin(store, job);

    if (ngx_cr_shm_log_all(store, job, NGX_CR_EXTRAS, data, len) != NGX_OK) {
        return 0;
    }

    ngx_cr_shm_log_commit(job);

    return len;
}


static ngx_int_t
ngx_cr_shm_finish(const ngx_cr_job_id_t *id, ngx_cr_job_status_e status,
    const ngx_cr_outcome_t *outcome)
{
    ngx_int_t            rc;
    ngx_cr_shm_job_t    *job;
    ngx_cr_watchers_t    watchers;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;
    rc = NGX_DECLINED;

    ngx_cr_shm_lock(store);

    job = ngx_cr_shm_find(store, id);

    if (job != NULL && !ngx_cr_job_done(job->status)) {
        ngx_cr_shm_change(store);

        watchers = job->watchers;
        ngx_cr_shm_end(job, status, outcome);
        ngx_cr_shm_expire(job->completed_at);

        rc = NGX_OK;
    }

    ngx_cr_shm_unlock(store);

    if (rc == NGX_OK) {
        ngx_cr_shm_ring(&watchers);
    }

    return rc;
}


static void
ngx_cr_shm_end(ngx_cr_shm_job_t *job, ngx_cr_job_status_e status,
    const ngx_cr_outcome_t *outcome)
{
    job->completed_at = ngx_cr_now_us();

    job->end = outcome->end;
    job->flags |= outcome->flags;
    job->signal = outcome->signal;
    job->exit_code = outcome->exit_code;
    job->run_us = outcome->run_us;
    job->cpu_us = outcome->cpu_us;
    job->peak = outcome->peak;

    ngx_cr_shm_end_reason(job, &outcome->reason);
    ngx_cr_shm_end_claim(job, &outcome->claim);

    ngx_cr_shm_retire(ngx_cr_shm.store, job, status);
}


static void
ngx_cr_shm_end_reason(ngx_cr_shm_job_t *job, const ngx_str_t *reason)
{
    job->reason_len = ngx_min(reason->len, NGX_CR_REASON_SIZE);

    if (job->reason_len != 0) {
        ngx_memcpy(job->reason, reason->data, job->reason_len);
    }
}


/*
 * A long claim goes behind the output.  Without room for it the job still
 * ends, and says why nobody knows more.
 */

static void
ngx_cr_shm_end_claim(ngx_cr_shm_job_t *job, const ngx_str_t *claim)
{
    size_t  n, done;

    static const ngx_str_t  full = ngx_string(
        "what the program said of its end is not kept: coderemote_zone is "
        "full");

    if (claim->len == 0) {
        return;
    }

    if (claim->len <= NGX_CR_CLAIM_INLINE) {
        ngx_memcpy(job->claim, claim->data, claim->len);
        job->claim_len = claim->len;
        return;
    }

    ngx_cr_shm_log_begin(ngx_cr_shm.store, job);

    for (done = 0; done < claim->len; done += n) {

        n = ngx_cr_shm_log_put(ngx_cr_shm.store, job, NGX_CR_LOG_CLAIM,
                               claim->data + done, claim->len - done);

        if (n == 0 || claim->len > NGX_CR_CLAIM_SIZE) {
            ngx_cr_shm_log_undo(ngx_cr_shm.store, job);
            job->end = NGX_CR_END_LOST;
            ngx_cr_shm_end_reason(job, &full);
            return;
        }

        if (done == 0) {
            job->claim_page = job->log.last;
            job->claim_pos = job->log.segment;
        }
    }

    ngx_cr_shm_log_commit(job);

    job->claim_len = claim->len;
}


static void
ngx_cr_shm_end_lost(ngx_cr_shm_job_t *job, ngx_cr_watchers_t *watchers)
{
    ngx_uint_t         i;
    ngx_cr_outcome_t   outcome;

    ngx_memzero(&outcome, sizeof(ngx_cr_outcome_t));

    outcome.end = NGX_CR_END_LOST;
    ngx_str_set(&outcome.reason, "the worker process that ran the job ended");

    ngx_cr_shm_end(job, NGX_CR_JOB_FAILED, &outcome);

    for (i = 0; i < NGX_CR_DOORBELLS / 64; i++) {
        watchers->bits[i] |= job->watchers.bits[i];
    }
}


ngx_uint_t
ngx_cr_shm_lost(const ngx_cr_job_id_t *id, const ngx_cr_worker_t *worker)
{
    ngx_cr_shm_job_t    *job;
    ngx_cr_watchers_t    watchers;
    ngx_cr_shm_store_t  *store;

    if (ngx_cr_doorbell_alive(ngx_cr_shm.doorbells, worker)) {
        return 0;
    }

    store = ngx_cr_shm.store;
    ngx_memzero(&watchers, sizeof(ngx_cr_watchers_t));

    ngx_cr_shm_lock(store);

    job = ngx_cr_shm_find(store, id);

    if (job != NULL && !ngx_cr_job_done(job->status)) {
        ngx_cr_shm_change(store);
        ngx_cr_shm_end_lost(job, &watchers);
    }

    ngx_cr_shm_unlock(store);

    ngx_cr_shm_ring(&watchers);

    return 1;
}


/* A few at a time: whoever creates or ends a job pays for it. */

static void
ngx_cr_shm_expire(uint64_t now)
{
    ngx_uint_t           i;
    ngx_cr_shm_job_t    *job;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;

    for (i = 0; i < NGX_CR_EXPIRE_MAX && store->done.first != 0; i++) {
        job = ngx_cr_shm_job(store, store->done.first);

        if (job->completed_at + ngx_cr_shm.ttl >= now) {
            return;
        }

        ngx_cr_shm_remove(store, job);
    }
}


/*
 * The kernel is asked before the mutex is taken.  So only jobs are judged that
 * were there by then: a later one is of a worker that came since, or lived.
 */

static void
ngx_cr_shm_sweep(void)
{
    uint32_t             n;
    uint64_t             now, last;
    ngx_uint_t           i, dead;
    ngx_cr_worker_t      worker[NGX_CR_DOORBELLS];
    ngx_cr_shm_job_t    *job;
    ngx_cr_watchers_t    watchers;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;
    now = ngx_cr_now_us();
    ngx_memzero(&watchers, sizeof(ngx_cr_watchers_t));

    ngx_cr_shm_lock(store);
    last = store->serial;
    ngx_cr_shm_unlock(store);

    for (i = 0; i < NGX_CR_DOORBELLS; i++) {
        worker[i].pid = ngx_cr_shm.doorbells->slots[i].pid;
        worker[i].number = i;
        worker[i].serial = ngx_cr_shm.doorbells->slots[i].serial;

        if (worker[i].pid == 0
            || !ngx_cr_doorbell_alive(ngx_cr_shm.doorbells, &worker[i]))
        {
            worker[i].serial = 0;
        }
    }

    ngx_cr_shm_lock(store);
    ngx_cr_shm_change(store);

    store->swept_at = now;

    for (n = store->unfinished.first; n != 0; /* void */ ) {
        job = ngx_cr_shm_job(store, n);
        n = job->next;

        i = job->worker.number;

        if (i == NGX_CR_DOORBELL_NONE) {
            dead = !ngx_cr_doorbell_alive(ngx_cr_shm.doorbells, &job->worker);

        } else {
            dead = job->worker.serial != worker[i].serial;
        }

        if (dead && job->serial <= last) {
            ngx_cr_shm_end_lost(job, &watchers);
        }
    }

    ngx_cr_shm_unlock(store);

    ngx_cr_shm_ring(&watchers);
}


ngx_cr_shm_job_t *
ngx_cr_shm_find_kept(const ngx_cr_job_id_t *id)
{
    ngx_cr_shm_job_t  *job;

    job = ngx_cr_shm_find(ngx_cr_shm.store, id);

    if (job != NULL && ngx_cr_job_done(job->status)
        && job->completed_at + ngx_cr_shm.ttl < ngx_cr_now_us())
    {
        return NULL;
    }

    return job;
}
