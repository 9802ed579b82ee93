
/* Tokens that were found good, kept for all workers until they expire. */

#include "ngx_http_coderemote_jwt.h"


#define NGX_HTTP_CODEREMOTE_JWT_CACHE_SIZE  (1024 * 1024)
#define NGX_HTTP_CODEREMOTE_JWT_CACHE_MIN   (8 * ngx_pagesize)


typedef struct {
    ssize_t                size;       /* 0: off */
    ngx_uint_t             used;       /* unsigned  used:1;  somewhere tokens
                                          are wanted */
    ngx_shm_zone_t        *zone;       /* NULL: none */
} ngx_http_coderemote_jwt_cache_conf_t;


static void *ngx_http_coderemote_jwt_cache_create_conf(ngx_conf_t *cf);
static char *ngx_http_coderemote_jwt_cache_set(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_http_coderemote_jwt_cache_add(ngx_conf_t *cf);
static void ngx_http_coderemote_jwt_cache_exit(ngx_cycle_t *cycle);


static ngx_command_t  ngx_http_coderemote_jwt_cache_commands[] = {

    { ngx_string("coderemote_jwt_cache"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_coderemote_jwt_cache_set,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_coderemote_jwt_cache_module_ctx = {
    NULL,                                    /* preconfiguration */
    ngx_http_coderemote_jwt_cache_add,       /* postconfiguration */

    ngx_http_coderemote_jwt_cache_create_conf,
                                             /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    NULL,                                    /* create location configuration */
    NULL                                     /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_jwt_cache_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_jwt_cache_module_ctx,
                                             /* module context */
    ngx_http_coderemote_jwt_cache_commands,  /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    NULL,                                    /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    ngx_http_coderemote_jwt_cache_exit,      /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_http_coderemote_jwt_cache_create_conf(ngx_conf_t *cf)
{
    ngx_http_coderemote_jwt_cache_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_coderemote_jwt_cache_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->size = NGX_CONF_UNSET;

    return conf;
}


static char *
ngx_http_coderemote_jwt_cache_set(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_coderemote_jwt_cache_conf_t *ccf = conf;

    ngx_str_t  *value;

    if (ccf->size != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        ccf->size = 0;
        return NGX_CONF_OK;
    }

    ccf->size = ngx_parse_size(&value[1]);

    if (ccf->size < (ssize_t) NGX_HTTP_CODEREMOTE_JWT_CACHE_MIN) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the size of \"coderemote_jwt_cache\" must be "
                           "\"off\" or a number with k or m, at least %uzk, "
                           "and not \"%V\"",
                           (size_t) NGX_HTTP_CODEREMOTE_JWT_CACHE_MIN / 1024,
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_coderemote_jwt_cache_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_slab_pool_t  *shpool;

    if (data) {
        zone->data = data;
        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (!zone->shm.exists) {
        shpool->data = ngx_cr_token_cache_create(shpool);
    }

    zone->data = shpool->data;

    return zone->data ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_coderemote_jwt_cache_add(ngx_conf_t *cf)
{
    ngx_str_t                              name;
    ngx_http_coderemote_jwt_cache_conf_t  *conf;

    conf = ngx_http_conf_get_module_main_conf(cf,
                                         ngx_http_coderemote_jwt_cache_module);

    if (!conf->used || conf->size == 0) {
        return NGX_OK;
    }

    ngx_str_set(&name, "coderemote_jwt");
    ngx_conf_init_value(conf->size, NGX_HTTP_CODEREMOTE_JWT_CACHE_SIZE);

    conf->zone = ngx_shared_memory_add(cf, &name, conf->size,
                                       &ngx_http_coderemote_jwt_cache_module);
    if (conf->zone == NULL) {
        return NGX_ERROR;
    }

    conf->zone->init = ngx_http_coderemote_jwt_cache_init;

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_jwt_cache_use(ngx_conf_t *cf,
    ngx_http_coderemote_jwt_conf_t *conf)
{
    ngx_http_coderemote_jwt_cache_conf_t  *ccf;

    ccf = ngx_http_conf_get_module_main_conf(cf,
                                         ngx_http_coderemote_jwt_cache_module);
    ccf->used = 1;

    return ngx_cr_jwt_rules_digest(&conf->rules, &conf->user, conf->digest);
}


static void
ngx_http_coderemote_jwt_cache_exit(ngx_cycle_t *cycle)
{
    ngx_cr_jwt_token_digest_exit();
}


ngx_int_t
ngx_http_coderemote_jwt_known(ngx_http_request_t *r,
    ngx_http_coderemote_jwt_conf_t *conf, const ngx_str_t *token,
    ngx_http_coderemote_jwt_seen_t *seen)
{
    EVP_MD_CTX                            *ctx;
    ngx_http_coderemote_jwt_cache_conf_t  *ccf;

    ccf = ngx_http_get_module_main_conf(r,
                                        ngx_http_coderemote_jwt_cache_module);

    seen->cache = NULL;

    if (ccf->zone == NULL || token->len > conf->rules.max_size) {
        return NGX_DECLINED;
    }

    ctx = ngx_cr_jwt_token_digest(conf->digest);

    if (ctx == NULL || !ngx_cr_provider_digest(conf->providers, ctx)
        || ngx_cr_jwt_token_digest_end(ctx, token, seen->digest) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    seen->cache = ccf->zone->data;

    return ngx_cr_token_cache_get(seen->cache, seen->digest, ngx_time(),
                                  &seen->token);
}


void
ngx_http_coderemote_jwt_remember(ngx_http_coderemote_jwt_seen_t *seen,
    const ngx_cr_jwt_t *jwt, const ngx_str_t *user)
{
    ngx_cr_token_t  *token;

    if (seen->cache == NULL) {
        return;
    }

    token = &seen->token;

    ngx_memzero(token, sizeof(ngx_cr_token_t));

    token->from = jwt->from;
    token->until = jwt->until;

    if (user->len <= NGX_CR_TOKEN_USER) {
        ngx_memcpy(token->user, user->data, user->len);
        token->user_len = user->len;
    }

    ngx_cr_token_cache_put(seen->cache, seen->digest, ngx_time(), token);
}
