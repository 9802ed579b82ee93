
#include "ngx_cr_registry.h"


#define NGX_CR_PLUGIN_NAME_MAX  64


typedef struct {
    const char         *title;
    size_t              array;      /* where in ngx_cr_registry_t */
    size_t              size_1;     /* bytes as version 1 began; a plug-in has
                                       at least these */
    size_t              size;

    /* the name of a function that must be there and is not; NULL: none */
    const char       *(*missing)(const void *item);
} ngx_cr_registry_kind_t;


static void ngx_cr_registry_forget(void *data);
static ngx_int_t ngx_cr_registry_head(ngx_conf_t *cf,
    const ngx_cr_registry_kind_t *kind, const ngx_cr_api_item_t *item);
static ngx_int_t ngx_cr_registry_names(ngx_conf_t *cf,
    ngx_cr_registry_t *registry, ngx_cr_api_kind_e kind,
    const ngx_cr_api_item_t *item);
static ngx_int_t ngx_cr_registry_taken(ngx_conf_t *cf, const char *title,
    const ngx_str_t *name);
static void *ngx_cr_registry_find(const ngx_array_t *array,
    const ngx_str_t *name);
static ngx_uint_t ngx_cr_registry_same(const ngx_str_t *a,
    const ngx_str_t *b);
static const char *ngx_cr_analyzer_missing(const void *item);
static const char *ngx_cr_store_missing(const void *item);
static const char *ngx_cr_policy_missing(const void *item);
static void ngx_cr_policy_withdraw(ngx_cr_registry_t *registry,
    ngx_cr_policy_job_t *job, void **data, ngx_uint_t n,
    const ngx_str_t *reason);


/* As ngx_cr_api_kind_e counts them. */

static const ngx_cr_registry_kind_t  ngx_cr_registry_kinds[] = {

    { "runtime",
      offsetof(ngx_cr_registry_t, runtimes),
      sizeof(ngx_cr_runtime_t),
      sizeof(ngx_cr_runtime_t),
      NULL },

    { "analyzer",
      offsetof(ngx_cr_registry_t, analyzers),
      sizeof(ngx_cr_analyzer_t),
      sizeof(ngx_cr_analyzer_t),
      ngx_cr_analyzer_missing },

    { "job store",
      offsetof(ngx_cr_registry_t, stores),
      sizeof(ngx_cr_store_t),
      sizeof(ngx_cr_store_t),
      ngx_cr_store_missing },

    { "policy hook",
      offsetof(ngx_cr_registry_t, policies),
      offsetof(ngx_cr_policy_t, started),
      sizeof(ngx_cr_policy_t),
      ngx_cr_policy_missing }
};


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


/* What a plug-in built earlier does not know yet stays zero. */

ngx_int_t
ngx_http_coderemote_register(ngx_conf_t *cf, ngx_cr_api_kind_e which,
    const void *data)
{
    const ngx_cr_api_item_t *item = data;

    void                          *place;
    const char                    *function;
    ngx_array_t                   *array;
    const ngx_cr_registry_kind_t  *kind;

    kind = &ngx_cr_registry_kinds[which];

    if (ngx_cr_registry == NULL || ngx_cr_registry->frozen || cf == NULL) {

        /* whoever comes this late may have no configuration to hand */

        ngx_log_error(NGX_LOG_EMERG, cf ? cf->log : ngx_cycle->log, 0,
                      "coderemote: %s \"%V\" was registered too late: "
                      "register it in the plug-in's preconfiguration "
                      "handler", kind->title, &item->name);
        return NGX_ERROR;
    }

    if (ngx_cr_registry_head(cf, kind, item) != NGX_OK) {
        return NGX_ERROR;
    }

    function = kind->missing ? kind->missing(item) : NULL;

    if (function != NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "coderemote: %s \"%V\" has no %s function: set it "
                           "in the structure that is registered",
                           kind->title, &item->name, function);
        return NGX_ERROR;
    }

    if (ngx_cr_registry_names(cf, ngx_cr_registry, which, item) != NGX_OK) {
        return NGX_ERROR;
    }

    array = (ngx_array_t *) ((u_char *) ngx_cr_registry + kind->array);

    place = ngx_array_push(array);
    if (place == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(place, array->size);
    ngx_memcpy(place, item, item->head.size);

    return NGX_OK;
}


static ngx_int_t
ngx_cr_registry_head(ngx_conf_t *cf, const ngx_cr_registry_kind_t *kind,
    const ngx_cr_api_item_t *item)
{
    if (item->head.version != NGX_CR_API_VERSION) {

        /* where the name is, nobody knows of another version */

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "coderemote: the %s of a plug-in was built for "
                           "version %uD of ngx_http_coderemote_api.h, this "
                           "module has version %d: build the plug-in again "
                           "with this module's header", kind->title,
                           item->head.version, NGX_CR_API_VERSION);
        return NGX_ERROR;
    }

    if (item->head.size < kind->size_1) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "coderemote: the %s of a plug-in says it has %uD "
                           "bytes, it must have %uz: start the structure "
                           "with NGX_CR_API_HEAD() of its type", kind->title,
                           item->head.size, kind->size_1);
        return NGX_ERROR;
    }

    if (item->name.len == 0 || item->name.len > NGX_CR_PLUGIN_NAME_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "coderemote: the %s of a plug-in has no name of 1 "
                           "to %d bytes: set its \"name\"", kind->title,
                           NGX_CR_PLUGIN_NAME_MAX);
        return NGX_ERROR;
    }

    /* fields unknown here would be ignored, and the plug-in not know it */

    if (item->head.size > kind->size) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "coderemote: %s \"%V\" was built with a newer "
                           "ngx_http_coderemote_api.h: install the newer "
                           "ngx_http_coderemote_module, or build the plug-in "
                           "again with this one's header", kind->title,
                           &item->name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* A runtime has several, and others must not have any of them. */

static ngx_int_t
ngx_cr_registry_names(ngx_conf_t *cf, ngx_cr_registry_t *registry,
    ngx_cr_api_kind_e which, const ngx_cr_api_item_t *item)
{
    const ngx_str_t               *alias;
    const ngx_array_t             *array;
    const ngx_cr_runtime_t        *runtime;
    const ngx_cr_registry_kind_t  *kind;

    kind = &ngx_cr_registry_kinds[which];

    if (which != NGX_CR_API_RUNTIME) {
        array = (ngx_array_t *) ((u_char *) registry + kind->array);

        return ngx_cr_registry_find(array, &item->name)
               ? ngx_cr_registry_taken(cf, kind->title, &item->name) : NGX_OK;
    }

    if (ngx_cr_registry_runtime(registry, &item->name) != NULL) {
        return ngx_cr_registry_taken(cf, kind->title, &item->name);
    }

    runtime = (const ngx_cr_runtime_t *) item;

    for (alias = runtime->aliases; alias != NULL && alias->len != 0; alias++) {
        if (ngx_cr_registry_runtime(registry, alias) != NULL) {
            return ngx_cr_registry_taken(cf, kind->title, alias);
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_registry_taken(ngx_conf_t *cf, const char *title, const ngx_str_t *name)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "coderemote: %s \"%V\" is registered already: load "
                       "one of the plug-ins that bring it, or rename one",
                       title, name);

    return NGX_ERROR;
}


static const char *
ngx_cr_analyzer_missing(const void *item)
{
    const ngx_cr_analyzer_t *analyzer = item;

    return analyzer->start == NULL ? "start"
           : analyzer->cancel == NULL ? "cancel"
           : analyzer->status == NULL ? "status" : NULL;
}


static const char *
ngx_cr_store_missing(const void *item)
{
    const ngx_cr_store_t *store = item;

    return store->init_worker == NULL ? "init_worker"
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
}


/* In that of an older plug-in there is no started() to look at. */

static const char *
ngx_cr_policy_missing(const void *item)
{
    const ngx_cr_policy_t *policy = item;

    return policy->admit == NULL && policy->output == NULL
           && policy->finish == NULL
           ? "admit, output or finish" : NULL;
}


static ngx_uint_t
ngx_cr_registry_same(const ngx_str_t *a, const ngx_str_t *b)
{
    return a->len == b->len
           && ngx_strncasecmp(a->data, b->data, a->len) == 0;
}


static void *
ngx_cr_registry_find(const ngx_array_t *array, const ngx_str_t *name)
{
    u_char             *p;
    ngx_uint_t          i;
    ngx_cr_api_item_t  *item;

    p = array->elts;

    for (i = 0; i < array->nelts; i++) {
        item = (ngx_cr_api_item_t *) (p + i * array->size);

        if (ngx_cr_registry_same(&item->name, name)) {
            return item;
        }
    }

    return NULL;
}


ngx_cr_runtime_t *
ngx_cr_registry_runtime(ngx_cr_registry_t *registry, const ngx_str_t *name)
{
    ngx_uint_t         i;
    const ngx_str_t   *alias;
    ngx_cr_runtime_t  *runtime;

    runtime = ngx_cr_registry_find(&registry->runtimes, name);

    if (runtime != NULL) {
        return runtime;
    }

    runtime = registry->runtimes.elts;

    for (i = 0; i < registry->runtimes.nelts; i++) {

        alias = runtime[i].aliases;

        for ( /* void */ ; alias != NULL && alias->len != 0; alias++) {
            if (ngx_cr_registry_same(alias, name)) {
                return &runtime[i];
            }
        }
    }

    return NULL;
}


ngx_cr_analyzer_t *
ngx_cr_registry_analyzer(ngx_cr_registry_t *registry, const ngx_str_t *name)
{
    return ngx_cr_registry_find(&registry->analyzers, name);
}


ngx_cr_store_t *
ngx_cr_registry_store(ngx_cr_registry_t *registry, const ngx_str_t *name)
{
    return ngx_cr_registry_find(&registry->stores, name);
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
