
/*
 * The seccomp list on the real kernel, in one part and in two.
 */


#include "layers_child.h"

#include <pthread.h>
#include <signal.h>
#include <termios.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/futex.h>

#include "cr_layers.h"


#define X32_BIT  0x40000000


static cr_profile_t  profile;
static int           split;


static int
setup(void **state)
{
    (void) state;

    memset(&profile, 0, sizeof(profile));
    profile.processes = 64;
    split = 0;

    return 0;
}


static int
filtered(void)
{
    struct sock_fprog  zygote, cell;

    EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);

    if (!split) {
        EXPECT(cr_seccomp_compile(&profile, &cell) == 0);
        EXPECT(cr_seccomp_load(&cell) == 0);
        return 0;
    }

    EXPECT(cr_seccomp_split(&profile, &zygote, &cell) == 0);
    EXPECT(cr_seccomp_load(&zygote) == 0);

    /* What the kit must still be able to do between the two. */

    EXPECT(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
    EXPECT_ERRNO(socket(AF_UNIX, SOCK_STREAM, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_clone3, NULL, 0), EINVAL);
    EXPECT_ERRNO(mount("none", "/nowhere", "tmpfs", 0, NULL), ENOSYS);
    EXPECT_ERRNO(mount("/", "/nowhere", NULL, MS_REMOUNT|MS_BIND, NULL),
                 ENOSYS);
    EXPECT_ERRNO(mount("none", "/nowhere", "tmpfs", CR_TREE_TMP, NULL),
                 profile.write ? ENOENT : ENOSYS);

    EXPECT(cr_seccomp_load(&cell) == 0);

    return 0;
}


static int
no_processes_nor_network(void)
{
    EXPECT_ERRNO(socket(AF_INET, SOCK_STREAM, 0), EPERM);
    EXPECT_ERRNO(socket(AF_VSOCK, SOCK_STREAM, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, NULL),
                 EPERM);
    EXPECT_ERRNO(syscall(SYS_sendmsg, 0, NULL, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_recvmsg, 0, NULL, 0), EPERM);

    EXPECT_ERRNO(syscall(SYS_clone3, NULL, 0), ENOSYS);
    EXPECT_ERRNO(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_clone, CLONE_NEWUSER|SIGCHLD, 0, 0, 0, 0),
                 EPERM);
    EXPECT_ERRNO(fork(), EPERM);
    EXPECT_ERRNO(syscall(SYS_execve, "/bin/true", NULL, NULL), EPERM);
    EXPECT_ERRNO(syscall(SYS_execveat, 0, "", NULL, NULL, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_memfd_create, "x", 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_ptrace, 0, 0, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_prlimit64, 1, RLIMIT_CPU, NULL, NULL), ENOSYS);

    return 0;
}


static int
no_power(void)
{
    EXPECT_ERRNO(syscall(SYS_mount, "x", "/tmp", "tmpfs", 0, NULL), EPERM);
    EXPECT_ERRNO(syscall(SYS_unshare, CLONE_NEWUSER), EPERM);
    EXPECT_ERRNO(syscall(SYS_setns, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_chroot, "/"), EPERM);
    EXPECT_ERRNO(syscall(SYS_setresuid, -1, -1, -1), EPERM);
    EXPECT_ERRNO(syscall(SYS_setgroups, 0, NULL), EPERM);
    EXPECT_ERRNO(syscall(SYS_capset, NULL, NULL), EPERM);
    EXPECT_ERRNO(syscall(SYS_keyctl, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_bpf, 0, NULL, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_perf_event_open, NULL, 0, 0, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_userfaultfd, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_io_uring_setup, 1, NULL), EPERM);
    EXPECT_ERRNO(syscall(SYS_personality, 0xffffffff), EPERM);
    EXPECT_ERRNO(syscall(SYS_sched_setaffinity, 0, 0, NULL), EPERM);
    EXPECT_ERRNO(syscall(SYS_shmget, 0, 4096, 0600), EPERM);
    EXPECT_ERRNO(syscall(SYS_seccomp, 0, 0, NULL), EPERM);
    EXPECT_ERRNO(syscall(444, NULL, 0, 1), ENOSYS);
    EXPECT_ERRNO(syscall(SYS_setsid), EPERM);

    EXPECT_ERRNO(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), EPERM);
    EXPECT_ERRNO(prctl(PR_SET_SECCOMP, 1, 0, 0, 0), EPERM);
    EXPECT_ERRNO(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_prctl, 1UL << 32 | PR_SET_DUMPABLE, 1), EPERM);
    EXPECT(prctl(PR_SET_NAME, "job", 0, 0, 0) == 0);

    /* Neither unknown nor new calls. */

    EXPECT_ERRNO(syscall(463, 0), ENOSYS);
    EXPECT_ERRNO(syscall(9999, 0), ENOSYS);
    EXPECT_ERRNO(syscall(SYS_openat2, AT_FDCWD, "/", NULL, 0), ENOSYS);

    return 0;
}


static int
by_argument(void)
{
    int    fds[2], n, word;
    long   page;
    char  *p;

    word = 0;
    page = sysconf(_SC_PAGESIZE);

    p = mmap(NULL, page, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1,
             0);
    EXPECT(p != MAP_FAILED);
    EXPECT_ERRNO(mprotect(p, page, PROT_READ|PROT_EXEC), EPERM);
    EXPECT(mprotect(p, page, PROT_READ) == 0);
    EXPECT_ERRNO((long) mmap(NULL, page, PROT_READ|PROT_EXEC,
                             MAP_PRIVATE|MAP_ANONYMOUS, -1, 0), EPERM);

    EXPECT_ERRNO((long) mmap(NULL, 2 << 20, PROT_READ|PROT_WRITE,
                             MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB, -1, 0),
                 EPERM);
    EXPECT_ERRNO((long) mmap(NULL, 2 << 20, PROT_READ|PROT_EXEC,
                             MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB, -1, 0),
                 EPERM);

    EXPECT(madvise(p, page, MADV_WILLNEED) == 0);
    EXPECT(madvise(p, page, MADV_DONTNEED) == 0);
    EXPECT(madvise(p, page, MADV_NOHUGEPAGE) == 0 || errno == EINVAL);
    EXPECT_ERRNO(madvise(p, page, MADV_MERGEABLE), ENOSYS);
    EXPECT_ERRNO(madvise(p, page, MADV_PAGEOUT), ENOSYS);
    EXPECT_ERRNO(madvise(p, page, MADV_REMOVE), ENOSYS);
    EXPECT_ERRNO(madvise(p, page, MADV_HWPOISON), ENOSYS);
    EXPECT(posix_fadvise(0, 0, 0, POSIX_FADV_DONTNEED) == ENOSYS);
    EXPECT(posix_fadvise(-1, 0, 0, POSIX_FADV_SEQUENTIAL) == EBADF);

    EXPECT_ERRNO(pipe2(fds, O_CLOEXEC|O_EXCL), ENOSYS);
    EXPECT(pipe2(fds, O_CLOEXEC|O_NONBLOCK) == 0);
    EXPECT(pipe(fds) == 0);
    EXPECT(ioctl(fds[0], FIONREAD, &n) == 0 && n == 0);
    EXPECT(!isatty(fds[0]) && errno == ENOTTY);
    EXPECT(ioctl(fds[0], FIOCLEX) == 0);
    EXPECT(ioctl(fds[0], FIONCLEX) == 0);
    EXPECT(ioctl(fds[0], FIONBIO, &word) == 0);
    EXPECT_ERRNO(ioctl(fds[0], TIOCSTI, "x"), ENOSYS);
    EXPECT_ERRNO(ioctl(fds[0], TIOCLINUX, "x"), ENOSYS);
    EXPECT_ERRNO(syscall(SYS_ioctl, fds[0], 1UL << 32 | TIOCSTI, "x"),
                 ENOSYS);
    EXPECT(syscall(SYS_ioctl, fds[0], 1UL << 32 | FIONREAD, &n) == 0);

    EXPECT(fcntl(fds[0], F_DUPFD_CLOEXEC, 3) != -1);
    EXPECT(fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0);
    EXPECT_ERRNO(fcntl(fds[0], F_SETOWN, getpid()), ENOSYS);
    EXPECT_ERRNO(fcntl(fds[0], F_SETPIPE_SZ, 1 << 20), ENOSYS);
    EXPECT_ERRNO(fcntl(fds[0], F_NOTIFY, 0), ENOSYS);
    EXPECT_ERRNO(fcntl(fds[0], F_SETLEASE, F_RDLCK), ENOSYS);
    EXPECT_ERRNO(syscall(SYS_fcntl, fds[0], 1UL << 32 | F_SETLEASE, F_RDLCK),
                 ENOSYS);

    EXPECT(syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1) == 0);
    EXPECT_ERRNO(syscall(SYS_futex, &word, FUTEX_WAIT, 1, NULL), EAGAIN);
    EXPECT_ERRNO(syscall(SYS_futex, &word,
                         FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME, 1, NULL,
                         NULL, ~0), EAGAIN);
    EXPECT_ERRNO(syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL), ENOSYS);
    EXPECT_ERRNO(syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE_PI, 0, NULL),
                 ENOSYS);

    return 0;
}


/* What an ordinary program does and must not notice. */

static int
ordinary(void)
{
    int              fd;
    char             buf[64];
    struct stat      st;
    struct rlimit    rl;
    timer_t          timer;
    struct timespec  ts = { 0, 1 };

    fd = open("/etc/passwd", O_RDONLY);
    EXPECT(fd != -1);
    EXPECT(open("/etc", O_RDONLY|O_DIRECTORY|O_CLOEXEC|O_NONBLOCK) != -1);
    EXPECT(read(fd, buf, sizeof(buf)) == sizeof(buf));
    EXPECT(lseek(fd, 0, SEEK_SET) == 0);
    EXPECT(fstat(fd, &st) == 0 && stat("/etc", &st) == 0);
    EXPECT(access("/etc", R_OK) == 0);
    EXPECT(getcwd(buf, sizeof(buf)) != NULL);
    EXPECT(syscall(SYS_getrandom, buf, 16, 0) == 16);
    EXPECT(nanosleep(&ts, NULL) == 0);
    EXPECT(timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0);
    EXPECT_ERRNO(timer_create(CLOCK_PROCESS_CPUTIME_ID, NULL, &timer), ENOSYS);
    EXPECT(kill(getpid(), 0) == 0);
    EXPECT(getrlimit(RLIMIT_AS, &rl) == 0 && setrlimit(RLIMIT_AS, &rl) == 0);
    EXPECT(sysconf(_SC_NPROCESSORS_ONLN) > 0);
    EXPECT_ERRNO(wait(NULL), ECHILD);
    EXPECT(malloc(64 << 20) != NULL);

    return 0;
}


static int
no_write(void)
{
    int           i;
    struct flock  lock = { .l_type = F_RDLCK };

    static const int  flags[] = {
        O_WRONLY, O_RDWR, O_RDONLY|O_CREAT, O_RDONLY|O_TRUNC,
        O_RDONLY|O_APPEND, O_WRONLY|O_TMPFILE, O_ACCMODE,
        O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC
    };

    for (i = 0; i < (int) (sizeof(flags) / sizeof(flags[0])); i++) {
        EXPECT_ERRNO(open("/tmp/seccomp", flags[i], 0600), EPERM);
    }

    EXPECT_ERRNO(syscall(SYS_openat, AT_FDCWD, "/tmp/seccomp",
                         1UL << 32 | O_WRONLY, 0600), EPERM);

    i = open("/etc/passwd", O_RDONLY);
    EXPECT_ERRNO(fcntl(i, F_SETLK, &lock), ENOSYS);
    EXPECT_ERRNO(fcntl(i, F_SETLKW, &lock), ENOSYS);
    EXPECT_ERRNO(fcntl(i, F_GETLK, &lock), ENOSYS);

    EXPECT_ERRNO(mkdir("/tmp/seccomp", 0700), EPERM);
    EXPECT_ERRNO(unlink("/tmp/seccomp"), EPERM);
    EXPECT_ERRNO(rename("/tmp/seccomp", "/tmp/x"), EPERM);
    EXPECT_ERRNO(symlink("/tmp/seccomp", "/tmp/x"), EPERM);
    EXPECT_ERRNO(truncate("/etc/passwd", 0), EPERM);
    EXPECT_ERRNO(chmod("/tmp/seccomp", 0), EPERM);

    return 0;
}


static int
body_plain(void)
{
    EXPECT(filtered() == 0);
    EXPECT_ERRNO(syscall(SYS_epoll_create1, 0), ENOSYS);
    EXPECT_ERRNO(syscall(SYS_eventfd2, 0, 0), ENOSYS);
    EXPECT(no_processes_nor_network() == 0);
    EXPECT(no_power() == 0);
    EXPECT(by_argument() == 0);
    EXPECT(no_write() == 0);
    EXPECT(ordinary() == 0);

    return 0;
}


static int
body_write(void)
{
    int           fd;
    char          path[64];
    struct flock  lock = { .l_type = F_RDLCK };

    profile.write = 1 << 20;

    snprintf(path, sizeof(path), "/tmp/test_seccomp.%d", (int) getpid());

    EXPECT(filtered() == 0);
    EXPECT(no_processes_nor_network() == 0);
    EXPECT(no_power() == 0);
    EXPECT(by_argument() == 0);
    EXPECT(ordinary() == 0);

    fd = open(path, O_RDWR|O_CREAT|O_EXCL, 0600);
    EXPECT(fd != -1);
    EXPECT(unlink(path) == 0);
    EXPECT(fcntl(fd, F_SETLK, &lock) == 0);
    EXPECT(fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_UNLCK);
    EXPECT_ERRNO(fcntl(fd, F_OFD_SETLK, &lock), ENOSYS);
    EXPECT(write(fd, "x", 1) == 1 && ftruncate(fd, 0) == 0 && fsync(fd) == 0);
    EXPECT_ERRNO(syscall(SYS_flistxattr, fd, NULL, 0), ENOTSUP);
    EXPECT_ERRNO(syscall(SYS_mknod, path, S_IFREG|0600, 0), EPERM);
    EXPECT_ERRNO(chown("/tmp", 1, 1), EPERM);

    return 0;
}


static void *
thread(void *data)
{
    *(int *) data = 1;

    return data;
}


static int
body_threads(void)
{
    int        ran;
    pthread_t  tid;

    profile.threads = 1;

    EXPECT(filtered() == 0);
    EXPECT(no_processes_nor_network() == 0);
    EXPECT(no_power() == 0);
    EXPECT(no_write() == 0);
    EXPECT(syscall(SYS_epoll_create1, 0) != -1);
    EXPECT(syscall(SYS_eventfd2, 0, 0) != -1);

    EXPECT_ERRNO(syscall(SYS_clone, CLONE_VM|CLONE_SIGHAND|CLONE_THREAD, 0, 0,
                         0, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_clone, 0x3d0f00 | CLONE_NEWNET, 0, 0, 0, 0),
                 EPERM);

    ran = 0;
    EXPECT(pthread_create(&tid, NULL, thread, &ran) == 0);
    EXPECT(pthread_join(tid, NULL) == 0);
    EXPECT(ran == 1);

    return 0;
}


static int
body_no_threads(void)
{
    int        ran;
    pthread_t  tid;

    EXPECT(filtered() == 0);
    EXPECT(pthread_create(&tid, NULL, thread, &ran) == EPERM);

    return 0;
}


static void
test_kernel(void **state)
{
    (void) state;

    for (split = 0; split < 2; split++) {
        child(0, 0, body_plain);
        child(0, 0, body_write);
        child(0, 0, body_threads);
        child(0, 0, body_no_threads);
    }
}


/* The layer is the last and is not to work without no_new_privs. */

static int
body_privs(void)
{
    struct sock_fprog  prog;

    EXPECT(cr_seccomp_compile(&profile, &prog) == 0);
    EXPECT(cr_ids_drop(1, 1) == 0);
    EXPECT_ERRNO(cr_seccomp_load(&prog), EACCES);

    return 0;
}


static void
test_needs_no_new_privs(void **state)
{
    (void) state;

    NEED_ROOT();

    child(CLONE_NEWUSER, CHILD_MANY, body_privs);
}


#if defined(__x86_64__)

static long
int80(long call)
{
    long  rc;

    __asm__ volatile ("int $0x80" : "=a" (rc) : "a" (call)
                      : "memory", "r8", "r9", "r10", "r11");

    return rc;
}


static int
body_int80_there(void)
{
    /* getpid of i386 */

    return int80(20) == getpid() ? 0 : -1;
}


static int
body_int80(void)
{
    EXPECT(filtered() == 0);

    (void) int80(20);

    return -1;
}


static int
body_x32(void)
{
    EXPECT(filtered() == 0);

    (void) syscall(X32_BIT | SYS_getpid);

    return -1;
}


static void
test_foreign_architectures(void **state)
{
    int  status;

    (void) state;

    for (split = 0; split < 2; split++) {
        status = child_status(0, 0, body_x32);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGSYS);
    }

    if (child_status(0, 0, body_int80_there) != 0) {
        print_message("this kernel has no calls of i386\n");
        skip();
    }

    for (split = 0; split < 2; split++) {
        status = child_status(0, 0, body_int80);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGSYS);
    }
}

#endif


static int
body_debug(void)
{
    int        ran, fds[2];
    char       text[256];
    ssize_t    n;
    pthread_t  tid;

    profile.debug = 1;

    EXPECT(pipe(fds) == 0);
    EXPECT(filtered() == 0);
    EXPECT(dup2(fds[1], STDERR_FILENO) == STDERR_FILENO);

    EXPECT_ERRNO(socket(AF_INET, SOCK_STREAM, 0), EPERM);
    EXPECT_ERRNO(syscall(9999, 0), ENOSYS);
    EXPECT_ERRNO(open("/tmp/seccomp", O_WRONLY), EPERM);
    EXPECT_ERRNO(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), EPERM);

    /* Called with SIGSYS blocked, which must not kill. */

    EXPECT_ERRNO(syscall(SYS_clone3, NULL, 0), ENOSYS);
    EXPECT_ERRNO(fork(), EPERM);
    EXPECT(pthread_create(&tid, NULL, thread, &ran) == EPERM);

    n = read(fds[0], text, sizeof(text) - 1);
    EXPECT(n > 0);
    text[n] = '\0';

    if (strcmp(text, "coderemote: refused system call socket\n"
                     "coderemote: refused system call unknown\n"
                     "coderemote: refused system call openat\n"
                     "coderemote: refused system call prctl\n") != 0)
    {
        printf("%s", text);
        return -1;
    }

    return 0;
}


static int
body_debug_parts(void)
{
    int                ran;
    pthread_t          tid;
    struct sock_fprog  zygote, cell;

    profile.debug = 1;
    profile.threads = 1;

    EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    EXPECT(cr_seccomp_split(&profile, &zygote, &cell) == 0);
    EXPECT(cr_seccomp_load(&zygote) == 0);
    EXPECT(cr_seccomp_load(&cell) == 0);
    EXPECT(close(STDERR_FILENO) == 0);
    EXPECT_ERRNO(socket(AF_INET, SOCK_STREAM, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_sendmsg, 0, NULL, 0), EPERM);
    EXPECT_ERRNO(syscall(SYS_capget, NULL, NULL), ENOSYS);
    EXPECT(pthread_create(&tid, NULL, thread, &ran) == 0);
    EXPECT(pthread_join(tid, NULL) == 0);

    return 0;
}


static void
test_debug(void **state)
{
    (void) state;

    child(0, 0, body_debug);

    /* In parts, the first of which has the set-up's calls to refuse. */

    child(0, 0, body_debug_parts);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_kernel, setup),
        cmocka_unit_test_setup(test_needs_no_new_privs, setup),
#if defined(__x86_64__)
        cmocka_unit_test_setup(test_foreign_architectures, setup),
#endif
        cmocka_unit_test_setup(test_debug, setup)
    };

    return cmocka_run_group_tests_name("system calls of a cell", tests, NULL,
                                       NULL);
}
