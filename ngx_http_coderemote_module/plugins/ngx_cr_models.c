
/*
 * Analyzers that ask a language model over HTTP: `gemini`, and `openai` for
 * all servers that speak its chat/completions.
 */

#include "ngx_cr_models.h"


static ngx_int_t ngx_cr_models_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_cr_models_init_process(ngx_cycle_t *cycle);
static void ngx_cr_models_gemini_status(ngx_http_request_t *r,
    ngx_cr_analyzer_status_t *status);
static ngx_int_t ngx_cr_models_gemini_start(ngx_cr_analysis_t *a);
static void ngx_cr_models_openai_status(ngx_http_request_t *r,
    ngx_cr_analyzer_status_t *status);
static ngx_int_t ngx_cr_models_openai_start(ngx_cr_analysis_t *a);


static ngx_http_module_t  ngx_http_coderemote_models_module_ctx = {
    ngx_cr_models_preconfiguration,          /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_cr_models_create_conf,               /* create location configuration */
    ngx_cr_models_merge_conf                 /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_models_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_models_module_ctx,  /* module context */
    ngx_cr_models_commands,                  /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    ngx_cr_models_init_process,              /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


/* In the order of ngx_cr_models_wire(). */

static ngx_cr_analyzer_t  ngx_cr_models_analyzers[NGX_CR_MODELS_WIRES] = {

    { NGX_CR_API_HEAD(ngx_cr_analyzer_t),
      ngx_string("gemini"),
      ngx_cr_models_gemini_status,
      ngx_cr_models_gemini_start,
      ngx_cr_models_cancel,
      0 },

    { NGX_CR_API_HEAD(ngx_cr_analyzer_t),
      ngx_string("openai"),
      ngx_cr_models_openai_status,
      ngx_cr_models_openai_start,
      ngx_cr_models_cancel,
      0 }
};


const ngx_cr_wire_t *
ngx_cr_models_wire(ngx_uint_t n)
{
    return n == 0 ? &ngx_cr_wire_gemini : &ngx_cr_wire_openai;
}


static ngx_int_t
ngx_cr_models_preconfiguration(ngx_conf_t *cf)
{
    ngx_uint_t  n;

    for (n = 0; n < NGX_CR_MODELS_WIRES; n++) {

        if (ngx_http_coderemote_register_analyzer(cf,
                                                  &ngx_cr_models_analyzers[n])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_models_init_process(ngx_cycle_t *cycle)
{
    /* a single process will have to read the configuration again */

    if (ngx_process == NGX_PROCESS_WORKER) {
        ngx_cr_models_key_forget();
    }

    return NGX_OK;
}


static void
ngx_cr_models_status(ngx_http_request_t *r, ngx_uint_t n,
    ngx_cr_analyzer_status_t *status)
{
    ngx_cr_models_end_e    end;
    const ngx_cr_wire_t   *wire;
    ngx_cr_models_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_models_module);
    wire = ngx_cr_models_wire(n);
    end = ngx_cr_models_look(conf, &conf->state[n]);

    status->available = (end == NGX_CR_MODELS_OK);
    status->provider = wire->name;
    status->model = conf->model.len ? conf->model : wire->model;
    status->identity = conf->identity[n];

    if (!status->available) {
        status->reason = ngx_cr_models_end(end)->text;
    }
}


static void
ngx_cr_models_gemini_status(ngx_http_request_t *r,
    ngx_cr_analyzer_status_t *status)
{
    ngx_cr_models_status(r, 0, status);
}


static ngx_int_t
ngx_cr_models_gemini_start(ngx_cr_analysis_t *a)
{
    return ngx_cr_models_start(a, 0);
}


static void
ngx_cr_models_openai_status(ngx_http_request_t *r,
    ngx_cr_analyzer_status_t *status)
{
    ngx_cr_models_status(r, 1, status);
}


static ngx_int_t
ngx_cr_models_openai_start(ngx_cr_analysis_t *a)
{
    return ngx_cr_models_start(a, 1);
}
