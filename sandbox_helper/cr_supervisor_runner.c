
/*
 * A runner: how many of its slots have a cell, when another zygote is started,
 * and what it has from the beginning.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>


#define CR_BACKOFF_FIRST   20000       /* us before the first new start */
#define CR_BACKOFF_LAST    5000000
#define CR_BACKOFF_FORGET  10000000
#define CR_ABSENT_LOOK     60000000    /* us until it is looked for again */
#define CR_START_TRIES     3           /* that fail and do not say why */


/*
 * What the profile runs is not installed: nothing that a new start would mend,
 * but somebody may install it.
 */

static void
cr_runner_absent(cr_runner_t *runner)
{
    if (cr_runner_is_absent(runner)) {
        cr_turns_refuse(runner, runner->reason);
    }

    if (runner->restart.index == 0) {
        cr_timer_set(&runner->restart, CR_ABSENT_LOOK);
    }
}


/*
 * Another is started, again and again; but jobs must not wait for what may
 * never come: where a start failed and no cell is left from before, those
 * that wait end, with the reason.  A zygote that gave none may have been
 * killed, and is given another chance.
 */

void
cr_runner_restart(cr_runner_t *runner, const cr_zygote_t *zygote)
{
    int  lasted;

    if (cr_super.leaving) {
        return;
    }

    if (runner->absent) {
        cr_runner_absent(runner);
        return;
    }

    /* One that served for a while is no sign of a bad start. */

    lasted = zygote && zygote->warm
             && cr_now() - zygote->since > CR_BACKOFF_FORGET;

    if (lasted) {
        runner->backoff = CR_BACKOFF_FIRST;
    }

    /* Of one whose cells are made when a job comes none may have been. */

    runner->misses = (zygote && zygote->served) || (lasted && !runner->keep)
                     ? 0 : runner->misses + 1;

    if (runner->misses && runner->nparked == 0 && runner->running == 0
        && (runner->reason[0] || runner->misses >= CR_START_TRIES))
    {
        cr_turns_refuse(runner, runner->reason[0]
                                ? runner->reason
                                : "the runtime cannot be started");
    }

    if (runner->restart.index) {
        return;
    }

    runner->restarts++;
    cr_timer_set(&runner->restart, runner->backoff);

    runner->backoff = runner->backoff * 2 < CR_BACKOFF_LAST
                      ? runner->backoff * 2 : CR_BACKOFF_LAST;
}


void
cr_runner_text(char *to, size_t size, const void *text, size_t len)
{
    char  *p;

    snprintf(to, size, "%.*s", (int) len, (const char *) text);

    for (p = to; *p; p++) {
        if (*p < 0x20 || *p > 0x7e) {
            *p = '?';
        }
    }
}


static void
cr_runner_restart_timer(cr_timer_t *timer)
{
    cr_runner_start(timer->data);
}


cr_zygote_t *
cr_runner_warm(cr_runner_t *runner)
{
    cr_zygote_t  *zygote;

    zygote = runner->zygote;

    return zygote && zygote->warm && !zygote->dead ? zygote : NULL;
}


/* Those it was made with go on while there are any. */

int
cr_runner_is_absent(cr_runner_t *runner)
{
    return runner->absent && cr_runner_warm(runner) == NULL;
}


static int
cr_slot_coming(const cr_slot_t *slot)
{
    return slot->state == CR_SLOT_JOINING || slot->state == CR_SLOT_FORKING
           || slot->state == CR_SLOT_PARKING;
}


int
cr_runner_wants(const cr_runner_t *runner)
{
    unsigned  i, n;

    if (runner->keep == runner->nslots) {
        return 1;
    }

    n = runner->nparked;

    for (i = 0; i < runner->nslots; i++) {
        n += cr_slot_coming(&runner->slots[i]);
    }

    return n < runner->keep + runner->waiting;
}


/* Those of the state whose next attempt is not put off. */

static void
cr_runner_fill_from(cr_runner_t *runner, cr_slot_state_e state)
{
    unsigned    i;
    cr_slot_t  *slot;

    for (i = 0; i < runner->nslots && cr_runner_wants(runner); i++) {
        slot = &runner->slots[i];

        if (slot->state == state && slot->deadline.index == 0) {
            cr_slot_next(slot);
        }
    }
}


void
cr_runner_fill(cr_runner_t *runner)
{
    if (runner->keep == runner->nslots) {

        /* Each of them goes on by itself. */

        return;
    }

    /* Where a slot-zygote waits a cell is there sooner. */

    cr_runner_fill_from(runner, CR_SLOT_IDLE);
    cr_runner_fill_from(runner, CR_SLOT_EMPTY);
}


void
cr_runner_renew_slot(cr_runner_t *runner)
{
    unsigned      i;
    cr_slot_t    *slot, *old;
    cr_zygote_t  *newest;

    newest = cr_runner_warm(runner);

    if (newest == NULL) {
        return;
    }

    old = NULL;

    for (i = 0; i < runner->nslots; i++) {
        slot = &runner->slots[i];

        /* One at a time: the next goes when this one is parked again. */

        if (slot->zygote == newest && cr_slot_coming(slot) && runner->nparked)
        {
            old = NULL;
            break;
        }

        if (slot->zygote == NULL || slot->zygote == newest
            || slot->state >= CR_SLOT_RUNNING)
        {
            continue;
        }

        /* Nobody misses those that have no cell, or one too many. */

        if (slot->state == CR_SLOT_IDLE || runner->nparked > runner->keep) {
            cr_slot_renew(slot);

        } else {
            old = slot;
        }
    }

    if (old) {
        cr_slot_renew(old);
    }
}


void
cr_runner_size(cr_runner_t *runner)
{
    long  cpus;

    cpus = sysconf(_SC_NPROCESSORS_ONLN);

    runner->nslots = runner->profile.slots ? runner->profile.slots
                                           : 8 * (cpus > 0 ? cpus : 1);
    if (runner->nslots > CR_SLOTS_MAX) {
        runner->nslots = CR_SLOTS_MAX;
    }

    runner->keep = runner->profile.parked < runner->nslots
                   ? runner->profile.parked : runner->nslots;
}


int
cr_runner_init(cr_runner_t *runner, const char *libexec)
{
    char      path[512], error[512];
    unsigned  i;

    runner->ids = cr_super.rootless ? 1 : runner->nslots + 1;
    runner->backoff = CR_BACKOFF_FIRST;
    runner->restart.data = runner;
    runner->restart.handler = cr_runner_restart_timer;

    snprintf(path, sizeof(path), "%s/%s", libexec, runner->profile.program);

    runner->program = cr_conf_program(path, !cr_super.rootless, error,
                                      sizeof(error));

    if (runner->program == -1) {
        cr_log("profile %s: %s", runner->profile.name, error);
        return -1;
    }

    snprintf(path, sizeof(path), "%s-zygote", runner->profile.name);

    if (cr_cgroup_create(&cr_super.cgroups, &runner->cgroup, path, 256,
                         1ull << 31)
        != 0)
    {
        cr_log("cgroup %s: %s", path, strerror(errno));
        return -1;
    }

    runner->slots = calloc(runner->nslots, sizeof(cr_slot_t));

    if (runner->slots == NULL) {
        return -1;
    }

    for (i = 0; i < runner->nslots; i++) {
        cr_slot_init(&runner->slots[i], runner, i);

        snprintf(path, sizeof(path), "%s-%u", runner->profile.name, i);

        if (cr_cgroup_create(&cr_super.cgroups, &runner->slots[i].cgroup, path,
                             runner->profile.processes + 2,
                             runner->profile.memory + CR_CELL_MARGIN)
            != 0)
        {
            cr_log("cgroup %s: %s", path, strerror(errno));
            return -1;
        }
    }

    return 0;
}
