
/* The directives of tokens. */

#include "ngx_http_coderemote_jwt.h"


#define NGX_HTTP_CODEREMOTE_JWT_FILE_MAX  (1024 * 1024)


static char *ngx_http_coderemote_jwt_set(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_coderemote_jwt_key_file(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_coderemote_jwt_list(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_coderemote_jwt_require(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_coderemote_jwt_set_user(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


static ngx_http_coderemote_range_t  ngx_http_coderemote_jwt_leeway_range = {
    ngx_http_coderemote_check_range, 0, 3600, "from 0 to 1h"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_jwt_size_range = {
    ngx_http_coderemote_check_range, 256, 64 * 1024, "from 256 to 64k"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_jwt_refresh_range = {
    ngx_http_coderemote_check_range, 1, 86400, "from 1s to 1d"
};


#define NGX_HTTP_CODEREMOTE_JWT_ANYWHERE                                      \
    (NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF)


ngx_command_t  ngx_http_coderemote_jwt_commands[] = {

    { ngx_string("coderemote_jwt"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE12,
      ngx_http_coderemote_jwt_set,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_jwt_key_file"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_coderemote_jwt_key_file,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_jwt_deny_file"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_coderemote_jwt_deny_file,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_jwt_key_url"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_coderemote_jwt_key_url,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_jwt_oidc"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_coderemote_jwt_oidc,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_jwt_cognito"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_2MORE,
      ngx_http_coderemote_jwt_cognito,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_jwt_trusted_certificate"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_coderemote_jwt_trusted,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_jwt_key_proxy"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_coderemote_jwt_proxy,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_jwt_key_refresh"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_conf_set_sec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_jwt_conf_t, refresh),
      &ngx_http_coderemote_jwt_refresh_range },

    { ngx_string("coderemote_jwt_issuer"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_coderemote_jwt_list,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_jwt_conf_t, rules.issuers),
      NULL },

    { ngx_string("coderemote_jwt_audience"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_coderemote_jwt_list,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_jwt_conf_t, rules.audiences),
      NULL },

    { ngx_string("coderemote_jwt_require"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_coderemote_jwt_require,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_jwt_leeway"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_conf_set_sec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_jwt_conf_t, rules.leeway),
      &ngx_http_coderemote_jwt_leeway_range },

    { ngx_string("coderemote_jwt_max_size"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_jwt_conf_t, rules.max_size),
      &ngx_http_coderemote_jwt_size_range },

    { ngx_string("coderemote_jwt_user"),
      NGX_HTTP_CODEREMOTE_JWT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_coderemote_jwt_set_user,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


void *
ngx_http_coderemote_jwt_create_conf(ngx_conf_t *cf)
{
    ngx_http_coderemote_jwt_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_coderemote_jwt_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->enable = NGX_CONF_UNSET;
    conf->token = NGX_CONF_UNSET_PTR;
    conf->rules.keys = NGX_CONF_UNSET_PTR;
    conf->rules.deny = NGX_CONF_UNSET_PTR;
    conf->rules.issuers = NGX_CONF_UNSET_PTR;
    conf->rules.audiences = NGX_CONF_UNSET_PTR;
    conf->rules.require = NGX_CONF_UNSET_PTR;
    conf->rules.leeway = NGX_CONF_UNSET;
    conf->rules.max_size = NGX_CONF_UNSET_SIZE;
    conf->named = NGX_CONF_UNSET_PTR;
    conf->refresh = NGX_CONF_UNSET;

    return conf;
}


char *
ngx_http_coderemote_jwt_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_coderemote_jwt_conf_t *prev = parent;
    ngx_http_coderemote_jwt_conf_t *conf = child;

    if (conf->enable == NGX_CONF_UNSET) {
        conf->enable = prev->enable;
        conf->realm = prev->realm;
        conf->token = prev->token;
        conf->file = prev->file;
        conf->line = prev->line;
    }

    ngx_conf_init_value(conf->enable, 0);
    ngx_conf_init_ptr_value(conf->token, NULL);

    ngx_conf_merge_str_value(conf->user, prev->user, "sub");
    ngx_conf_merge_ptr_value(conf->rules.deny, prev->rules.deny, NULL);
    ngx_conf_merge_ptr_value(conf->rules.issuers, prev->rules.issuers, NULL);
    ngx_conf_merge_ptr_value(conf->rules.audiences, prev->rules.audiences,
                             NULL);
    ngx_conf_merge_ptr_value(conf->rules.require, prev->rules.require, NULL);
    ngx_conf_merge_sec_value(conf->rules.leeway, prev->rules.leeway, 30);
    ngx_conf_merge_size_value(conf->rules.max_size, prev->rules.max_size,
                              8192);

    if (ngx_http_coderemote_jwt_merge_keys(cf, prev, conf) != NGX_CONF_OK
        || (conf->enable
            && ngx_http_coderemote_jwt_cache_use(cf, conf) != NGX_OK))
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* What stands in a header between quotes, as it is. */

static ngx_int_t
ngx_http_coderemote_jwt_printable(ngx_conf_t *cf, const char *what,
    ngx_str_t *text)
{
    size_t  i;

    for (i = 0; i < text->len; i++) {
        if (text->data[i] < 0x20 || text->data[i] > 0x7e
            || text->data[i] == '"' || text->data[i] == '\\')
        {
            break;
        }
    }

    if (i < text->len || text->len == 0 || text->len > 64) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "%s \"%V\" must have 1 to 64 characters of ASCII, "
                           "no quotes and no backslash", what, text);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static char *
ngx_http_coderemote_jwt_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_jwt_conf_t *jcf = conf;

    ngx_str_t                         *value, text;
    ngx_http_compile_complex_value_t   ccv;

    if (jcf->enable != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        jcf->enable = 0;
        return cf->args->nelts == 2 ? NGX_CONF_OK : "is off and has a token";
    }

    if (ngx_http_coderemote_jwt_printable(cf, "the realm", &value[1])
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    jcf->enable = 1;
    jcf->realm = value[1];
    jcf->file = cf->conf_file->file.name;
    jcf->line = cf->conf_file->line;

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    if (ngx_strncmp(value[2].data, "token=$", 7) != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid parameter \"%V\": token= with a variable "
                           "is expected, such as token=$cookie_token",
                           &value[2]);
        return NGX_CONF_ERROR;
    }

    text.data = value[2].data + 6;
    text.len = value[2].len - 6;

    jcf->token = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (jcf->token == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &text;
    ccv.complex_value = jcf->token;

    return ngx_http_compile_complex_value(&ccv) == NGX_OK ? NGX_CONF_OK
                                                          : NGX_CONF_ERROR;
}


ngx_int_t
ngx_http_coderemote_jwt_read(ngx_conf_t *cf, const char *what,
    ngx_str_t *name, size_t max, ngx_str_t *text)
{
    ssize_t     n;
    ngx_fd_t    fd;

    text->data = ngx_alloc(max + 1, cf->log);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    text->len = 0;
    n = -1;

    fd = ngx_open_file(name->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd != NGX_INVALID_FILE) {

        do {
            n = ngx_read_fd(fd, text->data + text->len, max + 1 - text->len);
            text->len += ngx_max(n, 0);

        } while (n > 0 && text->len <= max);
    }

    if (n < 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "the %s file \"%V\" cannot be read", what, name);

    } else if (text->len > max) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the %s file \"%V\" has more than %uz MB", what,
                           name, max / (1024 * 1024));
        n = -1;
    }

    if (fd != NGX_INVALID_FILE) {
        (void) ngx_close_file(fd);
    }

    if (n < 0) {
        ngx_free(text->data);
        return NGX_ERROR;
    }

    text->data[text->len] = '\0';

    return NGX_OK;
}


static char *
ngx_http_coderemote_jwt_key_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_coderemote_jwt_conf_t *jcf = conf;

    ngx_int_t       rc;
    ngx_str_t       *value, name, text;
    ngx_uint_t       skipped;
    ngx_cr_keys_t   *keys;

    value = cf->args->elts;
    name = value[1];

    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    keys = jcf->rules.keys;

    if (keys == NGX_CONF_UNSET_PTR) {
        keys = ngx_cr_keys_create(cf->pool);
        jcf->rules.keys = keys;
    }

    if (keys == NULL
        || ngx_http_coderemote_jwt_read(cf, "key", &name,
                                        NGX_HTTP_CODEREMOTE_JWT_FILE_MAX,
                                        &text)
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    skipped = keys->skipped;
    rc = ngx_cr_keys_add(keys, &text, 0);

    ngx_explicit_memzero(text.data, text.len);
    ngx_free(text.data);

    if (rc != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the key file \"%V\": %s",
                           &name, keys->error);
        return NGX_CONF_ERROR;
    }

    if (keys->skipped > skipped) {
        ngx_conf_log_error(NGX_LOG_NOTICE, cf, 0,
                           "the key file \"%V\": %ui keys are not for "
                           "signatures, or unknown, and left out", &name,
                           keys->skipped - skipped);
    }

    return NGX_CONF_OK;
}


/* The arguments from the given one on; NULL: no memory. */

static ngx_array_t *
ngx_http_coderemote_jwt_values(ngx_conf_t *cf, ngx_uint_t first)
{
    ngx_str_t    *value, *copy;
    ngx_uint_t    i;
    ngx_array_t  *values;

    value = cf->args->elts;
    values = ngx_array_create(cf->pool, cf->args->nelts, sizeof(ngx_str_t));

    for (i = first; values && i < cf->args->nelts; i++) {

        copy = ngx_array_push(values);
        if (copy == NULL) {
            return NULL;
        }

        *copy = value[i];
    }

    return values;
}


static char *
ngx_http_coderemote_jwt_list(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t     *value;
    ngx_uint_t     i;
    ngx_array_t  **list;

    list = (ngx_array_t **) ((u_char *) conf + cmd->offset);

    if (*list != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        if (value[i].len == 0) {
            return "has an empty value";
        }
    }

    *list = ngx_http_coderemote_jwt_values(cf, 1);

    return *list ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_http_coderemote_jwt_require(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_coderemote_jwt_conf_t *jcf = conf;

    ngx_str_t             *value;
    ngx_cr_jwt_rules_t    *rules;
    ngx_cr_jwt_require_t  *require;

    value = cf->args->elts;
    rules = &jcf->rules;

    if (ngx_http_coderemote_jwt_printable(cf, "the claim", &value[1])
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (rules->require == NGX_CONF_UNSET_PTR) {
        rules->require = ngx_array_create(cf->pool, 4,
                                          sizeof(ngx_cr_jwt_require_t));
        if (rules->require == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    require = ngx_array_push(rules->require);
    if (require == NULL) {
        return NGX_CONF_ERROR;
    }

    require->name = value[1];
    require->values = NULL;

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    require->values = ngx_http_coderemote_jwt_values(cf, 2);

    return require->values ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_http_coderemote_jwt_set_user(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_coderemote_jwt_conf_t *jcf = conf;

    ngx_str_t  *value;

    if (jcf->user.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_http_coderemote_jwt_printable(cf, "the claim", &value[1])
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    jcf->user = value[1];

    return NGX_CONF_OK;
}
