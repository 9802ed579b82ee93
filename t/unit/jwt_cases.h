
/*
 * The tokens: what they say, who signed them and how, what was done to them
 * after that, by which keys and rules they are judged, and what comes of it.
 * The time is 1000000; a leeway of 30 seconds is granted.
 */


#ifndef _JWT_CASES_H_INCLUDED_
#define _JWT_CASES_H_INCLUDED_


/* Who signs. */

static const signer_t  none = { HS32, NULL, 0 };
static const signer_t  hs256 = { HS32, "SHA256", 0 };
static const signer_t  hs384 = { HS48, "SHA384", 0 };
static const signer_t  hs512 = { HS64, "SHA512", 0 };
static const signer_t  hs384_short = { HS32, "SHA384", 0 };
static const signer_t  hs512_short = { HS48, "SHA512", 0 };
static const signer_t  hs256_rsa = { PEM_RSA, "SHA256", 0 };
static const signer_t  hs256_p256 = { PEM_P256, "SHA256", 0 };
static const signer_t  rs256 = { RSA1, "SHA256", 0 };
static const signer_t  rs384 = { RSA1, "SHA384", 0 };
static const signer_t  rs512 = { RSA1, "SHA512", 0 };
static const signer_t  ps256 = { RSA1, "SHA256", 1 };
static const signer_t  ps384 = { RSA1, "SHA384", 1 };
static const signer_t  ps512 = { RSA1, "SHA512", 1 };
static const signer_t  ps256_no_salt = { RSA1, "SHA256", 2 };
static const signer_t  rs256_other = { RSA2, "SHA256", 0 };
static const signer_t  es256 = { P256, "SHA256", 0 };
static const signer_t  es256_other = { P256B, "SHA256", 0 };
static const signer_t  es384 = { P384, "SHA384", 0 };
static const signer_t  es512 = { P521, "SHA512", 0 };
static const signer_t  es256_p384 = { P384, "SHA256", 0 };
static const signer_t  es256_k256 = { K256, "SHA256", 0 };
static const signer_t  eddsa = { ED, NULL, 0 };
static const signer_t  eddsa_other = { ED2, NULL, 0 };


/* What was done to it. */

typedef enum {
    AS_IT_IS = 0,
    PAYLOAD,            /* another payload */
    HEADER,             /* another header, of the same alg */
    FLIP,               /* a bit of the signature */
    UNSIGNED,           /* the signature left out */
    SHORT,              /* its first 30 bytes alone */
    LONG,               /* four more */
    DER,                /* an EC signature as OpenSSL makes it */
    PADDED,             /* "=" at the end */
    LOOSE_BITS,         /* other bits where none count */
    TWO_PARTS,
    FOUR_PARTS,
    FIVE_PARTS,
    BLANK,              /* one at the end */
    RAW                 /* the header is the whole token */
} mangle_e;


/* By which keys. */

typedef enum {
    ALL = 0,            /* a JWKS of all, each with its kid */
    PINNED,             /* a JWKS whose RSA key has "alg":"RS256" */
    RSA_PEM,
    TWO_PEM,            /* two RSA keys in a file */
    P256_PEM,
    ED_PEM,
    SECRET,             /* 32 bytes */
    MANY,               /* five of RSA without a kid */
    SAME_KID,           /* RSA and P-256 of one kid */
    NSETS
} set_e;


/* By which rules. */

typedef enum {
    FREE = 0,
    STRICT,             /* iss, aud, token_use */
    SCOPE,              /* scope: run or all */
    KINDS               /* admin: true, level: 3, groups: staff */
} rules_e;


typedef struct {
    const char      *name;
    const char      *header;
    const char      *payload;
    const signer_t  *signer;
    mangle_e         mangle;
    set_e            set;
    rules_e          rules;
    ngx_int_t        rc;
    const char      *why;       /* a part of it */
} token_case_t;


#define H(alg)         "{\"alg\":\"" alg "\",\"typ\":\"JWT\"}"
#define HK(alg, kid)   "{\"alg\":\"" alg "\",\"kid\":\"" kid "\"}"
#define AT(alg, kid)   "{\"alg\":\"" alg "\",\"kid\":\"" kid "\","            \
                       "\"typ\":\"at+jwt\"}"
#define P(more)        "{\"exp\":1000100" more "}"
#define OK             P(",\"sub\":\"ann\"")
#define FULL           "{\"iss\":\"https://id.example\",\"exp\":1000100,"
#define ACCESS         "\"token_use\":\"access\""

#define GOOD           NGX_OK, NULL
#define BAD            NGX_CR_JWT_INVALID
#define FORBIDDEN      NGX_CR_JWT_NOT_YOURS
#define WRONG_SIG      BAD, "signature is wrong"
#define NO_KEY         BAD, "no key for"


static const token_case_t  token_cases[] = {

    /* every algorithm, as libjwt or OpenSSL verifies it */

    { "HS256", HK("HS256", "hs32"), OK, &hs256, 0, ALL, FREE, GOOD },
    { "HS384", HK("HS384", "hs48"), OK, &hs384, 0, ALL, FREE, GOOD },
    { "HS512", HK("HS512", "hs64"), OK, &hs512, 0, ALL, FREE, GOOD },
    { "RS256", HK("RS256", "rsa"), OK, &rs256, 0, ALL, FREE, GOOD },
    { "RS384", HK("RS384", "rsa"), OK, &rs384, 0, ALL, FREE, GOOD },
    { "RS512", HK("RS512", "rsa"), OK, &rs512, 0, ALL, FREE, GOOD },
    { "PS256", HK("PS256", "rsa"), OK, &ps256, 0, ALL, FREE, GOOD },
    { "PS384", HK("PS384", "rsa"), OK, &ps384, 0, ALL, FREE, GOOD },
    { "PS512", HK("PS512", "rsa"), OK, &ps512, 0, ALL, FREE, GOOD },
    { "ES256", HK("ES256", "p256"), OK, &es256, 0, ALL, FREE, GOOD },
    { "ES384", HK("ES384", "p384"), OK, &es384, 0, ALL, FREE, GOOD },
    { "ES512", HK("ES512", "p521"), OK, &es512, 0, ALL, FREE, GOOD },
    { "EdDSA", HK("EdDSA", "ed"), OK, &eddsa, 0, ALL, FREE, GOOD },

    /* access tokens by their typ, which OpenSSL verifies */

    { "HS256 at", AT("HS256", "hs32"), OK, &hs256, 0, ALL, FREE, GOOD },
    { "HS384 at", AT("HS384", "hs48"), OK, &hs384, 0, ALL, FREE, GOOD },
    { "HS512 at", AT("HS512", "hs64"), OK, &hs512, 0, ALL, FREE, GOOD },
    { "RS256 at", AT("RS256", "rsa"), OK, &rs256, 0, ALL, FREE, GOOD },
    { "RS384 at", AT("RS384", "rsa"), OK, &rs384, 0, ALL, FREE, GOOD },
    { "RS512 at", AT("RS512", "rsa"), OK, &rs512, 0, ALL, FREE, GOOD },
    { "ES256 at", AT("ES256", "p256"), OK, &es256, 0, ALL, FREE, GOOD },
    { "ES384 at", AT("ES384", "p384"), OK, &es384, 0, ALL, FREE, GOOD },
    { "ES512 at", AT("ES512", "p521"), OK, &es512, 0, ALL, FREE, GOOD },
    { "application/at+jwt",
      "{\"alg\":\"RS256\",\"typ\":\"application/AT+JWT\"}", OK, &rs256, 0,
      RSA_PEM, FREE, GOOD },
    { "typ jwt", "{\"alg\":\"RS256\",\"typ\":\"jwt\"}", OK, &rs256, 0,
      RSA_PEM, FREE, GOOD },
    { "typ of something else", "{\"alg\":\"RS256\",\"typ\":\"secevent+jwt\"}",
      OK, &rs256, 0, RSA_PEM, FREE, BAD, "typ" },
    { "typ that is no text", "{\"alg\":\"RS256\",\"typ\":1}", OK, &rs256, 0,
      RSA_PEM, FREE, BAD, "typ" },

    /* which key */

    { "no kid", H("RS256"), OK, &rs256, 0, ALL, FREE, GOOD },
    { "no kid, HS256 with the third secret", H("HS256"), OK, &hs256, 0, ALL,
      FREE, GOOD },
    { "unknown kid", HK("RS256", "new"), OK, &rs256, 0, ALL, FREE, NO_KEY },
    { "kid of another key", HK("RS256", "rsa2"), OK, &rs256, 0, ALL, FREE,
      WRONG_SIG },
    { "kid of another type", HK("RS256", "p256"), OK, &rs256, 0, ALL, FREE,
      NO_KEY },
    { "kid that begins alike", HK("RS256", "rs"), OK, &rs256, 0, ALL, FREE,
      NO_KEY },
    { "empty kid", HK("RS256", ""), OK, &rs256, 0, ALL, FREE, NO_KEY },
    { "kid that is no text", "{\"alg\":\"RS256\",\"kid\":7}", OK, &rs256, 0,
      ALL, FREE, BAD, "kid" },
    { "kid, and a key without", HK("RS256", "any"), OK, &rs256, 0, RSA_PEM,
      FREE, GOOD },
    { "the second key of a file", H("RS256"), OK, &rs256_other, 0, TWO_PEM,
      FREE, GOOD },
    { "too many to try", H("RS256"), OK, &rs256, 0, MANY, FREE, BAD,
      "too many keys" },
    { "one kid, RSA", HK("RS256", "x"), OK, &rs256, 0, SAME_KID, FREE, GOOD },
    { "one kid, P-256", HK("ES256", "x"), OK, &es256, 0, SAME_KID, FREE,
      GOOD },
    { "alg that the key is pinned to", HK("RS256", "rsa"), OK, &rs256, 0,
      PINNED, FREE, GOOD },
    { "alg that it is not", HK("RS384", "rsa"), OK, &rs384, 0, PINNED, FREE,
      NO_KEY },
    { "PS256 with a key of RS256", HK("PS256", "rsa"), OK, &ps256, 0, PINNED,
      FREE, NO_KEY },
    { "another's RSA key", H("RS256"), OK, &rs256_other, 0, RSA_PEM, FREE,
      WRONG_SIG },
    { "another's P-256 key", H("ES256"), OK, &es256_other, 0, P256_PEM, FREE,
      WRONG_SIG },
    { "another's Ed25519 key", H("EdDSA"), OK, &eddsa_other, 0, ED_PEM, FREE,
      WRONG_SIG },
    { "EdDSA with PEM", H("EdDSA"), OK, &eddsa, 0, ED_PEM, FREE, GOOD },
    { "HS256 with a secret's file", H("HS256"), OK, &hs256, 0, SECRET, FREE,
      GOOD },

    /* the algorithm, taken for another */

    { "none", H("none"), OK, &none, 0, ALL, FREE, BAD, "alg" },
    { "None", H("None"), OK, &none, 0, ALL, FREE, BAD, "alg" },
    { "NONE with a signature", H("NONE"), OK, &rs256, 0, ALL, FREE, BAD,
      "alg" },
    { "none, with PEM", H("none"), OK, &none, 0, RSA_PEM, FREE, BAD, "alg" },
    { "HS256 with RSA's PEM", H("HS256"), OK, &hs256_rsa, 0, RSA_PEM, FREE,
      NO_KEY },
    { "HS256 with RSA's PEM and kid", HK("HS256", "rsa"), OK, &hs256_rsa, 0,
      ALL, FREE, NO_KEY },
    { "HS256 at with RSA's PEM", AT("HS256", "rsa"), OK, &hs256_rsa, 0,
      RSA_PEM, FREE, NO_KEY },
    { "HS256 with P-256's PEM", H("HS256"), OK, &hs256_p256, 0, P256_PEM,
      FREE, NO_KEY },
    { "RS256 that is PS256", H("RS256"), OK, &ps256, 0, RSA_PEM, FREE,
      WRONG_SIG },
    { "PS256 that is RS256", H("PS256"), OK, &rs256, 0, RSA_PEM, FREE,
      WRONG_SIG },
    { "PS256 without salt", H("PS256"), OK, &ps256_no_salt, 0, RSA_PEM, FREE,
      WRONG_SIG },
    { "RS512 that is RS256", H("RS512"), OK, &rs256, 0, RSA_PEM, FREE,
      WRONG_SIG },
    { "RS256 with an EC key", H("RS256"), OK, &es256, 0, P256_PEM, FREE,
      NO_KEY },
    { "ES256 with P-384", H("ES256"), OK, &es256_p384, 0, ALL, FREE,
      WRONG_SIG },
    { "ES256 with P-384's kid", HK("ES256", "p384"), OK, &es256_p384, 0, ALL,
      FREE, NO_KEY },
    { "ES256 with secp256k1", H("ES256"), OK, &es256_k256, 0, P256_PEM, FREE,
      WRONG_SIG },
    { "ES384 with P-256", H("ES384"), OK, &es256, 0, P256_PEM, FREE, NO_KEY },
    { "ES256K", H("ES256K"), OK, &es256_k256, 0, ALL, FREE, BAD, "alg" },
    { "EdDSA with RSA's key", H("EdDSA"), OK, &rs256, 0, RSA_PEM, FREE,
      NO_KEY },
    { "HS384 with 32 bytes", H("HS384"), OK, &hs384_short, 0, SECRET, FREE,
      NO_KEY },
    { "HS512 with 48 bytes", HK("HS512", "hs48"), OK, &hs512_short, 0, ALL,
      FREE, NO_KEY },
    { "hs256 in small letters", H("hs256"), OK, &hs256, 0, SECRET, FREE, BAD,
      "alg" },
    { "no alg", "{\"typ\":\"JWT\"}", OK, &rs256, 0, ALL, FREE, BAD, "alg" },
    { "alg that is no text", "{\"alg\":5}", OK, &rs256, 0, ALL, FREE, BAD,
      "alg" },
    { "alg of encryption", H("RSA-OAEP"), OK, &rs256, 0, ALL, FREE, BAD,
      "alg" },

    /* the signature */

    { "altered payload", H("RS256"), OK, &rs256, PAYLOAD, ALL, FREE,
      WRONG_SIG },
    { "altered payload, HS256", H("HS256"), OK, &hs256, PAYLOAD, SECRET, FREE,
      WRONG_SIG },
    { "altered payload, EdDSA", H("EdDSA"), OK, &eddsa, PAYLOAD, ED_PEM, FREE,
      WRONG_SIG },
    { "altered header", H("RS256"), OK, &rs256, HEADER, ALL, FREE,
      WRONG_SIG },
    { "altered, RS256", H("RS256"), OK, &rs256, FLIP, RSA_PEM, FREE,
      WRONG_SIG },
    { "altered, RS256 at", AT("RS256", "rsa"), OK, &rs256, FLIP, RSA_PEM,
      FREE, WRONG_SIG },
    { "altered, PS256", H("PS256"), OK, &ps256, FLIP, RSA_PEM, FREE,
      WRONG_SIG },
    { "altered, ES256", H("ES256"), OK, &es256, FLIP, P256_PEM, FREE,
      WRONG_SIG },
    { "altered, ES256 at", AT("ES256", "p256"), OK, &es256, FLIP, P256_PEM,
      FREE, WRONG_SIG },
    { "altered, ES512", H("ES512"), OK, &es512, FLIP, ALL, FREE, WRONG_SIG },
    { "altered, HS256", H("HS256"), OK, &hs256, FLIP, SECRET, FREE,
      WRONG_SIG },
    { "altered, HS256 at", AT("HS256", "x"), OK, &hs256, FLIP, SECRET, FREE,
      WRONG_SIG },
    { "altered, EdDSA", H("EdDSA"), OK, &eddsa, FLIP, ED_PEM, FREE,
      WRONG_SIG },
    { "no signature, RS256", H("RS256"), OK, &rs256, UNSIGNED, ALL, FREE,
      WRONG_SIG },
    { "no signature, HS256", H("HS256"), OK, &hs256, UNSIGNED, SECRET, FREE,
      WRONG_SIG },
    { "no signature, HS256 at", AT("HS256", "x"), OK, &hs256, UNSIGNED,
      SECRET, FREE, WRONG_SIG },
    { "no signature, ES256", H("ES256"), OK, &es256, UNSIGNED, P256_PEM, FREE,
      WRONG_SIG },
    { "no signature, EdDSA", H("EdDSA"), OK, &eddsa, UNSIGNED, ED_PEM, FREE,
      WRONG_SIG },
    { "short, HS256", H("HS256"), OK, &hs256, SHORT, SECRET, FREE,
      WRONG_SIG },
    { "short, ES256", H("ES256"), OK, &es256, SHORT, P256_PEM, FREE,
      WRONG_SIG },
    { "short, ES256 at", AT("ES256", "x"), OK, &es256, SHORT, P256_PEM, FREE,
      WRONG_SIG },
    { "long, HS256 at", AT("HS256", "x"), OK, &hs256, LONG, SECRET, FREE,
      BAD, "signature" },
    { "long, ES256 at", AT("ES256", "x"), OK, &es256, LONG, P256_PEM, FREE,
      BAD, "signature" },
    { "ES256 in DER", H("ES256"), OK, &es256, DER, P256_PEM, FREE,
      WRONG_SIG },
    { "ES256 at in DER", AT("ES256", "x"), OK, &es256, DER, P256_PEM, FREE,
      WRONG_SIG },

    /* the form */

    { "empty", "", "", &none, RAW, ALL, FREE, BAD, "three parts" },
    { "dots alone", "..", "", &none, RAW, ALL, FREE, BAD, "header" },
    { "one part", "eyJhbGciOiJub25lIn0", "", &none, RAW, ALL, FREE, BAD,
      "three parts" },
    { "two parts", H("RS256"), OK, &rs256, TWO_PARTS, ALL, FREE, BAD,
      "three parts" },
    { "four parts", H("RS256"), OK, &rs256, FOUR_PARTS, ALL, FREE, BAD,
      "three parts" },
    { "five, an encrypted one", H("RS256"), OK, &rs256, FIVE_PARTS, ALL, FREE,
      BAD, "three parts" },
    { "padding", H("HS256"), OK, &hs256, PADDED, SECRET, FREE, BAD,
      "base64url" },
    { "loose bits", H("HS256"), OK, &hs256, LOOSE_BITS, SECRET, FREE, BAD,
      "base64url" },
    { "a blank", H("HS256"), OK, &hs256, BLANK, SECRET, FREE, BAD,
      "base64url" },
    { "base64 and not base64url", "e30+./+.x", "", &none, RAW, ALL, FREE, BAD,
      "header" },
    { "a header that is no JSON", "{alg:RS256}", OK, &rs256, 0, ALL, FREE,
      BAD, "header is no JSON" },
    { "a header that is an array", "[\"RS256\"]", OK, &rs256, 0, ALL, FREE,
      BAD, "header is no JSON" },
    { "an empty header", "", OK, &rs256, 0, ALL, FREE, BAD,
      "header is no JSON" },
    { "a payload that is no JSON", H("RS256"), "ann", &rs256, 0, ALL, FREE,
      BAD, "payload is no JSON" },
    { "a payload that is a text", H("RS256"), "\"ann\"", &rs256, 0, ALL, FREE,
      BAD, "payload is no JSON" },
    { "an empty payload", H("RS256"), "", &rs256, 0, ALL, FREE, BAD,
      "payload is no JSON" },
    { "more after the payload", H("RS256"), OK "{}", &rs256, 0, ALL, FREE,
      BAD, "payload is no JSON" },
    { "no UTF-8", H("RS256"), P(",\"sub\":\"\xff\""), &rs256, 0, ALL, FREE,
      BAD, "payload is no JSON" },
    { "a NUL", H("RS256"), P(",\"sub\":\"a\\u0000b\""), &rs256, 0, ALL, FREE,
      BAD, "payload is no JSON" },
    { "a lone surrogate", H("RS256"), P(",\"sub\":\"\\ud800\""), &rs256, 0,
      ALL, FREE, BAD, "payload is no JSON" },
    { "a number out of range", H("RS256"), "{\"exp\":1e999}", &rs256, 0, ALL,
      FREE, BAD, "payload is no JSON" },
    { "alg twice", "{\"alg\":\"none\",\"alg\":\"RS256\"}", OK, &rs256, 0, ALL,
      FREE, BAD, "header" },
    { "exp twice", H("RS256"), "{\"exp\":1,\"exp\":1000100}", &rs256, 0, ALL,
      FREE, BAD, "payload" },
    { "sub twice", H("RS256"), P(",\"sub\":\"ann\",\"sub\":\"bob\""), &rs256,
      0, ALL, FREE, BAD, "payload" },
    { "crit", "{\"alg\":\"RS256\",\"crit\":[\"exp\"]}", OK, &rs256, 0, ALL,
      FREE, BAD, "crit" },
    { "crit of b64", "{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}",
      OK, &rs256, 0, ALL, FREE, BAD, "crit" },
    { "an empty crit", "{\"alg\":\"RS256\",\"crit\":[]}", OK, &rs256, 0, ALL,
      FREE, BAD, "crit" },
    { "a key of its own",
      "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"YWFh\"}}", OK,
      &hs256_rsa, 0, SECRET, FREE, WRONG_SIG },

    /* the times */

    { "no exp", H("RS256"), "{\"sub\":\"ann\"}", &rs256, 0, ALL, FREE, BAD,
      "exp is missing" },
    { "expired", H("RS256"), "{\"exp\":999000}", &rs256, 0, ALL, FREE, BAD,
      "has expired" },
    { "expired by the leeway", H("RS256"), "{\"exp\":999970}", &rs256, 0, ALL,
      FREE, BAD, "has expired" },
    { "expired within the leeway", H("RS256"), "{\"exp\":999971}", &rs256, 0,
      ALL, FREE, GOOD },
    { "exp with decimals", H("RS256"), "{\"exp\":1000000.5}", &rs256, 0, ALL,
      FREE, GOOD },
    { "exp in a text", H("RS256"), "{\"exp\":\"1000100\"}", &rs256, 0, ALL,
      FREE, BAD, "exp is no number" },
    { "exp null", H("RS256"), "{\"exp\":null}", &rs256, 0, ALL, FREE, BAD,
      "exp is no number" },
    { "exp negative", H("RS256"), "{\"exp\":-1}", &rs256, 0, ALL, FREE, BAD,
      "has expired" },
    { "exp far away", H("RS256"), "{\"exp\":1e300}", &rs256, 0, ALL, FREE,
      GOOD },
    { "not yet", H("RS256"), P(",\"nbf\":1000031"), &rs256, 0, ALL, FREE, BAD,
      "not valid yet" },
    { "not yet, within the leeway", H("RS256"), P(",\"nbf\":1000030"), &rs256,
      0, ALL, FREE, GOOD },
    { "nbf in a text", H("RS256"), P(",\"nbf\":\"1\""), &rs256, 0, ALL, FREE,
      BAD, "nbf is no number" },
    { "from the future", H("RS256"), P(",\"iat\":1000031"), &rs256, 0, ALL,
      FREE, BAD, "in the future" },
    { "from the future, a little", H("RS256"), P(",\"iat\":1000030"), &rs256,
      0, ALL, FREE, GOOD },
    { "iat true", H("RS256"), P(",\"iat\":true"), &rs256, 0, ALL, FREE, BAD,
      "iat is no number" },

    /* the claims */

    { "as the rules want it", H("RS256"), FULL "\"aud\":\"code\"," ACCESS "}",
      &rs256, 0, ALL, STRICT, GOOD },
    { "one of the audiences", H("RS256"),
      FULL "\"aud\":[\"else\",\"code\"]," ACCESS "}", &rs256, 0, ALL, STRICT,
      GOOD },
    { "another audience", H("RS256"), FULL "\"aud\":\"cod\"," ACCESS "}",
      &rs256, 0, ALL, STRICT, FORBIDDEN, "aud" },
    { "other audiences", H("RS256"), FULL "\"aud\":[\"a\",\"b\"]," ACCESS "}",
      &rs256, 0, ALL, STRICT, FORBIDDEN, "aud" },
    { "audiences in audiences", H("RS256"),
      FULL "\"aud\":[[\"code\"]]," ACCESS "}", &rs256, 0, ALL, STRICT,
      FORBIDDEN, "aud" },
    { "no audience", H("RS256"), FULL ACCESS "}", &rs256, 0, ALL, STRICT,
      FORBIDDEN, "aud" },
    { "an audience that is an object", H("RS256"),
      FULL "\"aud\":{\"code\":1}," ACCESS "}", &rs256, 0, ALL, STRICT,
      FORBIDDEN, "aud" },
    { "another issuer", H("RS256"),
      P(",\"iss\":\"https://id.example/\",\"aud\":\"code\"," ACCESS), &rs256,
      0, ALL, STRICT, FORBIDDEN, "iss" },
    { "no issuer", H("RS256"), P(",\"aud\":\"code\"," ACCESS), &rs256, 0, ALL,
      STRICT, FORBIDDEN, "iss" },
    { "issuers in an array", H("RS256"),
      P(",\"iss\":[\"https://id.example\"],\"aud\":\"code\"," ACCESS), &rs256,
      0, ALL, STRICT, FORBIDDEN, "iss" },
    { "another token_use", H("RS256"),
      FULL "\"aud\":\"code\",\"token_use\":\"id\"}", &rs256, 0, ALL, STRICT,
      FORBIDDEN, "token_use" },
    { "no token_use", H("RS256"), FULL "\"aud\":\"code\"}", &rs256, 0, ALL,
      STRICT, FORBIDDEN, "token_use is missing" },
    { "token_use null", H("RS256"),
      FULL "\"aud\":\"code\",\"token_use\":null}", &rs256, 0, ALL, STRICT,
      FORBIDDEN, "token_use is missing" },
    { "expired comes before a wrong issuer", H("RS256"), "{\"exp\":1}",
      &rs256, 0, ALL, STRICT, BAD, "has expired" },
    { "a wrong signature comes before all", H("RS256"), "{\"exp\":1}",
      &rs256_other, 0, RSA_PEM, STRICT, WRONG_SIG },
    { "scope", H("RS256"), P(",\"scope\":\"read run\""), &rs256, 0, ALL,
      SCOPE, GOOD },
    { "another scope", H("RS256"), P(",\"scope\":\"read running\""), &rs256,
      0, ALL, SCOPE, FORBIDDEN, "scope" },
    { "an empty scope", H("RS256"), P(",\"scope\":\"\""), &rs256, 0, ALL,
      SCOPE, FORBIDDEN, "scope" },
    { "scopes in an array", H("RS256"), P(",\"scope\":[\"read\",\"all\"]"),
      &rs256, 0, ALL, SCOPE, GOOD },
    { "claims of all kinds", H("RS256"),
      P(",\"admin\":true,\"level\":3,\"groups\":[\"x\",\"staff\"]"), &rs256,
      0, ALL, KINDS, GOOD },
    { "admin false", H("RS256"),
      P(",\"admin\":false,\"level\":3,\"groups\":\"staff\""), &rs256, 0, ALL,
      KINDS, FORBIDDEN, "admin" },
    { "level 33", H("RS256"),
      P(",\"admin\":true,\"level\":33,\"groups\":\"staff\""), &rs256, 0, ALL,
      KINDS, FORBIDDEN, "level" },
    { "other groups", H("RS256"),
      P(",\"admin\":true,\"level\":3,\"groups\":[]"), &rs256, 0, ALL, KINDS,
      FORBIDDEN, "groups" },
};


#endif /* _JWT_CASES_H_INCLUDED_ */
