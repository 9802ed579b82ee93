
/*
 * What a killed supervisor leaves, and what its successor may take away: empty
 * cgroups of a block that nobody has.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "cr_cgroup.h"


#define MB  (1024 * 1024)
#define CAPS(mb)  (&(cr_cgroup_caps_t) { (mb) * MB, 10 })


static unsigned  first;      /* our block; the others' follow */
static unsigned  claimed;
static unsigned  released;


/* The third supervisor is alive. */

static int
claim(unsigned block)
{
    if (block <= first || block > first + 3 || block == first + 2) {
        return 0;
    }

    claimed++;

    return 1;
}


static void
release(unsigned block)
{
    assert_in_range(block, first + 1, first + 3);
    released++;
}


static int
there(const cr_cgroups_t *cgs)
{
    int       n;
    unsigned  i;

    n = 0;

    for (i = 0; i < 3; i++) {
        n += cgs->path[i][0] != '\0' && access(cgs->path[i], F_OK) == 0;
    }

    return n;
}


static pid_t
tenant(const cr_cgroup_t *cg)
{
    int    ready[2];
    char   c;
    pid_t  pid;

    assert_int_equal(pipe(ready), 0);

    pid = fork();

    if (pid == 0) {
        if (cr_cgroup_join(cg->procs, cg->nprocs) == 0) {
            (void) !write(ready[1], "", 1);
        }

        for ( ;; ) {
            pause();
        }
    }

    close(ready[1]);
    assert_int_equal(read(ready[0], &c, 1), 1);
    close(ready[0]);

    return pid;
}


static void
test_sweep(void **state)
{
    int           n, i;
    char          error[256];
    pid_t         pid;
    cr_cgroup_t   leaf[4];
    cr_cgroups_t  cgs[4];

    (void) state;

    first = 2000000000 + getpid() * 4;

    if (geteuid() != 0
        || cr_cgroups_open(&cgs[0], first, CAPS(64), error, sizeof(error)) != 0)
    {
        print_message("this needs root and cgroups\n");
        skip();
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(cr_cgroups_open(&cgs[i], first + i, CAPS(64), error,
                                         sizeof(error)), 0);
        assert_int_equal(cr_cgroup_create(&cgs[i], &leaf[i], "leaf", 4, MB * 8),
                         0);
    }

    n = there(&cgs[0]);
    assert_true(n > 0);

    pid = tenant(&leaf[3]);

    cr_cgroups_sweep(&cgs[0], claim, release);

    assert_int_equal(there(&cgs[0]), n);
    assert_int_equal(there(&cgs[1]), 0);
    assert_int_equal(there(&cgs[2]), n);
    assert_int_equal(there(&cgs[3]), n);

    assert_true(claimed > 0);
    assert_int_equal(claimed, released);

    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);

    for (i = 0; i < 4; i++) {
        cr_cgroups_close(&cgs[i]);
        assert_int_equal(there(&cgs[i]), 0);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_sweep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
