
/* Tokens that are good no more: coderemote_jwt_deny_file. */

#include "ngx_http_coderemote_jwt.h"


#define NGX_HTTP_CODEREMOTE_JWT_DENY_MAX  (16 * 1024 * 1024)


char *
ngx_http_coderemote_jwt_deny_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_coderemote_jwt_conf_t *jcf = conf;

    ngx_int_t       rc;
    ngx_str_t       *value, name, text;
    ngx_cr_deny_t   *deny;

    if (jcf->rules.deny != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;
    name = value[1];

    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    deny = ngx_palloc(cf->pool, sizeof(ngx_cr_deny_t));

    if (deny == NULL
        || ngx_http_coderemote_jwt_read(cf, "deny", &name,
                                        NGX_HTTP_CODEREMOTE_JWT_DENY_MAX,
                                        &text)
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    rc = ngx_cr_deny_parse(cf->pool, &text, deny);

    ngx_free(text.data);

    if (rc == NGX_DECLINED) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the deny file \"%V\", line %ui: %s", &name,
                           deny->line, deny->error);
    }

    jcf->rules.deny = deny;

    return rc == NGX_OK ? NGX_CONF_OK : NGX_CONF_ERROR;
}
