
/* Other processes: making them, seeing them, reaching into them. */

#include "probe.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>


#define PROBE_PIDS     40000
#define PROBE_CHILDREN 40
#define PROBE_THREADS  200
#define PROBE_STACK    65536


static int
probe_fork(const char *argument)
{
    long  pid;

    (void) argument;

    pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    if (pid == 0) {
        _exit(0);
    }

    if (pid == -1) {
        return -1;
    }

    (void) waitpid((pid_t) pid, NULL, 0);

    return 0;
}


/* As many children at a time as there may be, at most forty. */

static int
probe_children(const char *argument)
{
    int    i, n, err;
    pid_t  pids[PROBE_CHILDREN];

    (void) argument;

    err = 0;

    for (n = 0; n < PROBE_CHILDREN; n++) {
        pids[n] = fork();

        if (pids[n] == 0) {
            for ( ;; ) {
                pause();
            }
        }

        if (pids[n] == -1) {
            err = errno;
            break;
        }
    }

    for (i = 0; i < n; i++) {
        kill(pids[i], SIGKILL);
        (void) waitpid(pids[i], NULL, 0);
    }

    probe_say("%s %d", probe_errno(err), n);

    return PROBE_SAID;
}


static void *
probe_thread(void *data)
{
    (void) data;

    for ( ;; ) {
        pause();
    }

    return NULL;
}


static int
probe_threads(const char *argument)
{
    int             i, rc;
    pthread_t       thread;
    pthread_attr_t  attr;

    (void) argument;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, PROBE_STACK);

    rc = 0;

    for (i = 0; i < PROBE_THREADS; i++) {

        rc = pthread_create(&thread, &attr, probe_thread, NULL);

        if (rc) {
            break;
        }
    }

    probe_say("%s %d", probe_errno(rc), i);

    return PROBE_SAID;
}


/* A child that outlives the job, if nothing ends it; it has its name first. */

static int
probe_orphan(const char *argument)
{
    int    fds[2];
    char   c;
    pid_t  pid;

    (void) argument;

    if (pipe(fds) == -1) {
        return -1;
    }

    pid = fork();

    if (pid == 0) {
        prctl(PR_SET_NAME, "probe-orphan", 0, 0, 0);
        close(fds[0]);
        close(fds[1]);
        sleep(60);
        _exit(0);
    }

    close(fds[1]);

    return pid == -1 ? -1 : (int) read(fds[0], &c, 1);
}


static int
probe_name(const char *argument)
{
    return prctl(PR_SET_NAME, argument, 0, 0, 0);
}


/* Runs a program and shows the first line it writes. */

static int
probe_exec(const char *argument)
{
    int      fds[2], status;
    char     text[256], *argv[3];
    ssize_t  n;
    pid_t    pid;

    argv[0] = (char *) (*argument ? argument : "/zygote");
    argv[1] = (char *) "-u";
    argv[2] = NULL;

    if (pipe(fds) == -1) {
        return -1;
    }

    pid = fork();

    if (pid == -1) {
        return execve(argv[0], argv, NULL);
    }

    if (pid == 0) {
        (void) dup2(fds[1], 1);
        close(fds[0]);
        execve(argv[0], argv, NULL);
        _exit(errno);
    }

    close(fds[1]);
    n = read(fds[0], text, sizeof(text) - 1);
    close(fds[0]);

    (void) waitpid(pid, &status, 0);

    if (n <= 0) {
        errno = WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status)
                                                         : ECHILD;
        return -1;
    }

    text[n] = '\0';
    probe_say("%.*s", (int) strcspn(text, "\n"), text);

    return PROBE_SAID;
}


/* How many processes it could send a signal to, or is told that it may not. */

static int
probe_processes(const char *argument)
{
    int    n, may;
    pid_t  pid;

    (void) argument;

    n = may = 0;

    for (pid = 1; pid < PROBE_PIDS; pid++) {

        if (kill(pid, 0) == 0) {
            n++;
            may++;

        } else if (errno != ESRCH) {
            n++;
        }
    }

    probe_say("%d seen, %d within reach", n, may);

    return PROBE_SAID;
}


static int
probe_kill(const char *argument)
{
    return kill(atoi(argument), 0);
}


static int
probe_parent(const char *argument)
{
    (void) argument;

    if (getppid() == 0) {
        errno = ESRCH;
        return -1;
    }

    return kill(getppid(), 0);
}


/* A victim for the next three: its number and where a word of it lies. */

static uint64_t  probe_word = 0x70726f6265;

static int
probe_me(const char *argument)
{
    (void) argument;

    probe_say("%d %p", (int) getpid(), (void *) &probe_word);

    return PROBE_SAID;
}


static int
probe_vm_read(const char *argument)
{
    int           pid;
    void         *address;
    uint64_t      word;
    struct iovec  local, remote;

    pid = getpid();
    address = &probe_word;

    (void) sscanf(argument, "%d %p", &pid, &address);

    word = 0;
    local.iov_base = &word;
    local.iov_len = sizeof(word);
    remote.iov_base = address;
    remote.iov_len = sizeof(word);

    if (syscall(SYS_process_vm_readv, pid, &local, 1L, &remote, 1L, 0L) == -1)
    {
        return -1;
    }

    probe_say("%s", word == probe_word ? "read" : "something else");

    return PROBE_SAID;
}


static int
probe_vm_write(const char *argument)
{
    uint64_t      word;
    struct iovec  local, remote;

    word = probe_word;
    local.iov_base = &word;
    local.iov_len = sizeof(word);
    remote.iov_base = &probe_word;
    remote.iov_len = sizeof(word);

    return syscall(SYS_process_vm_writev,
                   *argument ? atoi(argument) : getpid(), &local, 1L, &remote,
                   1L, 0L) == -1 ? -1 : 0;
}


static int
probe_ptrace(const char *argument)
{
    int  pid;

    pid = *argument ? atoi(argument) : INT_MAX;

    if (ptrace(PTRACE_SEIZE, pid, 0, 0) == -1) {
        return -1;
    }

    return ptrace(PTRACE_DETACH, pid, 0, 0) == 0 || errno == ESRCH ? 0 : -1;
}


static int
probe_scheduler(const char *argument)
{
    struct sched_param  param;

    (void) argument;

    memset(&param, 0, sizeof(param));
    param.sched_priority = 1;

    return sched_setscheduler(0, SCHED_FIFO, &param);
}


static int
probe_priority(const char *argument)
{
    (void) argument;

    return setpriority(PRIO_PROCESS, 0, -20);
}


static int
probe_affinity(const char *argument)
{
    cpu_set_t  set;

    (void) argument;

    CPU_ZERO(&set);
    CPU_SET(0, &set);

    return sched_setaffinity(0, sizeof(set), &set);
}


/* Ends by a signal, as a program that is broken does. */

static int
probe_crash(const char *argument)
{
    static volatile int *volatile  nowhere = (volatile int *) PROBE_BAD;

    (void) argument;

    *nowhere = 1;

    return 0;
}


static int
probe_sleep(const char *argument)
{
    return usleep(atoi(argument) * 1000);
}


/* Waits for the end of its input. */

static int
probe_wait(const char *argument)
{
    char     c;
    ssize_t  n;

    (void) argument;

    do {
        n = read(0, &c, 1);
    } while (n > 0);

    return n == -1 ? -1 : 0;
}


const probe_t  probe_process[] = {
    { "fork", probe_fork, 0, { 0 } },
    { "children", probe_children, 0, { 0 } },
    { "threads", probe_threads, 0, { 0 } },
    { "orphan", probe_orphan, 0, { 0 } },
    { "name", probe_name, 0, { 0 } },
    { "exec", probe_exec, 0, { 0 } },
    { "processes", probe_processes, 0, { 0 } },
    { "kill", probe_kill, 0, { 0 } },
    { "parent", probe_parent, 0, { 0 } },
    { "me", probe_me, 0, { 0 } },
    { "vm_read", probe_vm_read, 0, { 0 } },
    { "vm_write", probe_vm_write, 0, { 0 } },
    { "ptrace", probe_ptrace, 0, { 0 } },
    { "scheduler", probe_scheduler, 0, { 0 } },
    { "priority", probe_priority, 0, { 0 } },
    { "affinity", probe_affinity, 0, { 0 } },
    { "crash", probe_crash, 0, { 0 } },
    { "sleep", probe_sleep, 0, { 0 } },
    { "wait", probe_wait, 0, { 0 } },

    probe_call("execveat", SYS_execveat, PROBE_NONE, PROBE_BAD, 0, 0, 0),
    probe_call("kcmp", SYS_kcmp, 1, 1, 1, 0, 0),
    probe_call("pidfd_open", SYS_pidfd_open, 1, 0),
    probe_call("pidfd_getfd", SYS_pidfd_getfd, PROBE_NONE, 0, 0),
    probe_call("pidfd_signal", SYS_pidfd_send_signal, PROBE_NONE, 0, 0, 0),
    probe_call("process_madvise", SYS_process_madvise, PROBE_NONE, PROBE_BAD,
               1, 4, 0),
    probe_call("prlimit", SYS_prlimit64, 1, RLIMIT_CORE, 0, 0),
    probe_call("sched_setattr", SYS_sched_setattr, 0, PROBE_BAD, 0),
    probe_call("set_robust_list", SYS_set_robust_list, PROBE_BAD, 0),
    probe_call("get_robust_list", SYS_get_robust_list, 1, PROBE_BAD,
               PROBE_BAD),

    PROBE_END
};
