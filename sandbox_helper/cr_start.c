
#define _GNU_SOURCE

#include "cr_start.h"
#include "cr_control.h"
#include "cr_layers.h"
#include "cr_test.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>


#define CR_START_NAMESPACES                                                   \
    (CLONE_NEWUSER|CLONE_NEWNS|CLONE_NEWPID|CLONE_NEWNET|CLONE_NEWIPC         \
     |CLONE_NEWUTS|CLONE_NEWCGROUP)


/* Pipes between the supervisor, init and the starter; see cr_start(). */

typedef struct {
    int  mapped[2];      /* supervisor > init: the id maps are written */
    int  built[2];       /* init > starter: the root is ready */
    int  control[2];     /* supervisor, zygote */
    int  words[2];       /* zygote, init > supervisor: their descriptor 2 */
} cr_start_pipes_t;


static void __attribute__((noreturn))
cr_start_die(const cr_start_t *start, const char *what)
{
    fprintf(stderr, "coderemote-sandbox: zygote %s: %s: %s\n",
            start->profile->name, what, strerror(errno));
    _exit(1);
}


/*
 * To die with the supervisor.  Every change of uid clears this, so it is set
 * after the last one; the supervisor may have died before, and then its end
 * of the control socket is closed.
 */

static void
cr_start_tie(const cr_start_t *start, int control)
{
    struct pollfd  pfd;

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1) {
        cr_start_die(start, "PR_SET_PDEATHSIG");
    }

    pfd.fd = control;
    pfd.events = 0;

    if (poll(&pfd, 1, 0) != 0) {
        _exit(1);
    }
}


static void
cr_start_become_root(const cr_start_t *start)
{
    /* setgroups() is denied where the map was written without privilege. */

    if (start->count > 1 && setgroups(0, NULL) == -1) {
        cr_start_die(start, "setgroups()");
    }

    if (setresgid(0, 0, 0) == -1 || setresuid(0, 0, 0) == -1) {
        cr_start_die(start, "setresuid()");
    }
}


static int
cr_start_wait(int fd)
{
    char     c;
    ssize_t  n;

    do {
        n = read(fd, &c, 1);
    } while (n == -1 && errno == EINTR);

    return n == 1 ? 0 : -1;
}


/*
 * Nothing of the supervisor's own signals: a mask goes over an exec and would
 * be every job's, whose children no SIGTERM could end.  And no terminal's: the
 * supervisor has no session of its own when it was started as a group's leader.
 */

static void
cr_start_detach(void)
{
    int       signo;
    sigset_t  set;

    for (signo = 1; signo < NSIG; signo++) {
        (void) signal(signo, SIG_DFL);
    }

    sigemptyset(&set);
    (void) sigprocmask(SIG_SETMASK, &set, NULL);

    (void) setsid();
}


/* The program in its new root: no environment, descriptors 0 to 2, and keep
 * as 3. */

static void __attribute__((noreturn))
cr_start_exec(const cr_start_t *start, const char *arg, int keep, int words)
{
    int    null;
    char  *argv[3], *none[1], **envp;

    null = open("/dev/null", O_RDWR);

    if (null == -1 || dup2(null, 0) == -1 || dup2(null, 1) == -1) {
        cr_start_die(start, "/dev/null");
    }

    /* Not the supervisor's own: that is a log file, which can be cut. */

    if (dup2(words, 2) == -1 || (keep != 3 && dup2(keep, 3) == -1)) {
        cr_start_die(start, "dup2()");
    }

    (void) fcntl(3, F_SETFD, 0);
    (void) syscall(SYS_close_range, 4, ~0U, CLOSE_RANGE_CLOEXEC);

    cr_start_detach();

    argv[0] = "zygote";
    argv[1] = (char *) arg;
    argv[2] = NULL;
    none[0] = NULL;
    envp = cr_without("environment") ? environ : none;

    if (cr_without("root")) {
        execveat(start->program, "", argv, envp, AT_EMPTY_PATH);
        cr_start_die(start, "execveat()");
    }

    execve("/zygote", argv, envp);

    cr_start_die(start, "execve()");
}


/*
 * The supervisor is told as by a zygote: who lacks what a profile shows has
 * not installed what it runs.  Every path leads to the machine's files yet.
 */

static void
cr_start_absent(const cr_start_t *start, int control)
{
    char         text[CR_REASON_MAX];
    unsigned     i;
    cr_ctl_t     ctl;
    const char  *entry;

    for (i = 0; i < start->profile->ntree; i++) {
        entry = start->profile->tree[i];

        if (*entry == '-' || access(entry, F_OK) == 0
            || (errno != ENOENT && errno != ENOTDIR))
        {
            continue;
        }

        memset(&ctl, 0, sizeof(ctl));
        ctl.type = CR_CTL_FAILED;
        ctl.value = ENOENT;
        ctl.text = text;
        ctl.len = snprintf(text, sizeof(text), "%.128s is not installed: "
                           "`tree` of the profile shows it", entry);

        (void) cr_ctl_send(control, &ctl);
        _exit(1);
    }
}


static void __attribute__((noreturn))
cr_start_init(const cr_start_t *start, cr_start_pipes_t *pipes)
{
    int  err;

    close(pipes->mapped[1]);
    close(pipes->built[0]);
    close(pipes->control[0]);

    if (cr_start_wait(pipes->mapped[0]) != 0) {
        _exit(1);
    }

    cr_start_become_root(start);
    cr_start_tie(start, pipes->control[1]);

    if (!cr_without("mount")
        && cr_tree_build(start->profile, start->program) != 0)
    {
        err = errno;
        cr_start_absent(start, pipes->control[1]);
        errno = err;
        cr_start_die(start, "building the root");
    }

    if (!cr_without("uts") && sethostname("cell", 4) == -1) {
        cr_start_die(start, "sethostname()");
    }

    /*
     * The program itself says on this pipe that the root is built.  Only after
     * exec() is its memory the new namespace's, and may the starter, without
     * CAP_SYS_PTRACE, enter the namespaces by its pidfd.
     */

    cr_start_exec(start, "--init", pipes->built[1], pipes->words[1]);
}


/*
 * CLONE_PARENT makes the supervisor, and not the starter, the zygote's parent.
 * The starter alone enters the pid namespace for its children, so that the
 * supervisor never has to change its own.
 */

static void __attribute__((noreturn))
cr_start_zygote(const cr_start_t *start, int init, cr_start_pipes_t *pipes)
{
    int       pidfd, namespaces, told[2];
    pid_t     pid;
    cr_ctl_t  ctl;

    close(pipes->mapped[0]);
    close(pipes->mapped[1]);
    close(pipes->built[1]);
    close(pipes->control[0]);

    if (cr_start_wait(pipes->built[0]) != 0) {
        _exit(1);
    }

    namespaces = cr_without_namespaces(CR_START_NAMESPACES);

    if (namespaces && setns(init, namespaces) == -1) {
        cr_start_die(start, "setns()");
    }

    cr_start_become_root(start);

    if (pipe2(told, O_CLOEXEC) == -1) {
        cr_start_die(start, "pipe2()");
    }

    pid = cr_clone(CLONE_PARENT|CLONE_PIDFD, &pidfd);

    if (pid == -1) {
        cr_start_die(start, "clone3()");
    }

    if (pid == 0) {
        cr_start_tie(start, pipes->control[1]);

        /* A zygote that is warm at once must not be heard of before this. */

        close(told[1]);

        if (cr_start_wait(told[0]) != 0) {
            _exit(1);
        }

        cr_start_exec(start, NULL, pipes->control[1], pipes->words[1]);
    }

    memset(&ctl, 0, sizeof(ctl));
    ctl.type = CR_CTL_STARTED;
    ctl.fds[0] = pidfd;
    ctl.nfds = 1;

    _exit(cr_ctl_send(pipes->control[1], &ctl) == 0
          && write(told[1], "", 1) == 1 ? 0 : 1);
}


/* The worst that memory pressure kills first is a cell, then a zygote. */

static void
cr_start_oom_first(void)
{
    int      fd;
    ssize_t  n;

    fd = open("/proc/self/oom_score_adj", O_WRONLY|O_CLOEXEC);

    if (fd != -1) {
        n = write(fd, "1000", 4);
        (void) n;
        close(fd);
    }
}


/* A cgroup namespace begins where its maker lives: made after the joining. */

static void
cr_start_cgroup(const cr_start_t *start, int namespace)
{
    cr_start_oom_first();

    if (cr_cgroup_join(start->cgroup->procs, start->cgroup->nprocs) != 0) {
        cr_start_die(start, "joining the zygotes' cgroup");
    }

    if (namespace && unshare(namespace) == -1) {
        cr_start_die(start, "unshare()");
    }
}


static int
cr_start_map(pid_t pid, const char *name, uid_t base, unsigned count)
{
    int      fd, n;
    char     path[64], text[64];
    ssize_t  rc;

    snprintf(path, sizeof(path), "/proc/%d/%s", (int) pid, name);

    fd = open(path, O_WRONLY|O_CLOEXEC|O_NOFOLLOW);

    if (fd == -1) {
        return -1;
    }

    n = count ? snprintf(text, sizeof(text), "0 %u %u", base, count)
              : snprintf(text, sizeof(text), "deny");

    rc = write(fd, text, n);

    close(fd);

    return rc == n ? 0 : -1;
}


static int
cr_start_maps(const cr_start_t *start, pid_t pid)
{
    /* One id is what an unprivileged process may map, at this price. */

    if (start->count == 1 && cr_start_map(pid, "setgroups", 0, 0) != 0) {
        return -1;
    }

    if (cr_start_map(pid, "uid_map", start->base, start->count) != 0) {
        return -1;
    }

    return cr_start_map(pid, "gid_map", start->base, start->count);
}


static void
cr_start_close(cr_start_pipes_t *pipes)
{
    int  i;

    for (i = 0; i < 2; i++) {
        close(pipes->mapped[i]);
        close(pipes->built[i]);
        close(pipes->control[i]);
        close(pipes->words[i]);
    }
}


static int
cr_start_pipes(cr_start_pipes_t *pipes)
{
    int  err;

    memset(pipes, -1, sizeof(cr_start_pipes_t));

    if (pipe2(pipes->mapped, O_CLOEXEC) == -1
        || pipe2(pipes->built, O_CLOEXEC) == -1
        || pipe2(pipes->words, O_CLOEXEC|O_NONBLOCK) == -1
        || socketpair(AF_UNIX, SOCK_SEQPACKET|SOCK_CLOEXEC, 0, pipes->control)
           == -1)
    {
        err = errno;
        cr_start_close(pipes);
        errno = err;

        return -1;
    }

    return 0;
}


/* Its end is nobody's event: the supervisor finds it among its strays. */

static void
cr_start_kill(int pidfd)
{
    if (pidfd != -1) {
        (void) syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
        close(pidfd);
    }
}


int
cr_start(const cr_start_t *start, cr_started_t *started)
{
    int               err, namespaces;
    pid_t             pid;
    cr_start_pipes_t  pipes;

    if (cr_start_pipes(&pipes) != 0) {
        return -1;
    }

    started->init = -1;
    started->starter = -1;

    namespaces = cr_without_namespaces(CR_START_NAMESPACES);

    pid = cr_clone((namespaces & ~CLONE_NEWCGROUP)|CLONE_PIDFD,
                   &started->init);

    if (pid == 0) {
        cr_start_cgroup(start, namespaces & CLONE_NEWCGROUP);
        cr_start_init(start, &pipes);
    }

    if (pid == -1) {
        goto failed;
    }

    if ((!cr_without("user") && cr_start_maps(start, pid) != 0)
        || write(pipes.mapped[1], "", 1) != 1)
    {
        goto failed;
    }

    pid = cr_clone(CLONE_PIDFD, &started->starter);

    if (pid == 0) {
        cr_start_cgroup(start, 0);
        cr_start_zygote(start, started->init, &pipes);
    }

    if (pid == -1) {
        goto failed;
    }

    started->control = fcntl(pipes.control[0], F_DUPFD_CLOEXEC, 0);

    if (started->control == -1) {
        goto failed;
    }

    started->words = fcntl(pipes.words[0], F_DUPFD_CLOEXEC, 0);

    if (started->words != -1) {

        /* The loop waits for no zygote: not for its word, nor to be heard. */

        (void) fcntl(started->control, F_SETFL, O_NONBLOCK);
        cr_start_close(&pipes);
        return 0;
    }

    close(started->control);

failed:

    err = errno;
    cr_start_close(&pipes);

    cr_start_kill(started->init);
    cr_start_kill(started->starter);

    errno = err;

    return -1;
}
