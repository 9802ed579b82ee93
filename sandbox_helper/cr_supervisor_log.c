
/*
 * The log.  Much of what is said in it a worker or a cell can cause, and as
 * often as it likes: of each kind of line no more are written than somebody
 * can read, and then how many there were.  One kind cannot hide another.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>


#define CR_LOG_KINDS   64

/* Of a kind, in so long: a traceback is not to lose its end, which says why. */

#define CR_LOG_LINES   40
#define CR_LOG_SPAN    4000000     /* us */


/* A kind is what one place in the code says, told by its format. */

typedef struct {
    const char  *fmt;
    uint64_t     since;
    unsigned     lines;
    unsigned     held;             /* lines that were not written */
} cr_log_kind_t;


static cr_log_kind_t  cr_log_kinds[CR_LOG_KINDS];
static cr_timer_t     cr_log_timer;


/* The text may be a zygote's or a cell's: it stays on its line. */

static void
cr_log_write(char *line, size_t len)
{
    size_t         i;
    ssize_t        rc;
    struct pollfd  pfd;

    for (i = 0; i < len; i++) {
        if ((unsigned char) line[i] < 0x20 || line[i] == 0x7f) {
            line[i] = '?';
        }
    }

    line[len++] = '\n';

    /*
     * It may be a pipe that nobody empties, and it is another's: it cannot be
     * made non-blocking.  Rather no line than a loop that stands still.
     */

    pfd.fd = STDERR_FILENO;
    pfd.events = POLLOUT;

    if (poll(&pfd, 1, 0) == 1 && (pfd.revents & POLLOUT)) {
        rc = write(STDERR_FILENO, line, len);
        (void) rc;
    }
}


static void __attribute__((format(printf, 1, 0)))
cr_log_line(const char *fmt, va_list args)
{
    int   n;
    char  line[1024];

    n = snprintf(line, sizeof(line), "coderemote-sandbox: ");
    n += vsnprintf(line + n, sizeof(line) - n - 1, fmt, args);

    cr_log_write(line, n < (int) sizeof(line) - 2 ? (size_t) n
                                                  : sizeof(line) - 2);
}


static void __attribute__((format(printf, 1, 2)))
cr_log_say(const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    cr_log_line(fmt, args);
    va_end(args);
}


static void
cr_log_held(cr_timer_t *timer)
{
    unsigned        i;
    cr_log_kind_t  *kind;

    (void) timer;

    for (i = 0; i < CR_LOG_KINDS; i++) {
        kind = &cr_log_kinds[i];

        if (kind->held) {
            cr_log_say("%u more lines were left out, of: %s", kind->held,
                       kind->fmt);
            kind->held = 0;
        }
    }
}


/* The last place is shared by all kinds that found none of their own. */

static cr_log_kind_t *
cr_log_kind(const char *fmt)
{
    unsigned  i;

    for (i = 0; i < CR_LOG_KINDS - 1; i++) {

        if (cr_log_kinds[i].fmt == fmt || cr_log_kinds[i].fmt == NULL) {
            break;
        }
    }

    cr_log_kinds[i].fmt = fmt;

    return &cr_log_kinds[i];
}


void
cr_log(const char *fmt, ...)
{
    uint64_t        now;
    va_list         args;
    cr_log_kind_t  *kind;

    now = cr_now();
    kind = cr_log_kind(fmt);

    if (now - kind->since >= CR_LOG_SPAN) {
        kind->since = now;
        kind->lines = 0;
    }

    if (kind->lines == CR_LOG_LINES) {
        kind->held++;

        if (cr_log_timer.index == 0) {
            cr_log_timer.handler = cr_log_held;
            cr_timer_set(&cr_log_timer, CR_LOG_SPAN);
        }

        return;
    }

    kind->lines++;

    va_start(args, fmt);
    cr_log_line(fmt, args);
    va_end(args);
}
