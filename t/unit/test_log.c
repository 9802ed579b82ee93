
/* The log: bounded for each kind of line, and a line stays a line. */

/* link: sandbox_helper/cr_supervisor_log.c */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cr_supervisor.h"


static int   ends[2];
static int   kept;
static char  text[1 << 16];


static int
setup(void **state)
{
    (void) state;

    if (pipe(ends) == -1 || fcntl(ends[0], F_SETFL, O_NONBLOCK) == -1) {
        return -1;
    }

    kept = dup(STDERR_FILENO);
    (void) dup2(ends[1], STDERR_FILENO);

    return cr_loop_init();
}


static int
teardown(void **state)
{
    (void) state;

    (void) dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[0]);
    close(ends[1]);

    return 0;
}


/* How many lines were written, all of them in `text`. */

static unsigned
lines(void)
{
    char      *p;
    ssize_t    n;
    unsigned   count;

    n = read(ends[0], text, sizeof(text) - 1);
    text[n > 0 ? n : 0] = '\0';
    count = 0;

    for (p = text; (p = strchr(p, '\n')); p++) {
        count++;
    }

    return count;
}


static void
test_log_flood(void **state)
{
    unsigned  i, n;

    (void) state;

    for (i = 0; i < 1000; i++) {
        cr_log("a line of number %u", i);
    }

    /* Its time may begin anew meanwhile. */

    n = lines();
    assert_in_range(n, 1, 100);

    cr_log("another kind");
    assert_int_equal(lines(), 1);
    assert_non_null(strstr(text, ": another kind\n"));

    /* Then how many there were. */

    cr_loop_round();
    assert_int_equal(lines(), 1);
    assert_non_null(strstr(text, " more lines were left out, of: a line of"));

    cr_log("a line of number %u", i);
    assert_int_equal(lines(), 1);
}


/* An interpreter's last words are many lines, of which the last says why. */

static void
test_log_traceback(void **state)
{
    unsigned  i;

    (void) state;

    for (i = 0; i < 32; i++) {
        cr_log("line %u of a traceback", i);
    }

    assert_int_equal(lines(), 32);
}


static void
test_log_text(void **state)
{
    (void) state;

    cr_log("%s", "one\ntwo\r\033[0m\177");
    assert_int_equal(lines(), 1);
    assert_string_equal(text, "coderemote-sandbox: one?two??[0m?\n");

    memset(text, 'x', 5000);
    text[5000] = '\0';
    cr_log("long: %s", text);
    assert_int_equal(lines(), 1);
    assert_true(strlen(text) <= 1024);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_log_flood, setup, teardown),
        cmocka_unit_test_setup_teardown(test_log_traceback, setup, teardown),
        cmocka_unit_test_setup_teardown(test_log_text, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
