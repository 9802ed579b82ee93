
/*
 * Keys and tokens, made by OpenSSL's functions alone: nothing that is tested
 * has a part in it.
 */


#ifndef _JWT_MAKE_H_INCLUDED_
#define _JWT_MAKE_H_INCLUDED_


#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>


#define MAKE_TEXT  16384


/* The keys; those of PEM_* are secrets that are a public key's PEM. */

enum {
    HS32 = 0, HS48, HS64, PEM_RSA, PEM_P256,
    RSA1, RSA2, RSA1024, P256, P256B, P384, P521, K256, ED, ED2,
    NKEYS
};

typedef struct {
    EVP_PKEY  *pkey;
    char       text[4096];      /* the secret, or the public key's PEM */
} make_key_t;

static make_key_t  made[NKEYS];


/* Who signs, and how; that need not be what the header says. */

typedef struct {
    int          key;
    const char  *digest;
    int          pss;           /* 1: salt as long as the digest, 2: none */
} signer_t;


static void
make_must(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "cannot make %s\n", what);
        abort();
    }
}


static size_t
make_base64(char *out, const void *data, size_t len)
{
    int   n;
    char *p;

    n = EVP_EncodeBlock((unsigned char *) out, data, (int) len);

    while (n && out[n - 1] == '=') {
        n--;
    }

    out[n] = '\0';

    for (p = out; *p; p++) {
        *p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
    }

    return n;
}


static void
make_pkey(int n, EVP_PKEY *pkey)
{
    BIO   *bio;
    char  *data;
    long   len;

    bio = BIO_new(BIO_s_mem());

    make_must(pkey && bio && PEM_write_bio_PUBKEY(bio, pkey), "a key");

    len = BIO_get_mem_data(bio, &data);
    memcpy(made[n].text, data, len);
    made[n].text[len] = '\0';
    made[n].pkey = pkey;

    BIO_free(bio);
}


static void
make_keys(void)
{
    memset(made[HS32].text, 'a', 32);
    memset(made[HS48].text, 'b', 48);
    memset(made[HS64].text, 'c', 64);

    make_pkey(RSA1, EVP_RSA_gen(2048));
    make_pkey(RSA2, EVP_RSA_gen(2048));
    make_pkey(RSA1024, EVP_RSA_gen(1024));
    make_pkey(P256, EVP_EC_gen("P-256"));
    make_pkey(P256B, EVP_EC_gen("P-256"));
    make_pkey(P384, EVP_EC_gen("P-384"));
    make_pkey(P521, EVP_EC_gen("P-521"));
    make_pkey(K256, EVP_EC_gen("secp256k1"));
    make_pkey(ED, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
    make_pkey(ED2, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));

    strcpy(made[PEM_RSA].text, made[RSA1].text);
    strcpy(made[PEM_P256].text, made[P256].text);
}


static void
free_keys(void)
{
    int  n;

    for (n = 0; n < NKEYS; n++) {
        EVP_PKEY_free(made[n].pkey);
    }
}


/* One of its numbers as a member of a JWK. */

static char *
make_number(char *out, int n, const char *member, const char *param)
{
    int            size;
    BIGNUM        *bn;
    unsigned char  bytes[1024];

    bn = NULL;
    make_must(EVP_PKEY_get_bn_param(made[n].pkey, param, &bn), param);

    size = (*member == 'x' || *member == 'y')
           ? (EVP_PKEY_get_bits(made[n].pkey) + 7) / 8 : BN_num_bytes(bn);

    make_must(BN_bn2binpad(bn, bytes, size) == size, param);
    BN_free(bn);

    out += sprintf(out, ",\"%s\":\"", member);
    out += make_base64(out, bytes, size);

    return out + sprintf(out, "\"");
}


/* The members of a JWK but for the last brace; more are the caller's. */

static char *
make_jwk(char *out, int n, const char *more)
{
    size_t         len;
    const char    *crv;
    unsigned char  bytes[64];

    static const char  *crvs[NKEYS] = {
        [P256] = "P-256", [P256B] = "P-256", [P384] = "P-384",
        [P521] = "P-521", [K256] = "secp256k1"
    };

    crv = crvs[n];

    if (made[n].pkey == NULL) {
        out += sprintf(out, "{\"kty\":\"oct\",\"k\":\"");
        out += make_base64(out, made[n].text, strlen(made[n].text));
        out += sprintf(out, "\"");

    } else if (crv) {
        out += sprintf(out, "{\"kty\":\"EC\",\"crv\":\"%s\"", crv);
        out = make_number(out, n, "x", OSSL_PKEY_PARAM_EC_PUB_X);
        out = make_number(out, n, "y", OSSL_PKEY_PARAM_EC_PUB_Y);

    } else if (n == ED || n == ED2) {
        len = sizeof(bytes);
        make_must(EVP_PKEY_get_raw_public_key(made[n].pkey, bytes, &len),
                  "an Ed25519 key");

        out += sprintf(out, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"");
        out += make_base64(out, bytes, len);
        out += sprintf(out, "\"");

    } else {
        out += sprintf(out, "{\"kty\":\"RSA\"");
        out = make_number(out, n, "n", OSSL_PKEY_PARAM_RSA_N);
        out = make_number(out, n, "e", OSSL_PKEY_PARAM_RSA_E);
    }

    return out + sprintf(out, "%s%s}", *more ? "," : "", more);
}


/* A signature of two numbers as they stand side by side in a token. */

static size_t
make_raw(unsigned char *sig, size_t len, int n)
{
    int                   size;
    ECDSA_SIG            *ecdsa;
    const unsigned char  *p;

    size = (EVP_PKEY_get_bits(made[n].pkey) + 7) / 8;

    p = sig;
    ecdsa = d2i_ECDSA_SIG(NULL, &p, len);

    make_must(ecdsa != NULL
              && BN_bn2binpad(ECDSA_SIG_get0_r(ecdsa), sig, size) == size
              && BN_bn2binpad(ECDSA_SIG_get0_s(ecdsa), sig + size, size)
                 == size,
              "a signature");

    ECDSA_SIG_free(ecdsa);

    return 2 * size;
}


static size_t
make_signature(unsigned char *sig, const signer_t *signer, const char *text,
    int der)
{
    size_t         len;
    unsigned       n;
    EVP_PKEY      *pkey;
    EVP_MD_CTX    *ctx;
    EVP_PKEY_CTX  *pctx;

    pkey = made[signer->key].pkey;

    if (pkey == NULL) {
        make_must(HMAC(EVP_get_digestbyname(signer->digest),
                       made[signer->key].text,
                       (int) strlen(made[signer->key].text),
                       (const unsigned char *) text, strlen(text), sig, &n)
                  != NULL, "a MAC");
        return n;
    }

    len = 1024;
    ctx = EVP_MD_CTX_new();

    make_must(EVP_DigestSignInit_ex(ctx, &pctx, signer->digest, NULL, NULL,
                                    pkey, NULL), "a signature");

    if (signer->pss) {
        make_must(EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING)
                  && EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx,
                         signer->pss == 1 ? RSA_PSS_SALTLEN_DIGEST : 0),
                  "a signature");
    }

    make_must(EVP_DigestSign(ctx, sig, &len, (const unsigned char *) text,
                             strlen(text)), "a signature");

    EVP_MD_CTX_free(ctx);

    if (EVP_PKEY_is_a(pkey, "EC") && !der) {
        return make_raw(sig, len, signer->key);
    }

    return len;
}


/* The token; der: an EC signature is left as OpenSSL makes it. */

static void
make_token(char *out, const char *header, const char *payload,
    const signer_t *signer, int der)
{
    char           *p;
    size_t          len;
    unsigned char   sig[1024];

    p = out + make_base64(out, header, strlen(header));
    *p++ = '.';
    p += make_base64(p, payload, strlen(payload));

    len = signer->digest || made[signer->key].pkey
          ? make_signature(sig, signer, out, der) : 0;

    *p++ = '.';
    *p = '\0';

    (void) make_base64(p, sig, len);
}


#endif /* _JWT_MAKE_H_INCLUDED_ */
