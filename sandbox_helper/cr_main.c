
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

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>


#define CR_LISTENER  3


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
            "the sandbox on this machine\nand says what is missing.\n");

    return f == stdout ? 0 : 2;
}


/* A program that was started with 0, 1 or 2 closed would open files there. */

static void
cr_main_descriptors(void)
{
    int  fd;

    do {
        fd = open("/dev/null", O_RDWR);

        if (fd == -1) {
            _exit(1);
        }

    } while (fd < 3);

    close(fd);

    if (syscall(SYS_close_range, CR_LISTENER + 1, ~0U, 0) == -1) {
        cr_main_die("close_range()");
    }
}


/*
 * All three ids become root's at once, for a process whose real uid is its
 * caller's can be signalled and, before exec's own protection is restored,
 * traced by that caller.
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


static void
cr_main_clean(void)
{
    int               signo;
    sigset_t          set;
    struct rlimit     rl;
    struct itimerval  none;

    if (!cr_without("environment")) {
        clearenv();
    }

    umask(077);

    for (signo = 1; signo < NSIG; signo++) {
        (void) signal(signo, SIG_DFL);
    }

    /* Timers go on over an exec: an alarm that was set would end us later. */

    memset(&none, 0, sizeof(none));

    (void) setitimer(ITIMER_REAL, &none, NULL);
    (void) setitimer(ITIMER_VIRTUAL, &none, NULL);
    (void) setitimer(ITIMER_PROF, &none, NULL);

    sigemptyset(&set);
    (void) sigprocmask(SIG_SETMASK, &set, NULL);

    /* A caller's lowered soft limits must not decide what can be served. */

    for (signo = 0; signo < RLIM_NLIMITS; signo++) {
        if (getrlimit(signo, &rl) == 0) {
            rl.rlim_cur = rl.rlim_max;
            (void) setrlimit(signo, &rl);
        }
    }

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1 || chdir("/") == -1) {
        cr_main_die("chdir()");
    }

    /* Fails when it leads a group already, as systemd's child: just as well. */

    (void) setsid();
}


/*
 * The lock lies on the listening socket itself: one supervisor a socket, as
 * long as it lives, and anybody who has the socket can ask who it is.
 */

static int
cr_main_serve(uid_t caller)
{
    int           on;
    socklen_t     len;
    struct flock  lock;

    len = sizeof(on);

    if (getsockopt(CR_LISTENER, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) == -1
        || !on)
    {
        fprintf(stderr, "coderemote-sandbox: descriptor 3 is no listening "
                "socket: nginx or systemd starts it\n");
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

    return cr_check(caller == 0);
}


int
main(int argc, char **argv)
{
    uid_t  caller;

    caller = getuid();

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

    cr_main_clean();

    return cr_main_serve(caller);
}
