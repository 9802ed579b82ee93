
/*
 * The installed helper and workers that want more than their share: of its
 * memory, its connections, its slots and its time.  Skipped as
 * test_supervisor.c is.
 */


#include "supervisor_worker.h"


/* Fills the connection until the supervisor takes no more; how many bytes. */

static size_t
flood(worker_t *worker, const void *data, size_t len)
{
    size_t         pos, sent;
    ssize_t        n;
    struct pollfd  pfd;

    (void) fcntl(worker->fd, F_SETFL, O_NONBLOCK);

    pfd.fd = worker->fd;
    pfd.events = POLLOUT;

    for (sent = 0; poll(&pfd, 1, 1000) == 1; sent += n) {
        pos = sent % len;
        n = write(worker->fd, (const char *) data + pos, len - pos);

        if (n == -1) {
            assert_int_equal(errno, EAGAIN);
            n = 0;
        }
    }

    return sent;
}


/* Bytes of memory that the supervisor has had at most. */

static size_t
peak(void)
{
    char    path[64], line[256];
    FILE   *f;
    size_t  kb;

    kb = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int) pid);
    f = fopen(path, "re");
    assert_non_null(f);

    while (fgets(line, sizeof(line), f)) {
        (void) sscanf(line, "VmHWM: %zu", &kb);
    }

    fclose(f);
    assert_true(kb > 0);

    return kb * 1024;
}


/* It asks and asks and never reads: it is not heard any more, others are. */

static void
test_supervisor_never_reads(void **state)
{
    size_t         i, n, before;
    cr_frame_t     frame;

    (void) state;
    need();

    greet(&one);
    before = peak();

    memset(&frame, 0, sizeof(frame));
    frame.type = CR_MSG_STATUS;

    for (i = 0; i < 8192; i++) {
        cr_frame_encode((unsigned char *) code + i * CR_FRAME_HEADER, &frame);
    }

    n = flood(&one, code, i * CR_FRAME_HEADER) / CR_FRAME_HEADER;
    assert_true(peak() < before + (16 << 20));

    /* It is heard again as soon as it reads: every question is answered. */

    for (i = 0; i < n; i++) {
        assert_int_equal(receive(&one, &frame, outcome.payload, PATIENCE), 1);
        assert_int_equal(frame.type, CR_MSG_STATUS);
    }
}


/* Of those that say nothing the oldest go; a worker is let in all the same. */

static void
test_supervisor_silent(void **state)
{
    int            fds[200];
    char           byte;
    unsigned       i, closed;
    struct pollfd  pfd;

    (void) state;
    need();

    for (i = 0; i < 200; i++) {
        fds[i] = dial(client);
    }

    greet(&one);
    send_run(&one, 1, "python", "print(1)", 1000);
    wait_result(&one, 1);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);

    for (i = 0, closed = 0; i < 200; i++) {
        pfd.fd = fds[i];
        pfd.events = POLLIN;

        if (poll(&pfd, 1, 0) == 1 && read(fds[i], &byte, 1) <= 0) {
            closed++;
        }
    }

    assert_in_range(closed, 100, 199);

    /* The rest has its time to say HELLO, and no more. */

    pfd.fd = fds[199];
    pfd.events = POLLIN;
    assert_int_equal(poll(&pfd, 1, PATIENCE), 1);
    assert_true(read(fds[199], &byte, 1) <= 0);

    for (i = 0; i < 200; i++) {
        close(fds[i]);
    }
}


/* A long frame before HELLO is refused by its header. */

static void
test_supervisor_long_hello(void **state)
{
    cr_frame_t     frame;
    unsigned char  header[CR_FRAME_HEADER];

    (void) state;
    need();

    memset(&frame, 0, sizeof(frame));
    frame.type = CR_MSG_HELLO;
    frame.length = CR_FRAME_MAX;
    cr_frame_encode(header, &frame);

    one.fd = dial(client);
    one.len = 0;
    send_bytes(&one, header, sizeof(header));

    assert_int_equal(receive(&one, &frame, outcome.payload, 5000), 0);
}


/* A process needs one connection, and cannot have them all. */

static void
test_supervisor_crowd(void **state)
{
    unsigned         i, closed;
    cr_frame_t       frame;
    static worker_t  many[32];

    (void) state;
    need();

    for (i = 0, closed = 0; i < 32; i++) {
        many[i].fd = dial(client);
        many[i].len = 0;
        send_u32(&many[i], CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
        closed += receive(&many[i], &frame, outcome.payload, PATIENCE) == 0;
    }

    for (i = 0; i < 32; i++) {
        close(many[i].fd);
    }

    assert_in_range(closed, 16, 31);

    /* They are gone once the supervisor has seen it. */

    for (i = 0; i < PATIENCE / 20; i++) {
        one.fd = dial(client);
        one.len = 0;
        send_u32(&one, CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);

        if (receive(&one, &frame, outcome.payload, PATIENCE) == 1) {
            return;
        }

        close(one.fd);
        one.fd = -1;
        (void) poll(NULL, 0, 20);
    }

    fail_msg("the process cannot connect any more");
}


/* All slots are given to jobs whose output nobody asks for: others' run. */

static void
test_supervisor_hoarder(void **state)
{
    unsigned  i;

    (void) state;
    need();

    greet(&one);
    greet(&two);

    for (i = 1; i <= 40; i++) {
        send_run(&one, i, "python", "print('x' * 99)", 0);
    }

    send_run(&two, 1, "python", "print(1)", 1000);
    wait_result(&two, 1);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.output, 2);

    /* The hoarder is told that it has lost something. */

    wait_result(&one, 1);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.result.flags, CR_RESULT_STDOUT_CUT);
    assert_int_equal(outcome.output, 0);

    close(one.fd);
    one.fd = -1;
    wait_idle(&two);
}


/* As much credit as fits, again and again; input that nobody reads. */

static void
test_supervisor_sums(void **state)
{
    unsigned  i;

    (void) state;
    need();

    greet(&one);
    send_run(&one, 1, "python", "import time\ntime.sleep(1)\nprint(1)",
             UINT32_MAX);

    for (i = 0; i < 1000; i++) {
        send_u32(&one, CR_MSG_CREDIT, 1, UINT32_MAX);
        send_frame(&one, CR_MSG_STDIN, 1, 0, NULL, 0);
    }

    wait_result(&one, 1);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.output, 2);
}


/* Connections that come and go leave nothing behind. */

static void
test_supervisor_come_and_go(void **state)
{
    size_t    before;
    unsigned  i;

    (void) state;
    need();

    greet(&two);
    before = peak();

    for (i = 0; i < 3000; i++) {
        one.fd = dial(client);
        one.len = 0;
        send_u32(&one, CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION + i % 2);

        if (i % 3 == 0) {
            (void) shutdown(one.fd, i % 2 ? SHUT_WR : SHUT_RD);
        }

        close(one.fd);
        one.fd = -1;
    }

    send_run(&two, 1, "python", "print(1)", 1000);
    wait_result(&two, 1);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_true(peak() < before + (16 << 20));
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(test_supervisor_never_reads),
        TEST(test_supervisor_silent),
        TEST(test_supervisor_long_hello),
        TEST(test_supervisor_crowd),
        TEST(test_supervisor_hoarder),
        TEST(test_supervisor_sums),
        TEST(test_supervisor_come_and_go),
    };

    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
