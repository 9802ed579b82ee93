
/*
 * A cell from its fork to PARKED, and its end.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/resource.h>


static int
cr_slot_pipe(cr_event_t *ev, int *theirs, int writing)
{
    int  fds[2];

    if (pipe2(fds, O_CLOEXEC) == -1) {
        return -1;
    }

    ev->fd = fds[writing];
    *theirs = fds[!writing];

    return fcntl(ev->fd, F_SETFL, O_NONBLOCK);
}


void
cr_slot_fork(cr_slot_t *slot)
{
    int           rc;
    unsigned      i;
    cr_ctl_t      ctl;
    cr_stream_t  *stream;

    memset(&ctl, 0, sizeof(ctl));
    ctl.type = CR_CTL_CELL;
    ctl.slot = slot->number;

    for (i = 0; i < CR_CELL_FDS; i++) {
        ctl.fds[i] = -1;
    }

    rc = cr_slot_pipe(&slot->in, &ctl.fds[CR_CELL_STDIN], 1)
         || cr_slot_pipe(&slot->work, &ctl.fds[CR_CELL_JOB], 1)
         || cr_slot_pipe(&slot->result, &ctl.fds[CR_CELL_RESULT], 0);

    for (i = 0; i < CR_STREAMS && rc == 0; i++) {
        stream = &slot->streams[i];
        rc = cr_slot_pipe(&stream->ev, &ctl.fds[stream->kind->number], 0);
    }

    ctl.nfds = CR_CELL_FDS;

    if (rc || cr_ctl_send(slot->control.fd, &ctl) != 0) {
        cr_log("slot %s-%u: no cell: %s", slot->runner->profile.name,
               slot->number, strerror(errno));
        cr_ctl_close_fds(&ctl);
        cr_slot_clear(slot);
        cr_slot_retry(slot);
        return;
    }

    cr_ctl_close_fds(&ctl);

    /* All that the cell will use is its own: the slot-zygote sleeps. */

    slot->peak_base = cr_cgroup_usage(&slot->cgroup);

    slot->origin = slot->zygote;
    slot->origin->users++;

    slot->frame_len = 0;
    slot->state = CR_SLOT_FORKING;
    cr_timer_set(&slot->deadline, CR_PARK_PATIENCE);
}


/* PARKED: from here on the slot can take a job. */

static void
cr_slot_parked(cr_slot_t *slot)
{
    cr_runner_t      *runner;
    struct timespec   ts;

    runner = slot->runner;

    slot->pid = cr_pidfd_pid(slot->cell.fd);
    slot->cpu_base = 0;

    if (clock_gettime(cr_cpu_clock(slot->pid), &ts) == 0) {
        slot->cpu_base = ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;
    }

    (void) cr_cgroup_reset_peak(&slot->cgroup);

    if (!slot->cgroup.peak_resets) {
        slot->peak_base = cr_slot_memory(slot, 0);
    }

    slot->oom_base = cr_cgroup_oom_kills(&slot->cgroup);

    cr_timer_clear(&slot->deadline);

    slot->state = CR_SLOT_PARKED;
    slot->zygote->served = 1;
    runner->reason[0] = '\0';
    slot->frame_len = 0;
    slot->free = runner->parked;
    runner->parked = slot;
    runner->nparked++;

    cr_turns_run(runner);
    cr_runner_renew_slot(runner);
}


/* The cell's word for it, or one that is none: its end starts the slot anew. */

static void
cr_slot_unfit(cr_slot_t *slot, const cr_frame_t *frame)
{
    const char  *said = "a cell spoke before it was parked";

    if (frame && frame->type == CR_MSG_UNFIT
        && frame->length <= sizeof(slot->frame) - CR_FRAME_HEADER)
    {
        if (slot->frame_len < CR_FRAME_HEADER + frame->length) {
            return;
        }

        said = slot->runner->reason;
        cr_runner_text(slot->runner->reason, CR_REASON_MAX,
                       slot->frame + CR_FRAME_HEADER, frame->length);
    }

    cr_log("slot %s-%u: %s", slot->runner->profile.name, slot->number, said);

    cr_event_watch(&slot->result, 0);
    cr_signal(slot->cell.fd, SIGKILL);
}


void
cr_slot_result_event(cr_event_t *ev, uint32_t events)
{
    int          rc;
    ssize_t      n;
    cr_slot_t   *slot;
    cr_frame_t   frame;

    (void) events;

    slot = ev->data;

    if (slot->job) {
        cr_slot_result_readable(slot);
        return;
    }

    n = read(ev->fd, slot->frame + slot->frame_len,
             sizeof(slot->frame) - slot->frame_len);

    if (n <= 0) {
        if (n == 0 || errno != EAGAIN) {
            cr_event_watch(ev, 0);
        }

        return;
    }

    slot->frame_len += n;

    rc = cr_frame_decode(slot->frame, slot->frame_len, &frame);

    if (slot->state == CR_SLOT_PARKING && rc) {

        if (rc == 1 && frame.type == CR_MSG_PARKED) {
            cr_slot_parked(slot);
            return;
        }

        cr_slot_unfit(slot, rc == 1 ? &frame : NULL);

    } else if (slot->state == CR_SLOT_PARKED) {

        /* It has nothing to say before its job. */

        cr_log("slot %s-%u: a parked cell spoke", slot->runner->profile.name,
               slot->number);
        cr_slot_empty(slot);
    }
}


void
cr_slot_cell_ended(cr_event_t *ev, uint32_t events)
{
    int            rc, status;
    cr_slot_t     *slot;
    struct rusage  usage;

    (void) events;

    slot = ev->data;
    rc = cr_reap(ev->fd, &status, &usage);

    if (rc == 0) {
        return;
    }

    if (rc == -1) {

        /* A zygote gave out one process as two, and it was reaped as the
         * other: nobody knows how it ended, nor what it used. */

        status = SIGKILL;
        memset(&usage, 0, sizeof(usage));
    }

    cr_event_close(ev);

    if (slot->job) {
        cr_slot_died(slot, status, &usage);
        return;
    }

    if (slot->state == CR_SLOT_PARKING && !cr_super.leaving) {
        cr_log("slot %s-%u: a cell ended before it was parked, status 0x%x",
               slot->runner->profile.name, slot->number, status);
    }

    if (slot->state == CR_SLOT_PARKED) {
        cr_slot_empty(slot);
    }

    if (slot->state == CR_SLOT_PARKING) {
        cr_slot_later(slot);
        return;
    }

    cr_slot_over(slot);
}
