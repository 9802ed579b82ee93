
/*
 * Children that nobody told the supervisor of.  Whoever forks one, in its
 * stead, then sends a pidfd; when that process dies in between, or the socket
 * is closed with the message in it, the child has no event here.  Such a child
 * ends by itself, for its pipe or socket has no other end; but it would stay
 * a zombie, and one of those counts in its slot's cgroup as a task.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"

#include <string.h>
#include <sys/wait.h>


#define CR_STRAYS_SOON   1000000     /* us after something was cut short */
#define CR_STRAYS_LATER  30000000    /* us between looks without a reason */


static cr_timer_t  cr_strays_timer;


static int
cr_strays_is(const cr_event_t *ev, pid_t pid)
{
    return ev->fd != -1 && cr_pidfd_pid(ev->fd) == pid;
}


/* Whether an event will tell, or is telling, of the child's end. */

static int
cr_strays_known(const cr_runner_t *runner, pid_t pid)
{
    unsigned            i;
    const cr_slot_t    *slot;
    const cr_zygote_t  *zygote;

    for (zygote = runner->zygote; zygote; zygote = zygote->next) {
        if (cr_strays_is(&zygote->init, pid)
            || cr_strays_is(&zygote->starter, pid)
            || cr_strays_is(&zygote->process, pid))
        {
            return 1;
        }
    }

    for (i = 0; i < runner->nslots; i++) {
        slot = &runner->slots[i];

        if (cr_strays_is(&slot->keeper, pid) || cr_strays_is(&slot->cell, pid))
        {
            return 1;
        }
    }

    return 0;
}


static void
cr_strays_reap(cr_timer_t *timer)
{
    unsigned   i;
    siginfo_t  si;

    for ( ;; ) {
        memset(&si, 0, sizeof(si));

        if (waitid(P_ALL, 0, &si, WEXITED|WNOHANG|WNOWAIT|__WALL) == -1
            || si.si_pid == 0)
        {
            cr_timer_set(timer, CR_STRAYS_LATER);
            return;
        }

        for (i = 0; i < cr_super.nrunners; i++) {
            if (cr_strays_known(&cr_super.runners[i], si.si_pid)) {

                /* It hides those behind it until its event has come. */

                cr_timer_set(timer, CR_STRAYS_SOON);
                return;
            }
        }

        (void) waitid(P_PID, si.si_pid, &si, WEXITED|WNOHANG|__WALL);
    }
}


void
cr_strays_look(void)
{
    /* One that comes again and again must not put it off for ever. */

    if (cr_strays_timer.index == 0
        || cr_strays_timer.at > cr_now() + CR_STRAYS_SOON)
    {
        cr_strays_timer.handler = cr_strays_reap;
        cr_timer_set(&cr_strays_timer, CR_STRAYS_SOON);
    }
}
