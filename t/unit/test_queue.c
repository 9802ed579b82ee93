
/*
 * Queues of bytes: what is put in comes out, in order and once, whatever the
 * reader takes at a time, and memory stays in proportion to what waits.
 */


#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cr_supervisor.h"


static cr_queue_t  queue;
static int         ends[2];


static int
setup(void **state)
{
    (void) state;

    memset(&queue, 0, sizeof(queue));

    if (pipe(ends) == -1) {
        return -1;
    }

    (void) fcntl(ends[0], F_SETFL, O_NONBLOCK);
    (void) fcntl(ends[1], F_SETFL, O_NONBLOCK);

    return 0;
}


static int
teardown(void **state)
{
    (void) state;

    cr_queue_free(&queue);
    close(ends[0]);
    close(ends[1]);

    return 0;
}


static void
test_queue_empty(void **state)
{
    (void) state;

    assert_int_equal(cr_queue_add(&queue, NULL, 0), 0);
    assert_null(queue.data);
    assert_int_equal(cr_queue_write(&queue, -1), 0);

    assert_int_equal(cr_queue_add(&queue, "a", 1), 0);
    assert_int_equal(cr_queue_write(&queue, -1), -1);
    assert_int_equal(errno, EBADF);

    cr_queue_free(&queue);
    cr_queue_free(&queue);
    assert_null(queue.data);
    assert_int_equal(queue.size, 0);
}


/* Room that is asked for and not used leaves nothing behind. */

static void
test_queue_room(void **state)
{
    char   buf[8];
    char  *p;

    (void) state;

    p = cr_queue_room(&queue, 1000);
    assert_non_null(p);
    memset(p, 'x', 1000);

    assert_int_equal(cr_queue_add(&queue, "abc", 3), 0);
    assert_int_equal(cr_queue_write(&queue, ends[1]), 0);
    assert_int_equal(read(ends[0], buf, sizeof(buf)), 3);
    assert_memory_equal(buf, "abc", 3);
}


static void
test_queue_closed(void **state)
{
    (void) state;

    (void) signal(SIGPIPE, SIG_IGN);

    close(ends[0]);
    ends[0] = -1;

    assert_int_equal(cr_queue_add(&queue, "abc", 3), 0);
    assert_int_equal(cr_queue_write(&queue, ends[1]), -1);
    assert_int_equal(errno, EPIPE);
}


static uint64_t
rnd(void)
{
    static uint64_t  x = 0x853c49e6748fea9bULL;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;

    return x;
}


/* A stream of known bytes through a small pipe, in pieces of any size. */

static void
test_queue_stream(void **state)
{
    size_t         i, n, in, out, most;
    ssize_t        got;
    unsigned char  buf[4096];

    const size_t   all = 4 << 20;

    (void) state;

    (void) fcntl(ends[1], F_SETPIPE_SZ, 4096);

    for (in = out = most = 0; out < all; ) {

        if (in < all && in - out < 256 * 1024) {
            n = rnd() % sizeof(buf) + 1;
            n = n > all - in ? all - in : n;

            for (i = 0; i < n; i++) {
                buf[i] = (unsigned char) ((in + i) * 31 >> 3);
            }

            assert_int_equal(cr_queue_add(&queue, buf, n), 0);
            in += n;
        }

        if (cr_queue_write(&queue, ends[1]) == -1) {
            assert_int_equal(errno, EAGAIN);
        }

        most = queue.size > most ? queue.size : most;

        got = read(ends[0], buf, rnd() % sizeof(buf) + 1);

        for (i = 0; got > 0 && i < (size_t) got; i++, out++) {
            assert_int_equal(buf[i], (unsigned char) (out * 31 >> 3));
        }
    }

    assert_int_equal(in, all);
    assert_int_equal(queue.pos, queue.len);

    /* Twice what waited at most, and the doubling of what was had. */

    assert_true(most <= 4 * 260 * 1024);
}


/*
 * A reader who takes a little at a time of a long queue, while as little comes
 * in: what waits must not be moved for each little that has gone.
 */

static void
test_queue_slow_reader(void **state)
{
    char      c;
    size_t    i, moved, before;
    uint64_t  sum;

    (void) state;

    (void) fcntl(ends[1], F_SETPIPE_SZ, 4096);

    for (i = 0; i < 1 << 20; i++) {
        assert_int_equal(cr_queue_add(&queue, "x", 1), 0);
    }

    sum = 0;

    for (i = 0; i < 50000; i++) {
        assert_int_equal(cr_queue_write(&queue, ends[1]), -1);
        assert_int_equal(read(ends[0], &c, 1), 1);

        /* Its start is at 0 again: what waits was moved there. */

        before = queue.pos;
        moved = queue.len - queue.pos;
        assert_int_equal(cr_queue_add(&queue, "x", 1), 0);
        sum += queue.pos < before ? moved : 0;
    }

    assert_true(sum <= 4 << 20);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_queue_empty, setup, teardown),
        cmocka_unit_test_setup_teardown(test_queue_room, setup, teardown),
        cmocka_unit_test_setup_teardown(test_queue_closed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_queue_stream, setup, teardown),
        cmocka_unit_test_setup_teardown(test_queue_slow_reader, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
