
/*
 * A slot-zygote: a fork of the zygote that lives in the slot's cgroup, so
 * that the cells it forks are born there.  Joining costs milliseconds when
 * the machine was idle; it is paid here, once, and never by a job.
 */

#define _GNU_SOURCE

#include "cr_cgroup.h"
#include "cr_test.h"
#include "cr_zygote_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>


static char  cr_slot_buf[CR_CTL_TEXT + 16];


static void
cr_slot_fork_cell(cr_kit_t *kit, cr_ctl_t *ctl)
{
    int       pidfd;
    pid_t     pid;
    uint64_t  flags;

    flags = CLONE_PARENT|CLONE_NEWPID|CLONE_PIDFD;

    if (kit->profile.write) {
        flags |= CLONE_NEWNS;
    }

    pid = cr_clone(cr_without_namespaces(flags), &pidfd);

    if (pid == 0) {
        cr_cell(kit, ctl->fds);
    }

    cr_zygote_answer(CR_CTL_CELL_PID, kit->slot, pid, pidfd);
}


static void
cr_slot_join(cr_kit_t *kit, cr_ctl_t *ctl)
{
    cr_ctl_t  answer;

    memset(&answer, 0, sizeof(answer));
    answer.type = CR_CTL_JOINED;
    answer.slot = kit->slot;

    if (cr_cgroup_join(&ctl->fds[1], ctl->nfds - 1) != 0) {
        answer.value = errno;
    }

    cr_ctl_close_fds(ctl);

    if (cr_ctl_send(CR_KIT_CONTROL, &answer) != 0 || answer.value) {
        _exit(1);
    }
}


void
cr_zygote_slot(cr_kit_t *kit, cr_ctl_t *ctl)
{
    /* The base zygote's own socket makes room for the slot's. */

    if (dup3(ctl->fds[0], CR_KIT_CONTROL, O_CLOEXEC) == -1) {
        _exit(1);
    }

    cr_slot_join(kit, ctl);

    while (cr_ctl_recv(CR_KIT_CONTROL, ctl, cr_slot_buf) == 1) {

        if (ctl->type == CR_CTL_CELL && ctl->nfds == CR_CELL_FDS) {
            cr_slot_fork_cell(kit, ctl);
        }

        cr_ctl_close_fds(ctl);
    }

    _exit(0);
}
