
/*
 * What a program writes to descriptors 1 and 2, on its way there.
 *
 * What a program printed must not be lost when it is killed, and a client
 * shall see a line when it was printed.  So whole lines go out at once, and
 * an unfinished one waits here, in static memory that a signal handler can
 * write out: no later than CR_OUT_DELAY_NS after it came, by a timer that is
 * armed at most once in that time however often a program prints.
 *
 * A runtime with threads calls this from one at a time, and holds its own lock
 * (Python's is the GIL) over write(2).  Then no two are ever in one buffer, at
 * the price that a program that nobody reads from stands still as a whole,
 * which is what backpressure means for a program with one thread anyway.
 * The one to share with is the timer's signal handler, by cr_out_t.busy.
 */

#define _GNU_SOURCE

#include "cr_zygote_output.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>


#define CR_OUT_SIZE       8192
#define CR_OUT_DELAY_NS   20000000

/* Of the real-time signals the one least likely to be a program's own. */
#define CR_OUT_TIMER_SIG  SIGRTMAX

/* A pipe that polls as writable takes this much without blocking. */
#define CR_OUT_PIPE_ROOM  4096


typedef enum {
    CR_OUT_IDLE = 0,
    CR_OUT_EDITING,     /* len and buf are being changed */
    CR_OUT_WRITING      /* the bytes are being written, in part perhaps */
} cr_out_busy_e;


typedef struct {
    int             fd;
    _Atomic int     busy;     /* cr_out_busy_e */
    _Atomic size_t  len;
    char           *buf;      /* CR_OUT_SIZE bytes */
} cr_out_t;


static char             cr_out_buf[2][CR_OUT_SIZE];

static cr_out_t         cr_out[2] = {
    { .fd = 1, .buf = cr_out_buf[0] },
    { .fd = 2, .buf = cr_out_buf[1] }
};

static int              cr_out_mute;

static timer_t          cr_out_timer;
static volatile int     cr_out_timer_state;  /* 1: exists, -1: cannot */
static _Atomic int      cr_out_timer_armed;


/* The lowest write: all n bytes, whatever the descriptor was made to be. */

static int
cr_out_write_all(int fd, const char *p, size_t n)
{
    ssize_t        w;
    struct pollfd  pfd;

    while (n) {
        w = write(fd, p, n);

        if (w >= 0) {
            p += w;
            n -= w;
            continue;
        }

        if (errno == EAGAIN) {
            pfd.fd = fd;
            pfd.events = POLLOUT;
            (void) poll(&pfd, 1, -1);
            continue;
        }

        /*
         * A program's own signal handler could print, into the very buffer
         * that is half written: it waits until the write is done.
         */

        if (errno != EINTR) {
            return -1;
        }
    }

    return 0;
}


static void
cr_out_lock(cr_out_t *out)
{
    int  idle;

    for ( ;; ) {
        idle = CR_OUT_IDLE;

        if (atomic_compare_exchange_weak(&out->busy, &idle, CR_OUT_EDITING)) {
            return;
        }

        /* The handler, in another thread; it does not block. */
        sched_yield();
    }
}


static void
cr_out_unlock(cr_out_t *out)
{
    atomic_store(&out->busy, CR_OUT_IDLE);
}


/* Writes out the buffer, then the n bytes at p; the lock is held. */

static int
cr_out_drain(cr_out_t *out, const char *p, size_t n)
{
    int     rc;
    size_t  len;

    len = atomic_load(&out->len);

    if (cr_out_mute) {
        atomic_store(&out->len, 0);
        return 0;
    }

    /* One write where it can be one: a reader sees lines, not their parts. */

    if (n && len && len + n <= CR_OUT_SIZE) {
        memcpy(out->buf + len, p, n);
        len += n;
        n = 0;
    }

    rc = 0;
    atomic_store(&out->busy, CR_OUT_WRITING);

    if (len) {
        rc = cr_out_write_all(out->fd, out->buf, len);
    }

    if (rc == 0 && n) {
        rc = cr_out_write_all(out->fd, p, n);
    }

    /* What could not be written is gone: it would fail again for ever. */

    atomic_store(&out->len, 0);
    atomic_store(&out->busy, CR_OUT_EDITING);

    return rc;
}


/*
 * The timer.  A handler that finds the buffer busy, or the pipe full, comes
 * again: it never waits, for it may stand on the thread that it waits for.
 */

static void
cr_out_timer_arm(void)
{
    struct itimerspec  its;

    if (cr_out_timer_state != 1 || atomic_exchange(&cr_out_timer_armed, 1)) {
        return;
    }

    memset(&its, 0, sizeof(its));
    its.it_value.tv_nsec = CR_OUT_DELAY_NS;

    if (timer_settime(cr_out_timer, 0, &its, NULL) == -1) {
        atomic_store(&cr_out_timer_armed, 0);
        cr_out_timer_state = 0;
    }
}


static int
cr_out_timer_write(cr_out_t *out)
{
    int            idle;
    size_t         len;
    ssize_t        n;
    struct pollfd  pfd;

    if (atomic_load(&out->len) == 0) {
        return 0;
    }

    idle = CR_OUT_IDLE;

    if (!atomic_compare_exchange_strong(&out->busy, &idle, CR_OUT_WRITING)) {
        return 1;
    }

    len = atomic_load(&out->len);

    pfd.fd = out->fd;
    pfd.events = POLLOUT;
    pfd.revents = 0;

    if (len && poll(&pfd, 1, 0) == 1 && (pfd.revents & POLLOUT)) {
        n = write(out->fd, out->buf,
                  len < CR_OUT_PIPE_ROOM ? len : CR_OUT_PIPE_ROOM);

        if (n > 0) {
            len -= n;
            memmove(out->buf, out->buf + n, len);
            atomic_store(&out->len, len);
        }

    } else if (pfd.revents & (POLLERR|POLLNVAL)) {
        len = 0;
    }

    cr_out_unlock(out);

    return len != 0;
}


static void
cr_out_timer_handler(int signo)
{
    int  again, err;

    (void) signo;

    err = errno;

    atomic_store(&cr_out_timer_armed, 0);

    again = cr_out_timer_write(&cr_out[0]);
    again |= cr_out_timer_write(&cr_out[1]);

    if (again) {
        cr_out_timer_arm();
    }

    errno = err;
}


/*
 * A timer of its own, not ITIMER_REAL, which is signal.alarm() and belongs to
 * programs.  It is made in the cell, for a fork inherits none.
 */

static int
cr_out_timer_want(void)
{
    struct sigevent   sev;
    struct sigaction  sa;

    if (cr_out_timer_state != 0) {
        return cr_out_timer_state;
    }

    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = cr_out_timer_handler;
    sa.sa_flags = SA_RESTART;
    sigfillset(&sa.sa_mask);

    memset(&sev, 0, sizeof(sev));
    sev.sigev_notify = SIGEV_SIGNAL;
    sev.sigev_signo = CR_OUT_TIMER_SIG;

    if (sigaction(CR_OUT_TIMER_SIG, &sa, NULL) == -1
        || timer_create(CLOCK_MONOTONIC, &sev, &cr_out_timer) == -1)
    {
        /* Without one unfinished lines go out at once: slower, not wrong. */
        cr_out_timer_state = -1;
        return -1;
    }

    cr_out_timer_state = 1;

    return 1;
}


int
cr_output_put(int fd, const char *p, size_t n)
{
    int           rc;
    size_t        len, head;
    const char   *nl;
    cr_out_t  *out;

    out = &cr_out[fd - 1];

    nl = memrchr(p, '\n', n);
    head = nl ? (size_t) (nl + 1 - p) : 0;

    cr_out_lock(out);

    rc = 0;
    len = atomic_load(&out->len);

    if (head == 0 && len + n > CR_OUT_SIZE) {
        head = n;
    }

    if (head) {
        rc = cr_out_drain(out, p, head);
        p += head;
        n -= head;

        if (n > CR_OUT_SIZE && rc == 0) {
            rc = cr_out_drain(out, p, n);
            n = 0;
        }

        len = 0;
    }

    if (n && rc == 0) {
        memcpy(out->buf + len, p, n);
        atomic_store(&out->len, len + n);

        if (!cr_out_mute && cr_out_timer_want() != 1) {
            rc = cr_out_drain(out, p, 0);
            n = 0;
        }
    }

    cr_out_unlock(out);

    if (n && rc == 0 && !cr_out_mute) {
        cr_out_timer_arm();
    }

    return rc;
}


int
cr_output_flush(int fd)
{
    int           rc;
    cr_out_t  *out;

    out = &cr_out[fd - 1];

    if (atomic_load(&out->len) == 0) {
        return 0;
    }

    cr_out_lock(out);
    rc = cr_out_drain(out, NULL, 0);
    cr_out_unlock(out);

    return rc;
}


void
cr_output_mute(int mute)
{
    cr_out_mute = mute;
    atomic_store(&cr_out[0].len, 0);
    atomic_store(&cr_out[1].len, 0);
}


void
cr_output_flush_all(void)
{
    (void) cr_output_flush(1);
    (void) cr_output_flush(2);
}


/*
 * The process ends when this returns, so nothing is locked or put back.
 * Bytes whose write this signal has interrupted are left alone: the print
 * that they belong to has not returned, so the program ended before it.
 */

void
cr_output_last_flush(void)
{
    int            i;
    size_t         len;
    struct pollfd  pfd;

    /* First what can be written at once, or a full pipe holds up the other. */

    for (i = 0; i < 4; i++) {
        len = atomic_load(&cr_out[i & 1].len);

        if (len == 0 || atomic_load(&cr_out[i & 1].busy) == CR_OUT_WRITING) {
            continue;
        }

        pfd.fd = cr_out[i & 1].fd;
        pfd.events = POLLOUT;

        if (i < 2 && poll(&pfd, 1, 0) != 1) {
            continue;
        }

        (void) cr_out_write_all(cr_out[i & 1].fd, cr_out[i & 1].buf, len);
        atomic_store(&cr_out[i & 1].len, 0);
    }
}


/*
 * A program may fork.  The child starts with nothing that its parent printed,
 * and with no timer, for it inherits none.
 */

static void
cr_out_fork_prepare(void)
{
    cr_output_flush_all();
}


static void
cr_out_fork_child(void)
{
    cr_out_timer_state = 0;
    atomic_store(&cr_out_timer_armed, 0);
}


int
cr_output_init(void)
{
    return pthread_atfork(cr_out_fork_prepare, NULL, cr_out_fork_child);
}


void
cr_output_ready(void)
{
    (void) cr_out_timer_want();
}
