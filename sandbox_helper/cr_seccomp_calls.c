
/*
 * The system calls a cell may make, by groups, each with its reason.
 * Everything not named here answers ENOSYS, which libraries take as an old
 * kernel and do without; what a program must plainly be told is named and
 * answers EPERM.
 *
 * A call is allowed because an interpreter, its standard library or glibc
 * needs it in a cell that has no network, no child processes and, mostly, a
 * read-only file system; where the profile has `seccomp = exec`, because a
 * program that is executed there does: it has processes, and brings code of
 * its own.  Left out on purpose, for libraries copy without:
 * splice, sendfile and their like, which put the pages of files that all
 * cells share into pipes.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <time.h>
#if defined(__x86_64__)
#include <asm/prctl.h>
#endif
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <linux/futex.h>

#include "cr_seccomp_calls.h"


#define CR_SECCOMP_LOW       0xffffffffULL

/* Flags of open() that create or change; O_TMPFILE without O_DIRECTORY. */

#define CR_SECCOMP_TMPFILE   (O_TMPFILE & ~O_DIRECTORY)

/* What glibc's pthread_create() asks of clone(), and nothing else does. */

#define CR_SECCOMP_THREAD                                                     \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND        \
     | CLONE_THREAD | CLONE_SETTLS | CLONE_PARENT_SETTID                      \
     | CLONE_CHILD_CLEARTID)


/*
 * Bytes in and out of descriptors that the cell has: its pipes, and files
 * that it could open.
 */

static const int  cr_seccomp_io[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
    SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(lseek), SCMP_SYS(close),
    SCMP_SYS(close_range), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3),
    SCMP_SYS(pipe),
    CR_SECCOMP_END
};

/* Looking at the read-only tree, which holds nothing that is secret. */

static const int  cr_seccomp_look[] = {
    SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs),
    SCMP_SYS(fstatfs), SCMP_SYS(access), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(chdir),
    SCMP_SYS(fchdir),
    CR_SECCOMP_END
};

/* The cell's own memory; mmap, mprotect and madvise are below. */

static const int  cr_seccomp_memory[] = {
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(msync),
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
    SCMP_SYS(timer_settime),
    CR_SECCOMP_END
};

/* Clocks and sleeping; most of the first are vDSO calls and come rarely. */

static const int  cr_seccomp_time[] = {
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday),
    SCMP_SYS(time), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(times), SCMP_SYS(getrusage),
    CR_SECCOMP_END
};

/* Waiting for the cell's own descriptors, of which it has few. */

static const int  cr_seccomp_poll[] = {
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6),
    CR_SECCOMP_END
};

/*
 * Questions about itself, whose answers its namespaces make harmless, and
 * about the machine: its kernel, processors, memory and load are no secret.
 */

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
 * Event loops and what wakes them.  With threads alone: what waits for itself
 * only does with poll, which libraries fall back to.
 */

static const int  cr_seccomp_events[] = {
    SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2), SCMP_SYS(eventfd2),
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
    SCMP_SYS(fsync), SCMP_SYS(fdatasync),
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

static const int  cr_seccomp_refused[] = {
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect),
    SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4),
    SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),

    SCMP_SYS(execveat), SCMP_SYS(memfd_create), SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_send_signal), SCMP_SYS(kcmp),

    SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid),
    SCMP_SYS(setregid), SCMP_SYS(setresuid), SCMP_SYS(setresgid),
    SCMP_SYS(setgroups), SCMP_SYS(setpriority), SCMP_SYS(sched_setaffinity),
    SCMP_SYS(sched_setscheduler), SCMP_SYS(sched_setparam),
    SCMP_SYS(sched_setattr), SCMP_SYS(capset), SCMP_SYS(personality),

    SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(mount), SCMP_SYS(umount2),
    SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(open_tree),
    SCMP_SYS(move_mount), SCMP_SYS(fsopen), SCMP_SYS(mount_setattr),
    SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(chown), SCMP_SYS(fchown),
    SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(open_by_handle_at),
    SCMP_SYS(creat), SCMP_SYS(flock),

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


/*
 * Calls by their arguments.  The kernel reads most of these as 32 bits and a
 * caller may leave anything above them, so commands are compared masked.
 */

static const cr_seccomp_rule_t  cr_seccomp_checked[] = {

    /*
     * Advice on one's own pages: how they are read, that they are not needed,
     * or how large to make them.  Above all not to look for the same page in
     * other processes (MADV_MERGEABLE), which then can be timed; nor to push
     * the files that all cells share out of memory, for the same reason.
     */

    { SCMP_SYS(madvise), CR_ALLOW,
      SCMP_A2(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~3ULL, MADV_NORMAL) },
    { SCMP_SYS(madvise), CR_ALLOW,
      SCMP_A2(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, MADV_DONTNEED) },
    { SCMP_SYS(madvise), CR_ALLOW,
      SCMP_A2(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, MADV_FREE) },
    { SCMP_SYS(madvise), CR_ALLOW,
      SCMP_A2(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~1ULL, MADV_HUGEPAGE) },
    { SCMP_SYS(fadvise64), CR_ALLOW,
      SCMP_A3(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~3ULL,
              POSIX_FADV_NORMAL) },

    /* Pipes, but none that the kernel writes notes to (O_EXCL). */

    { SCMP_SYS(pipe2), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ,
              CR_SECCOMP_LOW & ~(uint64_t) (O_CLOEXEC|O_NONBLOCK|O_DIRECT),
              0) },

    /*
     * isatty(), how much a pipe holds; close-on-exec and non-blocking, which
     * fcntl sets as well, but CPython does by ioctl and gives up without.
     */

    { SCMP_SYS(ioctl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, TCGETS) },
    { SCMP_SYS(ioctl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, FIONREAD) },
    { SCMP_SYS(ioctl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~1ULL, FIONCLEX) },
    { SCMP_SYS(ioctl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, FIONBIO) },

    /* F_DUPFD to F_SETFL, but no owner, signal, lease, seal, pipe size. */

    { SCMP_SYS(fcntl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~3ULL, F_DUPFD) },
    { SCMP_SYS(fcntl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, F_SETFL) },
    { SCMP_SYS(fcntl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, F_DUPFD_CLOEXEC) },

    /* A thread's name.  Above all not PR_SET_DUMPABLE. */

    { SCMP_SYS(prctl), CR_ALLOW, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME) },
    { SCMP_SYS(prctl), CR_ALLOW, SCMP_A0(SCMP_CMP_EQ, PR_GET_NAME) },
    { SCMP_SYS(prctl), CR_REFUSE, SCMP_A0(SCMP_CMP_LT, PR_SET_NAME) },
    { SCMP_SYS(prctl), CR_REFUSE, SCMP_A0(SCMP_CMP_GT, PR_GET_NAME) },

    /*
     * A timer on the plain clock, by which unfinished lines go out.  None that
     * counts processor time: the bugs are there.
     */

    { SCMP_SYS(timer_create), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, CLOCK_MONOTONIC) },

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
 * No new code: all of it was mapped before the cell was forked.  Nor pages of
 * the machine's pool of large ones, which no cgroup's memory counts.
 */

static const cr_seccomp_rule_t  cr_seccomp_no_code[] = {
    { SCMP_SYS(mmap), CR_ALLOW, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
      SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_HUGETLB, 0) },
    { SCMP_SYS(mmap), CR_REFUSE,
      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC) },
    { SCMP_SYS(mmap), CR_REFUSE,
      SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_HUGETLB, MAP_HUGETLB) },
    { SCMP_SYS(mprotect), CR_ALLOW,
      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
    { SCMP_SYS(mprotect), CR_REFUSE,
      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC) },
};

/* Its own limits, which can only sink. */

static const cr_seccomp_rule_t  cr_seccomp_limits[] = {
    { SCMP_SYS(prlimit64), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, 0) }
};

/*
 * The same, but RLIMIT_CORE, which is 4, can only be looked at: an exec makes a
 * process dumpable again, and with a limit of 0 in place of 1 the machine's
 * program for cores, if it has one, would be started for it.
 */

static const cr_seccomp_rule_t  cr_seccomp_limits_exec[] = {
    { SCMP_SYS(prlimit64), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, 0),
      SCMP_A2(SCMP_CMP_EQ, 0) },
    { SCMP_SYS(prlimit64), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, 0),
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~3ULL, 0) },
    { SCMP_SYS(prlimit64), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, 0),
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, 5) },
    { SCMP_SYS(prlimit64), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, 0),
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~1ULL, 6) },
    { SCMP_SYS(prlimit64), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, 0),
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~7ULL, 8) },
    { SCMP_SYS(prlimit64), CR_REFUSE,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, 4),
      SCMP_A2(SCMP_CMP_NE, 0) }
};

/*
 * An executed program maps its own code: the dynamic loader's libraries, what
 * a compiler at run time makes.
 */

static const cr_seccomp_rule_t  cr_seccomp_code[] = {
    { SCMP_SYS(mmap), CR_ALLOW, SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_HUGETLB, 0) },
    { SCMP_SYS(mmap), CR_REFUSE,
      SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_HUGETLB, MAP_HUGETLB) },

    /* Where a thread's own memory is, which the dynamic loader sets. */

#if defined(__x86_64__)
    { SCMP_SYS(arch_prctl), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, ARCH_SET_FS) },
    { SCMP_SYS(arch_prctl), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, ARCH_GET_FS) }
#endif
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

/*
 * Locks of records, which databases take on their files in /tmp; what has
 * none to write needs none, and could only signal to others by them.
 */

static const cr_seccomp_rule_t  cr_seccomp_locks[] = {
    { SCMP_SYS(fcntl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW, F_GETLK) },
    { SCMP_SYS(fcntl), CR_ALLOW,
      SCMP_A1(SCMP_CMP_MASKED_EQ, CR_SECCOMP_LOW & ~1ULL, F_SETLK) }
};

/* clone3's flags are in memory, out of a filter's sight: glibc falls back. */

static const cr_seccomp_rule_t  cr_seccomp_clone[] = {
    { SCMP_SYS(clone), CR_ALLOW,
      SCMP_A0(SCMP_CMP_EQ, CR_SECCOMP_THREAD) },
    { SCMP_SYS(clone), CR_REFUSE,
      SCMP_A0(SCMP_CMP_NE, CR_SECCOMP_THREAD) }
};

/*
 * Processes as well, but none in a namespace of its own, traced by its maker's
 * tracer, or its maker's sibling; nor a descriptor for one.
 */

#define cr_seccomp_no_clone_of(flag)                                          \
    { SCMP_SYS(clone), CR_REFUSE, SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag) }

static const cr_seccomp_rule_t  cr_seccomp_clone_exec[] = {
    { SCMP_SYS(clone), CR_ALLOW,
      SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS
                                  |CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID
                                  |CLONE_NEWNET|CLONE_PTRACE|CLONE_UNTRACED
                                  |CLONE_PARENT|CLONE_PIDFD, 0) },
    cr_seccomp_no_clone_of(CLONE_NEWNS),
    cr_seccomp_no_clone_of(CLONE_NEWCGROUP),
    cr_seccomp_no_clone_of(CLONE_NEWUTS),
    cr_seccomp_no_clone_of(CLONE_NEWIPC),
    cr_seccomp_no_clone_of(CLONE_NEWUSER),
    cr_seccomp_no_clone_of(CLONE_NEWPID),
    cr_seccomp_no_clone_of(CLONE_NEWNET),
    cr_seccomp_no_clone_of(CLONE_PTRACE),
    cr_seccomp_no_clone_of(CLONE_UNTRACED),
    cr_seccomp_no_clone_of(CLONE_PARENT),
    cr_seccomp_no_clone_of(CLONE_PIDFD)
};

static const int  cr_seccomp_openat[] = {
    SCMP_SYS(openat),
    CR_SECCOMP_END
};

static const int  cr_seccomp_no_clone[] = {
    SCMP_SYS(clone),
    CR_SECCOMP_END
};

/*
 * Programs, and the groups and sessions that shells and what starts in the
 * background put them in: there is no terminal to take from anybody, and
 * signals reach the cell alone.  Refused where the zygote's code is all.
 */

static const int  cr_seccomp_programs[] = {
    SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(execve), SCMP_SYS(setpgid),
    SCMP_SYS(setsid),
    CR_SECCOMP_END
};

/* What a program does once it is executed; its pages may become code. */

static const int  cr_seccomp_start[] = {
    SCMP_SYS(set_tid_address), SCMP_SYS(mprotect),
    CR_SECCOMP_END
};

/*
 * What the kit itself does in a zygote, and in a cell before it parks: fork,
 * talk over its socket, mount /tmp, drop ids and capabilities, enter
 * Landlock, load the last filter.  The zygote's filter allows these as they
 * are, but mount for a /tmp alone; the cell's, loaded on top, has the rules
 * above for them, or none.
 */

const int  cr_seccomp_setup[] = {
    SCMP_SYS(clone3), SCMP_SYS(sendmsg), SCMP_SYS(recvmsg), SCMP_SYS(mount),
    SCMP_SYS(setsid), SCMP_SYS(setgroups), SCMP_SYS(setresgid),
    SCMP_SYS(setresuid), SCMP_SYS(setuid), SCMP_SYS(setfsuid),
    SCMP_SYS(setfsgid), SCMP_SYS(capget), SCMP_SYS(capset), SCMP_SYS(prctl),
    SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_add_rule),
    SCMP_SYS(landlock_restrict_self), SCMP_SYS(seccomp),
    CR_SECCOMP_END
};


/*
 * Refused without a word in debug mode too: glibc makes these with all signals
 * blocked, and a blocked SIGSYS kills.
 */

const int  cr_seccomp_silent[] = {
    SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(fork), SCMP_SYS(vfork),
    CR_SECCOMP_END
};


#define cr_seccomp_n(rules)  (sizeof(rules) / sizeof(rules[0]))


static int cr_seccomp_base(cr_seccomp_t *sec);
static int cr_seccomp_files(cr_seccomp_t *sec, const cr_profile_t *profile);
static int cr_seccomp_tasks(cr_seccomp_t *sec, const cr_profile_t *profile);
static int cr_seccomp_exec(cr_seccomp_t *sec, const cr_profile_t *profile);


int
cr_seccomp_policy(cr_seccomp_t *sec, const cr_profile_t *profile)
{
    int  rc;

    rc = cr_seccomp_base(sec);

    if (rc == 0) {
        rc = cr_seccomp_files(sec, profile);
    }

    if (rc == 0) {
        rc = cr_seccomp_tasks(sec, profile);
    }

    if (rc == 0) {
        rc = cr_seccomp_exec(sec, profile);
    }

    return rc;
}


static int
cr_seccomp_base(cr_seccomp_t *sec)
{
    int     rc;
    size_t  i;

    static const int  *base[] = {
        cr_seccomp_io, cr_seccomp_look, cr_seccomp_memory,
        cr_seccomp_signals, cr_seccomp_time, cr_seccomp_poll,
        cr_seccomp_self, cr_seccomp_end
    };

    for (i = 0; i < cr_seccomp_n(base); i++) {

        rc = cr_seccomp_list(sec, CR_ALLOW, base[i]);

        if (rc != 0) {
            return rc;
        }
    }

    rc = cr_seccomp_list(sec, CR_REFUSE, cr_seccomp_refused);

    if (rc != 0) {
        return rc;
    }

    return cr_seccomp_args(sec, cr_seccomp_checked,
                           cr_seccomp_n(cr_seccomp_checked));
}


static int
cr_seccomp_files(cr_seccomp_t *sec, const cr_profile_t *profile)
{
    int  rc;

    if (!profile->write) {
        rc = cr_seccomp_list(sec, CR_REFUSE, cr_seccomp_write);

        if (rc != 0) {
            return rc;
        }

        return cr_seccomp_args(sec, cr_seccomp_open,
                               cr_seccomp_n(cr_seccomp_open));
    }

    rc = cr_seccomp_list(sec, CR_ALLOW, cr_seccomp_write);

    if (rc == 0) {
        rc = cr_seccomp_list(sec, CR_ALLOW, cr_seccomp_openat);
    }

    if (rc == 0) {
        rc = cr_seccomp_args(sec, cr_seccomp_locks,
                             cr_seccomp_n(cr_seccomp_locks));
    }

    if (rc == 0) {
        rc = cr_seccomp_list(sec, SCMP_ACT_ERRNO(ENOTSUP), cr_seccomp_xattr);
    }

    return rc;
}


static int
cr_seccomp_tasks(cr_seccomp_t *sec, const cr_profile_t *profile)
{
    int  rc;

    if (!profile->threads && !profile->exec) {
        return cr_seccomp_list(sec, CR_REFUSE, cr_seccomp_no_clone);
    }

    rc = cr_seccomp_list(sec, CR_ALLOW, cr_seccomp_threads);

    if (rc == 0) {
        rc = cr_seccomp_list(sec, CR_ALLOW, cr_seccomp_events);
    }

    if (rc == 0 && profile->exec) {
        return cr_seccomp_args(sec, cr_seccomp_clone_exec,
                               cr_seccomp_n(cr_seccomp_clone_exec));
    }

    if (rc != 0) {
        return rc;
    }

    return cr_seccomp_args(sec, cr_seccomp_clone,
                           cr_seccomp_n(cr_seccomp_clone));
}


/* Programs that are executed: without them, nothing that is code is new. */

static int
cr_seccomp_exec(cr_seccomp_t *sec, const cr_profile_t *profile)
{
    int  rc;

    if (!profile->exec) {
        rc = cr_seccomp_list(sec, CR_REFUSE, cr_seccomp_programs);

        if (rc == 0) {
            rc = cr_seccomp_args(sec, cr_seccomp_limits,
                                 cr_seccomp_n(cr_seccomp_limits));
        }

        if (rc != 0) {
            return rc;
        }

        return cr_seccomp_args(sec, cr_seccomp_no_code,
                               cr_seccomp_n(cr_seccomp_no_code));
    }

    rc = cr_seccomp_list(sec, CR_ALLOW, cr_seccomp_programs);

    if (rc == 0) {
        rc = cr_seccomp_list(sec, CR_ALLOW, cr_seccomp_start);
    }

    if (rc == 0) {
        rc = cr_seccomp_args(sec, cr_seccomp_limits_exec,
                             cr_seccomp_n(cr_seccomp_limits_exec));
    }

    if (rc != 0) {
        return rc;
    }

    return cr_seccomp_args(sec, cr_seccomp_code,
                           cr_seccomp_n(cr_seccomp_code));
}
