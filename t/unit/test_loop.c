
/*
 * The event loop: timers in the order of their times, however they are set
 * and cleared; descriptors; and events that are out of date when their turn
 * comes.
 */


#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cr_loop.h"


#define TIMERS  500


static cr_timer_t  timers[TIMERS];
static unsigned    fired;
static uint64_t    last;


static uint64_t
rnd(void)
{
    static uint64_t  x = 0x9e3779b97f4a7c15ULL;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;

    return x;
}


static void
note(cr_timer_t *timer)
{
    assert_int_equal(timer->index, 0);
    assert_true(timer->at <= cr_now());
    assert_true(timer->at >= last);

    last = timer->at;
    fired++;
}


static void
test_loop_timers(void **state)
{
    unsigned  i, set;

    (void) state;

    fired = 0;
    last = 0;

    for (i = 0; i < TIMERS; i++) {
        timers[i].handler = note;
        cr_timer_set(&timers[i], rnd() % 20000);
    }

    /* Some are set anew, sooner or later; some cleared, some of them twice. */

    for (i = 0; i < 5 * TIMERS; i++) {

        if (rnd() % 2) {
            cr_timer_set(&timers[rnd() % TIMERS], rnd() % 20000);

        } else {
            cr_timer_clear(&timers[rnd() % TIMERS]);
        }
    }

    for (i = set = 0; i < TIMERS; i++) {
        set += timers[i].index != 0;
    }

    assert_true(set > 0 && set < TIMERS);

    while (fired < set) {
        cr_loop_round();
    }

    for (i = 0; i < TIMERS; i++) {
        assert_int_equal(timers[i].index, 0);
    }
}


static void
again(cr_timer_t *timer)
{
    if (++fired < 100) {
        cr_timer_set(timer, 0);
    }
}


static void
test_loop_timer_again(void **state)
{
    cr_timer_t  timer;

    (void) state;

    fired = 0;
    memset(&timer, 0, sizeof(timer));
    timer.handler = again;

    cr_timer_set(&timer, 0);

    while (fired < 100) {
        cr_loop_round();
    }

    assert_int_equal(timer.index, 0);
}


static void
clear_all(cr_timer_t *timer)
{
    unsigned  i;

    (void) timer;

    for (i = 0; i < TIMERS; i++) {
        cr_timer_clear(&timers[i]);
    }

    fired++;
}


/* All are due; the first takes the others back, and none of them goes off. */

static void
test_loop_timer_clears(void **state)
{
    unsigned  i;

    (void) state;

    fired = 0;

    for (i = 0; i < TIMERS; i++) {
        timers[i].handler = clear_all;
        cr_timer_set(&timers[i], 0);
    }

    do {
        cr_loop_round();
    } while (fired == 0);

    assert_int_equal(fired, 1);
}


/* A timer that is months away neither goes off nor keeps others from it. */

static void
test_loop_timer_far(void **state)
{
    cr_timer_t  far, near;

    (void) state;

    memset(&far, 0, sizeof(far));
    memset(&near, 0, sizeof(near));
    fired = 0;
    last = 0;
    far.handler = near.handler = note;

    cr_timer_set(&far, 365ull * 86400 * 1000000);
    cr_timer_set(&near, 1000);

    while (fired == 0) {
        cr_loop_round();
    }

    assert_int_equal(near.index, 0);
    assert_int_not_equal(far.index, 0);

    cr_timer_clear(&far);
}


static cr_event_t  one, two;
static unsigned    handled;


static void
open_pipe(cr_event_t *ev, void (*handler)(cr_event_t *ev, uint32_t events))
{
    int  fds[2];

    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "x", 1), 1);
    close(fds[1]);

    memset(ev, 0, sizeof(cr_event_t));
    ev->fd = fds[0];
    ev->handler = handler;
    cr_event_watch(ev, EPOLLIN);
}


static void
close_both(cr_event_t *ev, uint32_t events)
{
    (void) ev;

    assert_true(events & EPOLLIN);

    cr_event_close(&one);
    cr_event_close(&two);
    handled++;
}


/* Both are ready in a round; who is first closes the other. */

static void
test_loop_event_closed(void **state)
{
    (void) state;

    handled = 0;
    open_pipe(&one, close_both);
    open_pipe(&two, close_both);

    cr_loop_round();

    assert_int_equal(handled, 1);
    assert_int_equal(one.fd, -1);
    assert_int_equal(two.fd, -1);

    cr_event_close(&one);
}


static void
unwatch_both(cr_event_t *ev, uint32_t events)
{
    (void) ev;
    (void) events;

    cr_event_watch(&one, 0);
    cr_event_watch(&two, 0);
    handled++;
}


static void
test_loop_event_unwatched(void **state)
{
    cr_timer_t  timer;

    (void) state;

    handled = fired = 0;
    last = 0;
    open_pipe(&one, unwatch_both);
    open_pipe(&two, unwatch_both);

    cr_loop_round();
    assert_int_equal(handled, 1);

    memset(&timer, 0, sizeof(timer));
    timer.handler = note;
    cr_timer_set(&timer, 2000);

    while (fired == 0) {
        cr_loop_round();
    }

    assert_int_equal(handled, 1);

    cr_event_watch(&one, EPOLLIN);
    cr_loop_round();
    assert_int_equal(handled, 2);

    cr_event_close(&one);
    cr_event_close(&two);
}


/* Another process's copy of a descriptor must not keep it watched. */

static void
test_loop_event_copied(void **state)
{
    int         copy;
    cr_timer_t  timer;

    (void) state;

    handled = fired = 0;
    last = 0;
    open_pipe(&one, close_both);
    memset(&two, 0, sizeof(two));
    two.fd = -1;

    copy = dup(one.fd);
    cr_event_close(&one);

    memset(&timer, 0, sizeof(timer));
    timer.handler = note;
    cr_timer_set(&timer, 2000);

    while (fired == 0) {
        cr_loop_round();
    }

    assert_int_equal(handled, 0);
    close(copy);
}


typedef struct {
    cr_event_t  ev;
    char        filler[64];
} owner_t;

static owner_t  *owners[2];


static void
free_both(cr_event_t *ev, uint32_t events)
{
    unsigned  i;

    (void) ev;
    (void) events;

    for (i = 0; i < 2; i++) {
        cr_event_close(&owners[i]->ev);
        cr_loop_free(owners[i]);
    }

    handled++;
}


/* The owner of an event goes while the event still waits for its turn. */

static void
test_loop_owner_freed(void **state)
{
    unsigned  i;

    (void) state;

    handled = 0;

    for (i = 0; i < 2; i++) {
        owners[i] = malloc(sizeof(owner_t));
        assert_non_null(owners[i]);
        open_pipe(&owners[i]->ev, free_both);
    }

    cr_loop_round();

    assert_int_equal(handled, 1);
}


static int
group_setup(void **state)
{
    (void) state;

    return cr_loop_init();
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_loop_timers),
        cmocka_unit_test(test_loop_timer_again),
        cmocka_unit_test(test_loop_timer_clears),
        cmocka_unit_test(test_loop_timer_far),
        cmocka_unit_test(test_loop_event_closed),
        cmocka_unit_test(test_loop_event_unwatched),
        cmocka_unit_test(test_loop_event_copied),
        cmocka_unit_test(test_loop_owner_freed),
    };

    return cmocka_run_group_tests(tests, group_setup, NULL);
}
