
#include "ngx_http_coderemote_jwt.h"
#include "ngx_cr_metrics.h"


#define NGX_HTTP_CODEREMOTE_JWT_CLAIM  "coderemote_jwt_claim_"

/* Seconds; a claim may say more than a time can. */
#define NGX_HTTP_CODEREMOTE_JWT_EVER   1e12


/*
 * What is known of a request.  It hangs on the pool, too: an internal redirect
 * takes the contexts away, but not the token out of a log or its claims.
 */

typedef struct {
    ngx_str_t    hidden;      /* what was taken out of the request's line */
    ngx_str_t    token;       /* len 0: of nobody, or the claims are there */
    json_t      *claims;      /* NULL: not asked for yet */
    time_t       until;       /* 0: of nobody */

    ngx_http_coderemote_jwt_wait_t  wait;
} ngx_http_coderemote_jwt_ctx_t;


static ngx_int_t ngx_http_coderemote_jwt_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_http_coderemote_jwt_postconfiguration(ngx_conf_t *cf);


static ngx_http_module_t  ngx_http_coderemote_jwt_module_ctx = {
    ngx_http_coderemote_jwt_preconfiguration,  /* preconfiguration */
    ngx_http_coderemote_jwt_postconfiguration, /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_http_coderemote_jwt_create_conf,     /* create location configuration */
    ngx_http_coderemote_jwt_merge_conf       /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_jwt_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_jwt_module_ctx,     /* module context */
    ngx_http_coderemote_jwt_commands,        /* module directives */
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


static void
ngx_http_coderemote_jwt_cleanup(void *data)
{
    ngx_http_coderemote_jwt_ctx_t *ctx = data;

    json_decref(ctx->claims);
    ctx->claims = NULL;
    ctx->token.len = 0;
    ctx->until = 0;
}


/* NULL: there is none. */

static ngx_http_coderemote_jwt_ctx_t *
ngx_http_coderemote_jwt_find(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t             *cln;
    ngx_http_coderemote_jwt_ctx_t  *ctx;

    r = r->main;
    ctx = ngx_http_get_module_ctx(r, ngx_http_coderemote_jwt_module);

    if (ctx || (!r->internal && !r->filter_finalize)) {
        return ctx;
    }

    for (cln = r->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_http_coderemote_jwt_cleanup) {
            return cln->data;
        }
    }

    return NULL;
}


/* NULL: no memory. */

static ngx_http_coderemote_jwt_ctx_t *
ngx_http_coderemote_jwt_get(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t             *cln;
    ngx_http_coderemote_jwt_ctx_t  *ctx;

    ctx = ngx_http_coderemote_jwt_find(r);

    if (ctx) {
        return ctx;
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_coderemote_jwt_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    ctx = cln->data;
    ngx_memzero(ctx, sizeof(ngx_http_coderemote_jwt_ctx_t));

    cln->handler = ngx_http_coderemote_jwt_cleanup;
    ngx_http_set_ctx(r, ctx, ngx_http_coderemote_jwt_module);

    return ctx;
}


/* Before any phase where somebody would log the request's line. */

static ngx_int_t
ngx_http_coderemote_jwt_rewrite(ngx_http_request_t *r)
{
    ngx_http_coderemote_jwt_ctx_t   *ctx;
    ngx_http_coderemote_jwt_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_jwt_module);

    if (!conf->enable || r != r->main || r->args.len == 0) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_coderemote_jwt_get(r);

    if (ctx == NULL
        || ngx_http_coderemote_jwt_hide_args(r, &ctx->hidden) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_DECLINED;
}


/* RFC 6750, section 3.  why NULL: there was no token. */

static ngx_int_t
ngx_http_coderemote_jwt_refuse(ngx_http_request_t *r, ngx_uint_t status,
    const u_char *why)
{
    u_char                          *p;
    size_t                           size;
    const char                      *error;
    ngx_table_elt_t                 *h;
    ngx_http_coderemote_jwt_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_jwt_module);

    error = status == NGX_HTTP_FORBIDDEN ? "insufficient_scope"
                                         : "invalid_token";

    size = sizeof("Bearer realm=\"\", error=\"insufficient_scope\", "
                  "error_description=\"\"")
           + conf->realm.len + NGX_CR_JWT_WHY;

    h = ngx_list_push(&r->headers_out.headers);
    p = ngx_pnalloc(r->pool, size);

    if (h == NULL || p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* later versions of nginx have a link in it */

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    ngx_str_set(&h->key, "WWW-Authenticate");
    h->value.data = p;

    p = ngx_sprintf(p, "Bearer realm=\"%V\"", &conf->realm);

    if (why) {
        p = ngx_sprintf(p, ", error=\"%s\", error_description=\"%s\"", error,
                        why);

        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                      "the client's token is refused: %s", why);
    }

    h->value.len = p - h->value.data;
    r->headers_out.www_authenticate = h;

    return status;
}


/* A claim as text that is safe in a header; NGX_DECLINED: it is not. */

static ngx_int_t
ngx_http_coderemote_jwt_text(ngx_http_request_t *r, json_t *claim,
    ngx_str_t *text)
{
    u_char  *p;
    char    *dumped;
    size_t   i;

    if (json_is_string(claim)) {
        text->data = (u_char *) json_string_value(claim);
        text->len = json_string_length(claim);

        for (i = 0; i < text->len; i++) {
            if (text->data[i] < 0x20 || text->data[i] == 0x7f) {
                return NGX_DECLINED;
            }
        }

        return text->len ? NGX_OK : NGX_DECLINED;
    }

    dumped = json_dumps(claim, JSON_COMPACT|JSON_ENCODE_ANY
                               |JSON_REAL_PRECISION(15));
    if (dumped == NULL) {
        return NGX_ERROR;
    }

    text->len = ngx_strlen(dumped);
    p = ngx_pnalloc(r->pool, text->len);

    if (p) {
        ngx_memcpy(p, dumped, text->len);
    }

    free(dumped);
    text->data = p;

    return p ? NGX_OK : NGX_ERROR;
}


/* Whose the request is from here on. */

static ngx_int_t
ngx_http_coderemote_jwt_user(ngx_http_request_t *r,
    ngx_http_coderemote_jwt_conf_t *conf, json_t *claims)
{
    json_t                     *claim;
    ngx_int_t                   rc;
    ngx_http_coderemote_ctx_t  *ctx;

    claim = json_object_getn(claims, (char *) conf->user.data,
                             conf->user.len);

    if (!json_is_string(claim) && !json_is_integer(claim)) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_coderemote_ctx(r);

    if (ctx == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_http_coderemote_jwt_text(r, claim, &ctx->user);

    if (rc != NGX_OK) {
        ngx_str_null(&ctx->user);
    }

    return rc;
}


/* Of a token that was known they are read when somebody asks for them. */

static json_t *
ngx_http_coderemote_jwt_claims(ngx_http_request_t *r,
    ngx_http_coderemote_jwt_ctx_t *ctx)
{
    if (ctx->claims == NULL && ctx->token.len) {
        ctx->claims = ngx_cr_jwt_claims(r->pool, &ctx->token);
    }

    return ctx->claims;
}


static void
ngx_http_coderemote_jwt_limit(ngx_http_coderemote_jwt_ctx_t *ctx, double until)
{
    until = ngx_min(until, NGX_HTTP_CODEREMOTE_JWT_EVER);

    ctx->until = (time_t) until;
    ctx->until += (ctx->until < until);
}


/* As for one that has just been found good, but nothing is computed. */

static ngx_int_t
ngx_http_coderemote_jwt_again(ngx_http_request_t *r,
    ngx_http_coderemote_jwt_conf_t *conf, ngx_http_coderemote_jwt_ctx_t *ctx,
    const ngx_str_t *token, const ngx_http_coderemote_jwt_seen_t *seen)
{
    json_t                     *claims;
    ngx_int_t                   rc;
    ngx_http_coderemote_ctx_t  *cctx;

    ctx->token = *token;
    ngx_http_coderemote_jwt_limit(ctx, seen->token.until);

    if (seen->token.user_len == 0) {
        claims = ngx_http_coderemote_jwt_claims(r, ctx);
        rc = claims ? ngx_http_coderemote_jwt_user(r, conf, claims)
                    : NGX_ERROR;

        return rc == NGX_OK ? NGX_OK : NGX_ERROR;
    }

    cctx = ngx_http_coderemote_ctx(r);

    if (cctx == NULL) {
        return NGX_ERROR;
    }

    cctx->user.data = ngx_pnalloc(r->pool, seen->token.user_len);
    if (cctx->user.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(cctx->user.data, seen->token.user, seen->token.user_len);
    cctx->user.len = seen->token.user_len;

    return NGX_OK;
}


/*
 * NGX_OK; NGX_ERROR; NGX_AGAIN: the request is suspended, and this is done
 * again; or why not, with *why a copy of the sentence.
 */

static ngx_int_t
ngx_http_coderemote_jwt_check(ngx_http_request_t *r,
    ngx_http_coderemote_jwt_conf_t *conf, ngx_http_coderemote_jwt_ctx_t *ctx,
    const ngx_str_t *token, u_char *why)
{
    ngx_int_t                        rc, stale;
    ngx_cr_jwt_t                     jwt;
    ngx_http_coderemote_jwt_seen_t   seen;

    ngx_cr_provider_look(conf->providers);

    if (ngx_http_coderemote_jwt_known(r, conf, token, &seen) == NGX_OK) {
        ngx_cr_metric(NGX_CR_METRIC_TOKEN_SEEN);

        return ngx_http_coderemote_jwt_again(r, conf, ctx, token, &seen);
    }

    rc = ngx_cr_provider_check(r->pool, &conf->rules, conf->providers, token,
                               ngx_time(), ctx->wait.asked, &stale, &jwt);

    if (stale != NGX_ERROR) {
        ngx_cr_jwt_release(&jwt);

        return ngx_http_coderemote_jwt_wait(r, &ctx->wait, conf->providers,
                                            stale);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_coderemote_jwt_user(r, conf, jwt.claims);

        if (rc == NGX_DECLINED) {
            rc = NGX_CR_JWT_NOT_YOURS;
            *ngx_snprintf(jwt.why, NGX_CR_JWT_WHY - 1,
                          "the claim %V, which names the user, is missing or "
                          "no text", &conf->user) = '\0';
        }
    }

    if (rc == NGX_OK) {
        ctx->claims = json_incref(jwt.claims);
        ngx_http_coderemote_jwt_limit(ctx, jwt.until);

        ngx_http_coderemote_jwt_remember(&seen, &jwt,
                                         &ngx_http_coderemote_ctx(r)->user);
        ngx_cr_metric(NGX_CR_METRIC_TOKEN_GOOD);
    }

    ngx_memcpy(why, jwt.why, NGX_CR_JWT_WHY);
    ngx_cr_jwt_release(&jwt);

    return rc;
}


static ngx_int_t
ngx_http_coderemote_jwt_access(ngx_http_request_t *r)
{
    u_char                           why[NGX_CR_JWT_WHY];
    ngx_int_t                        rc;
    ngx_str_t                        token;
    ngx_http_coderemote_jwt_ctx_t   *ctx;
    ngx_http_coderemote_jwt_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_jwt_module);

    if (!conf->enable) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_coderemote_jwt_get(r);

    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* another location may have taken another token */
    ngx_http_coderemote_jwt_cleanup(ctx);

    if (ctx->wait.providers != conf->providers) {
        ctx->wait.providers = conf->providers;
        ctx->wait.jwks = NULL;
        ctx->wait.asked = 0;
    }

    token = ctx->wait.token;
    ngx_str_null(&ctx->wait.token);

    rc = token.len ? NGX_OK
         : ngx_http_coderemote_jwt_token(r, conf, &ctx->hidden, &token);

    if (rc == NGX_DECLINED) {
        ngx_cr_metric(NGX_CR_METRIC_TOKEN_MISSING);
        return ngx_http_coderemote_jwt_refuse(r, NGX_HTTP_UNAUTHORIZED, NULL);
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    do {
        rc = ngx_http_coderemote_jwt_check(r, conf, ctx, &token, why);
    } while (rc == NGX_DONE);

    switch (rc) {

    case NGX_OK:
        return NGX_OK;

    case NGX_AGAIN:
        ctx->wait.token = token;
        return NGX_AGAIN;

    case NGX_CR_JWT_INVALID:
        ngx_cr_metric(NGX_CR_METRIC_TOKEN_INVALID);
        return ngx_http_coderemote_jwt_refuse(r, NGX_HTTP_UNAUTHORIZED, why);

    case NGX_CR_JWT_NO_KEYS:
        ngx_cr_metric(NGX_CR_METRIC_TOKEN_NO_KEYS);
        return ngx_http_coderemote_jwt_unavailable(r, ctx->wait.jwks);

    case NGX_CR_JWT_NOT_YOURS:
        ngx_cr_metric(NGX_CR_METRIC_TOKEN_FORBIDDEN);
        return ngx_http_coderemote_jwt_refuse(r, NGX_HTTP_FORBIDDEN, why);

    default:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
}


time_t
ngx_http_coderemote_jwt_until(ngx_http_request_t *r)
{
    ngx_http_coderemote_jwt_ctx_t  *ctx;

    ctx = ngx_http_coderemote_jwt_find(r);

    return ctx ? ctx->until : 0;
}


/* Variables have small letters, digits and "_" alone in their names. */

static ngx_uint_t
ngx_http_coderemote_jwt_named(const ngx_str_t *name, const char *claim)
{
    u_char      c;
    ngx_uint_t  i;

    for (i = 0; i < name->len; i++) {
        c = ngx_tolower(claim[i]);

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {

            if (c == '\0') {
                return 0;
            }

            c = '_';
        }

        if (c != name->data[i]) {
            return 0;
        }
    }

    return claim[i] == '\0';
}


static json_t *
ngx_http_coderemote_jwt_claim(json_t *claims, const ngx_str_t *name)
{
    json_t      *claim;
    const char  *key;

    claim = json_object_getn(claims, (char *) name->data, name->len);

    if (claim) {
        return claim;
    }

    json_object_foreach(claims, key, claim) {
        if (ngx_http_coderemote_jwt_named(name, key)) {
            return claim;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_http_coderemote_jwt_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t *name = (ngx_str_t *) data;

    json_t                         *claim, *claims;
    ngx_int_t                       rc;
    ngx_str_t                       text;
    ngx_http_coderemote_jwt_ctx_t  *ctx;

    ctx = ngx_http_coderemote_jwt_find(r);

    text.data = name->data + sizeof(NGX_HTTP_CODEREMOTE_JWT_CLAIM) - 1;
    text.len = name->len - (sizeof(NGX_HTTP_CODEREMOTE_JWT_CLAIM) - 1);

    claims = ctx ? ngx_http_coderemote_jwt_claims(r->main, ctx) : NULL;
    claim = claims ? ngx_http_coderemote_jwt_claim(claims, &text) : NULL;

    rc = claim && !json_is_null(claim)
         ? ngx_http_coderemote_jwt_text(r, claim, &text) : NGX_DECLINED;

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->data = text.data;
    v->len = text.len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_jwt_preconfiguration(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var;

    static ngx_str_t  name = ngx_string(NGX_HTTP_CODEREMOTE_JWT_CLAIM);

    var = ngx_http_add_variable(cf, &name,
                                NGX_HTTP_VAR_NOCACHEABLE|NGX_HTTP_VAR_PREFIX);
    if (var == NULL) {
        return NGX_ERROR;
    }

    var->get_handler = ngx_http_coderemote_jwt_variable;

    return NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_jwt_postconfiguration(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *rewrite, *access;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    rewrite = ngx_array_push(&cmcf->phases[NGX_HTTP_REWRITE_PHASE].handlers);
    access = ngx_array_push(&cmcf->phases[NGX_HTTP_ACCESS_PHASE].handlers);

    if (rewrite == NULL || access == NULL) {
        return NGX_ERROR;
    }

    *rewrite = ngx_http_coderemote_jwt_rewrite;
    *access = ngx_http_coderemote_jwt_access;

    return NGX_OK;
}
