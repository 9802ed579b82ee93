
/*
 * The layers of a cell whose jobs run programs, each on the real kernel: what
 * may be executed, and what a program may do then.
 */


#include "layers_child.h"

#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#include "cr_layers.h"


#define PROGRAM  "/tmp/program"


static cr_profile_t  profile;
static int           split;


static int
setup(void **state)
{
    (void) state;

    memset(&profile, 0, sizeof(profile));

    profile.exec = 1;
    profile.write = 1 << 20;
    profile.processes = 8;
    profile.tree[0] = (char *) "/usr";
    profile.tree[1] = (char *) "-/nonexistent";
    profile.ntree = 2;

    return 0;
}


static int
copy(const char *from, const char *to)
{
    int      in, out;
    char     buf[65536];
    ssize_t  n;

    in = open(from, O_RDONLY|O_CLOEXEC);
    out = open(to, O_WRONLY|O_CREAT|O_CLOEXEC, 0700);

    EXPECT(in != -1 && out != -1);

    while ((n = read(in, buf, sizeof(buf))) > 0) {
        EXPECT(write(out, buf, n) == n);
    }

    EXPECT(close(in) == 0 && close(out) == 0);

    return 0;
}


/* The errno of executing it, or 0 when it ran and ended well. */

static int
executed(const char *path)
{
    int    status;
    char  *argv[2], *none[1];
    pid_t  pid;

    argv[0] = (char *) path;
    argv[1] = NULL;
    none[0] = NULL;

    pid = fork();

    if (pid == 0) {
        execve(path, argv, none);
        _exit(errno);
    }

    if (pid == -1 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
        return -1;
    }

    return WEXITSTATUS(status);
}


static int
tmp(int mounted)
{
    EXPECT(mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL) == 0);

    if (mounted) {
        EXPECT(cr_tree_tmp(&profile, 0, 0) == 0);
    } else {
        EXPECT(mount("tmpfs", "/tmp", "tmpfs", 0, NULL) == 0);
    }

    return copy("/usr/bin/true", PROGRAM);
}


static int
landlocked(void)
{
    int  ruleset;

    ruleset = cr_landlock_prepare(&profile);

    EXPECT(ruleset != -1);
    EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    EXPECT(cr_landlock_enter(ruleset) == 0);

    return close(ruleset);
}


static int
body_mount(void)
{
    struct statvfs  fs;

    EXPECT(tmp(1) == 0);
    EXPECT(statvfs("/tmp", &fs) == 0);
    EXPECT(fs.f_flag & ST_NOSUID);
    EXPECT(fs.f_flag & ST_NODEV);
    EXPECT(executed(PROGRAM) == (profile.execute ? 0 : EACCES));

    return 0;
}


/* The mount lets it; a ruleset without the right does not. */

static int
body_landlock(void)
{
    EXPECT(tmp(0) == 0);
    EXPECT(landlocked() == 0);
    EXPECT(executed("/usr/bin/true") == (profile.exec ? 0 : EACCES));
    EXPECT(executed(PROGRAM) == (profile.execute ? 0 : EACCES));

    return 0;
}


/* What is in the root and in no entry of the tree, as the zygote is. */

static int
body_landlock_tree(void)
{
    profile.tree[0] = (char *) "/usr/lib";
    profile.tree[1] = (char *) "/usr/bin/true";

    EXPECT(tmp(0) == 0);
    EXPECT(landlocked() == 0);
    EXPECT(executed("/usr/bin/true") == 0);
    EXPECT(executed("/usr/bin/false") == EACCES);

    return 0;
}


static void
test_execute(void **state)
{
    int  execute;

    (void) state;

    for (execute = 0; execute < 2; execute++) {
        profile.execute = execute;
        child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_OWN, body_mount);
    }

    if (syscall(444, NULL, 0, 1) < 1) {
        print_message("this kernel has no Landlock\n");
        skip();
    }

    for (execute = 0; execute < 2; execute++) {
        profile.execute = execute;
        child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_OWN, body_landlock);
    }

    child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_OWN, body_landlock_tree);

    profile.exec = 0;
    profile.execute = 0;
    child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_OWN, body_landlock);
}


static int
body_limits(void)
{
    struct rlimit  rl;

    EXPECT(cr_ids_drop(1, 1) == 0);
    EXPECT(cr_limits_set(&profile) == 0);
    EXPECT(getrlimit(RLIMIT_NPROC, &rl) == 0);
    EXPECT(rl.rlim_max == profile.processes + 1);

    return 0;
}


static void
test_limits(void **state)
{
    (void) state;

    NEED_ROOT();

    child(CLONE_NEWUSER, CHILD_MANY, body_limits);
}


static int
filtered(void)
{
    struct sock_fprog  zygote, cell;

    EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);

    if (!split) {
        EXPECT(cr_seccomp_compile(&profile, &cell) == 0);
        return cr_seccomp_load(&cell);
    }

    EXPECT(cr_seccomp_split(&profile, &zygote, &cell) == 0);
    EXPECT(cr_seccomp_load(&zygote) == 0);

    /* Of mounts the zygote has that one alone which its cells get. */

    EXPECT_ERRNO(mount("none", "/nowhere", "tmpfs", CR_TREE_TMP, NULL),
                 profile.execute ? ENOSYS : ENOENT);
    EXPECT_ERRNO(mount("none", "/nowhere", "tmpfs", CR_TREE_RUN, NULL),
                 profile.execute ? ENOENT : ENOSYS);

    return cr_seccomp_load(&cell);
}


static int
made(unsigned long flags)
{
    long  pid;

    pid = syscall(SYS_clone, flags|SIGCHLD, 0, 0, 0, 0);

    if (pid == 0) {
        _exit(0);
    }

    return pid == -1 ? -1 : waitpid((pid_t) pid, NULL, 0) == pid ? 0 : -1;
}


static void *
thread(void *data)
{
    *(int *) data = 1;

    return data;
}


static int
programs(void)
{
    int        ran;
    pthread_t  tid;

    EXPECT(made(0) == 0);
    EXPECT(executed("/usr/bin/true") == 0);
    EXPECT(system("true | cat & wait; exit 3") == 3 << 8);

    ran = 0;
    EXPECT(pthread_create(&tid, NULL, thread, &ran) == 0);
    EXPECT(pthread_join(tid, NULL) == 0);
    EXPECT(ran == 1);

    return 0;
}


static int
no_namespaces(void)
{
    unsigned  i;

    static const unsigned long  flags[] = {
        CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
        CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_PTRACE,
        CLONE_UNTRACED, CLONE_PARENT, CLONE_PIDFD, CLONE_NEWUSER|CLONE_NEWNS,
        1UL << 32 | CLONE_NEWUSER
    };

    for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        EXPECT_ERRNO(made(flags[i]), EPERM);
    }

    EXPECT_ERRNO(syscall(SYS_clone3, NULL, 0), ENOSYS);
    EXPECT_ERRNO(syscall(SYS_unshare, CLONE_NEWUSER), EPERM);
    EXPECT_ERRNO(syscall(SYS_setns, 0, 0), EPERM);

    return 0;
}


static int
still_refused(void)
{
    EXPECT_ERRNO(syscall(SYS_execveat, 0, "", NULL, NULL, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_memfd_create, "x", 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_ptrace, 0, 0, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, NULL),
                 EPERM);
    EXPECT_ERRNO(syscall(SYS_mount, "x", "/tmp", "tmpfs", 0, NULL), EPERM);
    EXPECT_ERRNO(syscall(SYS_personality, 0xffffffff), EPERM);
    EXPECT_ERRNO(syscall(SYS_keyctl, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_bpf, 0, NULL, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_io_uring_setup, 1, NULL), EPERM);
    EXPECT_ERRNO(syscall(SYS_userfaultfd, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_perf_event_open, NULL, 0, 0, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_setresuid, -1, -1, -1), EPERM);
    EXPECT_ERRNO(syscall(SYS_setpriority, 0, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_sched_setaffinity, 0, 0, NULL), EPERM);
    EXPECT_ERRNO(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), EPERM);
    EXPECT_ERRNO(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0), EPERM);
    EXPECT_ERRNO(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), EPERM);
    EXPECT_ERRNO(ioctl(0, TIOCSTI, "x"), ENOSYS);
    EXPECT_ERRNO(syscall(SYS_seccomp, 0, 0, NULL), EPERM);
    EXPECT_ERRNO(syscall(SYS_landlock_create_ruleset, NULL, 0, 1), ENOSYS);

    return 0;
}


static int
code_of_its_own(void)
{
    void  *p;

    p = mmap(NULL, 4096, PROT_READ|PROT_WRITE|PROT_EXEC,
             MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
    EXPECT(p != MAP_FAILED);
    EXPECT(mprotect(p, 4096, PROT_READ|PROT_EXEC) == 0);
    EXPECT_ERRNO((long) mmap(NULL, 2 << 20, PROT_READ|PROT_WRITE,
                             MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB, -1, 0),
                 EPERM);
#if defined(__x86_64__)
    EXPECT(syscall(SYS_arch_prctl, 0x1003, &p) == 0);
    EXPECT_ERRNO(syscall(SYS_arch_prctl, 0x1012, 0), ENOSYS);
#endif

    return 0;
}


/* A limit of 0 would start what core_pattern names; one of 1 does not. */

static int
core_limit(void)
{
    int            resource;
    struct rlimit  rl;

    for (resource = 0; resource < RLIM_NLIMITS; resource++) {

        EXPECT(getrlimit(resource, &rl) == 0);

        if (resource == RLIMIT_CORE) {
            EXPECT_ERRNO(setrlimit(resource, &rl), EPERM);

        } else {
            EXPECT(setrlimit(resource, &rl) == 0);
        }
    }

    EXPECT_ERRNO(syscall(SYS_prlimit64, 0, 1UL << 32 | RLIMIT_CORE, &rl, NULL),
                 EPERM);
    EXPECT_ERRNO(syscall(SYS_prlimit64, getpid(), RLIMIT_CORE, &rl, NULL),
                 EPERM);
    EXPECT_ERRNO(syscall(SYS_prlimit64, 1, RLIMIT_CPU, NULL, NULL), ENOSYS);

    return 0;
}


static int
body_seccomp(void)
{
    EXPECT(filtered() == 0);
    EXPECT(programs() == 0);
    EXPECT(no_namespaces() == 0);
    EXPECT(still_refused() == 0);
    EXPECT(code_of_its_own() == 0);
    EXPECT(core_limit() == 0);
    EXPECT(setpgid(0, 0) == 0);

    return 0;
}


static void
test_seccomp(void **state)
{
    (void) state;

    for (split = 0; split < 2; split++) {
        for (profile.execute = 0; /* void */ ; profile.execute = 1) {
            child(0, 0, body_seccomp);

            if (profile.execute) {
                break;
            }
        }
    }
}


/* No refusal may be a signal: what is executed has no handler for it. */

static int
body_debug(void)
{
    profile.debug = 1;

    EXPECT(filtered() == 0);
    EXPECT_ERRNO(syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0), EPERM);
    EXPECT_ERRNO(syscall(9999, 0), ENOSYS);
    EXPECT(programs() == 0);

    return 0;
}


static void
test_debug(void **state)
{
    (void) state;

    for (split = 0; split < 2; split++) {
        child(0, 0, body_debug);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_execute, setup),
        cmocka_unit_test_setup(test_limits, setup),
        cmocka_unit_test_setup(test_seccomp, setup),
        cmocka_unit_test_setup(test_debug, setup)
    };

    return cmocka_run_group_tests_name("layers of a cell that runs programs",
                                       tests, NULL, NULL);
}
