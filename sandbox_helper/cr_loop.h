
/*
 * The supervisor's event loop: descriptors by epoll, timers by a heap.  One
 * thread, one loop.
 */


#ifndef _CR_LOOP_H_INCLUDED_
#define _CR_LOOP_H_INCLUDED_


#include <stdint.h>
#include <sys/epoll.h>


/*
 * A descriptor that is watched.  It lives in its owner's struct; an owner that
 * goes is given to cr_loop_free(), for an event of the same round may still
 * name it (it is skipped: fd is -1 by then).
 */

typedef struct cr_event_s  cr_event_t;

struct cr_event_s {
    int          fd;         /* -1: not open */
    uint32_t     events;     /* EPOLLIN, EPOLLOUT; 0: not watched */
    void       (*handler)(cr_event_t *ev, uint32_t events);
    void        *data;       /* the owner */
};


/* A timer that goes off once. */

typedef struct cr_timer_s  cr_timer_t;

struct cr_timer_s {
    uint64_t     at;         /* microseconds of cr_now() */
    unsigned     index;      /* place in the heap, from 1; 0: not set */
    void       (*handler)(cr_timer_t *timer);
    void        *data;
};


/* 0, or -1 with errno. */
int cr_loop_init(void);

/* Waits for what comes next and handles it. */
void cr_loop_round(void);

/* Frees memory that holds events once this round is over. */
void cr_loop_free(void *data);

/* CLOCK_MONOTONIC in microseconds, read at each call. */
uint64_t cr_now(void);

/* Watches ev->fd for events, or no more with 0.  Errors end the process:
 * memory for epoll is all that can be missing. */
void cr_event_watch(cr_event_t *ev, uint32_t events);

/* Stops watching and closes; nothing when it is not open. */
void cr_event_close(cr_event_t *ev);

/* Sets the timer, anew if it was set, to go off in us microseconds. */
void cr_timer_set(cr_timer_t *timer, uint64_t us);
void cr_timer_clear(cr_timer_t *timer);


#endif /* _CR_LOOP_H_INCLUDED_ */
