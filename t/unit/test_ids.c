
/*
 * link: sandbox_helper/cr_supervisor_ids.c
 *
 * Blocks of ids: one's own is never claimed again, for its lock would go with
 * the release; another supervisor's is refused.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "cr_supervisor.h"
#include "cr_supervisor_ids.h"


void
cr_log(const char *fmt, ...)
{
    (void) fmt;
}


/* What another process finds: 1 when it gets the block. */

static int
other_gets(unsigned block)
{
    int       status;
    pid_t     pid;
    unsigned  own;

    pid = fork();

    if (pid == 0) {
        _exit(cr_ids_block(&own) == 0 && (own == block || cr_ids_claim(block)));
    }

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));

    return WEXITSTATUS(status);
}


static void
test_own_block(void **state)
{
    unsigned  block;

    (void) state;

    if (geteuid() != 0) {
        print_message("this needs root\n");
        skip();
    }

    assert_int_equal(cr_ids_block(&block), 0);
    assert_int_equal(other_gets(block), 0);

    assert_int_equal(cr_ids_claim(block), 0);
    assert_int_equal(other_gets(block), 0);

    assert_int_equal(cr_ids_claim(1u << 20), 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_own_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
