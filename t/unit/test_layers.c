
/*
 * Ids, capabilities, limits and Landlock, each alone, on the real kernel:
 * after the layer is applied the kernel must refuse what it is for.  The
 * root, seccomp and cgroups have tests of their own.
 */


#include "layers_child.h"

#include <dirent.h>
#include <grp.h>
#include <signal.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <linux/capability.h>
#include <linux/securebits.h>

#include "cr_layers.h"


static cr_profile_t  profile;


static int
setup(void **state)
{
    (void) state;

    memset(&profile, 0, sizeof(profile));

    profile.processes = 64;
    profile.memory = 256 << 20;

    return 0;
}


/* The hexadecimal value of a field of /proc/self/status; -1: none. */

static uint64_t
status_of(const char *field)
{
    FILE      *f;
    char       line[256];
    size_t     len;
    uint64_t   value;

    f = fopen("/proc/self/status", "r");

    if (f == NULL) {
        return -1;
    }

    len = strlen(field);
    value = -1;

    while (fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, field, len) == 0 && line[len] == ':') {
            value = strtoull(line + len + 1, NULL, 16);
        }
    }

    fclose(f);

    return value;
}


static int
body_ids(void)
{
    gid_t  groups[2] = { 1, 2 };

    EXPECT(setgroups(2, groups) == 0);
    EXPECT(cr_ids_drop(1, 2) == 0);

    EXPECT(getuid() == 1 && geteuid() == 1);
    EXPECT(getgid() == 2 && getegid() == 2);
    EXPECT(getgroups(0, NULL) == 0);

    EXPECT_ERRNO(setuid(0), EPERM);
    EXPECT_ERRNO(seteuid(0), EPERM);
    EXPECT_ERRNO(setresuid(2, 2, 2), EPERM);
    EXPECT_ERRNO(setgid(0), EPERM);
    EXPECT_ERRNO(setresgid(1, 1, 1), EPERM);
    EXPECT_ERRNO(setgroups(2, groups), EPERM);

    /* Nor can it be dropped from there to another. */

    EXPECT_ERRNO(cr_ids_drop(2, 2), EPERM);

    return 0;
}


static int
body_ids_unmapped(void)
{
    EXPECT_ERRNO(cr_ids_drop(100, 100), EINVAL);

    return 0;
}


static int
body_ids_own(void)
{
    EXPECT(cr_ids_drop(0, 0) == 0);
    EXPECT(cr_ids_drop(1, 1) == -1);

    return 0;
}


static void
test_ids(void **state)
{
    (void) state;

    NEED_ROOT();

    child(CLONE_NEWUSER, CHILD_MANY, body_ids);
    child(CLONE_NEWUSER, CHILD_MANY, body_ids_unmapped);
}


static void
test_ids_rootless(void **state)
{
    (void) state;

    child(CLONE_NEWUSER, CHILD_OWN, body_ids_own);
}


static int
no_capability(void)
{
    EXPECT(status_of("CapInh") == 0);
    EXPECT(status_of("CapPrm") == 0);
    EXPECT(status_of("CapEff") == 0);
    EXPECT(status_of("CapBnd") == 0);
    EXPECT(status_of("CapAmb") == 0);
    EXPECT(status_of("NoNewPrivs") == 1);
    EXPECT(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
    EXPECT(prctl(PR_GET_SECUREBITS, 0, 0, 0, 0)
           == (SECURE_ALL_LOCKS | SECBIT_NOROOT | SECBIT_NO_SETUID_FIXUP
               | SECBIT_NO_CAP_AMBIENT_RAISE));

    EXPECT_ERRNO(unshare(CLONE_NEWNET), EPERM);
    EXPECT_ERRNO(mount("x", "/tmp", "tmpfs", 0, NULL), EPERM);
    EXPECT_ERRNO(sethostname("x", 1), EPERM);
    EXPECT_ERRNO(prctl(PR_SET_SECUREBITS, 0, 0, 0, 0), EPERM);
    EXPECT_ERRNO(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), EPERM);
    EXPECT_ERRNO(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0),
                 EPERM);

    return 0;
}


/* A neighbour of the same uid may not look into it. */

static int
hidden(void)
{
    int    status;
    char   path[64];
    pid_t  pid;

    snprintf(path, sizeof(path), "/proc/%d/mem", (int) getpid());

    pid = fork();

    if (pid == 0) {
        _exit(open(path, O_RDONLY) == -1 && errno == EACCES ? 0 : 1);
    }

    EXPECT(waitpid(pid, &status, 0) == pid);
    EXPECT(status == 0);

    return 0;
}


static int
body_caps(void)
{
    EXPECT(cr_ids_drop(1, 1) == 0);
    EXPECT(cr_caps_drop() == 0);
    EXPECT(no_capability() == 0);

    return hidden();
}


static int
body_caps_bound(void)
{
    EXPECT(cr_caps_bound() == 0);
    EXPECT(status_of("CapBnd") == 0);
    EXPECT(status_of("CapEff") == (1 << CAP_SYS_ADMIN | 1 << CAP_SETUID
                                   | 1 << CAP_SETGID | 1 << CAP_SETPCAP));
    EXPECT(status_of("CapPrm") == status_of("CapEff"));
    EXPECT(unshare(CLONE_NEWNS) == 0);
    EXPECT(cr_ids_drop(1, 1) == 0);
    EXPECT(cr_caps_drop() == 0);

    return no_capability();
}


/* With the namespace's uid 0, that an exec would give all of them back. */

static int
body_caps_root(void)
{
    EXPECT(geteuid() == 0);
    EXPECT(cr_caps_drop() == 0);
    EXPECT(no_capability() == 0);

    execl("/bin/sh", "sh", "-c",
          "grep -q 'CapEff:.0000000000000000' /proc/self/status", NULL);

    return -1;
}


static void
test_caps(void **state)
{
    (void) state;

    NEED_ROOT();

    child(CLONE_NEWUSER, CHILD_MANY, body_caps);
    child(CLONE_NEWUSER, CHILD_MANY, body_caps_bound);
}


static void
test_caps_rootless(void **state)
{
    (void) state;

    child(CLONE_NEWUSER, CHILD_OWN, body_caps_root);
}


/* A child that waits to be killed; it is as asked for when this returns. */

static pid_t
sleeper(int flags, uid_t uid)
{
    int    fds[2];
    char   c;
    pid_t  pid;

    if (pipe(fds) == -1) {
        return -1;
    }

    pid = fork();

    if (pid == 0) {
        close(fds[0]);

        if ((flags && unshare(flags) == -1)
            || (uid && setresuid(uid, uid, uid) == -1)
            || write(fds[1], "", 1) != 1)
        {
            _exit(1);
        }

        for ( ;; ) {
            pause();
        }
    }

    close(fds[1]);

    if (read(fds[0], &c, 1) != 1) {
        pid = -1;
    }

    close(fds[0]);

    return pid;
}


static int
ended(pid_t pid)
{
    int  status;

    return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status)
           && WTERMSIG(status) == SIGKILL;
}


/* What the supervisor must still be able to do, and what no longer. */

static int
body_keep(void)
{
    pid_t     inside, foreign;
    uint64_t  kept;

    foreign = sleeper(0, 1234);
    EXPECT(foreign > 0);

    EXPECT(cr_caps_keep() == 0);

    kept = status_of("CapEff");

    EXPECT((kept & ~(1ULL << CAP_SYS_ADMIN))
           == (1ULL << CAP_SETUID | 1ULL << CAP_SETGID));
    EXPECT(status_of("CapPrm") == kept);
    EXPECT(status_of("CapBnd") == kept);
    EXPECT(status_of("CapInh") == 0);
    EXPECT(status_of("NoNewPrivs") == 1);

    inside = sleeper(CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNS|CLONE_NEWNET, 0);
    EXPECT(inside > 0);
    EXPECT(child_map(inside, CHILD_MANY) == 0);
    EXPECT(kill(inside, SIGKILL) == 0);
    EXPECT(ended(inside));

    EXPECT_ERRNO(chown("/proc/self/comm", 1, 1), EPERM);
    EXPECT_ERRNO(sethostname("x", 1), EPERM);

    EXPECT_ERRNO(kill(foreign, SIGKILL), EPERM);

    /* Only as that user himself. */

    EXPECT(seteuid(1234) == 0);
    EXPECT(kill(foreign, SIGKILL) == 0);
    EXPECT(ended(foreign));

    return 0;
}


static void
test_caps_keep(void **state)
{
    (void) state;

    NEED_ROOT();

    child(0, 0, body_keep);
}


static int
limited(int resource, rlim_t limit)
{
    struct rlimit  rl;

    EXPECT(getrlimit(resource, &rl) == 0);
    EXPECT(rl.rlim_cur == limit && rl.rlim_max == limit);

    if (limit < (1U << 30)) {
        rl.rlim_max = limit + 1;
        EXPECT_ERRNO(setrlimit(resource, &rl), EPERM);
    }

    return 0;
}


static int
body_limits(void)
{
    int    fds[2];
    char   buf[4096];
    void  *p;

    EXPECT(cr_ids_drop(1, 1) == 0);
    EXPECT(cr_limits_set(&profile) == 0);

    EXPECT(limited(RLIMIT_CORE, 1) == 0);
    EXPECT(limited(RLIMIT_FSIZE, 0) == 0);
    EXPECT(limited(RLIMIT_NOFILE, 256) == 0);
    EXPECT(limited(RLIMIT_STACK, 8 << 20) == 0);
    EXPECT(limited(RLIMIT_MEMLOCK, 0) == 0);
    EXPECT(limited(RLIMIT_MSGQUEUE, 0) == 0);
    EXPECT(limited(RLIMIT_NICE, 0) == 0);
    EXPECT(limited(RLIMIT_RTPRIO, 0) == 0);
    EXPECT(limited(RLIMIT_SIGPENDING, 256) == 0);
    EXPECT(limited(RLIMIT_NPROC, 1) == 0);

    EXPECT_ERRNO(fork(), EAGAIN);
    EXPECT_ERRNO(mlock(buf, 1), EPERM);

    /* No file may grow, yet a pipe carries what it likes. */

    EXPECT(pipe(fds) == 0);
    memset(buf, 0, sizeof(buf));
    EXPECT(write(fds[1], buf, sizeof(buf)) == sizeof(buf));

    EXPECT(cr_limits_handover(512 << 20, 1500) == 0);
    EXPECT(limited(RLIMIT_AS, 512 << 20) == 0);
    EXPECT(limited(RLIMIT_CPU, 3) == 0);

    p = mmap(NULL, 512 << 20, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
    EXPECT(p == MAP_FAILED && errno == ENOMEM);

    return 0;
}


static int
body_limits_threads(void)
{
    cpu_set_t      set;
    struct rlimit  before, after;

    profile.threads = 1;
    profile.write = 1 << 20;

    EXPECT(getrlimit(RLIMIT_AS, &before) == 0);
    EXPECT(cr_ids_drop(1, 1) == 0);
    EXPECT(cr_limits_set(&profile) == 0);
    EXPECT(limited(RLIMIT_NPROC, 65) == 0);
    EXPECT(limited(RLIMIT_FSIZE, 1 << 20) == 0);

    EXPECT(cr_limits_handover(0, 1000) == 0);
    EXPECT(getrlimit(RLIMIT_AS, &after) == 0);
    EXPECT(after.rlim_max == before.rlim_max);
    EXPECT(getrlimit(RLIMIT_CPU, &after) == 0);

    /* Every processor may be busy that long. */

    EXPECT(sched_getaffinity(0, sizeof(set), &set) == 0);
    EXPECT(after.rlim_max == 3U * CPU_COUNT(&set));

    return 0;
}


/* A limit that was tighter before stays: raising it needs a privilege. */

static int
body_limits_tight(void)
{
    struct rlimit  rl = { 16, 16 };

    EXPECT(setrlimit(RLIMIT_NOFILE, &rl) == 0);
    EXPECT(cr_limits_set(&profile) == 0);

    return limited(RLIMIT_NOFILE, 16);
}


static void
test_limits(void **state)
{
    (void) state;

    NEED_ROOT();

    child(CLONE_NEWUSER, CHILD_MANY, body_limits);
    child(CLONE_NEWUSER, CHILD_MANY, body_limits_threads);
}


static void
test_limits_rootless(void **state)
{
    (void) state;

    child(CLONE_NEWUSER, CHILD_OWN, body_limits_tight);
}


static int
landlock_abi(void)
{
    return (int) syscall(444, NULL, 0, 1);
}


static int
landlocked(void)
{
    int  ruleset;

    ruleset = cr_landlock_prepare(&profile);

    EXPECT(ruleset != -1);
    EXPECT(fcntl(ruleset, F_GETFD) == FD_CLOEXEC);
    EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    EXPECT(cr_landlock_enter(ruleset) == 0);
    EXPECT(close(ruleset) == 0);

    return 0;
}


static int
no_write_outside(void)
{
    EXPECT(open("/etc/passwd", O_RDONLY) != -1);
    EXPECT(opendir("/etc") != NULL);
    EXPECT(open("/dev/null", O_RDWR|O_TRUNC) != -1);

    EXPECT_ERRNO(open("/dev/zero", O_WRONLY), EACCES);
    EXPECT_ERRNO(open("/etc/passwd", O_WRONLY), EACCES);
    EXPECT_ERRNO(open("/var/tmp/landlock", O_WRONLY|O_CREAT, 0600), EACCES);
    EXPECT_ERRNO(open("/var/tmp", O_WRONLY|O_TMPFILE, 0600), EACCES);
    EXPECT_ERRNO(mkdir("/var/tmp/landlock", 0700), EACCES);
    EXPECT_ERRNO(symlink("/etc", "/var/tmp/landlock"), EACCES);
    EXPECT_ERRNO(mkfifo("/var/tmp/landlock", 0600), EACCES);
    EXPECT_ERRNO(unlink("/etc/passwd"), EACCES);
    EXPECT_ERRNO(rmdir("/var/tmp"), EACCES);
    EXPECT_ERRNO(rename("/etc/passwd", "/etc/p"), EACCES);

    if (landlock_abi() >= 3) {
        EXPECT_ERRNO(truncate("/etc/passwd", 0), EACCES);
    }

    return 0;
}


static int
body_landlock(void)
{
    int                 fd;
    pid_t               parent;
    struct sockaddr_in  sin;

    parent = getppid();
    fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&sin, 0, sizeof(sin));
    sin.sin_family = AF_INET;
    sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    EXPECT(kill(parent, 0) == 0);
    EXPECT(landlocked() == 0);
    EXPECT(no_write_outside() == 0);
    EXPECT_ERRNO(open("/tmp/landlock", O_WRONLY|O_CREAT, 0600), EACCES);

    if (landlock_abi() >= 4) {
        EXPECT_ERRNO(bind(fd, (struct sockaddr *) &sin, sizeof(sin)), EACCES);
        sin.sin_port = htons(9);
        EXPECT_ERRNO(connect(fd, (struct sockaddr *) &sin, sizeof(sin)),
                     EACCES);
    }

    if (landlock_abi() >= 6) {
        EXPECT_ERRNO(kill(parent, 0), EPERM);
        EXPECT(kill(getpid(), 0) == 0);
    }

    return 0;
}


static int
body_landlock_write(void)
{
    int  fd;

    profile.write = 1 << 20;

    EXPECT(mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL) == 0);
    EXPECT(cr_tree_tmp(&profile, 0, 0) == 0);
    EXPECT(landlocked() == 0);
    EXPECT(no_write_outside() == 0);

    fd = open("/tmp/a", O_RDWR|O_CREAT, 0600);
    EXPECT(fd != -1 && write(fd, "a", 1) == 1 && ftruncate(fd, 0) == 0);
    EXPECT(mkdir("/tmp/d", 0700) == 0);
    EXPECT(rename("/tmp/a", "/tmp/d/b") == 0);
    EXPECT(symlink("d", "/tmp/l") == 0);
    EXPECT(unlink("/tmp/l") == 0 && unlink("/tmp/d/b") == 0);
    EXPECT(rmdir("/tmp/d") == 0);

    return 0;
}


/* Which is why such a profile's ruleset is made after the mount. */

static int
body_landlock_early(void)
{
    int  ruleset;

    profile.write = 1 << 20;

    EXPECT(mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL) == 0);

    ruleset = cr_landlock_prepare(&profile);

    EXPECT(ruleset != -1);
    EXPECT(cr_tree_tmp(&profile, 0, 0) == 0);
    EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    EXPECT(cr_landlock_enter(ruleset) == 0);
    EXPECT_ERRNO(open("/tmp/a", O_RDWR|O_CREAT, 0600), EACCES);

    return 0;
}


static void
test_landlock(void **state)
{
    (void) state;

    if (landlock_abi() < 1) {
        print_message("this kernel has no Landlock\n");
        skip();
    }

    child(0, 0, body_landlock);
    child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_OWN, body_landlock_write);
    child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_OWN, body_landlock_early);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_ids, setup),
        cmocka_unit_test_setup(test_ids_rootless, setup),
        cmocka_unit_test_setup(test_caps, setup),
        cmocka_unit_test_setup(test_caps_rootless, setup),
        cmocka_unit_test_setup(test_caps_keep, setup),
        cmocka_unit_test_setup(test_limits, setup),
        cmocka_unit_test_setup(test_limits_rootless, setup),
        cmocka_unit_test_setup(test_landlock, setup)
    };

    return cmocka_run_group_tests_name("layers of a cell", tests, NULL, NULL);
}
