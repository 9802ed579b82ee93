/*
 * Providers: whose key verified a token decides what must hold for it, and
 * nobody's key speaks for another; which of them may have newer keys.
 */

/* link: nginx -It/fuzz t/fuzz/fuzz_nginx.c t/fuzz/fuzz_nginx_string.c */
/* link: ngx_http_coderemote_module/core/ngx_cr_provider.c */
/* link: ngx_http_coderemote_module/core/ngx_cr_key.c */
/* link: ngx_http_coderemote_module/core/ngx_cr_key_jwk.c */
/* link: ngx_http_coderemote_module/core/ngx_cr_jwt.c */
/* link: ngx_http_coderemote_module/core/ngx_cr_deny.c */
/* link: ngx_http_coderemote_module/core/ngx_cr_jwt_verify.c */
/* link: -ljansson -ljwt -lcrypto */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ngx_cr_provider.h"

#include "fuzz_nginx.h"
#include "jwt_make.h"


#define NOW       1000000
#define COUNT(a)  (sizeof(a) / sizeof(a[0]))

#define STRS(name, ...)                                                       \
    static ngx_str_t    name##_values[] = { __VA_ARGS__ };                    \
    static ngx_array_t  name = { name##_values, COUNT(name##_values),         \
                                 sizeof(ngx_str_t), COUNT(name##_values),     \
                                 NULL }

STRS(issuer_a, ngx_string("https://a"));
STRS(issuer_b, ngx_string("https://b"));
STRS(issuer_c, ngx_string("https://c"));
STRS(issuer_d, ngx_string("https://d"));
STRS(issuer_e, ngx_string("https://e"));
STRS(others, ngx_string("https://file"), ngx_string("https://url"));
STRS(clients, ngx_string("one"), ngx_string("two"));


/* In place of what is had from elsewhere. */

struct ngx_cr_jwks_s {
    ngx_cr_keys_t  *keys;
    u_char          digest[NGX_CR_JWKS_DIGEST];
};


enum { A = 0, B, C, D, E, URL, NPROVIDERS };

static ngx_pool_t         *pool;
static ngx_cr_jwks_t       jwks[NPROVIDERS];
static ngx_uint_t          looked;

static ngx_cr_provider_t   list[NPROVIDERS] = {
    { &jwks[A], &issuer_a, NULL, { 0 } },
    { &jwks[B], &issuer_b, &clients, { 0 } },
    { &jwks[C], &issuer_c, NULL, { 0 } },       /* it has A's key, too */
    { &jwks[D], &issuer_d, NULL, { 0 } },       /* it has none yet */
    { &jwks[E], &issuer_e, NULL, { 0 } },       /* its key has no name */
    { &jwks[URL], NULL, NULL, { 0 } }
};

static ngx_array_t         all = { list, NPROVIDERS, sizeof(list[0]),
                                   NPROVIDERS, NULL };
static ngx_cr_jwt_rules_t  rules = { .issuers = &others, .leeway = 30,
                                     .max_size = 8192 };


void
ngx_cr_jwks_look(ngx_cr_jwks_t *j)
{
    (void) j;
    looked++;
}


const ngx_cr_keys_t *
ngx_cr_jwks_keys(const ngx_cr_jwks_t *j)
{
    return j->keys;
}


const u_char *
ngx_cr_jwks_digest(const ngx_cr_jwks_t *j)
{
    return j->digest;
}


const u_char *
ngx_cr_jwks_id(const ngx_cr_jwks_t *j)
{
    static u_char  id[NPROVIDERS][NGX_CR_JWKS_DIGEST];

    id[j - jwks][0] = j - jwks;

    return id[j - jwks];
}


static ngx_cr_keys_t *
keys_of(int key, const char *more)
{
    char            text[MAKE_TEXT];
    ngx_str_t       s;
    ngx_cr_keys_t  *keys;

    *make_jwk(text, key, more) = '\0';

    s.data = (u_char *) text;
    s.len = strlen(text);
    keys = ngx_cr_keys_create(pool);

    assert_int_equal(ngx_cr_keys_add(keys, &s, made[key].pkey != NULL),
                     NGX_OK);

    return keys;
}


static int
setup(void **state)
{
    (void) state;

    fuzz_nginx_init();
    make_keys();

    pool = ngx_create_pool(4096, fuzz_log);

    jwks[A].keys = keys_of(RSA1, "\"kid\":\"k\"");
    jwks[B].keys = keys_of(P256, "\"kid\":\"k\"");
    jwks[C].keys = keys_of(RSA1, "\"kid\":\"k\"");
    jwks[E].keys = keys_of(ED, "");
    jwks[URL].keys = keys_of(RSA2, "\"kid\":\"u\"");
    rules.keys = keys_of(HS32, "\"kid\":\"f\"");

    return 0;
}


static int
teardown(void **state)
{
    (void) state;

    ngx_destroy_pool(pool);
    free_keys();

    return 0;
}


typedef struct {
    const char  *name;
    const char  *kid;
    signer_t     signer;
    const char  *alg;
    const char  *claims;
    ngx_int_t    rc;
    ngx_int_t    stale;         /* the first, and when that was asked: */
    ngx_int_t    next;
} case_t;

#define RS(n)   { n, "SHA256", 0 }, "RS256"
#define ES(n)   { n, "SHA256", 0 }, "ES256"
#define ED_(n)  { n, NULL, 0 }, "EdDSA"
#define HS(n)   { n, "SHA256", 0 }, "HS256"
#define ISS(c)  "\"iss\":\"https://" c "\""
#define NONE    NGX_ERROR
#define BAD     NGX_CR_JWT_INVALID
#define NOT     NGX_CR_JWT_NOT_YOURS
#define NO      NGX_CR_JWT_NO_KEYS

static const case_t  cases[] = {
    { "of A", "k", RS(RSA1), ISS("a"), NGX_OK, NONE, NONE },
    { "of C, by the same key", "k", RS(RSA1), ISS("c"), NGX_OK, NONE, NONE },
    { "A's key for B", "k", RS(RSA1), ISS("b"), NOT, NONE, NONE },
    { "A's key for D", "k", RS(RSA1), ISS("d"), NOT, NONE, NONE },
    { "A's key for the file", "k", RS(RSA1), ISS("file"), NOT, NONE, NONE },
    { "A's key, no issuer", "k", RS(RSA1), "\"a\":1", NOT, NONE, NONE },
    { "B's name, A's key", "k", RS(RSA1), ISS("b"), NOT, NONE, NONE },
    { "another key of A's name", "k", RS(RSA2), ISS("a"), BAD, NONE, NONE },
    { "an unknown key of A", "x", RS(RSA1), ISS("a"), BAD, A, NONE },
    { "no key named, of A", NULL, ES(P256B), ISS("a"), BAD, A, NONE },
    { "an unknown key of nobody", "x", RS(RSA1), ISS("x"), BAD, NONE, NONE },
    { "an unknown key of the URL", "x", RS(RSA1), ISS("url"), BAD, URL, NONE },
    { "D has no keys", "x", RS(RSA1), ISS("d"), NO, D, NONE },
    { "E's key has no name", "x", ED_(ED), ISS("e"), NGX_OK, NONE, NONE },
    { "E has another by now", "x", ED_(ED2), ISS("e"), BAD, E, NONE },

    { "of the URL", "u", RS(RSA2), ISS("url"), NGX_OK, NONE, NONE },
    { "of the URL, and the file", "u", RS(RSA2), ISS("file"), NGX_OK, NONE,
      NONE },
    { "the URL's for A", "u", RS(RSA2), ISS("a"), NOT, NONE, NONE },
    { "of the file", "f", HS(HS32), ISS("file"), NGX_OK, NONE, NONE },
    { "the file's for A", "f", HS(HS32), ISS("a"), NOT, NONE, NONE },

    { "an id token", "k", ES(P256),
      ISS("b") ",\"token_use\":\"id\",\"aud\":\"two\"", NGX_OK, NONE, NONE },
    { "an access token", "k", ES(P256),
      ISS("b") ",\"token_use\":\"access\",\"client_id\":\"one\"", NGX_OK, NONE,
      NONE },
    { "another client", "k", ES(P256),
      ISS("b") ",\"token_use\":\"access\",\"client_id\":\"three\"", NOT, NONE,
      NONE },
    { "a client's name is longer", "k", ES(P256),
      ISS("b") ",\"token_use\":\"id\",\"aud\":\"onex\"", NOT, NONE,
      NONE },
    { "aud of an access token", "k", ES(P256),
      ISS("b") ",\"token_use\":\"access\",\"aud\":\"one\"", NOT, NONE, NONE },
    { "no token_use", "k", ES(P256), ISS("b") ",\"aud\":\"one\"", NOT, NONE,
      NONE },
    { "token_use is longer", "k", ES(P256),
      ISS("b") ",\"token_use\":\"idx\",\"aud\":\"one\"", NOT, NONE,
      NONE },
    { "an id token for A", "k", ES(P256),
      ISS("a") ",\"token_use\":\"id\",\"aud\":\"two\"", NOT, NONE, NONE },
};


static ngx_int_t
check(const ngx_str_t *token, ngx_uint_t asked, ngx_int_t *stale)
{
    ngx_int_t     rc;
    ngx_cr_jwt_t  jwt;

    rc = ngx_cr_provider_check(pool, &rules, &all, token, NOW, asked, stale,
                               &jwt);
    ngx_cr_jwt_release(&jwt);

    return rc;
}


static void
test_cases(void **state)
{
    char           header[256], payload[512], text[4 * MAKE_TEXT];
    ngx_int_t      stale, next;
    ngx_str_t      token;
    unsigned       i;
    const case_t  *c;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        c = &cases[i];

        sprintf(header, c->kid ? "{\"alg\":\"%s\",\"kid\":\"%s\"}"
                               : "{\"alg\":\"%s\"}", c->alg, c->kid);
        sprintf(payload, "{\"exp\":%d,%s}", NOW + 60, c->claims);
        make_token(text, header, payload, &c->signer, 0);

        token.data = (u_char *) text;
        token.len = strlen(text);

        if (check(&token, 0, &stale) != c->rc || stale != c->stale) {
            fail_msg("%s: %d, stale %d", c->name, (int) check(&token, 0,
                     &stale), (int) stale);
        }

        if (stale == NONE) {
            continue;
        }

        assert_int_equal(check(&token, 1 << stale, &next), c->rc);

        if (next != c->next) {
            fail_msg("%s: then stale %d", c->name, (int) next);
        }

        assert_int_equal(check(&token, ~(ngx_uint_t) 0, &next), c->rc);
        assert_int_equal(next, NONE);
    }
}


static void
digest_of(u_char *digest)
{
    EVP_MD_CTX  *ctx;

    ctx = EVP_MD_CTX_new();

    assert_int_equal(EVP_DigestInit_ex(ctx, EVP_sha256(), NULL), 1);
    assert_true(ngx_cr_provider_digest(&all, ctx));
    assert_int_equal(EVP_DigestFinal_ex(ctx, digest, NULL), 1);

    EVP_MD_CTX_free(ctx);
}


static void
test_digest(void **state)
{
    u_char             one[32], two[32];
    unsigned           i;
    ngx_cr_provider_t  copy;

    (void) state;

    looked = 0;
    ngx_cr_provider_look(&all);
    assert_int_equal(looked, NPROVIDERS);
    ngx_cr_provider_look(NULL);

    for (i = 0; i < NPROVIDERS; i++) {
        assert_int_equal(ngx_cr_provider_name(&list[i]), NGX_OK);
    }

    digest_of(one);
    digest_of(two);
    assert_memory_equal(one, two, 32);

    jwks[C].digest[31] = 1;
    digest_of(two);
    assert_memory_not_equal(one, two, 32);

    jwks[C].digest[31] = 0;
    digest_of(two);
    assert_memory_equal(one, two, 32);

    /* of another issuer, for other clients, from elsewhere */

    copy = list[A];
    copy.issuers = &issuer_b;
    assert_int_equal(ngx_cr_provider_name(&copy), NGX_OK);
    assert_memory_not_equal(copy.id, list[A].id, 32);

    copy = list[A];
    copy.clients = &clients;
    assert_int_equal(ngx_cr_provider_name(&copy), NGX_OK);
    assert_memory_not_equal(copy.id, list[A].id, 32);

    copy = list[A];
    copy.jwks = &jwks[B];
    assert_int_equal(ngx_cr_provider_name(&copy), NGX_OK);
    assert_memory_not_equal(copy.id, list[A].id, 32);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_digest),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
