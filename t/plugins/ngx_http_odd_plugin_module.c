
/*
 * A plug-in that is wrong in the way that the environment's ODD_PLUGIN says,
 * for t/plugins.t; without it, it is right.
 */

#include "ngx_http_coderemote_api.h"


static ngx_int_t ngx_http_odd_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_http_odd_postconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_http_odd_init_module(ngx_cycle_t *cycle);


static ngx_http_module_t  ngx_http_odd_plugin_module_ctx = {
    ngx_http_odd_preconfiguration,           /* preconfiguration */
    ngx_http_odd_postconfiguration,          /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    NULL,                                    /* create location configuration */
    NULL                                     /* merge location configuration */
};


ngx_module_t  ngx_http_odd_plugin_module = {
    NGX_MODULE_V1,
    &ngx_http_odd_plugin_module_ctx,         /* module context */
    NULL,                                    /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    ngx_http_odd_init_module,                /* init module */
    NULL,                                    /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


/* What nginx's build system would write. */

ngx_module_t  *ngx_modules[] = { &ngx_http_odd_plugin_module, NULL };
char          *ngx_module_names[] = { "ngx_http_odd_plugin_module", NULL };
char          *ngx_module_order[] = { NULL };


static ngx_uint_t
ngx_http_odd_is(const char *how)
{
    const char  *wanted;

    wanted = getenv("ODD_PLUGIN");

    return wanted != NULL && ngx_strcmp(wanted, how) == 0;
}


static ngx_int_t
ngx_http_odd_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal)
{
    return NGX_OK;
}


static void
ngx_http_odd_status(ngx_http_request_t *r, ngx_cr_analyzer_status_t *status)
{
    ngx_str_set(&status->provider, "odd");
    ngx_str_set(&status->reason, "It is odd.");
}


static ngx_int_t
ngx_http_odd_start(ngx_cr_analysis_t *a)
{
    return NGX_ERROR;
}


static void
ngx_http_odd_cancel(ngx_cr_analysis_t *a)
{
}


static ngx_int_t
ngx_http_odd_analyzer(ngx_conf_t *cf)
{
    ngx_cr_analyzer_t  analyzer = {
        NGX_CR_API_HEAD(ngx_cr_analyzer_t),
        ngx_string("odd"),
        ngx_http_odd_status,
        ngx_http_odd_start,
        ngx_http_odd_cancel,
        0
    };

    if (ngx_http_odd_is("builtin")) {
        ngx_str_set(&analyzer.name, "builtin");

    } else if (ngx_http_odd_is("function")) {
        analyzer.cancel = NULL;
    }

    return ngx_http_coderemote_register_analyzer(cf, &analyzer);
}


static ngx_int_t
ngx_http_odd_policy(ngx_conf_t *cf)
{
    ngx_cr_policy_t  policy = {
        NGX_CR_API_HEAD(ngx_cr_policy_t),
        ngx_string("odd"),
        0,
        ngx_http_odd_admit,
        NULL,
        NULL,
        NULL
    };

    if (ngx_http_odd_is("version")) {
        policy.head.version++;

    } else if (ngx_http_odd_is("larger")) {
        policy.head.size += sizeof(void *);

    } else if (ngx_http_odd_is("smaller")) {
        policy.head.size = offsetof(ngx_cr_policy_t, finish);

    } else if (ngx_http_odd_is("older")) {
        policy.head.size = offsetof(ngx_cr_policy_t, started);

    } else if (ngx_http_odd_is("nameless")) {
        ngx_str_null(&policy.name);

    } else if (ngx_http_odd_is("idle")) {
        policy.admit = NULL;

    } else if (ngx_http_odd_is("twice")
               && ngx_http_coderemote_register_policy(cf, &policy) != NGX_OK)
    {
        return NGX_OK;
    }

    return ngx_http_coderemote_register_policy(cf, &policy);
}


static ngx_int_t
ngx_http_odd_runtime(ngx_conf_t *cf)
{
    ngx_cr_runtime_t  runtime = {
        NGX_CR_API_HEAD(ngx_cr_runtime_t),
        ngx_string("odd"),
        ngx_string("Odd"),
        NULL,
        ngx_string(".odd"),
        ngx_string("text/x-odd")
    };

    static const ngx_str_t  aliases[] = { ngx_string("strange"),
                                          ngx_string("ODD"),
                                          ngx_null_string };

    if (ngx_http_odd_is("alias")) {
        if (ngx_http_coderemote_register_runtime(cf, &runtime) != NGX_OK) {
            return NGX_OK;
        }

        ngx_str_set(&runtime.name, "even");
        runtime.aliases = aliases;
    }

    return ngx_http_coderemote_register_runtime(cf, &runtime);
}


static ngx_int_t
ngx_http_odd_preconfiguration(ngx_conf_t *cf)
{
    if (ngx_http_odd_is("late") || ngx_http_odd_is("last")) {
        return NGX_OK;
    }

    if (ngx_http_odd_policy(cf) != NGX_OK
        || ngx_http_odd_analyzer(cf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_odd_runtime(cf);
}


static ngx_int_t
ngx_http_odd_postconfiguration(ngx_conf_t *cf)
{
    return ngx_http_odd_is("late") ? ngx_http_odd_policy(cf) : NGX_OK;
}


static ngx_int_t
ngx_http_odd_init_module(ngx_cycle_t *cycle)
{
    return ngx_http_odd_is("last") ? ngx_http_odd_policy(NULL) : NGX_OK;
}
