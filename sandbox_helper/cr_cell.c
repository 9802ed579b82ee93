
/*
 * A cell: an ordered list of steps that take power away, where failing means
 * dying.  cr_cell_job.c waits for its job.
 */

#define _GNU_SOURCE

#include "cr_test.h"
#include "cr_zygote_kit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/close_range.h>
#include <sys/stat.h>
#include <sys/syscall.h>


typedef struct {
    const char  *name;
    int        (*step)(cr_kit_t *kit, const int *fds);
} cr_cell_step_t;


static void (*cr_cell_flush)(void);


/*
 * The six pipes take the numbers 0 to 5; all else but the ruleset goes.
 * None that came in has a number below 7: the kit keeps those taken.
 */

static int
cr_cell_descriptors(cr_kit_t *kit, const int *fds)
{
    int  i;

    (void) kit;

    for (i = 0; i < CR_CELL_FDS; i++) {
        if (dup2(fds[i], i) == -1) {
            return -1;
        }
    }

    if (cr_without("descriptors")) {
        return 0;
    }

    return (int) syscall(SYS_close_range, CR_KIT_RULESET + 1, ~0U, 0);
}


/* No controlling terminal, no process group in common with anything. */

static int
cr_cell_session(cr_kit_t *kit, const int *fds)
{
    (void) kit;
    (void) fds;

    if (cr_without("session")) {
        return 0;
    }

    umask(077);

    return setsid() == -1 ? -1 : 0;
}


static uid_t
cr_cell_uid(const cr_kit_t *kit)
{
    return (kit->flags & CR_KIT_ROOTLESS) ? 0
                                          : cr_without_uid(kit->slot + 1);
}


static int
cr_cell_tmp(cr_kit_t *kit, const int *fds)
{
    uid_t  uid;

    (void) fds;

    uid = cr_cell_uid(kit);

    return kit->profile.write ? cr_tree_tmp(&kit->profile, uid, uid) : 0;
}


static int
cr_cell_folder(cr_kit_t *kit, const int *fds)
{
    (void) fds;

    return kit->profile.write ? chdir(CR_CELL_FOLDER) : 0;
}


static int
cr_cell_limits(cr_kit_t *kit, const int *fds)
{
    (void) fds;

    return cr_limits_set(&kit->profile);
}


static int
cr_cell_ids(cr_kit_t *kit, const int *fds)
{
    uid_t  uid;

    (void) fds;

    /* Rootless there is one uid: nothing to drop to.  It is told at start. */

    if (kit->flags & CR_KIT_ROOTLESS) {
        return 0;
    }

    uid = cr_cell_uid(kit);

    return cr_ids_drop(uid, uid);
}


static int
cr_cell_caps(cr_kit_t *kit, const int *fds)
{
    (void) kit;
    (void) fds;

    return cr_caps_drop();
}


/*
 * A profile that writes has a /tmp of its own in every cell, and a ruleset
 * names file systems, not places: then it is made here.
 */

static int
cr_cell_landlock(cr_kit_t *kit, const int *fds)
{
    int  fd;

    (void) fds;

    if (kit->flags & CR_KIT_NO_LANDLOCK) {
        return close(CR_KIT_RULESET);
    }

    fd = CR_KIT_RULESET;

    if (kit->profile.write) {
        (void) close(fd);
        fd = cr_landlock_prepare(&kit->profile);
    }

    if (fd == -1 || cr_landlock_enter(fd) != 0) {
        return -1;
    }

    return close(fd);
}


/*
 * The supervisor's word that the job is over: what is buffered goes out.  The
 * process is a pid namespace's init, so this signal reaches it only because
 * it has a handler; SIGKILL needs none.  Without one its own SIGABRT is lost,
 * too, and abort() goes on to an instruction that ends it as a SIGSEGV.
 */

static void
cr_cell_stop(int signo)
{
    if (cr_cell_flush) {
        cr_cell_flush();
    }

    _exit(signo == SIGABRT ? 128 + SIGABRT : 0);
}


static int
cr_cell_signals(cr_kit_t *kit, const int *fds)
{
    struct sigaction  sa;

    (void) fds;

    cr_cell_flush = kit->runtime->flush;

    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = cr_cell_stop;
    sigfillset(&sa.sa_mask);

    if (sigaction(SIGUSR1, &sa, NULL) == -1) {
        return -1;
    }

    return sigaction(SIGABRT, &sa, NULL);
}


static int
cr_cell_seccomp(cr_kit_t *kit, const int *fds)
{
    (void) fds;

    return cr_seccomp_load(&kit->filter);
}


/*
 * The order is binding.  /tmp is mounted while there is still the right to;
 * it is the slot's uid's alone, as is one of the limits, so that ids go before
 * these, and before capabilities, which would be needed to change them;
 * cr_caps_drop() ends with no_new_privs, which Landlock and seccomp need; the
 * filter comes last, for it forbids the calls that the others make.
 */

static const cr_cell_step_t  cr_cell_steps[] = {
    { "descriptors",   cr_cell_descriptors },
    { "session",       cr_cell_session },
    { "tmp",           cr_cell_tmp },
    { "ids",           cr_cell_ids },
    { "folder",        cr_cell_folder },
    { "rlimits",       cr_cell_limits },
    { "capabilities",  cr_cell_caps },
    { "signals",       cr_cell_signals },
    { "landlock",      cr_cell_landlock },
    { "seccomp",       cr_cell_seccomp },
    { NULL, NULL }
};


static void
cr_cell_confine(cr_kit_t *kit, const int *fds)
{
    char                   text[CR_REASON_MAX];
    const cr_cell_step_t  *s;

    for (s = cr_cell_steps; s->name; s++) {

        if (s->step(kit, fds) == 0) {
            continue;
        }

        (void) snprintf(text, sizeof(text), "%s: %s", s->name,
                        strerror(errno));

        cr_cell_unfit(text);
    }
}


void
cr_cell(cr_kit_t *kit, const int *fds)
{
    cr_cell_confine(kit, fds);

    kit->runtime->park();

    cr_cell_job(kit);
}
