
/*
 * What a program writes to descriptors 1 and 2: when it goes out, and that
 * nothing printed is lost or written twice.  The writer is a process of its
 * own with a pipe for each descriptor, as in a cell.
 */

/* link: sandbox_helper/cr_zygote_output.c */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "../../sandbox_helper/cr_zygote_output.h"


#define DEADLINE_MS  20000


typedef struct {
    pid_t  pid;
    int    out;
    int    err;
} writer_t;


static void
stopped(int signo)
{
    (void) signo;

    cr_output_last_flush();
    _exit(0);
}


static void
put(int fd, const char *text)
{
    if (cr_output_put(fd, text, strlen(text)) != 0) {
        _exit(9);
    }
}


/* Starts a writer that runs program and then waits for its stop. */

static writer_t
start(void (*program)(void), int flags)
{
    int       out[2], err[2];
    writer_t  w;

    assert_int_equal(pipe2(out, flags), 0);
    assert_int_equal(pipe2(err, flags), 0);

    w.pid = fork();
    assert_true(w.pid >= 0);

    if (w.pid == 0) {
        (void) dup2(out[1], 1);
        (void) dup2(err[1], 2);
        (void) close(out[0]);
        (void) close(out[1]);
        (void) close(err[0]);
        (void) close(err[1]);
        (void) signal(SIGUSR1, stopped);

        if (cr_output_init() != 0) {
            _exit(8);
        }

        cr_output_ready();
        program();

        for ( ;; ) {
            pause();
        }
    }

    (void) close(out[1]);
    (void) close(err[1]);
    w.out = out[0];
    w.err = err[0];

    return w;
}


/* Reads what is there once something is; "" when none came in ms. */

static const char *
get(int fd, int ms)
{
    ssize_t        n;
    static char    buf[65536];
    struct pollfd  pfd;

    pfd.fd = fd;
    pfd.events = POLLIN;
    n = 0;

    if (poll(&pfd, 1, ms) == 1) {
        n = read(fd, buf, sizeof(buf) - 1);
        assert_true(n >= 0);
    }

    buf[n] = '\0';

    return buf;
}


static size_t
get_all(int fd, char *buf, size_t size)
{
    size_t   len;
    ssize_t  n;

    for (len = 0; len < size; len += n) {
        n = read(fd, buf + len, size - len);

        if (n <= 0) {
            break;
        }
    }

    return len;
}


static void
stop(writer_t *w, int signo, int expected)
{
    int  status;

    (void) kill(w->pid, signo);
    assert_int_equal(waitpid(w->pid, &status, 0), w->pid);

    if (signo != SIGKILL) {
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), expected);
    }

    (void) close(w->out);
    (void) close(w->err);
}


static void
write_lines(void)
{
    put(1, "one");
    put(1, "\n");
    put(2, "error\n");
    put(1, "two\nthree\nrest");
}


static void
test_lines(void **state)
{
    writer_t  w;

    (void) state;

    /* Each write(2) is a packet: lines come whole, and at once. */

    w = start(write_lines, O_DIRECT);

    assert_string_equal(get(w.out, DEADLINE_MS), "one\n");
    assert_string_equal(get(w.err, DEADLINE_MS), "error\n");
    assert_string_equal(get(w.out, DEADLINE_MS), "two\nthree\n");
    assert_string_equal(get(w.out, DEADLINE_MS), "rest");

    stop(&w, SIGUSR1, 0);
}


static void
write_unfinished(void)
{
    put(1, "asks: ");
    put(1, "what");
}


static void
test_timer(void **state)
{
    writer_t  w;

    (void) state;

    w = start(write_unfinished, O_DIRECT);

    /* Together, and without a further word of the program. */

    assert_string_equal(get(w.out, DEADLINE_MS), "asks: what");

    stop(&w, SIGUSR1, 0);
}


static void
write_then_stop(void)
{
    put(1, "whole\nlost?");
    put(2, "and this?");
    (void) raise(SIGUSR1);
}


static void
test_last_flush(void **state)
{
    char      buf[64];
    writer_t  w;

    (void) state;

    w = start(write_then_stop, 0);

    assert_int_equal(get_all(w.out, buf, sizeof(buf)), 11);
    assert_memory_equal(buf, "whole\nlost?", 11);
    assert_int_equal(get_all(w.err, buf, sizeof(buf)), 9);
    assert_memory_equal(buf, "and this?", 9);

    stop(&w, 0, 0);
}


static void
write_until_full(void)
{
    (void) fcntl(1, F_SETFL, O_NONBLOCK);

    while (write(1, "x", 1) == 1) { /* void */ }

    (void) fcntl(1, F_SETFL, 0);

    put(1, "blocks");
    put(2, "kept");
    (void) raise(SIGUSR1);
}


/* Nobody reads stdout: what stderr has still comes. */

static void
test_full_pipe(void **state)
{
    writer_t  w;

    (void) state;

    w = start(write_until_full, 0);

    assert_string_equal(get(w.err, DEADLINE_MS), "kept");

    stop(&w, SIGKILL, 0);
}


#define BIG  100000

static void
write_big(void)
{
    size_t        i;
    static char   big[BIG];

    memset(big, 'b', sizeof(big));

    if (cr_output_put(1, "a", 1) != 0
        || cr_output_put(1, big, sizeof(big)) != 0)
    {
        _exit(7);
    }

    for (i = 0; i < 3000; i++) {
        put(1, "12345");
    }

    cr_output_flush_all();
    _exit(0);
}


static void
test_big(void **state)
{
    size_t    i;
    writer_t  w;

    static char  buf[BIG + 20000];

    (void) state;

    w = start(write_big, 0);

    assert_int_equal(get_all(w.out, buf, sizeof(buf)), 1 + BIG + 15000);
    assert_int_equal(buf[0], 'a');
    assert_int_equal(buf[1], 'b');
    assert_int_equal(buf[BIG], 'b');

    for (i = 0; i < 15000; i++) {
        assert_int_equal(buf[1 + BIG + i], "12345"[i % 5]);
    }

    stop(&w, 0, 0);
}


static void
write_forked(void)
{
    int    status;
    pid_t  pid;

    put(1, "parent ");
    pid = fork();

    if (pid == 0) {
        put(1, "child ");
        cr_output_flush_all();
        _exit(0);
    }

    (void) waitpid(pid, &status, 0);
    put(1, "parent");
    cr_output_flush_all();
    _exit(0);
}


static void
test_fork(void **state)
{
    char      buf[64];
    size_t    n;
    writer_t  w;

    (void) state;

    w = start(write_forked, 0);

    n = get_all(w.out, buf, sizeof(buf));
    assert_int_equal(n, 19);
    assert_memory_equal(buf, "parent child parent", 19);

    stop(&w, 0, 0);
}


static void
write_muted(void)
{
    cr_output_mute(1);
    put(1, "no\nno");
    cr_output_mute(0);
    put(1, "yes\n");
    cr_output_flush_all();
    _exit(0);
}


static void
test_mute(void **state)
{
    char      buf[64];
    writer_t  w;

    (void) state;

    w = start(write_muted, 0);

    assert_int_equal(get_all(w.out, buf, sizeof(buf)), 4);
    assert_memory_equal(buf, "yes\n", 4);

    stop(&w, 0, 0);
}


static void
write_broken(void)
{
    int  fds[2];

    (void) signal(SIGPIPE, SIG_IGN);

    if (pipe(fds) != 0 || dup2(fds[1], 1) == -1) {
        _exit(6);
    }

    (void) close(fds[0]);
    (void) close(fds[1]);

    if (cr_output_put(1, "x\n", 2) != -1 || errno != EPIPE) {
        _exit(5);
    }

    (void) close(1);

    if (cr_output_put(1, "x\n", 2) != -1 || errno != EBADF) {
        _exit(4);
    }

    _exit(0);
}


static void
test_broken(void **state)
{
    char      buf[8];
    writer_t  w;

    (void) state;

    w = start(write_broken, 0);
    (void) get_all(w.err, buf, sizeof(buf));
    stop(&w, 0, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_timer),
        cmocka_unit_test(test_last_flush),
        cmocka_unit_test(test_full_pipe),
        cmocka_unit_test(test_big),
        cmocka_unit_test(test_fork),
        cmocka_unit_test(test_mute),
        cmocka_unit_test(test_broken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
