
/*
 * Processes that are made up, and the clock: what a supervisor gets from the
 * kernel.  A process is a pipe: its reading end is the pidfd, readable once
 * the other end was closed.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"
#include "fuzz.h"
#include "fuzz_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/stat.h>


#define PROCESSES  512      /* in one input */


static process_t   processes[PROCESSES];
static unsigned    nprocesses;

static uint64_t    now = 1000000;


void
fuzz_sleep(uint64_t us)
{
    now += us;
}


int
__wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
    (void) clock;

    ts->tv_sec = now / 1000000;
    ts->tv_nsec = now % 1000000 * 1000;

    return 0;
}


/* Nothing is worth waiting for: time goes on by fuzz_sleep(). */

int __real_epoll_wait(int epoll, struct epoll_event *list, int n, int ms);

int
__wrap_epoll_wait(int epoll, struct epoll_event *list, int n, int ms)
{
    (void) ms;

    return __real_epoll_wait(epoll, list, n, 0);
}


void
fuzz_close(int *fd)
{
    if (*fd != -1) {
        close(*fd);
        *fd = -1;
    }
}


/* Answers the pidfd, or -1: an input has used them up. */

int
fuzz_process_new(process_t **process, unsigned family)
{
    int           fds[2];
    process_t    *p;
    struct stat   st;

    *process = NULL;

    if (nprocesses == PROCESSES || pipe2(fds, O_CLOEXEC) == -1) {
        return -1;
    }

    fuzz_must(fstat(fds[0], &st) == 0);

    p = &processes[nprocesses++];
    p->ino = st.st_ino;
    p->alive = fds[1];
    p->status = 0;
    p->family = family;
    p->init = 0;
    p->reaped = 0;

    *process = p;

    return fds[0];
}


static process_t *
process_find(int pidfd)
{
    unsigned     i;
    struct stat  st;

    if (fstat(pidfd, &st) == 0) {
        for (i = 0; i < nprocesses; i++) {
            if (processes[i].ino == st.st_ino) {
                return &processes[i];
            }
        }
    }

    return NULL;
}


void
fuzz_process_end(process_t *process, int status)
{
    unsigned  i;

    if (process == NULL || process->alive == -1) {
        return;
    }

    process->status = status;
    fuzz_close(&process->alive);
    fuzz_process_ended(process);

    /* The init of a pid namespace takes all that live in it. */

    if (process->init) {
        for (i = 0; i < nprocesses; i++) {
            if (processes[i].family == process->family) {
                fuzz_process_end(&processes[i], SIGKILL);
            }
        }
    }
}


int
cr_reap(int pidfd, int *status, struct rusage *usage)
{
    process_t  *process;

    process = process_find(pidfd);

    if (process == NULL || process->reaped) {

        /* What the kernel leaves unset may hold anything. */

        if (status) {
            memset(status, 0xa5, sizeof(int));
        }

        if (usage) {
            memset(usage, 0xa5, sizeof(struct rusage));
        }

        errno = ECHILD;
        return -1;
    }

    if (process->alive != -1 || status == NULL) {
        return 0;
    }

    process->reaped = 1;
    *status = process->status;

    if (usage) {
        memset(usage, 0, sizeof(struct rusage));
        usage->ru_utime.tv_sec = now / 1000000;
    }

    return 1;
}


void
cr_signal(int pidfd, int signo)
{
    /* What is only asked of it, a hostile process does not do. */

    if (pidfd != -1 && signo == SIGKILL) {
        fuzz_process_end(process_find(pidfd), SIGKILL);
    }
}


clockid_t
cr_cpu_clock(pid_t pid)
{
    (void) pid;

    return CLOCK_PROCESS_CPUTIME_ID;
}


pid_t
cr_pidfd_pid(int pidfd)
{
    return process_find(pidfd) ? getpid() : 0;
}


/* The format is checked, and its arguments are read; nobody reads the line. */

void
cr_log(const char *fmt, ...)
{
    char     line[1024];
    va_list  args;

    va_start(args, fmt);
    (void) vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
}


/* All children are made here, and none of them is lost. */

void
cr_supervisor_abandon(const char *why)
{
    (void) why;
}


void
cr_strays_look(void)
{
}


void
fuzz_process_forget(void)
{
    nprocesses = 0;
}


void
fuzz_process_end_all(void)
{
    unsigned  i;

    for (i = 0; i < nprocesses; i++) {
        fuzz_process_end(&processes[i], SIGKILL);
    }
}
