
/*
 * Signatures.  The one file that knows libjwt, which verifies HS.  Debian 12's
 * libjwt 1.10 has neither PS nor EdDSA, refuses what calls itself at+jwt, and
 * reads a public key's PEM anew for each token, which takes ten times as long
 * as to verify one; so OpenSSL verifies with public keys.  A libjwt with
 * another interface is another ngx_cr_jwt_by_libjwt().
 */

#include "ngx_cr_jwt.h"

#include <jwt.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>


#define NGX_CR_JWT_DER_MAX  160


static ngx_uint_t
ngx_cr_jwt_by_libjwt(const ngx_cr_key_t *key, const ngx_cr_jwt_t *jwt)
{
    jwt_t       *decoded;
    ngx_uint_t   good;

    if (jwt_decode(&decoded, (char *) jwt->text.data, key->text.data,
                   key->text.len)
        != 0)
    {
        return 0;
    }

    /* it must have read the same algorithm, and none but that one */

    good = jwt_get_alg(decoded) != JWT_ALG_NONE
           && jwt_get_alg(decoded) == jwt_str_alg(jwt->alg->name);

    jwt_free(decoded);

    return good;
}


static ngx_uint_t
ngx_cr_jwt_hmac(const ngx_cr_key_t *key, const ngx_cr_jwt_t *jwt)
{
    u_char        mac[EVP_MAX_MD_SIZE];
    unsigned      len;

    return HMAC(EVP_get_digestbyname(jwt->alg->digest), key->text.data,
                key->text.len, jwt->text.data, jwt->input, mac, &len)
           && jwt->signature.len == len
           && CRYPTO_memcmp(mac, jwt->signature.data, len) == 0;
}


/* Two numbers side by side, as OpenSSL wants them; 0: they are not there. */

static size_t
ngx_cr_jwt_der(const ngx_cr_jwt_t *jwt, u_char *der)
{
    int         len;
    size_t      size;
    BIGNUM     *r, *s;
    ECDSA_SIG  *sig;

    size = jwt->alg->size;

    if (jwt->signature.len != 2 * size) {
        return 0;
    }

    r = BN_bin2bn(jwt->signature.data, size, NULL);
    s = BN_bin2bn(jwt->signature.data + size, size, NULL);
    sig = ECDSA_SIG_new();

    if (r == NULL || s == NULL || sig == NULL
        || ECDSA_SIG_set0(sig, r, s) != 1)
    {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(sig);
        return 0;
    }

    len = i2d_ECDSA_SIG(sig, &der);

    ECDSA_SIG_free(sig);

    return len > 0 ? len : 0;
}


static ngx_uint_t
ngx_cr_jwt_by_openssl(const ngx_cr_key_t *key, const ngx_cr_jwt_t *jwt)
{
    u_char         der[NGX_CR_JWT_DER_MAX], *sig;
    size_t         len;
    ngx_uint_t     good;
    EVP_MD_CTX    *ctx;
    EVP_PKEY_CTX  *pctx;

    if (key->type == NGX_CR_KEY_HMAC) {
        return ngx_cr_jwt_hmac(key, jwt);
    }

    sig = jwt->signature.data;
    len = jwt->signature.len;

    if (jwt->alg->size) {
        sig = der;
        len = ngx_cr_jwt_der(jwt, der);
    }

    ctx = EVP_MD_CTX_new();

    good = ctx && len
           && EVP_DigestVerifyInit_ex(ctx, &pctx, jwt->alg->digest, NULL, NULL,
                                      key->pkey, NULL) == 1
           && (!jwt->alg->pss
               || (EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING)
                       == 1
                   && EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx,
                                                     RSA_PSS_SALTLEN_DIGEST)
                       == 1))
           && EVP_DigestVerify(ctx, sig, len, jwt->text.data, jwt->input) == 1;

    EVP_MD_CTX_free(ctx);

    return good;
}


ngx_uint_t
ngx_cr_jwt_verify(const ngx_cr_key_t *key, const ngx_cr_jwt_t *jwt)
{
    ngx_uint_t  good;

    good = (jwt->at || key->type != NGX_CR_KEY_HMAC)
           ? ngx_cr_jwt_by_openssl(key, jwt)
           : ngx_cr_jwt_by_libjwt(key, jwt);

    /* what OpenSSL has to say of a wrong one would be told of a connection */

    ERR_clear_error();

    return good;
}
