
#include "ngx_cr_key_local.h"

#include <jansson.h>
#include <openssl/err.h>
#include <openssl/pem.h>


static const ngx_cr_alg_t  ngx_cr_algs[] = {
    { "HS256", NGX_CR_KEY_HMAC, "SHA256", 32, 0 },
    { "HS384", NGX_CR_KEY_HMAC, "SHA384", 48, 0 },
    { "HS512", NGX_CR_KEY_HMAC, "SHA512", 64, 0 },
    { "RS256", NGX_CR_KEY_RSA, "SHA256", 0, 0 },
    { "RS384", NGX_CR_KEY_RSA, "SHA384", 0, 0 },
    { "RS512", NGX_CR_KEY_RSA, "SHA512", 0, 0 },
    { "PS256", NGX_CR_KEY_RSA, "SHA256", 0, 1 },
    { "PS384", NGX_CR_KEY_RSA, "SHA384", 0, 1 },
    { "PS512", NGX_CR_KEY_RSA, "SHA512", 0, 1 },
    { "ES256", NGX_CR_KEY_P256, "SHA256", 32, 0 },
    { "ES384", NGX_CR_KEY_P384, "SHA384", 48, 0 },
    { "ES512", NGX_CR_KEY_P521, "SHA512", 66, 0 },
    { "EdDSA", NGX_CR_KEY_ED25519, NULL, 0, 0 },
    { NULL, 0, NULL, 0, 0 }
};


const ngx_cr_curve_t  ngx_cr_curves[] = {
    { "P-256", "prime256v1", NGX_CR_KEY_P256, 32 },
    { "P-384", "secp384r1", NGX_CR_KEY_P384, 48 },
    { "P-521", "secp521r1", NGX_CR_KEY_P521, 66 },
    { NULL, NULL, 0, 0 }
};


const ngx_cr_alg_t *
ngx_cr_alg(const char *name)
{
    const ngx_cr_alg_t  *alg;

    for (alg = ngx_cr_algs; alg->name; alg++) {
        if (ngx_strcmp(alg->name, name) == 0) {
            return alg;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_cr_base64url_digit(u_char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }

    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }

    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }

    return c == '-' ? 62 : c == '_' ? 63 : NGX_ERROR;
}


ngx_int_t
ngx_cr_base64url(ngx_pool_t *pool, const u_char *data, size_t len,
    ngx_str_t *out)
{
    u_char     *p;
    size_t      i;
    uint32_t    bits;
    ngx_int_t   digit;

    if (len % 4 == 1) {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(pool, len / 4 * 3 + 3);
    if (p == NULL) {
        return NGX_ERROR;
    }

    out->data = p;
    bits = 0;

    for (i = 0; i < len; i++) {
        digit = ngx_cr_base64url_digit(data[i]);

        if (digit == NGX_ERROR) {
            return NGX_ERROR;
        }

        bits = bits << 6 | digit;

        if (i % 4) {
            *p++ = bits >> (6 - i % 4 * 2);
        }
    }

    /* bits that belong to no byte would make other texts for the same one */

    if (len % 4 && (bits & ((1 << (len % 4 == 2 ? 4 : 2)) - 1))) {
        return NGX_ERROR;
    }

    *p = '\0';
    out->len = p - out->data;

    return NGX_OK;
}


static void
ngx_cr_keys_cleanup(void *data)
{
    ngx_cr_keys_t *keys = data;

    ngx_uint_t  i;

    for (i = 0; i < keys->n; i++) {
        if (keys->keys[i].pkey) {
            EVP_PKEY_free(keys->keys[i].pkey);
        } else {
            OPENSSL_cleanse(keys->keys[i].text.data, keys->keys[i].text.len);
        }
    }
}


ngx_cr_keys_t *
ngx_cr_keys_create(ngx_pool_t *pool)
{
    ngx_cr_keys_t       *keys;
    ngx_pool_cleanup_t  *cln;

    keys = ngx_pcalloc(pool, sizeof(ngx_cr_keys_t));
    cln = ngx_pool_cleanup_add(pool, 0);

    if (keys == NULL || cln == NULL) {
        return NULL;
    }

    keys->pool = pool;

    cln->handler = ngx_cr_keys_cleanup;
    cln->data = keys;

    return keys;
}


ngx_int_t
ngx_cr_keys_error(ngx_cr_keys_t *keys, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    *ngx_vslprintf(keys->error, keys->error + NGX_CR_KEYS_ERROR - 1, fmt, args)
        = '\0';
    va_end(args);

    ERR_clear_error();

    return NGX_ERROR;
}


ngx_cr_key_t *
ngx_cr_keys_push(ngx_cr_keys_t *keys)
{
    if (keys->n == NGX_CR_KEYS_MAX) {
        (void) ngx_cr_keys_error(keys,
                                 "there are more than %d keys: leave out "
                                 "those that sign no more", NGX_CR_KEYS_MAX);
        return NULL;
    }

    /* what was left there by one that was skipped */
    ngx_memzero(&keys->keys[keys->n], sizeof(ngx_cr_key_t));

    return &keys->keys[keys->n];
}


const char *
ngx_cr_key_type(EVP_PKEY *pkey, ngx_cr_key_type_e *type)
{
    char                   group[32];
    const ngx_cr_curve_t  *curve;

    if (EVP_PKEY_is_a(pkey, "RSA")) {
        *type = NGX_CR_KEY_RSA;

        return (EVP_PKEY_get_bits(pkey) < NGX_CR_KEY_RSA_MIN
                || EVP_PKEY_get_bits(pkey) > NGX_CR_KEY_RSA_MAX)
               ? "an RSA key must have from 2048 to 8192 bits" : NULL;
    }

    if (EVP_PKEY_is_a(pkey, "ED25519")) {
        *type = NGX_CR_KEY_ED25519;
        return NULL;
    }

    if (EVP_PKEY_is_a(pkey, "EC")
        && EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) == 1)
    {
        for (curve = ngx_cr_curves; curve->crv; curve++) {
            if (ngx_strcmp(curve->group, group) == 0) {
                *type = curve->type;
                return NULL;
            }
        }
    }

    return "a key must be of RSA, of P-256, P-384 or P-521, or of Ed25519";
}


ngx_int_t
ngx_cr_keys_take(ngx_cr_keys_t *keys, ngx_cr_key_t *key)
{
    BIO      *bio;
    char     *data;
    long      len;
    ngx_int_t rc;

    rc = NGX_ERROR;
    bio = BIO_new(BIO_s_mem());

    if (bio && PEM_write_bio_PUBKEY(bio, key->pkey) == 1) {

        len = BIO_get_mem_data(bio, &data);
        key->text.data = ngx_pnalloc(keys->pool, len + 1);

        if (key->text.data) {
            *ngx_cpymem(key->text.data, data, len) = '\0';
            key->text.len = len;
            keys->n++;
            rc = NGX_OK;
        }
    }

    BIO_free(bio);

    if (rc != NGX_OK) {
        EVP_PKEY_free(key->pkey);
        return ngx_cr_keys_error(keys, "there is no memory for a key");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_keys_secret(ngx_cr_keys_t *keys, const u_char *data, size_t len)
{
    ngx_cr_key_t  *key;

    key = ngx_cr_keys_push(keys);
    if (key == NULL) {
        return NGX_ERROR;
    }

    if (len < NGX_CR_KEY_SECRET_MIN) {
        return ngx_cr_keys_error(keys,
                                 "a secret must have at least %d bytes and "
                                 "not %z; \"openssl rand -hex 32\" makes one",
                                 NGX_CR_KEY_SECRET_MIN, (ssize_t) len);
    }

    key->text.data = ngx_pnalloc(keys->pool, len + 1);
    if (key->text.data == NULL) {
        return ngx_cr_keys_error(keys, "there is no memory for a key");
    }

    *ngx_cpymem(key->text.data, data, len) = '\0';
    key->text.len = len;
    key->type = NGX_CR_KEY_HMAC;
    keys->n++;

    return NGX_OK;
}


/* PEM: any number of public keys, and nothing else. */

static ngx_int_t
ngx_cr_keys_pem(ngx_cr_keys_t *keys, const ngx_str_t *text)
{
    BIO           *bio;
    EVP_PKEY      *pkey;
    ngx_int_t      rc;
    const char    *wrong;
    ngx_cr_key_t  *key;

    if (ngx_strnstr(text->data, "PRIVATE KEY-----", text->len)) {
        return ngx_cr_keys_error(keys,
                                 "there is a private key: what verifies is "
                                 "the public one, of \"openssl pkey -pubout\"");
    }

    bio = BIO_new_mem_buf(text->data, text->len);
    if (bio == NULL) {
        return ngx_cr_keys_error(keys, "there is no memory for a key");
    }

    rc = NGX_OK;

    do {
        pkey = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);

        if (pkey == NULL) {
            rc = ngx_cr_keys_error(keys,
                                   "PEM with \"BEGIN PUBLIC KEY\" is "
                                   "expected, as \"openssl pkey -pubout\" "
                                   "and \"openssl x509 -pubkey\" write it");
            break;
        }

        key = ngx_cr_keys_push(keys);
        wrong = key ? ngx_cr_key_type(pkey, &key->type) : "";

        if (wrong) {
            EVP_PKEY_free(pkey);
            rc = key ? ngx_cr_keys_error(keys, "%s", wrong) : NGX_ERROR;
            break;
        }

        key->pkey = pkey;
        rc = ngx_cr_keys_take(keys, key);

    } while (rc == NGX_OK && !BIO_eof(bio));

    BIO_free(bio);

    return rc;
}


ngx_int_t
ngx_cr_keys_add(ngx_cr_keys_t *keys, const ngx_str_t *text, ngx_uint_t public)
{
    u_char        *p, *last;
    json_t        *json;
    ngx_int_t      rc;
    json_error_t   error;

    last = text->data + text->len;

    for (p = text->data; p < last && (*p == ' ' || *p == '\t' || *p == '\r'
                                      || *p == '\n'); p++)
    {
        /* void */
    }

    if (public || (p < last && *p == '{')) {

        json = json_loadb((char *) text->data, text->len,
                          JSON_REJECT_DUPLICATES, &error);

        if (json == NULL && public) {
            /* what the parser has to say of it cites it */
            return ngx_cr_keys_error(keys, "this is no JSON, or has a member "
                                     "twice: line %d", error.line);
        }

        if (json == NULL) {
            return ngx_cr_keys_error(keys, "this is no JSON: %s in line %d",
                                     error.text, error.line);
        }

        rc = ngx_cr_keys_jwks(keys, json, public);
        json_decref(json);

        return rc;
    }

    if (ngx_strnstr(text->data, "-----BEGIN ", text->len)) {
        return ngx_cr_keys_pem(keys, text);
    }

    /* an editor's line end is no part of a secret */

    if (text->len && last[-1] == '\n') {
        last--;

        if (last > text->data && last[-1] == '\r') {
            last--;
        }
    }

    return ngx_cr_keys_secret(keys, text->data, last - text->data);
}
