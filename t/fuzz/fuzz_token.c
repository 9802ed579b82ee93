
/*
 * A token and the keys that verify it, as clients and providers may send them.
 *
 * An input is how, and then: a token as it stands; a header, a line end and a
 * payload, which are signed here, so that claims are judged; a file of keys.
 */


#include <string.h>

#include <openssl/hmac.h>

#include "ngx_cr_jwt.h"

#include "fuzz.h"
#include "fuzz_nginx.h"


#define NOW       1000000
#define SECRET    "0123456789abcdef0123456789abcdef"
#define MAX_SIZE  4096

#define STR(name, text)                                                       \
    static ngx_str_t    name##_value = ngx_string(text);                      \
    static ngx_array_t  name = { &name##_value, 1, sizeof(ngx_str_t), 1, NULL }


STR(issuers, "https://id.example");
STR(audiences, "code");
STR(scopes, "run");

static ngx_cr_jwt_require_t  scope_require = { ngx_string("scope"), &scopes };
static ngx_array_t  require = { &scope_require, 1,
                                sizeof(ngx_cr_jwt_require_t), 1, NULL };


/* What goes between quotes into a header. */

static void
check_words(const u_char *text)
{
    fuzz_must(*text);

    for ( /* void */ ; *text; text++) {
        fuzz_must(*text >= 0x20 && *text < 0x7f && *text != '"'
                  && *text != '\\');
    }
}


static ngx_int_t
check(ngx_pool_t *pool, ngx_cr_keys_t *keys, unsigned how,
    const ngx_str_t *token)
{
    ngx_int_t           rc;
    ngx_cr_jwt_t        jwt;
    ngx_cr_jwt_rules_t  rules;

    memset(&rules, 0, sizeof(rules));

    rules.keys = keys;
    rules.max_size = MAX_SIZE;
    rules.issuers = (how & 1) ? &issuers : NULL;
    rules.audiences = (how & 2) ? &audiences : NULL;
    rules.require = (how & 4) ? &require : NULL;

    rc = ngx_cr_jwt_check(pool, &rules, token, NOW, &jwt);

    fuzz_must(rc == NGX_OK || rc == NGX_CR_JWT_INVALID
              || rc == NGX_CR_JWT_NOT_YOURS);

    if (rc != NGX_OK) {
        check_words(jwt.why);

    } else {
        fuzz_must(json_is_object(jwt.claims));
        fuzz_must(jwt.alg->type == NGX_CR_KEY_HMAC);
        fuzz_must(json_number_value(json_object_get(jwt.claims, "exp"))
                  > NOW);
    }

    ngx_cr_jwt_release(&jwt);

    return rc;
}


static size_t
base64url(u_char *out, const u_char *data, size_t len)
{
    size_t  i, n;

    n = EVP_EncodeBlock(out, data, len);

    while (n && out[n - 1] == '=') {
        n--;
    }

    for (i = 0; i < n; i++) {
        out[i] = out[i] == '+' ? '-' : out[i] == '/' ? '_' : out[i];
    }

    return n;
}


/* Signed here, and then with one bit of the signature changed. */

static void
check_signed(ngx_pool_t *pool, ngx_cr_keys_t *keys, unsigned how,
    const uint8_t *data, size_t size)
{
    u_char          *p, *sig, mac[EVP_MAX_MD_SIZE];
    size_t           first;
    unsigned         len;
    ngx_str_t        token;
    const uint8_t   *line;

    line = size ? memchr(data, '\n', size) : NULL;

    if (line == NULL || size > MAX_SIZE) {
        return;
    }

    token.data = malloc(2 * size + 128);
    first = line - data;

    p = token.data + base64url(token.data, data, first);
    *p++ = '.';
    p += base64url(p, line + 1, size - first - 1);

    HMAC(EVP_sha256(), SECRET, sizeof(SECRET) - 1, token.data,
         p - token.data, mac, &len);

    *p++ = '.';
    sig = p;
    p += base64url(p, mac, len);

    token.len = p - token.data;

    if (check(pool, keys, how, &token) == NGX_OK) {
        *sig = *sig == 'A' ? 'B' : 'A';
        fuzz_must(check(pool, keys, how, &token) == NGX_CR_JWT_INVALID);
    }

    free(token.data);
}


static void
check_keys(ngx_pool_t *pool, unsigned how, const uint8_t *data, size_t size)
{
    ngx_str_t            text;
    ngx_uint_t           i;
    ngx_cr_keys_t       *keys;
    const ngx_cr_key_t  *key;

    /* files end with a 0 that is not counted */

    text.data = malloc(size + 1);
    text.len = size;
    memcpy(text.data, data, size);
    text.data[size] = '\0';

    keys = ngx_cr_keys_create(pool);

    if (ngx_cr_keys_add(keys, &text, how & 1) != NGX_OK) {
        fuzz_must(keys->error[0]);

    } else {
        fuzz_must(keys->n);
    }

    fuzz_must(keys->n <= NGX_CR_KEYS_MAX);

    for (i = 0; i < keys->n; i++) {
        key = &keys->keys[i];

        fuzz_must((key->pkey == NULL) == (key->type == NGX_CR_KEY_HMAC));
        fuzz_must(key->pkey || !(how & 1));
        fuzz_must(key->pkey || key->text.len >= NGX_CR_KEY_SECRET_MIN);
        fuzz_must(key->alg == NULL || key->alg->type == key->type);
    }

    free(text.data);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned        how;
    fuzz_in_t       in;
    ngx_str_t       secret, token;
    ngx_pool_t     *pool;
    ngx_cr_keys_t  *keys;

    in.pos = data;
    in.end = data + size;

    /* letters, that an input can be written by hand */

    how = fuzz_u8(&in);
    size = in.end - in.pos;

    pool = ngx_create_pool(4096, fuzz_log);
    keys = ngx_cr_keys_create(pool);

    secret.data = (u_char *) SECRET;
    secret.len = sizeof(SECRET) - 1;
    fuzz_must(ngx_cr_keys_add(keys, &secret, 0) == NGX_OK);

    switch (how >> 3 & 3) {

    case 0:
    case 1:
        check_signed(pool, keys, how, in.pos, size);
        break;

    case 2:
        check_keys(pool, how, in.pos, size);
        break;

    default:
        token.data = (u_char *) in.pos;
        token.len = size;
        (void) check(pool, keys, how, &token);
    }

    ngx_destroy_pool(pool);

    return 0;
}
