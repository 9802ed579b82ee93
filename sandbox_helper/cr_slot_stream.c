
/*
 * What a cell writes: its output and its artifacts, bytes that nobody looks
 * into here.  They are read as far as the worker gives credit for them, and
 * kept as far as the job's limits go.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>


/*
 * Output is first looked at this long after the hand-over, and then not more
 * often than that: a short job's output is taken together with its claim, a
 * chatty job's in large pieces, and neither wakes anybody for every line.
 */

#define CR_OUTPUT_PAUSE  2000        /* us */
#define CR_OUTPUT_ROUND  65536       /* bytes of a stream at a time */
#define CR_OUTPUT_FLOOD  262144      /* the same, where they are discarded */


/* In their order, which is that of the streams of a slot. */

#define CR_STREAM_ARTIFACTS  2

static const cr_stream_kind_t  cr_stream_kinds[CR_STREAMS] = {
    { CR_CELL_STDOUT,    CR_STDOUT,    CR_RESULT_STDOUT_CUT },
    { CR_CELL_STDERR,    CR_STDERR,    CR_RESULT_STDERR_CUT },
    { CR_CELL_ARTIFACTS, CR_ARTIFACTS, CR_RESULT_ARTIFACTS_CUT }
};


void
cr_streams_init(cr_slot_t *slot)
{
    unsigned      i;
    cr_stream_t  *stream;

    for (i = 0; i < CR_STREAMS; i++) {
        stream = &slot->streams[i];

        stream->kind = &cr_stream_kinds[i];
        stream->ev.fd = -1;
        stream->ev.data = slot;
        stream->ev.handler = cr_streams_event;
    }
}


/* A job begins. */

void
cr_streams_start(cr_slot_t *slot, const cr_job_t *job)
{
    unsigned      i;
    cr_stream_t  *stream;

    for (i = 0; i < CR_STREAMS; i++) {
        stream = &slot->streams[i];

        stream->limit = i == CR_STREAM_ARTIFACTS ? job->artifact_limit
                                                 : job->output_limit;
        stream->kept = 0;
        stream->cut = stream->flood = stream->full = stream->done = 0;
    }

    /* Nobody asked for artifacts: who writes some finds no reader. */

    if (job->artifact_limit == 0) {
        stream = &slot->streams[CR_STREAM_ARTIFACTS];
        stream->done = 1;
        cr_event_close(&stream->ev);
    }

    cr_timer_set(&slot->tick, CR_OUTPUT_PAUSE);
}


void
cr_streams_close(cr_slot_t *slot)
{
    unsigned  i;

    for (i = 0; i < CR_STREAMS; i++) {
        cr_event_close(&slot->streams[i].ev);
    }
}


void
cr_streams_unwatch(cr_slot_t *slot)
{
    unsigned  i;

    for (i = 0; i < CR_STREAMS; i++) {
        cr_event_watch(&slot->streams[i].ev, 0);
    }
}


void
cr_streams_unwanted(cr_slot_t *slot)
{
    unsigned  i;

    for (i = 0; i < CR_STREAMS; i++) {
        slot->streams[i].limit = 0;
    }
}


/*
 * What is over the limit, or has no reader, is read and forgotten.  A larger
 * pipe lets the job go on for longer between our rounds; its pages count as
 * the cell's own memory, and where the kernel refuses, the rounds are smaller.
 */

static ssize_t
cr_stream_discard(cr_stream_t *stream)
{
    ssize_t      n;
    static char  scratch[CR_OUTPUT_FLOOD];

    n = read(stream->ev.fd, scratch, sizeof(scratch));

    if (n <= 0) {
        return n;
    }

    if (!stream->cut) {
        (void) fcntl(stream->ev.fd, F_SETPIPE_SZ, CR_OUTPUT_FLOOD);
    }

    stream->cut = 1;
    stream->flood = 1;

    return n;
}


static ssize_t
cr_stream_forward(cr_stream_t *stream, cr_job_t *job)
{
    size_t          max;
    ssize_t         n;
    unsigned char  *p;

    max = stream->limit - stream->kept;

    if (max > CR_FRAME_DATA_MAX) {
        max = CR_FRAME_DATA_MAX;
    }

    if (max > job->credit) {
        max = job->credit;
    }

    p = cr_client_output(job, max);

    if (p == NULL) {
        return cr_stream_discard(stream);
    }

    n = read(stream->ev.fd, p, max);

    if (n > 0) {
        cr_client_output_done(job, stream->kind->flag, n);
        stream->kept += n;
        job->credit -= n;
    }

    return n;
}


/* Credit is for bytes: that there are none can be told without it. */

static int
cr_stream_empty(const cr_stream_t *stream)
{
    int  n;

    return ioctl(stream->ev.fd, FIONREAD, &n) == 0 && n == 0;
}


/*
 * Takes what is in the pipe.  Answers 1 when it is empty for now or for good,
 * 0 when something may be left: for want of credit, or of a turn.
 */

static int
cr_stream_pump(cr_stream_t *stream, cr_job_t *job)
{
    size_t   total;
    ssize_t  n;

    stream->flood = stream->full = 0;

    for (total = 0; !stream->done && total < CR_OUTPUT_ROUND; total += n) {

        if (job->client == NULL || stream->kept >= stream->limit) {
            n = cr_stream_discard(stream);

            /* That was all: to ask once more would only meet the writer. */

            if (n > 0 && n < CR_OUTPUT_FLOOD) {
                return 1;
            }

        } else if (job->credit == 0) {
            return cr_stream_empty(stream);

        } else {
            n = cr_stream_forward(stream, job);
        }

        if (n == -1) {

            if (errno == EINTR) {
                n = 0;
                continue;
            }

            if (errno == EAGAIN) {
                return 1;
            }

            n = 0;
            stream->done = 1;
        }

        if (n == 0) {
            stream->done = 1;
        }
    }

    stream->full = total >= CR_OUTPUT_ROUND;

    return stream->done;
}


int
cr_streams_pump(cr_slot_t *slot)
{
    int       empty;
    unsigned  i;

    empty = 1;

    for (i = 0; i < CR_STREAMS; i++) {
        empty &= cr_stream_pump(&slot->streams[i], slot->job);
    }

    return empty;
}


void
cr_streams_cut(cr_slot_t *slot)
{
    unsigned      i;
    cr_stream_t  *stream;

    for (i = 0; i < CR_STREAMS; i++) {
        stream = &slot->streams[i];
        stream->cut |= !stream->done && !cr_stream_empty(stream);
    }
}


uint8_t
cr_streams_flags(const cr_slot_t *slot)
{
    uint8_t   flags;
    unsigned  i;

    flags = 0;

    for (i = 0; i < CR_STREAMS; i++) {
        flags |= slot->streams[i].cut ? slot->streams[i].kind->cut : 0;
    }

    return flags;
}


/* The program is over when its artifacts come, and its answer waits for them:
 * where there are many there is no pause. */

static int
cr_streams_hurry(const cr_slot_t *slot)
{
    const cr_stream_t  *stream;

    stream = &slot->streams[CR_STREAM_ARTIFACTS];

    return stream->full && !stream->flood && slot->job->credit;
}


void
cr_streams_event(cr_event_t *ev, uint32_t events)
{
    cr_slot_t  *slot;

    (void) events;

    slot = ev->data;

    cr_streams_unwatch(slot);

    if (slot->job) {
        (void) cr_streams_pump(slot);
        cr_timer_set(&slot->tick, cr_streams_hurry(slot) ? 0
                                                         : CR_OUTPUT_PAUSE);
    }
}


void
cr_streams_look(cr_slot_t *slot)
{
    unsigned      i;
    cr_stream_t  *stream;

    /* Who printed more than is kept will print on: nobody need tell us. */

    for (i = 0; i < CR_STREAMS; i++) {
        if (slot->streams[i].flood) {
            cr_streams_event(&slot->streams[i].ev, 0);
            return;
        }
    }

    for (i = 0; i < CR_STREAMS; i++) {
        stream = &slot->streams[i];

        if (slot->job->credit || stream->kept >= stream->limit) {
            cr_event_watch(&stream->ev, stream->done ? 0 : EPOLLIN);
        }
    }
}
