
/*
 * Turns: whose job is next, that a user with many jobs holds up nobody, and
 * that every job that waits has its turn, in whatever order all comes.
 */

/* link: sandbox_helper/cr_turns.c */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cr_supervisor.h"


#define SLOTS  8
#define JOBS   400


cr_supervisor_t  cr_super;

static cr_runner_t  runner;
static cr_slot_t    slots[SLOTS];
static cr_job_t     jobs[JOBS];

/* What was run, in order. */

static cr_job_t    *ran[JOBS];
static unsigned     nran;


/* What a slot does with a job is not looked at here. */

void
cr_slot_run(cr_slot_t *slot, cr_job_t *job)
{
    assert_null(job->slot);
    assert_null(job->next);
    assert_true(nran < JOBS);

    job->slot = slot;
    slot->job = job;
    slot->free = NULL;
    slot->runner->running++;

    ran[nran++] = job;
}


/* That jobs wait for cells: what a runner does for it is not looked at here. */

static unsigned     nfills;

void
cr_runner_fill(cr_runner_t *r)
{
    assert_ptr_equal(r, &runner);

    nfills++;
}


/* A refused job is freed; here it is only counted. */

static unsigned     nrefused;

void
cr_client_refuse(cr_job_t *job, const char *reason)
{
    assert_null(job->slot);
    assert_null(job->next);
    assert_string_equal(reason, "why");

    nrefused++;
}


static int
setup(void **state)
{
    unsigned  i;

    (void) state;

    memset(&runner, 0, sizeof(runner));
    memset(&cr_super, 0, sizeof(cr_super));
    memset(slots, 0, sizeof(slots));
    memset(jobs, 0, sizeof(jobs));
    nran = 0;
    nrefused = 0;
    nfills = 0;

    runner.slots = slots;
    runner.nslots = SLOTS;

    for (i = 0; i < SLOTS; i++) {
        slots[i].runner = &runner;
    }

    return 0;
}


static void
park(cr_slot_t *slot)
{
    slot->free = runner.parked;
    runner.parked = slot;
    runner.nparked++;
}


static void
park_all(void)
{
    unsigned  i;

    for (i = 0; i < SLOTS; i++) {
        park(&slots[i]);
    }
}


static void
add(unsigned n, uint64_t user)
{
    jobs[n].runner = &runner;
    jobs[n].number = n;

    assert_int_equal(cr_turns_user(&jobs[n], user), 0);
    cr_turns_add(&jobs[n]);
}


/* As the supervisor does it: the job's end, then its slot is parked anew. */

static void
done(cr_job_t *job)
{
    cr_slot_t  *slot;

    slot = job->slot;
    job->slot = NULL;
    slot->job = NULL;
    runner.running--;

    cr_turns_done(job);
    park(slot);
}


static void
assert_empty(void)
{
    unsigned  i;

    assert_null(runner.turn);
    assert_int_equal(runner.waiting, 0);
    assert_int_equal(cr_super.waiting, 0);

    for (i = 0; i < CR_HASH_BUCKETS; i++) {
        assert_null(runner.users[i]);
    }
}


static void
test_turns_in_order(void **state)
{
    unsigned  i;

    (void) state;

    for (i = 0; i < 20; i++) {
        add(i, 7);
    }

    park(&slots[0]);

    for (i = 0; i < 20; i++) {
        cr_turns_run(&runner);
        assert_int_equal(nran, i + 1);
        assert_ptr_equal(ran[i], &jobs[i]);
        done(ran[i]);
    }

    assert_empty();
}


/* One user's hundred do not hold up another's first. */

static void
test_turns_between_users(void **state)
{
    unsigned  i, n;

    (void) state;

    for (i = 0; i < 100; i++) {
        add(i, 1);
    }

    add(100, 2);
    add(101, 2);
    add(102, 3);

    park(&slots[0]);

    for (n = 0; n < 5; n++) {
        cr_turns_run(&runner);
        assert_int_equal(nran, n + 1);
        done(ran[n]);
    }

    assert_ptr_equal(ran[0], &jobs[0]);
    assert_ptr_equal(ran[1], &jobs[100]);
    assert_ptr_equal(ran[2], &jobs[102]);
    assert_ptr_equal(ran[3], &jobs[1]);
    assert_ptr_equal(ran[4], &jobs[101]);

    for (i = 2; i < 100; i++) {
        cr_turns_remove(&jobs[i]);
    }

    assert_empty();
}


/* A user who runs many leaves a slot: another's first job waits for none. */

static void
test_turns_leave_room(void **state)
{
    unsigned  i, n;

    (void) state;

    for (i = 0; i < 100; i++) {
        add(i, 1);
    }

    park_all();
    cr_turns_run(&runner);

    assert_true(nran < SLOTS);
    assert_true(nran >= SLOTS / 2);

    i = nran;
    add(200, 2);
    cr_turns_run(&runner);

    assert_int_equal(nran, i + 1);
    assert_ptr_equal(ran[i], &jobs[200]);

    for (n = 0; n < nran; n++) {
        done(ran[n]);
    }

    while (runner.waiting) {
        cr_turns_remove(runner.turn->last);
    }

    assert_empty();
}


/* With one slot alone nobody is asked to leave room. */

static void
test_turns_one_slot(void **state)
{
    unsigned  i;

    (void) state;

    runner.nslots = 1;
    park(&slots[0]);

    add(0, 1);
    add(1, 1);
    add(2, 2);

    for (i = 0; i < 3; i++) {
        cr_turns_run(&runner);
        assert_int_equal(nran, i + 1);
        done(ran[i]);
    }

    assert_empty();
}


static void
test_turns_remove(void **state)
{
    (void) state;

    /* The first, one in the middle, the last, and then the only one. */

    add(0, 1);
    add(1, 1);
    add(2, 1);
    add(3, 1);

    cr_turns_remove(&jobs[0]);
    cr_turns_remove(&jobs[2]);
    cr_turns_remove(&jobs[3]);

    add(4, 1);
    park_all();
    cr_turns_run(&runner);

    assert_int_equal(nran, 2);
    assert_ptr_equal(ran[0], &jobs[1]);
    assert_ptr_equal(ran[1], &jobs[4]);

    add(5, 2);
    cr_turns_remove(&jobs[5]);

    done(&jobs[1]);
    done(&jobs[4]);

    assert_empty();
}


/* The next key after this one that falls into its bucket. */

static uint64_t
next_to(uint64_t key)
{
    uint64_t  other;

    for (other = key + 1; cr_hash(other) != cr_hash(key); other++) {
        /* void */
    }

    return other;
}


/* Users whose keys meet in a bucket stay apart. */

static void
test_turns_collision(void **state)
{
    (void) state;

    add(0, 5);
    add(1, next_to(5));
    add(2, next_to(next_to(5)));

    assert_ptr_not_equal(jobs[0].user, jobs[1].user);
    assert_ptr_not_equal(jobs[1].user, jobs[2].user);

    cr_turns_remove(&jobs[1]);
    add(3, 5);

    assert_ptr_equal(jobs[0].user, jobs[3].user);

    cr_turns_remove(&jobs[0]);
    cr_turns_remove(&jobs[2]);
    cr_turns_remove(&jobs[3]);

    assert_empty();
}


static void
test_turns_leaving(void **state)
{
    (void) state;

    add(0, 1);
    park_all();

    cr_super.leaving = 1;
    cr_turns_run(&runner);
    assert_int_equal(nran, 0);

    cr_turns_remove(&jobs[0]);
    assert_empty();
}


static uint64_t
rnd(void)
{
    static uint64_t  x = 0x2545f4914f6cdd1dULL;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;

    return x;
}


/*
 * At random, many times: nothing is lost, nothing is run twice, no slot is
 * idle while a job could run, and each user's jobs go in their order.
 */

static void
test_turns_random(void **state)
{
    unsigned        i, n, round, waits[JOBS], last[8];
    const uint64_t  users = 5;

    (void) state;

    for (round = 0; round < 200; round++) {
        setup(NULL);
        park_all();
        memset(waits, 0, sizeof(waits));
        memset(last, 0, sizeof(last));

        for (n = 0, i = 0; n < JOBS - 1 || runner.waiting || runner.running; ) {

            switch (rnd() % 4) {

            case 0:
            case 1:
                if (n < JOBS - 1) {
                    add(++n, rnd() % users);
                    waits[n] = 1;
                }

                break;

            case 2:
                i = rnd() % JOBS;

                if (waits[i] && jobs[i].slot == NULL && rnd() % 4 == 0) {
                    cr_turns_remove(&jobs[i]);
                    waits[i] = 0;
                }

                break;

            default:
                i = rnd() % SLOTS;

                if (slots[i].job) {
                    done(slots[i].job);
                }
            }

            i = nran;
            cr_turns_run(&runner);

            for ( ; i < nran; i++) {
                assert_int_equal(waits[ran[i]->number], 1);
                assert_true(ran[i]->number > last[ran[i]->user->key]);
                last[ran[i]->user->key] = ran[i]->number;
                waits[ran[i]->number] = 0;
            }

            /* Whoever runs nothing has a job run at once, if a slot is free. */

            if (runner.turn && runner.parked) {
                assert_true(runner.turn->running > 0);
                assert_true(runner.running > 0);
            }
        }

        assert_int_equal(runner.nparked, SLOTS);
        assert_empty();
    }
}


/* All that wait, of every user; not those that run. */

static void
test_turns_refuse(void **state)
{
    (void) state;

    park(&slots[0]);

    add(0, 1);
    add(1, 1);
    add(2, 2);
    add(3, 3);

    cr_turns_run(&runner);
    assert_int_equal(nran, 1);

    cr_turns_refuse(&runner, "why");

    assert_int_equal(nrefused, 3);
    assert_null(runner.turn);
    assert_int_equal(runner.waiting, 0);
    assert_int_equal(cr_super.waiting, 0);

    done(ran[0]);
    assert_empty();
}


/* Cells are asked for when there is none for a job, or one fewer waits. */

static void
test_turns_ask_for_cells(void **state)
{
    (void) state;

    cr_turns_run(&runner);
    assert_int_equal(nfills, 0);

    add(0, 1);
    cr_turns_run(&runner);
    assert_int_equal(nran, 0);
    assert_int_equal(nfills, 1);

    park(&slots[0]);
    park(&slots[1]);
    cr_turns_run(&runner);
    assert_int_equal(nran, 1);
    assert_int_equal(nfills, 2);

    cr_turns_run(&runner);
    assert_int_equal(nfills, 2);

    done(&jobs[0]);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_turns_in_order, setup),
        cmocka_unit_test_setup(test_turns_between_users, setup),
        cmocka_unit_test_setup(test_turns_leave_room, setup),
        cmocka_unit_test_setup(test_turns_one_slot, setup),
        cmocka_unit_test_setup(test_turns_remove, setup),
        cmocka_unit_test_setup(test_turns_collision, setup),
        cmocka_unit_test_setup(test_turns_leaving, setup),
        cmocka_unit_test_setup(test_turns_refuse, setup),
        cmocka_unit_test_setup(test_turns_ask_for_cells, setup),
        cmocka_unit_test_setup(test_turns_random, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
