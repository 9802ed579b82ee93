
/*
 * Every layer is tried in a child, in a user namespace of its own where it
 * needs one, by the very function that confines a cell.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "cr_check.h"
#include "cr_layers.h"
#include "cr_test.h"


/* Ids that nobody has but the cells of a first supervisor. */

#define CR_CHECK_UIDS       0x70000000U

#define CR_CHECK_CGROUP     "/sys/fs/cgroup"

#define CR_CHECK_NEEDED     1             /* nothing runs without */
#define CR_CHECK_PRIVILEGE  2             /* needed, but only root has it */


typedef struct {
    const char  *name;
    int          flags;       /* CLONE_NEW* to try it in; 0: none */
    int          need;
    int        (*try)(void);  /* 0, or -1 with errno; in the child */
    const char  *hint;
} cr_layer_t;


static int cr_check_child(const cr_layer_t *layer);
static int cr_check_inside(const cr_layer_t *layer, int fd);
static int cr_check_outside(const cr_layer_t *layer, pid_t pid, int fd);
static int cr_check_map(pid_t pid, unsigned ids);
static int cr_check_write(pid_t pid, const char *name, const char *value);
static int cr_check_cgroup(const cr_cgroups_t *cgs, const cr_layer_t *layer);
static void cr_check_line(const char *state, const cr_layer_t *layer,
    const char *why);
static int cr_check_append(char *list, size_t size, const char *name);
static int cr_try_root(void);
static int cr_try_ids(void);
static int cr_try_caps(void);
static int cr_try_no_new_privs(void);
static int cr_try_limits(void);
static int cr_try_landlock(void);
static int cr_try_seccomp(void);


static const cr_layer_t  cr_layers[] = {

    { "user", CLONE_NEWUSER, CR_CHECK_NEEDED, NULL,
      "user namespaces: a root that is no chroot, user.max_user_namespaces "
      "above 0, and as a normal user kernel.unprivileged_userns_clone=1 and "
      "kernel.apparmor_restrict_unprivileged_userns=0, by sysctl" },

    { "pid", CLONE_NEWUSER|CLONE_NEWPID, CR_CHECK_NEEDED, NULL,
      "a kernel with CONFIG_PID_NS, user.max_pid_namespaces above 0" },

    { "mount", CLONE_NEWUSER|CLONE_NEWNS, CR_CHECK_NEEDED, NULL,
      "user.max_mnt_namespaces above 0" },

    { "net", CLONE_NEWUSER|CLONE_NEWNET, CR_CHECK_NEEDED, NULL,
      "a kernel with CONFIG_NET_NS, user.max_net_namespaces above 0" },

    { "ipc", CLONE_NEWUSER|CLONE_NEWIPC, CR_CHECK_NEEDED, NULL,
      "a kernel with CONFIG_IPC_NS, user.max_ipc_namespaces above 0" },

    { "uts", CLONE_NEWUSER|CLONE_NEWUTS, CR_CHECK_NEEDED, NULL,
      "a kernel with CONFIG_UTS_NS, user.max_uts_namespaces above 0" },

    { "cgroup-ns", CLONE_NEWUSER|CLONE_NEWCGROUP, 0, NULL,
      "a kernel with CONFIG_CGROUPS, user.max_cgroup_namespaces above 0" },

    { "root", CLONE_NEWUSER|CLONE_NEWNS, CR_CHECK_NEEDED, cr_try_root,
      "Linux 5.12 or newer with tmpfs, /proc mounted, and devices in /dev" },

    { "ids", CLONE_NEWUSER, CR_CHECK_PRIVILEGE, cr_try_ids,
      "start as root, or by the installed setuid helper: each slot then has "
      "a uid of its own" },

    { "capabilities", CLONE_NEWUSER, CR_CHECK_NEEDED, cr_try_caps,
      "a kernel with CONFIG_MULTIUSER" },

    { "no_new_privs", 0, CR_CHECK_NEEDED, cr_try_no_new_privs,
      "Linux 3.5 or newer" },

    { "rlimits", 0, CR_CHECK_NEEDED, cr_try_limits, "a usual Linux" },

    { "cgroup-memory", 0, CR_CHECK_PRIVILEGE, NULL,
      "the memory controller: mount cgroup2 on " CR_CHECK_CGROUP
      ", start as root in a unit with Delegate=yes" },

    { "cgroup-pids", 0, CR_CHECK_PRIVILEGE, NULL,
      "the pids controller, in the same way" },

    { "cgroup-cpu", 0, 0, NULL,
      "the cpu controller, in the same way: without it jobs compete with the "
      "machine's other work as equals" },

    { "landlock", 0, 0, cr_try_landlock,
      "Linux 5.13 or newer with CONFIG_SECURITY_LANDLOCK and landlock in the "
      "kernel's lsm= list" },

    { "seccomp", 0, CR_CHECK_NEEDED, cr_try_seccomp,
      "a kernel with CONFIG_SECCOMP_FILTER" },

    { NULL, 0, 0, NULL, NULL }
};


int
cr_check(int privileged)
{
    int                rc, err, missing;
    char               why[256];
    cr_cgroups_t       cgs;
    const cr_layer_t  *layer;

    missing = 0;
    why[0] = '\0';

    if (cr_cgroups_probe(&cgs, why, sizeof(why)) == -1) {
        memset(&cgs, 0, sizeof(cr_cgroups_t));
    }

    for (layer = cr_layers; layer->name != NULL; layer++) {

        if (strncmp(layer->name, "cgroup-", 7) == 0 && layer->flags == 0) {
            rc = cr_check_cgroup(&cgs, layer);
            err = 0;

        } else {
            rc = cr_check_child(layer);
            err = errno;
        }

        if (rc == 0) {
            cr_check_line("ok", layer, NULL);

        } else if (layer->need == CR_CHECK_NEEDED
                   || (layer->need == CR_CHECK_PRIVILEGE && privileged))
        {
            cr_check_line("missing", layer, err ? strerror(err) : why);
            missing = 1;

        } else {
            cr_check_line("off", layer, err ? strerror(err) : why);
        }
    }

    return missing;
}


int
cr_check_layers(const cr_cgroups_t *cgs, int rootless, char *on, char *off,
    size_t size)
{
    int                rc;
    const cr_layer_t  *layer;

    if (size == 0) {
        errno = ENOSPC;
        return -1;
    }

    on[0] = '\0';
    off[0] = '\0';

    for (layer = cr_layers; layer->name != NULL; layer++) {

        if (cr_without(layer->name)) {
            rc = -1;

        } else if (strncmp(layer->name, "cgroup-", 7) == 0
                   && layer->flags == 0)
        {
            rc = cr_check_cgroup(cgs, layer);

        } else if (rootless && layer->try == cr_try_ids) {
            rc = -1;

        } else {
            rc = cr_check_child(layer);
        }

        if (cr_check_append(rc == 0 ? on : off, size, layer->name) == -1) {
            return -1;
        }
    }

    return 0;
}


static int
cr_check_cgroup(const cr_cgroups_t *cgs, const cr_layer_t *layer)
{
    size_t       len;
    const char  *kind, *p;

    kind = layer->name + 7;
    len = strlen(kind);

    if (cgs->version == 0) {
        return -1;
    }

    for (p = strstr(cgs->missing, kind); p; p = strstr(p + 1, kind)) {
        if ((p == cgs->missing || p[-1] == ' ')
            && (p[len] == ' ' || p[len] == '\0'))
        {
            return -1;
        }
    }

    return 0;
}


static void
cr_check_line(const char *state, const cr_layer_t *layer, const char *why)
{
    if (why == NULL) {
        (void) printf("%-8s%s\n", state, layer->name);
        return;
    }

    (void) printf("%-8s%-14s needs %s%s%s%s\n", state, layer->name,
                  layer->hint, *why ? " (" : "", why, *why ? ")" : "");
}


static int
cr_check_append(char *list, size_t size, const char *name)
{
    size_t  len;

    len = strlen(list);

    if (len + strlen(name) + 2 > size) {
        errno = ENOSPC;
        return -1;
    }

    if (len) {
        list[len++] = ' ';
    }

    strcpy(list + len, name);

    return 0;
}


/* 0 when the layer can be had; or -1 with the errno of what failed. */

static int
cr_check_child(const cr_layer_t *layer)
{
    int    sv[2], err;
    pid_t  pid;

    if (socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, sv) == -1) {
        return -1;
    }

    /* Or the child would write what is buffered once more. */

    (void) fflush(stdout);

    pid = fork();

    if (pid == -1) {
        err = errno;
        (void) close(sv[0]);
        (void) close(sv[1]);
        errno = err;
        return -1;
    }

    if (pid == 0) {
        (void) close(sv[0]);
        _exit(cr_check_inside(layer, sv[1]));
    }

    (void) close(sv[1]);

    err = cr_check_outside(layer, pid, sv[0]);

    errno = err;

    return err ? -1 : 0;
}


/* The child's part; answers its exit status, an errno. */

static int
cr_check_inside(const cr_layer_t *layer, int fd)
{
    char  c;

    /* Else its id map belongs to root, and nobody else may write it. */

    if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == -1) {
        return errno;
    }

    if (layer->flags && unshare(layer->flags) == -1) {
        return errno;
    }

    if (layer->try == NULL) {
        return 0;
    }

    if (layer->flags
        && (write(fd, "", 1) != 1 || read(fd, &c, 1) != 1
            || setresgid(0, 0, 0) == -1 || setresuid(0, 0, 0) == -1))
    {
        return EPERM;
    }

    errno = 0;

    if (layer->try() == -1) {
        return errno ? errno : EPERM;
    }

    return 0;
}


/* The parent's part: writes the id map, answers the child's errno. */

static int
cr_check_outside(const cr_layer_t *layer, pid_t pid, int fd)
{
    int   err, status;
    char  c;

    err = 0;

    if (layer->flags && layer->try != NULL && read(fd, &c, 1) == 1) {

        if (cr_check_map(pid, layer->try == cr_try_ids ? 2 : 1) == -1) {
            err = errno;

        } else if (write(fd, "", 1) != 1) {
            err = errno;
        }
    }

    (void) close(fd);

    while (waitpid(pid, &status, 0) == -1) {
        if (errno != EINTR) {
            return errno;
        }
    }

    if (err) {
        return err;
    }

    return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}


/*
 * Ids of nobody are mapped where that is permitted.  Else the caller's own as
 * 0; which is one, and asks that groups cannot be left.
 */

static int
cr_check_map(pid_t pid, unsigned ids)
{
    char  map[64];

    (void) snprintf(map, sizeof(map), "0 %u %u", CR_CHECK_UIDS, ids);

    if (cr_check_write(pid, "uid_map", map) == 0) {
        return cr_check_write(pid, "gid_map", map);
    }

    if (ids != 1) {
        return -1;
    }

    (void) snprintf(map, sizeof(map), "0 %u 1", (unsigned) geteuid());

    if (cr_check_write(pid, "uid_map", map) == -1
        || cr_check_write(pid, "setgroups", "deny") == -1)
    {
        return -1;
    }

    (void) snprintf(map, sizeof(map), "0 %u 1", (unsigned) getegid());

    return cr_check_write(pid, "gid_map", map);
}


static int
cr_check_write(pid_t pid, const char *name, const char *value)
{
    int      fd, err;
    char     path[64];
    ssize_t  n;

    (void) snprintf(path, sizeof(path), "/proc/%d/%s", (int) pid, name);

    fd = open(path, O_WRONLY|O_CLOEXEC);

    if (fd == -1) {
        return -1;
    }

    n = write(fd, value, strlen(value));

    err = errno;
    (void) close(fd);
    errno = err;

    return n == -1 ? -1 : 0;
}


static int
cr_try_root(void)
{
    int           program, fd;
    cr_profile_t  profile;

    memset(&profile, 0, sizeof(profile));

    profile.tree[0] = "/usr";
    profile.ntree = 1;

    program = open("/proc/self/exe", O_PATH|O_CLOEXEC);

    if (program == -1 || cr_tree_build(&profile, program) == -1) {
        return -1;
    }

    fd = open("/dev/null", O_WRONLY|O_CLOEXEC);

    if (fd == -1) {
        return -1;
    }

    return write(fd, "", 1) == 1 ? 0 : -1;
}


static int
cr_try_ids(void)
{
    return cr_ids_drop(1, 1);
}


static int
cr_try_caps(void)
{
    return cr_caps_drop();
}


static int
cr_try_no_new_privs(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}


static int
cr_try_limits(void)
{
    cr_profile_t  profile;

    memset(&profile, 0, sizeof(profile));

    profile.processes = 1;

    if (cr_limits_set(&profile) == -1) {
        return -1;
    }

    return cr_limits_handover(1ULL << 40, 1000);
}


static int
cr_try_landlock(void)
{
    int           ruleset;
    cr_profile_t  profile;

    memset(&profile, 0, sizeof(profile));

    ruleset = cr_landlock_prepare(&profile);

    if (ruleset == -1 || cr_try_no_new_privs() == -1
        || cr_landlock_enter(ruleset) == -1)
    {
        return -1;
    }

    /* Which anybody may otherwise write. */

    if (open("/dev/zero", O_WRONLY|O_CLOEXEC) != -1) {
        errno = EPERM;
        return -1;
    }

    return errno == EACCES ? 0 : -1;
}


static int
cr_try_seccomp(void)
{
    cr_profile_t       profile;
    struct sock_fprog  prog;

    memset(&profile, 0, sizeof(profile));

    if (cr_seccomp_compile(&profile, &prog) == -1
        || cr_try_no_new_privs() == -1
        || cr_seccomp_load(&prog) == -1)
    {
        return -1;
    }

    if (socket(AF_INET, SOCK_STREAM, 0) != -1) {
        errno = EPERM;
        return -1;
    }

    return errno == EPERM ? 0 : -1;
}
