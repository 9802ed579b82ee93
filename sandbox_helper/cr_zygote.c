
/*
 * The zygote: warm once, then a fork of itself for every slot asked for.
 *
 * It runs as the root of a user namespace whose ids are all unprivileged
 * outside, in namespaces and a read-only root made before it was started.
 */

#define _GNU_SOURCE

#include "cr_test.h"
#include "cr_zygote_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/socket.h>


/* More than any chunk that malloc() may have put aside: it sorts them all. */

#define CR_KIT_LARGE  (64 * 1024)


static char  cr_zygote_buf[CR_CTL_TEXT + 16];


const char *
cr_option(const cr_options_t *options, const char *key)
{
    const char  *p, *end, *value;

    p = options->data;
    end = p + options->size;

    while (p < end) {
        value = p + strlen(p) + 1;

        if (strcmp(p, key) == 0) {
            return value;
        }

        p = value + strlen(value) + 1;
    }

    return NULL;
}


/*
 * The pid namespace's init.  It holds the namespaces, and dies with the
 * supervisor (PDEATHSIG was set before exec), which ends everything in them.
 */

static void __attribute__((noreturn))
cr_zygote_init(void)
{
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    signal(SIGCHLD, SIG_IGN);

    /* The namespaces and the root stand: the starter waits for this. */

    if (write(CR_KIT_CONTROL, "", 1) != 1) {
        _exit(1);
    }

    close(CR_KIT_CONTROL);

    for ( ;; ) {
        pause();
    }
}


static int
cr_zygote_fail(const char *text, int err)
{
    cr_ctl_t  ctl;

    memset(&ctl, 0, sizeof(ctl));
    ctl.type = CR_CTL_FAILED;
    ctl.value = err;
    ctl.text = text;
    ctl.len = strlen(text);

    (void) cr_ctl_send(CR_KIT_CONTROL, &ctl);

    return 1;
}


/* Reads CR_CTL_SETUP: the profile is parsed here again, from the same text. */

static int
cr_zygote_setup(cr_kit_t *kit, char *error, size_t size)
{
    size_t       skip;
    cr_ctl_t     ctl;

    if (cr_ctl_recv(CR_KIT_CONTROL, &ctl, cr_zygote_buf) != 1
        || ctl.type != CR_CTL_SETUP)
    {
        snprintf(error, size, "no set-up came from the supervisor");
        return -1;
    }

    cr_ctl_close_fds(&ctl);

    skip = strlen(ctl.text) + 1;

    if (skip > ctl.len) {
        snprintf(error, size, "the set-up is cut short");
        return -1;
    }

    kit->flags = cr_without_take(ctl.value);

    if (cr_profile_parse(&kit->profile, ctl.text, ctl.text + skip,
                         ctl.len - skip, error, size)
        != 0)
    {
        return -1;
    }

    kit->options.data = kit->profile.options;
    kit->options.size = kit->profile.options_size;

    if (cr_limits_core() != 0) {
        snprintf(error, size, "rlimits: %s", strerror(errno));
        return -1;
    }

    return 0;
}


/*
 * Compiling the filter left free chunks all over the heap that malloc() has
 * put aside to merge and sort later.  Later would be in every cell, at its
 * first larger allocation, which then copies each page one of them lies in.
 */

static void
cr_zygote_tidy_heap(void)
{
    void *volatile  p;

    (void) mallopt(M_MXFAST, 0);

    p = malloc(CR_KIT_LARGE);
    free(p);
}


/*
 * A fork takes one thread along: what another one holds would be held for
 * good in every cell.  The kernel answers this only to who is alone.
 */

static int
cr_zygote_alone(char *error, size_t size)
{
    if (unshare(CLONE_THREAD) == 0) {
        return 0;
    }

    snprintf(error, size, "the runtime, or a module that it warms, left a "
             "thread behind, which no cell would have");

    return -1;
}


/*
 * What every cell will need, made once: the bounding set emptied, the Landlock
 * ruleset, and the larger part of the seccomp list, which cells inherit.
 */

static int
cr_zygote_prepare(cr_kit_t *kit, char *error, size_t size)
{
    int                fd;
    const char        *what;
    struct sock_fprog  zygote;

    what = "capabilities";

    if (cr_caps_bound() != 0) {
        goto failed;
    }

    if (!(kit->flags & CR_KIT_NO_LANDLOCK) && !kit->profile.write) {
        what = "landlock";
        fd = cr_landlock_prepare(&kit->profile);

        if (fd == -1 || dup3(fd, CR_KIT_RULESET, O_CLOEXEC) == -1) {
            goto failed;
        }

        close(fd);
    }

    what = "seccomp";

    if (cr_caps_no_new_privs() == 0
        && cr_seccomp_split(&kit->profile, &zygote, &kit->filter) == 0
        && cr_seccomp_load(&zygote) == 0)
    {
        cr_zygote_tidy_heap();
        return 0;
    }

failed:

    snprintf(error, size, "%s: %s", what, strerror(errno));

    return -1;
}


void
cr_zygote_answer(uint32_t type, unsigned slot, pid_t pid, int pidfd)
{
    cr_ctl_t  ctl;

    memset(&ctl, 0, sizeof(ctl));
    ctl.type = type;
    ctl.slot = slot;

    if (pid > 0) {
        ctl.fds[0] = pidfd;
        ctl.nfds = 1;

    } else {
        ctl.value = errno;
    }

    (void) cr_ctl_send(CR_KIT_CONTROL, &ctl);

    cr_ctl_close_fds(&ctl);
}


static void
cr_zygote_fork_slot(cr_kit_t *kit, cr_ctl_t *ctl)
{
    int    pidfd;
    pid_t  pid;

    /* CLONE_PARENT: the supervisor itself is to reap it. */

    pid = cr_clone(CLONE_PARENT|CLONE_PIDFD, &pidfd);

    if (pid == 0) {
        kit->slot = ctl->slot;
        cr_zygote_slot(kit, ctl);
    }

    cr_zygote_answer(CR_CTL_SLOT_PID, ctl->slot, pid, pidfd);
}


static int
cr_zygote_serve(cr_kit_t *kit)
{
    cr_ctl_t  ctl;

    while (cr_ctl_recv(CR_KIT_CONTROL, &ctl, cr_zygote_buf) == 1) {

        if (ctl.type == CR_CTL_SLOT && ctl.nfds >= 1) {
            cr_zygote_fork_slot(kit, &ctl);
        }

        cr_ctl_close_fds(&ctl);
    }

    return 0;
}


/* Descriptor 3 is the control socket, or nobody we know started us. */

static int
cr_zygote_check_control(void)
{
    int        type;
    socklen_t  len;

    len = sizeof(type);

    return getsockopt(CR_KIT_CONTROL, SOL_SOCKET, SO_TYPE, &type, &len) == 0
           && type == SOCK_SEQPACKET;
}


int
cr_zygote_main(int argc, char **argv, const cr_runtime_t *runtime)
{
    int              rc, fd;
    char             error[CR_REASON_MAX], version[64];
    cr_ctl_t         ctl;
    static cr_kit_t  kit;

    if (argc == 2 && strcmp(argv[1], "--init") == 0) {
        cr_zygote_init();
    }

    if (!cr_zygote_check_control()) {
        fprintf(stderr, "%s: a zygote is started by coderemote-sandbox alone\n",
                argv[0] ? argv[0] : "zygote");
        return 1;
    }

    /* Nobody in these namespaces may look into it, nor dump it. */

    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);

    for (fd = CR_KIT_CONTROL + 1; fd <= CR_KIT_RULESET; fd++) {
        (void) dup3(STDIN_FILENO, fd, O_CLOEXEC);
    }

    kit.runtime = runtime;
    error[0] = version[0] = '\0';

    rc = cr_zygote_setup(&kit, error, sizeof(error));

    if (rc == 0) {
        rc = runtime->warm(&kit.options, version, sizeof(version), error,
                           sizeof(error));
    }

    if (rc == 0) {
        rc = cr_zygote_alone(error, sizeof(error));
    }

    if (rc == 0) {
        rc = cr_zygote_prepare(&kit, error, sizeof(error));
    }

    if (rc != 0) {
        return cr_zygote_fail(error, rc == CR_ZYGOTE_ABSENT ? ENOENT : 0);
    }

    memset(&ctl, 0, sizeof(ctl));
    ctl.type = CR_CTL_WARM;
    ctl.text = version;
    ctl.len = strlen(version);

    if (cr_ctl_send(CR_KIT_CONTROL, &ctl) != 0) {
        return 1;
    }

    return cr_zygote_serve(&kit);
}
