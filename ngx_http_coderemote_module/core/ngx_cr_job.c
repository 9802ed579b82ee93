
#include "ngx_cr_job.h"
#include "ngx_cr_job_local.h"
#include "ngx_cr_doorbell.h"
#include "ngx_cr_outcome.h"


#define NGX_CR_JOB_POOL       1024

/* Bytes that are kept of a hook's reason why it refused a job. */
#define NGX_CR_JOB_DETAIL     1024

/* Bytes of a claim that is made here. */
#define NGX_CR_JOB_CLAIM      512


static void ngx_cr_job_fail_all(void);


ngx_cr_jobs_t  ngx_cr_jobs;


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

    ngx_rbtree_init(&jobs->ids, &jobs->ids_sentinel, ngx_rbtree_insert_value);
    ngx_queue_init(&jobs->all);

    if (ngx_cr_job_wait_init(cycle->log) != NGX_OK
        || ngx_cr_doorbell_on(ngx_cr_job_ring_handler, jobs) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_cr_run_init(cycle->log, ngx_cr_job_fail_all);

    return ngx_cr_helper_init(cycle, sandbox, &ngx_cr_run_helper_handlers);
}


/* Of this worker, which stops. */

static void
ngx_cr_job_fail_all(void)
{
    ngx_cr_job_t  *job;

    while (!ngx_queue_empty(&ngx_cr_jobs.all)) {
        job = ngx_queue_data(ngx_queue_head(&ngx_cr_jobs.all), ngx_cr_job_t,
                             queue);

        ngx_cr_job_fail(job, NGX_CR_END_LOST,
                        "the server was stopped while the job was unfinished");
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


ngx_rbtree_key_t
ngx_cr_job_key(const ngx_cr_job_id_t *id)
{
    uint64_t  key;

    /* the id is random: so is its beginning */

    ngx_memcpy(&key, id->bytes, sizeof(uint64_t));

    return (ngx_rbtree_key_t) key;
}


ngx_cr_job_t *
ngx_cr_job_by_id(const ngx_cr_job_id_t *id)
{
    ngx_cr_job_t       *job;
    ngx_rbtree_node_t  *node;

    node = ngx_cr_tree_find(&ngx_cr_jobs.ids, ngx_cr_job_key(id));

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

    ngx_rbtree_insert(&jobs->ids, &job->name);
    ngx_queue_insert_tail(&jobs->all, &job->queue);
}


static void
ngx_cr_job_remove(ngx_cr_job_t *job)
{
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;

    ngx_rbtree_delete(&jobs->ids, &job->name);
    ngx_queue_remove(&job->queue);
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
    ngx_cr_run_drop(&job->run);

    if (job->cases) {
        ngx_cr_job_cases_drop(job);
    }

    ngx_cr_job_plan_free(job);
    ngx_cr_gather_free(&job->artifacts);

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


/* As hooks know them, who know nothing of the wire. */

static ngx_int_t
ngx_cr_job_show_files(ngx_cr_policy_job_t *policy,
    const ngx_cr_job_spec_t *spec)
{
    ngx_uint_t             i;
    ngx_cr_policy_file_t  *files;

    if (spec->nfiles == 0) {
        return NGX_OK;
    }

    files = ngx_palloc(policy->pool,
                       spec->nfiles * sizeof(ngx_cr_policy_file_t));
    if (files == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < spec->nfiles; i++) {
        files[i].name.data = (u_char *) spec->files[i].name.data;
        files[i].name.len = spec->files[i].name.len;
        files[i].content.data = (u_char *) spec->files[i].content.data;
        files[i].content.len = spec->files[i].content.len;
    }

    policy->files = files;
    policy->nfiles = spec->nfiles;

    return NGX_OK;
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

    if (ngx_cr_job_show_files(&job->policy, spec) != NGX_OK) {
        return NGX_ERROR;
    }

    job->policy.request = r;
    job->policy.code = spec->code;

    rc = ngx_cr_policy_admit(ngx_cr_jobs.registry, &job->policy,
                             &job->policy_data, refusal);

    job->policy.request = NULL;
    job->policy.files = NULL;
    job->policy.nfiles = 0;
    ngx_str_null(&job->policy.code);

    limits = &job->policy.limits;

    limits->memory = ngx_min(limits->memory, spec->limits.memory);
    limits->output = ngx_min(limits->output, spec->limits.output);
    limits->timeout_ms = ngx_min(limits->timeout_ms, spec->limits.timeout_ms);

    return rc;
}


static ngx_int_t
ngx_cr_job_refuse(ngx_cr_refusal_t *refusal, ngx_uint_t status,
    time_t retry_after, char *detail)
{
    ngx_memzero(refusal, sizeof(ngx_cr_refusal_t));

    refusal->head.version = NGX_CR_API_VERSION;
    refusal->head.size = sizeof(ngx_cr_refusal_t);
    refusal->status = status;
    refusal->retry_after = retry_after;
    refusal->detail.data = (u_char *) detail;
    refusal->detail.len = ngx_strlen(detail);

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
    new.input = spec->ncases ? 0 : spec->input_max;
    new.connection = spec->connection;
    new.extras = ngx_cr_job_artifacts_size(job->artifact_max)
                 + ngx_cr_job_cases_size(spec->ncases)
                 + (spec->compile ? NGX_CR_EXTRA_HEAD : 0);

    ngx_memcpy(new.owner, spec->owner, NGX_CR_OWNER_SIZE);

    rc = ngx_cr_jobs.store->create(&new);

    /* nobody's fault, and it passes */

    if (rc == NGX_ERROR) {
        return ngx_cr_job_refuse(refusal, NGX_HTTP_SERVICE_UNAVAILABLE, 1,
                                 "The memory for jobs is full of unfinished "
                                 "ones; try again later.");
    }

    /* the id is taken, which random ones are not */

    return rc == NGX_DECLINED ? NGX_ERROR : rc;
}


/* What compiling cost is no time of the program's, but it was taken. */

static void
ngx_cr_job_policy_end(ngx_cr_job_t *job, ngx_cr_job_status_e status,
    const ngx_cr_outcome_t *outcome, const ngx_str_t *error_type)
{
    ngx_cr_outcome_t  total;

    if (ngx_cr_jobs.registry->policies.nelts) {
        total = *outcome;
        total.cpu_us += job->cpu_us;

        ngx_cr_policy_finish(ngx_cr_jobs.registry, &job->policy,
                             job->policy_data, status, &total, error_type);
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
    ngx_int_t      rc;
    ngx_cr_job_t  *job;

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

    rc = ngx_cr_job_prepare(job, spec);

    if (rc == NGX_OK) {
        rc = ngx_cr_job_record(job, spec, refusal);

    } else if (rc == NGX_DECLINED) {
        ngx_cr_job_refuse(refusal, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE, 0,
                          "The code and the files are more than the sandbox "
                          "takes, 32 MB.");
    }

    if (rc != NGX_OK) {
        ngx_cr_job_refused(job, rc, refusal);
        ngx_cr_job_free(job);
        return rc;
    }

    ngx_cr_job_insert(job);

    ngx_cr_job_begin(job);

    return NGX_OK;
}


void
ngx_cr_job_started(ngx_cr_job_t *job)
{
    if (job->started) {
        return;
    }

    job->started = 1;

    if (ngx_cr_jobs.registry->policies.nelts) {
        ngx_cr_policy_started(ngx_cr_jobs.registry, &job->policy,
                              job->policy_data);
    }

    (void) ngx_cr_jobs.store->started(&job->id);

    ngx_cr_job_tell(&job->waiters);
}


void
ngx_cr_job_wrote(ngx_cr_job_t *job, ngx_uint_t stream, ngx_uint_t shown,
    const u_char *data, size_t len)
{
    if (shown) {
        (void) ngx_cr_jobs.store->append(&job->id, stream, data, len);

        ngx_cr_job_tell(&job->waiters);
    }

    if (ngx_cr_jobs.registry->policies.nelts
        && ngx_cr_policy_output(ngx_cr_jobs.registry, &job->policy,
                                job->policy_data, stream, data, len)
           != NGX_OK)
    {
        ngx_cr_job_halt(job);
    }
}


ngx_int_t
ngx_cr_job_bring(ngx_cr_job_t *job, const ngx_cr_extra_t *extra, size_t texts)
{
    u_char     *buf;
    ssize_t     n;
    cr_put_t    put;

    buf = ngx_alloc(NGX_CR_EXTRA_HEAD + texts, ngx_cr_jobs.log);
    if (buf == NULL) {
        return NGX_DECLINED;
    }

    cr_put_init(&put, buf, NGX_CR_EXTRA_HEAD + texts);
    ngx_cr_extra_pack(&put, extra);

    n = put.bad ? 0
                : ngx_cr_jobs.store->append(&job->id, NGX_CR_EXTRAS, buf,
                                            cr_put_len(&put));

    ngx_free(buf);

    return n > 0 ? NGX_OK : NGX_DECLINED;
}


void
ngx_cr_job_end(ngx_cr_job_t *job, const ngx_cr_outcome_t *outcome)
{
    ngx_queue_t        waiters;
    ngx_cr_jobs_t     *jobs;
    ngx_cr_verdict_t   verdict;

    jobs = &ngx_cr_jobs;

    /* a hook may ask for it */

    job->stopping = 1;

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
ngx_cr_job_fail(ngx_cr_job_t *job, ngx_uint_t end, char *reason)
{
    ngx_cr_outcome_t  outcome;

    ngx_cr_outcome_init(&outcome, end);
    outcome.reason.data = (u_char *) reason;
    outcome.reason.len = ngx_strlen(reason);

    ngx_cr_job_end(job, &outcome);
}


void
ngx_cr_job_claim(ngx_cr_job_t *job, ngx_cr_outcome_t *outcome,
    const char *error_type, const char *error)
{
    u_char      buf[NGX_CR_JOB_CLAIM];
    cr_put_t    put;
    cr_claim_t  claim;

    ngx_memzero(&claim, sizeof(cr_claim_t));

    claim.exit_code = (error_type[0] != '\0');
    claim.error_type.data = (const u_char *) error_type;
    claim.error_type.len = ngx_strlen(error_type);
    claim.error.data = (const u_char *) error;
    claim.error.len = ngx_strlen(error);

    cr_put_init(&put, buf, sizeof(buf));
    cr_claim_pack(&put, &claim);

    outcome->end = NGX_CR_END_CLAIM;
    outcome->claim.data = buf;
    outcome->claim.len = cr_put_len(&put);

    ngx_cr_job_end(job, outcome);
}
