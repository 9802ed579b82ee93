
/*
 * coderemote-sandbox: the privileged helper.
 *
 * It is started with its listening socket as descriptor 3: by systemd, or, as
 * an installed setuid program, by an nginx worker.  Whatever else it inherits
 * is its caller's and is not to be trusted: it goes first.
 */

#define _GNU_SOURCE

#include "cr_check.h"
#include "cr_main.h"
#include "cr_paths.h"
#include "cr_test.h"
#include "cr_version.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/close_range.h>
#include <linux/ioprio.h>
#include <linux/keyctl.h>
#include <linux/mempolicy.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>


#define CR_LISTENER     3

#define CR_TIMER_SLACK  50000        /* ns: the kernel's own default */


static void __attribute__((noreturn))
cr_main_die(const char *what)
{
    fprintf(stderr, "coderemote-sandbox: %s: %s\n", what, strerror(errno));
    exit(1);
}


static int
cr_main_usage(FILE *f)
{
    fprintf(f,
            "usage: coderemote-sandbox [--check | --version | --help]\n"
            "\n"
            "Without an argument it serves the socket that is its descriptor "
            "3; nginx or\nsystemd starts it so.  --check tries every layer of "
            "the sandbox on this machine,\nreads the profiles, and says what "
            "is missing.\n");

    return f == stdout ? 0 : 2;
}


/*
 * A caller's lowered soft limits must not decide what can be served.  First of
 * all, for with few descriptors not even those below could be opened.
 */

static void
cr_main_limits(void)
{
    int            i;
    struct rlimit  rl;

    for (i = 0; i < RLIM_NLIMITS; i++) {
        if (getrlimit(i, &rl) == 0) {
            rl.rlim_cur = rl.rlim_max;
            (void) setrlimit(i, &rl);
        }
    }
}


/* A program that was started with 0, 1 or 2 closed would open files there. */

static void
cr_main_descriptors(void)
{
    int  fd;

    do {
        fd = open("/dev/null", O_RDWR);

        if (fd == -1) {
            cr_main_die("/dev/null");
        }

    } while (fd < 3);

    close(fd);

    if (syscall(SYS_close_range, CR_LISTENER + 1, ~0U, 0) == -1) {
        cr_main_die("close_range()");
    }
}


/*
 * All three ids become root's before anything else is set right, for a process
 * whose real uid is its caller's can be signalled by that caller, and bound to
 * a processor and a priority.
 */

static void
cr_main_become_root(void)
{
    if (setresgid(0, 0, 0) == -1 || setresuid(0, 0, 0) == -1) {
        cr_main_die("setresuid()");
    }

    if (setgroups(0, NULL) == -1) {
        cr_main_die("setgroups()");
    }
}


/* The library's own call leaves out two signals that a caller can send. */

static void
cr_main_signal(int signo, void (*handler)(int))
{
    unsigned long  action[4];        /* the kernel's: handler, flags, ... */

    memset(action, 0, sizeof(action));
    action[0] = (unsigned long) handler;

    (void) syscall(SYS_rt_sigaction, signo, action, NULL, _NSIG / 8);
}


/*
 * Signals that were pending are dropped on the way: they would end us as soon
 * as they are let in.  Those that stay ignored are a terminal's, which asks no
 * permission of whoever presses its keys, and those of writing to a place of
 * the caller's choice.  Timers go on over an exec: one would end us later.
 */

static void
cr_main_signals(void)
{
    int               signo;
    size_t            i;
    sigset_t          set;
    struct itimerval  none;

    static const int  ignored[] = { SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE,
                                    SIGXFSZ };

    memset(&none, 0, sizeof(none));

    (void) setitimer(ITIMER_REAL, &none, NULL);
    (void) setitimer(ITIMER_VIRTUAL, &none, NULL);
    (void) setitimer(ITIMER_PROF, &none, NULL);

    for (signo = 1; signo < _NSIG; signo++) {
        cr_main_signal(signo, SIG_IGN);
        cr_main_signal(signo, SIG_DFL);
    }

    for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        (void) signal(ignored[i], SIG_IGN);
    }

    sigemptyset(&set);
    (void) sigprocmask(SIG_SETMASK, &set, NULL);
}


/*
 * What decides when and where a process runs is handed on to every cell.  A
 * caller may have made it worse; and a worker of nginx's is bound to one
 * processor where worker_cpu_affinity says so, which is meant for it alone.
 * None of it is needed: what cannot be had is left as it is.
 */

static void
cr_main_scheduling(void)
{
    cpu_set_t           all;
    struct sched_param  param;

    memset(&all, 0xff, sizeof(all));
    memset(&param, 0, sizeof(param));

    (void) sched_setscheduler(0, SCHED_OTHER, &param);
    (void) setpriority(PRIO_PROCESS, 0, 0);
    (void) sched_setaffinity(0, sizeof(all), &all);

    (void) syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
                   IOPRIO_PRIO_VALUE(IOPRIO_CLASS_NONE, 0));
    (void) syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0);

    /* With a large one time-outs would come late: by as much as it says. */

    (void) prctl(PR_SET_TIMERSLACK, CR_TIMER_SLACK, 0, 0, 0);
}


/*
 * Without memory the supervisor must not be the first to go.  A value that
 * protects it was root's choice.
 */

static void
cr_main_oom_score(void)
{
    int      fd;
    char     text[16];
    ssize_t  n;

    fd = open("/proc/self/oom_score_adj", O_RDWR|O_CLOEXEC);

    if (fd == -1) {
        return;
    }

    n = read(fd, text, sizeof(text) - 1);
    text[n > 0 ? n : 0] = '\0';

    if (atoi(text) > 0) {
        n = write(fd, "0", 1);
        (void) n;
    }

    close(fd);
}


/*
 * The rest that goes over an exec, of a setuid program too: how addresses are
 * laid out and what uname() says, whose orphans come here, huge pages, and the
 * keys of a session that is not ours.
 */

static void
cr_main_process(void)
{
    (void) personality(PER_LINUX);

    (void) prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    (void) prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);

    (void) syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
}


static void
cr_main_clean(uid_t caller)
{
    if (!cr_without("environment")) {
        clearenv();
    }

    umask(077);

    cr_main_signals();

    /* What root's own service manager has chosen stays. */

    if (caller != 0) {
        cr_main_scheduling();
        cr_main_oom_score();
        cr_main_process();
    }

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1 || chdir("/") == -1) {
        cr_main_die("chdir()");
    }

    /* Fails when it leads a group already, as systemd's child: just as well. */

    (void) setsid();
}


/*
 * This one limit would end us without a word, in the middle of the work, and
 * no soft limit helps.  The others are met as errors, which are told.
 */

static int
cr_main_may_last(void)
{
    struct rlimit  rl;

    if (getrlimit(RLIMIT_CPU, &rl) == 0 && rl.rlim_max != RLIM_INFINITY) {
        fprintf(stderr, "coderemote-sandbox: its CPU time is limited to %llu "
                "seconds (ulimit -t): it must not be\n",
                (unsigned long long) rl.rlim_max);
        return 0;
    }

    return 1;
}


static int
cr_main_option(int option)
{
    int        value;
    socklen_t  len;

    len = sizeof(value);

    return getsockopt(CR_LISTENER, SOL_SOCKET, option, &value, &len) == 0
           ? value : -1;
}


/*
 * The lock lies on the listening socket itself: one supervisor a socket, as
 * long as it lives, and anybody who has the socket can ask who it is.
 */

static int
cr_main_serve(uid_t caller)
{
    struct flock  lock;

    /* Another family does not tell who a peer is. */

    if (cr_main_option(SO_ACCEPTCONN) != 1
        || cr_main_option(SO_DOMAIN) != AF_UNIX
        || cr_main_option(SO_TYPE) != SOCK_STREAM)
    {
        fprintf(stderr, "coderemote-sandbox: descriptor 3 is no listening "
                "Unix stream socket: nginx or systemd starts it\n");
        return 1;
    }

    if (!cr_main_may_last()) {
        return 1;
    }

    memset(&lock, 0, sizeof(lock));
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;

    if (fcntl(CR_LISTENER, F_SETLK, &lock) == -1) {

        if (errno == EAGAIN || errno == EACCES) {
            return 0;
        }

        cr_main_die("locking the socket");
    }

    (void) fcntl(CR_LISTENER, F_SETFD, FD_CLOEXEC);
    (void) fcntl(CR_LISTENER, F_SETFL,
                 fcntl(CR_LISTENER, F_GETFL) | O_NONBLOCK);

    return cr_supervisor_run(CR_LISTENER, caller);
}


/* The doctor runs with its caller's rights, whoever owns this file. */

static int
cr_main_check(uid_t caller)
{
    gid_t  gid;

    gid = getgid();

    if (setresgid(gid, gid, gid) == -1
        || setresuid(caller, caller, caller) == -1)
    {
        cr_main_die("setresuid()");
    }

    return cr_check(caller == 0) | cr_check_profiles(caller == 0);
}


int
main(int argc, char **argv)
{
    uid_t  caller;

    caller = getuid();

    cr_main_limits();
    cr_main_descriptors();

    if (argc > 2) {
        return cr_main_usage(stderr);
    }

    if (argc == 2) {

        if (strcmp(argv[1], "--check") == 0) {
            return cr_main_check(caller);
        }

        if (strcmp(argv[1], "--version") == 0) {
            printf("coderemote-sandbox " CR_VERSION "\n");
            return 0;
        }

        return cr_main_usage(strcmp(argv[1], "--help") ? stderr : stdout);
    }

    if (geteuid() == 0) {
        cr_main_become_root();
    }

    if (cr_without_load(cr_conf_path) != 0) {
        return 1;
    }

    cr_main_clean(caller);

    return cr_main_serve(caller);
}
