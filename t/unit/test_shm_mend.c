
/*
 * A worker is killed at any instruction of what it does to the shared memory
 * store: whoever looks next finds the job as it was before or as it is after,
 * every page and every other job in its place, and can go on.
 *
 * A child does it, one instruction at a time; whenever that changed the
 * memory, it is as if the child had been killed there.  Then the memory is put
 * back and the child goes on.
 */

/*
 * link: ngx_http_coderemote_module/store/ngx_cr_shm_store.c
 * link: ngx_http_coderemote_module/store/ngx_cr_shm_view.c
 * link: ngx_http_coderemote_module/store/ngx_cr_shm_wake.c
 * link: ngx_http_coderemote_module/store/ngx_cr_shm_log.c
 * link: ngx_http_coderemote_module/store/ngx_cr_shm_pages.c
 * link: ngx_http_coderemote_module/store/ngx_cr_connection.c
 * link: ngx_http_coderemote_module/store/ngx_cr_store.c
 * link: t/fuzz/fuzz_nginx_shm.c t/fuzz/fuzz_nginx.c
 * link: t/fuzz/fuzz_nginx_string.c nginx
 */

#include "shm_store.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>


#define FEW      40      /* pages */

#define JOB      1       /* that something is done to */
#define NEW      2       /* that is not there yet */
#define FIRST    10      /* of those that are done; they may be evicted */
#define LAST     13

#define OUT      2500    /* bytes, of which the first page has room */
#define IN       40


typedef enum { BEFORE, WITHIN, AFTER } phase_e;

static volatile phase_e  *phase;    /* of the child */


static void
do_append(void)
{
    (void) fuzz_store->append(id(JOB), NGX_CR_STDOUT,
                              text(NGX_CR_STDOUT, OUT), 300);
}


/* The first page is full: this is the first of the next. */

static void
do_append_page(void)
{
    (void) fuzz_store->append(id(JOB), NGX_CR_STDERR, text(NGX_CR_STDERR, 0),
                              300);
}


static void
do_input(void)
{
    (void) fuzz_store->input(id(JOB), text(NGX_CR_LOG_INPUT, IN), 9000, 1);
}


static void
do_extras(void)
{
    (void) fuzz_store->append(id(JOB), NGX_CR_EXTRAS, text(NGX_CR_EXTRAS, 0),
                              9000);
}


static void
do_create(void)
{
    (void) make(NEW, 1000, 1000, NULL);
}


static void
do_finish(void)
{
    (void) end(JOB, 6000);
}


static void
do_forget(void)
{
    (void) fuzz_store->forget(id(FIRST + 1));
}


typedef struct {
    void        (*act)(void);
    unsigned      worker;
    unsigned      job;       /* that it is done to */
    unsigned      full;      /* no page is free */
    unsigned      fill;      /* the job's first page is full */
} act_t;

static act_t  acts[] = {
    { do_append, OWNER, JOB, 0, 0 },
    { do_append_page, OWNER, JOB, 0, 1 },
    { do_append_page, OWNER, JOB, 1, 1 },
    { do_input, OTHER, JOB, 0, 0 },
    { do_input, OTHER, JOB, 1, 0 },
    { do_create, OTHER, NEW, 0, 0 },
    { do_create, OTHER, NEW, 1, 0 },
    { do_finish, OWNER, JOB, 0, 0 },
    { do_finish, OWNER, JOB, 1, 0 },
    { do_forget, OTHER, FIRST + 1, 0, 0 },
    { do_extras, OWNER, JOB, 0, 0 },
    { do_extras, OWNER, JOB, 1, 1 }
};


/* One unfinished job that has written and read, and done ones around it. */

static void
prepare(const act_t *act)
{
    size_t    room;
    unsigned  n;

    fuzz_shm_init(FEW);

    for (n = FIRST; n <= LAST; n++) {
        assert_int_equal(make(n, 10000, 0, NULL), NGX_OK);
        assert_int_equal(fuzz_store->append(id(n), NGX_CR_STDOUT,
                                            text(NGX_CR_STDOUT, 0), 5000),
                         5000);

        if (n == FIRST + 1) {
            assert_int_equal(make(JOB, 20000, 20000, NULL), NGX_OK);
            assert_int_equal(fuzz_store->started(id(JOB)), NGX_OK);
        }

        assert_int_equal(end(n, 0), NGX_OK);
    }

    assert_int_equal(fuzz_store->input(id(JOB), text(NGX_CR_LOG_INPUT, 0), IN,
                                       0),
                     NGX_OK);

    room = NGX_CR_PAGE_SIZE - sizeof(ngx_cr_shm_job_t) - 3 - IN - 3;
    assert_true(room > OUT + 300);

    if (!act->fill) {
        room = OUT;
    }

    assert_int_equal(fuzz_store->append(id(JOB), NGX_CR_STDOUT,
                                        text(NGX_CR_STDOUT, 0), room),
                     room);

    for (n = 100; act->full
                  && ngx_cr_shm.store->fresh < ngx_cr_shm.store->npages; n++)
    {
        assert_int_equal(make(n, 10, 0, NULL), NGX_OK);
    }
}


/* All that the change had, or nothing; and then the job goes on. */

static void
must_be_whole(const act_t *act, const picture_t *before,
    const picture_t *after)
{
    unsigned          n;
    const char       *wrong;
    static picture_t  p;

    fuzz_shm_worker(2);

    picture(act->job, &p);

    if (memcmp(&p, before, sizeof(p)) != 0
        && memcmp(&p, after, sizeof(p)) != 0)
    {
        fail_msg("rc %d status %d, %zu of out, %zu of err, %zu of the claim, "
                 "%zu of input, then %zd", (int) p.rc, p.status, p.nout,
                 p.nerr, p.nclaim, p.ninput, p.input_end);
    }

    wrong = fuzz_shm_wrong();

    if (wrong) {
        fail_msg("%s", wrong);
    }

    for (n = FIRST; n <= LAST; n++) {
        picture(n, &p);

        if (p.rc == NGX_OK) {
            must_have(n, 5000, 0, 0);
        }
    }

    fuzz_shm_worker(OWNER);
    picture(JOB, &p);

    if (!ngx_cr_job_done(p.status)) {
        assert_int_equal(fuzz_store->append(id(JOB), NGX_CR_STDOUT,
                                            text(NGX_CR_STDOUT, p.nout), 7),
                         7);

        n = 0;

        if (p.input_end == NGX_AGAIN) {
            n = 9;
            assert_int_equal(fuzz_store->input(id(JOB),
                                          text(NGX_CR_LOG_INPUT, p.ninput), n,
                                          0),
                             NGX_OK);
        }

        must_have(JOB, p.nout + 7, p.nerr, p.ninput + n);
    }

    wrong = fuzz_shm_wrong();

    if (wrong) {
        fail_msg("later: %s", wrong);
    }
}


static pid_t
child_start(const act_t *act)
{
    pid_t  pid;

    *phase = BEFORE;

    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        fuzz_shm_worker(act->worker);

        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1) {
            _exit(1);
        }

        raise(SIGSTOP);

        *phase = WITHIN;
        act->act();
        *phase = AFTER;

        _exit(0);
    }

    return pid;
}


/* 0: it has ended. */

static unsigned
child_step(pid_t pid)
{
    int  status;

    if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == -1) {
        return 0;
    }

    return waitpid(pid, &status, 0) == pid && WIFSTOPPED(status);
}


static void
test_killed(void **state)
{
    int               status;
    pid_t             pid;
    u_char           *saved;
    unsigned          kills;
    const act_t      *act;
    static picture_t  before, after;

    act = *state;
    prepare(act);

    saved = malloc(fuzz_shm_size);
    assert_non_null(saved);
    memcpy(saved, fuzz_shm_start, fuzz_shm_size);

    picture(act->job, &before);

    fuzz_shm_worker(act->worker);
    act->act();
    picture(act->job, &after);
    assert_memory_not_equal(&before, &after, sizeof(picture_t));

    memcpy(fuzz_shm_start, saved, fuzz_shm_size);

    pid = child_start(act);

    if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) {
        print_message("skipped: ptrace is not allowed here\n");
        free(saved);
        skip();
    }

    for (kills = 0; *phase != AFTER && child_step(pid); /* void */ ) {

        if (memcmp(saved, fuzz_shm_start, fuzz_shm_size) == 0) {
            continue;
        }

        kills++;
        memcpy(saved, fuzz_shm_start, fuzz_shm_size);

        fuzz_shm_unlock();
        must_be_whole(act, &before, &after);

        memcpy(fuzz_shm_start, saved, fuzz_shm_size);
    }

    (void) kill(pid, SIGKILL);
    (void) waitpid(pid, &status, 0);

    assert_int_equal(*phase, AFTER);
    assert_true(kills > 5);
    print_message("killed %u times\n", kills);

    picture(act->job, &before);
    assert_memory_equal(&before, &after, sizeof(picture_t));

    free(saved);
}


int
main(void)
{
#define KILLED(n, name)                                                       \
    { name, test_killed, NULL, NULL, &acts[n] }

    const struct CMUnitTest  tests[] = {
        KILLED(0, "append"),
        KILLED(1, "append to a new page"),
        KILLED(2, "append to a page of an evicted job"),
        KILLED(3, "input over pages"),
        KILLED(4, "input over pages of evicted jobs"),
        KILLED(5, "create"),
        KILLED(6, "create in the page of an evicted job"),
        KILLED(7, "finish with a long claim"),
        KILLED(8, "finish with a claim over pages of evicted jobs"),
        KILLED(9, "forget"),
        KILLED(10, "extras over pages"),
        KILLED(11, "extras over pages of evicted jobs")
    };

    phase = mmap(NULL, sizeof(phase_e), PROT_READ|PROT_WRITE,
                 MAP_SHARED|MAP_ANONYMOUS, -1, 0);

    return phase == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
