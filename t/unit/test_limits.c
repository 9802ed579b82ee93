
/*
 * A worker is killed at any instruction of what it does to the zone of the
 * limits: its jobs count no longer, those of others still do, no cell is lost
 * or used twice.  As in test_shm_mend.c a child does it, one instruction at a
 * time, and the memory is put back.
 */

/*
 * link: ngx_http_coderemote_module/plugins/ngx_cr_limits_zone.c
 * link: ngx_http_coderemote_module/plugins/ngx_cr_limits_count.c
 * link: t/fuzz/fuzz_nginx.c t/fuzz/fuzz_nginx_string.c nginx
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../ngx_http_coderemote_module/plugins/ngx_cr_limits_zone.h"


#define PAGE    4096
#define PAGES   2
#define SIZE    (PAGE * (PAGES + 1))

#define ANN     1      /* has two jobs of another worker */
#define BOB     2      /* idle, has used something */
#define NEW     3


typedef struct {
    ngx_cr_limits_cell_t  *job;      /* of the child */
    volatile unsigned      phase;    /* 0: before, 1: within, 2: after */
} child_t;

typedef struct {
    void      (*act)(void);
    unsigned    full;
} act_t;


ngx_pid_t                     ngx_pid;
ngx_uint_t                    ngx_pagesize = PAGE;

static uint32_t               crc_table[16];
uint32_t                     *ngx_crc32_table_short = crc_table;

static const ngx_uint_t       limits[] = { 10, 1000, 900, 3600 };
static const ngx_uint_t       running[] = { 0, 1000, 0, 0 };

static u_char                *memory;
static ngx_cr_limits_zone_t  *zone;
static child_t               *child;
static pid_t                  dead;


void
ngx_shmtx_lock(ngx_shmtx_t *mtx)
{
    assert_int_equal(*mtx->lock, 0);
    *mtx->lock = 1;
}


void
ngx_shmtx_unlock(ngx_shmtx_t *mtx)
{
    *mtx->lock = 0;
}


void *
ngx_slab_calloc(ngx_slab_pool_t *pool, size_t size)
{
    assert_ptr_equal(pool, memory);
    assert_int_equal(size, PAGE * PAGES);
    return memory + PAGE;
}


/* The libc's, but for one process that is there only to be traced. */

int
kill(pid_t pid, int sig)
{
    if (sig == 0 && pid == dead) {
        errno = ESRCH;
        return -1;
    }

    return syscall(SYS_kill, pid, sig);
}


static ngx_int_t
take(unsigned who, const ngx_uint_t *lim, ngx_cr_limits_state_t *state,
    ngx_cr_limits_cell_t **job)
{
    u_char  key[NGX_CR_LIMITS_KEY] = { 0 };

    key[0] = who;

    return ngx_cr_limits_take(zone, key, lim, state, job);
}


/* All that is free, and what idle users have. */

static unsigned
fill(unsigned who)
{
    unsigned               n;
    ngx_cr_limits_cell_t  *job;
    ngx_cr_limits_state_t  state;

    for (n = 0; take(who, running, &state, &job) == NGX_OK; n++) {
        assert_true(n < 1000);
    }

    return n;
}


static void
do_take(void)
{
    ngx_cr_limits_cell_t   *job;
    ngx_cr_limits_state_t   state;

    (void) take(ANN, limits, &state, &job);
}


static void
do_take_new(void)
{
    ngx_cr_limits_cell_t   *job;
    ngx_cr_limits_state_t   state;

    (void) take(NEW, limits, &state, &job);
}


static void
do_give(void)
{
    ngx_cr_limits_give(zone, child->job, limits, 5000000);
}


static void
do_begin(void)
{
    ngx_cr_limits_begin(zone, child->job);
}


static void
do_start(void)
{
    ngx_cr_limits_zone_start(zone);
}


static act_t  acts[] = {
    { do_take, 0 }, { do_take, 1 }, { do_take_new, 0 }, { do_take_new, 1 },
    { do_give, 0 }, { do_give, 1 }, { do_begin, 0 }, { do_start, 0 }
};


static void
prepare(const act_t *act)
{
    unsigned                n;
    ngx_slab_pool_t        *pool;
    ngx_cr_limits_cell_t   *job;
    ngx_cr_limits_state_t   state;

    static const ngx_uint_t  requests[] = { 10, 0, 0, 0 };

    memset(memory, 0, SIZE);

    pool = (ngx_slab_pool_t *) memory;
    pool->pfree = PAGES;
    pool->mutex.lock = &pool->lock.lock;

    ngx_pid = getppid();
    ngx_current_msec = 1000000;
    dead = 0;

    zone = ngx_cr_limits_zone_create(pool);
    assert_non_null(zone);

    assert_int_equal(take(ANN, limits, &state, &job), NGX_OK);
    assert_int_equal(take(ANN, limits, &state, &job), NGX_OK);
    assert_int_equal(state.left[NGX_CR_QUOTA_REQUESTS], 8);

    for (n = BOB; n < (act->full ? 100 : 5); n += 4) {
        assert_int_equal(take(n, requests, &state, &job), NGX_OK);
        assert_null(job);
    }

    while (act->full && !state.forgot) {
        n += 4;
        assert_int_equal(take(n, requests, &state, &job), NGX_OK);
    }

    ngx_pid = getpid();
}


static void
must_be_whole(unsigned room)
{
    ngx_cr_limits_cell_t   *job;
    ngx_cr_limits_state_t   state;

    ((ngx_slab_pool_t *) memory)->lock.lock = 0;

    do_start();

    assert_int_equal(take(ANN, limits, &state, &job), NGX_OK);
    assert_int_equal(state.left[NGX_CR_QUOTA_RUNNING], 1000 - 3);
    assert_int_equal(state.left[NGX_CR_QUOTA_QUEUED], 900 - 3);
    assert_in_range(state.left[NGX_CR_QUOTA_REQUESTS], 6, 7);
    assert_in_range(state.left[NGX_CR_QUOTA_CPU], 3595, 3600);

    ngx_cr_limits_give(zone, job, limits, 0);

    assert_int_equal(fill(ANN), room);
}


static void
start(const act_t *act)
{
    ngx_cr_limits_state_t  state;

    dead = fork();
    assert_true(dead >= 0);

    if (dead == 0) {
        ngx_pid = getpid();
        child->phase = 0;

        if ((act->act == do_give || act->act == do_begin)
            && take(ANN, limits, &state, &child->job) != NGX_OK)
        {
            _exit(1);
        }

        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1) {
            _exit(1);
        }

        raise(SIGSTOP);

        child->phase = 1;
        act->act();
        child->phase = 2;

        _exit(0);
    }
}


static void
test_killed(void **state)
{
    int           status;
    u_char       *saved;
    unsigned      room, kills;
    const act_t  *act;

    act = *state;

    prepare(act);
    room = fill(ANN);
    assert_true(room > 20);

    prepare(act);
    start(act);

    if (waitpid(dead, &status, 0) != dead || !WIFSTOPPED(status)) {
        print_message("skipped: ptrace is not allowed here\n");
        skip();
    }

    saved = malloc(SIZE);
    assert_non_null(saved);
    memcpy(saved, memory, SIZE);

    for (kills = 0; child->phase != 2; /* void */ ) {

        assert_int_not_equal(ptrace(PTRACE_SINGLESTEP, dead, NULL, NULL), -1);
        assert_int_equal(waitpid(dead, &status, 0), dead);
        assert_true(WIFSTOPPED(status));

        if (memcmp(saved, memory, SIZE) == 0) {
            continue;
        }

        kills++;
        memcpy(saved, memory, SIZE);

        must_be_whole(room);

        memcpy(memory, saved, SIZE);
    }

    (void) kill(dead, SIGKILL);
    (void) waitpid(dead, &status, 0);

    must_be_whole(room);

    assert_true(kills > 2);
    print_message("killed %u times\n", kills);

    free(saved);
}


/* Who began waits no longer, and who ends without it neither. */

static void
test_queued(void **state)
{
    ngx_cr_limits_cell_t   *jobs[3];
    ngx_cr_limits_state_t   now;

    static const ngx_uint_t  two[] = { 0, 0, 2, 0 };
    static const ngx_uint_t  four[] = { 0, 4, 0, 0 };

    (void) state;

    prepare(&acts[0]);

    assert_int_equal(take(NEW, two, &now, &jobs[0]), NGX_OK);
    assert_int_equal(now.left[NGX_CR_QUOTA_QUEUED], 1);
    assert_int_equal(take(NEW, two, &now, &jobs[1]), NGX_OK);
    assert_int_equal(take(NEW, two, &now, &jobs[2]), NGX_DECLINED);
    assert_int_equal(now.wait[NGX_CR_QUOTA_QUEUED], 1);

    /* one that is not counted where it was taken */
    assert_int_equal(take(NEW, four, &now, &jobs[2]), NGX_OK);
    assert_int_equal(now.left[NGX_CR_QUOTA_RUNNING], 1);
    ngx_cr_limits_begin(zone, jobs[2]);
    assert_int_equal(take(NEW, two, &now, &jobs[2]), NGX_DECLINED);

    ngx_cr_limits_begin(zone, jobs[0]);
    ngx_cr_limits_begin(zone, jobs[0]);
    assert_int_equal(take(NEW, two, &now, &jobs[2]), NGX_OK);
    assert_int_equal(now.left[NGX_CR_QUOTA_QUEUED], 0);

    ngx_cr_limits_give(zone, jobs[0], two, 0);
    assert_int_equal(take(NEW, two, &now, &jobs[0]), NGX_DECLINED);
    ngx_cr_limits_give(zone, jobs[1], two, 0);
    assert_int_equal(take(NEW, two, &now, &jobs[0]), NGX_OK);
    assert_int_equal(now.left[NGX_CR_QUOTA_QUEUED], 0);
}


int
main(void)
{
    unsigned  i;

#define KILLED(n, name)                                                       \
    { name, test_killed, NULL, NULL, &acts[n] }

    const struct CMUnitTest  tests[] = {
        KILLED(0, "a job more"),
        KILLED(1, "a job more in the place of an idle user"),
        KILLED(2, "a new user"),
        KILLED(3, "a new user in the place of an idle one"),
        KILLED(4, "the end of a job"),
        KILLED(5, "the end of a job where all is full"),
        KILLED(6, "the beginning of a job"),
        KILLED(7, "a sweep"),
        cmocka_unit_test(test_queued)
    };

    for (i = 0; i < 16; i++) {
        crc_table[i] = i * 0x9e3779b9;
    }

    memory = mmap(NULL, SIZE, PROT_READ|PROT_WRITE,
                  MAP_SHARED|MAP_ANONYMOUS, -1, 0);
    child = mmap(NULL, sizeof(child_t), PROT_READ|PROT_WRITE,
                 MAP_SHARED|MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED || child == MAP_FAILED
           ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
