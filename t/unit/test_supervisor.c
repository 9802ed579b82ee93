
/*
 * The installed helper as a hostile worker sees it: what breaks the protocol
 * ends its connection and nothing else, and every job has one answer.
 * CR_INSTALL names the installation; without it, or without root, all is
 * skipped.
 */


#include "supervisor_worker.h"


static void
test_supervisor_first_frame(void **state)
{
    unsigned       i;
    unsigned char  hello[8];

    static const size_t  lengths[] = { 4, 0, 8 };

    (void) state;
    need();

    /* Another version; nothing at all; too much; and not HELLO. */

    for (i = 0; i < 4; i++) {
        one.fd = dial(client);
        one.len = 0;

        memset(hello, 0, sizeof(hello));
        hello[0] = CR_PROTOCOL_VERSION + (i == 0);

        if (i == 3) {
            send_run(&one, 1, "python", "print(1)", 1000);

        } else {
            send_frame(&one, CR_MSG_HELLO, 0, 0, hello, lengths[i]);
        }

        assert_closed(&one);
    }
}


static void
test_supervisor_garbage(void **state)
{
    unsigned  i;

    static const uint8_t  types[] = {
        0, CR_MSG_HELLO, CR_MSG_WELCOME, CR_MSG_RESULT, CR_MSG_JOB, 255
    };

    (void) state;
    need();

    for (i = 0; i < sizeof(types); i++) {
        greet(&one);
        send_frame(&one, types[i], 1, 0, NULL, 0);
        assert_closed(&one);
    }

    /* A header that can be none: too long, or bytes that must be zero. */

    memset(code, 0, CR_FRAME_HEADER);
    code[2] = (char) 0xff;
    greet(&one);
    send_bytes(&one, code, CR_FRAME_HEADER);
    assert_closed(&one);

    memset(code, 0xa5, 4096);
    greet(&one);
    send_bytes(&one, code, 4096);
    assert_closed(&one);

    greet(&one);
    send_frame(&one, CR_MSG_RUN, 1, 0, "short", 5);
    assert_closed(&one);

    greet(&one);
    send_frame(&one, CR_MSG_STOP, 1, 0, "long", 4);
    assert_closed(&one);
}


/* A frame may come a byte at a time; what never becomes whole is no harm. */

static void
test_supervisor_halves(void **state)
{
    size_t         i;
    cr_frame_t     frame;
    unsigned char  buf[2 * CR_FRAME_HEADER];

    (void) state;
    need();

    greet(&one);

    memset(&frame, 0, sizeof(frame));
    frame.type = CR_MSG_STATUS;
    frame.job = 5;
    cr_frame_encode(buf, &frame);

    frame.type = CR_MSG_RUN;
    frame.length = 1000;
    cr_frame_encode(buf + CR_FRAME_HEADER, &frame);

    for (i = 0; i < sizeof(buf); i++) {
        send_bytes(&one, buf + i, 1);
    }

    assert_int_equal(receive(&one, &frame, outcome.payload, PATIENCE), 1);
    assert_int_equal(frame.type, CR_MSG_STATUS);
    assert_int_equal(frame.job, 5);
}


static void
test_supervisor_job_numbers(void **state)
{
    (void) state;
    need();

    greet(&one);
    send_run(&one, 0, "python", "print(1)", 1000);
    assert_closed(&one);

    greet(&one);
    send_run(&one, 9, "python", "input()", 1000);
    send_run(&one, 9, "python", "input()", 1000);
    assert_closed(&one);

    /* One that has ended may be used again; one that never was is late. */

    greet(&one);
    send_frame(&one, CR_MSG_STOP, 12345, 0, NULL, 0);
    send_run(&one, 9, "python", "print(1)", 1000);
    wait_result(&one, 9);
    send_run(&one, 9, "python", "print(22)", 1000);
    wait_result(&one, 9);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.output, 3);
}


static void
test_supervisor_refused(void **state)
{
    (void) state;
    need();

    greet(&one);
    send_run(&one, 1, "no-such", "print(1)", 1000);
    wait_result(&one, 1);
    assert_int_equal(outcome.result.end, CR_END_REFUSED);
    assert_true(outcome.result.reason.len > 0);

    send_run(&one, 2, "", "print(1)", 1000);
    wait_result(&one, 2);
    assert_int_equal(outcome.result.end, CR_END_REFUSED);
}


static void
test_supervisor_stop_before_start(void **state)
{
    cr_frame_t  frame;

    (void) state;
    need();

    greet(&one);
    send_run(&one, 1, "python", "while True: pass", 1000);
    send_frame(&one, CR_MSG_STOP, 1, 0, NULL, 0);
    send_frame(&one, CR_MSG_STOP, 1, 0, NULL, 0);
    wait_result(&one, 1);
    assert_int_equal(outcome.result.end, CR_END_STOPPED);

    /* Nothing follows it: no second RESULT, no output. */

    send_frame(&one, CR_MSG_STATUS, 8, 0, NULL, 0);
    assert_int_equal(receive(&one, &frame, outcome.payload, PATIENCE), 1);
    assert_int_equal(frame.type, CR_MSG_STATUS);
}


static void
test_supervisor_stdin_over_credit(void **state)
{
    (void) state;
    need();

    memset(code, 'x', CR_STDIN_CREDIT + 1);

    greet(&one);
    send_run(&one, 1, "python", "while True: pass", 1000);
    send_frame(&one, CR_MSG_STDIN, 1, 0, code, CR_STDIN_CREDIT + 1);
    assert_closed(&one);

    /* After the end of the input there is none. */

    greet(&one);
    send_run(&one, 1, "python", "while True: pass", 1000);
    send_frame(&one, CR_MSG_STDIN, 1, CR_FLAG_EOF, code, 1);
    send_frame(&one, CR_MSG_STDIN, 1, 0, code, 1);
    assert_closed(&one);
}


static void
wait_started(worker_t *worker)
{
    cr_frame_t  frame;

    do {
        assert_int_equal(receive(worker, &frame, outcome.payload, PATIENCE),
                         1);
    } while (frame.type != CR_MSG_STARTED);
}


static void
test_supervisor_credit(void **state)
{
    cr_frame_t  frame;

    (void) state;
    need();

    greet(&one);

    /* What prints nothing needs none. */

    send_run(&one, 1, "python", "x = 1", 0);
    wait_result(&one, 1);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);

    /* Not a byte before there is credit; then so many; then the rest. */

    send_run(&one, 2, "python", "print('x' * 99)", 0);
    wait_started(&one);

    assert_int_equal(receive(&one, &frame, outcome.payload, 300), -1);
    send_u32(&one, CR_MSG_CREDIT, 2, 40);
    assert_int_equal(receive(&one, &frame, outcome.payload, PATIENCE), 1);
    assert_int_equal(frame.type, CR_MSG_OUTPUT);
    assert_int_equal(frame.length, 40);

    send_u32(&one, CR_MSG_CREDIT, 2, 1000);
    wait_result(&one, 2);
    assert_int_equal(outcome.output, 60);
    assert_int_equal(outcome.result.flags, 0);

    /* Who stops a job gives it no more: it is answered all the same. */

    send_run(&one, 3, "python", "while True: print('y' * 1000)", 0);
    wait_started(&one);
    send_frame(&one, CR_MSG_STOP, 3, 0, NULL, 0);
    wait_result(&one, 3);
    assert_int_equal(outcome.result.end, CR_END_STOPPED);
    assert_int_equal(outcome.output, 0);
}


/* A connection reaches its own jobs alone, whatever number it names. */

static void
test_supervisor_strangers(void **state)
{
    (void) state;
    need();

    greet(&one);
    greet(&two);

    send_run(&one, 4, "python", "print(len(input()))", 1000);
    send_run(&two, 5, "python", "print(input())", 1000);

    send_frame(&two, CR_MSG_STDIN, 4, CR_FLAG_EOF, "no\n", 3);
    send_frame(&two, CR_MSG_STOP, 4, 0, NULL, 0);
    send_frame(&two, CR_MSG_STDIN, 5, CR_FLAG_EOF, "a\n", 2);
    wait_result(&two, 5);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);

    send_frame(&one, CR_MSG_STDIN, 4, CR_FLAG_EOF, "twelve chars\n", 13);
    wait_result(&one, 4);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.output, 3);
}


static void
test_supervisor_closed_mid_job(void **state)
{
    unsigned  i;

    (void) state;
    need();

    greet(&two);

    for (i = 0; i < 3; i++) {
        greet(&one);

        send_run(&one, 1, "python", "while True: pass", 1000);
        send_run(&one, 2, "python", "while True: print('z' * 100)", 500);
        send_run(&one, 3, "python", "print('z' * 100)", 0);
        send_run(&one, 4, "python", "input()", 0);

        /* Once at once; then when they run, or wait for credit. */

        if (i) {
            send_run(&one, 5, "python", "print(1)", 1000);
            wait_result(&one, 5);
        }

        close(one.fd);
        one.fd = -1;
        wait_idle(&two);
    }
}


static void
test_supervisor_programs(void **state)
{
    (void) state;
    need();

    greet(&one);

    memset(code, '#', CR_CODE_MAX);
    strcpy(code + CR_CODE_MAX - 10, "\nprint(1)");
    send_run(&one, 1, "python", code, 1000);
    wait_result(&one, 1);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.output, 2);

    memset(code, '#', CR_PROGRAM_PART + 1);
    code[CR_PROGRAM_PART + 1] = '\0';
    send_run(&one, 2, "python", code, 1000);
    assert_closed(&one);
}


/* A megabyte of input, as far as credit goes at a time. */

static void
test_supervisor_input(void **state)
{
    size_t        sent, n;
    uint64_t      credit;
    cr_get_t      get;
    cr_frame_t    frame;

    const size_t  all = 1 << 20;

    (void) state;
    need();

    greet(&one);
    memset(code, 'q', CR_FRAME_DATA_MAX);
    send_run(&one, 1, "python", "print(len(input()))", 1000);

    credit = CR_STDIN_CREDIT;

    for (sent = 0; sent < all; sent += n) {

        while (credit == 0) {
            assert_int_equal(receive(&one, &frame, outcome.payload, PATIENCE),
                             1);
            assert_int_not_equal(frame.type, CR_MSG_RESULT);

            if (frame.type == CR_MSG_CREDIT) {
                cr_get_init(&get, outcome.payload, frame.length);
                credit += cr_get_u32(&get);
            }
        }

        n = credit < CR_FRAME_DATA_MAX ? credit : CR_FRAME_DATA_MAX;
        n = n < all - sent ? n : all - sent;
        send_frame(&one, CR_MSG_STDIN, 1, sent + n == all ? CR_FLAG_EOF : 0,
                   code, n);
        credit -= n;
    }

    wait_result(&one, 1);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.output, sizeof("1048576\n") - 1);
}


static void
test_supervisor_peer(void **state)
{
    (void) state;
    need();

    one.fd = dial(client + 54321);
    one.len = 0;
    send_u32(&one, CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
    assert_closed(&one);
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(test_supervisor_first_frame),
        TEST(test_supervisor_garbage),
        TEST(test_supervisor_halves),
        TEST(test_supervisor_job_numbers),
        TEST(test_supervisor_refused),
        TEST(test_supervisor_stop_before_start),
        TEST(test_supervisor_stdin_over_credit),
        TEST(test_supervisor_credit),
        TEST(test_supervisor_strangers),
        TEST(test_supervisor_closed_mid_job),
        TEST(test_supervisor_programs),
        TEST(test_supervisor_input),
        TEST(test_supervisor_peer),
    };

    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
