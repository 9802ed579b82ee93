/*
 * Tokens and keys: what was made by OpenSSL alone is verified, and whatever is
 * wrong with one is refused for that very reason.
 */

/* link: nginx -It/fuzz t/fuzz/fuzz_nginx.c t/fuzz/fuzz_nginx_string.c */
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

#include "ngx_cr_jwt.h"

#include "fuzz_nginx.h"
#include "jwt_make.h"
#include "jwt_cases.h"


#define NOW     1000000
#define COUNT(a)  (sizeof(a) / sizeof(a[0]))

#define STRS(name, ...)                                                       \
    static ngx_str_t    name##_values[] = { __VA_ARGS__ };                    \
    static ngx_array_t  name = { name##_values, COUNT(name##_values),         \
                                 sizeof(ngx_str_t), COUNT(name##_values),     \
                                 NULL }

#define REQUIRE(name, ...)                                                    \
    static ngx_cr_jwt_require_t  name##_values[] = { __VA_ARGS__ };           \
    static ngx_array_t  name = { name##_values, COUNT(name##_values),         \
                                 sizeof(ngx_cr_jwt_require_t),                \
                                 COUNT(name##_values), NULL }


STRS(issuers, ngx_string("https://other.example"),
     ngx_string("https://id.example"));
STRS(audiences, ngx_string("code"), ngx_string("coder"));
STRS(uses, ngx_string("access"));
STRS(scopes, ngx_string("run"), ngx_string("all"));
STRS(yes, ngx_string("true"));
STRS(three, ngx_string("3"));
STRS(staff, ngx_string("staff"));

REQUIRE(strict_require, { ngx_string("token_use"), &uses });
REQUIRE(scope_require, { ngx_string("scope"), &scopes });
REQUIRE(kinds_require, { ngx_string("admin"), &yes },
        { ngx_string("level"), &three }, { ngx_string("groups"), &staff },
        { ngx_string("exp"), NULL });

static ngx_cr_jwt_rules_t  all_rules[] = {
    { NULL, NULL, NULL, NULL, 30, 8192, NULL },
    { NULL, &issuers, &audiences, &strict_require, 30, 8192, NULL },
    { NULL, NULL, NULL, &scope_require, 30, 8192, NULL },
    { NULL, NULL, NULL, &kinds_require, 30, 8192, NULL }
};

static ngx_pool_t  *pool;
static char         sets[NSETS][MAKE_TEXT];
static char         token[3 * MAKE_TEXT];


/* The text of each set of keys. */

static void
make_sets(void)
{
    int          i;
    char        *p;

    static struct { int key; const char *kid; }  all[] = {
        { HS64, "hs64" }, { HS48, "hs48" }, { HS32, "hs32" },
        { RSA2, "rsa2" }, { RSA1, "rsa" }, { P256, "p256" },
        { P256B, "p256b" }, { P384, "p384" }, { P521, "p521" },
        { ED2, "ed2" }, { ED, "ed" }
    };

    p = sets[ALL] + sprintf(sets[ALL], " \n{\"keys\":[");

    for (i = 0; i < (int) COUNT(all); i++) {
        char  kid[64];

        sprintf(kid, "\"kid\":\"%s\",\"use\":\"sig\"", all[i].kid);
        p += sprintf(p, "%s", i ? "," : "");
        p = make_jwk(p, all[i].key, kid);
    }

    sprintf(p, "]}");

    p = sets[PINNED] + sprintf(sets[PINNED], "{\"keys\":[");
    p = make_jwk(p, RSA1, "\"kid\":\"rsa\",\"alg\":\"RS256\"");
    sprintf(p, "]}");

    p = sets[MANY] + sprintf(sets[MANY], "{\"keys\":[");

    for (i = 0; i < 5; i++) {
        p += sprintf(p, "%s", i ? "," : "");
        p = make_jwk(p, RSA1, "");
    }

    sprintf(p, "]}");

    p = sets[SAME_KID] + sprintf(sets[SAME_KID], "{\"keys\":[");
    p = make_jwk(p, P256, "\"kid\":\"x\"");
    *p++ = ',';
    p = make_jwk(p, RSA1, "\"kid\":\"x\"");
    sprintf(p, "]}");

    strcpy(sets[RSA_PEM], made[RSA1].text);
    sprintf(sets[TWO_PEM], "%s%s", made[RSA1].text, made[RSA2].text);
    strcpy(sets[P256_PEM], made[P256].text);
    strcpy(sets[ED_PEM], made[ED].text);
    sprintf(sets[SECRET], "%s\r\n", made[HS32].text);
}


static ngx_cr_keys_t *
keys_of(const char *text, size_t len, ngx_uint_t public, ngx_int_t expected)
{
    ngx_str_t       s;
    ngx_cr_keys_t  *keys;

    s.len = len;
    s.data = ngx_pnalloc(pool, len + 1);
    *ngx_cpymem(s.data, text, len) = '\0';

    keys = ngx_cr_keys_create(pool);
    assert_non_null(keys);

    if (ngx_cr_keys_add(keys, &s, public) != expected) {
        print_error("%s\n%.300s\n", keys->error, text);
        fail();
    }

    return keys;
}


static void
mangle(const token_case_t *c)
{
    char         other[1024], *dot, *last, *p;
    const char  *eve = "{\"exp\":1000100,\"sub\":\"eve\"}";
    const char  *blank = "{\"alg\":\"RS256\",\"typ\":\"JWT\" }";

    make_token(token, c->header, c->payload, c->signer, c->mangle == DER);

    dot = strchr(token, '.');
    last = strrchr(token, '.');
    p = token + strlen(token);

    switch (c->mangle) {

    case PAYLOAD:
        snprintf(other, sizeof(other), "%s", last);
        make_base64(dot + 1, eve, strlen(eve));
        strcat(token, other);
        break;

    case HEADER:
        snprintf(other, sizeof(other), "%s", dot);
        make_base64(token, blank, strlen(blank));
        strcat(token, other);
        break;

    case FLIP:
        last[5] = last[5] == 'A' ? 'B' : 'A';
        break;

    case UNSIGNED:
        last[1] = '\0';
        break;

    case SHORT:
        last[41] = '\0';
        break;

    case LONG:
        strcpy(p, "AAAA");
        break;

    case PADDED:
        strcpy(p, "=");
        break;

    case LOOSE_BITS:
        p[-1]++;
        break;

    case TWO_PARTS:
        *last = '\0';
        break;

    case FOUR_PARTS:
        strcpy(p, ".AAAA");
        break;

    case FIVE_PARTS:
        strcpy(p, ".AAAA.AAAA");
        break;

    case BLANK:
        strcpy(p, " ");
        break;

    case RAW:
        strcpy(token, c->header);
        break;

    default:
        break;
    }
}


/* What goes between the quotes of error_description (RFC 6750). */

static void
check_why(const ngx_cr_jwt_t *jwt)
{
    const u_char  *p;

    assert_true(jwt->why[0] != '\0');

    for (p = jwt->why; *p; p++) {
        assert_true(*p >= 0x20 && *p < 0x7f && *p != '"' && *p != '\\');
    }
}


static int
judged(const token_case_t *c)
{
    ngx_int_t            rc;
    ngx_str_t            text;
    ngx_cr_jwt_t         jwt;
    ngx_cr_jwt_rules_t   rules;

    mangle(c);

    rules = all_rules[c->rules];
    rules.keys = keys_of(sets[c->set], strlen(sets[c->set]), 0, NGX_OK);

    text.data = (u_char *) token;
    text.len = strlen(token);

    rc = ngx_cr_jwt_check(pool, &rules, &text, NOW, &jwt);

    if (rc != NGX_OK) {
        check_why(&jwt);
    }

    if (rc == c->rc && (c->why == NULL || strstr((char *) jwt.why, c->why))) {
        ngx_cr_jwt_release(&jwt);
        return 1;
    }

    print_error("%s: %ld \"%s\"\n", c->name, (long) rc,
                rc == NGX_OK ? "" : (char *) jwt.why);
    ngx_cr_jwt_release(&jwt);

    return 0;
}


static void
test_tokens(void **state)
{
    size_t  i, failed;

    (void) state;

    for (i = 0, failed = 0; i < COUNT(token_cases); i++) {
        failed += !judged(&token_cases[i]);
    }

    print_message("%zu tokens\n", COUNT(token_cases));

    assert_int_equal(failed, 0);
}


/* A token of any length within the bound, and none beyond it. */

static void
test_size(void **state)
{
    size_t              len;
    ngx_str_t           text;
    ngx_cr_jwt_t        jwt;
    static char         payload[MAKE_TEXT];
    ngx_cr_jwt_rules_t  rules;

    (void) state;

    sprintf(payload, "{\"exp\":1000100,\"pad\":\"%*s\"}", 6000, "x");
    make_token(token, H("HS256"), payload, &hs256, 0);

    rules = all_rules[FREE];
    rules.keys = keys_of(sets[SECRET], strlen(sets[SECRET]), 0, NGX_OK);

    len = strlen(token);
    text.data = (u_char *) token;
    text.len = len;

    rules.max_size = len;
    assert_int_equal(ngx_cr_jwt_check(pool, &rules, &text, NOW, &jwt), NGX_OK);
    ngx_cr_jwt_release(&jwt);

    rules.max_size = len - 1;
    assert_int_equal(ngx_cr_jwt_check(pool, &rules, &text, NOW, &jwt),
                     NGX_CR_JWT_INVALID);
    assert_non_null(strstr((char *) jwt.why, "longer than"));

    /* cut anywhere it is refused, and nothing is read behind it */

    rules.max_size = 8192;
    make_token(token, H("HS256"), OK, &hs256, 0);

    for (len = strlen(token); len-- > 0; /* void */) {
        text.data = malloc(len + 1);
        text.len = len;
        memcpy(text.data, token, len);

        assert_int_equal(ngx_cr_jwt_check(pool, &rules, &text, NOW, &jwt),
                         NGX_CR_JWT_INVALID);
        ngx_cr_jwt_release(&jwt);
        free(text.data);
    }
}


/* Each byte of a token that is altered makes it another. */

static void
test_every_byte(void **state)
{
    size_t              i;
    ngx_str_t           text;
    ngx_cr_jwt_t        jwt;
    ngx_cr_jwt_rules_t  rules;

    (void) state;

    make_token(token, H("HS256"), OK, &hs256, 0);

    rules = all_rules[FREE];
    rules.keys = keys_of(sets[SECRET], strlen(sets[SECRET]), 0, NGX_OK);

    text.data = (u_char *) token;
    text.len = strlen(token);

    for (i = 0; i < text.len; i++) {
        text.data[i] ^= 1;

        assert_int_equal(ngx_cr_jwt_check(pool, &rules, &text, NOW, &jwt),
                         NGX_CR_JWT_INVALID);
        ngx_cr_jwt_release(&jwt);

        text.data[i] ^= 1;
    }

    assert_int_equal(ngx_cr_jwt_check(pool, &rules, &text, NOW, &jwt), NGX_OK);
    assert_string_equal(json_string_value(json_object_get(jwt.claims, "sub")),
                        "ann");
    ngx_cr_jwt_release(&jwt);
}


/* Keys: what a file may hold. */

typedef struct {
    const char  *name;
    const char  *text;
    int          key;           /* above 0: its JWK with text's members */
    ngx_uint_t   public;
    ngx_uint_t   n;
    ngx_uint_t   skipped;
    const char  *error;
} key_case_t;


static const key_case_t  key_cases[] = {
    { "a secret", "0123456789abcdef0123456789abcdef\n", 0, 0, 1, 0, NULL },
    { "a short one", "0123456789abcdef0123456789abcde\n", 0, 0, 0, 0,
      "at least 32 bytes and not 31" },
    { "nothing", "", 0, 0, 0, 0, "at least 32 bytes and not 0" },
    { "a line end", "\n", 0, 0, 0, 0, "at least 32 bytes and not 0" },
    { "a secret from elsewhere", "0123456789abcdef0123456789abcdef", 0, 1, 0,
      0, "no JSON" },
    { "one JWK", "", RSA1, 0, 1, 0, NULL },
    { "one JWK from elsewhere", "", ED, 1, 1, 0, NULL },
    { "for encryption", "\"use\":\"enc\"", RSA1, 0, 0, 1, "\"use\"" },
    { "for signing", "\"use\":\"sig\"", RSA1, 0, 1, 0, NULL },
    { "use of no text", "\"use\":1", RSA1, 0, 0, 1, "\"use\"" },
    { "key_ops verify", "\"key_ops\":[\"x\",\"verify\"]", P256, 0, 1, 0,
      NULL },
    { "key_ops encrypt", "\"key_ops\":[\"encrypt\"]", P256, 0, 0, 1,
      "\"key_ops\"" },
    { "alg of another type", "\"alg\":\"HS256\"", RSA1, 0, 0, 1, "\"alg\"" },
    { "alg of another curve", "\"alg\":\"ES384\"", P256, 0, 0, 1, "\"alg\"" },
    { "alg of encryption", "\"alg\":\"RSA-OAEP\"", RSA1, 0, 0, 1, "\"alg\"" },
    { "alg none", "\"alg\":\"none\"", RSA1, 0, 0, 1, "\"alg\"" },
    { "kid of no text", "\"kid\":1", RSA1, 0, 0, 1, "\"kid\"" },
    { "1024 bits", "", RSA1024, 0, 0, 1, "2048" },
    { "secp256k1", "", K256, 0, 0, 1, "unknown" },
    { "oct", "", HS48, 0, 1, 0, NULL },
    { "oct too short for its alg", "\"alg\":\"HS512\"", HS48, 0, 0, 1,
      "too short" },
    { "oct from elsewhere", "", HS48, 1, 0, 1, "from a file" },
    { "an unknown member twice", "\"x5t\":\"a\",\"x5t\":\"b\"", RSA1, 0, 0, 0,
      "no JSON" },
    { "an empty JWKS", "{\"keys\":[]}", 0, 0, 0, 0, "is empty" },
    { "no JWKS", "{\"jwks_uri\":\"x\"}", 0, 0, 0, 0, "\"keys\"" },
    { "keys of no array", "{\"keys\":{}}", 0, 0, 0, 0, "\"keys\"" },
    { "keys that are none", "{\"keys\":[1,null,[]]}", 0, 0, 0, 3,
      "no \"kty\"" },
    { "unknown kty", "{\"keys\":[{\"kty\":\"AKP\"}]}", 0, 0, 0, 1,
      "unknown" },
    { "no n", "{\"kty\":\"RSA\",\"e\":\"AQAB\"}", 0, 0, 0, 1, "damaged" },
    { "no base64url", "{\"kty\":\"RSA\",\"n\":\"+/\",\"e\":\"AQAB\"}", 0, 0,
      0, 1, "damaged" },
    { "a point not on the curve", "{\"kty\":\"EC\",\"crv\":\"P-256\","
      "\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
      "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\"}", 0, 0, 0, 1,
      "damaged" },
    { "a short point", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\","
      "\"y\":\"AA\"}", 0, 0, 0, 1, "damaged" },
    { "X25519", "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}", 0, 0, 0,
      1, "unknown" },
    { "half a JWKS", "{\"keys\":[", 0, 0, 0, 0, "no JSON" },
    { "a private key", "-----BEGIN PRIVATE KEY-----\nAAAA\n"
      "-----END PRIVATE KEY-----\n", 0, 0, 0, 0, "private key" },
    { "a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"
      "-----END CERTIFICATE-----\n", 0, 0, 0, 0, "BEGIN PUBLIC KEY" },
    { "damaged PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n"
      "-----END PUBLIC KEY-----\n", 0, 0, 0, 0, "BEGIN PUBLIC KEY" },
};


static void
test_keys(void **state)
{
    size_t             i, len;
    const char        *text;
    static char        jwk[MAKE_TEXT];
    ngx_cr_keys_t     *keys;
    const key_case_t  *c;

    (void) state;

    for (i = 0; i < COUNT(key_cases); i++) {
        c = &key_cases[i];
        text = c->text;

        if (c->key) {
            make_jwk(jwk, c->key, c->text);
            text = jwk;
        }

        len = strlen(text);
        keys = keys_of(text, len, c->public, c->error ? NGX_ERROR : NGX_OK);

        if (keys->n != c->n || keys->skipped != c->skipped
            || (c->error && !strstr((char *) keys->error, c->error)))
        {
            print_error("%s: %lu keys, %lu skipped, \"%s\"\n", c->name,
                        (unsigned long) keys->n,
                        (unsigned long) keys->skipped, keys->error);
            fail();
        }
    }
}


static void
test_key_files(void **state)
{
    char           *p;
    ngx_uint_t      i;
    static char     text[NGX_CR_KEYS_MAX * 1000];
    ngx_cr_keys_t  *keys;

    (void) state;

    keys = keys_of(sets[ALL], strlen(sets[ALL]), 0, NGX_OK);
    assert_int_equal(keys->n, 11);

    keys = keys_of(sets[ALL], strlen(sets[ALL]), 1, NGX_OK);
    assert_int_equal(keys->n, 8);
    assert_int_equal(keys->skipped, 3);

    (void) keys_of(made[RSA1024].text, strlen(made[RSA1024].text), 0,
                   NGX_ERROR);
    (void) keys_of(made[K256].text, strlen(made[K256].text), 0, NGX_ERROR);

    /* as many as there may be, and one more */

    for (i = NGX_CR_KEYS_MAX; i <= NGX_CR_KEYS_MAX + 1; i++) {
        ngx_uint_t  n;

        p = text + sprintf(text, "{\"keys\":[");

        for (n = 0; n < i; n++) {
            p += sprintf(p, "%s", n ? "," : "");
            p = make_jwk(p, ED, "");
        }

        sprintf(p, "]}");

        keys = keys_of(text, strlen(text), 0,
                       i > NGX_CR_KEYS_MAX ? NGX_ERROR : NGX_OK);
        assert_int_equal(keys->n, NGX_CR_KEYS_MAX);
    }

    assert_non_null(strstr((char *) keys->error, "more than 64"));
}


static void
test_base64url(void **state)
{
    size_t     i;
    ngx_str_t  out;

    static const struct { const char *in, *out; }  cases[] = {
        { "", "" }, { "Zg", "f" }, { "Zm8", "fo" }, { "Zm9v", "foo" },
        { "Zm9vYg", "foob" }, { "-_-_", "\xfb\xff\xbf" },
        { "Z", NULL }, { "Zh", NULL }, { "Zm9", NULL }, { "Zg==", NULL },
        { "Zm9vY", NULL }, { "+/+/", NULL }, { "Zm 9v", NULL },
        { "Zm9\n", NULL }
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (ngx_cr_base64url(pool, (u_char *) cases[i].in,
                             strlen(cases[i].in), &out)
            != NGX_OK)
        {
            assert_null(cases[i].out);
            continue;
        }

        assert_non_null(cases[i].out);
        assert_string_equal((char *) out.data, cases[i].out);
        assert_int_equal(out.len, strlen(cases[i].out));
    }
}


static int
setup(void **state)
{
    (void) state;

    pool = ngx_create_pool(4096, fuzz_log);
    make_keys();
    make_sets();

    return pool ? 0 : -1;
}


static int
teardown(void **state)
{
    (void) state;

    ngx_destroy_pool(pool);
    free_keys();

    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_base64url),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_key_files),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_every_byte)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
