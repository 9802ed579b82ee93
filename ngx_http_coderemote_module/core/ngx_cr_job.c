
#include "ngx_cr_job.h"
#include "ngx_cr_job_local.h"
#include "ngx_cr_doorbell.h"
#include "ngx_cr_outcome.h"


#define NGX_CR_JOB_POOL       1024

/* Bytes that are kept of a hook's reason why it refused a job. */
#define NGX_CR_JOB_DETAIL     1024

/* Bytes of a packed cr_run_t beside its runtime and program. */
#define NGX_CR_JOB_RUN_FIXED  (2 * 8 + 5 * 4 + 2 * 4)


ngx_cr_jobs_t  ngx_cr_jobs;

static u_char  ngx_cr_job_program[CR_PROGRAM_PART];


ngx_int_t
ngx_cr_job_init(ngx_cycle_t *cycle, ngx_cr_registry_t *registry,
    const ngx_cr_store_t *store, ngx_cr_sandbox_t *sandbox)
{
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;

    ngx_memzero(jobs, sizeof(ngx_cr_jobs_t));

    jobs->registry = registry;
    jobs->store = store;
    jobs->log = cycle->log;

    ngx_rbtree_init(&jobs->numbers, &jobs->numbers_sentinel,
                    ngx_rbtree_insert_value);
    ngx_rbtree_init(&jobs->ids, &jobs->ids_sentinel, ngx_rbtree_insert_value);
    ngx_queue_init(&jobs->all);

    if (ngx_cr_job_wait_init(cycle->log) != NGX_OK
        || ngx_cr_doorbell_on(ngx_cr_job_ring_handler, jobs) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_cr_helper_init(cycle, sandbox, &ngx_cr_job_handlers);
}


void
ngx_cr_job_fail_all(void)
{
    ngx_cr_job_t  *job;

    while (!ngx_queue_empty(&ngx_cr_jobs.all)) {
        job = ngx_queue_data(ngx_queue_head(&ngx_cr_jobs.all), ngx_cr_job_t,
                             queue);

        ngx_cr_job_fail(job, "the server was stopped while the job was "
                             "unfinished");
    }
}


void
ngx_cr_job_exit(void)
{
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;

    if (jobs->store == NULL) {
        return;
    }

    ngx_cr_job_fail_all();
    ngx_cr_job_wait_exit();
    ngx_cr_helper_exit();

    jobs->store = NULL;
}


const ngx_cr_store_t *
ngx_cr_job_store(void)
{
    return ngx_cr_jobs.store;
}


/*
 * RUN, and as much of stdin as may follow unasked, in one piece of memory that
 * is sent by one call; kept until the job began.
 */

static ngx_int_t
ngx_cr_job_pack(ngx_cr_job_t *job, ngx_cr_job_spec_t *spec)
{
    size_t         size, input;
    u_char        *p;
    cr_put_t       put;
    cr_run_t       run;
    cr_frame_t     frame;
    cr_program_t   program;

    program.kind = (uint8_t) spec->kind;
    program.nargs = (uint16_t) spec->nargs;
    program.code.data = spec->code.data;
    program.code.len = spec->code.len;
    program.nfiles = 0;
    program.artifact_max = 0;
    program.npatterns = 0;

    if (spec->nargs) {
        ngx_memcpy(program.args, spec->args,
                   spec->nargs * sizeof(cr_bytes_t));
    }

    cr_put_init(&put, ngx_cr_job_program, sizeof(ngx_cr_job_program));
    cr_program_pack(&put, &program);

    if (put.bad) {
        return NGX_ERROR;
    }

    run.user = spec->turn;
    run.memory = job->policy.limits.memory;
    run.timeout_ms = job->policy.limits.timeout_ms;
    run.output_limit = (uint32_t) job->policy.limits.output;
    run.artifact_limit = 0;
    run.credit = NGX_CR_JOB_CREDIT;
    run.runtime.data = spec->runtime.data;
    run.runtime.len = spec->runtime.len;
    run.program.data = ngx_cr_job_program;
    run.program.len = cr_put_len(&put);
    run.program_size = (uint32_t) run.program.len;

    input = ngx_cr_job_input_first(spec);

    size = 2 * CR_FRAME_HEADER + NGX_CR_JOB_RUN_FIXED + run.runtime.len
           + run.program.len + input;

    job->frame = ngx_alloc(size, ngx_cr_jobs.log);
    if (job->frame == NULL) {
        return NGX_ERROR;
    }

    cr_put_init(&put, job->frame + CR_FRAME_HEADER, size - CR_FRAME_HEADER);
    cr_run_pack(&put, &run);

    if (put.bad) {
        return NGX_ERROR;
    }

    frame.length = cr_put_len(&put);
    frame.job = job->number.key;
    frame.type = CR_MSG_RUN;
    frame.flags = 0;

    cr_frame_encode(job->frame, &frame);
    job->frame_len = CR_FRAME_HEADER + frame.length;

    p = job->frame + job->frame_len;

    frame.length = input;
    frame.type = CR_MSG_STDIN;
    frame.flags = (input == spec->input.len && !spec->input_max)
                  ? CR_FLAG_EOF : 0;

    cr_frame_encode(p, &frame);

    if (input) {
        ngx_memcpy(p + CR_FRAME_HEADER, spec->input.data, input);
    }

    job->frame_len += CR_FRAME_HEADER + input;

    return ngx_cr_job_input_init(job, spec);
}


ngx_rbtree_key_t
ngx_cr_job_key(const ngx_cr_job_id_t *id)
{
    uint64_t  key;

    /* the id is random: so is its beginning */

    ngx_memcpy(&key, id->bytes, sizeof(uint64_t));

    return (ngx_rbtree_key_t) key;
}


ngx_rbtree_node_t *
ngx_cr_job_find(ngx_rbtree_t *tree, ngx_rbtree_key_t key)
{
    ngx_rbtree_node_t  *node;

    node = tree->root;

    while (node != tree->sentinel && node->key != key) {
        node = (key < node->key) ? node->left : node->right;
    }

    return (node == tree->sentinel) ? NULL : node;
}


ngx_cr_job_t *
ngx_cr_job_by_number(uint32_t number)
{
    ngx_rbtree_node_t  *node;

    node = ngx_cr_job_find(&ngx_cr_jobs.numbers, number);

    return node ? ngx_rbtree_data(node, ngx_cr_job_t, number) : NULL;
}


ngx_cr_job_t *
ngx_cr_job_by_id(const ngx_cr_job_id_t *id)
{
    ngx_cr_job_t       *job;
    ngx_rbtree_node_t  *node;

    node = ngx_cr_job_find(&ngx_cr_jobs.ids, ngx_cr_job_key(id));

    if (node == NULL) {
        return NULL;
    }

    job = ngx_rbtree_data(node, ngx_cr_job_t, name);

    return ngx_cr_job_id_equal(&job->id, id) ? job : NULL;
}


static void
ngx_cr_job_insert(ngx_cr_job_t *job)
{
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;

    job->name.key = ngx_cr_job_key(&job->id);

    ngx_rbtree_insert(&jobs->numbers, &job->number);
    ngx_rbtree_insert(&jobs->ids, &job->name);
    ngx_queue_insert_tail(&jobs->all, &job->queue);
}


static void
ngx_cr_job_remove(ngx_cr_job_t *job)
{
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;

    ngx_rbtree_delete(&jobs->numbers, &job->number);
    ngx_rbtree_delete(&jobs->ids, &job->name);
    ngx_queue_remove(&job->queue);

    if (job->timer.timer_set) {
        ngx_del_timer(&job->timer);
    }

    if (job->trickle.timer_set) {
        ngx_del_timer(&job->trickle);
    }
}


static ngx_cr_job_t *
ngx_cr_job_alloc(ngx_cr_job_spec_t *spec)
{
    u_char               *p;
    ngx_pool_t           *pool;
    ngx_cr_job_t         *job;
    ngx_cr_policy_job_t  *policy;

    pool = ngx_create_pool(NGX_CR_JOB_POOL, ngx_cr_jobs.log);
    if (pool == NULL) {
        return NULL;
    }

    job = ngx_pcalloc(pool, sizeof(ngx_cr_job_t));
    p = ngx_pnalloc(pool, spec->runtime.len + spec->user.len);

    if (job == NULL || p == NULL) {
        ngx_destroy_pool(pool);
        return NULL;
    }

    job->pool = pool;
    job->id = spec->id;
    ngx_queue_init(&job->waiters);

    policy = &job->policy;

    policy->head.version = NGX_CR_API_VERSION;
    policy->head.size = sizeof(ngx_cr_policy_job_t);
    policy->pool = pool;
    policy->log = ngx_cr_jobs.log;
    policy->id = spec->id;
    policy->limits = spec->limits;
    policy->kind = spec->kind;

    ngx_memcpy(policy->owner, spec->owner, NGX_CR_OWNER_SIZE);

    policy->language.data = p;
    policy->language.len = spec->runtime.len;
    p = ngx_cpymem(p, spec->runtime.data, spec->runtime.len);

    policy->user.data = p;
    policy->user.len = spec->user.len;

    if (spec->user.len) {
        ngx_memcpy(p, spec->user.data, spec->user.len);
    }

    return job;
}


static void
ngx_cr_job_free(ngx_cr_job_t *job)
{
    if (job->frame) {
        ngx_free(job->frame);
    }

    ngx_cr_job_input_free(job);

    ngx_destroy_pool(job->pool);
}


/* A hook's text may be in the job's pool, which goes before it is told. */

static void
ngx_cr_job_keep_refusal(ngx_cr_refusal_t *refusal)
{
    static u_char  detail[NGX_CR_JOB_DETAIL];

    refusal->detail.len = ngx_min(refusal->detail.len, NGX_CR_JOB_DETAIL);

    ngx_memcpy(detail, refusal->detail.data, refusal->detail.len);

    refusal->detail.data = detail;
}


/* A policy hook may lower limits; what it raises it has no right to. */

static ngx_int_t
ngx_cr_job_admit(ngx_cr_job_t *job, ngx_cr_job_spec_t *spec,
    ngx_http_request_t *r, ngx_cr_refusal_t *refusal)
{
    ngx_int_t         rc;
    ngx_cr_limits_t  *limits;

    if (ngx_cr_jobs.registry->policies.nelts == 0) {
        return NGX_OK;
    }

    job->policy.request = r;
    job->policy.code = spec->code;

    rc = ngx_cr_policy_admit(ngx_cr_jobs.registry, &job->policy,
                             &job->policy_data, refusal);

    job->policy.request = NULL;
    ngx_str_null(&job->policy.code);

    limits = &job->policy.limits;

    limits->memory = ngx_min(limits->memory, spec->limits.memory);
    limits->output = ngx_min(limits->output, spec->limits.output);
    limits->timeout_ms = ngx_min(limits->timeout_ms, spec->limits.timeout_ms);

    return rc;
}


/* That the store has no room is nobody's fault, and passes. */

static ngx_int_t
ngx_cr_job_no_room(ngx_cr_refusal_t *refusal)
{
    ngx_memzero(refusal, sizeof(ngx_cr_refusal_t));

    refusal->head.version = NGX_CR_API_VERSION;
    refusal->head.size = sizeof(ngx_cr_refusal_t);
    refusal->status = NGX_HTTP_SERVICE_UNAVAILABLE;
    refusal->retry_after = 1;
    ngx_str_set(&refusal->detail, "The memory for jobs is full of unfinished "
                                  "ones; try again later.");

    return NGX_DECLINED;
}


static ngx_int_t
ngx_cr_job_record(ngx_cr_job_t *job, ngx_cr_job_spec_t *spec,
    ngx_cr_refusal_t *refusal)
{
    ngx_int_t         rc;
    ngx_cr_job_new_t  new;

    ngx_memzero(&new, sizeof(ngx_cr_job_new_t));

    new.head.version = NGX_CR_API_VERSION;
    new.head.size = sizeof(ngx_cr_job_new_t);
    new.id = job->id;
    new.language = job->policy.language;
    new.limits = job->policy.limits;
    new.queue = spec->queue;
    new.input = spec->input_max;
    new.connection = spec->connection;

    ngx_memcpy(new.owner, spec->owner, NGX_CR_OWNER_SIZE);

    rc = ngx_cr_jobs.store->create(&new);

    if (rc == NGX_ERROR) {
        return ngx_cr_job_no_room(refusal);
    }

    /* the id is taken, which random ones are not */

    return rc == NGX_DECLINED ? NGX_ERROR : rc;
}


static void
ngx_cr_job_policy_end(ngx_cr_job_t *job, ngx_cr_job_status_e status,
    const ngx_cr_outcome_t *outcome, const ngx_str_t *error_type)
{
    if (ngx_cr_jobs.registry->policies.nelts) {
        ngx_cr_policy_finish(ngx_cr_jobs.registry, &job->policy,
                             job->policy_data, status, outcome, error_type);
    }
}


/* For hooks that admitted a job which is not run after all. */

static void
ngx_cr_job_refused(ngx_cr_job_t *job, ngx_int_t rc,
    const ngx_cr_refusal_t *refusal)
{
    ngx_str_t         type = ngx_string("SandboxError");
    ngx_cr_outcome_t  outcome;

    ngx_cr_outcome_init(&outcome, NGX_CR_END_REFUSED);

    if (rc == NGX_DECLINED) {
        outcome.reason = refusal->detail;

    } else if (rc == NGX_BUSY) {
        ngx_str_set(&outcome.reason, "too many jobs are unfinished");

    } else {
        ngx_str_set(&outcome.reason, "the server failed to accept the job");
    }

    ngx_cr_job_policy_end(job, NGX_CR_JOB_FAILED, &outcome, &type);
}


ngx_int_t
ngx_cr_job_create(ngx_cr_job_spec_t *spec, ngx_http_request_t *r,
    ngx_cr_refusal_t *refusal)
{
    ngx_int_t       rc;
    ngx_cr_job_t   *job;
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;

    job = ngx_cr_job_alloc(spec);
    if (job == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_cr_job_admit(job, spec, r, refusal);

    if (rc != NGX_OK) {

        if (rc == NGX_DECLINED) {
            ngx_cr_job_keep_refusal(refusal);
        }

        ngx_cr_job_free(job);
        return rc;
    }

    job->number.key = ++jobs->number ? jobs->number : ++jobs->number;

    rc = ngx_cr_job_pack(job, spec);

    if (rc == NGX_OK) {
        rc = ngx_cr_job_record(job, spec, refusal);
    }

    if (rc != NGX_OK) {
        ngx_cr_job_refused(job, rc, refusal);
        ngx_cr_job_free(job);
        return rc;
    }

    ngx_cr_job_insert(job);

    /* not cancelable: a worker that shuts down waits for its jobs */

    job->timer.handler = ngx_cr_job_timer_handler;
    job->timer.data = job;
    job->timer.log = jobs->log;

    /* cancelable: the other one is there as long as the job */

    job->trickle.handler = ngx_cr_job_trickle_handler;
    job->trickle.data = job;
    job->trickle.log = jobs->log;
    job->trickle.cancelable = 1;

    ngx_cr_job_send(job);

    return NGX_OK;
}


void
ngx_cr_job_timer(ngx_cr_job_t *job, ngx_msec_t ms)
{
    /* nginx leaves a timer alone that would move by less than 300 ms */

    if (job->timer.timer_set) {
        ngx_del_timer(&job->timer);
    }

    ngx_add_timer(&job->timer, ms);
}


void
ngx_cr_job_end(ngx_cr_job_t *job, const ngx_cr_outcome_t *outcome)
{
    ngx_queue_t        waiters;
    ngx_cr_jobs_t     *jobs;
    ngx_cr_verdict_t   verdict;

    jobs = &ngx_cr_jobs;

    ngx_cr_outcome_judge(&verdict, outcome, &job->policy.limits);

    /* before anybody knows of it: what a hook counts is then given back */

    ngx_cr_job_policy_end(job, verdict.status, outcome, &verdict.error_type);

    if (jobs->store->finish(&job->id, verdict.status, outcome) != NGX_OK) {
        ngx_log_error(NGX_LOG_ERR, jobs->log, 0,
                      "the end of a job could not be recorded");
    }

    ngx_cr_job_remove(job);

    ngx_queue_init(&waiters);

    if (!ngx_queue_empty(&job->waiters)) {
        ngx_queue_add(&waiters, &job->waiters);
    }

    ngx_cr_job_free(job);

    ngx_cr_job_wake(&waiters);
}


void
ngx_cr_job_fail(ngx_cr_job_t *job, char *reason)
{
    ngx_cr_outcome_t  outcome;

    ngx_cr_outcome_init(&outcome, NGX_CR_END_LOST);
    outcome.reason.data = (u_char *) reason;
    outcome.reason.len = ngx_strlen(reason);

    ngx_cr_job_end(job, &outcome);
}
