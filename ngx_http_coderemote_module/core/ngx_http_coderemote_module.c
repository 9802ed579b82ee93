
#include "ngx_http_coderemote_module.h"

#include "ngx_cr_curl.h"
#include "ngx_cr_doorbell.h"
#include "ngx_cr_job.h"
#include "ngx_cr_shm_store.h"
#include "ngx_cr_spawn.h"


#define NGX_HTTP_CODEREMOTE_ZONE_SIZE   (128 * 1024 * 1024)
#define NGX_HTTP_CODEREMOTE_QUEUE       512
#define NGX_HTTP_CODEREMOTE_JOB_TTL     600     /* seconds */


static ngx_int_t ngx_http_coderemote_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_http_coderemote_postconfiguration(ngx_conf_t *cf);
static void *ngx_http_coderemote_create_main_conf(ngx_conf_t *cf);
static ngx_int_t ngx_http_coderemote_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_coderemote_init_process(ngx_cycle_t *cycle);
static void ngx_http_coderemote_exit_process(ngx_cycle_t *cycle);
static void ngx_http_coderemote_exit_master(ngx_cycle_t *cycle);


static ngx_http_module_t  ngx_http_coderemote_module_ctx = {
    ngx_http_coderemote_preconfiguration,    /* preconfiguration */
    ngx_http_coderemote_postconfiguration,   /* postconfiguration */

    ngx_http_coderemote_create_main_conf,    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_http_coderemote_create_loc_conf,     /* create location configuration */
    ngx_http_coderemote_merge_loc_conf       /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_module_ctx,         /* module context */
    ngx_http_coderemote_commands,            /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    ngx_http_coderemote_init_module,         /* init module */
    ngx_http_coderemote_init_process,        /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    ngx_http_coderemote_exit_process,        /* exit process */
    ngx_http_coderemote_exit_master,         /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_coderemote_preconfiguration(ngx_conf_t *cf)
{
    if (ngx_cr_shm_store_register(cf) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_coderemote_add_variables(cf);
}


static ngx_int_t
ngx_http_coderemote_postconfiguration(ngx_conf_t *cf)
{
    ngx_str_t                         name;
    ngx_http_coderemote_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_coderemote_module);

    ngx_cr_registry_freeze(mcf->registry);

    ngx_conf_init_value(mcf->queue, NGX_HTTP_CODEREMOTE_QUEUE);
    ngx_conf_init_value(mcf->job_ttl, NGX_HTTP_CODEREMOTE_JOB_TTL);

    if (mcf->sandbox.path.data == NULL) {
        ngx_str_set(&mcf->sandbox.path, NGX_HTTP_CODEREMOTE_SOCKET);
        ngx_str_set(&mcf->sandbox.helper, NGX_HTTP_CODEREMOTE_HELPER);
    }

    /* loaded and not used, the module takes neither memory nor a socket */

    if (!mcf->used) {
        return NGX_OK;
    }

    if (mcf->zone == NULL) {
        ngx_str_set(&name, "coderemote");

        mcf->zone = ngx_cr_zone_add(cf, &name, NGX_HTTP_CODEREMOTE_ZONE_SIZE);
        if (mcf->zone == NULL) {
            return NGX_ERROR;
        }
    }

    ngx_str_set(&name, "shm");

    mcf->store = ngx_cr_registry_store(mcf->registry, &name);

    return mcf->store ? NGX_OK : NGX_ERROR;
}


static void *
ngx_http_coderemote_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_coderemote_main_conf_t  *mcf;

    mcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_coderemote_main_conf_t));
    if (mcf == NULL) {
        return NULL;
    }

    mcf->registry = ngx_cr_registry_create(cf);
    if (mcf->registry == NULL) {
        return NULL;
    }

    mcf->queue = NGX_CONF_UNSET;
    mcf->job_ttl = NGX_CONF_UNSET;

    return mcf;
}


static ngx_http_coderemote_main_conf_t *
ngx_http_coderemote_used(ngx_cycle_t *cycle)
{
    ngx_http_coderemote_main_conf_t  *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle,
                                              ngx_http_coderemote_module);

    return (mcf && mcf->used) ? mcf : NULL;
}


static ngx_int_t
ngx_http_coderemote_init_module(ngx_cycle_t *cycle)
{
    ngx_core_conf_t                  *ccf;
    ngx_http_coderemote_main_conf_t  *mcf;

    mcf = ngx_http_coderemote_used(cycle);

    if (ngx_cr_doorbell_init_module(cycle, mcf ? mcf->zone : NULL) != NGX_OK) {
        return NGX_ERROR;
    }

    if (mcf == NULL || mcf->sandbox.external) {
        ngx_cr_spawn_unlisten(cycle);
        return NGX_OK;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    return ngx_cr_spawn_listen(cycle, &mcf->sandbox.path, ccf->user)
               == NGX_ERROR
           ? NGX_ERROR : NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_init_process(ngx_cycle_t *cycle)
{
    ngx_cr_store_conf_t               conf;
    ngx_http_coderemote_main_conf_t  *mcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    mcf = ngx_http_coderemote_used(cycle);

    if (mcf == NULL) {
        return NGX_OK;
    }

    if (ngx_cr_doorbell_init_process(cycle, mcf->zone) != NGX_OK) {
        return NGX_ERROR;
    }

    conf.head.version = NGX_CR_API_VERSION;
    conf.head.size = sizeof(ngx_cr_store_conf_t);
    conf.zone = mcf->zone;
    conf.ttl = mcf->job_ttl;

    if (mcf->store->init_worker(cycle, &conf) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_cr_job_init(cycle, mcf->registry, mcf->store, &mcf->sandbox);
}


static void
ngx_http_coderemote_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_coderemote_main_conf_t  *mcf;

    ngx_cr_curl_exit();

    if (ngx_cr_job_store() == NULL) {
        return;
    }

    mcf = ngx_http_coderemote_used(cycle);

    ngx_cr_job_exit();

    if (mcf->store->exit_worker) {
        mcf->store->exit_worker(cycle);
    }

    ngx_cr_doorbell_exit_process(cycle);
}


static void
ngx_http_coderemote_exit_master(ngx_cycle_t *cycle)
{
    ngx_cr_spawn_unlisten(cycle);
    ngx_cr_doorbell_exit_master(cycle);
}
