
/*
 * What a caller of the setuid helper can try on it once it runs:
 *
 *     cr_attack PID               everything that names a process
 *     cr_attack spy PROGRAM       starts the program, having opened what /proc
 *                                 has of the process while it was its own
 *
 * A line for each attempt: its name, and "done" or what the kernel said.
 */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/kcmp.h>
#include <linux/perf_event.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>


#define CR_IDLE_CLASS  (3 << 13)
#define CR_SPY_TURNS   3000            /* of 10 ms: the helper's start */


typedef struct {
    const char  *name;
    int        (*act)(pid_t pid);
} cr_attack_t;


static int
cr_file(pid_t pid, const char *name, int flags)
{
    char  path[128];

    snprintf(path, sizeof(path), "/proc/%d/%s", (int) pid, name);

    return open(path, flags);
}


#define cr_signal_by(name, signo)                                             \
    static int cr_##name(pid_t pid) { return kill(pid, signo); }

cr_signal_by(exists, 0)
cr_signal_by(term, SIGTERM)
cr_signal_by(stop, SIGSTOP)
cr_signal_by(cont, SIGCONT)
cr_signal_by(kill, SIGKILL)


#define cr_file_of(name, path, flags)                                         \
    static int cr_##name(pid_t pid) { return cr_file(pid, path, flags); }

cr_file_of(mem, "mem", O_RDONLY)
cr_file_of(mem_write, "mem", O_RDWR)
cr_file_of(environ, "environ", O_RDONLY)
cr_file_of(maps, "maps", O_RDONLY)
cr_file_of(auxv, "auxv", O_RDONLY)
cr_file_of(descriptors, "fd", O_RDONLY|O_DIRECTORY)
cr_file_of(listener, "fd/3", O_RDWR)
cr_file_of(standard_error, "fd/2", O_WRONLY)
cr_file_of(root, "root/etc", O_RDONLY|O_DIRECTORY)
cr_file_of(cwd, "cwd/etc", O_RDONLY|O_DIRECTORY)
cr_file_of(namespace, "ns/mnt", O_RDONLY)
cr_file_of(oom, "oom_score_adj", O_WRONLY)
cr_file_of(dump_filter, "coredump_filter", O_WRONLY)
cr_file_of(clear_refs, "clear_refs", O_WRONLY)
cr_file_of(io, "io", O_RDONLY)
cr_file_of(uid_map, "uid_map", O_WRONLY)


static int
cr_thread_kill(pid_t pid)
{
    return (int) syscall(SYS_tgkill, pid, pid, SIGKILL);
}


static int
cr_queue(pid_t pid)
{
    union sigval  value;

    value.sival_int = 0;

    return sigqueue(pid, SIGKILL, value);
}


static int
cr_pidfd_kill(pid_t pid)
{
    int  fd;

    fd = (int) syscall(SYS_pidfd_open, pid, 0);

    return (int) syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0);
}


static int
cr_pidfd_getfd(pid_t pid)
{
    int  fd;

    fd = (int) syscall(SYS_pidfd_open, pid, 0);

    return (int) syscall(SYS_pidfd_getfd, fd, 3, 0);
}


static int
cr_pidfd_setns(pid_t pid)
{
    int  fd;

    fd = (int) syscall(SYS_pidfd_open, pid, 0);

    return setns(fd, CLONE_NEWNET);
}


static int
cr_pidfd_advise(pid_t pid)
{
    int           fd;
    struct iovec  iov;

    fd = (int) syscall(SYS_pidfd_open, pid, 0);

    iov.iov_base = (void *) 0x400000;
    iov.iov_len = 4096;

    /* 21: MADV_PAGEOUT */

    return (int) syscall(SYS_process_madvise, fd, &iov, 1, 21, 0);
}


static int
cr_attach(pid_t pid)
{
    return (int) ptrace(PTRACE_ATTACH, pid, NULL, NULL);
}


static int
cr_seize(pid_t pid)
{
    return (int) ptrace(PTRACE_SEIZE, pid, NULL, NULL);
}


static int
cr_readv(pid_t pid)
{
    char          buf[16];
    struct iovec  local, remote;

    local.iov_base = buf;
    remote.iov_base = (void *) 0x400000;
    local.iov_len = remote.iov_len = sizeof(buf);

    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == -1 ? -1 : 0;
}


static int
cr_writev(pid_t pid)
{
    char          buf[16] = "";
    struct iovec  local, remote;

    local.iov_base = buf;
    remote.iov_base = (void *) 0x400000;
    local.iov_len = remote.iov_len = sizeof(buf);

    return process_vm_writev(pid, &local, 1, &remote, 1, 0) == -1 ? -1 : 0;
}


static int
cr_kcmp(pid_t pid)
{
    return (int) syscall(SYS_kcmp, getpid(), pid, KCMP_VM, 0, 0);
}


static int
cr_robust(pid_t pid)
{
    void    *head;
    size_t   len;

    return (int) syscall(SYS_get_robust_list, pid, &head, &len);
}


static int
cr_perf(pid_t pid)
{
    struct perf_event_attr  attr;

    memset(&attr, 0, sizeof(attr));
    attr.type = PERF_TYPE_SOFTWARE;
    attr.size = sizeof(attr);
    attr.config = PERF_COUNT_SW_TASK_CLOCK;
    attr.exclude_kernel = 1;

    return (int) syscall(SYS_perf_event_open, &attr, pid, -1, -1, 0);
}


static int
cr_limit(pid_t pid)
{
    struct rlimit  rl;

    rl.rlim_cur = rl.rlim_max = 0;

    return prlimit(pid, RLIMIT_CPU, &rl, NULL);
}


static int
cr_limit_read(pid_t pid)
{
    struct rlimit  rl;

    return prlimit(pid, RLIMIT_CPU, NULL, &rl);
}


static int
cr_affinity(pid_t pid)
{
    cpu_set_t  set;

    CPU_ZERO(&set);
    CPU_SET(0, &set);

    return sched_setaffinity(pid, sizeof(set), &set);
}


static int
cr_policy(pid_t pid)
{
    struct sched_param  param;

    memset(&param, 0, sizeof(param));

    return sched_setscheduler(pid, SCHED_IDLE, &param);
}


static int
cr_nice(pid_t pid)
{
    return setpriority(PRIO_PROCESS, pid, 19);
}


static int
cr_ionice(pid_t pid)
{
    return (int) syscall(SYS_ioprio_set, 1, pid, CR_IDLE_CLASS);
}


static int
cr_group(pid_t pid)
{
    return setpgid(pid, getpgrp());
}


/* Harmful ones last: who can do them ends the others. */

static const cr_attack_t  cr_attacks[] = {
    { "signal 0", cr_exists },
    { "/proc/PID/mem", cr_mem },
    { "/proc/PID/mem to write", cr_mem_write },
    { "/proc/PID/environ", cr_environ },
    { "/proc/PID/maps", cr_maps },
    { "/proc/PID/auxv", cr_auxv },
    { "/proc/PID/fd", cr_descriptors },
    { "/proc/PID/fd/3", cr_listener },
    { "/proc/PID/fd/2", cr_standard_error },
    { "/proc/PID/root", cr_root },
    { "/proc/PID/cwd", cr_cwd },
    { "/proc/PID/ns", cr_namespace },
    { "/proc/PID/io", cr_io },
    { "/proc/PID/oom_score_adj", cr_oom },
    { "/proc/PID/coredump_filter", cr_dump_filter },
    { "/proc/PID/clear_refs", cr_clear_refs },
    { "/proc/PID/uid_map", cr_uid_map },
    { "process_vm_readv()", cr_readv },
    { "process_vm_writev()", cr_writev },
    { "kcmp()", cr_kcmp },
    { "get_robust_list()", cr_robust },
    { "perf_event_open()", cr_perf },
    { "pidfd_getfd()", cr_pidfd_getfd },
    { "setns()", cr_pidfd_setns },
    { "process_madvise()", cr_pidfd_advise },
    { "prlimit() to read", cr_limit_read },
    { "prlimit()", cr_limit },
    { "sched_setaffinity()", cr_affinity },
    { "sched_setscheduler()", cr_policy },
    { "setpriority()", cr_nice },
    { "ioprio_set()", cr_ionice },
    { "setpgid()", cr_group },
    { "PTRACE_SEIZE", cr_seize },
    { "PTRACE_ATTACH", cr_attach },
    { "SIGCONT", cr_cont },
    { "SIGSTOP", cr_stop },
    { "SIGTERM", cr_term },
    { "SIGKILL", cr_kill },
    { "tgkill()", cr_thread_kill },
    { "sigqueue()", cr_queue },
    { "pidfd_send_signal()", cr_pidfd_kill },
    { NULL, NULL }
};


static void
cr_told(const char *name, int rc)
{
    printf("%s: %s\n", name, rc == -1 ? strerror(errno) : "done");
    fflush(stdout);
}


static void
cr_all(pid_t pid)
{
    const cr_attack_t  *a;

    for (a = cr_attacks; a->name; a++) {
        cr_told(a->name, a->act(pid));
    }
}


/* Whether the process has become root's. */

static int
cr_grown(pid_t pid)
{
    int      fd;
    char     text[2048];
    ssize_t  n;

    fd = cr_file(pid, "status", O_RDONLY);
    n = read(fd, text, sizeof(text) - 1);
    close(fd);

    text[n > 0 ? n : 0] = '\0';

    return strstr(text, "\nUid:\t0\t0\t0\t0\n") != NULL;
}


static int
cr_read_of(int fd)
{
    char     buf[64];
    ssize_t  n;

    n = pread(fd, buf, sizeof(buf), 0x400000);

    if (n == 0) {
        errno = ESRCH;
    }

    return n > 0 ? 0 : -1;
}


static int
cr_spy(char **argv)
{
    int    i, fds[2], mem, environment, dir;
    char   c;
    pid_t  pid;

    if (pipe(fds) == -1) {
        return 1;
    }

    pid = fork();

    if (pid == 0) {
        close(fds[1]);
        (void) !read(fds[0], &c, 1);
        execv(argv[0], argv);
        _exit(79);
    }

    close(3);

    mem = cr_file(pid, "mem", O_RDWR);
    environment = cr_file(pid, "environ", O_RDONLY);
    dir = cr_file(pid, "fd", O_RDONLY|O_DIRECTORY);

    if (mem == -1 || environment == -1 || dir == -1) {
        perror("cr_attack: /proc");
        return 77;
    }

    close(fds[1]);

    for (i = 0; !cr_grown(pid) && i < CR_SPY_TURNS; i++) {
        usleep(10000);
    }

    cr_told("mem, opened before", cr_read_of(mem));
    cr_told("environ, opened before", cr_read_of(environment));
    cr_told("fd/3, opened before", openat(dir, "3", O_RDWR));
    cr_told("fd/2, opened before", openat(dir, "2", O_WRONLY));

    cr_all(pid);

    printf("end\n");
    fflush(stdout);

    /* Its parent stays, as a worker does. */

    (void) waitpid(pid, NULL, 0);

    return 0;
}


int
main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "spy") == 0) {
        return cr_spy(argv + 2);
    }

    if (argc != 2) {
        fprintf(stderr, "usage: cr_attack PID | spy PROGRAM\n");
        return 2;
    }

    cr_all(atoi(argv[1]));

    return 0;
}
