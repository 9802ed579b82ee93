/*
 * The cache of verified tokens: what it knows and for how long, who makes room,
 * what a digest is of; and that a worker which is killed at any instruction
 * leaves nothing that was not put there.
 *
 * A child puts a token there, one instruction at a time; whenever that changed
 * the memory, it is as if the child had been killed there.
 */

/* link: nginx ngx_http_coderemote_module/store/ngx_cr_token_cache.c */
/* link: ngx_http_coderemote_module/core/ngx_cr_jwt_digest.c -lcrypto */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ngx_cr_token_cache.h"
#include "ngx_cr_jwt.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>


#define COUNT(a)  (sizeof(a) / sizeof(a[0]))
#define NOW       1000
#define ZONE      (16 * 1024)


typedef struct {
    ngx_slab_pool_t  pool;
    ngx_uint_t       locked;
    u_char           memory[ZONE];
} shared_t;


ngx_uint_t  ngx_pagesize = 4096;

static shared_t              *shared;
static ngx_cr_token_cache_t  *cache;


void
ngx_shmtx_lock(ngx_shmtx_t *mtx)
{
    (void) mtx;

    assert_int_equal(shared->locked, 0);
    shared->locked = 1;
}


void
ngx_shmtx_unlock(ngx_shmtx_t *mtx)
{
    (void) mtx;

    assert_int_equal(shared->locked, 1);
    shared->locked = 0;
}


void *
ngx_slab_calloc(ngx_slab_pool_t *pool, size_t size)
{
    return size <= pool->pfree * ngx_pagesize ? shared->memory : NULL;
}


/* All of one byte but for the first word, which tells the set. */

static const u_char *
digest(uint64_t set, int n)
{
    static u_char  bytes[4][NGX_CR_TOKEN_DIGEST];
    static int     i;

    i = (i + 1) % 4;

    memset(bytes[i], n, NGX_CR_TOKEN_DIGEST);
    memcpy(bytes[i], &set, sizeof(set));

    return bytes[i];
}


static void
fill(ngx_cr_token_t *token, int n, double from, double until)
{
    memset(token, 0, sizeof(ngx_cr_token_t));

    token->from = from;
    token->until = until;
    token->user_len = n % (NGX_CR_TOKEN_USER + 1);
    memset(token->user, n, token->user_len);
}


static void
put(uint64_t set, int n)
{
    ngx_cr_token_t  token;

    fill(&token, n, NOW - 100, NOW + 100);
    ngx_cr_token_cache_put(cache, digest(set, n), NOW, &token);
}


static int
knows(uint64_t set, int n)
{
    ngx_cr_token_t  want, got;

    if (ngx_cr_token_cache_get(cache, digest(set, n), NOW, &got) != NGX_OK) {
        return 0;
    }

    fill(&want, n, NOW - 100, NOW + 100);
    assert_memory_equal(&got, &want, sizeof(want));

    return 1;
}


static void
test_known(void **state)
{
    int  n;

    (void) state;

    for (n = 1; n < 200; n++) {
        assert_false(knows(n, n));
        put(n, n);
        assert_true(knows(n, n));
    }

    /* any other bit is another token */

    put(1000, 0x55);

    for (n = 0; n < NGX_CR_TOKEN_DIGEST * 8; n++) {
        u_char          other[NGX_CR_TOKEN_DIGEST];
        ngx_cr_token_t  token;

        memcpy(other, digest(1000, 0x55), sizeof(other));
        other[n / 8] ^= 1 << n % 8;

        assert_int_equal(ngx_cr_token_cache_get(cache, other, NOW, &token),
                         NGX_DECLINED);
    }
}


static void
test_times(void **state)
{
    size_t          i;
    ngx_int_t       rc;
    ngx_cr_token_t  token;

    static const struct {
        double   from;
        double   until;
        time_t   now;
        int      good;
    }  cases[] = {
        { 0, 2000, 1999, 1 },
        { 0, 2000, 2000, 0 },
        { 0, 2000.5, 2000, 1 },
        { 0, 2000.5, 2001, 0 },
        { 1000, 2000, 1000, 1 },
        { 1000, 2000, 999, 0 },
        { 1000.5, 2000, 1000, 0 },
        { -1e300, 1e300, 1000, 1 },
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        fill(&token, 7, cases[i].from, cases[i].until);
        ngx_cr_token_cache_put(cache, digest(1, 1), NOW, &token);

        rc = ngx_cr_token_cache_get(cache, digest(1, 1), cases[i].now, &token);

        if (rc != (cases[i].good ? NGX_OK : NGX_DECLINED)) {
            fail_msg("case %zu", i);
        }
    }
}


/* The one that was asked for longest ago goes, an expired one before it. */

static void
test_room(void **state)
{
    int             n;
    ngx_cr_token_t  token;

    (void) state;

    for (n = 1; n <= NGX_CR_TOKEN_WAYS; n++) {
        put(5, n);
    }

    put(6, 99);
    assert_true(knows(5, 1));
    assert_true(knows(5, 3));

    put(5, 50);
    assert_false(knows(5, 2));
    assert_true(knows(5, 1));
    assert_true(knows(5, 3));
    assert_true(knows(5, 50));

    fill(&token, 1, 0, NOW);
    ngx_cr_token_cache_put(cache, digest(5, 1), NOW - 1, &token);
    put(5, 51);

    for (n = 3; n <= NGX_CR_TOKEN_WAYS; n++) {
        assert_true(knows(5, n));
    }

    assert_true(knows(5, 50));
    assert_true(knows(5, 51));
    assert_true(knows(6, 99));

    /* again: it does not come there twice */

    for (n = 0; n < 20; n++) {
        put(5, 51);
    }

    assert_true(knows(5, 50));
}


static void
test_small(void **state)
{
    (void) state;

    shared->pool.pfree = 0;
    assert_null(ngx_cr_token_cache_create(&shared->pool));
}


/* A change of any rule is another digest. */

static void
test_digest(void **state)
{
    size_t                i, j, n;
    ngx_str_t             sub = ngx_string("sub"), su = ngx_string("su");
    ngx_str_t             ab[] = { ngx_string("a"), ngx_string("b") };
    ngx_str_t             one[] = { ngx_string("ab") };
    ngx_array_t           two_values = { ab, 2, sizeof(ngx_str_t), 2, NULL };
    ngx_array_t           one_value = { one, 1, sizeof(ngx_str_t), 1, NULL };
    ngx_array_t           no_value = { one, 0, sizeof(ngx_str_t), 1, NULL };
    ngx_cr_deny_t         deny, deny2;
    ngx_cr_jwt_rules_t    rules[32], free_rules;
    ngx_cr_jwt_require_t  any = { ngx_string("a"), NULL };
    ngx_cr_jwt_require_t  some = { ngx_string("a"), &one_value };
    ngx_array_t           require = { &any, 1, sizeof(any), 1, NULL };
    ngx_array_t           require2 = { &some, 1, sizeof(some), 1, NULL };
    u_char                digests[32][NGX_CR_TOKEN_DIGEST];

    static ngx_cr_keys_t  keys[7];
    static ngx_cr_alg_t   alg = { "RS256", NGX_CR_KEY_RSA, "SHA256", 0, 0 };

    (void) state;

    ngx_memzero(&deny, sizeof(deny));
    deny2 = deny;
    deny2.digest[31] = 1;

    ngx_memzero(keys, sizeof(keys));

    for (i = 1; i < COUNT(keys); i++) {
        keys[i].n = 1;
        keys[i].keys[0].type = NGX_CR_KEY_RSA;
        ngx_str_set(&keys[i].keys[0].text, "key");
    }

    ngx_str_set(&keys[2].keys[0].text, "kex");
    ngx_str_set(&keys[3].keys[0].kid, "key");
    keys[4].keys[0].alg = &alg;
    keys[5].keys[0].type = NGX_CR_KEY_P256;
    keys[6].n = 2;

    ngx_memzero(&free_rules, sizeof(free_rules));

    for (n = 0; n < COUNT(rules); n++) {
        rules[n] = free_rules;
    }

    n = 1;
    rules[n++].leeway = 1;
    rules[n++].max_size = 1;
    rules[n++].deny = &deny;
    rules[n++].deny = &deny2;
    rules[n++].issuers = &one_value;
    rules[n++].issuers = &two_values;
    rules[n++].issuers = &no_value;
    rules[n++].audiences = &one_value;
    rules[n++].audiences = &two_values;
    rules[n++].require = &require;
    rules[n++].require = &require2;

    for (i = 1; i < COUNT(keys); i++) {
        rules[n++].keys = &keys[i];
    }

    for (i = 0; i < n; i++) {
        assert_int_equal(ngx_cr_jwt_rules_digest(&rules[i], &sub, digests[i]),
                         NGX_OK);
    }

    assert_int_equal(ngx_cr_jwt_rules_digest(&rules[0], &su, digests[n++]),
                     NGX_OK);

    for (i = 0; i < n; i++) {
        for (j = 0; j < i; j++) {
            if (memcmp(digests[i], digests[j], NGX_CR_TOKEN_DIGEST) == 0) {
                fail_msg("%zu and %zu are alike", i, j);
            }
        }
    }

    assert_int_equal(ngx_cr_jwt_rules_digest(&rules[0], &sub, digests[1]),
                     NGX_OK);
    assert_memory_equal(digests[0], digests[1], NGX_CR_TOKEN_DIGEST);
}


/* A full set, of which the first one makes room. */

static void
prepare(void)
{
    int  n;

    for (n = 1; n <= NGX_CR_TOKEN_WAYS; n++) {
        put(5, n);
    }
}


static int
killed_here(pid_t pid)
{
    int              n, known;
    ngx_uint_t       was;
    static shared_t  saved;

    (void) pid;

    memcpy(&saved, shared, sizeof(saved));
    was = shared->locked;
    shared->locked = 0;

    for (known = 0, n = 2; n <= NGX_CR_TOKEN_WAYS; n++) {
        known += knows(5, n);
    }

    /* whichever there is is whole: knows() sees to that */

    n = knows(5, 1) + knows(5, 100);

    assert_int_equal(known, NGX_CR_TOKEN_WAYS - 1);
    assert_in_range(n, 0, 1);

    put(5, 101);
    assert_true(knows(5, 101));

    memcpy(shared, &saved, sizeof(saved));
    shared->locked = was;

    return n;
}


static void
test_killed(void **state)
{
    int              status, kills;
    pid_t            pid;
    static shared_t  last;

    (void) state;

    prepare();

    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1) {
            _exit(1);
        }

        raise(SIGSTOP);
        put(5, 100);
        _exit(0);
    }

    if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) {
        print_message("skipped: ptrace is not allowed here\n");
        skip();
    }

    memcpy(&last, shared, sizeof(last));

    for (kills = 0;
         ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == 0
         && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status);
         /* void */ )
    {
        if (memcmp(&last, shared, sizeof(last)) != 0) {
            kills++;
            (void) killed_here(pid);
            memcpy(&last, shared, sizeof(last));
        }
    }

    assert_true(kills > 5);
    print_message("killed %d times\n", kills);

    assert_true(knows(5, 100));
    assert_false(knows(5, 1));
}


static int
setup(void **state)
{
    (void) state;

    memset(shared, 0, sizeof(shared_t));
    shared->pool.pfree = ZONE / ngx_pagesize;

    cache = ngx_cr_token_cache_create(&shared->pool);

    return cache == NULL;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_known, setup),
        cmocka_unit_test_setup(test_times, setup),
        cmocka_unit_test_setup(test_room, setup),
        cmocka_unit_test_setup(test_small, setup),
        cmocka_unit_test(test_digest),
        cmocka_unit_test_setup(test_killed, setup)
    };

    shared = mmap(NULL, sizeof(shared_t), PROT_READ|PROT_WRITE,
                  MAP_SHARED|MAP_ANONYMOUS, -1, 0);

    return shared == MAP_FAILED
           ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
