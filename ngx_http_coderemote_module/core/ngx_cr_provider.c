
#include "ngx_cr_provider.h"


static ngx_int_t
ngx_cr_provider_why(ngx_cr_jwt_t *jwt, ngx_int_t rc, const char *why)
{
    *ngx_snprintf(jwt->why, NGX_CR_JWT_WHY - 1, "%s", why) = '\0';

    return rc;
}


static ngx_uint_t
ngx_cr_provider_listed(const ngx_array_t *values, json_t *claim)
{
    ngx_str_t   *value;
    ngx_uint_t   i;

    value = values->elts;

    for (i = 0; json_is_string(claim) && i < values->nelts; i++) {
        if (value[i].len == json_string_length(claim)
            && ngx_memcmp(value[i].data, json_string_value(claim),
                          value[i].len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static ngx_array_t *
ngx_cr_provider_issuers(const ngx_cr_jwt_rules_t *rules,
    const ngx_cr_provider_t *provider)
{
    return provider->issuers ? provider->issuers : rules->issuers;
}


/* Whether a token says that it is the provider's. */

static ngx_uint_t
ngx_cr_provider_named(const ngx_cr_jwt_rules_t *rules,
    const ngx_cr_provider_t *provider, const ngx_cr_jwt_t *jwt)
{
    ngx_array_t  *issuers;

    issuers = ngx_cr_provider_issuers(rules, provider);

    return issuers == NULL
           || ngx_cr_provider_listed(issuers,
                                     json_object_get(jwt->claims, "iss"));
}


/*
 * Amazon Cognito has two kinds of tokens for a client: an id token, whose aud
 * he is, and an access token, which has client_id instead.
 */

static ngx_int_t
ngx_cr_provider_cognito(const ngx_cr_provider_t *provider, ngx_cr_jwt_t *jwt)
{
    json_t      *use;
    const char  *text;

    use = json_object_get(jwt->claims, "token_use");
    text = json_is_string(use) ? json_string_value(use) : "";

    if (ngx_strcmp(text, "id") == 0) {
        return ngx_cr_provider_listed(provider->clients,
                                      json_object_get(jwt->claims, "aud"))
               ? NGX_OK
               : ngx_cr_provider_why(jwt, NGX_CR_JWT_NOT_YOURS,
                                     "the claim aud is none of the clients "
                                     "that are wanted here");
    }

    if (ngx_strcmp(text, "access") == 0) {
        return ngx_cr_provider_listed(provider->clients,
                                      json_object_get(jwt->claims,
                                                      "client_id"))
               ? NGX_OK
               : ngx_cr_provider_why(jwt, NGX_CR_JWT_NOT_YOURS,
                                     "the claim client_id is none of the "
                                     "clients that are wanted here");
    }

    return ngx_cr_provider_why(jwt, NGX_CR_JWT_NOT_YOURS,
                               "the claim token_use is neither id nor access");
}


static ngx_int_t
ngx_cr_provider_judge(const ngx_cr_jwt_rules_t *rules,
    const ngx_cr_provider_t *provider, time_t now, ngx_cr_jwt_t *jwt)
{
    ngx_int_t           rc;
    ngx_cr_jwt_rules_t  own;

    if (provider == NULL) {
        return ngx_cr_jwt_judge(rules, now, jwt);
    }

    own = *rules;
    own.issuers = ngx_cr_provider_issuers(rules, provider);

    rc = ngx_cr_jwt_judge(&own, now, jwt);

    return (rc == NGX_OK && provider->clients)
           ? ngx_cr_provider_cognito(provider, jwt) : rc;
}


/*
 * Finds whose key signed it.  Of two who have the same key it is the one that
 * the token names.
 */

static ngx_int_t
ngx_cr_provider_find(const ngx_cr_jwt_rules_t *rules,
    const ngx_array_t *providers, ngx_uint_t asked,
    const ngx_cr_provider_t **found, ngx_int_t *stale, ngx_cr_jwt_t *jwt)
{
    ngx_uint_t                i, mine, missing;
    const ngx_cr_keys_t      *keys;
    const ngx_cr_provider_t  *provider;

    provider = providers->elts;
    missing = 0;

    for (i = 0; i < providers->nelts; i++) {

        mine = ngx_cr_provider_named(rules, &provider[i], jwt);
        keys = ngx_cr_jwks_keys(provider[i].jwks);

        if (keys && ngx_cr_jwt_signed(keys, jwt) == NGX_OK) {
            *found = &provider[i];

            if (mine) {
                return NGX_OK;
            }

            continue;
        }

        if (!mine || (keys && !jwt->unknown)) {
            continue;
        }

        missing |= keys == NULL;

        if (*stale == NGX_ERROR && !(asked & ((ngx_uint_t) 1 << i))) {
            *stale = i;
        }
    }

    /* signed by one, and in the name of another */

    if (*found) {
        *stale = NGX_ERROR;
        return NGX_OK;
    }

    if (missing) {
        return ngx_cr_provider_why(jwt, NGX_CR_JWT_NO_KEYS,
                                   "the keys of its provider are not there");
    }

    return NGX_CR_JWT_INVALID;
}


ngx_int_t
ngx_cr_provider_check(ngx_pool_t *pool, const ngx_cr_jwt_rules_t *rules,
    const ngx_array_t *providers, const ngx_str_t *token, time_t now,
    ngx_uint_t asked, ngx_int_t *stale, ngx_cr_jwt_t *jwt)
{
    ngx_int_t                 rc;
    const ngx_cr_provider_t  *found;

    *stale = NGX_ERROR;
    found = NULL;

    rc = ngx_cr_jwt_parse(pool, token, rules->max_size, jwt);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = rules->keys ? ngx_cr_jwt_signed(rules->keys, jwt)
                     : NGX_CR_JWT_INVALID;

    if (rc != NGX_OK && providers) {
        rc = ngx_cr_provider_find(rules, providers, asked, &found, stale, jwt);
    }

    return rc == NGX_OK ? ngx_cr_provider_judge(rules, found, now, jwt) : rc;
}


static ngx_uint_t
ngx_cr_provider_add(EVP_MD_CTX *ctx, const ngx_array_t *values)
{
    size_t       n;
    ngx_str_t   *value;
    ngx_uint_t   i, done;

    n = values ? values->nelts : 0;
    done = EVP_DigestUpdate(ctx, &n, sizeof(n)) == 1;

    for (i = 0; i < n; i++) {
        value = values->elts;

        done &= EVP_DigestUpdate(ctx, &value[i].len, sizeof(size_t)) == 1
                && EVP_DigestUpdate(ctx, value[i].data, value[i].len) == 1;
    }

    return done;
}


ngx_int_t
ngx_cr_provider_name(ngx_cr_provider_t *provider)
{
    ngx_uint_t   done;
    EVP_MD_CTX  *ctx;

    ctx = EVP_MD_CTX_new();

    done = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1
           && EVP_DigestUpdate(ctx, ngx_cr_jwks_id(provider->jwks),
                               NGX_CR_JWKS_DIGEST) == 1
           && ngx_cr_provider_add(ctx, provider->issuers)
           && ngx_cr_provider_add(ctx, provider->clients)
           && EVP_DigestFinal_ex(ctx, provider->id, NULL) == 1;

    EVP_MD_CTX_free(ctx);

    return done ? NGX_OK : NGX_ERROR;
}


ngx_uint_t
ngx_cr_provider_digest(const ngx_array_t *providers, EVP_MD_CTX *ctx)
{
    ngx_uint_t                i, n, done;
    const ngx_cr_provider_t  *provider;

    /* that a token may not begin with what looks like one more of them */

    n = providers ? providers->nelts : 0;
    done = EVP_DigestUpdate(ctx, &n, sizeof(n)) == 1;

    for (i = 0; i < n; i++) {
        provider = providers->elts;

        done &= EVP_DigestUpdate(ctx, provider[i].id, NGX_CR_JWKS_DIGEST) == 1
                && EVP_DigestUpdate(ctx, ngx_cr_jwks_digest(provider[i].jwks),
                                    NGX_CR_JWKS_DIGEST) == 1;
    }

    return done;
}


void
ngx_cr_provider_look(const ngx_array_t *providers)
{
    ngx_uint_t          i;
    ngx_cr_provider_t  *provider;

    for (i = 0; providers && i < providers->nelts; i++) {
        provider = providers->elts;
        ngx_cr_jwks_look(provider[i].jwks);
    }
}
