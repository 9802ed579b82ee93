
/*
 * The shared memory store, as several workers use it and die, against what a
 * simple model knows: how long each stream of each job is.  Which byte is at
 * which place of it is known, too.  Unfinished jobs are never gone, done ones
 * only when the pages are used up; input is whole or not there; stops, input
 * and reports are told once, and none is left untold.
 */


#include "fuzz_store_model.h"


static void
create(ngx_uint_t n)
{
    size_t            output, input;
    ngx_int_t         rc;
    model_t          *job;
    ngx_cr_job_new_t  new;

    job = &jobs[n];
    output = fuzz_u8(&in) << 8;
    input = fuzz_u8(&in) << 8;

    ngx_memzero(&new, sizeof(new));
    new.id = *id(n);
    ngx_str_set(&new.language, "python");
    new.limits.output = output;
    new.input = input;
    new.extras = input + output / 2;

    if (how <= FUZZ_WORKERS) {
        new.connection = connections[how];
    }

    rc = fuzz_store->create(&new);

    if (rc == NGX_DECLINED) {
        fuzz_must(job->there);
        return;
    }

    if (rc == NGX_ERROR) {
        must_be_full();
        return;
    }

    fuzz_must(rc == NGX_OK);
    gone(job);

    ngx_memzero(job, sizeof(model_t));
    job->there = 1;
    job->serial = serial_of(self);
    job->limit = output;
    job->input = input;
    job->extras = new.extras;
    job->closed = (input == 0);

    if (how <= FUZZ_WORKERS) {
        job->report = how + 1;
        job->report_serial = serial_of(how);
    }
}


static void
started(ngx_uint_t n)
{
    model_t  *job;

    job = &jobs[n];

    if (!unfinished(job)) {
        fuzz_must(fuzz_store->started(id(n)) == NGX_DECLINED);

    } else if (mine(job)) {
        fuzz_must(fuzz_store->started(id(n)) == NGX_OK);
        job->status = NGX_CR_JOB_RUNNING;
    }
}


static void
append(ngx_uint_t n)
{
    size_t       most, len;
    ssize_t      kept;
    model_t     *job;
    ngx_uint_t   stream;

    job = &jobs[n];
    len = fuzz_u16(&in);
    stream = how & 1 ? NGX_CR_STDERR : NGX_CR_STDOUT;

    if (unfinished(job) && !mine(job)) {
        return;
    }

    kept = fuzz_store->append(id(n), stream,
                              text(n, stream, job->len[stream], len), len);

    if (!unfinished(job)) {
        fuzz_must(kept == NGX_DECLINED);
        return;
    }

    most = job->cut[stream - 1] ? 0
           : ngx_min(len, job->limit - job->len[stream]);

    fuzz_must(kept >= 0 && (size_t) kept <= most);

    if ((size_t) kept < most) {
        must_be_full();
    }

    if ((size_t) kept < len) {
        job->cut[stream - 1] = 1;
    }

    job->len[stream] += kept;
}


/* All or nothing, and nothing only where there is no room. */

static void
extras(ngx_uint_t n)
{
    size_t    len;
    ssize_t   kept;
    model_t  *job;

    job = &jobs[n];
    len = fuzz_u16(&in);

    if (unfinished(job) && !mine(job)) {
        return;
    }

    kept = fuzz_store->append(id(n), NGX_CR_EXTRAS,
                              text(n, NGX_CR_EXTRAS, job->len[NGX_CR_EXTRAS],
                                   len),
                              len);

    if (!unfinished(job)) {
        fuzz_must(kept == NGX_DECLINED);
        return;
    }

    if ((size_t) kept == len) {
        job->len[NGX_CR_EXTRAS] += len;
        fuzz_must(job->len[NGX_CR_EXTRAS] <= job->extras);
        return;
    }

    fuzz_must(kept == 0);

    if (job->len[NGX_CR_EXTRAS] + len <= job->extras) {
        must_be_full();
    }
}


static void
finish(ngx_uint_t n)
{
    size_t             claim;
    ngx_int_t          rc;
    model_t           *job;
    ngx_cr_outcome_t   outcome;

    job = &jobs[n];
    claim = fuzz_u16(&in);
    claim = ngx_min(claim, NGX_CR_CLAIM_SIZE);

    if (unfinished(job) && !mine(job)) {
        return;
    }

    ngx_memzero(&outcome, sizeof(outcome));
    outcome.end = NGX_CR_END_CLAIM;
    outcome.claim.len = claim;
    outcome.claim.data = (u_char *) text(n, NGX_CR_LOG_CLAIM, 0, claim);

    rc = fuzz_store->finish(id(n), NGX_CR_JOB_COMPLETED, &outcome);

    fuzz_must(rc == (unfinished(job) ? NGX_OK : NGX_DECLINED));

    if (rc == NGX_OK) {
        job->status = NGX_CR_JOB_COMPLETED;
        job->len[NGX_CR_LOG_CLAIM] = claim;
    }
}


static void
input(ngx_uint_t n)
{
    size_t      len;
    ngx_int_t   rc;
    model_t    *job;

    job = &jobs[n];
    len = fuzz_u16(&in);

    rc = fuzz_store->input(id(n), text(n, NGX_CR_LOG_INPUT,
                                       job->len[NGX_CR_LOG_INPUT], len),
                           len, how & 1);

    switch (rc) {

    case NGX_DECLINED:
        gone(job);
        return;

    case NGX_DONE:
        fuzz_must(job->there && (job->closed || !unfinished(job)));
        return;

    case NGX_BUSY:
        fuzz_must(unfinished(job) && !job->closed);
        fuzz_must(job->len[NGX_CR_LOG_INPUT] + len > job->input);
        return;

    case NGX_ERROR:
        must_be_full();
        return;
    }

    fuzz_must(rc == NGX_OK && unfinished(job) && !job->closed);

    job->len[NGX_CR_LOG_INPUT] += len;
    job->closed = how & 1;
    job->fed |= !mine(job);

    fuzz_must(job->len[NGX_CR_LOG_INPUT] <= job->input);
}


/* A cursor that the model kept, over whatever came in between. */

static void
read_on(ngx_uint_t n)
{
    size_t       size;
    ssize_t      rc;
    model_t     *job;
    ngx_uint_t   stream;

    job = &jobs[n];
    size = fuzz_u16(&in);

    rc = fuzz_store->read(id(n), &job->cursor, buf, size, &stream);

    if (rc == NGX_DECLINED) {
        gone(job);
        return;
    }

    fuzz_must(job->there);

    if (rc < 0) {
        fuzz_must(size == 0 || job->cursor.offset == job->len[NGX_CR_STDOUT]
                                                     + job->len[NGX_CR_STDERR]);
        fuzz_must(rc == (unfinished(job) ? NGX_AGAIN : NGX_DONE));
        return;
    }

    fuzz_must(rc > 0 && (size_t) rc <= size);
    fuzz_must(stream == NGX_CR_STDOUT || stream == NGX_CR_STDERR);
    must_be_text(buf, n, stream, job->seen[stream], rc);

    job->seen[stream] += rc;
    fuzz_must(job->seen[stream] <= job->len[stream]);
    fuzz_must(job->cursor.offset == job->seen[NGX_CR_STDOUT]
                                    + job->seen[NGX_CR_STDERR]);
}


static void
input_read(ngx_uint_t n)
{
    size_t    size, len, seen;
    ssize_t   rc;
    model_t  *job;

    job = &jobs[n];
    size = fuzz_u16(&in);

    if (!unfinished(job) || !mine(job)) {
        return;
    }

    len = job->len[NGX_CR_LOG_INPUT];
    seen = job->input_cursor.offset;

    rc = fuzz_store->input_read(id(n), &job->input_cursor, buf, size);

    if (rc < 0) {
        fuzz_must(seen == len || size == 0);
        fuzz_must(rc == (seen == len && job->closed ? NGX_DONE : NGX_AGAIN));
        return;
    }

    fuzz_must(rc > 0 && (size_t) rc <= size && seen + rc <= len);
    fuzz_must(job->input_cursor.offset == seen + rc);
    must_be_text(buf, n, NGX_CR_LOG_INPUT, seen, rc);
}


/* From any place as many bytes are left as there should be. */

static void
seek(ngx_uint_t n)
{
    size_t            from, all;
    ssize_t           rc;
    model_t          *job;
    ngx_uint_t        stream;
    ngx_cr_cursor_t   cursor;

    job = &jobs[n];
    all = job->len[NGX_CR_STDOUT] + job->len[NGX_CR_STDERR];

    from = fuzz_u16(&in);
    from = ngx_min(from, all);

    ngx_memzero(&cursor, sizeof(cursor));
    cursor.offset = from;

    while ((rc = fuzz_store->read(id(n), &cursor, buf, ROOM, &stream)) > 0) {
        from += rc;
    }

    if (rc == NGX_DECLINED) {
        gone(job);
        return;
    }

    fuzz_must(from == all && cursor.offset == all);
}


static void
get(ngx_uint_t n)
{
    ngx_int_t           rc;
    model_t            *job;
    ngx_pool_t         *pool;
    ngx_cr_job_view_t   view;

    job = &jobs[n];
    pool = ngx_create_pool(1024, fuzz_log);

    rc = fuzz_store->get(id(n), pool, NGX_CR_GET_OUTPUT, &view);

    if (rc == NGX_DECLINED) {
        gone(job);

    } else {
        fuzz_must(rc == NGX_OK && job->there && view.status == job->status);
        fuzz_must(view.out.len == job->len[NGX_CR_STDOUT]);
        fuzz_must(view.err.len == job->len[NGX_CR_STDERR]);
        fuzz_must(view.log == view.out.len + view.err.len);

        must_be_text(view.out.data, n, NGX_CR_STDOUT, 0, view.out.len);
        must_be_text(view.err.data, n, NGX_CR_STDERR, 0, view.err.len);

        fuzz_must(view.extras.len == job->len[NGX_CR_EXTRAS]);
        must_be_text(view.extras.data, n, NGX_CR_EXTRAS, 0, view.extras.len);

        if (view.outcome.end == NGX_CR_END_CLAIM) {
            fuzz_must(view.outcome.claim.len == job->len[NGX_CR_LOG_CLAIM]);
            must_be_text(view.outcome.claim.data, n, NGX_CR_LOG_CLAIM, 0,
                         view.outcome.claim.len);
        }
    }

    ngx_destroy_pool(pool);
}


static void
forget(ngx_uint_t n)
{
    ngx_int_t   rc;
    model_t    *job;

    job = &jobs[n];
    get(n);

    rc = fuzz_store->forget(id(n));

    fuzz_must(rc == (!job->there ? NGX_DECLINED
                     : unfinished(job) ? NGX_BUSY : NGX_OK));

    if (rc == NGX_OK) {
        job->there = 0;
    }
}


static void
cancel(ngx_uint_t n)
{
    ngx_int_t   rc;
    model_t    *job;

    job = &jobs[n];
    rc = fuzz_store->cancel(id(n));

    if (rc == NGX_DECLINED) {
        gone(job);
        return;
    }

    fuzz_must(job->there && rc == (unfinished(job) ? NGX_OK : NGX_DONE));

    job->stop = (rc == NGX_OK);
}


/* `news` is where the model keeps what cancelled() or inputs() tells. */

static void
told(ngx_uint_t (*ask)(ngx_cr_job_id_t *ids, ngx_uint_t max), size_t news)
{
    model_t          *job;
    ngx_uint_t        i, n, *flag;
    ngx_cr_job_id_t   ids[NEWS];

    do {
        n = ask(ids, NEWS);

        for (i = 0; i < n; i++) {
            job = &jobs[number(&ids[i])];
            flag = (ngx_uint_t *) ((u_char *) job + news);

            fuzz_must(unfinished(job) && mine(job) && *flag);
            *flag = 0;
        }

    } while (n == NEWS);

    for (i = 0; i < JOBS; i++) {
        job = &jobs[i];
        flag = (ngx_uint_t *) ((u_char *) job + news);

        fuzz_must(!unfinished(job) || !mine(job) || !*flag);
    }
}


static void
reports(void)
{
    model_t          *job;
    ngx_uint_t        i, n;
    ngx_cr_report_t   list[NEWS];

    do {
        n = fuzz_store->reports(list, NEWS);

        for (i = 0; i < n; i++) {
            job = &jobs[number(&list[i].id)];
            fuzz_must(job->there && job->report == self + 1);
            fuzz_must(job->report_serial == serial_of(self));
            fuzz_must(ngx_memcmp(&list[i].connection, &connections[self],
                                 sizeof(ngx_cr_connection_id_t)) == 0);
            job->report = 0;
        }

    } while (n == NEWS);

    /* who was not told of is not there any more */

    for (i = 0; i < JOBS; i++) {
        job = &jobs[i];

        if (job->there && job->report == self + 1
            && job->report_serial == serial_of(self))
        {
            get(i);
            fuzz_must(!job->there);
        }
    }
}


static void
news(ngx_uint_t n)
{
    (void) n;
    told(fuzz_store->cancelled, offsetof(model_t, stop));
    told(fuzz_store->inputs, offsetof(model_t, fed));
    reports();
}


static void
watch(ngx_uint_t n)
{
    if (how & 1) {
        fuzz_store->unwatch(id(n));

    } else if (fuzz_store->watch(id(n)) != NGX_OK) {
        gone(&jobs[n]);
    }
}


static void
worker(ngx_uint_t n)
{
    (void) n;

    self = how % (FUZZ_WORKERS + 1);
    fuzz_shm_worker(self);
}


static void
worker_dies(ngx_uint_t n)
{
    ngx_uint_t  dead, serial, now;

    now = self;
    dead = how % (FUZZ_WORKERS + 1);
    serial = serial_of(dead);

    fuzz_shm_kill(dead);
    fuzz_shm_worker(dead);
    fuzz_must(ngx_cr_connection_id_generate(&connections[dead], fuzz_log)
              == NGX_OK);
    fuzz_shm_worker(now);

    for (n = 0; n < JOBS; n++) {
        if (unfinished(&jobs[n]) && jobs[n].serial == serial) {
            jobs[n].status = NGX_CR_JOB_FAILED;
        }
    }
}


static void
mend(ngx_uint_t n)
{
    (void) n;
    ngx_cr_shm.store->changing = 1;
}


static void  (*const steps[STORE_KINDS])(ngx_uint_t n) = {
    create, started, append, finish, forget, input, read_on, input_read, seek,
    get, cancel, watch, news, worker, worker_dies, mend, extras
};


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned  i, kind, what;

    in.pos = data;
    in.end = data + size;

    fuzz_shm_init(PAGES);
    ngx_memzero(jobs, sizeof(jobs));

    for (i = 0; i <= FUZZ_WORKERS; i++) {
        fuzz_shm_worker(i);
        fuzz_must(ngx_cr_connection_id_generate(&connections[i], fuzz_log)
                  == NGX_OK);
    }

    self = 0;
    fuzz_shm_worker(self);

    for (i = 0; in.pos < in.end && i < STEPS; i++) {
        kind = fuzz_u8(&in) % STORE_KINDS;
        what = fuzz_u8(&in);

        how = what / JOBS;
        steps[kind](what % JOBS);
    }

    for (i = 0; i < JOBS; i++) {
        get(i);
    }

    fuzz_must(fuzz_shm_wrong() == NULL);

    return 0;
}
