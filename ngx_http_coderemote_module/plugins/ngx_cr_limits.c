
/*
 * How much a user may ask for, or an address where users have no names: a
 * policy hook that uses nothing but nginx and the header of the plug-ins.
 */

#include "ngx_cr_limits_answer.h"


#define NGX_CR_LIMITS_ZONE_MIN   (8 * ngx_pagesize)
#define NGX_CR_LIMITS_ZONE_SIZE  (10 * 1024 * 1024)

/* After other hooks: what they refuse uses nothing up. */
#define NGX_CR_LIMITS_ORDER      1000


typedef struct {
    ngx_shm_zone_t        *zone;
    ngx_uint_t             used;          /* unsigned  used:1;  somewhere there
                                             is a limit */
} ngx_cr_limits_main_conf_t;

typedef struct {
    ngx_uint_t             limits[NGX_CR_QUOTAS];     /* 0: none */
} ngx_cr_limits_loc_conf_t;

/* How a directive's value is written. */

typedef struct {
    const char            *suffix;
    ngx_uint_t             time;          /* unsigned  time:1; */
    ngx_int_t              max;
    const char            *text;
} ngx_cr_limits_kind_t;

/* A job that is to be given back. */

typedef struct {
    ngx_cr_limits_zone_t  *zone;
    ngx_cr_limits_cell_t  *cell;
    ngx_uint_t             limits[NGX_CR_QUOTAS];
} ngx_cr_limits_job_t;


static ngx_int_t ngx_cr_limits_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_cr_limits_postconfiguration(ngx_conf_t *cf);
static void *ngx_cr_limits_create_main_conf(ngx_conf_t *cf);
static void *ngx_cr_limits_create_loc_conf(ngx_conf_t *cf);
static char *ngx_cr_limits_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_cr_limits_set_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_cr_limits_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_cr_limits_init_process(ngx_cycle_t *cycle);
static ngx_int_t ngx_cr_limits_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal);
static void ngx_cr_limits_finish(ngx_cr_policy_job_t *job, void *data,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type);
static void ngx_cr_limits_started(ngx_cr_policy_job_t *job, void *data);


/* In the order of NGX_CR_QUOTA_... */

static const ngx_cr_limits_kind_t  ngx_cr_limits_kinds[NGX_CR_QUOTAS] = {
    { "/m", 0, 100000, "a number from 1 to 100000 and \"/m\", as 30/m" },
    { "", 0, 65536, "a number from 1 to 65536" },
    { "", 0, 65536, "a number from 1 to 65536" },
    { "/day", 1, 100 * 86400,
      "a time from 1s to 100d and \"/day\", as 30m/day" }
};


static ngx_command_t  ngx_cr_limits_commands[] = {

    { ngx_string("coderemote_limit_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE2,
      ngx_cr_limits_set_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_limit_requests"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_cr_limits_set,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_CR_QUOTA_REQUESTS,
      NULL },

    { ngx_string("coderemote_limit_running"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_cr_limits_set,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_CR_QUOTA_RUNNING,
      NULL },

    { ngx_string("coderemote_limit_queued"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_cr_limits_set,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_CR_QUOTA_QUEUED,
      NULL },

    { ngx_string("coderemote_limit_cpu"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_cr_limits_set,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_CR_QUOTA_CPU,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_coderemote_limits_module_ctx = {
    ngx_cr_limits_preconfiguration,          /* preconfiguration */
    ngx_cr_limits_postconfiguration,         /* postconfiguration */

    ngx_cr_limits_create_main_conf,          /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_cr_limits_create_loc_conf,           /* create location configuration */
    ngx_cr_limits_merge_loc_conf             /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_limits_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_limits_module_ctx,  /* module context */
    ngx_cr_limits_commands,                  /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    ngx_cr_limits_init_process,              /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_cr_policy_t  ngx_cr_limits_policy = {
    NGX_CR_API_HEAD(ngx_cr_policy_t),
    ngx_string("limits"),
    NGX_CR_LIMITS_ORDER,
    ngx_cr_limits_admit,
    NULL,
    ngx_cr_limits_finish,
    ngx_cr_limits_started
};


static ngx_int_t
ngx_cr_limits_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_coderemote_register_policy(cf, &ngx_cr_limits_policy);
}


static void *
ngx_cr_limits_create_main_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_cr_limits_main_conf_t));
}


static void *
ngx_cr_limits_create_loc_conf(ngx_conf_t *cf)
{
    ngx_uint_t                 i;
    ngx_cr_limits_loc_conf_t  *conf;

    conf = ngx_palloc(cf->pool, sizeof(ngx_cr_limits_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    for (i = 0; i < NGX_CR_QUOTAS; i++) {
        conf->limits[i] = NGX_CONF_UNSET_UINT;
    }

    return conf;
}


static char *
ngx_cr_limits_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_cr_limits_loc_conf_t *prev = parent;
    ngx_cr_limits_loc_conf_t *conf = child;

    ngx_uint_t  i;

    for (i = 0; i < NGX_CR_QUOTAS; i++) {
        ngx_conf_merge_uint_value(conf->limits[i], prev->limits[i], 0);
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_cr_limits_init_zone(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_slab_pool_t  *shpool;

    if (data) {
        shm_zone->data = data;
        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (shm_zone->shm.exists) {
        shm_zone->data = shpool->data;
        return NGX_OK;
    }

    shpool->data = ngx_cr_limits_zone_create(shpool);
    shm_zone->data = shpool->data;

    return shm_zone->data ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_cr_limits_add_zone(ngx_conf_t *cf, ngx_str_t *name, size_t size)
{
    ngx_cr_limits_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf,
                                             ngx_http_coderemote_limits_module);

    mcf->zone = ngx_shared_memory_add(cf, name, size,
                                      &ngx_http_coderemote_limits_module);
    if (mcf->zone == NULL) {
        return NGX_ERROR;
    }

    mcf->zone->init = ngx_cr_limits_init_zone;

    return NGX_OK;
}


static ngx_int_t
ngx_cr_limits_postconfiguration(ngx_conf_t *cf)
{
    ngx_str_t                   name = ngx_string("coderemote_limits");
    ngx_cr_limits_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf,
                                             ngx_http_coderemote_limits_module);

    if (!mcf->used || mcf->zone) {
        return NGX_OK;
    }

    return ngx_cr_limits_add_zone(cf, &name, NGX_CR_LIMITS_ZONE_SIZE);
}


static char *
ngx_cr_limits_set_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cr_limits_main_conf_t *mcf = conf;

    ssize_t     size;
    ngx_str_t  *value;

    value = cf->args->elts;

    if (mcf->zone) {
        return "is duplicate";
    }

    size = ngx_parse_size(&value[2]);

    if (size == NGX_ERROR || size < (ssize_t) NGX_CR_LIMITS_ZONE_MIN) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the size of \"coderemote_limit_zone\" must be a "
                           "number with k or m, at least %uzk, and not \"%V\"",
                           (size_t) NGX_CR_LIMITS_ZONE_MIN / 1024, &value[2]);
        return NGX_CONF_ERROR;
    }

    return ngx_cr_limits_add_zone(cf, &value[1], size) == NGX_OK
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_cr_limits_parse(const ngx_cr_limits_kind_t *kind, const ngx_str_t *value)
{
    size_t     len;
    ngx_str_t  s;

    len = ngx_strlen(kind->suffix);
    s = *value;

    if (s.len <= len
        || ngx_strncmp(s.data + s.len - len, kind->suffix, len) != 0)
    {
        return NGX_ERROR;
    }

    s.len -= len;

    return kind->time ? ngx_parse_time(&s, 1) : ngx_atoi(s.data, s.len);
}


static char *
ngx_cr_limits_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cr_limits_loc_conf_t *lcf = conf;

    ngx_int_t                   n;
    ngx_str_t                  *value;
    ngx_uint_t                 *limit;
    ngx_cr_limits_main_conf_t  *mcf;
    const ngx_cr_limits_kind_t *kind;

    value = cf->args->elts;
    kind = &ngx_cr_limits_kinds[cmd->offset];
    limit = &lcf->limits[cmd->offset];

    if (*limit != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    if (ngx_strcmp(value[1].data, "off") == 0) {
        *limit = 0;
        return NGX_CONF_OK;
    }

    n = ngx_cr_limits_parse(kind, &value[1]);

    if (n < 1 || n > kind->max) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" must be %s, or off, and not \"%V\"",
                           &cmd->name, kind->text, &value[1]);
        return NGX_CONF_ERROR;
    }

    *limit = n;

    mcf = ngx_http_conf_get_module_main_conf(cf,
                                             ngx_http_coderemote_limits_module);
    mcf->used = 1;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_cr_limits_init_process(ngx_cycle_t *cycle)
{
    ngx_cr_limits_main_conf_t  *mcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    mcf = ngx_http_cycle_get_module_main_conf(cycle,
                                         ngx_http_coderemote_limits_module);

    if (mcf && mcf->zone) {
        ngx_cr_limits_zone_start(mcf->zone->data);
    }

    return NGX_OK;
}


/*
 * A user by the digest of his name; without one an address, of IPv6 the half
 * that a provider gives to a client as a whole.
 */

static void
ngx_cr_limits_key(ngx_cr_policy_job_t *job, u_char *key)
{
    struct sockaddr      *sa;
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    ngx_memzero(key, NGX_CR_LIMITS_KEY);

    if (job->user.len) {
        key[0] = 1;
        ngx_memcpy(key + 1, job->owner, NGX_CR_OWNER_SIZE);
        return;
    }

    sa = job->request->connection->sockaddr;

    switch (sa->sa_family) {

    case AF_INET:
        sin = (struct sockaddr_in *) sa;
        key[0] = 4;
        ngx_memcpy(key + 1, &sin->sin_addr, 4);
        break;

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) sa;

        if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            key[0] = 4;
            ngx_memcpy(key + 1, &sin6->sin6_addr.s6_addr[12], 4);
            break;
        }

        key[0] = 6;
        ngx_memcpy(key + 1, &sin6->sin6_addr, 8);
        break;
#endif
    }
}


static ngx_uint_t
ngx_cr_limits_any(const ngx_uint_t *limits)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CR_QUOTAS; i++) {
        if (limits[i]) {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_cr_limits_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal)
{
    u_char                      key[NGX_CR_LIMITS_KEY];
    ngx_int_t                   rc;
    ngx_cr_limits_job_t        *lj;
    ngx_cr_limits_state_t       state;
    ngx_cr_limits_loc_conf_t   *lcf;
    ngx_cr_limits_main_conf_t  *mcf;

    lcf = ngx_http_get_module_loc_conf(job->request,
                                       ngx_http_coderemote_limits_module);

    if (!ngx_cr_limits_any(lcf->limits)) {
        return NGX_OK;
    }

    mcf = ngx_http_get_module_main_conf(job->request,
                                        ngx_http_coderemote_limits_module);

    /* first, because what was taken must be given back */

    lj = ngx_palloc(job->pool, sizeof(ngx_cr_limits_job_t));
    if (lj == NULL) {
        return NGX_ERROR;
    }

    ngx_cr_limits_key(job, key);

    rc = ngx_cr_limits_take(mcf->zone->data, key, lcf->limits, &state,
                            &lj->cell);

    if (state.forgot) {
        ngx_cr_limits_warn(job);
    }

    if (rc == NGX_ERROR) {
        return ngx_cr_limits_full(job, refusal);
    }

    lj->zone = mcf->zone->data;
    ngx_memcpy(lj->limits, lcf->limits, sizeof(lj->limits));

    if (ngx_cr_limits_headers(job->request, lcf->limits, &state) != NGX_OK) {

        if (lj->cell) {
            ngx_cr_limits_give(lj->zone, lj->cell, lj->limits, 0);
        }

        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        return ngx_cr_limits_refuse(job, lcf->limits, &state, refusal);
    }

    if (lj->cell) {
        *data = lj;
    }

    return NGX_OK;
}


static void
ngx_cr_limits_finish(ngx_cr_policy_job_t *job, void *data,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type)
{
    ngx_cr_limits_job_t *lj = data;

    if (lj) {
        ngx_cr_limits_give(lj->zone, lj->cell, lj->limits, outcome->cpu_us);
    }
}


static void
ngx_cr_limits_started(ngx_cr_policy_job_t *job, void *data)
{
    ngx_cr_limits_job_t *lj = data;

    if (lj && lj->limits[NGX_CR_QUOTA_QUEUED]) {
        ngx_cr_limits_begin(lj->zone, lj->cell);
    }
}
