
/*
 * Sets a scene, as any caller of the setuid helper can, and execs a program
 * in it:
 *
 *     cr_scene TRICK[=VALUE]... -- PROGRAM [ARGUMENT]...
 *
 * The tricks are done in their order.  What a kernel does not know is said on
 * stderr and ends with status 77, which the test takes for a skip.
 */

#include "cr_scene.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <netinet/in.h>


#define CR_LISTENER  3
#define CR_ARGS      5000


static char   *cr_none[] = { NULL };

static char  **cr_argv;
static char  **cr_envp = cr_none;


void
cr_scene_die(const char *what)
{
    fprintf(stderr, "cr_scene: %s: %s\n", what, strerror(errno));
    exit(77);
}


/* Like dup2(), but leaves nothing open at the old number. */

void
cr_scene_move(int fd, int to)
{
    if (fd == -1) {
        cr_scene_die("a descriptor");
    }

    if (fd != to) {

        if (dup2(fd, to) == -1) {
            cr_scene_die("dup2()");
        }

        close(fd);
    }
}


/* UID:GID[:GID...], the last ones being supplementary. */

static void
cr_as(const char *value)
{
    char   *end;
    gid_t   gid, groups[8];
    size_t  n;
    uid_t   uid;

    uid = strtoul(value, &end, 10);
    gid = *end == ':' ? strtoul(end + 1, &end, 10) : uid;

    for (n = 0; *end == ':' && n < 8; n++) {
        groups[n] = strtoul(end + 1, &end, 10);
    }

    if (setgroups(n, groups) == -1 || setresgid(gid, gid, gid) == -1
        || setresuid(uid, uid, uid) == -1)
    {
        cr_scene_die("as");
    }

    /* As if it had never been root: its files in /proc are its own. */

    (void) prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}


static int
cr_unix(int type, const char *path)
{
    int                 fd;
    struct sockaddr_un  sun;

    memset(&sun, 0, sizeof(sun));
    sun.sun_family = AF_UNIX;
    snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);

    (void) unlink(path);

    fd = socket(AF_UNIX, type, 0);

    if (bind(fd, (struct sockaddr *) &sun, sizeof(sun)) == -1) {
        cr_scene_die(path);
    }

    (void) chmod(path, 0666);

    return fd;
}


static void
cr_listen(const char *path)
{
    int  fd;

    fd = cr_unix(SOCK_STREAM, path);

    if (listen(fd, 16) == -1) {
        cr_scene_die("listen()");
    }

    cr_scene_move(fd, CR_LISTENER);
}


static void
cr_bound(const char *path)
{
    cr_scene_move(cr_unix(SOCK_STREAM, path), CR_LISTENER);
}


static void
cr_seqpacket(const char *path)
{
    int  fd;

    fd = cr_unix(SOCK_SEQPACKET, path);

    if (listen(fd, 16) == -1) {
        cr_scene_die("listen()");
    }

    cr_scene_move(fd, CR_LISTENER);
}


static void
cr_tcp(const char *value)
{
    int                 fd;
    struct sockaddr_in  sin;

    (void) value;

    memset(&sin, 0, sizeof(sin));
    sin.sin_family = AF_INET;
    sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    fd = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(fd, (struct sockaddr *) &sin, sizeof(sin)) == -1
        || listen(fd, 16) == -1)
    {
        cr_scene_die("listen()");
    }

    cr_scene_move(fd, CR_LISTENER);
}


static void
cr_connected(const char *value)
{
    int  fds[2];

    (void) value;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == -1) {
        cr_scene_die("socketpair()");
    }

    cr_scene_move(fds[0], CR_LISTENER);
}


static void
cr_close(const char *numbers)
{
    for ( /* void */ ; *numbers; numbers++) {
        close(*numbers - '0');
    }
}


/* N:PATH */

static void
cr_file(const char *value)
{
    int  fd;

    fd = open(value + 2, O_RDWR);

    if (fd == -1) {
        fd = open(value + 2, O_RDONLY);
    }

    cr_scene_move(fd, *value - '0');
}


/* A pipe that nobody empties and that is full. */

static void
cr_full_pipe(const char *value)
{
    int   fds[2];
    char  bytes[4096];

    memset(bytes, 'x', sizeof(bytes));

    if (pipe(fds) == -1) {
        cr_scene_die("pipe()");
    }

    (void) fcntl(fds[1], F_SETFL, O_NONBLOCK);

    while (write(fds[1], bytes, sizeof(bytes)) > 0) { /* void */ }

    (void) fcntl(fds[1], F_SETFL, 0);

    cr_scene_move(fds[0], 100);
    cr_scene_move(fds[1], *value - '0');
}


/* A pipe whose reader has gone: writing to it is answered by SIGPIPE. */

static void
cr_broken_pipe(const char *value)
{
    int  fds[2];

    if (pipe(fds) == -1) {
        cr_scene_die("pipe()");
    }

    close(fds[0]);
    cr_scene_move(fds[1], *value - '0');
}


static void
cr_socket(const char *value)
{
    int  fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == -1) {
        cr_scene_die("socketpair()");
    }

    cr_scene_move(fds[0], *value - '0');
}


/* Hundreds of descriptors, of all kinds. */

static void
cr_many_files(const char *value)
{
    int  i, n;

    static const char  *paths[] = { "/", "/dev/zero", "/dev/full", "/proc",
                                    "/etc/passwd", "/tmp" };

    n = atoi(value);

    for (i = 0; i < n; i++) {
        if (open(paths[i % 6], O_RDONLY) == -1) {
            cr_scene_die("open()");
        }
    }
}


static void
cr_umask(const char *value)
{
    umask(strtoul(value, NULL, 8));
}


static void
cr_cwd(const char *path)
{
    if (chdir(path) == -1) {
        cr_scene_die("chdir()");
    }
}


/* A working folder that is gone. */

static void
cr_cwd_deleted(const char *path)
{
    if (mkdir(path, 0700) == -1 || chdir(path) == -1 || rmdir(path) == -1) {
        cr_scene_die(path);
    }
}


/* A working folder that its own user cannot reach any more. */

static void
cr_cwd_locked(const char *path)
{
    if (mkdir(path, 0700) == -1 || chdir(path) == -1
        || chmod(path, 0) == -1)
    {
        cr_scene_die(path);
    }
}


static void
cr_argc_none(const char *value)
{
    (void) value;

    cr_argv[0] = NULL;
}


/* So many of them. */

static void
cr_args(const char *value)
{
    int           i, n;
    static char  *args[CR_ARGS + 2];

    n = atoi(value);
    args[0] = cr_argv[0];

    for (i = 1; i <= n && i <= CR_ARGS; i++) {
        args[i] = "--check";
    }

    cr_argv = args;
}


static void
cr_arg_huge(const char *value)
{
    size_t        len;
    static char  *args[3];

    len = atoi(value);
    args[0] = cr_argv[0];
    args[1] = malloc(len + 1);

    memset(args[1], '%', len);
    args[1][len] = '\0';

    cr_argv = args;
}


static void
cr_name(const char *value)
{
    cr_argv[0] = strdup(value);
}


/* Every variable that changes what a C program or a Python does. */

static void
cr_env_hostile(const char *value)
{
    static char  preload[256];
    static char  *envp[] = {
        preload, "LD_LIBRARY_PATH=/tmp:.", "LD_AUDIT=/tmp/audit.so",
        "LD_DEBUG=all", "LD_DEBUG_OUTPUT=/tmp/cr-ld-debug", "LD_BIND_NOW=1",
        "LD_SHOW_AUXV=1", "LD_PROFILE=libc.so.6",
        "LD_ORIGIN_PATH=/tmp", "LD_HWCAP_MASK=0", "LD_VERBOSE=1",
        "GLIBC_TUNABLES=glibc.malloc.check=3:glibc.malloc.perturb=165"
            ":glibc.malloc.mxfast=18446744073709551615=",
        "MALLOC_CHECK_=3", "MALLOC_PERTURB_=165", "MALLOC_ARENA_MAX=1",
        "MALLOC_TOP_PAD_=1073741824", "MALLOC_MMAP_THRESHOLD_=0",
        "LC_ALL=../../../../tmp/x", "LANG=%s%n", "LOCPATH=/tmp",
        "NLSPATH=/tmp/%N", "PATH=.:/tmp", "IFS=/", "TMPDIR=/nonexistent",
        "HOME=/root", "TZ=:/etc/shadow", "TZDIR=/tmp", "PYTHONPATH=/tmp",
        "PYTHONHOME=/tmp", "PYTHONSTARTUP=/tmp/x.py", "PYTHONINSPECT=1",
        "PYTHONMALLOC=debug", "PYTHONVERBOSE=1", "GCONV_PATH=/tmp",
        "GETCONF_DIR=/tmp", "HOSTALIASES=/tmp/x", "RESOLV_HOST_CONF=/tmp/x",
        "RES_OPTIONS=debug", "LISTEN_FDS=9", "LISTEN_PID=1", "NGINX=0;",
        "NOTIFY_SOCKET=/tmp/x", "LIBSECCOMP=x", "ENV=/tmp/x",
        "BASH_ENV=/tmp/x", "no equal sign", "=", "=x", "", NULL
    };

    snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", value);

    cr_envp = envp;
}


static void
cr_env_many(const char *value)
{
    int           i, n;
    char          text[32];
    static char  *envp[CR_ARGS + 1];

    n = atoi(value);

    for (i = 0; i < n && i < CR_ARGS; i++) {
        snprintf(text, sizeof(text), "VARIABLE_%d=%d", i, i);
        envp[i] = strdup(text);
    }

    cr_envp = envp;
}


/* Traced from its first instruction on by this process, which lets it go on. */

static void
cr_traced(const char *value)
{
    int    status;
    pid_t  pid;

    (void) value;

    pid = fork();

    if (pid == 0) {

        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1) {
            cr_scene_die("PTRACE_TRACEME");
        }

        return;
    }

    while (waitpid(pid, &status, 0) == pid) {

        if (!WIFSTOPPED(status)) {
            exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
        }

        ptrace(PTRACE_CONT, pid, NULL, WSTOPSIG(status) == SIGTRAP
                                       ? 0L : (long) WSTOPSIG(status));
    }

    exit(98);
}


/* Children that were the caller's: one has ended, one stays a while. */

static void
cr_children(const char *value)
{
    int    i, n;
    pid_t  pid;

    n = atoi(value);

    for (i = 0; i < n; i++) {
        pid = fork();

        if (pid == 0) {
            close(CR_LISTENER);

            /* No PDEATHSIG: a supervisor has no right to kill it so. */

            if (i) {
                (void) sleep(10);
            }

            _exit(0);
        }
    }
}


/* Another process has the lock of whoever serves the socket. */

static void
cr_locked(const char *value)
{
    int           fds[2];
    char          c;
    struct flock  lock;

    (void) value;

    if (pipe(fds) == -1) {
        cr_scene_die("pipe()");
    }

    if (fork() == 0) {
        memset(&lock, 0, sizeof(lock));
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;

        if (fcntl(CR_LISTENER, F_SETLK, &lock) == -1) {
            cr_scene_die("F_SETLK");
        }

        (void) prctl(PR_SET_PDEATHSIG, SIGKILL);

        close(fds[1]);
        pause();
        _exit(0);
    }

    close(fds[1]);
    (void) !read(fds[0], &c, 1);
    close(fds[0]);
}


/* The caller stays, and is no more than the parent. */

static void
cr_forked(const char *value)
{
    int    status;
    pid_t  pid;

    (void) value;

    pid = fork();

    if (pid == 0) {
        return;
    }

    close(CR_LISTENER);

    if (waitpid(pid, &status, 0) != pid) {
        exit(98);
    }

    exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
}


static const cr_trick_t  cr_tricks[] = {
    { "as", cr_as },
    { "listen", cr_listen },
    { "bound", cr_bound },
    { "seqpacket", cr_seqpacket },
    { "tcp", cr_tcp },
    { "connected", cr_connected },
    { "close", cr_close },
    { "file", cr_file },
    { "full-pipe", cr_full_pipe },
    { "broken-pipe", cr_broken_pipe },
    { "socket", cr_socket },
    { "files", cr_many_files },
    { "umask", cr_umask },
    { "cwd", cr_cwd },
    { "cwd-deleted", cr_cwd_deleted },
    { "cwd-locked", cr_cwd_locked },
    { "argc-none", cr_argc_none },
    { "args", cr_args },
    { "arg-huge", cr_arg_huge },
    { "name", cr_name },
    { "env-hostile", cr_env_hostile },
    { "env-many", cr_env_many },
    { "traced", cr_traced },
    { "children", cr_children },
    { "locked", cr_locked },
    { "forked", cr_forked },
    { NULL, NULL }
};


static int
cr_scene_find(const cr_trick_t *tricks, const char *text)
{
    size_t             len;
    const cr_trick_t  *t;

    len = strcspn(text, "=");

    for (t = tricks; t->name; t++) {
        if (strlen(t->name) == len && strncmp(t->name, text, len) == 0) {
            t->set(text[len] ? text + len + 1 : "");
            return 1;
        }
    }

    return 0;
}


int
main(int argc, char **argv)
{
    int    i, last;
    char  *program;

    for (last = 1; last < argc && strcmp(argv[last], "--") != 0; last++) {
        /* void */
    }

    if (last + 1 >= argc) {
        fprintf(stderr, "usage: cr_scene TRICK... -- PROGRAM [ARGUMENT]...\n");
        return 78;
    }

    program = argv[last + 1];
    cr_argv = argv + last + 1;

    for (i = 1; i < last; i++) {
        if (!cr_scene_find(cr_tricks, argv[i])
            && !cr_scene_find(cr_process_tricks, argv[i]))
        {
            fprintf(stderr, "cr_scene: there is no trick %s\n", argv[i]);
            return 78;
        }
    }

    execve(program, cr_argv, cr_envp);

    fprintf(stderr, "cr_scene: %s: %s\n", program, strerror(errno));

    return 79;
}
