
/*
 * The system calls a cell may make.  Everything not named below answers
 * ENOSYS, which libraries take as an old kernel and do without; what a
 * program would not understand to be missing, or must plainly be told, is
 * named and answers EPERM.  A call of a foreign architecture (i386, x32)
 * kills the cell: no honest program here makes one.
 *
 * A call is allowed because an interpreter, its standard library or glibc
 * needs it in a cell that has no network, no child processes and, mostly, a
 * read-only file system.  Each group says why it may.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <linux/futex.h>
#include <linux/seccomp.h>

#include "cr_layers.h"


#define CR_SECCOMP_LOW       0xffffffffULL

/* Flags of open() that create or change; O_TMPFILE without O_DIRECTORY. */

#define CR_SECCOMP_TMPFILE   (O_TMPFILE & ~O_DIRECTORY)

/* What glibc's pthread_create() asks of clone(), and nothing else does. */

#define CR_SECCOMP_THREAD                                                     \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND        \
     | CLONE_THREAD | CLONE_SETTLS | CLONE_PARENT_SETTID                      \
     | CLONE_CHILD_CLEARTID)

#define CR_SECCOMP_CALLS     512

#define CR_SECCOMP_EXPORT    (sizeof(struct sock_filter) * BPF_MAXINSNS)


/* A list of calls ends with this: no call and no pseudo call has the number. */

#define CR_SECCOMP_END       (-1)


typedef struct {
    int                   call;
    uint32_t              action;
    struct scmp_arg_cmp   arg;
} cr_seccomp_rule_t;


static int cr_seccomp_rules(scmp_filter_ctx ctx, const cr_profile_t *profile);
static int cr_seccomp_list(scmp_filter_ctx ctx, uint32_t action,
    const int *calls);
static int cr_seccomp_args(scmp_filter_ctx ctx, const cr_seccomp_rule_t *rules,
    size_t n);
static uint32_t cr_seccomp_action(uint32_t action);
static int cr_seccomp_export(scmp_filter_ctx ctx, struct sock_fprog *prog);
static void cr_seccomp_names(void);
static int cr_seccomp_trap(void);
static void cr_seccomp_refused(int signo, siginfo_t *si, void *context);


/* In debug mode a refusal is a signal, whose handler names the call. */

static int         cr_seccomp_debug;
static char       *cr_seccomp_name[CR_SECCOMP_CALLS];
static uint16_t    cr_seccomp_errno[CR_SECCOMP_CALLS];


/*
 * Bytes in and out of descriptors that the cell has: its pipes, and files
 * that it could open.
 */

static const int  cr_seccomp_io[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
    SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(lseek), SCMP_SYS(close),
    SCMP_SYS(close_range), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3),
    SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(eventfd2),
    CR_SECCOMP_END
};

/* Looking at the read-only tree, which holds nothing that is secret. */

static const int  cr_seccomp_look[] = {
    SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs),
    SCMP_SYS(fstatfs), SCMP_SYS(access), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(chdir),
    SCMP_SYS(fchdir), SCMP_SYS(fadvise64),
    CR_SECCOMP_END
};

/* The cell's own memory; mmap and mprotect are below, without PROT_EXEC. */

static const int  cr_seccomp_memory[] = {
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    SCMP_SYS(msync),
    CR_SECCOMP_END
};

/*
 * Signals.  kill reaches nobody else: the pid namespace holds this one cell,
 * its session is its own, and Landlock's scope says so once more.  abort()
 * and raise() are tgkill.
 */

static const int  cr_seccomp_signals[] = {
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigpending), SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(rt_sigsuspend), SCMP_SYS(sigaltstack), SCMP_SYS(pause),
    SCMP_SYS(restart_syscall), SCMP_SYS(kill), SCMP_SYS(tgkill),
    SCMP_SYS(alarm), SCMP_SYS(setitimer), SCMP_SYS(getitimer),
    CR_SECCOMP_END
};

/* Clocks and sleeping; most of the first are vDSO calls and come rarely. */

static const int  cr_seccomp_time[] = {
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday),
    SCMP_SYS(time), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(times), SCMP_SYS(getrusage),
    CR_SECCOMP_END
};

/* Waiting for the cell's own descriptors. */

static const int  cr_seccomp_poll[] = {
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6),
    SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
    CR_SECCOMP_END
};

/* Questions about itself, whose answers its namespaces make harmless. */

static const int  cr_seccomp_self[] = {
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getpgrp),
    SCMP_SYS(getpgid), SCMP_SYS(getsid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
    SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getresuid),
    SCMP_SYS(getresgid), SCMP_SYS(getgroups), SCMP_SYS(getpriority),
    SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getcpu),
    SCMP_SYS(getrandom), SCMP_SYS(getrlimit), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(umask),
    CR_SECCOMP_END
};

/* Ends, and the waits of a program that finds it has no children. */

static const int  cr_seccomp_end[] = {
    SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(wait4), SCMP_SYS(waitid),
    CR_SECCOMP_END
};

/* What a new thread does first; pthread_create() itself is clone, below. */

static const int  cr_seccomp_threads[] = {
    SCMP_SYS(rseq), SCMP_SYS(set_robust_list),
    CR_SECCOMP_END
};

/*
 * Changing files.  Allowed where the profile gives a /tmp to write: all else
 * is mounted read-only and closed by Landlock.  Elsewhere refused as what a
 * program may not do, for its user to read.
 */

static const int  cr_seccomp_write[] = {
    SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rmdir), SCMP_SYS(unlink),
    SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat),
    SCMP_SYS(renameat2), SCMP_SYS(link), SCMP_SYS(linkat),
    SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(truncate),
    SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(chmod),
    SCMP_SYS(fchmod), SCMP_SYS(fchmodat), SCMP_SYS(utimensat),
    SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(flock),
    SCMP_SYS(sendfile), SCMP_SYS(copy_file_range),
    CR_SECCOMP_END
};

/* shutil copies attributes and goes on only if a file system has none. */

static const int  cr_seccomp_xattr[] = {
    SCMP_SYS(getxattr), SCMP_SYS(lgetxattr), SCMP_SYS(fgetxattr),
    SCMP_SYS(setxattr), SCMP_SYS(lsetxattr), SCMP_SYS(fsetxattr),
    SCMP_SYS(listxattr), SCMP_SYS(llistxattr), SCMP_SYS(flistxattr),
    SCMP_SYS(removexattr), SCMP_SYS(lremovexattr), SCMP_SYS(fremovexattr),
    CR_SECCOMP_END
};

/*
 * Refused by name.  A program that asks for the network, for another program
 * or process, or for power over the machine is told that it is not permitted.
 * memfd_create: memory that is a file could be executed.
 */

static const int  cr_seccomp_refused_calls[] = {
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect),
    SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4),
    SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),

    SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(execve), SCMP_SYS(execveat),
    SCMP_SYS(memfd_create), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_send_signal), SCMP_SYS(kcmp),

    SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid),
    SCMP_SYS(setregid), SCMP_SYS(setresuid), SCMP_SYS(setresgid),
    SCMP_SYS(setgroups), SCMP_SYS(setsid), SCMP_SYS(setpgid),
    SCMP_SYS(setpriority), SCMP_SYS(capset), SCMP_SYS(personality),

    SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(mount), SCMP_SYS(umount2),
    SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(open_tree),
    SCMP_SYS(move_mount), SCMP_SYS(fsopen), SCMP_SYS(mount_setattr),
    SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(chown), SCMP_SYS(fchown),
    SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(open_by_handle_at),
    SCMP_SYS(creat),

    SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key),
    SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register), SCMP_SYS(seccomp), SCMP_SYS(reboot),
    SCMP_SYS(kexec_load), SCMP_SYS(init_module), SCMP_SYS(finit_module),
    SCMP_SYS(sethostname), SCMP_SYS(settimeofday), SCMP_SYS(clock_settime),
    SCMP_SYS(syslog), SCMP_SYS(iopl), SCMP_SYS(ioperm),

    SCMP_SYS(shmget), SCMP_SYS(shmat), SCMP_SYS(semget), SCMP_SYS(msgget),
    SCMP_SYS(mq_open),
    CR_SECCOMP_END
};


#define CR_ALLOW   SCMP_ACT_ALLOW
#define CR_REFUSE  SCMP_ACT_ERRNO(EPERM)

/*
 * Calls by their arguments.  The kernel reads most of these as 32 bits and a
 * caller may leave anything above them, so commands are compared masked.
 */

static const cr_seccomp_rule_t  cr_seccomp_checked[] = {

    /* No new code: all of it was mapped before the cell was forked. */

    { SCMP_SYS(mmap), CR_ALLOW, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
    { SCMP_SYS(mmap), CR_REFUSE,
      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC) },
    { SCMP_SYS(mprotect), CR_ALLOW,
      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
    { SCMP_SYS(mprotect), CR_REFUSE,
      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC) },

    /*
     * isatty(), how much a pipe holds, and close-on-exec: CPython sets that
     * by ioctl and gives up on the error it gets when it may not.
     */

    { SCMP_SYS(ioctl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, TCGETS) },
    { SCMP_SYS(ioctl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, FIONREAD) },
    { SCMP_SYS(ioctl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~1ULL, FIONCLEX) },

    /* F_DUPFD to F_SETLKW, but no owner, signal, lease, seal, pipe size. */

    { SCMP_SYS(fcntl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~7ULL, 0) },
    { SCMP_SYS(fcntl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, F_DUPFD_CLOEXEC) },

    /* A thread's name.  Above all not PR_SET_DUMPABLE. */

    { SCMP_SYS(prctl), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, PR_SET_NAME) },
    { SCMP_SYS(prctl), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, PR_GET_NAME) },

    /* Its own limits, which can only sink. */

    { SCMP_SYS(prlimit64), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, 0) },

    /* Waiting and waking; not priority inheritance, the bugs are there. */

    { SCMP_SYS(futex), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, 0x7c, FUTEX_WAIT) },
    { SCMP_SYS(futex), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, 0x7e, FUTEX_CMP_REQUEUE) },
    { SCMP_SYS(futex), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, 0x7f, FUTEX_WAIT_BITSET) },
    { SCMP_SYS(futex), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, 0x7f, FUTEX_WAKE_BITSET) }
};

/*
 * openat() without a profile's leave to write.  The access mode is both of
 * O_WRONLY and O_RDWR; each flag that creates or changes is refused by name,
 * so that what is left over is a plain read.
 */

static const cr_seccomp_rule_t  cr_seccomp_open[] = {
    { SCMP_SYS(openat), CR_ALLOW,
      SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE|O_CREAT|O_TRUNC|O_APPEND
                                  |CR_SECCOMP_TMPFILE, O_RDONLY) },
    { SCMP_SYS(openat), CR_REFUSE,
      SCMP_A2(SCMP_CMP_MASKED_EQ, O_WRONLY, O_WRONLY) },
    { SCMP_SYS(openat), CR_REFUSE,
      SCMP_A2(SCMP_CMP_MASKED_EQ, O_RDWR, O_RDWR) },
    { SCMP_SYS(openat), CR_REFUSE,
      SCMP_A2(SCMP_CMP_MASKED_EQ, O_CREAT, O_CREAT) },
    { SCMP_SYS(openat), CR_REFUSE,
      SCMP_A2(SCMP_CMP_MASKED_EQ, O_TRUNC, O_TRUNC) },
    { SCMP_SYS(openat), CR_REFUSE,
      SCMP_A2(SCMP_CMP_MASKED_EQ, O_APPEND, O_APPEND) },
    { SCMP_SYS(openat), CR_REFUSE,
      SCMP_A2(SCMP_CMP_MASKED_EQ, CR_SECCOMP_TMPFILE, CR_SECCOMP_TMPFILE) }
};

/* clone3's flags are in memory, out of a filter's sight: glibc falls back. */

static const cr_seccomp_rule_t  cr_seccomp_clone[] = {
    { SCMP_SYS(clone), CR_ALLOW,
      SCMP_A0(SCMP_CMP_EQ, CR_SECCOMP_THREAD) },
    { SCMP_SYS(clone), CR_REFUSE,
      SCMP_A0(SCMP_CMP_NE, CR_SECCOMP_THREAD) }
};

static const int  cr_seccomp_openat[] = { SCMP_SYS(openat), CR_SECCOMP_END };
static const int  cr_seccomp_no_clone[] = { SCMP_SYS(clone), CR_SECCOMP_END };


#define cr_seccomp_n(rules)  (sizeof(rules) / sizeof(rules[0]))


int
cr_seccomp_compile(const cr_profile_t *profile, struct sock_fprog *prog)
{
    int              rc;
    scmp_filter_ctx  ctx;

    cr_seccomp_debug = profile->debug;

    if (cr_seccomp_debug) {
        cr_seccomp_names();
    }

    ctx = seccomp_init(cr_seccomp_action(SCMP_ACT_ERRNO(ENOSYS)));

    if (ctx == NULL) {
        errno = ENOMEM;
        return -1;
    }

    /*
     * A binary tree of numbers instead of a list: every cell pays for the
     * program's length once, when the kernel checks and translates it.
     */

    rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
                          SCMP_ACT_KILL_PROCESS);

    if (rc == 0) {
        rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    }

    if (rc == 0) {
        rc = cr_seccomp_rules(ctx, profile);
    }

    if (rc == 0) {
        rc = cr_seccomp_export(ctx, prog);
    }

    seccomp_release(ctx);

    if (rc != 0) {
        errno = -rc;
        return -1;
    }

    return 0;
}


int
cr_seccomp_load(const struct sock_fprog *prog)
{
    if (cr_seccomp_debug && cr_seccomp_trap() == -1) {
        return -1;
    }

    return (int) syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, prog);
}


static int
cr_seccomp_rules(scmp_filter_ctx ctx, const cr_profile_t *profile)
{
    int     rc;
    size_t  i;

    static const int  *base[] = {
        cr_seccomp_io, cr_seccomp_look, cr_seccomp_memory,
        cr_seccomp_signals, cr_seccomp_time, cr_seccomp_poll,
        cr_seccomp_self, cr_seccomp_end
    };

    for (i = 0; i < cr_seccomp_n(base); i++) {
        rc = cr_seccomp_list(ctx, CR_ALLOW, base[i]);
        if (rc != 0) {
            return rc;
        }
    }

    rc = cr_seccomp_list(ctx, CR_REFUSE, cr_seccomp_refused_calls);
    if (rc != 0) {
        return rc;
    }

    rc = cr_seccomp_args(ctx, cr_seccomp_checked,
                         cr_seccomp_n(cr_seccomp_checked));
    if (rc != 0) {
        return rc;
    }

    rc = cr_seccomp_list(ctx, profile->write ? CR_ALLOW : CR_REFUSE,
                         cr_seccomp_write);
    if (rc != 0) {
        return rc;
    }

    if (profile->write) {
        rc = cr_seccomp_list(ctx, SCMP_ACT_ERRNO(ENOTSUP), cr_seccomp_xattr);
        if (rc == 0) {
            rc = cr_seccomp_list(ctx, CR_ALLOW, cr_seccomp_openat);
        }

    } else {
        rc = cr_seccomp_args(ctx, cr_seccomp_open,
                             cr_seccomp_n(cr_seccomp_open));
    }

    if (rc != 0) {
        return rc;
    }

    if (!profile->threads) {
        return cr_seccomp_list(ctx, CR_REFUSE, cr_seccomp_no_clone);
    }

    rc = cr_seccomp_list(ctx, CR_ALLOW, cr_seccomp_threads);
    if (rc != 0) {
        return rc;
    }

    return cr_seccomp_args(ctx, cr_seccomp_clone,
                           cr_seccomp_n(cr_seccomp_clone));
}


static int
cr_seccomp_list(scmp_filter_ctx ctx, uint32_t action, const int *calls)
{
    int  rc;

    for ( /* void */ ; *calls != CR_SECCOMP_END; calls++) {

        /* Below 0: this architecture has no such call. */

        if (*calls < 0) {
            continue;
        }

        if (cr_seccomp_debug && *calls < CR_SECCOMP_CALLS
            && action != CR_ALLOW)
        {
            cr_seccomp_errno[*calls] = action & SECCOMP_RET_DATA;
        }

        rc = seccomp_rule_add(ctx, cr_seccomp_action(action), *calls, 0);
        if (rc != 0) {
            return rc;
        }
    }

    return 0;
}


static int
cr_seccomp_args(scmp_filter_ctx ctx, const cr_seccomp_rule_t *rules, size_t n)
{
    int     rc;
    size_t  i;

    for (i = 0; i < n; i++) {

        if (cr_seccomp_debug && rules[i].call < CR_SECCOMP_CALLS) {
            cr_seccomp_errno[rules[i].call] = EPERM;
        }

        rc = seccomp_rule_add_array(ctx, cr_seccomp_action(rules[i].action),
                                    rules[i].call, 1, &rules[i].arg);
        if (rc != 0) {
            return rc;
        }
    }

    return 0;
}


static uint32_t
cr_seccomp_action(uint32_t action)
{
    if (cr_seccomp_debug && action != CR_ALLOW) {
        return SCMP_ACT_TRAP;
    }

    return action;
}


/* libseccomp writes programs to descriptors alone; the memory is one. */

static int
cr_seccomp_export(scmp_filter_ctx ctx, struct sock_fprog *prog)
{
    int      fd, rc;
    off_t    size;
    ssize_t  n;

    fd = memfd_create("seccomp", MFD_CLOEXEC);

    if (fd == -1) {
        return -errno;
    }

    rc = seccomp_export_bpf(ctx, fd);

    if (rc != 0) {
        (void) close(fd);
        return rc;
    }

    rc = -EIO;
    size = lseek(fd, 0, SEEK_END);

    if (size > 0 && (size_t) size <= CR_SECCOMP_EXPORT
        && size % sizeof(struct sock_filter) == 0)
    {
        prog->filter = malloc(size);

        if (prog->filter != NULL) {
            n = pread(fd, prog->filter, size, 0);
            prog->len = size / sizeof(struct sock_filter);
            rc = n == size ? 0 : -EIO;

        } else {
            rc = -ENOMEM;
        }
    }

    (void) close(fd);

    return rc;
}


/* A signal handler may not ask libseccomp for a name, which allocates. */

static void
cr_seccomp_names(void)
{
    int  i;

    for (i = 0; i < CR_SECCOMP_CALLS; i++) {
        cr_seccomp_name[i] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE,
                                                              i);
        cr_seccomp_errno[i] = ENOSYS;
    }
}


static int
cr_seccomp_trap(void)
{
    struct sigaction  sa;

    memset(&sa, 0, sizeof(sa));

    sa.sa_sigaction = cr_seccomp_refused;
    sa.sa_flags = SA_SIGINFO|SA_NODEFER|SA_RESTART;

    return sigaction(SIGSYS, &sa, NULL);
}


static void
cr_seccomp_refused(int signo, siginfo_t *si, void *context)
{
    int          err, n, call;
    char         line[96];
    ucontext_t  *uc;

    (void) signo;

    err = errno;
    uc = context;
    call = si->si_syscall;

    n = snprintf(line, sizeof(line), "coderemote: refused system call %s\n",
                 call >= 0 && call < CR_SECCOMP_CALLS
                 && cr_seccomp_name[call] != NULL
                 ? cr_seccomp_name[call] : "unknown");

    if (write(STDERR_FILENO, line, n) == -1) {
        /* Nobody reads it: the refusal stands. */
    }

    n = call >= 0 && call < CR_SECCOMP_CALLS ? cr_seccomp_errno[call] : ENOSYS;

#if defined(__x86_64__)
    uc->uc_mcontext.gregs[REG_RAX] = -n;
#elif defined(__aarch64__)
    uc->uc_mcontext.regs[0] = -n;
#else
#error "name the register of a system call's result here"
#endif

    errno = err;
}
