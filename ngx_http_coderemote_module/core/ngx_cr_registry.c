
#include "ngx_cr_registry.h"


/* Bytes of each structure as version 1 began; a plug-in has at least these. */

#define NGX_CR_RUNTIME_SIZE_1   sizeof(ngx_cr_runtime_t)
#define NGX_CR_ANALYZER_SIZE_1  sizeof(ngx_cr_analyzer_t)
#define NGX_CR_STORE_SIZE_1     sizeof(ngx_cr_store_t)
#define NGX_CR_POLICY_SIZE_1    offsetof(ngx_cr_policy_t, started)

#define NGX_CR_PLUGIN_NAME_MAX  64


static void ngx_cr_registry_forget(void *data);
static ngx_cr_registry_t *ngx_cr_registry_open(ngx_conf_t *cf,
    const char *kind, const ngx_str_t *name);
static ngx_int_t ngx_cr_registry_head(ngx_conf_t *cf, const char *kind,
    const ngx_str_t *name, const ngx_cr_api_head_t *head, size_t min,
    size_t max);
static ngx_int_t ngx_cr_registry_missing(ngx_conf_t *cf, const char *kind,
    const ngx_str_t *name, const char *function);
static ngx_int_t ngx_cr_registry_taken(ngx_conf_t *cf, const char *kind,
    const ngx_str_t *name);
static void *ngx_cr_registry_add(ngx_array_t *array, const void *item,
    size_t size);
static ngx_uint_t ngx_cr_registry_same(const ngx_str_t *a,
    const ngx_str_t *b);
static void ngx_cr_policy_withdraw(ngx_cr_registry_t *registry,
    ngx_cr_policy_job_t *job, void **data, ngx_uint_t n,
    const ngx_str_t *reason);


/* The configuration being read, or the last one that was. */

static ngx_cr_registry_t  *ngx_cr_registry;


ngx_cr_registry_t *
ngx_cr_registry_create(ngx_conf_t *cf)
{
    ngx_cr_registry_t   *registry;
    ngx_pool_cleanup_t  *cln;

    registry = ngx_pcalloc(cf->pool, sizeof(ngx_cr_registry_t));
    if (registry == NULL) {
        return NULL;
    }

    if (ngx_array_init(&registry->runtimes, cf->pool, 4,
                       sizeof(ngx_cr_runtime_t))
        != NGX_OK
        || ngx_array_init(&registry->analyzers, cf->pool, 4,
                          sizeof(ngx_cr_analyzer_t))
           != NGX_OK
        || ngx_array_init(&registry->stores, cf->pool, 2,
                          sizeof(ngx_cr_store_t))
           != NGX_OK
        || ngx_array_init(&registry->policies, cf->pool, 4,
                          sizeof(ngx_cr_policy_t))
           != NGX_OK)
    {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    cln->handler = ngx_cr_registry_forget;
    cln->data = registry;

    ngx_cr_registry = registry;

    return registry;
}


static void
ngx_cr_registry_forget(void *data)
{
    if (ngx_cr_registry == data) {
        ngx_cr_registry = NULL;
    }
}


void
ngx_cr_registry_freeze(ngx_cr_registry_t *registry)
{
    ngx_uint_t        i, j;
    ngx_cr_policy_t  *policies, policy;

    policies = registry->policies.elts;

    /* by insertion, because equal ones must keep their order */

    for (i = 1; i < registry->policies.nelts; i++) {
        policy = policies[i];

        for (j = i; j > 0 && policies[j - 1].order > policy.order; j--) {
            policies[j] = policies[j - 1];
        }

        policies[j] = policy;
    }

    registry->frozen = 1;
}


ngx_int_t
ngx_http_coderemote_register_runtime(ngx_conf_t *cf,
    const ngx_cr_runtime_t *runtime)
{
    const ngx_str_t    *alias;
    ngx_cr_registry_t  *registry;

    registry = ngx_cr_registry_open(cf, "runtime", &runtime->name);

    if (registry == NULL
        || ngx_cr_registry_head(cf, "runtime", &runtime->name, &runtime->head,
                                NGX_CR_RUNTIME_SIZE_1,
                                sizeof(ngx_cr_runtime_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_cr_registry_runtime(registry, &runtime->name) != NULL) {
        return ngx_cr_registry_taken(cf, "runtime", &runtime->name);
    }

    for (alias = runtime->aliases; alias != NULL && alias->len != 0; alias++) {
        if (ngx_cr_registry_runtime(registry, alias) != NULL) {
            return ngx_cr_registry_taken(cf, "runtime", alias);
        }
    }

    if (ngx_cr_registry_add(&registry->runtimes, runtime, runtime->head.size)
        == NULL)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_register_analyzer(ngx_conf_t *cf,
    const ngx_cr_analyzer_t *analyzer)
{
    const char         *missing;
    ngx_cr_registry_t  *registry;

    registry = ngx_cr_registry_open(cf, "analyzer", &analyzer->name);

    if (registry == NULL
        || ngx_cr_registry_head(cf, "analyzer", &analyzer->name,
                                &analyzer->head, NGX_CR_ANALYZER_SIZE_1,
                                sizeof(ngx_cr_analyzer_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    missing = analyzer->start == NULL ? "start"
              : analyzer->cancel == NULL ? "cancel"
              : analyzer->status == NULL ? "status" : NULL;

    if (missing != NULL) {
        return ngx_cr_registry_missing(cf, "analyzer", &analyzer->name,
                                       missing);
    }

    if (ngx_cr_registry_analyzer(registry, &analyzer->name) != NULL) {
        return ngx_cr_registry_taken(cf, "analyzer", &analyzer->name);
    }

    if (ngx_cr_registry_add(&registry->analyzers, analyzer,
                            analyzer->head.size)
        == NULL)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_register_store(ngx_conf_t *cf, const ngx_cr_store_t *store)
{
    const char         *missing;
    ngx_cr_registry_t  *registry;

    registry = ngx_cr_registry_open(cf, "job store", &store->name);

    if (registry == NULL
        || ngx_cr_registry_head(cf, "job store", &store->name, &store->head,
                                NGX_CR_STORE_SIZE_1, sizeof(ngx_cr_store_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    missing = store->init_worker == NULL ? "init_worker"
              : store->create == NULL ? "create"
              : store->started == NULL ? "started"
              : store->append == NULL ? "append"
              : store->finish == NULL ? "finish"
              : store->cancel == NULL ? "cancel"
              : store->cancelled == NULL ? "cancelled"
              : store->forget == NULL ? "forget"
              : store->get == NULL ? "get"
              : store->read == NULL ? "read"
              : store->watch == NULL ? "watch"
              : store->unwatch == NULL ? "unwatch"
              : store->count == NULL ? "count"
              : store->input == NULL ? "input"
              : store->input_read == NULL ? "input_read"
              : store->inputs == NULL ? "inputs"
              : store->reports == NULL ? "reports" : NULL;

    if (missing != NULL) {
        return ngx_cr_registry_missing(cf, "job store", &store->name, missing);
    }

    if (ngx_cr_registry_store(registry, &store->name) != NULL) {
        return ngx_cr_registry_taken(cf, "job store", &store->name);
    }

    if (ngx_cr_registry_add(&registry->stores, store, store->head.size)
        == NULL)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_register_policy(ngx_conf_t *cf,
    const ngx_cr_policy_t *policy)
{
    ngx_cr_registry_t  *registry;

    registry = ngx_cr_registry_open(cf, "policy hook", &policy->name);

    if (registry == NULL
        || ngx_cr_registry_head(cf, "policy hook", &policy->name,
                                &policy->head, NGX_CR_POLICY_SIZE_1,
                                sizeof(ngx_cr_policy_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* in that of an older plug-in there is no started() to look at */

    if (policy->admit == NULL && policy->output == NULL
        && policy->finish == NULL)
    {
        return ngx_cr_registry_missing(cf, "policy hook", &policy->name,
                                       "admit, output or finish");
    }

    if (ngx_cr_registry_add(&registry->policies, policy, policy->head.size)
        == NULL)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_cr_registry_t *
ngx_cr_registry_open(ngx_conf_t *cf, const char *kind, const ngx_str_t *name)
{
    if (ngx_cr_registry == NULL || ngx_cr_registry->frozen || cf == NULL) {

        /* whoever comes this late may have no configuration to hand */

        ngx_log_error(NGX_LOG_EMERG, cf ? cf->log : ngx_cycle->log, 0,
                      "coderemote: %s \"%V\" was registered too late: "
                      "register it in the plug-in's preconfiguration "
                      "handler", kind, name);
        return NULL;
    }

    return ngx_cr_registry;
}


static ngx_int_t
ngx_cr_registry_head(ngx_conf_t *cf, const char *kind, const ngx_str_t *name,
    const ngx_cr_api_head_t *head, size_t min, size_t max)
{
    if (head->version != NGX_CR_API_VERSION) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "coderemote: %s \"%V\" was built for version %uD "
                           "of ngx_http_coderemote_api.h, this module has "
                           "version %d: build the plug-in again with this "
                           "module's header", kind, name, head->version,
                           NGX_CR_API_VERSION);
        return NGX_ERROR;
    }

    if (head->size < min) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "coderemote: %s \"%V\" says it has %uD bytes, it "
                           "must have %uz: start the structure with "
                           "NGX_CR_API_HEAD() of its type", kind, name,
                           head->size, min);
        return NGX_ERROR;
    }

    /* fields unknown here would be ignored, and the plug-in not know it */

    if (head->size > max) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "coderemote: %s \"%V\" was built with a newer "
                           "ngx_http_coderemote_api.h: install the newer "
                           "ngx_http_coderemote_module, or build the plug-in "
                           "again with this one's header", kind, name);
        return NGX_ERROR;
    }

    if (name->len == 0 || name->len > NGX_CR_PLUGIN_NAME_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "coderemote: a %s was registered without a name "
                           "of 1 to %d bytes: set its \"name\"", kind,
                           NGX_CR_PLUGIN_NAME_MAX);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_registry_missing(ngx_conf_t *cf, const char *kind,
    const ngx_str_t *name, const char *function)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "coderemote: %s \"%V\" has no %s function: set it in "
                       "the structure that is registered", kind, name,
                       function);

    return NGX_ERROR;
}


static ngx_int_t
ngx_cr_registry_taken(ngx_conf_t *cf, const char *kind, const ngx_str_t *name)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "coderemote: a %s \"%V\" is registered already: "
                       "load one of the plug-ins that bring it, or rename "
                       "one", kind, name);

    return NGX_ERROR;
}


/* What a plug-in built earlier does not know yet stays zero. */

static void *
ngx_cr_registry_add(ngx_array_t *array, const void *item, size_t size)
{
    void  *place;

    place = ngx_array_push(array);
    if (place == NULL) {
        return NULL;
    }

    ngx_memzero(place, array->size);
    ngx_memcpy(place, item, size);

    return place;
}


static ngx_uint_t
ngx_cr_registry_same(const ngx_str_t *a, const ngx_str_t *b)
{
    return a->len == b->len
           && ngx_strncasecmp(a->data, b->data, a->len) == 0;
}


ngx_cr_runtime_t *
ngx_cr_registry_runtime(ngx_cr_registry_t *registry, const ngx_str_t *name)
{
    ngx_uint_t         i;
    const ngx_str_t   *alias;
    ngx_cr_runtime_t  *runtime;

    runtime = registry->runtimes.elts;

    for (i = 0; i < registry->runtimes.nelts; i++) {

        if (ngx_cr_registry_same(&runtime[i].name, name)) {
            return &runtime[i];
        }

        alias = runtime[i].aliases;

        while (alias != NULL && alias->len != 0) {
            if (ngx_cr_registry_same(alias, name)) {
                return &runtime[i];
            }

            alias++;
        }
    }

    return NULL;
}


ngx_cr_analyzer_t *
ngx_cr_registry_analyzer(ngx_cr_registry_t *registry, const ngx_str_t *name)
{
    ngx_uint_t          i;
    ngx_cr_analyzer_t  *analyzer;

    analyzer = registry->analyzers.elts;

    for (i = 0; i < registry->analyzers.nelts; i++) {
        if (ngx_cr_registry_same(&analyzer[i].name, name)) {
            return &analyzer[i];
        }
    }

    return NULL;
}


ngx_cr_store_t *
ngx_cr_registry_store(ngx_cr_registry_t *registry, const ngx_str_t *name)
{
    ngx_uint_t       i;
    ngx_cr_store_t  *store;

    store = registry->stores.elts;

    for (i = 0; i < registry->stores.nelts; i++) {
        if (ngx_cr_registry_same(&store[i].name, name)) {
            return &store[i];
        }
    }

    return NULL;
}


ngx_int_t
ngx_cr_policy_admit(ngx_cr_registry_t *registry, ngx_cr_policy_job_t *job,
    void ***data, ngx_cr_refusal_t *refusal)
{
    void             **own;
    ngx_int_t          rc;
    ngx_str_t          reason;
    ngx_uint_t         i;
    ngx_cr_policy_t   *policy;

    policy = registry->policies.elts;
    *data = NULL;

    if (registry->policies.nelts == 0) {
        return NGX_OK;
    }

    own = ngx_pcalloc(job->pool, registry->policies.nelts * sizeof(void *));
    if (own == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < registry->policies.nelts; i++) {

        if (policy[i].admit == NULL) {
            continue;
        }

        ngx_memzero(refusal, sizeof(ngx_cr_refusal_t));
        refusal->head.version = NGX_CR_API_VERSION;
        refusal->head.size = sizeof(ngx_cr_refusal_t);

        rc = policy[i].admit(job, &own[i], refusal);

        if (rc == NGX_OK) {
            continue;
        }

        if (rc == NGX_DECLINED) {
            ngx_log_error(NGX_LOG_INFO, job->log, 0,
                          "coderemote: policy hook \"%V\" refused a job",
                          &policy[i].name);

            if (refusal->status == 0) {
                refusal->status = NGX_HTTP_FORBIDDEN;
            }

            reason = refusal->detail;
            reason.len = ngx_min(reason.len, NGX_CR_REASON_SIZE);

        } else {
            ngx_log_error(NGX_LOG_ERR, job->log, 0,
                          "coderemote: policy hook \"%V\" failed",
                          &policy[i].name);
            rc = NGX_ERROR;

            ngx_str_set(&reason, "another policy hook failed");
        }

        ngx_cr_policy_withdraw(registry, job, own, i, &reason);
        return rc;
    }

    job->request = NULL;
    ngx_str_null(&job->code);

    *data = own;

    return NGX_OK;
}


/* The first n hooks had admitted a job that is not going to run. */

static void
ngx_cr_policy_withdraw(ngx_cr_registry_t *registry, ngx_cr_policy_job_t *job,
    void **data, ngx_uint_t n, const ngx_str_t *reason)
{
    ngx_cr_policy_t   *policy;
    ngx_cr_outcome_t   outcome;

    static const ngx_str_t  none = ngx_null_string;

    policy = registry->policies.elts;

    ngx_memzero(&outcome, sizeof(ngx_cr_outcome_t));
    outcome.end = NGX_CR_END_REFUSED;
    outcome.reason = *reason;

    while (n-- > 0) {
        if (policy[n].finish != NULL) {
            policy[n].finish(job, data[n], NGX_CR_JOB_FAILED, &outcome, &none);
        }
    }
}


void
ngx_cr_policy_started(ngx_cr_registry_t *registry, ngx_cr_policy_job_t *job,
    void **data)
{
    ngx_uint_t        i;
    ngx_cr_policy_t  *policy;

    if (data == NULL) {
        return;
    }

    policy = registry->policies.elts;

    for (i = 0; i < registry->policies.nelts; i++) {
        if (policy[i].started != NULL) {
            policy[i].started(job, data[i]);
        }
    }
}


ngx_int_t
ngx_cr_policy_output(ngx_cr_registry_t *registry, ngx_cr_policy_job_t *job,
    void **data, ngx_uint_t stream, const u_char *bytes, size_t len)
{
    ngx_uint_t        i;
    ngx_cr_policy_t  *policy;

    if (data == NULL) {
        return NGX_OK;
    }

    policy = registry->policies.elts;

    for (i = 0; i < registry->policies.nelts; i++) {

        if (policy[i].output != NULL
            && policy[i].output(job, data[i], stream, bytes, len) != NGX_OK)
        {
            ngx_log_error(NGX_LOG_INFO, job->log, 0,
                          "coderemote: policy hook \"%V\" stopped a job",
                          &policy[i].name);
            return NGX_ABORT;
        }
    }

    return NGX_OK;
}


void
ngx_cr_policy_finish(ngx_cr_registry_t *registry, ngx_cr_policy_job_t *job,
    void **data, ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type)
{
    ngx_uint_t        i;
    ngx_cr_policy_t  *policy;

    if (data == NULL) {
        return;
    }

    policy = registry->policies.elts;

    for (i = 0; i < registry->policies.nelts; i++) {
        if (policy[i].finish != NULL) {
            policy[i].finish(job, data[i], status, outcome, error_type);
        }
    }
}
