
/*
 * Tricks on what the kernel keeps of a process and hands on over exec():
 * limits, signals, timers, scheduling, prctl()s, namespaces, keyrings.
 */

#include "cr_scene.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/mempolicy.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>


#define CR_SIGNALS    64
#define CR_IDLE_CLASS (3 << 13)      /* of ioprio_set() */


static void
cr_prctl(int option, unsigned long value, const char *what)
{
    if (prctl(option, value, 0, 0, 0) == -1) {
        cr_scene_die(what);
    }
}


/* NAME:SOFT:HARD, each a number or "-" for as it is. */

static void
cr_limit(const char *value)
{
    size_t         i, len;
    const char    *p;
    struct rlimit  rl;

    static const struct {
        const char  *name;
        int          resource;
    } names[] = {
        { "as", RLIMIT_AS }, { "core", RLIMIT_CORE }, { "cpu", RLIMIT_CPU },
        { "data", RLIMIT_DATA }, { "fsize", RLIMIT_FSIZE },
        { "locks", RLIMIT_LOCKS }, { "memlock", RLIMIT_MEMLOCK },
        { "msgqueue", RLIMIT_MSGQUEUE }, { "nice", RLIMIT_NICE },
        { "nofile", RLIMIT_NOFILE }, { "nproc", RLIMIT_NPROC },
        { "rss", RLIMIT_RSS }, { "rtprio", RLIMIT_RTPRIO },
        { "rttime", RLIMIT_RTTIME }, { "sigpending", RLIMIT_SIGPENDING },
        { "stack", RLIMIT_STACK }
    };

    len = strcspn(value, ":");

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {

        if (strlen(names[i].name) != len
            || strncmp(names[i].name, value, len) != 0)
        {
            continue;
        }

        (void) getrlimit(names[i].resource, &rl);

        p = value + len + 1;

        if (*p != '-') {
            rl.rlim_cur = strtoull(p, NULL, 10);
        }

        p = strchr(p, ':') + 1;

        if (*p != '-') {
            rl.rlim_max = strtoull(p, NULL, 10);
        }

        if (setrlimit(names[i].resource, &rl) == -1) {
            cr_scene_die(value);
        }

        return;
    }

    cr_scene_die("no such limit");
}


/* By the raw call: the library keeps two signals from its callers. */

static void
cr_block(const char *value)
{
    unsigned long  all;

    (void) value;

    all = ~0UL;

    if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof(all))
        == -1)
    {
        cr_scene_die("rt_sigprocmask()");
    }
}


static void
cr_ignore(const char *value)
{
    int  signo;

    (void) value;

    for (signo = 1; signo <= CR_SIGNALS; signo++) {
        (void) signal(signo, SIG_IGN);
    }
}


static void
cr_ignore_one(const char *value)
{
    if (signal(atoi(value), SIG_IGN) == SIG_ERR) {
        cr_scene_die("signal()");
    }
}


/* Every signal that can wait, waits. */

static void
cr_pending(const char *value)
{
    int  signo;

    cr_block(value);

    for (signo = 1; signo <= CR_SIGNALS; signo++) {
        if (signo != SIGKILL && signo != SIGSTOP) {
            (void) kill(getpid(), signo);
        }
    }
}


/* Milliseconds, of each of the three clocks. */

static void
cr_alarm(const char *value)
{
    struct itimerval  it;

    memset(&it, 0, sizeof(it));
    it.it_value.tv_usec = atoi(value) * 1000;

    if (setitimer(ITIMER_REAL, &it, NULL) == -1
        || setitimer(ITIMER_VIRTUAL, &it, NULL) == -1
        || setitimer(ITIMER_PROF, &it, NULL) == -1)
    {
        cr_scene_die("setitimer()");
    }
}


static void
cr_nice(const char *value)
{
    if (setpriority(PRIO_PROCESS, 0, atoi(value)) == -1) {
        cr_scene_die("setpriority()");
    }
}


static void
cr_policy(const char *value)
{
    struct sched_param  param;

    memset(&param, 0, sizeof(param));

    if (sched_setscheduler(0, atoi(value), &param) == -1) {
        cr_scene_die("sched_setscheduler()");
    }
}


static void
cr_ionice(const char *value)
{
    (void) value;

    if (syscall(SYS_ioprio_set, 1, 0, CR_IDLE_CLASS) == -1) {
        cr_scene_die("ioprio_set()");
    }
}


static void
cr_affinity(const char *value)
{
    cpu_set_t  set;

    CPU_ZERO(&set);
    CPU_SET(atoi(value), &set);

    if (sched_setaffinity(0, sizeof(set), &set) == -1) {
        cr_scene_die("sched_setaffinity()");
    }
}


static void
cr_mempolicy(const char *value)
{
    unsigned long  nodes;

    (void) value;

    nodes = 1;

    if (syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, 8 * sizeof(nodes))
        == -1)
    {
        cr_scene_die("set_mempolicy()");
    }
}


static void
cr_personality(const char *value)
{
    if (personality(strtoul(value, NULL, 16)) == -1) {
        cr_scene_die("personality()");
    }
}


static void
cr_no_new_privs(const char *value)
{
    (void) value;

    cr_prctl(PR_SET_NO_NEW_PRIVS, 1, "PR_SET_NO_NEW_PRIVS");
}


/*
 * The number of the call that fails from now on; it needs no_new_privs, or a
 * user namespace.
 */

static void
cr_seccomp(const char *value)
{
    struct sock_filter  code[] = {
        BPF_STMT(BPF_LD|BPF_W|BPF_ABS, 0),
        BPF_JUMP(BPF_JMP|BPF_JEQ|BPF_K, (unsigned) atoi(value), 0, 1),
        BPF_STMT(BPF_RET|BPF_K, SECCOMP_RET_ERRNO),
        BPF_STMT(BPF_RET|BPF_K, SECCOMP_RET_ALLOW)
    };

    struct sock_fprog   prog = { sizeof(code) / sizeof(code[0]), code };

    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == -1) {
        cr_scene_die("seccomp()");
    }
}


static void
cr_dumpable(const char *value)
{
    cr_prctl(PR_SET_DUMPABLE, atoi(value), "PR_SET_DUMPABLE");
}


static void
cr_subreaper(const char *value)
{
    (void) value;

    cr_prctl(PR_SET_CHILD_SUBREAPER, 1, "PR_SET_CHILD_SUBREAPER");
}


static void
cr_pdeathsig(const char *value)
{
    cr_prctl(PR_SET_PDEATHSIG, atoi(value), "PR_SET_PDEATHSIG");
}


static void
cr_slack(const char *value)
{
    cr_prctl(PR_SET_TIMERSLACK, strtoul(value, NULL, 10), "PR_SET_TIMERSLACK");
}


static void
cr_thp(const char *value)
{
    (void) value;

    cr_prctl(PR_SET_THP_DISABLE, 1, "PR_SET_THP_DISABLE");
}


static void
cr_tsc(const char *value)
{
    (void) value;

    cr_prctl(PR_SET_TSC, PR_TSC_SIGSEGV, "PR_SET_TSC");
}


static void
cr_mdwe(const char *value)
{
    (void) value;

    /* PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN: newer than the headers */

    cr_prctl(65, 1, "PR_SET_MDWE");
}


static void
cr_speculation(const char *value)
{
    (void) value;

    if (prctl(PR_SET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, PR_SPEC_DISABLE,
              0, 0)
        == -1)
    {
        cr_scene_die("PR_SET_SPECULATION_CTRL");
    }
}


static void
cr_keep_caps(const char *value)
{
    (void) value;

    cr_prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS, "PR_SET_SECUREBITS");
}


static void
cr_keyring(const char *name)
{
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name) == -1
        || syscall(SYS_add_key, "user", name, "value", 5,
                   KEY_SPEC_SESSION_KEYRING)
           == -1)
    {
        cr_scene_die("keyctl()");
    }
}


static void
cr_write(const char *path, const char *text)
{
    int  fd;

    fd = open(path, O_WRONLY);

    if (fd == -1 || write(fd, text, strlen(text)) == -1) {
        cr_scene_die(path);
    }

    close(fd);
}


static void
cr_oom(const char *value)
{
    cr_write("/proc/self/oom_score_adj", value);
}


static void
cr_coredump_filter(const char *value)
{
    cr_write("/proc/self/coredump_filter", value);
}


/* Leader of a process group, so that setsid() is refused. */

static void
cr_group(const char *value)
{
    (void) value;

    if (setpgid(0, 0) == -1) {
        cr_scene_die("setpgid()");
    }
}


/* Leader of a session with a terminal, PATH. */

static void
cr_terminal(const char *path)
{
    int  fd;

    if (setsid() == -1) {
        cr_scene_die("setsid()");
    }

    fd = open(path, O_RDWR);

    if (fd == -1 || ioctl(fd, TIOCSCTTY, 0) == -1) {
        cr_scene_die(path);
    }

    close(fd);
}


/* Root in a namespace of its own: of nothing that is anybody else's. */

static void
cr_user_namespace(const char *value)
{
    char   map[64];
    uid_t  uid;
    gid_t  gid;

    uid = getuid();
    gid = getgid();

    if (unshare(CLONE_NEWUSER|CLONE_NEWNS) == -1) {
        cr_scene_die("unshare()");
    }

    snprintf(map, sizeof(map), "%s %d 1", value, (int) uid);
    cr_write("/proc/self/uid_map", map);

    cr_write("/proc/self/setgroups", "deny");

    snprintf(map, sizeof(map), "%s %d 1", value, (int) gid);
    cr_write("/proc/self/gid_map", map);
}


const cr_trick_t  cr_process_tricks[] = {
    { "limit", cr_limit },
    { "block", cr_block },
    { "ignore", cr_ignore },
    { "ignore-one", cr_ignore_one },
    { "pending", cr_pending },
    { "alarm", cr_alarm },
    { "nice", cr_nice },
    { "policy", cr_policy },
    { "ionice", cr_ionice },
    { "affinity", cr_affinity },
    { "mempolicy", cr_mempolicy },
    { "personality", cr_personality },
    { "no-new-privs", cr_no_new_privs },
    { "seccomp", cr_seccomp },
    { "dumpable", cr_dumpable },
    { "subreaper", cr_subreaper },
    { "pdeathsig", cr_pdeathsig },
    { "slack", cr_slack },
    { "thp", cr_thp },
    { "tsc", cr_tsc },
    { "mdwe", cr_mdwe },
    { "speculation", cr_speculation },
    { "keep-caps", cr_keep_caps },
    { "keyring", cr_keyring },
    { "oom", cr_oom },
    { "coredump-filter", cr_coredump_filter },
    { "group", cr_group },
    { "terminal", cr_terminal },
    { "user-namespace", cr_user_namespace },
    { NULL, NULL }
};
