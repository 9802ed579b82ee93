
#include "ngx_cr_jwt.h"


#define NGX_CR_JWT_DIGEST_NONE  ((size_t) -1)


/* Made once a process: to look SHA-256 up takes longer than to compute it. */

static EVP_MD      *ngx_cr_jwt_md;
static EVP_MD_CTX  *ngx_cr_jwt_md_ctx;


/* With its length, so that no two rules are written alike. */

static ngx_uint_t
ngx_cr_jwt_digest_add(EVP_MD_CTX *ctx, const void *data, size_t len)
{
    return EVP_DigestUpdate(ctx, &len, sizeof(len)) == 1
           && EVP_DigestUpdate(ctx, data, len) == 1;
}


static ngx_uint_t
ngx_cr_jwt_digest_values(EVP_MD_CTX *ctx, const ngx_array_t *values)
{
    size_t      n;
    ngx_str_t  *value;
    ngx_uint_t  i, done;

    n = values ? values->nelts : NGX_CR_JWT_DIGEST_NONE;
    done = ngx_cr_jwt_digest_add(ctx, &n, sizeof(n));

    for (i = 0; values && i < values->nelts; i++) {
        value = values->elts;
        done &= ngx_cr_jwt_digest_add(ctx, value[i].data, value[i].len);
    }

    return done;
}


static ngx_uint_t
ngx_cr_jwt_digest_require(EVP_MD_CTX *ctx, const ngx_array_t *all)
{
    size_t                 n;
    ngx_uint_t             i, done;
    ngx_cr_jwt_require_t  *require;

    n = all ? all->nelts : 0;
    done = ngx_cr_jwt_digest_add(ctx, &n, sizeof(n));

    for (i = 0; i < n; i++) {
        require = all->elts;

        done &= ngx_cr_jwt_digest_add(ctx, require[i].name.data,
                                      require[i].name.len)
                & ngx_cr_jwt_digest_values(ctx, require[i].values);
    }

    return done;
}


static ngx_uint_t
ngx_cr_jwt_digest_keys(EVP_MD_CTX *ctx, const ngx_cr_keys_t *keys)
{
    const char          *alg;
    ngx_uint_t           i, n, done;
    const ngx_cr_key_t  *key;

    n = keys ? keys->n : 0;
    done = ngx_cr_jwt_digest_add(ctx, &n, sizeof(n));

    for (i = 0; i < n; i++) {
        key = &keys->keys[i];
        alg = key->alg ? key->alg->name : "";

        done &= ngx_cr_jwt_digest_add(ctx, &key->type, sizeof(key->type))
                & ngx_cr_jwt_digest_add(ctx, key->kid.data, key->kid.len)
                & ngx_cr_jwt_digest_add(ctx, alg, ngx_strlen(alg))
                & ngx_cr_jwt_digest_add(ctx, key->text.data, key->text.len);
    }

    return done;
}


ngx_int_t
ngx_cr_jwt_rules_digest(const ngx_cr_jwt_rules_t *rules, const ngx_str_t *more,
    u_char *digest)
{
    ngx_uint_t   done;
    EVP_MD_CTX  *ctx;

    ctx = EVP_MD_CTX_new();

    done = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1
           && ngx_cr_jwt_digest_add(ctx, more->data, more->len)
           && ngx_cr_jwt_digest_keys(ctx, rules->keys)
           && ngx_cr_jwt_digest_add(ctx,
                                    rules->deny ? rules->deny->digest : NULL,
                                    rules->deny ? NGX_CR_DENY_DIGEST : 0)
           && ngx_cr_jwt_digest_values(ctx, rules->issuers)
           && ngx_cr_jwt_digest_values(ctx, rules->audiences)
           && ngx_cr_jwt_digest_require(ctx, rules->require)
           && ngx_cr_jwt_digest_add(ctx, &rules->leeway,
                                    sizeof(rules->leeway))
           && ngx_cr_jwt_digest_add(ctx, &rules->max_size,
                                    sizeof(rules->max_size))
           && EVP_DigestFinal_ex(ctx, digest, NULL) == 1;

    EVP_MD_CTX_free(ctx);

    return done ? NGX_OK : NGX_ERROR;
}


EVP_MD_CTX *
ngx_cr_jwt_token_digest(const u_char *rules)
{
    if (ngx_cr_jwt_md == NULL) {
        ngx_cr_jwt_md = EVP_MD_fetch(NULL, "SHA256", NULL);
    }

    if (ngx_cr_jwt_md_ctx == NULL) {
        ngx_cr_jwt_md_ctx = EVP_MD_CTX_new();
    }

    return ngx_cr_jwt_md && ngx_cr_jwt_md_ctx
           && EVP_DigestInit_ex2(ngx_cr_jwt_md_ctx, ngx_cr_jwt_md, NULL) == 1
           && EVP_DigestUpdate(ngx_cr_jwt_md_ctx, rules, NGX_CR_JWT_DIGEST)
              == 1
           ? ngx_cr_jwt_md_ctx : NULL;
}


void
ngx_cr_jwt_token_digest_exit(void)
{
    EVP_MD_CTX_free(ngx_cr_jwt_md_ctx);
    EVP_MD_free(ngx_cr_jwt_md);

    ngx_cr_jwt_md_ctx = NULL;
    ngx_cr_jwt_md = NULL;
}


ngx_int_t
ngx_cr_jwt_token_digest_end(EVP_MD_CTX *ctx, const ngx_str_t *token,
    u_char *digest)
{
    return EVP_DigestUpdate(ctx, token->data, token->len) == 1
           && EVP_DigestFinal_ex(ctx, digest, NULL) == 1
           ? NGX_OK : NGX_ERROR;
}
