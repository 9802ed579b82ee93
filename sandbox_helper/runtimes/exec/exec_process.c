
/*
 * The cell's process is the init of its pid namespace, and what it runs is the
 * second: an init gets no signal that it has no handler for, and so a program
 * could neither abort nor be ended by its own children.
 */

#include "exec_runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "cr_control.h"


/*
 * All that is left, and what it left to the init.  The time that a process has
 * used counts once it was waited for, and for none that dies with its init.
 */

static void
cr_exec_reap_all(void)
{
    do {
        (void) kill(-1, SIGKILL);
    } while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR);
}


/*
 * The supervisor's word that the job is over ends the namespace.  The same
 * signal from within it is the program's, which has no say here.
 */

static void
cr_exec_stop(int signo, siginfo_t *si, void *context)
{
    (void) signo;
    (void) context;

    if (si->si_pid == 0) {
        cr_exec_reap_all();
        _exit(0);
    }
}


static int
cr_exec_signals(void)
{
    struct sigaction  sa;

    memset(&sa, 0, sizeof(sa));

    sa.sa_sigaction = cr_exec_stop;
    sa.sa_flags = SA_SIGINFO|SA_RESTART;

    if (sigaction(SIGUSR1, &sa, NULL) == -1) {
        return -1;
    }

    return signal(SIGABRT, SIG_DFL) == SIG_ERR ? -1 : 0;
}


/* What is the cell's alone: by these it is heard. */

static int
cr_exec_private(void)
{
    int  fd;

    for (fd = CR_CELL_JOB; fd < CR_CELL_FDS; fd++) {
        if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 && errno != EBADF) {
            return -1;
        }
    }

    return 0;
}


/*
 * The memory is shared until the child is another program or gone, which is
 * how it tells why it could not be.
 */

static pid_t
cr_exec_start(char **argv, int *err)
{
    pid_t         pid;
    volatile int  failed;

    failed = 0;
    pid = vfork();

    if (pid == 0) {
        execve(argv[0], argv, cr_exec.env);
        failed = errno;
        _exit(127);
    }

    *err = pid == -1 ? errno : failed;

    return pid;
}


int
cr_exec_process(char **argv, int *status)
{
    int    err;
    pid_t  pid, ended;

    /* Who ends all that there is had better be alone. */

    if (getpid() != 1) {
        errno = EPERM;
        return -1;
    }

    if (cr_exec_signals() == -1 || cr_exec_private() == -1) {
        return -1;
    }

    pid = cr_exec_start(argv, &err);

    if (pid != -1) {
        do {
            ended = waitpid(-1, status, __WALL);
        } while (ended != pid && (ended != -1 || errno == EINTR));

        cr_exec_reap_all();
    }

    errno = err;

    return err ? -1 : 0;
}
