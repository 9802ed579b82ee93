/*
 * The document that workers share: whose turn it is to have it anew, when the
 * next one comes, and that who reads has a whole document, at whatever
 * instruction a worker stops that writes one.
 */

/* link: nginx ngx_http_coderemote_module/store/ngx_cr_jwks_zone.c -lcrypto */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ngx_cr_jwks_zone.h"

#include <openssl/sha.h>

#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>


#define MOST    15000
#define FRESH   60000
#define NOBODY  0x7ffffff0              /* no process has that number */


typedef struct {
    ngx_slab_pool_t  pool;
    ngx_uint_t       locked;
    u_char           memory[3 * NGX_CR_JWKS_MAX];
} shared_t;


ngx_uint_t           ngx_pagesize = 4096;
ngx_pid_t            ngx_pid;
volatile ngx_msec_t  ngx_current_msec;

static shared_t            *shared;
static ngx_cr_jwks_zone_t  *zone;
static ngx_shm_zone_t       shm_zone;


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
ngx_slab_alloc(ngx_slab_pool_t *pool, size_t size)
{
    (void) pool;

    assert_true(size <= sizeof(shared->memory));

    return shared->memory;
}


void *
ngx_alloc(size_t size, ngx_log_t *log)
{
    (void) log;

    return malloc(size);
}


ngx_shm_zone_t *
ngx_shared_memory_add(ngx_conf_t *cf, ngx_str_t *name, size_t size, void *tag)
{
    (void) cf;
    (void) name;
    (void) tag;

    assert_true(size > sizeof(shared->memory) / 2);

    return &shm_zone;
}


static int
setup(void **state)
{
    (void) state;

    shared = mmap(NULL, sizeof(shared_t), PROT_READ|PROT_WRITE,
                  MAP_SHARED|MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);

    ngx_pid = getpid();
    ngx_current_msec = (ngx_msec_t) -5000;      /* it runs over */

    memset(&shm_zone, 0, sizeof(shm_zone));
    shm_zone.shm.addr = (u_char *) shared;

    assert_non_null(ngx_cr_jwks_zone_add(NULL, NULL, NULL));
    assert_int_equal(shm_zone.init(&shm_zone, NULL), NGX_OK);

    zone = shm_zone.data;

    return 0;
}


static int
teardown(void **state)
{
    (void) state;

    return munmap(shared, sizeof(shared_t));
}


static void
text_of(ngx_str_t *text, u_char *buf, size_t len, int c)
{
    memset(buf, c, len);
    text->data = buf;
    text->len = len;
}


/* One turn; c 0: it fails, for that reason. */

static ngx_int_t
turn(ngx_uint_t asked, size_t len, int c, uint32_t reason, ngx_uint_t *news)
{
    u_char             buf[NGX_CR_JWKS_MAX];
    ngx_str_t          text;
    ngx_atomic_uint_t  fetch;

    assert_int_equal(ngx_cr_jwks_zone_take(zone, asked, MOST, &fetch), NGX_OK);
    assert_int_equal(ngx_cr_jwks_zone_begun(zone), fetch);
    assert_true(ngx_cr_jwks_zone_ended(zone) < fetch);

    text_of(&text, buf, len, c);

    return ngx_cr_jwks_zone_give(zone, fetch, c ? &text : NULL, FRESH, reason,
                                 news);
}


static void
has(size_t len, int c, ngx_atomic_uint_t version)
{
    u_char             digest[NGX_CR_JWKS_DIGEST];
    u_char             want[NGX_CR_JWKS_DIGEST];
    ngx_str_t          text;
    ngx_atomic_uint_t  found;

    assert_int_equal(ngx_cr_jwks_zone_version(zone), version);
    assert_int_equal(ngx_cr_jwks_zone_read(zone, &text, digest, &found, NULL),
                     NGX_OK);
    assert_int_equal(found, version);
    assert_int_equal(text.len, len);
    assert_int_equal(text.data[0], c);
    assert_int_equal(text.data[len - 1], c);
    assert_int_equal(text.data[len], '\0');

    SHA256(text.data, len, want);
    assert_memory_equal(digest, want, sizeof(want));

    free(text.data);
}


static void
test_documents(void **state)
{
    ngx_str_t          text;
    ngx_uint_t         news;
    u_char             digest[NGX_CR_JWKS_DIGEST];
    ngx_atomic_uint_t  version;

    (void) state;

    assert_int_equal(ngx_cr_jwks_zone_version(zone), 0);
    assert_int_equal(ngx_cr_jwks_zone_read(zone, &text, digest, &version,
                                           NULL), NGX_DECLINED);

    assert_int_equal(turn(0, 100, 'a', 0, &news), NGX_OK);
    has(100, 'a', 1);

    ngx_current_msec += FRESH;
    assert_int_equal(turn(0, 100, 'a', 0, &news), NGX_DECLINED);
    has(100, 'a', 1);

    ngx_current_msec += FRESH;
    assert_int_equal(turn(0, NGX_CR_JWKS_MAX, 'b', 0, &news), NGX_OK);
    has(NGX_CR_JWKS_MAX, 'b', 2);

    ngx_current_msec += FRESH;
    assert_int_equal(turn(0, 0, 0, 7, &news), NGX_DECLINED);
    has(NGX_CR_JWKS_MAX, 'b', 2);

    ngx_current_msec += FRESH;
    assert_int_equal(turn(0, 50, 'a', 0, &news), NGX_OK);
    has(50, 'a', 3);

    /* after a reload */

    assert_int_equal(shm_zone.init(&shm_zone, zone), NGX_OK);
    assert_ptr_equal(shm_zone.data, zone);
    has(50, 'a', 3);
}


static void
test_turns(void **state)
{
    ngx_str_t          text;
    ngx_uint_t         news;
    ngx_atomic_uint_t  mine, other;

    (void) state;

    text.data = (u_char *) "mmmm";
    text.len = 4;

    assert_true(ngx_cr_jwks_zone_idle(zone));
    assert_int_equal(ngx_cr_jwks_zone_take(zone, 0, MOST, &mine), NGX_OK);
    assert_false(ngx_cr_jwks_zone_idle(zone));

    /* another one, alive */

    ngx_pid = getppid();
    assert_int_equal(ngx_cr_jwks_zone_take(zone, 1, MOST, &other), NGX_BUSY);

    /* the first is late */

    ngx_current_msec += MOST;
    assert_true(ngx_cr_jwks_zone_idle(zone));
    assert_int_equal(ngx_cr_jwks_zone_take(zone, 0, MOST, &other), NGX_OK);
    assert_true(other > mine);

    ngx_pid = getpid();
    assert_int_equal(ngx_cr_jwks_zone_give(zone, mine, &text, FRESH, 0, &news),
                     NGX_ABORT);
    ngx_cr_jwks_zone_drop(zone, mine);
    assert_false(ngx_cr_jwks_zone_idle(zone));
    assert_int_equal(ngx_cr_jwks_zone_version(zone), 0);

    /* his own turn, from before */

    ngx_pid = getppid();
    assert_int_equal(ngx_cr_jwks_zone_give(zone, mine, &text, FRESH, 0, &news),
                     NGX_ABORT);
    ngx_cr_jwks_zone_drop(zone, other);
    assert_true(ngx_cr_jwks_zone_idle(zone));

    /* one that has died */

    ngx_pid = NOBODY;
    assert_int_equal(ngx_cr_jwks_zone_take(zone, 0, MOST, &other), NGX_OK);
    assert_true(ngx_cr_jwks_zone_idle(zone));

    ngx_pid = getpid();
    assert_int_equal(ngx_cr_jwks_zone_take(zone, 0, MOST, &mine), NGX_OK);
    assert_int_equal(ngx_cr_jwks_zone_give(zone, mine, &text, FRESH, 0, &news),
                     NGX_OK);
    assert_int_equal(ngx_cr_jwks_zone_ended(zone), mine);
    has(4, text.data[0], 1);
}


static void
test_failures(void **state)
{
    int                n;
    ngx_msec_t         wait, last;
    ngx_uint_t         news;
    ngx_atomic_uint_t  fetch;

    (void) state;

    last = 0;

    for (n = 0; n < 10; n++) {
        assert_int_equal(turn(n & 1, 0, 0, 7 + (n >= 8), &news), NGX_DECLINED);
        assert_int_equal(news, n == 0 || n == 8);

        wait = ngx_cr_jwks_zone_due(zone, 1);
        assert_int_equal(wait, ngx_cr_jwks_zone_due(zone, 0));
        assert_int_equal(wait, last ? ngx_min(2 * last, NGX_CR_JWKS_AGAIN_MAX)
                                    : NGX_CR_JWKS_AGAIN);

        ngx_current_msec += wait - 1;
        assert_int_equal(ngx_cr_jwks_zone_take(zone, 1, MOST, &fetch),
                         NGX_DECLINED);
        ngx_current_msec += 1;
        last = wait;
    }

    assert_int_equal(turn(0, 9, 'x', 0, &news), NGX_OK);
    assert_true(news);
    assert_int_equal(ngx_cr_jwks_zone_due(zone, 0), FRESH);

    ngx_current_msec += FRESH;
    assert_int_equal(turn(0, 0, 0, 8, &news), NGX_DECLINED);
    assert_int_equal(ngx_cr_jwks_zone_due(zone, 0), NGX_CR_JWKS_AGAIN);
}


static void
test_asked(void **state)
{
    int          n;
    ngx_msec_t   wait, want;
    ngx_uint_t   news;

    (void) state;

    assert_int_equal(turn(0, 9, 'a', 0, &news), NGX_OK);

    want = NGX_CR_JWKS_ASKED;

    for (n = 0; n < 6; n++) {
        wait = ngx_cr_jwks_zone_due(zone, 1);
        assert_int_equal(wait, want);
        assert_true(ngx_cr_jwks_zone_due(zone, 0) > wait);

        ngx_current_msec += wait;
        assert_int_equal(turn(1, 9, 'a', 0, &news), NGX_DECLINED);
        want = ngx_min(2 * want, NGX_CR_JWKS_ASKED_MAX);
    }

    /* it was worth it */

    ngx_current_msec += want;
    assert_int_equal(turn(1, 9, 'b', 0, &news), NGX_OK);
    assert_int_equal(ngx_cr_jwks_zone_due(zone, 1), NGX_CR_JWKS_ASKED);
}


static void
test_killed(void **state)
{
    int                status, steps;
    pid_t              pid;
    u_char             buf[64], digest[NGX_CR_JWKS_DIGEST];
    ngx_str_t          text;
    ngx_uint_t         news, old, new;
    ngx_atomic_uint_t  fetch, version;

    (void) state;

    assert_int_equal(turn(0, 50, 'o', 0, &news), NGX_OK);
    ngx_current_msec += FRESH;

    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        ngx_pid = getpid();
        (void) ngx_cr_jwks_zone_take(zone, 0, MOST, &fetch);
        text_of(&text, buf, sizeof(buf), 'n');

        (void) ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);

        (void) ngx_cr_jwks_zone_give(zone, fetch, &text, FRESH, 0, &news);
        _exit(0);
    }

    old = 0;
    new = 0;

    for (steps = 0; /* void */ ; steps++) {
        assert_int_equal(waitpid(pid, &status, 0), pid);

        if (!WIFSTOPPED(status)) {
            break;
        }

        if (ngx_cr_jwks_zone_version(zone) == 1) {
            has(50, 'o', 1);
            old++;

        } else {
            has(sizeof(buf), 'n', 2);

            if (new++ == 0) {
                /* it dies with the lock, which the master takes from it */
                kill(pid, SIGKILL);
                continue;
            }
        }

        assert_int_equal(ptrace(PTRACE_SINGLESTEP, pid, 0, 0), 0);
    }

    assert_true(old > 100);
    assert_true(new);
    assert_true(WIFSIGNALED(status));

    shared->locked = 0;

    assert_true(ngx_cr_jwks_zone_idle(zone));
    assert_int_equal(ngx_cr_jwks_zone_read(zone, &text, digest, &version,
                                           NULL), NGX_OK);
    free(text.data);

    ngx_current_msec += FRESH;
    assert_int_equal(turn(0, 20, 'm', 0, &news), NGX_OK);
    has(20, 'm', 3);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_documents, setup, teardown),
        cmocka_unit_test_setup_teardown(test_turns, setup, teardown),
        cmocka_unit_test_setup_teardown(test_failures, setup, teardown),
        cmocka_unit_test_setup_teardown(test_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
