
/* The endpoint of analyses: its directives, and which address is what. */

#include "ngx_http_coderemote_analyze.h"
#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_request.h"


#define NGX_HTTP_CODEREMOTE_ANALYZE_LATEST    (3600 * 1000)
#define NGX_HTTP_CODEREMOTE_ANALYZE_TTL       (24 * 3600)

/* Bytes of a list of names. */
#define NGX_HTTP_CODEREMOTE_ANALYZE_NAMES     512


static void *ngx_http_coderemote_analyze_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_coderemote_analyze_create_conf(ngx_conf_t *cf);
static char *ngx_http_coderemote_analyze_merge_conf(ngx_conf_t *cf,
    void *parent, void *child);
static char *ngx_http_coderemote_analyze_set(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_coderemote_analyze_cache(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_http_coderemote_analyze_handler(ngx_http_request_t *r);


static ngx_command_t  ngx_http_coderemote_analyze_commands[] = {

    { ngx_string("coderemote_analyze"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_coderemote_endpoint_tree,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      ngx_http_coderemote_analyze_handler },

    { ngx_string("coderemote_analyzer"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE123,
      ngx_http_coderemote_analyze_set,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_analyze_cache"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE23,
      ngx_http_coderemote_analyze_cache,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_coderemote_analyze_module_ctx = {
    NULL,                                    /* preconfiguration */
    NULL,                                    /* postconfiguration */

    ngx_http_coderemote_analyze_create_main_conf,
                                             /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_http_coderemote_analyze_create_conf, /* create location configuration */
    ngx_http_coderemote_analyze_merge_conf   /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_analyze_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_analyze_module_ctx, /* module context */
    ngx_http_coderemote_analyze_commands,    /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    NULL,                                    /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_http_coderemote_analyze_create_main_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_coderemote_analyze_main_conf_t));
}


static void *
ngx_http_coderemote_analyze_create_conf(ngx_conf_t *cf)
{
    ngx_http_coderemote_analyze_conf_t  *conf;

    conf = ngx_palloc(cf->pool, sizeof(ngx_http_coderemote_analyze_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->analyzer = NGX_CONF_UNSET_PTR;
    conf->fallback = NGX_CONF_UNSET_PTR;
    conf->deadline = NGX_CONF_UNSET_MSEC;

    return conf;
}


static ngx_cr_registry_t *
ngx_http_coderemote_analyze_registry(ngx_conf_t *cf)
{
    ngx_http_coderemote_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_coderemote_module);

    return mcf->registry;
}


/* The three of them were set by one directive. */

static char *
ngx_http_coderemote_analyze_merge_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_coderemote_analyze_conf_t *prev = parent;
    ngx_http_coderemote_analyze_conf_t *conf = child;

    ngx_str_t  name = ngx_string("builtin");

    if (conf->analyzer != NGX_CONF_UNSET_PTR) {
        return NGX_CONF_OK;
    }

    if (prev->analyzer == NGX_CONF_UNSET_PTR) {
        prev->analyzer = ngx_cr_registry_analyzer(
                             ngx_http_coderemote_analyze_registry(cf), &name);
        prev->fallback = NULL;
        prev->deadline = NGX_CR_ANALYSIS_DEADLINE;
    }

    *conf = *prev;

    return NGX_CONF_OK;
}


static const ngx_cr_analyzer_t *
ngx_http_coderemote_analyze_find(ngx_conf_t *cf, ngx_str_t *name)
{
    u_char              *p, *last;
    u_char               names[NGX_HTTP_CODEREMOTE_ANALYZE_NAMES];
    ngx_str_t            list;
    ngx_uint_t           i;
    ngx_cr_analyzer_t   *analyzer;
    ngx_cr_registry_t   *registry;

    registry = ngx_http_coderemote_analyze_registry(cf);
    analyzer = ngx_cr_registry_analyzer(registry, name);

    if (analyzer) {
        return analyzer;
    }

    p = names;
    last = names + sizeof(names);
    analyzer = registry->analyzers.elts;

    for (i = 0; i < registry->analyzers.nelts; i++) {
        p = ngx_slprintf(p, last, "%s\"%V\"", i ? ", " : "",
                         &analyzer[i].name);
    }

    list.data = names;
    list.len = p - names;

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "there is no analyzer \"%V\"; there are %V; others "
                       "come with modules that are loaded after this one",
                       name, &list);
    return NULL;
}


static char *
ngx_http_coderemote_analyze_option(ngx_conf_t *cf,
    ngx_http_coderemote_analyze_conf_t *acf, ngx_str_t *value)
{
    ngx_int_t  ms;
    ngx_str_t  s;

    if (ngx_strncmp(value->data, "fallback=", 9) == 0) {
        s.data = value->data + 9;
        s.len = value->len - 9;

        if (ngx_strcmp(s.data, "off") == 0) {
            acf->fallback = NULL;
            return NGX_CONF_OK;
        }

        acf->fallback = ngx_http_coderemote_analyze_find(cf, &s);

        return acf->fallback ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    if (ngx_strncmp(value->data, "deadline=", 9) == 0) {
        s.data = value->data + 9;
        s.len = value->len - 9;

        ms = ngx_parse_time(&s, 0);

        if (ms > 0 && ms <= NGX_HTTP_CODEREMOTE_ANALYZE_LATEST) {
            acf->deadline = ms;
            return NGX_CONF_OK;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"deadline\" must be a time of at most 1h and not "
                           "\"%V\"", &s);
        return NGX_CONF_ERROR;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\": fallback= with the name of "
                       "an analyzer or off, or deadline= with a time is "
                       "expected", value);
    return NGX_CONF_ERROR;
}


static char *
ngx_http_coderemote_analyze_set(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_coderemote_analyze_conf_t *acf = conf;

    ngx_str_t   *value, name = ngx_string("builtin");
    ngx_uint_t   i;

    if (acf->analyzer != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    acf->analyzer = ngx_http_coderemote_analyze_find(cf, &value[1]);
    if (acf->analyzer == NULL) {
        return NGX_CONF_ERROR;
    }

    acf->fallback = ngx_http_coderemote_analyze_find(cf, &name);
    acf->deadline = NGX_CR_ANALYSIS_DEADLINE;

    for (i = 2; i < cf->args->nelts; i++) {
        if (ngx_http_coderemote_analyze_option(cf, acf, &value[i])
            != NGX_CONF_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_coderemote_analyze_cache(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_coderemote_analyze_main_conf_t *mcf = conf;

    ssize_t     size;
    ngx_str_t  *value;

    value = cf->args->elts;

    if (mcf->cache.zone) {
        return "is duplicate";
    }

    size = ngx_parse_size(&value[2]);

    if (size == NGX_ERROR || size < (ssize_t) NGX_CR_RESULT_ZONE_MIN) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the size of \"%V\" must be a number with k or m, "
                           "at least %uzk, and not \"%V\"", &value[0],
                           (size_t) NGX_CR_RESULT_ZONE_MIN / 1024, &value[2]);
        return NGX_CONF_ERROR;
    }

    mcf->cache.ttl = NGX_HTTP_CODEREMOTE_ANALYZE_TTL;

    if (cf->args->nelts == 4) {
        mcf->cache.ttl = ngx_parse_time(&value[3], 1);

        if (mcf->cache.ttl == (time_t) NGX_ERROR || mcf->cache.ttl == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "the time of \"%V\" must be one such as 12h, "
                               "and not \"%V\"", &value[0], &value[3]);
            return NGX_CONF_ERROR;
        }
    }

    return ngx_cr_result_cache_add(cf, &mcf->cache, &value[1], size,
                                   &ngx_http_coderemote_analyze_module)
               == NGX_OK
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


ngx_cr_analysis_run_t *
ngx_http_coderemote_analyze_start(ngx_http_request_t *r,
    const ngx_http_coderemote_identity_t *identity,
    const ngx_http_coderemote_fields_t *fields, const ngx_cr_job_id_t *id,
    void (*handler)(ngx_cr_analysis_run_t *run, void *data), void *data)
{
    ngx_cr_analysis_spec_t                    spec;
    ngx_http_coderemote_main_conf_t          *mcf;
    ngx_http_coderemote_analyze_conf_t       *acf;
    ngx_http_coderemote_analyze_main_conf_t  *amcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_coderemote_module);
    acf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_analyze_module);
    amcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_coderemote_analyze_module);

    ngx_memzero(&spec, sizeof(ngx_cr_analysis_spec_t));

    spec.id = *id;
    spec.request = r;
    spec.user = identity->user;
    ngx_memcpy(spec.owner, identity->owner, NGX_CR_OWNER_SIZE);
    spec.turn = identity->turn;
    spec.language = fields->runtime;
    spec.code = fields->code;
    spec.registry = mcf->registry;
    spec.analyzer = acf->analyzer;
    spec.fallback = acf->fallback;
    spec.deadline = acf->deadline;
    spec.cache = amcf->cache.zone ? &amcf->cache : NULL;
    spec.handler = handler;
    spec.data = data;

    return ngx_cr_analysis_start(&spec);
}


/* Who would answer now; and if it is not the one that is meant, why. */

static ngx_int_t
ngx_http_coderemote_analyze_status(ngx_http_request_t *r)
{
    u_char                               reason[1024];
    ngx_int_t                            rc;
    ngx_cr_analyzer_status_t             status, other;
    ngx_http_coderemote_analyze_conf_t  *acf;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_http_coderemote_not_allowed(r, "GET, HEAD");
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    acf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_analyze_module);

    ngx_cr_analysis_status(acf->analyzer, r, &status);

    if (!status.available && acf->fallback
        && acf->fallback != acf->analyzer)
    {
        status.reason.len = ngx_min(status.reason.len, sizeof(reason));
        ngx_memcpy(reason, status.reason.data, status.reason.len);

        ngx_cr_analysis_status(acf->fallback, r, &other);

        if (other.available) {
            other.reason.data = reason;
            other.reason.len = status.reason.len;
        }

        status = other;
    }

    return ngx_http_coderemote_send(r, NGX_HTTP_OK,
                           ngx_http_coderemote_analyze_status_json(&status));
}


static ngx_int_t
ngx_http_coderemote_analyze_handler(ngx_http_request_t *r)
{
    ngx_str_t                              rest;
    ngx_http_coderemote_endpoints_conf_t  *ecf;

    static const ngx_str_t  status = ngx_string("/status");

    ecf = ngx_http_get_module_loc_conf(r,
                                       ngx_http_coderemote_endpoints_module);

    if (r->uri.len >= ecf->base.len) {
        rest.data = r->uri.data + ecf->base.len;
        rest.len = r->uri.len - ecf->base.len;

        if (rest.len == 0 || (rest.len == 1 && rest.data[0] == '/')) {
            return ngx_http_coderemote_analyze_post(r);
        }

        if (rest.len == status.len
            && ngx_strncmp(rest.data, status.data, status.len) == 0)
        {
            return ngx_http_coderemote_analyze_status(r);
        }
    }

    return ngx_http_coderemote_problem(r, NGX_HTTP_NOT_FOUND, NULL,
                                       "There is nothing here; programs are "
                                       "posted to %V, and %V/status says who "
                                       "explains them.",
                                       &ecf->base, &ecf->base);
}
