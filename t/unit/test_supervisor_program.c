
/*
 * Programs that come in parts, as a hostile worker sends them: none runs
 * before it is whole, none is longer than was said, and what is kept of those
 * that never become whole is counted, and given back.  Skipped as
 * test_supervisor.c is.
 */


#include "supervisor_worker.h"


#define MANY  20000      /* more than may ever wait */


static void
send_part(worker_t *worker, uint32_t job, size_t from, size_t len)
{
    send_frame(worker, CR_MSG_PROGRAM, job, 0, packed + from, len);
}


static void
stop(worker_t *worker, uint32_t job)
{
    send_frame(worker, CR_MSG_STOP, job, 0, NULL, 0);
    wait_result(worker, job);
    assert_int_equal(outcome.result.end, CR_END_STOPPED);
}


static void
test_program_parts(void **state)
{
    size_t    i, len;

    (void) state;
    need();

    greet(&one);

    /* Byte after byte, the first of them in no RUN. */

    len = pack_program("print(len(input()))");
    send_run_part(&one, 1, "python", 1000, 0, len);

    for (i = 0; i < len; i++) {
        send_part(&one, 1, i, 1);

        if (i == 3) {
            send_frame(&one, CR_MSG_STDIN, 1, CR_FLAG_EOF, "1234567\n", 8);
        }
    }

    wait_result(&one, 1);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.output, 2);

    /* Two at a time, as much as a frame takes. */

    memset(code, '#', CR_CODE_MAX);
    strcpy(code + CR_CODE_MAX - 10, "\nprint(1)");
    len = pack_program(code);

    send_run_part(&one, 2, "python", 1000, 100, len);
    send_run_part(&one, 3, "python", 1000, len - 100, len);
    send_part(&one, 2, 100, len - 100);
    wait_result(&one, 2);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.output, 2);

    send_part(&one, 3, len - 100, 100);
    wait_result(&one, 3);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.output, 2);
}


static void
test_program_incomplete(void **state)
{
    size_t      len;
    cr_frame_t  frame;

    (void) state;
    need();

    greet(&one);
    len = pack_program("print(1)");

    /* It waits for nothing but its program: it can be stopped all the same. */

    send_run_part(&one, 1, "python", 1000, len - 1, len);
    assert_int_equal(receive(&one, &frame, outcome.payload, 300), -1);
    stop(&one, 1);

    /* The rest of it comes late; the number is free. */

    send_part(&one, 1, len - 1, 1);
    send_run(&one, 1, "python", "print(22)", 1000);
    wait_result(&one, 1);
    assert_int_equal(outcome.result.end, CR_END_CLAIM);
    assert_int_equal(outcome.output, 3);

    /* One that was refused at once. */

    len = pack_program("print(1)");
    send_run_part(&one, 2, "no-such", 1000, 1, len);
    send_part(&one, 2, 1, len - 1);
    wait_result(&one, 2);
    assert_int_equal(outcome.result.end, CR_END_REFUSED);

    /* The worker goes in the middle. */

    send_run_part(&one, 3, "python", 1000, 1, len);
    close(one.fd);
    one.fd = -1;
}


static void
test_program_wrong(void **state)
{
    unsigned  i;
    size_t    len;

    (void) state;
    need();

    len = pack_program("input()");

    for (i = 0; i < 6; i++) {
        greet(&one);

        switch (i) {

        case 0:         /* more than was said, in parts */
            send_run_part(&one, 1, "python", 1000, len - 4, len);
            send_part(&one, 1, 0, 5);
            break;

        case 1:         /* and at once */
            send_run_part(&one, 1, "python", 1000, len, len - 1);
            break;

        case 2:         /* of a job that has it all, and waits or runs */
            send_run_part(&one, 1, "python", 1000, len, len);
            send_part(&one, 1, 0, 1);
            break;

        case 3:         /* nothing */
            send_run_part(&one, 1, "python", 1000, len - 1, len);
            send_part(&one, 1, 0, 0);
            break;

        case 4:         /* longer than any program */
            send_run_part(&one, 1, "python", 1000, len, CR_PROGRAM_MAX + 1);
            break;

        case 5:         /* a part longer than any */
            send_run_part(&one, 1, "python", 1000, 0, CR_PROGRAM_MAX);
            send_part(&one, 1, 0, CR_PROGRAM_PART + 1);
            break;
        }

        assert_closed(&one);
    }
}


/* How many programs of this size are taken; the first that is not is told. */

static unsigned
taken(worker_t *worker, size_t size)
{
    uint32_t    n;
    cr_frame_t  frame;

    for (n = 1; n < MANY; n++) {
        send_run_part(worker, n, "python", 1000, 0, size);

        if (n % 64 && size < CR_PROGRAM_MAX) {
            continue;
        }

        send_frame(worker, CR_MSG_STATUS, 0, 0, NULL, 0);
        assert_int_equal(receive(worker, &frame, outcome.payload, PATIENCE),
                         1);

        if (frame.type == CR_MSG_RESULT) {
            return frame.job - 1;
        }

        assert_int_equal(frame.type, CR_MSG_STATUS);
    }

    fail_msg("as many as one likes");

    return 0;
}


/* What is promised counts, not what has come; and it is given back. */

static void
test_program_bounds(void **state)
{
    unsigned  bytes, jobs;

    (void) state;
    need();

    greet(&one);
    bytes = taken(&one, CR_PROGRAM_MAX);
    assert_in_range(bytes, 1, 32);

    stop(&one, 1);
    send_run_part(&one, 1, "python", 1000, 0, CR_PROGRAM_MAX);
    send_run_part(&one, 1000, "python", 1000, 0, 1 << 20);
    wait_result(&one, 1000);
    assert_int_equal(outcome.result.end, CR_END_REFUSED);

    close(one.fd);
    greet(&one);
    assert_int_equal(taken(&one, CR_PROGRAM_MAX), bytes);

    close(one.fd);
    greet(&one);
    jobs = taken(&one, 1);
    assert_in_range(jobs, 64, MANY);

    close(one.fd);
    greet(&one);
    assert_int_equal(taken(&one, 1), jobs);
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(test_program_parts),
        TEST(test_program_incomplete),
        TEST(test_program_wrong),
        TEST(test_program_bounds),
    };

    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
