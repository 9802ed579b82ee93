
#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_body.h"


/* Bytes that the kernel takes before they can be sent. */
#define NGX_HTTP_CODEREMOTE_UNSENT  65536


static ngx_int_t ngx_http_coderemote_endpoints_init(ngx_cycle_t *cycle);
static void *ngx_http_coderemote_endpoints_create_conf(ngx_conf_t *cf);
static char *ngx_http_coderemote_endpoints_merge_conf(ngx_conf_t *cf,
    void *parent, void *child);


static ngx_command_t  ngx_http_coderemote_endpoints_commands[] = {

    { ngx_string("coderemote_execute"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_coderemote_endpoint_tree,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      ngx_http_coderemote_execute_handler },

    { ngx_string("coderemote_health"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_coderemote_endpoint,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      ngx_http_coderemote_health_handler },

    { ngx_string("coderemote_runtimes"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_coderemote_endpoint,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      ngx_http_coderemote_runtimes_handler },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_coderemote_endpoints_module_ctx = {
    NULL,                                    /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_http_coderemote_endpoints_create_conf,
                                             /* create location configuration */
    ngx_http_coderemote_endpoints_merge_conf /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_endpoints_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_endpoints_module_ctx,
                                             /* module context */
    ngx_http_coderemote_endpoints_commands,  /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    ngx_http_coderemote_endpoints_init,      /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


/* jansson would draw its seed during the first request, from a file. */

static ngx_int_t
ngx_http_coderemote_endpoints_init(ngx_cycle_t *cycle)
{
    json_object_seed(0);

    return NGX_OK;
}


static void *
ngx_http_coderemote_endpoints_create_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_coderemote_endpoints_conf_t));
}


/*
 * nginx's own limit of a body is there even if nobody set it, and smaller
 * than what fits here; what an operator set stands.
 */

static char *
ngx_http_coderemote_endpoints_merge_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_coderemote_endpoints_conf_t *conf = child;

    off_t                            limit;
    ngx_http_core_loc_conf_t        *clcf;
    ngx_http_coderemote_loc_conf_t  *lcf;

    if (conf->base.data == NULL) {
        return NGX_CONF_OK;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    lcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_coderemote_module);

    limit = ngx_http_coderemote_body_limit(lcf);

    if (clcf->client_max_body_size == 0
        || clcf->client_max_body_size > limit
        || clcf->client_max_body_size == 1024 * 1024)
    {
        clcf->client_max_body_size = limit;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_coderemote_endpoint(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t              *clcf;
    ngx_http_coderemote_main_conf_t       *mcf;
    ngx_http_coderemote_endpoints_conf_t  *ecf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->handler) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "location \"%V\" has another handler already",
                           &clcf->name);
        return NGX_CONF_ERROR;
    }

    clcf->handler = (ngx_http_handler_pt) (uintptr_t) cmd->post;

    ecf = ngx_http_conf_get_module_loc_conf(cf,
                                         ngx_http_coderemote_endpoints_module);
    ecf->endpoint = 1;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_coderemote_module);
    mcf->used = 1;

    return NGX_CONF_OK;
}


char *
ngx_http_coderemote_endpoint_tree(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_uint_t                             prefix;
    ngx_http_core_loc_conf_t              *clcf;
    ngx_http_coderemote_endpoints_conf_t  *ecf;

    ecf = ngx_http_conf_get_module_loc_conf(cf,
                                         ngx_http_coderemote_endpoints_module);
    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    prefix = !clcf->exact_match && !clcf->named && !clcf->noname;

#if (NGX_PCRE)
    prefix = prefix && clcf->regex == NULL;
#endif

    if (!prefix || clcf->name.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" needs a location with a prefix, such as "
                           "\"location /%s\": more is found below it",
                           &cmd->name, cmd->name.data + sizeof("coderemote_")
                                       - 1);
        return NGX_CONF_ERROR;
    }

    ecf->base = clcf->name;

    if (ecf->base.data[ecf->base.len - 1] == '/') {
        ecf->base.len--;
    }

    return ngx_http_coderemote_endpoint(cf, cmd, conf);
}


/*
 * Of what was not yet sent the kernel would take megabytes, and a client would
 * be behind by as much (tcp(7)).  Where the socket knows no such limit, as a
 * Unix one, it is bounded by its buffer.
 */

ngx_int_t
ngx_http_coderemote_live(ngx_http_request_t *r)
{
    int                        unsent;
    ngx_http_core_loc_conf_t  *clcf;

    unsent = NGX_HTTP_CODEREMOTE_UNSENT;

    (void) setsockopt(r->connection->fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT,
                      &unsent, sizeof(int));

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    return clcf->tcp_nodelay ? ngx_tcp_nodelay(r->connection) : NGX_OK;
}
