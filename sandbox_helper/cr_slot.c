
/*
 * A slot's life: its slot-zygote, and what comes next.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/socket.h>


#define CR_RETRY_FIRST  20000         /* us before a slot tries again */
#define CR_RETRY_SHIFT  7


static char  cr_slot_buf[CR_CTL_TEXT + 16];


/* Closes what belonged to the cell. */

void
cr_slot_clear(cr_slot_t *slot)
{
    cr_event_close(&slot->cell);
    cr_event_close(&slot->in);
    cr_streams_close(slot);
    cr_event_close(&slot->work);
    cr_event_close(&slot->result);

    cr_timer_clear(&slot->deadline);
    cr_timer_clear(&slot->tick);

    if (slot->origin) {
        cr_zygote_release(slot->origin);
        slot->origin = NULL;
    }
}


/* When it failed often, and no slot has a cell, jobs need not wait for one. */

static void
cr_slot_failed(cr_slot_t *slot)
{
    cr_runner_t  *runner;

    runner = slot->runner;

    if (slot->failures < CR_RETRY_SHIFT) {
        slot->failures++;

    } else if (runner->nparked == 0 && runner->running == 0) {
        cr_turns_refuse(runner, runner->reason[0]
                                ? runner->reason
                                : "the runtime's cells cannot be made ready");
    }
}


/* Waits before the next attempt, longer after every failure in a row. */

void
cr_slot_retry(cr_slot_t *slot)
{
    cr_slot_failed(slot);

    cr_timer_set(&slot->deadline, (uint64_t) CR_RETRY_FIRST << slot->failures);
}


/* What it had is gone; it starts anew in a while. */

void
cr_slot_later(cr_slot_t *slot)
{
    cr_slot_clear(slot);

    slot->state = slot->zygote ? CR_SLOT_IDLE : CR_SLOT_EMPTY;

    if (slot->renewed) {
        cr_timer_set(&slot->deadline, 0);

    } else {
        cr_slot_retry(slot);
    }
}


static void
cr_slot_join(cr_slot_t *slot)
{
    int           pair[2];
    unsigned      i;
    cr_ctl_t      ctl;
    cr_zygote_t  *zygote;

    zygote = cr_runner_warm(slot->runner);

    if (zygote == NULL || cr_super.leaving) {
        return;
    }

    if (socketpair(AF_UNIX, SOCK_SEQPACKET|SOCK_CLOEXEC, 0, pair) == -1) {
        cr_log("socketpair(): %s", strerror(errno));
        cr_slot_retry(slot);
        return;
    }

    /* Our end alone: the loop waits for nobody, a slot-zygote does. */

    (void) fcntl(pair[0], F_SETFL, O_NONBLOCK);

    memset(&ctl, 0, sizeof(ctl));
    ctl.type = CR_CTL_SLOT;
    ctl.slot = slot->number;
    ctl.fds[0] = pair[1];
    ctl.nfds = 1 + slot->cgroup.nprocs;

    for (i = 0; i < slot->cgroup.nprocs; i++) {
        ctl.fds[1 + i] = slot->cgroup.procs[i];
    }

    if (cr_ctl_send(zygote->control.fd, &ctl) != 0) {
        close(pair[0]);
        close(pair[1]);
        cr_slot_retry(slot);
        return;
    }

    close(pair[1]);

    slot->state = CR_SLOT_JOINING;
    slot->renewed = 0;
    slot->zygote = zygote;
    zygote->users++;

    if (zygote->asked++ == 0) {
        zygote->heard = cr_now();
    }

    slot->control.fd = pair[0];
    cr_event_watch(&slot->control, EPOLLIN);
    cr_timer_set(&slot->deadline, CR_PARK_PATIENCE);
}


void
cr_slot_kept(cr_slot_t *slot, cr_ctl_t *ctl)
{
    if (slot->keeper.fd != -1) {
        return;
    }

    /* A pidfd counts when it is a child of ours, and of nobody else. */

    if (ctl->value || ctl->nfds != 1
        || cr_reap(ctl->fds[0], NULL, NULL) != 0)
    {
        cr_log("slot %s-%u: no slot-zygote: %s", slot->runner->profile.name,
               slot->number, strerror(ctl->value));
        cr_slot_empty(slot);
        return;
    }

    slot->keeper.fd = ctl->fds[0];
    ctl->nfds = 0;

    cr_event_watch(&slot->keeper, EPOLLIN);
}


void
cr_slot_empty(cr_slot_t *slot)
{
    cr_slot_t   **p;
    cr_zygote_t  *zygote;

    if (slot->state == CR_SLOT_PARKED) {

        for (p = &slot->runner->parked; *p != slot; p = &(*p)->free) {
            /* void */
        }

        *p = slot->free;
        slot->runner->nparked--;
    }

    if (slot->cell.fd != -1) {
        slot->state = CR_SLOT_ENDING;
        cr_timer_clear(&slot->deadline);
        cr_signal(slot->cell.fd, SIGKILL);
    }

    cr_event_close(&slot->control);
    cr_strays_look();

    /* Its end gives up the zygote and starts the slot anew. */

    if (slot->keeper.fd != -1) {
        cr_signal(slot->keeper.fd, SIGKILL);

    } else if (slot->zygote) {

        /* No slot-zygote has come of it, nor will one that we knew of. */

        zygote = slot->zygote;
        slot->zygote = NULL;

        if (slot->cell.fd == -1) {
            cr_slot_later(slot);
        }

        cr_zygote_release(zygote);
    }
}


void
cr_slot_renew(cr_slot_t *slot)
{
    slot->renewed = 1;
    cr_slot_empty(slot);
}


/*
 * The slot-zygote is gone.  A job in the slot runs on: its cell is our own
 * child.  What was parked or on the way is given up with it.
 */

static void
cr_slot_keeper_ended(cr_event_t *ev, uint32_t events)
{
    int            status;
    cr_slot_t     *slot;
    cr_zygote_t   *zygote;
    struct rusage  usage;

    (void) events;

    slot = ev->data;

    if (cr_reap(ev->fd, &status, &usage) == 0) {
        return;
    }

    cr_event_close(ev);
    cr_event_close(&slot->control);

    cr_strays_look();

    zygote = slot->zygote;
    slot->zygote = NULL;

    if (slot->state < CR_SLOT_RUNNING) {
        cr_slot_empty(slot);

        if (slot->cell.fd == -1) {
            cr_slot_later(slot);
        }
    }

    cr_zygote_release(zygote);
}


void
cr_slot_over(cr_slot_t *slot)
{
    cr_slot_clear(slot);

    slot->state = slot->zygote ? CR_SLOT_IDLE : CR_SLOT_EMPTY;
    cr_slot_next(slot);
}


/* Answers -1 when it is not what the slot waits for. */

static int
cr_slot_said(cr_slot_t *slot, cr_ctl_t *ctl)
{
    if (ctl->type == CR_CTL_JOINED && slot->state == CR_SLOT_JOINING) {

        if (ctl->value) {
            cr_log("slot %s-%u: joining its cgroup: %s",
                   slot->runner->profile.name, slot->number,
                   strerror(ctl->value));

            /* Its own word for it: what a zygote says may be wrong. */

            if (cr_cgroup_gone(&slot->cgroup)) {
                cr_supervisor_abandon("somebody removed its cgroups");
            }

            return -1;
        }

        slot->state = CR_SLOT_IDLE;
        cr_slot_next(slot);
        return 0;
    }

    if (ctl->type != CR_CTL_CELL_PID || slot->state != CR_SLOT_FORKING) {
        return -1;
    }

    if (ctl->nfds == 1 && cr_reap(ctl->fds[0], NULL, NULL) == 0) {
        slot->state = CR_SLOT_PARKING;
        slot->cell.fd = ctl->fds[0];
        ctl->nfds = 0;

        cr_event_watch(&slot->cell, EPOLLIN);
        cr_event_watch(&slot->result, EPOLLIN);
        return 0;
    }

    cr_log("slot %s-%u: no cell was forked: %s", slot->runner->profile.name,
           slot->number, strerror(ctl->value));

    cr_slot_later(slot);

    return 0;
}


static void
cr_slot_control_readable(cr_event_t *ev, uint32_t events)
{
    int         rc;
    cr_ctl_t    ctl;
    cr_slot_t  *slot;

    (void) events;

    slot = ev->data;
    rc = cr_ctl_recv(ev->fd, &ctl, cr_slot_buf);

    if (rc == -1 && errno == EAGAIN) {
        return;
    }

    if (rc != 1 || cr_slot_said(slot, &ctl) != 0) {
        cr_event_close(ev);
        cr_signal(slot->keeper.fd, SIGKILL);

        /* Of one that no zygote has told of, no end is told either. */

        if (slot->state == CR_SLOT_IDLE && slot->keeper.fd == -1) {
            cr_slot_next(slot);
        }
    }

    if (rc == 1) {
        cr_ctl_close_fds(&ctl);
    }
}


void
cr_slot_next(cr_slot_t *slot)
{
    if (cr_super.leaving) {
        return;
    }

    switch (slot->state) {

    case CR_SLOT_EMPTY:
        if (slot->keeper.fd == -1 && cr_runner_wants(slot->runner)) {
            cr_slot_join(slot);
        }

        break;

    case CR_SLOT_IDLE:

        /* An older generation's slot-zygote makes no more cells. */

        if (slot->zygote != slot->runner->zygote
            && cr_runner_warm(slot->runner))
        {
            cr_slot_renew(slot);
            return;
        }

        if (slot->control.fd == -1) {

            /* It went before the zygote had told of it. */

            if (slot->keeper.fd == -1) {
                cr_slot_empty(slot);
            }

        } else if (cr_runner_wants(slot->runner)) {
            cr_slot_fork(slot);
        }

        break;

    default:
        break;
    }
}


/*
 * Nothing came in time: the slot starts over; or, where something failed a
 * moment ago, it is time to try again.
 */

static void
cr_slot_deadline(cr_timer_t *timer)
{
    cr_slot_t  *slot;

    slot = timer->data;

    switch (slot->state) {

    case CR_SLOT_RUNNING:
        cr_slot_stop(slot, CR_END_TIMEOUT);
        return;

    case CR_SLOT_ENDING:
        cr_slot_overdue(slot);
        return;

    case CR_SLOT_JOINING:
    case CR_SLOT_FORKING:
    case CR_SLOT_PARKING:
        cr_log("slot %s-%u: nothing came in time (state %d)",
               slot->runner->profile.name, slot->number, slot->state);

        if (slot->keeper.fd == -1 && slot->zygote) {
            cr_zygote_late(slot->zygote);
        }

        cr_slot_failed(slot);
        cr_slot_empty(slot);
        return;

    default:
        cr_slot_next(slot);
    }
}


static void
cr_slot_event(cr_slot_t *slot, cr_event_t *ev,
    void (*handler)(cr_event_t *ev, uint32_t events))
{
    ev->fd = -1;
    ev->data = slot;
    ev->handler = handler;
}


void
cr_slot_init(cr_slot_t *slot, cr_runner_t *runner, unsigned number)
{
    slot->runner = runner;
    slot->number = number;

    cr_slot_event(slot, &slot->keeper, cr_slot_keeper_ended);
    cr_slot_event(slot, &slot->control, cr_slot_control_readable);
    cr_slot_event(slot, &slot->cell, cr_slot_cell_ended);
    cr_slot_event(slot, &slot->in, cr_slot_input_event);
    cr_slot_event(slot, &slot->work, cr_slot_work_event);
    cr_slot_event(slot, &slot->result, cr_slot_result_event);

    cr_streams_init(slot);

    slot->deadline.data = slot;
    slot->deadline.handler = cr_slot_deadline;
    slot->tick.data = slot;
    slot->tick.handler = cr_slot_tick;
}
