
/*
 * Power over the machine: what only its root may do, and what nobody in a
 * cell has a use for.
 */

#include "probe.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>


#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset  444
#endif

#define PROBE_MOUNT_FLAGS  (MS_NOSUID|MS_NODEV|MS_NOEXEC)

#define PROBE_EXEC         (PROT_READ|PROT_WRITE|PROT_EXEC)


/* An empty file system on a folder, which the test looks for outside. */

static int
probe_mount(const char *argument)
{
    return mount("probe", *argument ? argument : "/mnt", "tmpfs",
                 PROBE_MOUNT_FLAGS, "size=4k");
}


static int
probe_remount(const char *argument)
{
    (void) argument;

    return mount(NULL, "/", NULL, MS_REMOUNT|MS_BIND|MS_RDONLY, NULL);
}


static int
probe_bind(const char *argument)
{
    (void) argument;

    return mount("/tmp", "/tmp", NULL, MS_BIND, NULL) == 0
           ? umount2("/tmp", MNT_DETACH) : -1;
}


static int
probe_proc(const char *argument)
{
    (void) argument;

    return mount("proc", "/tmp", "proc", PROBE_MOUNT_FLAGS, NULL) == 0
           ? umount2("/tmp", MNT_DETACH) : -1;
}


static int
probe_fsopen(const char *argument)
{
    (void) argument;

    return (int) syscall(SYS_fsopen, "tmpfs", 0) == -1 ? -1 : 0;
}


static int
probe_open_tree(const char *argument)
{
    (void) argument;

    return (int) syscall(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLONE) == -1
           ? -1 : 0;
}


static int
probe_chroot(const char *argument)
{
    return chroot(*argument ? argument : "/");
}


/* Every namespace by unshare; in a child, for the next probes' sake. */

static int
probe_unshare_one(const char *argument)
{
    return unshare(atoi(argument));
}


static const struct {
    const char  *name;
    int          flag;
} probe_namespaces[] = {
    { "user", CLONE_NEWUSER },
    { "pid", CLONE_NEWPID },
    { "mount", CLONE_NEWNS },
    { "net", CLONE_NEWNET },
    { "ipc", CLONE_NEWIPC },
    { "uts", CLONE_NEWUTS },
    { "cgroup", CLONE_NEWCGROUP },
    { "time", 0x80 }
};

#define probe_n(list)  (sizeof(list) / sizeof(list[0]))


/* In this process where it may not fork: a last probe, or a refused one. */

static int
probe_unshare(const char *argument)
{
    int     rc;
    char    flag[16];
    size_t  i;

    (void) argument;

    for (i = 0; i < probe_n(probe_namespaces); i++) {
        snprintf(flag, sizeof(flag), "%d", probe_namespaces[i].flag);

        rc = probe_child(probe_unshare_one, flag);

        if (rc == -1 && errno != ECHILD) {
            rc = probe_unshare_one(flag);
        }

        probe_count(probe_namespaces[i].name, rc);
    }

    return probe_counted();
}


static int
probe_clone(const char *argument)
{
    long    pid;
    size_t  i;

    (void) argument;

    for (i = 0; i < probe_n(probe_namespaces); i++) {

        pid = syscall(SYS_clone, probe_namespaces[i].flag|SIGCHLD, 0, 0, 0, 0);

        if (pid == 0) {
            _exit(0);
        }

        probe_count(probe_namespaces[i].name, pid == -1 ? -1 : 0);

        if (pid > 0) {
            (void) waitpid((pid_t) pid, NULL, 0);
        }
    }

    return probe_counted();
}


static int
probe_clone3(const char *argument)
{
    long      pid;
    uint64_t  args[8];

    (void) argument;

    memset(args, 0, sizeof(args));
    args[4] = SIGCHLD;

    pid = syscall(SYS_clone3, args, sizeof(args));

    if (pid == 0) {
        _exit(0);
    }

    if (pid == -1) {
        return -1;
    }

    (void) waitpid((pid_t) pid, NULL, 0);

    return 0;
}


/* New code: memory that can be written and run. */

static int
probe_mmap_exec(const char *argument)
{
    (void) argument;

    return mmap(NULL, 4096, PROBE_EXEC, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)
           == MAP_FAILED ? -1 : 0;
}


static int
probe_mprotect_exec(const char *argument)
{
    void  *p;

    (void) argument;

    p = mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1,
             0);

    return p == MAP_FAILED ? -1 : mprotect(p, 4096, PROBE_EXEC);
}


static int
probe_memfd(const char *argument)
{
    (void) argument;

    return memfd_create("probe", 0) == -1 ? -1 : 0;
}


/* What a process may change of its own rules; none of them harms it. */

static int
probe_prctl(const char *argument)
{
    size_t  i;
    char    name[16];

    static const int  options[] = {
        PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_SECCOMP, PR_CAPBSET_DROP,
        PR_SET_SECUREBITS, PR_SET_MM, PR_SET_CHILD_SUBREAPER, PR_SET_PTRACER,
        PR_SET_PDEATHSIG, PR_CAP_AMBIENT, PR_SET_SPECULATION_CTRL,
        PR_SET_SYSCALL_USER_DISPATCH, PR_SCHED_CORE, PR_SET_TSC
    };

    (void) argument;

    for (i = 0; i < probe_n(options); i++) {
        snprintf(name, sizeof(name), "%d", options[i]);

        probe_count(name, prctl(options[i], options[i] == PR_SET_PDEATHSIG
                                            ? 0L : 99L, 99L, 99L, 99L));
    }

    return probe_counted();
}


/* Typing into the terminal, and the console's own commands. */

static int
probe_ioctl(const char *argument)
{
    size_t  i;
    char    name[16], data[64];

    static const unsigned long  requests[] = {
        TIOCSTI, TIOCLINUX, TIOCSCTTY, TIOCCONS, TIOCSETD,
        0x100000000UL | TIOCSTI, 0x100000000UL | TIOCLINUX
    };

    (void) argument;

    memset(data, 0, sizeof(data));

    for (i = 0; i < probe_n(requests); i++) {
        snprintf(name, sizeof(name), "%lx", requests[i]);
        probe_count(name, (int) syscall(SYS_ioctl, 0, requests[i], data));
    }

    return probe_counted();
}


/* The other ways into the kernel that a processor has. */

static int
probe_int80(const char *argument)
{
    (void) argument;

#if defined(__x86_64__)
    {
        long  rc;

        __asm__ volatile ("int $0x80" : "=a" (rc) : "a" (20L) : "memory");

        errno = rc < 0 ? (int) -rc : 0;
        return rc < 0 ? -1 : 0;
    }
#else
    errno = ENOSYS;
    return -1;
#endif
}


static int
probe_x32(const char *argument)
{
    (void) argument;

#if defined(__x86_64__)
    return syscall(0x40000000L | SYS_getpid) == -1 ? -1 : 0;
#else
    errno = ENOSYS;
    return -1;
#endif
}


const probe_t  probe_kernel[] = {

    { "mount", probe_mount, 0, { 0 } },
    { "remount", probe_remount, 0, { 0 } },
    { "bind", probe_bind, 0, { 0 } },
    { "mount-proc", probe_proc, 0, { 0 } },
    { "fsopen", probe_fsopen, 0, { 0 } },
    { "open_tree", probe_open_tree, 0, { 0 } },
    { "chroot", probe_chroot, 0, { 0 } },
    { "unshare", probe_unshare, 0, { 0 } },
    { "clone", probe_clone, 0, { 0 } },
    { "clone3", probe_clone3, 0, { 0 } },
    { "mmap-exec", probe_mmap_exec, 0, { 0 } },
    { "mprotect-exec", probe_mprotect_exec, 0, { 0 } },
    { "memfd", probe_memfd, 0, { 0 } },
    { "prctl", probe_prctl, 0, { 0 } },
    { "ioctl", probe_ioctl, 0, { 0 } },
    { "int80", probe_int80, 0, { 0 } },
    { "x32", probe_x32, 0, { 0 } },

    probe_call("umount", SYS_umount2, PROBE_BAD, 0),
    probe_call("pivot_root", SYS_pivot_root, PROBE_BAD, PROBE_BAD),
    probe_call("setns", SYS_setns, PROBE_NONE, 0),
    probe_call("fsconfig", SYS_fsconfig, PROBE_NONE, 0, 0, 0, 0),
    probe_call("fsmount", SYS_fsmount, PROBE_NONE, 0, 0),
    probe_call("fspick", SYS_fspick, AT_FDCWD, PROBE_BAD, 0),
    probe_call("move_mount", SYS_move_mount, PROBE_NONE, PROBE_BAD,
               PROBE_NONE, PROBE_BAD, 0),
    probe_call("mount_setattr", SYS_mount_setattr, AT_FDCWD, PROBE_BAD, 0,
               PROBE_BAD, 32),

    probe_call("acct", SYS_acct, PROBE_BAD),
    probe_call("adjtimex", SYS_adjtimex, PROBE_BAD),
    probe_call("bpf", SYS_bpf, PROBE_NONE, PROBE_BAD, 16),
    probe_call("clock_adjtime", SYS_clock_adjtime, 0, PROBE_BAD),
    probe_call("clock_settime", SYS_clock_settime, 0, PROBE_BAD),
    probe_call("delete_module", SYS_delete_module, PROBE_BAD, 0),
    probe_call("fanotify_init", SYS_fanotify_init, 0, 0),
    probe_call("finit_module", SYS_finit_module, PROBE_NONE, PROBE_BAD, 0),
    probe_call("init_module", SYS_init_module, PROBE_BAD, 0, PROBE_BAD),
    probe_call("inotify_init1", SYS_inotify_init1, 0),
    probe_call("io_uring_enter", SYS_io_uring_enter, PROBE_NONE, 0, 0, 0),
    probe_call("io_uring_register", SYS_io_uring_register, PROBE_NONE, 0, 0,
               0),
    probe_call("io_uring_setup", SYS_io_uring_setup, 1, PROBE_BAD),
    probe_call("ioprio_set", SYS_ioprio_set, 1, 0, (1 << 13) | 1),
    probe_call("kexec_file_load", SYS_kexec_file_load, PROBE_NONE, PROBE_NONE,
               0, PROBE_BAD, PROBE_NONE),
    probe_call("kexec_load", SYS_kexec_load, 0, PROBE_NONE, PROBE_BAD, 0xdead),
    probe_call("landlock", SYS_landlock_create_ruleset, 0, 0, 1),
    probe_call("membarrier", SYS_membarrier, 1 << 4, 0),
    probe_call("migrate_pages", SYS_migrate_pages, 1, 1, PROBE_BAD, PROBE_BAD),
    probe_call("move_pages", SYS_move_pages, 1, 1, PROBE_BAD, PROBE_BAD,
               PROBE_BAD, 0),
    probe_call("name_to_handle_at", SYS_name_to_handle_at, AT_FDCWD, PROBE_BAD,
               PROBE_BAD, PROBE_BAD, 0),
    probe_call("open_by_handle_at", SYS_open_by_handle_at, AT_FDCWD, PROBE_BAD,
               0),
    probe_call("perf_event_open", SYS_perf_event_open, PROBE_BAD, 0, 0,
               PROBE_NONE, 0),
    probe_call("personality", SYS_personality, 0xffffffffL),
    probe_call("quotactl", SYS_quotactl, 0x800005 << 8, PROBE_BAD, 0,
               PROBE_BAD),
    probe_call("reboot", SYS_reboot, 0, 0, 0, PROBE_BAD),
    probe_call("seccomp", SYS_seccomp, 2, 0, PROBE_BAD),
    probe_call("seccomp-listener", SYS_seccomp, 1, 8, PROBE_BAD),
    probe_call("sethostname-none", SYS_sethostname, PROBE_BAD, 4),
    probe_call("setdomainname", SYS_setdomainname, PROBE_BAD, 4),
    probe_call("settimeofday", SYS_settimeofday, 0, 0),
    probe_call("swapoff", SYS_swapoff, PROBE_BAD),
    probe_call("swapon", SYS_swapon, PROBE_BAD, 0),
    probe_call("syslog", SYS_syslog, 10, 0, 0),
    probe_call("timer_create", SYS_timer_create, 0, PROBE_BAD, PROBE_BAD),
    probe_call("userfaultfd", SYS_userfaultfd, 0),
    probe_call("vmsplice", SYS_vmsplice, PROBE_NONE, PROBE_BAD, 1, 0),
    probe_call("splice", SYS_splice, PROBE_NONE, 0, PROBE_NONE, 0, 1, 0),
    probe_call("tee", SYS_tee, PROBE_NONE, PROBE_NONE, 1, 0),

#if defined(__x86_64__)
    probe_call("iopl", SYS_iopl, 3),
    probe_call("ioperm", SYS_ioperm, 0x80, 1, 1),
    probe_call("modify_ldt", SYS_modify_ldt, 0, PROBE_BAD, 0),
    probe_call("arch_prctl", SYS_arch_prctl, 0x1011, 0),
#endif

    PROBE_END
};
