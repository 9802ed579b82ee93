
/* What a job finds that it is: ids, capabilities, limits, descriptors. */

#include "probe.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>


#define PROBE_DESCRIPTORS  1024
#define PROBE_MEGABYTE     (1024 * 1024)


static int
probe_descriptors(const char *argument)
{
    int  fd;

    (void) argument;

    for (fd = 0; fd < PROBE_DESCRIPTORS; fd++) {
        if (fcntl(fd, F_GETFD) != -1) {
            probe_say("%d", fd);
        }
    }

    return PROBE_SAID;
}


/* All of them pipes, of which the ends that a job needs are open. */

static int
probe_pipes(const char *argument)
{
    int          fd;
    struct stat  st;

    (void) argument;

    for (fd = 0; fd < PROBE_DESCRIPTORS; fd++) {
        if (fstat(fd, &st) == 0) {
            probe_say("%s%s", S_ISFIFO(st.st_mode) ? "pipe" : "other",
                      (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY ? "<" : ">");
        }
    }

    return PROBE_SAID;
}


static int
probe_environment(const char *argument)
{
    char  **p;

    (void) argument;

    for (p = environ; p && *p; p++) {
        probe_say("%s", *p);
    }

    return PROBE_SAID;
}


static int
probe_ids(const char *argument)
{
    uid_t  uids[3];
    gid_t  gids[3], groups[64];
    int    n;

    (void) argument;

    getresuid(&uids[0], &uids[1], &uids[2]);
    getresgid(&gids[0], &gids[1], &gids[2]);
    n = getgroups(64, groups);

    probe_say("%u %u %u %u %u %u groups=%d", uids[0], uids[1], uids[2],
              gids[0], gids[1], gids[2], n);

    return PROBE_SAID;
}


/* Every way to become somebody else. */

static int
probe_become(const char *argument)
{
    int    id;
    gid_t  group;

    id = atoi(argument);
    group = (gid_t) id;

    probe_count("setuid", setuid(id));
    probe_count("setgid", setgid(id));
    probe_count("setreuid", setreuid(id, id));
    probe_count("setregid", setregid(id, id));
    probe_count("setresuid", setresuid(id, id, id));
    probe_count("setresgid", setresgid(id, id, id));
    probe_count("setgroups", setgroups(1, &group));

    return probe_counted();
}


static int
probe_capabilities(const char *argument)
{
    int                              i, n;
    struct __user_cap_header_struct  header;
    struct __user_cap_data_struct    data[2];

    (void) argument;

    memset(&header, 0, sizeof(header));
    header.version = _LINUX_CAPABILITY_VERSION_3;

    if (syscall(SYS_capget, &header, data) == -1) {
        return -1;
    }

    n = 0;

    for (i = 0; i < 64; i++) {
        n += prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1;
    }

    probe_say("effective=%x%08x permitted=%x%08x inheritable=%x%08x",
              data[1].effective, data[0].effective, data[1].permitted,
              data[0].permitted, data[1].inheritable, data[0].inheritable);
    probe_say("bounding=%d securebits=%x", n,
              prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));

    return PROBE_SAID;
}


static int
probe_capset(const char *argument)
{
    struct __user_cap_header_struct  header;
    struct __user_cap_data_struct    data[2];

    (void) argument;

    memset(&header, 0, sizeof(header));
    memset(data, 0xff, sizeof(data));
    header.version = _LINUX_CAPABILITY_VERSION_3;

    return (int) syscall(SYS_capset, &header, data);
}


static int
probe_no_new_privs(const char *argument)
{
    int  rc;

    (void) argument;

    rc = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);

    if (rc == -1) {
        return -1;
    }

    probe_say("%d", rc);

    return PROBE_SAID;
}


static int
probe_dumpable(const char *argument)
{
    int  rc;

    (void) argument;

    rc = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);

    if (rc == -1) {
        return -1;
    }

    probe_say("%d", rc);

    return PROBE_SAID;
}


static int
probe_limits(const char *argument)
{
    size_t         i;
    struct rlimit  rl;

    static const struct {
        const char  *name;
        int          resource;
    } limits[] = {
        { "core", RLIMIT_CORE },
        { "fsize", RLIMIT_FSIZE },
        { "nofile", RLIMIT_NOFILE },
        { "nproc", RLIMIT_NPROC },
        { "stack", RLIMIT_STACK },
        { "memlock", RLIMIT_MEMLOCK },
        { "msgqueue", RLIMIT_MSGQUEUE },
        { "nice", RLIMIT_NICE },
        { "rtprio", RLIMIT_RTPRIO },
        { "sigpending", RLIMIT_SIGPENDING },
        { "cpu", RLIMIT_CPU },
        { "as", RLIMIT_AS }
    };

    (void) argument;

    for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {

        if (getrlimit(limits[i].resource, &rl) == -1) {
            return -1;
        }

        if (rl.rlim_cur != rl.rlim_max) {
            probe_say("%s=soft", limits[i].name);

        } else if (rl.rlim_cur == RLIM_INFINITY) {
            probe_say("%s=none", limits[i].name);

        } else {
            probe_say("%s=%llu", limits[i].name,
                      (unsigned long long) rl.rlim_cur);
        }
    }

    return PROBE_SAID;
}


static int
probe_raise_limit(const char *argument)
{
    struct rlimit  rl;

    (void) argument;

    if (getrlimit(RLIMIT_NOFILE, &rl) == -1) {
        return -1;
    }

    rl.rlim_cur += 1;
    rl.rlim_max += 1;

    return setrlimit(RLIMIT_NOFILE, &rl);
}


/* As many descriptors as there may be. */

/* Below the 1 that keeps the machine's program for cores from being started. */

static int
probe_core_limit(const char *argument)
{
    struct rlimit  rl;

    (void) argument;

    if (getrlimit(RLIMIT_CORE, &rl) == -1) {
        return -1;
    }

    rl.rlim_cur = 0;

    return setrlimit(RLIMIT_CORE, &rl);
}


static int
probe_open_files(const char *argument)
{
    int  n;

    (void) argument;

    errno = 0;

    for (n = 0; n < PROBE_DESCRIPTORS; n++) {
        if (dup(0) == -1) {
            break;
        }
    }

    probe_say("%s %d", probe_errno(errno), n);

    for (n = 5; n < PROBE_DESCRIPTORS; n++) {
        close(n);
    }

    return PROBE_SAID;
}


/* Megabytes of address space; the next probe has them as memory, too. */

static int
probe_space(const char *argument)
{
    size_t  size;

    size = (size_t) atoi(argument) * PROBE_MEGABYTE;

    return mmap(NULL, size, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS,
                -1, 0) == MAP_FAILED ? -1 : 0;
}


static int
probe_memory(const char *argument)
{
    char    *p;
    size_t   size, i;

    size = (size_t) atoi(argument) * PROBE_MEGABYTE;

    p = mmap(NULL, size, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1,
             0);

    if (p == MAP_FAILED) {
        return -1;
    }

    for (i = 0; i < size; i += 4096) {
        p[i] = 1;
    }

    munmap(p, size);

    return 0;
}


/* What is left of others in memory that is new: nothing but zeros. */

static int
probe_clean(const char *argument)
{
    char    *p;
    size_t   i;

    (void) argument;

    p = mmap(NULL, PROBE_MEGABYTE, PROT_READ|PROT_WRITE,
             MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED) {
        return -1;
    }

    for (i = 0; i < PROBE_MEGABYTE; i++) {
        if (p[i]) {
            errno = EBADMSG;
            return -1;
        }
    }

    return 0;
}


static int
probe_session(const char *argument)
{
    (void) argument;

    probe_say("%s", getsid(0) == getpid() && getpgrp() == getpid()
                    ? "own" : "shared");

    return PROBE_SAID;
}


static int
probe_umask(const char *argument)
{
    (void) argument;

    probe_say("%03o", (unsigned) umask(077));

    return PROBE_SAID;
}


static int
probe_hostname(const char *argument)
{
    struct utsname  uts;

    (void) argument;

    if (uname(&uts) == -1) {
        return -1;
    }

    probe_say("%s", uts.nodename);

    return PROBE_SAID;
}


static int
probe_sethostname(const char *argument)
{
    return sethostname(argument, strlen(argument));
}


static int
probe_pid(const char *argument)
{
    (void) argument;

    probe_say("%d %d", (int) getpid(), (int) getppid());

    return PROBE_SAID;
}


/* So many kilobytes of output. */

static int
probe_output(const char *argument)
{
    int          n;
    ssize_t      rc;
    static char  text[1024];

    memset(text, 'x', sizeof(text));

    for (n = atoi(argument); n > 0; n--) {
        rc = write(1, text, sizeof(text));

        if (rc == -1) {
            return -1;
        }
    }

    return 0;
}


/* Signals that were left ignored or blocked by whoever came before. */

static int
probe_signals(const char *argument)
{
    int               signo;
    sigset_t          set;
    struct sigaction  sa;

    (void) argument;

    sigprocmask(SIG_BLOCK, NULL, &set);

    for (signo = 1; signo < NSIG; signo++) {

        if (sigaction(signo, NULL, &sa) == 0 && sa.sa_handler != SIG_DFL) {
            probe_say("%d", signo);
        }

        if (sigismember(&set, signo) == 1) {
            probe_say("blocked=%d", signo);
        }
    }

    return PROBE_SAID;
}


const probe_t  probe_self[] = {
    { "descriptors", probe_descriptors, 0, { 0 } },
    { "pipes", probe_pipes, 0, { 0 } },
    { "environment", probe_environment, 0, { 0 } },
    { "ids", probe_ids, 0, { 0 } },
    { "become", probe_become, 0, { 0 } },
    { "capabilities", probe_capabilities, 0, { 0 } },
    { "capset", probe_capset, 0, { 0 } },
    { "no_new_privs", probe_no_new_privs, 0, { 0 } },
    { "dumpable", probe_dumpable, 0, { 0 } },
    { "limits", probe_limits, 0, { 0 } },
    { "raise-limit", probe_raise_limit, 0, { 0 } },
    { "core-limit", probe_core_limit, 0, { 0 } },
    { "open-files", probe_open_files, 0, { 0 } },
    { "space", probe_space, 0, { 0 } },
    { "memory", probe_memory, 0, { 0 } },
    { "clean", probe_clean, 0, { 0 } },
    { "session", probe_session, 0, { 0 } },
    { "umask", probe_umask, 0, { 0 } },
    { "hostname", probe_hostname, 0, { 0 } },
    { "sethostname", probe_sethostname, 0, { 0 } },
    { "pid", probe_pid, 0, { 0 } },
    { "output", probe_output, 0, { 0 } },
    { "signals", probe_signals, 0, { 0 } },
    PROBE_END
};
