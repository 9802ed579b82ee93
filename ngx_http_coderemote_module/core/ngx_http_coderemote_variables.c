
#include "ngx_http_coderemote_module.h"

#include <openssl/sha.h>


#define NGX_HTTP_CODEREMOTE_VAR_RUN  0
#define NGX_HTTP_CODEREMOTE_VAR_CPU  1


static ngx_int_t ngx_http_coderemote_variable_text(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_coderemote_variable_status(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_coderemote_variable_user(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_coderemote_variable_sha256(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_coderemote_variable_time(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


static ngx_http_variable_t  ngx_http_coderemote_vars[] = {

    { ngx_string("coderemote_job_id"), NULL,
      ngx_http_coderemote_variable_text,
      offsetof(ngx_http_coderemote_ctx_t, job_id),
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("coderemote_status"), NULL,
      ngx_http_coderemote_variable_status, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("coderemote_error_type"), NULL,
      ngx_http_coderemote_variable_text,
      offsetof(ngx_http_coderemote_ctx_t, error_type),
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("coderemote_runtime"), NULL,
      ngx_http_coderemote_variable_text,
      offsetof(ngx_http_coderemote_ctx_t, runtime),
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("coderemote_analyzer"), NULL,
      ngx_http_coderemote_variable_text,
      offsetof(ngx_http_coderemote_ctx_t, analyzer),
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("coderemote_user"), NULL,
      ngx_http_coderemote_variable_user, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("coderemote_code_sha256"), NULL,
      ngx_http_coderemote_variable_sha256, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("coderemote_run_time"), NULL,
      ngx_http_coderemote_variable_time, NGX_HTTP_CODEREMOTE_VAR_RUN,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("coderemote_cpu_time"), NULL,
      ngx_http_coderemote_variable_time, NGX_HTTP_CODEREMOTE_VAR_CPU,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_http_coderemote_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_coderemote_vars; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static void
ngx_http_coderemote_variable_set(ngx_http_variable_value_t *v, u_char *data,
    size_t len)
{
    v->data = data;
    v->len = len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
}


/* A request without a job or an analysis tells of its last subrequest's. */

static ngx_http_coderemote_ctx_t *
ngx_http_coderemote_variable_ctx(ngx_http_request_t *r)
{
    ngx_http_coderemote_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_coderemote_module);

    return ctx && ctx->last && ctx->job_id.len == 0 && ctx->analyzer.len == 0
           ? ctx->last : ctx;
}


static ngx_int_t
ngx_http_coderemote_variable_text(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t                  *text;
    ngx_http_coderemote_ctx_t  *ctx;

    ctx = ngx_http_coderemote_variable_ctx(r);

    text = ctx ? (ngx_str_t *) ((u_char *) ctx + data) : NULL;

    if (text == NULL || text->len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    ngx_http_coderemote_variable_set(v, text->data, text->len);

    return NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_variable_status(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    const ngx_str_t            *name;
    ngx_http_coderemote_ctx_t  *ctx;

    ctx = ngx_http_coderemote_variable_ctx(r);

    if (ctx == NULL || ctx->job_id.len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    name = ngx_cr_job_status_name(ctx->status);

    ngx_http_coderemote_variable_set(v, name->data, name->len);

    return NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_variable_user(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t  user;

    if (ngx_http_coderemote_user(r, &user) != NGX_OK) {
        return NGX_ERROR;
    }

    if (user.len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    ngx_http_coderemote_variable_set(v, user.data, user.len);

    return NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_variable_sha256(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                      digest[SHA256_DIGEST_LENGTH], *p;
    ngx_http_coderemote_ctx_t  *ctx;

    ctx = ngx_http_coderemote_variable_ctx(r);

    if (ctx == NULL || ctx->code.len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, 2 * SHA256_DIGEST_LENGTH);
    if (p == NULL) {
        return NGX_ERROR;
    }

    SHA256(ctx->code.data, ctx->code.len, digest);
    ngx_hex_dump(p, digest, SHA256_DIGEST_LENGTH);

    ngx_http_coderemote_variable_set(v, p, 2 * SHA256_DIGEST_LENGTH);

    return NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_variable_time(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                     *p;
    uint64_t                    ms;
    ngx_http_coderemote_ctx_t  *ctx;

    ctx = ngx_http_coderemote_variable_ctx(r);

    if (ctx == NULL || !ctx->done) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_INT64_LEN + 4);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ms = (data == NGX_HTTP_CODEREMOTE_VAR_RUN ? ctx->run_us : ctx->cpu_us)
         / 1000;

    ngx_http_coderemote_variable_set(v, p,
                     ngx_sprintf(p, "%uL.%03uL", ms / 1000, ms % 1000) - p);

    return NGX_OK;
}


ngx_http_coderemote_ctx_t *
ngx_http_coderemote_ctx(ngx_http_request_t *r)
{
    ngx_http_coderemote_ctx_t  *ctx, *main;

    ctx = ngx_http_get_module_ctx(r, ngx_http_coderemote_module);

    if (ctx) {
        return ctx;
    }

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_coderemote_ctx_t));
    if (ctx == NULL) {
        return NULL;
    }

    ngx_http_set_ctx(r, ctx, ngx_http_coderemote_module);

    /* both are from the same pool */

    if (r != r->main) {
        main = ngx_http_coderemote_ctx(r->main);

        if (main) {
            main->last = ctx;
        }
    }

    return ctx;
}


ngx_int_t
ngx_http_coderemote_user(ngx_http_request_t *r, ngx_str_t *user)
{
    ngx_http_coderemote_ctx_t       *ctx;
    ngx_http_coderemote_loc_conf_t  *conf;

    /* nginx asks the main request alone who may */

    ctx = ngx_http_get_module_ctx(r->main, ngx_http_coderemote_module);

    if (ctx && ctx->user.len) {
        *user = ctx->user;
        return NGX_OK;
    }

    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_module);

    ngx_str_null(user);

    if (conf->user == NULL) {
        return NGX_OK;
    }

    return ngx_http_complex_value(r, conf->user, user);
}


void
ngx_http_coderemote_owner(ngx_http_request_t *r, const ngx_str_t *user,
    u_char *owner, uint64_t *turn)
{
    u_char      digest[SHA256_DIGEST_LENGTH];
    ngx_str_t  *address;

    if (user->len) {
        SHA256(user->data, user->len, digest);

        ngx_memcpy(owner, digest, NGX_CR_OWNER_SIZE);
        ngx_memcpy(turn, digest + NGX_CR_OWNER_SIZE, sizeof(uint64_t));
        return;
    }

    ngx_memzero(owner, NGX_CR_OWNER_SIZE);

    address = &r->connection->addr_text;

    SHA256(address->data, address->len, digest);
    ngx_memcpy(turn, digest, sizeof(uint64_t));
}
