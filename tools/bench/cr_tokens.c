
/*
 * What a token costs, by the module's own code without nginx around it:
 *
 *     cr_tokens [-n COUNT]          the median, in ns, of verifying a token of
 *                                   each algorithm, and of finding one in the
 *                                   cache ("seen"), digest and user included
 *     cr_tokens -w FOLDER           a public key FOLDER/key.pem, and prints a
 *                                   token of RS256 that is good for a day
 *
 * The tokens have what a provider's usually have: half a dozen claims.
 */


#include <getopt.h>
#include <time.h>

#include "ngx_cr_jwt.h"
#include "ngx_cr_token_cache.h"

#include "cr_samples.h"
#include "jwt_make.h"


#define CR_TOKENS_ZONE   (1024 * 1024)
#define CR_TOKENS_OTHER  4000         /* tokens that are known, too */
#define CR_TOKENS_MAX    1000000


typedef struct {
    const char  *name;
    signer_t     signer;
} cr_tokens_alg_t;

typedef struct {
    ngx_slab_pool_t  pool;
    u_char           memory[CR_TOKENS_ZONE];
} cr_tokens_zone_t;


static const cr_tokens_alg_t  cr_tokens_algs[] = {
    { "HS256", { HS32, "SHA256", 0 } },
    { "HS384", { HS48, "SHA384", 0 } },
    { "HS512", { HS64, "SHA512", 0 } },
    { "RS256", { RSA1, "SHA256", 0 } },
    { "RS384", { RSA1, "SHA384", 0 } },
    { "RS512", { RSA1, "SHA512", 0 } },
    { "PS256", { RSA1, "SHA256", 1 } },
    { "PS384", { RSA1, "SHA384", 1 } },
    { "PS512", { RSA1, "SHA512", 1 } },
    { "ES256", { P256, "SHA256", 0 } },
    { "ES384", { P384, "SHA384", 0 } },
    { "ES512", { P521, "SHA512", 0 } },
    { "EdDSA", { ED, NULL, 0 } },
    { NULL, { 0, NULL, 0 } }
};


static cr_tokens_zone_t  cr_tokens_zone;
static ngx_atomic_t      cr_tokens_mutex;
static char              cr_tokens_text[3 * MAKE_TEXT];
static uint32_t          cr_tokens_ns[CR_TOKENS_MAX];

ngx_uint_t               ngx_pagesize = 4096;
ngx_pid_t                ngx_pid;
ngx_int_t                ngx_ncpu = 1;


/* One process alone: what is left of nginx's is the atomic operation. */

void
ngx_shmtx_lock(ngx_shmtx_t *mtx)
{
    while (!ngx_atomic_cmp_set(mtx->lock, 0, 1)) { /* void */ }
}


void
ngx_shmtx_unlock(ngx_shmtx_t *mtx)
{
    (void) ngx_atomic_cmp_set(mtx->lock, 1, 0);
}


void *
ngx_slab_calloc(ngx_slab_pool_t *pool, size_t size)
{
    (void) pool;

    return size <= CR_TOKENS_ZONE ? cr_tokens_zone.memory : NULL;
}


static void
cr_tokens_make(const cr_tokens_alg_t *alg, ngx_str_t *token)
{
    char  header[128], payload[512];

    snprintf(header, sizeof(header),
             "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}", alg->name,
             alg->name);
    snprintf(payload, sizeof(payload),
             "{\"iss\":\"https://id.example/realms/main\",\"aud\":\"code\","
             "\"sub\":\"1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed\","
             "\"iat\":%ld,\"exp\":%ld,\"token_use\":\"access\","
             "\"scope\":\"openid profile run\"}",
             (long) time(NULL) - 60, (long) time(NULL) + 86400);

    make_token(cr_tokens_text, header, payload, &alg->signer, 0);

    token->data = (u_char *) cr_tokens_text;
    token->len = strlen(cr_tokens_text);
}


static int
cr_tokens_order(const void *one, const void *two)
{
    uint32_t  a, b;

    a = *(const uint32_t *) one;
    b = *(const uint32_t *) two;

    return (a > b) - (a < b);
}


static void
cr_tokens_print(const char *name, unsigned long n)
{
    qsort(cr_tokens_ns, n, sizeof(uint32_t), cr_tokens_order);
    printf("%s %u\n", name, cr_tokens_ns[n / 2]);
}


static void
cr_tokens_verify(const cr_tokens_alg_t *alg, unsigned long n)
{
    char                 jwks[MAKE_TEXT], kid[64], *p;
    uint64_t             start;
    ngx_str_t            token, text;
    unsigned long        i;
    ngx_pool_t          *pool, *keys_pool;
    ngx_cr_jwt_t         jwt;
    ngx_cr_jwt_rules_t   rules;

    p = jwks + sprintf(jwks, "{\"keys\":[");
    snprintf(kid, sizeof(kid), "\"kid\":\"%s\"", alg->name);
    p = make_jwk(p, alg->signer.key, kid);
    strcpy(p, "]}");

    text.data = (u_char *) jwks;
    text.len = strlen(jwks);

    keys_pool = ngx_create_pool(4096, NULL);

    memset(&rules, 0, sizeof(rules));
    rules.keys = ngx_cr_keys_create(keys_pool);
    rules.max_size = 8192;
    make_must(ngx_cr_keys_add(rules.keys, &text, 0) == NGX_OK, "keys");

    cr_tokens_make(alg, &token);

    for (i = 0; i < n; i++) {
        pool = ngx_create_pool(4096, NULL);

        start = cr_now();
        make_must(ngx_cr_jwt_check(pool, &rules, &token, time(NULL), &jwt)
                  == NGX_OK, "a good token");
        ngx_cr_jwt_release(&jwt);
        cr_tokens_ns[i] = cr_now() - start;

        ngx_destroy_pool(pool);
    }

    cr_tokens_print(alg->name, n);
    ngx_destroy_pool(keys_pool);
}


static int
cr_tokens_digest(const u_char *rules, const ngx_str_t *token, u_char *digest)
{
    EVP_MD_CTX  *ctx;

    ctx = ngx_cr_jwt_token_digest(rules);

    return ctx && ngx_cr_jwt_token_digest_end(ctx, token, digest) == NGX_OK;
}


static void
cr_tokens_seen(const cr_tokens_alg_t *alg, unsigned long n)
{
    u_char                 rules[NGX_CR_JWT_DIGEST];
    u_char                 digest[NGX_CR_TOKEN_DIGEST], user[64];
    uint64_t               start;
    unsigned               i;
    ngx_str_t              token, other;
    unsigned long          k;
    ngx_cr_token_t         seen;
    ngx_cr_token_cache_t  *cache;

    cr_tokens_zone.pool.pfree = CR_TOKENS_ZONE / ngx_pagesize;
    cr_tokens_zone.pool.mutex.lock = &cr_tokens_mutex;
    cache = ngx_cr_token_cache_create(&cr_tokens_zone.pool);
    make_must(cache != NULL, "a cache");

    cr_tokens_make(alg, &token);
    memset(rules, 1, sizeof(rules));
    memset(&seen, 0, sizeof(seen));
    seen.until = time(NULL) + 3600;
    seen.user_len = 36;

    other.data = (u_char *) &i;
    other.len = sizeof(i);

    for (i = 0; i < CR_TOKENS_OTHER; i++) {
        make_must(cr_tokens_digest(rules, &other, digest),
                  "a digest");
        ngx_cr_token_cache_put(cache, digest, time(NULL), &seen);
    }

    make_must(cr_tokens_digest(rules, &token, digest),
              "a digest");
    ngx_cr_token_cache_put(cache, digest, time(NULL), &seen);

    for (k = 0; k < n; k++) {
        start = cr_now();
        make_must(cr_tokens_digest(rules, &token, digest)
                  && ngx_cr_token_cache_get(cache, digest, time(NULL), &seen)
                     == NGX_OK, "a token that was seen");
        memcpy(user, seen.user, seen.user_len);
        cr_tokens_ns[k] = cr_now() - start;
    }

    cr_tokens_print("seen", n);
    printf("bytes %zu\n", token.len);
}


static int
cr_tokens_write(const char *folder, const cr_tokens_alg_t *alg)
{
    char        path[4096];
    FILE       *file;
    ngx_str_t   token;

    snprintf(path, sizeof(path), "%s/key.pem", folder);
    file = fopen(path, "w");

    if (file == NULL || fputs(made[alg->signer.key].text, file) == EOF
        || fclose(file) == EOF)
    {
        perror(path);
        return 1;
    }

    cr_tokens_make(alg, &token);

    return printf("%s\n", cr_tokens_text) > 0 ? 0 : 1;
}


int
main(int argc, char **argv)
{
    int                     opt;
    const char             *folder;
    unsigned long           n;
    const cr_tokens_alg_t  *alg, *rs256;

    n = 1000;
    folder = NULL;
    rs256 = &cr_tokens_algs[3];

    while ((opt = getopt(argc, argv, "n:w:")) != -1) {
        switch (opt) {
        case 'n':
            n = cr_number(optarg, CR_TOKENS_MAX, "-n");
            break;
        case 'w':
            folder = optarg;
            break;
        default:
            return 2;
        }
    }

    make_keys();

    if (folder) {
        opt = cr_tokens_write(folder, rs256);
        free_keys();
        return opt;
    }

    for (alg = cr_tokens_algs; alg->name; alg++) {
        cr_tokens_verify(alg, n);
    }

    cr_tokens_seen(rs256, n);
    free_keys();

    return 0;
}
