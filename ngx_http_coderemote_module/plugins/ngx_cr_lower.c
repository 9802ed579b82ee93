
/*
 * Limits that depend on the request: a policy hook.  Whatever can set a
 * variable, a map, a token's claim, Lua or njs, lowers with it what the
 * location's directives allow to all.
 */

#include "ngx_http_coderemote_module.h"


/* After hooks that refuse, before those that count. */
#define NGX_CR_LOWER_ORDER  900


/* NULL: not said. */

typedef struct {
    ngx_http_complex_value_t   *timeout;
    ngx_http_complex_value_t   *memory;
} ngx_cr_lower_conf_t;


static ngx_int_t ngx_cr_lower_preconfiguration(ngx_conf_t *cf);
static void *ngx_cr_lower_create_conf(ngx_conf_t *cf);
static char *ngx_cr_lower_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_cr_lower_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_cr_lower_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal);


static ngx_command_t  ngx_cr_lower_commands[] = {

    { ngx_string("coderemote_lower"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_cr_lower_set,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_coderemote_lower_module_ctx = {
    ngx_cr_lower_preconfiguration,           /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_cr_lower_create_conf,                /* create location configuration */
    ngx_cr_lower_merge_conf                  /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_lower_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_lower_module_ctx,   /* module context */
    ngx_cr_lower_commands,                   /* module directives */
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


static const ngx_cr_policy_t  ngx_cr_lower_policy = {
    NGX_CR_API_HEAD(ngx_cr_policy_t),
    ngx_string("lower"),
    NGX_CR_LOWER_ORDER,
    ngx_cr_lower_admit,
    NULL,
    NULL,
    NULL
};


static ngx_int_t
ngx_cr_lower_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_coderemote_register_policy(cf, &ngx_cr_lower_policy);
}


static void *
ngx_cr_lower_create_conf(ngx_conf_t *cf)
{
    ngx_cr_lower_conf_t  *conf;

    conf = ngx_palloc(cf->pool, sizeof(ngx_cr_lower_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->timeout = NGX_CONF_UNSET_PTR;
    conf->memory = NGX_CONF_UNSET_PTR;

    return conf;
}


static char *
ngx_cr_lower_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_cr_lower_conf_t *prev = parent;
    ngx_cr_lower_conf_t *conf = child;

    ngx_conf_merge_ptr_value(conf->timeout, prev->timeout, NULL);
    ngx_conf_merge_ptr_value(conf->memory, prev->memory, NULL);

    return NGX_CONF_OK;
}


/* In milliseconds; NGX_ERROR: it is no such time. */

static ngx_int_t
ngx_cr_lower_time(ngx_str_t *text)
{
    ngx_int_t  ms;

    ms = text->len ? ngx_parse_time(text, 0) : NGX_ERROR;

    return ms < 1 ? NGX_ERROR : ms;
}


/* In bytes, at least what a runtime needs to start; NGX_ERROR: no size. */

static ngx_int_t
ngx_cr_lower_size(ngx_str_t *text)
{
    ngx_int_t  size;

    size = text->len ? ngx_parse_size(text) : NGX_ERROR;

    return size < NGX_HTTP_CODEREMOTE_MEMORY_MIN * 1024 * 1024 ? NGX_ERROR
                                                               : size;
}


static char *
ngx_cr_lower_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cr_lower_conf_t *lcf = conf;

    ngx_str_t                          *value, text;
    ngx_uint_t                          i, fixed, timeout;
    ngx_http_complex_value_t          **where;
    ngx_http_compile_complex_value_t    ccv;

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        timeout = ngx_strncmp(value[i].data, "timeout=", 8) == 0;

        if (!timeout && ngx_strncmp(value[i].data, "memory=", 7) != 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\": timeout= with a "
                               "time or memory= with a size is expected",
                               &value[i]);
            return NGX_CONF_ERROR;
        }

        where = timeout ? &lcf->timeout : &lcf->memory;

        if (*where != NGX_CONF_UNSET_PTR) {
            return "is duplicate";
        }

        text.data = value[i].data + (timeout ? 8 : 7);
        text.len = value[i].len - (timeout ? 8 : 7);

        fixed = ngx_http_script_variables_count(&text) == 0;

        if (fixed && (timeout ? ngx_cr_lower_time(&text)
                              : ngx_cr_lower_size(&text)) == NGX_ERROR)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" must be %s, or a variable", &value[i],
                               timeout ? "a time from 1ms on"
                                       : "a size from 16m on");
            return NGX_CONF_ERROR;
        }

        *where = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
        if (*where == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

        ccv.cf = cf;
        ccv.value = &text;
        ccv.complex_value = *where;

        if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* A limit that cannot be read must not be none: the request ends with 500. */

static ngx_int_t
ngx_cr_lower_to(ngx_cr_policy_job_t *job, ngx_http_complex_value_t *value,
    ngx_int_t (*parse)(ngx_str_t *text), uint64_t *limit)
{
    ngx_int_t  n;
    ngx_str_t  text;

    if (value == NULL) {
        return NGX_OK;
    }

    if (ngx_http_complex_value(job->request, value, &text) != NGX_OK) {
        return NGX_ERROR;
    }

    if (text.len == 0) {
        return NGX_OK;
    }

    n = parse(&text);

    if (n == NGX_ERROR) {
        ngx_log_error(NGX_LOG_ERR, job->log, 0,
                      "coderemote: \"coderemote_lower\" got \"%V\", which is "
                      "no such limit: a job was not run", &text);
        return NGX_ERROR;
    }

    *limit = ngx_min(*limit, (uint64_t) n);

    return NGX_OK;
}


static ngx_int_t
ngx_cr_lower_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal)
{
    uint64_t              timeout;
    ngx_cr_lower_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(job->request,
                                        ngx_http_coderemote_lower_module);

    timeout = job->limits.timeout_ms;

    if (ngx_cr_lower_to(job, conf->timeout, ngx_cr_lower_time, &timeout)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    job->limits.timeout_ms = (uint32_t) timeout;

    return ngx_cr_lower_to(job, conf->memory, ngx_cr_lower_size,
                           &job->limits.memory);
}
