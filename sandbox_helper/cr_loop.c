
#define _GNU_SOURCE

#include "cr_loop.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>


#define CR_LOOP_EVENTS  64


static int           cr_loop_epoll = -1;

static cr_timer_t  **cr_heap;          /* from 1; the earliest comes first */
static unsigned      cr_heap_n;
static unsigned      cr_heap_size;

static void        **cr_loop_garbage;
static unsigned      cr_loop_garbage_n;
static unsigned      cr_loop_garbage_size;


int
cr_loop_init(void)
{
    cr_loop_epoll = epoll_create1(EPOLL_CLOEXEC);

    return cr_loop_epoll == -1 ? -1 : 0;
}


uint64_t
cr_now(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}


static void __attribute__((noreturn))
cr_loop_die(const char *what)
{
    fprintf(stderr, "coderemote-sandbox: %s: %s\n", what, strerror(errno));
    exit(1);
}


void
cr_event_watch(cr_event_t *ev, uint32_t events)
{
    int                 op;
    struct epoll_event  ee;

    if (events == ev->events || ev->fd == -1) {
        return;
    }

    op = ev->events == 0 ? EPOLL_CTL_ADD
         : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;

    ee.events = events;
    ee.data.ptr = ev;

    if (epoll_ctl(cr_loop_epoll, op, ev->fd, &ee) == -1) {
        cr_loop_die("epoll_ctl()");
    }

    ev->events = events;
}


void
cr_event_close(cr_event_t *ev)
{
    if (ev->fd == -1) {
        return;
    }

    /*
     * Closing alone would not do: another process may hold the same pipe end
     * or socket, and epoll watches the open file.
     */

    cr_event_watch(ev, 0);

    close(ev->fd);
    ev->fd = -1;
}


void
cr_loop_free(void *data)
{
    if (cr_loop_garbage_n == cr_loop_garbage_size) {
        cr_loop_garbage_size += 64;
        cr_loop_garbage = realloc(cr_loop_garbage,
                                  cr_loop_garbage_size * sizeof(void *));

        if (cr_loop_garbage == NULL) {
            cr_loop_die("realloc()");
        }
    }

    cr_loop_garbage[cr_loop_garbage_n++] = data;
}


static void
cr_heap_put(unsigned i, cr_timer_t *timer)
{
    cr_heap[i] = timer;
    timer->index = i;
}


static void
cr_heap_up(unsigned i, cr_timer_t *timer)
{
    while (i > 1 && cr_heap[i / 2]->at > timer->at) {
        cr_heap_put(i, cr_heap[i / 2]);
        i /= 2;
    }

    cr_heap_put(i, timer);
}


static void
cr_heap_down(unsigned i, cr_timer_t *timer)
{
    unsigned  child;

    for ( ;; ) {
        child = 2 * i;

        if (child > cr_heap_n) {
            break;
        }

        if (child < cr_heap_n && cr_heap[child + 1]->at < cr_heap[child]->at) {
            child++;
        }

        if (cr_heap[child]->at >= timer->at) {
            break;
        }

        cr_heap_put(i, cr_heap[child]);
        i = child;
    }

    cr_heap_put(i, timer);
}


void
cr_timer_set(cr_timer_t *timer, uint64_t us)
{
    cr_timer_clear(timer);

    if (cr_heap_n + 1 >= cr_heap_size) {
        cr_heap_size = cr_heap_size ? cr_heap_size * 2 : 64;
        cr_heap = realloc(cr_heap, cr_heap_size * sizeof(cr_timer_t *));

        if (cr_heap == NULL) {
            cr_loop_die("realloc()");
        }
    }

    timer->at = cr_now() + us;
    cr_heap_up(++cr_heap_n, timer);
}


void
cr_timer_clear(cr_timer_t *timer)
{
    unsigned     i;
    cr_timer_t  *last;

    i = timer->index;

    if (i == 0) {
        return;
    }

    timer->index = 0;
    last = cr_heap[cr_heap_n--];

    if (last == timer) {
        return;
    }

    if (i > 1 && cr_heap[i / 2]->at > last->at) {
        cr_heap_up(i, last);

    } else {
        cr_heap_down(i, last);
    }
}


static void
cr_timers_expire(void)
{
    uint64_t     now;
    cr_timer_t  *timer;

    if (cr_heap_n == 0) {
        return;
    }

    now = cr_now();

    while (cr_heap_n && cr_heap[1]->at <= now) {
        timer = cr_heap[1];
        cr_timer_clear(timer);
        timer->handler(timer);
    }
}


static int
cr_timers_wait(void)
{
    uint64_t  now, ms;

    if (cr_heap_n == 0) {
        return -1;
    }

    now = cr_now();

    if (cr_heap[1]->at <= now) {
        return 0;
    }

    ms = (cr_heap[1]->at - now + 999) / 1000;

    return ms < INT_MAX ? (int) ms : INT_MAX;
}


void
cr_loop_round(void)
{
    int                 i, n;
    cr_event_t         *ev;
    struct epoll_event  list[CR_LOOP_EVENTS];

    n = epoll_wait(cr_loop_epoll, list, CR_LOOP_EVENTS, cr_timers_wait());

    if (n == -1 && errno != EINTR) {
        cr_loop_die("epoll_wait()");
    }

    for (i = 0; i < n; i++) {
        ev = list[i].data.ptr;

        if (ev->fd != -1 && ev->events) {
            ev->handler(ev, list[i].events);
        }
    }

    cr_timers_expire();

    while (cr_loop_garbage_n) {
        free(cr_loop_garbage[--cr_loop_garbage_n]);
    }
}
