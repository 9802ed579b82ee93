
/* The directives of keys that a provider publishes. */

#include "ngx_http_coderemote_jwt.h"
#include "ngx_cr_curl.h"

#include <openssl/err.h>
#include <openssl/pem.h>


#define NGX_HTTP_CODEREMOTE_JWT_REFRESH  3600       /* seconds */

#define NGX_HTTP_CODEREMOTE_JWT_REGION   32
#define NGX_HTTP_CODEREMOTE_JWT_POOL     64
#define NGX_HTTP_CODEREMOTE_JWT_CLIENT   128


/* A provider as it stands there. */

typedef struct {
    ngx_str_t      url;
    ngx_uint_t     discover;      /* unsigned  discover:1; */
    ngx_array_t   *issuers;       /* as in ngx_cr_provider_t */
    ngx_array_t   *clients;
    ngx_str_t      directive;
    ngx_str_t      file;
    ngx_uint_t     line;
} ngx_http_coderemote_jwt_named_t;


typedef struct {
    ngx_array_t   *sources;       /* of ngx_cr_jwks_t * */
} ngx_http_coderemote_jwt_keys_conf_t;


static void *ngx_http_coderemote_jwt_keys_create_conf(ngx_conf_t *cf);
static ngx_int_t ngx_http_coderemote_jwt_keys_start(ngx_cycle_t *cycle);
static void ngx_http_coderemote_jwt_keys_exit(ngx_cycle_t *cycle);


/* The directives are those of tokens; what they name is asked from here. */

static ngx_http_module_t  ngx_http_coderemote_jwt_keys_module_ctx = {
    NULL,                                    /* preconfiguration */
    NULL,                                    /* postconfiguration */

    ngx_http_coderemote_jwt_keys_create_conf,
                                             /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    NULL,                                    /* create location configuration */
    NULL                                     /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_jwt_keys_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_jwt_keys_module_ctx,
                                             /* module context */
    NULL,                                    /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    ngx_http_coderemote_jwt_keys_start,      /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    ngx_http_coderemote_jwt_keys_exit,       /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_http_coderemote_jwt_keys_create_conf(ngx_conf_t *cf)
{
    ngx_http_coderemote_jwt_keys_conf_t  *kcf;

    kcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_coderemote_jwt_keys_conf_t));
    if (kcf == NULL) {
        return NULL;
    }

    kcf->sources = ngx_array_create(cf->pool, 2, sizeof(ngx_cr_jwks_t *));

    return kcf->sources ? kcf : NULL;
}


static ngx_int_t
ngx_http_coderemote_jwt_keys_start(ngx_cycle_t *cycle)
{
    ngx_http_coderemote_jwt_keys_conf_t  *kcf;

    kcf = ngx_http_cycle_get_module_main_conf(cycle,
                                         ngx_http_coderemote_jwt_keys_module);

    if (kcf == NULL || (ngx_process != NGX_PROCESS_WORKER
                        && ngx_process != NGX_PROCESS_SINGLE))
    {
        return NGX_OK;
    }

    return ngx_cr_jwks_init(cycle, kcf->sources);
}


static void
ngx_http_coderemote_jwt_keys_exit(ngx_cycle_t *cycle)
{
    ngx_http_coderemote_jwt_keys_conf_t  *kcf;

    kcf = ngx_http_cycle_get_module_main_conf(cycle,
                                         ngx_http_coderemote_jwt_keys_module);
    if (kcf) {
        ngx_cr_jwks_exit(kcf->sources);
    }
}


static ngx_http_coderemote_jwt_named_t *
ngx_http_coderemote_jwt_name(ngx_conf_t *cf,
    ngx_http_coderemote_jwt_conf_t *jcf)
{
    ngx_str_t                        *value;
    ngx_http_coderemote_jwt_named_t  *named;

    if (jcf->named == NGX_CONF_UNSET_PTR) {
        jcf->named = ngx_array_create(cf->pool, 2,
                                      sizeof(ngx_http_coderemote_jwt_named_t));
        if (jcf->named == NULL) {
            return NULL;
        }
    }

    if (jcf->named->nelts == NGX_CR_PROVIDERS_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "there are more than %d providers here: make "
                           "locations of their own for some of them",
                           NGX_CR_PROVIDERS_MAX);
        return NULL;
    }

    named = ngx_array_push(jcf->named);
    if (named == NULL) {
        return NULL;
    }

    value = cf->args->elts;

    ngx_memzero(named, sizeof(ngx_http_coderemote_jwt_named_t));

    named->directive = value[0];
    named->url = value[1];
    named->file = cf->conf_file->file.name;
    named->line = cf->conf_file->line;

    return named;
}


/* One value, or those of the directive from there on; NULL: no memory. */

static ngx_array_t *
ngx_http_coderemote_jwt_array(ngx_conf_t *cf, ngx_str_t *value, ngx_uint_t n)
{
    ngx_str_t    *copy;
    ngx_array_t  *array;

    array = ngx_array_create(cf->pool, n, sizeof(ngx_str_t));
    copy = array ? ngx_array_push_n(array, n) : NULL;

    if (copy == NULL) {
        return NULL;
    }

    ngx_memcpy(copy, value, n * sizeof(ngx_str_t));

    return array;
}


char *
ngx_http_coderemote_jwt_key_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    return ngx_http_coderemote_jwt_name(cf, conf) ? NGX_CONF_OK
                                                  : NGX_CONF_ERROR;
}


char *
ngx_http_coderemote_jwt_oidc(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_jwt_named_t  *named;

    named = ngx_http_coderemote_jwt_name(cf, conf);
    if (named == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_strlchr(named->url.data, named->url.data + named->url.len, '?')) {
        return "has a \"?\" in it, which an issuer has not";
    }

    named->discover = 1;
    named->issuers = ngx_http_coderemote_jwt_array(cf, &named->url, 1);

    return named->issuers ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* Nothing but letters, digits and those of more. */

static ngx_uint_t
ngx_http_coderemote_jwt_plain(const ngx_str_t *text, const char *more,
    size_t max)
{
    u_char  c;
    size_t  i;

    for (i = 0; i < text->len; i++) {
        c = text->data[i];

        if ((c < '0' || c > '9') && (ngx_tolower(c) < 'a'
                                     || ngx_tolower(c) > 'z')
            && ngx_strchr(more, c) == NULL)
        {
            return 0;
        }
    }

    return text->len && text->len <= max;
}


/* eu-central-1, and eu-central-1_ with letters and digits */

static ngx_int_t
ngx_http_coderemote_jwt_pool(ngx_conf_t *cf, ngx_str_t *region,
    ngx_str_t *pool)
{
    u_char  last;

    last = region->len ? region->data[region->len - 1] : 0;

    if (!ngx_http_coderemote_jwt_plain(region, "-",
                                       NGX_HTTP_CODEREMOTE_JWT_REGION)
        || ngx_strlchr(region->data, region->data + region->len, '-') == NULL
        || region->data[0] == '-' || last < '0' || last > '9')
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is no region of AWS: it looks like "
                           "eu-central-1", region);
        return NGX_ERROR;
    }

    if (!ngx_http_coderemote_jwt_plain(pool, "-_",
                                       NGX_HTTP_CODEREMOTE_JWT_POOL)
        || pool->len < region->len + 2
        || ngx_strncmp(pool->data, region->data, region->len) != 0
        || pool->data[region->len] != '_'
        || ngx_strlchr(pool->data + region->len + 1, pool->data + pool->len,
                       '_'))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is no user pool of the region %V: its id "
                           "looks like %V_aBcD12345", pool, region, region);
        return NGX_ERROR;
    }

    return NGX_OK;
}


char *
ngx_http_coderemote_jwt_cognito(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    u_char                           *p;
    ngx_str_t                        *value, issuer, url;
    ngx_uint_t                        i, n;
    ngx_http_coderemote_jwt_named_t  *named;

    value = cf->args->elts;
    n = cf->args->nelts;

    if (ngx_http_coderemote_jwt_pool(cf, &value[1], &value[2]) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (n == 3) {
        return "needs the ids of its clients behind the pool: a pool may have "
               "clients of other services, too";
    }

    for (i = 3; i < n; i++) {
        if (!ngx_http_coderemote_jwt_plain(&value[i], "_+",
                                           NGX_HTTP_CODEREMOTE_JWT_CLIENT))
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is no id of a client: it has letters "
                               "and digits alone", &value[i]);
            return NGX_CONF_ERROR;
        }
    }

    url.len = sizeof("https://cognito-idp..amazonaws.com/"
                     "/.well-known/jwks.json") - 1
              + value[1].len + value[2].len;
    url.data = ngx_pnalloc(cf->pool, url.len);

    named = ngx_http_coderemote_jwt_name(cf, conf);

    if (url.data == NULL || named == NULL) {
        return NGX_CONF_ERROR;
    }

    p = ngx_sprintf(url.data, "https://cognito-idp.%V.amazonaws.com/%V",
                    &value[1], &value[2]);

    issuer.data = url.data;
    issuer.len = p - url.data;

    ngx_memcpy(p, "/.well-known/jwks.json",
               sizeof("/.well-known/jwks.json") - 1);

    named->url = url;
    named->issuers = ngx_http_coderemote_jwt_array(cf, &issuer, 1);
    named->clients = ngx_http_coderemote_jwt_array(cf, &value[3], n - 3);

    return named->issuers && named->clients ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* A file that has a certificate is the one that is meant. */

char *
ngx_http_coderemote_jwt_trusted(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_jwt_conf_t *jcf = conf;

    BIO        *bio;
    X509       *x509;
    ngx_str_t  *value, name;

    if (jcf->trusted.data) {
        return "is duplicate";
    }

    value = cf->args->elts;
    name = value[1];

    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    ngx_set_errno(0);
    bio = BIO_new_file((char *) name.data, "r");

    if (bio == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "the certificates in \"%V\" cannot be read", &name);
        ERR_clear_error();
        return NGX_CONF_ERROR;
    }

    x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    X509_free(x509);
    BIO_free(bio);
    ERR_clear_error();

    if (x509 == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" has no certificate in PEM, with \"BEGIN "
                           "CERTIFICATE\"", &name);
        return NGX_CONF_ERROR;
    }

    jcf->trusted = name;

    return NGX_CONF_OK;
}


char *
ngx_http_coderemote_jwt_proxy(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_jwt_conf_t *jcf = conf;

    ngx_str_t   *value;
    ngx_uint_t   local;
    const char  *wrong;

    if (jcf->proxy.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        ngx_str_set(&jcf->proxy, "");
        return NGX_CONF_OK;
    }

    /* whether there is a resolver is known later */

    wrong = ngx_cr_curl_url(&value[1], 1, &local);

    if (wrong) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the proxy \"%V\" %s",
                           &value[1], wrong);
        return NGX_CONF_ERROR;
    }

    jcf->proxy = value[1];

    return NGX_CONF_OK;
}


/* --- what is known when all has been read */


static char *
ngx_http_coderemote_jwt_wrong(ngx_conf_t *cf,
    ngx_http_coderemote_jwt_named_t *named, const char *wrong)
{
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"%V\": \"%V\" %s in %V:%ui",
                  &named->directive, &named->url, wrong, &named->file,
                  named->line);

    return NGX_CONF_ERROR;
}


static char *
ngx_http_coderemote_jwt_check_url(ngx_conf_t *cf,
    ngx_http_coderemote_jwt_named_t *named, ngx_cr_jwks_conf_t *source)
{
    ngx_uint_t   local, proxied;
    const char  *wrong;

    proxied = source->proxy.len != 0;

    if (proxied) {
        wrong = ngx_cr_curl_url(&source->proxy, source->resolver != NULL,
                                &local);
        if (wrong) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"coderemote_jwt_key_proxy\": \"%V\" %s; \"%V\" "
                          "wants it in %V:%ui", &source->proxy, wrong,
                          &named->directive, &named->file, named->line);
            return NGX_CONF_ERROR;
        }
    }

    wrong = ngx_cr_curl_url(&named->url, source->resolver || proxied, &local);

    if (wrong) {
        return ngx_http_coderemote_jwt_wrong(cf, named, wrong);
    }

    if (!local
        && ngx_strncasecmp(named->url.data, (u_char *) "https:", 6) != 0)
    {
        return ngx_http_coderemote_jwt_wrong(cf, named,
                   "must begin with https://, for whoever stands in between "
                   "could give keys of his own; http:// is for this machine "
                   "alone");
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_coderemote_jwt_provider(ngx_conf_t *cf,
    ngx_http_coderemote_jwt_conf_t *conf,
    ngx_http_coderemote_jwt_named_t *named)
{
    ngx_cr_provider_t                    *provider;
    ngx_cr_jwks_conf_t                    source;
    ngx_http_core_loc_conf_t             *clcf;
    ngx_http_coderemote_jwt_keys_conf_t  *kcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    kcf = ngx_http_conf_get_module_main_conf(cf,
                                         ngx_http_coderemote_jwt_keys_module);

    source.url = named->url;
    source.discover = named->discover;
    source.trusted = conf->trusted;
    source.proxy = conf->proxy;
    source.refresh = conf->refresh;
    source.resolver = clcf->resolver->connections.nelts ? clcf->resolver
                                                        : NULL;
    source.resolver_timeout = clcf->resolver_timeout;

    if (ngx_http_coderemote_jwt_check_url(cf, named, &source) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    provider = ngx_array_push(conf->providers);
    if (provider == NULL) {
        return NGX_CONF_ERROR;
    }

    provider->issuers = named->issuers;
    provider->clients = named->clients;
    provider->jwks = ngx_cr_jwks_add(cf, kcf->sources, &source);

    return provider->jwks && ngx_cr_provider_name(provider) == NGX_OK
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_coderemote_jwt_merge_keys(ngx_conf_t *cf,
    ngx_http_coderemote_jwt_conf_t *prev, ngx_http_coderemote_jwt_conf_t *conf)
{
    ngx_uint_t                        i;
    ngx_http_coderemote_jwt_named_t  *named;

    /* all that a level says of keys takes the place of what is above it */

    if (conf->rules.keys == NGX_CONF_UNSET_PTR
        && conf->named == NGX_CONF_UNSET_PTR)
    {
        conf->rules.keys = prev->rules.keys;
        conf->named = prev->named;
    }

    ngx_conf_init_ptr_value(conf->rules.keys, NULL);
    ngx_conf_init_ptr_value(conf->named, NULL);

    ngx_conf_merge_str_value(conf->trusted, prev->trusted, "");
    ngx_conf_merge_str_value(conf->proxy, prev->proxy, "");
    ngx_conf_merge_sec_value(conf->refresh, prev->refresh,
                             NGX_HTTP_CODEREMOTE_JWT_REFRESH);

    if (!conf->enable) {
        return NGX_CONF_OK;
    }

    /* the parser is past it already */

    if (conf->rules.keys == NULL && conf->named == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"coderemote_jwt\" has no keys: name them by "
                      "\"coderemote_jwt_key_file\", \"coderemote_jwt_oidc\" "
                      "or another beside or above it in %V:%ui",
                      &conf->file, conf->line);
        return NGX_CONF_ERROR;
    }

    if (conf->named == NULL) {
        return NGX_CONF_OK;
    }

    conf->providers = ngx_array_create(cf->pool, conf->named->nelts,
                                       sizeof(ngx_cr_provider_t));
    if (conf->providers == NULL) {
        return NGX_CONF_ERROR;
    }

    named = conf->named->elts;

    for (i = 0; i < conf->named->nelts; i++) {
        if (ngx_http_coderemote_jwt_provider(cf, conf, &named[i])
            != NGX_CONF_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}
