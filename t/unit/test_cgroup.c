
/*
 * cgroups on the machine's own hierarchies: made, joined by a child, obeyed,
 * measured, and gone.  Needs root and cgroups in reach; skips else.
 */


#include "layers_child.h"

#include <signal.h>
#include <time.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cr_cgroup_file.h"
#include "cr_layers.h"


#define MB  (1024 * 1024ULL)
#define CAPS(mb)  (&(cr_cgroup_caps_t) { (mb) * MB, 10 })


static cr_cgroups_t  cgs;
static cr_cgroup_t   cg;
static unsigned      block;
static char          error[256];


static int
setup(void **state)
{
    (void) state;

    memset(&cgs, 0, sizeof(cgs));
    memset(&cg, 0, sizeof(cg));

    /* No supervisor's: blocks are small numbers. */

    block = 1000000 + getpid();

    return 0;
}


static int
teardown(void **state)
{
    (void) state;

    cr_cgroup_destroy(&cgs, &cg);
    cr_cgroups_close(&cgs);

    return 0;
}


/* Answers whether to go on. */

static int
opened(void)
{
    if (geteuid() != 0) {
        print_message("this needs root\n");
        return 0;
    }

    if (cr_cgroups_open(&cgs, block, CAPS(512), error, sizeof(error)) == -1) {
        print_message("%s\n", error);
        return 0;
    }

    if (cgs.missing[0] != '\0') {
        print_message("controllers are missing: %s\n", cgs.missing);
        return 0;
    }

    return 1;
}


static uint64_t
number_of(const char *folder, const char *name)
{
    FILE                *f;
    char                 path[1024];
    unsigned long long   n;

    snprintf(path, sizeof(path), "%s/%s", folder, name);

    f = fopen(path, "r");

    if (f == NULL) {
        return -1;
    }

    if (fscanf(f, "%llu", &n) != 1) {
        n = -1;
    }

    fclose(f);

    return n;
}


static int
there(const char *folder, const char *leaf)
{
    char  path[1024];

    snprintf(path, sizeof(path), "%s/%s", folder, leaf);

    return folder[0] != '\0' && access(path, F_OK) == 0;
}


static int
has_task(const char *folder, const char *leaf, pid_t pid)
{
    int    n, found;
    FILE  *f;
    char   path[1024];

    snprintf(path, sizeof(path), "%s/%s/cgroup.procs", folder, leaf);

    f = fopen(path, "r");

    if (f == NULL) {
        return 0;
    }

    found = 0;

    while (fscanf(f, "%d", &n) == 1) {
        found |= n == pid;
    }

    fclose(f);

    return found;
}


/* A child in the leaf that does as told and then waits to be killed. */

static pid_t
tenant(int (*body)(void), int *end)
{
    int    fds[2];
    char   c;
    pid_t  pid;

    assert_int_equal(pipe(fds), 0);

    pid = fork();
    assert_int_not_equal(pid, -1);

    if (pid == 0) {
        close(fds[0]);
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);

        if (cr_cgroup_join(cg.procs, cg.nprocs) == -1 || body() == -1
            || write(fds[1], "", 1) != 1)
        {
            _exit(1);
        }

        for ( ;; ) {
            pause();
        }
    }

    close(fds[1]);

    *end = read(fds[0], &c, 1) == 1;

    close(fds[0]);

    return pid;
}


static void
reaped(pid_t pid, int signo)
{
    int  status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), signo);
}


static int
touch(uint64_t size)
{
    char  *p;

    p = mmap(NULL, size, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1,
             0);
    EXPECT(p != MAP_FAILED);

    memset(p, 1, size);

    EXPECT(munmap(p, size) == 0);

    return 0;
}


static int
body_idle(void)
{
    return 0;
}


static int
body_20mb(void)
{
    return touch(20 * MB);
}


static int
body_200mb(void)
{
    return touch(200 * MB);
}


/* The tenant and three more; the next is one too many. */

static int
body_crowd(void)
{
    int    i;
    pid_t  pid;

    for (i = 0; i < 3; i++) {
        pid = fork();
        EXPECT(pid != -1);

        if (pid == 0) {
            for ( ;; ) {
                pause();
            }
        }
    }

    EXPECT_ERRNO(fork(), EAGAIN);

    return 0;
}


static void
test_parent(void **state)
{
    unsigned  i;

    (void) state;

    if (!opened()) {
        skip();
    }

    for (i = 0; i < 3; i++) {

        if (cgs.version == 2 && i) {
            assert_string_equal(cgs.path[i], "");
            continue;
        }

        assert_int_equal(access(cgs.path[i], F_OK), 0);
        assert_non_null(strstr(cgs.path[i], "/coderemote-1"));
    }

    if (cgs.version == 2) {
        assert_int_equal(number_of(cgs.path[0], "memory.max"), 512 * MB);
        assert_int_equal(number_of(cgs.path[0], "cpu.weight"), 10);

    } else {
        assert_int_equal(number_of(cgs.path[0], "memory.limit_in_bytes"),
                         512 * MB);
        assert_int_equal(number_of(cgs.path[2], "cpu.shares"), 102);
    }
}


static void
test_leaf_and_end(void **state)
{
    int           ready;
    pid_t         pid;
    unsigned      i;
    cr_cgroups_t  was;

    (void) state;

    if (!opened()) {
        skip();
    }

    was = cgs;

    assert_int_equal(cr_cgroup_create(&cgs, &cg, "python-0", 4, 64 * MB), 0);
    assert_true(cg.nprocs >= 1);
    assert_int_equal(cg.limit_now, 64 * MB);

    pid = tenant(body_idle, &ready);
    assert_true(ready);

    for (i = 0; i < 3; i++) {
        assert_true(cgs.path[i][0] == '\0'
                    || has_task(cgs.path[i], "python-0", pid));
    }

    /* What is left in a leaf ends with it. */

    cr_cgroup_destroy(&cgs, &cg);
    reaped(pid, SIGKILL);

    assert_int_equal(cg.nprocs, 0);
    assert_int_equal(cg.limit, -1);

    /* On a busy machine he may have died too late for the first. */

    assert_int_equal(cr_cgroup_create(&cgs, &cg, "python-0", 4, 64 * MB), 0);
    cr_cgroup_destroy(&cgs, &cg);

    for (i = 0; i < 3; i++) {
        assert_false(there(was.path[i], "python-0"));
    }

    cr_cgroups_close(&cgs);

    for (i = 0; i < 3; i++) {
        assert_false(there(was.path[i], "."));
    }
}


static void
test_memory(void **state)
{
    int       ready;
    pid_t     pid;
    uint64_t  peak;

    (void) state;

    if (!opened()) {
        skip();
    }

    assert_int_equal(cr_cgroup_create(&cgs, &cg, "m", 4, 64 * MB), 0);

    pid = tenant(body_20mb, &ready);
    assert_true(ready);
    assert_int_equal(cr_cgroup_oom_kills(&cg), 0);
    assert_true(cr_cgroup_usage(&cg) > 0);

    if (cg.peak != -1) {
        peak = cr_cgroup_peak(&cg);
        assert_true(peak >= 20 * MB && peak <= 64 * MB);
    }

    if (cg.peak_resets) {
        assert_int_equal(cr_cgroup_reset_peak(&cg), 0);
        assert_true(cr_cgroup_peak(&cg) < 20 * MB);
    }

    kill(pid, SIGKILL);
    reaped(pid, SIGKILL);

    pid = tenant(body_200mb, &ready);
    assert_false(ready);
    reaped(pid, SIGKILL);
    assert_int_equal(cr_cgroup_oom_kills(&cg), 1);

    /* With more it fits; and less again, so that it does not. */

    assert_int_equal(cr_cgroup_set_memory(&cg, 256 * MB), 0);
    assert_int_equal(cg.limit_now, 256 * MB);
    pid = tenant(body_200mb, &ready);
    assert_true(ready);
    kill(pid, SIGKILL);
    reaped(pid, SIGKILL);

    assert_int_equal(cr_cgroup_set_memory(&cg, 32 * MB), 0);
    assert_int_equal(cr_cgroup_set_memory(&cg, 32 * MB), 0);
    pid = tenant(body_200mb, &ready);
    assert_false(ready);
    reaped(pid, SIGKILL);
    assert_int_equal(cr_cgroup_oom_kills(&cg), 2);
}


static void
test_tasks(void **state)
{
    int    ready;
    pid_t  pid;

    (void) state;

    if (!opened()) {
        skip();
    }

    assert_int_equal(cr_cgroup_create(&cgs, &cg, "t", 4, 64 * MB), 0);

    pid = tenant(body_crowd, &ready);
    assert_true(ready);

    cr_cgroup_destroy(&cgs, &cg);
    reaped(pid, SIGKILL);
}


/* A supervisor that died left its cgroups, and even a task in them. */

static void
test_stale(void **state)
{
    int           ready;
    pid_t         pid;
    cr_cgroups_t  dead;

    (void) state;

    if (!opened()) {
        skip();
    }

    assert_int_equal(cr_cgroup_create(&cgs, &cg, "s", 4, 64 * MB), 0);
    pid = tenant(body_idle, &ready);
    assert_true(ready);

    dead = cgs;

    assert_int_equal(cr_cgroups_open(&cgs, block, CAPS(256), error,
                                     sizeof(error)), 0);
    reaped(pid, SIGKILL);

    assert_string_equal(cgs.path[0], dead.path[0]);
    assert_true(there(cgs.path[0], "."));
    assert_false(there(cgs.path[0], "s"));
}


/* The supervisor has few capabilities by the time it leaves. */

static int
body_close(void)
{
    cr_cgroups_t  was;

    EXPECT(cr_cgroups_open(&cgs, block, CAPS(64), error, sizeof(error)) == 0);
    EXPECT(cr_cgroup_create(&cgs, &cg, "c", 4, 64 * MB) == 0);
    was = cgs;
    EXPECT(cr_caps_keep() == 0);
    EXPECT(cr_cgroup_set_memory(&cg, 32 * MB) == 0);
    cr_cgroup_destroy(&cgs, &cg);
    EXPECT(cr_cgroup_create(&cgs, &cg, "d", 4, 64 * MB) == 0);
    cr_cgroups_close(&cgs);

    EXPECT(!there(was.path[0], "."));
    EXPECT(!there(was.path[1], "."));
    EXPECT(!there(was.path[2], "."));

    return 0;
}


static void
test_close_with_few_capabilities(void **state)
{
    (void) state;

    if (!opened()) {
        skip();
    }

    cr_cgroups_close(&cgs);

    child(0, 0, body_close);
}


static void
test_names(void **state)
{
    char  name[128];

    (void) state;

    assert_int_equal(cr_cgroup_create(&cgs, &cg, "", 4, MB), -1);
    assert_int_equal(cr_cgroup_create(&cgs, &cg, "..", 4, MB), -1);
    assert_int_equal(cr_cgroup_create(&cgs, &cg, "a/b", 4, MB), -1);

    memset(name, 'a', sizeof(name));
    name[sizeof(cg.name)] = '\0';
    assert_int_equal(cr_cgroup_create(&cgs, &cg, name, 4, MB), -1);
    assert_int_equal(cg.limit, -1);
}


/* Rootless all calls answer, and nothing happens. */

static void
test_none(void **state)
{
    (void) state;

    assert_int_equal(cr_cgroup_create(&cgs, &cg, "python-0", 4, 64 * MB), 0);
    assert_int_equal(cg.nprocs, 0);
    assert_int_equal(cr_cgroup_join(cg.procs, cg.nprocs), 0);
    assert_int_equal(cr_cgroup_set_memory(&cg, 128 * MB), 0);
    assert_int_equal(cr_cgroup_reset_peak(&cg), -1);
    assert_int_equal(cr_cgroup_usage(&cg), 0);
    assert_int_equal(cr_cgroup_peak(&cg), 0);
    assert_int_equal(cr_cgroup_oom_kills(&cg), 0);

    /* One that was never made, and nothing but zeros, closes no descriptor. */

    memset(&cg, 0, sizeof(cg));
    cr_cgroup_destroy(&cgs, &cg);
    assert_int_not_equal(fcntl(0, F_GETFD), -1);
    assert_int_equal(cg.limit, -1);
}


static int
body_unprivileged(void)
{
    cr_cgroups_t  own;

    if (geteuid() == 0) {
        EXPECT(setresgid(1234, 1234, 1234) == 0);
        EXPECT(setresuid(1234, 1234, 1234) == 0);
    }

    strcpy(error, "");
    EXPECT(cr_cgroups_open(&own, block, CAPS(64), error, sizeof(error)) == -1);
    EXPECT(own.version == 0);
    EXPECT(strstr(error, "rootless = on") != NULL
           || strstr(error, "is mounted") != NULL);

    return 0;
}


static void
test_unprivileged(void **state)
{
    (void) state;

    child(0, 0, body_unprivileged);
}


static void
test_probe(void **state)
{
    char          path[1024];
    cr_cgroups_t  found;

    (void) state;

    if (!opened()) {
        skip();
    }

    assert_int_equal(cr_cgroups_probe(&found, error, sizeof(error)), 0);
    assert_int_equal(found.version, cgs.version);
    assert_string_equal(found.missing, "");

    snprintf(path, sizeof(path), "%s/../coderemote-check-%d", cgs.path[0],
             (int) getpid());
    assert_int_equal(access(path, F_OK), -1);
}


/*
 * v2's own steps, on whatever v2 hierarchy there is: those that need no
 * controller.  The body lives in a folder that it may fill.
 */

static char  v2_home[CR_CGROUP_PATH_MAX], v2_below[CR_CGROUP_PATH_MAX];


static int
body_v2(void)
{
    int    rc, end, status;
    char   path[CR_CGROUP_PATH_MAX];
    pid_t  pid;

    EXPECT(cr_cgroup_write(v2_below, "cgroup.procs", "0") == 0);

    /* One that joins nothing, and so is born where its parent is. */

    pid = tenant(body_idle, &end);
    EXPECT(end);

    rc = cr_cgroup_v2_open(&cgs, "coderemote-1", CAPS(64), error,
                           sizeof(error));
    EXPECT(rc == 0 || strstr(error, "Delegate=yes") != NULL);

    if (strstr(error, "not delegated") != NULL) {
        return 0;
    }

    /* Everything moved out of the way, and a second one finds it so. */

    EXPECT(has_task(v2_below, "coderemote-main", getpid()));
    EXPECT(has_task(v2_below, "coderemote-main", pid));
    EXPECT(!has_task(v2_below, ".", pid));
    EXPECT(cr_cgroups_probe(&cgs, error, sizeof(error)) == 0
           || rc == -1);

    kill(pid, SIGKILL);
    EXPECT(waitpid(pid, &status, 0) == pid);

    EXPECT(cr_cgroup_join_path(path, v2_below, "parent") == 0);
    EXPECT(mkdir(path, 0755) == 0);

    memset(&cgs, 0, sizeof(cgs));
    cgs.version = 2;
    strcpy(cgs.path[0], path);

    EXPECT(cr_cgroup_create(&cgs, &cg, "leaf", 4, 64 * MB) == 0);
    EXPECT(cg.nprocs == 1);
    EXPECT(cg.kill != -1);

    pid = tenant(body_idle, &end);
    EXPECT(end);
    EXPECT(has_task(path, "leaf", pid));

    cr_cgroup_destroy(&cgs, &cg);
    EXPECT(waitpid(pid, &status, 0) == pid && WTERMSIG(status) == SIGKILL);
    EXPECT(!there(path, "leaf"));

    cr_cgroups_close(&cgs);
    EXPECT(!there(path, "."));

    return 0;
}


static void
test_v2_steps(void **state)
{
    int   status;
    char  name[64];

    (void) state;

    NEED_ROOT();

    snprintf(name, sizeof(name), "coderemote-test-%d", (int) getpid());

    if (cr_cgroup_home(NULL, v2_home, NULL) == -1
        || cr_cgroup_join_path(v2_below, v2_home, name) == -1
        || mkdir(v2_below, 0755) == -1)
    {
        print_message("no v2 hierarchy that can be written\n");
        skip();
    }

    status = child_status(0, 0, body_v2);

    assert_int_equal(cr_cgroup_remove(v2_below, 2000), 0);
    assert_int_equal(status, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_parent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_leaf_and_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_memory, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tasks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stale, setup, teardown),
        cmocka_unit_test_setup_teardown(test_close_with_few_capabilities,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_names, setup, teardown),
        cmocka_unit_test_setup_teardown(test_none, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unprivileged, setup, teardown),
        cmocka_unit_test_setup_teardown(test_probe, setup, teardown),
        cmocka_unit_test_setup_teardown(test_v2_steps, setup, teardown)
    };

    return cmocka_run_group_tests_name("cgroups", tests, NULL, NULL);
}
