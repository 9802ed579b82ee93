
/* RFC 7517: keys as JSON; of RSA, curves and secrets RFC 7518, RFC 8037. */

#include "ngx_cr_key_local.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>


/* A member of a JWK that is bytes in base64url. */

static ngx_int_t
ngx_cr_jwk_bytes(ngx_cr_keys_t *keys, json_t *jwk, const char *name,
    ngx_str_t *out)
{
    json_t  *value;

    value = json_object_get(jwk, name);

    if (!json_is_string(value) || json_string_length(value) == 0) {
        return NGX_ERROR;
    }

    return ngx_cr_base64url(keys->pool, (u_char *) json_string_value(value),
                            json_string_length(value), out);
}


static EVP_PKEY *
ngx_cr_jwk_make(const char *type, OSSL_PARAM_BLD *bld)
{
    EVP_PKEY      *pkey;
    OSSL_PARAM    *params;
    EVP_PKEY_CTX  *ctx;

    pkey = NULL;
    params = OSSL_PARAM_BLD_to_param(bld);
    ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);

    if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1
        || EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
    {
        pkey = NULL;
    }

    OSSL_PARAM_free(params);
    EVP_PKEY_CTX_free(ctx);

    return pkey;
}


static EVP_PKEY *
ngx_cr_jwk_rsa(ngx_cr_keys_t *keys, json_t *jwk)
{
    BIGNUM          *n, *e;
    EVP_PKEY        *pkey;
    ngx_str_t        modulus, exponent;
    OSSL_PARAM_BLD  *bld;

    if (ngx_cr_jwk_bytes(keys, jwk, "n", &modulus) != NGX_OK
        || ngx_cr_jwk_bytes(keys, jwk, "e", &exponent) != NGX_OK
        || modulus.len > NGX_CR_KEY_RSA_MAX / 8 + 1 || exponent.len > 8)
    {
        return NULL;
    }

    pkey = NULL;
    n = BN_bin2bn(modulus.data, modulus.len, NULL);
    e = BN_bin2bn(exponent.data, exponent.len, NULL);
    bld = OSSL_PARAM_BLD_new();

    if (n && e && bld && BN_is_odd(n) && BN_is_odd(e) && !BN_is_one(e)
        && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) == 1
        && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e) == 1)
    {
        pkey = ngx_cr_jwk_make("RSA", bld);
    }

    OSSL_PARAM_BLD_free(bld);
    BN_free(n);
    BN_free(e);

    return pkey;
}


static EVP_PKEY *
ngx_cr_jwk_ec(ngx_cr_keys_t *keys, json_t *jwk)
{
    u_char                 point[1 + 2 * NGX_CR_KEY_EC_MAX];
    EVP_PKEY              *pkey;
    ngx_str_t              x, y;
    const char            *crv;
    OSSL_PARAM_BLD        *bld;
    const ngx_cr_curve_t  *curve;

    crv = json_string_value(json_object_get(jwk, "crv"));

    for (curve = ngx_cr_curves; /* void */ ; curve++) {

        if (crv == NULL || curve->crv == NULL) {
            return NULL;
        }

        if (ngx_strcmp(curve->crv, crv) == 0) {
            break;
        }
    }

    if (ngx_cr_jwk_bytes(keys, jwk, "x", &x) != NGX_OK
        || ngx_cr_jwk_bytes(keys, jwk, "y", &y) != NGX_OK
        || x.len != curve->size || y.len != curve->size)
    {
        return NULL;
    }

    point[0] = POINT_CONVERSION_UNCOMPRESSED;
    ngx_memcpy(ngx_cpymem(point + 1, x.data, x.len), y.data, y.len);

    pkey = NULL;
    bld = OSSL_PARAM_BLD_new();

    /* a point that is not on the curve is found out by OpenSSL */

    if (bld
        && OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME,
                                           curve->group, 0) == 1
        && OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY,
                                            point, 1 + 2 * x.len) == 1)
    {
        pkey = ngx_cr_jwk_make("EC", bld);
    }

    OSSL_PARAM_BLD_free(bld);

    return pkey;
}


static EVP_PKEY *
ngx_cr_jwk_okp(ngx_cr_keys_t *keys, json_t *jwk)
{
    ngx_str_t    x;
    const char  *crv;

    crv = json_string_value(json_object_get(jwk, "crv"));

    if (crv == NULL || ngx_strcmp(crv, "Ed25519") != 0
        || ngx_cr_jwk_bytes(keys, jwk, "x", &x) != NGX_OK)
    {
        return NULL;
    }

    return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x.data, x.len);
}


/* Whether a key is there to verify signatures; NULL, or why it is not. */

static const char *
ngx_cr_jwk_purpose(json_t *jwk)
{
    json_t      *use, *ops, *op;
    size_t       i;
    const char  *text;

    use = json_object_get(jwk, "use");
    text = json_string_value(use);

    if (use && (text == NULL || ngx_strcmp(text, "sig") != 0)) {
        return "its \"use\" is not \"sig\"";
    }

    ops = json_object_get(jwk, "key_ops");

    if (ops == NULL) {
        return NULL;
    }

    json_array_foreach(ops, i, op) {
        text = json_string_value(op);

        if (text && ngx_strcmp(text, "verify") == 0) {
            return NULL;
        }
    }

    return "its \"key_ops\" have no \"verify\"";
}


/* What its members say of a key; NULL, or why it is not taken. */

static const char *
ngx_cr_jwk_claims(ngx_cr_keys_t *keys, json_t *jwk, ngx_cr_key_t *key)
{
    json_t      *kid, *alg;
    const char  *name;

    alg = json_object_get(jwk, "alg");

    if (alg) {
        name = json_string_value(alg);
        key->alg = name ? ngx_cr_alg(name) : NULL;

        if (key->alg == NULL || key->alg->type != key->type) {
            return "its \"alg\" is none that is known for such a key";
        }
    }

    kid = json_object_get(jwk, "kid");

    if (kid == NULL) {
        return NULL;
    }

    if (!json_is_string(kid) || json_string_length(kid) == 0) {
        return "its \"kid\" is no text";
    }

    key->kid.len = json_string_length(kid);
    key->kid.data = ngx_pnalloc(keys->pool, key->kid.len);

    if (key->kid.data == NULL) {
        return "there is no memory for it";
    }

    ngx_memcpy(key->kid.data, json_string_value(kid), key->kid.len);

    return NULL;
}


static const char *
ngx_cr_jwk_secret(ngx_cr_keys_t *keys, json_t *jwk, ngx_cr_key_t *key)
{
    const char  *wrong;

    if (ngx_cr_jwk_bytes(keys, jwk, "k", &key->text) != NGX_OK) {
        return "its \"k\" is no base64url";
    }

    key->type = NGX_CR_KEY_HMAC;

    wrong = ngx_cr_jwk_claims(keys, jwk, key);

    if (wrong) {
        return wrong;
    }

    if (key->text.len < (key->alg ? key->alg->size : NGX_CR_KEY_SECRET_MIN)) {
        return "its secret is too short: 32 bytes are the least, 48 of HS384 "
               "and 64 of HS512";
    }

    keys->n++;

    return NULL;
}


/* NGX_DECLINED: it is skipped, and keys->reason says why. */

static ngx_int_t
ngx_cr_keys_jwk(ngx_cr_keys_t *keys, json_t *jwk, ngx_uint_t public)
{
    EVP_PKEY      *pkey;
    const char    *kty;
    ngx_cr_key_t  *key;

    key = ngx_cr_keys_push(keys);
    if (key == NULL) {
        return NGX_ERROR;
    }

    kty = json_string_value(json_object_get(jwk, "kty"));

    if (kty == NULL) {
        keys->reason = "it has no \"kty\"";
        return NGX_DECLINED;
    }

    keys->reason = ngx_cr_jwk_purpose(jwk);

    if (keys->reason) {
        return NGX_DECLINED;
    }

    if (ngx_strcmp(kty, "oct") == 0) {
        keys->reason = public ? "it is a secret, which comes from a file alone"
                              : ngx_cr_jwk_secret(keys, jwk, key);

        return keys->reason ? NGX_DECLINED : NGX_OK;
    }

    if (json_object_get(jwk, "d")) {
        keys->reason = "it is a private key: leave out \"d\" and all but the "
                       "public members";
        return NGX_DECLINED;
    }

    pkey = ngx_strcmp(kty, "RSA") == 0 ? ngx_cr_jwk_rsa(keys, jwk)
           : ngx_strcmp(kty, "EC") == 0 ? ngx_cr_jwk_ec(keys, jwk)
           : ngx_strcmp(kty, "OKP") == 0 ? ngx_cr_jwk_okp(keys, jwk)
           : NULL;

    if (pkey == NULL) {
        ERR_clear_error();
        keys->reason = "its \"kty\" or \"crv\" is unknown, or it is damaged";
        return NGX_DECLINED;
    }

    keys->reason = ngx_cr_key_type(pkey, &key->type);

    if (keys->reason == NULL) {
        keys->reason = ngx_cr_jwk_claims(keys, jwk, key);
    }

    if (keys->reason) {
        EVP_PKEY_free(pkey);
        return NGX_DECLINED;
    }

    key->pkey = pkey;

    return ngx_cr_keys_take(keys, key);
}


ngx_int_t
ngx_cr_keys_jwks(ngx_cr_keys_t *keys, json_t *json, ngx_uint_t public)
{
    json_t      *array, *jwk;
    size_t       i;
    ngx_int_t    rc;
    ngx_uint_t   before;

    array = json_object_get(json, "keys");
    before = keys->n;

    if (array == NULL && json_object_get(json, "kty")) {
        rc = ngx_cr_keys_jwk(keys, json, public);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        keys->skipped += (rc == NGX_DECLINED);

    } else if (!json_is_array(array)) {
        return ngx_cr_keys_error(keys, "this JSON is no JWKS: the array "
                                 "\"keys\" is missing");
    }

    json_array_foreach(array, i, jwk) {

        rc = ngx_cr_keys_jwk(keys, jwk, public);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        keys->skipped += (rc == NGX_DECLINED);
    }

    if (keys->n == before) {
        return ngx_cr_keys_error(keys, "no key of this JWKS can be used%s%s",
                                 keys->reason ? "; of the last one, "
                                              : ": it is empty",
                                 keys->reason ? keys->reason : "");
    }

    return NGX_OK;
}
