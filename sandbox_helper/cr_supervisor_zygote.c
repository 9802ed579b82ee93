
/*
 * A runner's zygotes: started, watched, started again when one dies, renewed
 * when one is old.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"
#include "cr_start.h"
#include "cr_test.h"
#include "cr_zygote_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/wait.h>


#define CR_WARM_PATIENCE  60000000     /* us until a zygote must be warm */
#define CR_HANG_PATIENCE  30000000     /* us of silence that mean it hangs */


static char  cr_runner_buf[CR_CTL_TEXT + 16];


static void cr_zygote_ended(cr_zygote_t *zygote, const char *why);
static int cr_zygote_hear(cr_zygote_t *zygote);


/* Freed once its three processes are reaped and nothing lives in it. */

static void
cr_zygote_sweep(cr_zygote_t *zygote)
{
    cr_zygote_t  **p;

    if (!zygote->dead || zygote->users || zygote->init.fd != -1
        || zygote->starter.fd != -1 || zygote->process.fd != -1)
    {
        return;
    }

    for (p = &zygote->runner->zygote; *p; p = &(*p)->next) {
        if (*p == zygote) {
            *p = zygote->next;
            break;
        }
    }

    cr_timer_clear(&zygote->timer);
    cr_event_close(&zygote->words);
    cr_loop_free(zygote);
}


/* Ends the init, and with it every process in its pid namespace. */

static void
cr_zygote_kill(cr_zygote_t *zygote)
{
    cr_event_close(&zygote->control);
    cr_signal(zygote->init.fd, SIGKILL);
}


void
cr_zygote_release(cr_zygote_t *zygote)
{
    zygote->users--;

    if (zygote->users == 0
        && (zygote->dead || zygote->runner->zygote != zygote))
    {
        cr_zygote_kill(zygote);
    }

    cr_zygote_sweep(zygote);
}


static void
cr_zygote_process_ended(cr_event_t *ev, uint32_t events)
{
    int           status;
    cr_zygote_t  *zygote;
    struct rusage usage;

    (void) events;

    zygote = ev->data;

    if (cr_reap(ev->fd, &status, &usage) == 0) {
        return;
    }

    if (ev == &zygote->process || ev == &zygote->init) {

        /* What it said before, in whatever order that becomes known. */

        while (zygote->control.fd != -1 && cr_zygote_hear(zygote) == 1) {
            /* void */
        }

        cr_zygote_ended(zygote, ev == &zygote->init ? "its init ended"
                                                    : "it ended");
    }

    /* Not sooner: whoever is known to have been started is not another. */

    cr_event_close(ev);
    cr_zygote_sweep(zygote);
}


/*
 * The slot-zygotes of a dead zygote go on to serve, and jobs to run, until a
 * new generation is warm; unless the init died, which took all with it.
 */

static void
cr_zygote_ended(cr_zygote_t *zygote, const char *why)
{
    cr_runner_t  *runner;

    runner = zygote->runner;

    cr_event_close(&zygote->control);
    cr_timer_clear(&zygote->timer);
    cr_strays_look();

    if (!zygote->dead) {
        zygote->dead = 1;

        if (zygote == runner->zygote && !cr_super.leaving) {
            runner->absent &= zygote->failed;

            if (!runner->absent) {
                cr_log("zygote %s: %s, starting another",
                       runner->profile.name, why);
            }

            cr_runner_restart(runner, zygote);
        }
    }

    if (zygote->users == 0) {
        cr_signal(zygote->init.fd, SIGKILL);
    }
}


/* An older generation ends with its last slot; one without any, now. */

static void
cr_runner_supersede(cr_zygote_t *newest)
{
    cr_zygote_t  *zygote;

    for (zygote = newest->next; zygote; zygote = zygote->next) {
        if (zygote->users == 0) {
            cr_zygote_kill(zygote);
        }
    }
}


/* What it has mapped is what a cell starts with: RLIMIT_AS counts all. */

static uint64_t
cr_zygote_space(const cr_zygote_t *zygote)
{
    int   fd, n;
    char  path[64], text[64];

    snprintf(path, sizeof(path), "/proc/%d/statm",
             (int) cr_pidfd_pid(zygote->process.fd));

    fd = open(path, O_RDONLY|O_CLOEXEC);

    if (fd == -1) {
        return 0;
    }

    n = (int) read(fd, text, sizeof(text) - 1);
    close(fd);

    text[n > 0 ? n : 0] = '\0';

    return strtoull(text, NULL, 10) * sysconf(_SC_PAGESIZE);
}


static void
cr_zygote_warmed(cr_zygote_t *zygote, cr_ctl_t *ctl)
{
    unsigned      i;
    cr_runner_t  *runner;

    runner = zygote->runner;
    zygote->space = cr_zygote_space(zygote);

    /* Without it every program would have too little memory to begin. */

    if (zygote->space == 0) {
        snprintf(runner->reason, CR_REASON_MAX, "the zygote's size cannot be "
                 "told: %s", strerror(errno));
        cr_signal(zygote->process.fd, SIGKILL);
        cr_zygote_ended(zygote, runner->reason);
        return;
    }

    if (runner->absent) {
        cr_log("zygote %s: what it runs is installed now",
               runner->profile.name);
    }

    zygote->warm = 1;
    zygote->since = cr_now();
    runner->absent = 0;
    cr_runner_text(runner->version, sizeof(runner->version), ctl->text,
                   ctl->len);
    runner->reason[0] = '\0';

    cr_timer_clear(&zygote->timer);

    if (runner->profile.renew) {
        cr_timer_set(&zygote->timer, runner->profile.renew * 1000000ull);
    }

    cr_runner_supersede(zygote);

    for (i = 0; i < runner->nslots; i++) {
        if (runner->slots[i].state == CR_SLOT_EMPTY) {
            cr_slot_next(&runner->slots[i]);
        }
    }

    cr_runner_renew_slot(runner);
}


/* Answers -1 when it was not asked. */

static int
cr_zygote_slot_forked(cr_zygote_t *zygote, cr_ctl_t *ctl)
{
    cr_slot_t  *slot;

    if (zygote->asked == 0 || ctl->slot >= zygote->runner->nslots) {
        return -1;
    }

    zygote->asked--;
    slot = &zygote->runner->slots[ctl->slot];

    /*
     * The slot-zygote may have spoken sooner than the zygote, and the slot be
     * further than JOINING.
     */

    if (slot->zygote == zygote) {
        cr_slot_kept(slot, ctl);
    }

    return 0;
}


/* That something is not installed is told once, until that is another thing. */

static void
cr_zygote_failed(cr_zygote_t *zygote, cr_ctl_t *ctl)
{
    int           known;
    char          reason[CR_REASON_MAX];
    cr_runner_t  *runner;

    runner = zygote->runner;

    cr_runner_text(reason, CR_REASON_MAX, ctl->text, ctl->len);
    known = runner->absent && strcmp(reason, runner->reason) == 0;

    zygote->failed = 1;
    runner->absent = ctl->value == ENOENT;
    strcpy(runner->reason, reason);

    if (!known || !runner->absent) {
        cr_log("zygote %s: %s", runner->profile.name, reason);
    }
}


/*
 * Each message comes as often as it can be meant.  -1: something else did, and
 * whoever speaks there is no zygote of ours any more; it may not go on until
 * it has found out what else it can do, nor keep the loop busy.
 */

static int
cr_zygote_said(cr_zygote_t *zygote, cr_ctl_t *ctl)
{
    switch (ctl->type) {

    case CR_CTL_STARTED:
        if (zygote->process.fd != -1 || ctl->nfds != 1
            || cr_reap(ctl->fds[0], NULL, NULL) != 0)
        {
            return -1;
        }

        zygote->process.fd = ctl->fds[0];
        ctl->nfds = 0;
        cr_event_watch(&zygote->process, EPOLLIN);
        return 0;

    case CR_CTL_WARM:
        if (zygote->warm || zygote->process.fd == -1) {
            return -1;
        }

        cr_zygote_warmed(zygote, ctl);
        return 0;

    case CR_CTL_FAILED:
        if (zygote->warm || zygote->failed) {
            return -1;
        }

        cr_zygote_failed(zygote, ctl);
        return 0;

    case CR_CTL_SLOT_PID:
        return cr_zygote_slot_forked(zygote, ctl);

    default:
        return -1;
    }
}


/* Not its init: what lives in the namespaces may run on. */

static void
cr_zygote_end(cr_zygote_t *zygote, const char *why)
{
    cr_signal(zygote->process.fd, SIGKILL);
    cr_zygote_ended(zygote, why);
}


/* On a machine that is busy it may only be slow. */

void
cr_zygote_late(cr_zygote_t *zygote)
{
    if (cr_now() - zygote->heard > CR_HANG_PATIENCE) {
        cr_zygote_end(zygote, "it does not answer");
    }
}


/* As cr_ctl_recv(): 1 when there was a message. */

static int
cr_zygote_hear(cr_zygote_t *zygote)
{
    int       rc;
    cr_ctl_t  ctl;

    rc = cr_ctl_recv(zygote->control.fd, &ctl, cr_runner_buf);

    if (rc != 1) {
        return rc;
    }

    zygote->heard = cr_now();

    if (cr_zygote_said(zygote, &ctl) != 0) {
        cr_zygote_end(zygote, "it said what it was not asked");
    }

    cr_ctl_close_fds(&ctl);

    return 1;
}


static void
cr_zygote_readable(cr_event_t *ev, uint32_t events)
{
    int  rc;

    (void) events;

    rc = cr_zygote_hear(ev->data);

    if (rc == 0 || (rc == -1 && errno != EAGAIN)) {
        cr_zygote_end(ev->data, "it closed its socket");
    }
}


/* Not warm in time, or old: either way another takes its place. */

static void
cr_zygote_timer(cr_timer_t *timer)
{
    cr_zygote_t  *zygote;

    zygote = timer->data;

    if (zygote->warm) {
        cr_runner_start(zygote->runner);
        return;
    }

    cr_zygote_ended(zygote, "it was not warm in time");
    cr_zygote_kill(zygote);
}


static int
cr_zygote_set_up(cr_zygote_t *zygote)
{
    int           rc;
    char         *text;
    size_t        skip;
    cr_ctl_t      ctl;
    cr_runner_t  *runner;

    runner = zygote->runner;
    skip = strlen(runner->profile.name) + 1;
    text = malloc(skip + runner->text_len);

    if (text == NULL) {
        return -1;
    }

    memcpy(text, runner->profile.name, skip);
    memcpy(text + skip, runner->text, runner->text_len);

    memset(&ctl, 0, sizeof(ctl));
    ctl.type = CR_CTL_SETUP;
    ctl.value = cr_without_put((cr_super.rootless ? CR_KIT_ROOTLESS : 0)
                               | (cr_super.landlock ? 0
                                                    : CR_KIT_NO_LANDLOCK));
    ctl.text = text;
    ctl.len = skip + runner->text_len;

    rc = cr_ctl_send(zygote->control.fd, &ctl);

    free(text);

    return rc;
}


static void
cr_zygote_event(cr_zygote_t *zygote, cr_event_t *ev, int fd,
    void (*handler)(cr_event_t *ev, uint32_t events))
{
    ev->fd = fd;
    ev->data = zygote;
    ev->handler = handler;

    cr_event_watch(ev, EPOLLIN);
}


void
cr_runner_start(cr_runner_t *runner)
{
    cr_start_t     start;
    cr_zygote_t   *zygote;
    cr_started_t   started;

    start.profile = &runner->profile;
    start.cgroup = &runner->cgroup;
    start.program = runner->program;
    start.base = runner->base;
    start.count = runner->ids;

    zygote = calloc(1, sizeof(cr_zygote_t));

    if (zygote == NULL || cr_start(&start, &started) != 0) {
        snprintf(runner->reason, CR_REASON_MAX, "cannot start: %s",
                 strerror(errno));
        cr_log("zygote %s: %s", runner->profile.name, runner->reason);
        free(zygote);
        cr_strays_look();
        runner->absent = 0;
        cr_runner_restart(runner, NULL);

        if (cr_cgroup_gone(&runner->cgroup)) {
            cr_supervisor_abandon("somebody removed its cgroups");
        }

        return;
    }

    zygote->runner = runner;
    zygote->next = runner->zygote;
    runner->zygote = zygote;

    zygote->process.fd = -1;
    cr_zygote_event(zygote, &zygote->process, -1, cr_zygote_process_ended);
    cr_zygote_event(zygote, &zygote->init, started.init,
                    cr_zygote_process_ended);
    cr_zygote_event(zygote, &zygote->starter, started.starter,
                    cr_zygote_process_ended);
    cr_zygote_event(zygote, &zygote->control, started.control,
                    cr_zygote_readable);
    cr_zygote_event(zygote, &zygote->words, started.words, cr_zygote_words);

    zygote->timer.data = zygote;
    zygote->timer.handler = cr_zygote_timer;
    cr_timer_set(&zygote->timer, CR_WARM_PATIENCE);

    if (cr_zygote_set_up(zygote) != 0) {
        cr_zygote_ended(zygote, "it took no set-up");
        cr_zygote_kill(zygote);
    }
}


void
cr_runner_stop(cr_runner_t *runner)
{
    cr_zygote_t  *zygote;

    cr_timer_clear(&runner->restart);

    for (zygote = runner->zygote; zygote; zygote = zygote->next) {
        cr_zygote_kill(zygote);
    }
}
