
/*
 * v2: one hierarchy.  A cgroup whose children have controllers may hold no
 * tasks itself, so what lives in ours moves to a leaf beside the parent.
 * Under systemd that is allowed in a delegated unit alone.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "cr_cgroup_file.h"
#include "cr_test.h"


#define CR_CGROUP_V2_MAIN      "coderemote-main"
#define CR_CGROUP_V2_STALE     2000    /* ms to remove a dead one's */
#define CR_CGROUP_V2_ROUNDS    64      /* over tasks that fork meanwhile */


static int cr_cgroup_v2_home(char *home, char *error, size_t size);
static void cr_cgroup_v2_above(char *home);
static int cr_cgroup_v2_delegated(const char *home, const char *mount);
static int cr_cgroup_v2_move(const char *home);
static int cr_cgroup_v2_tasks(const char *home, const char *to);
static int cr_cgroup_v2_parent(cr_cgroups_t *cgs, const char *home,
    const char *name, const cr_cgroup_caps_t *caps);
static int cr_cgroup_v2_enable(cr_cgroups_t *cgs, const char *home);
static int cr_cgroup_v2_failed(const char *what, const char *path,
    char *error, size_t size);


int
cr_cgroup_v2_open(cr_cgroups_t *cgs, const char *name,
    const cr_cgroup_caps_t *caps, char *error, size_t size)
{
    char  home[CR_CGROUP_PATH_MAX];

    if (cr_cgroup_v2_home(home, error, size) == -1) {
        return -1;
    }

    if (cr_cgroup_v2_move(home) == -1) {
        return cr_cgroup_v2_failed("move the tasks of", home, error, size);
    }

    if (cr_cgroup_v2_enable(cgs, home) == -1) {
        return cr_cgroup_v2_failed("enable controllers below", home, error,
                                   size);
    }

    if (cr_cgroup_v2_parent(cgs, home, name, caps) == -1) {
        return cr_cgroup_v2_failed("make a cgroup below", home, error, size);
    }

    cgs->version = 2;

    return 0;
}


int
cr_cgroup_v2_probe(cr_cgroups_t *cgs, char *error, size_t size)
{
    char      home[CR_CGROUP_PATH_MAX], file[CR_CGROUP_PATH_MAX];
    unsigned  i;

    if (cr_cgroup_v2_home(home, error, size) == -1) {
        return -1;
    }

    if (cr_cgroup_join_path(file, home, "cgroup.subtree_control") == -1
        || access(file, W_OK) == -1)
    {
        return cr_cgroup_v2_failed("enable controllers below", home, error,
                                   size);
    }

    for (i = 0; i < CR_CGROUP_KINDS; i++) {
        if (!cr_cgroup_has_word(home, "cgroup.controllers",
                                cr_cgroup_kinds[i]))
        {
            cr_cgroup_lacks(cgs, cr_cgroup_kinds[i]);
        }
    }

    cgs->version = 2;

    return 0;
}


/* The folder that the parent will be in. */

static int
cr_cgroup_v2_home(char *home, char *error, size_t size)
{
    char  mount[CR_CGROUP_PATH_MAX];

    if (cr_cgroup_home(NULL, home, mount) == -1) {
        return cr_cgroup_v2_failed("find", "/proc/self/cgroup", error, size);
    }

    cr_cgroup_v2_above(home);

    if (!cr_cgroup_v2_delegated(home, mount)) {
        (void) snprintf(error, size, "the cgroup %s is not delegated: start "
                        "in a systemd unit that has Delegate=yes, or allow "
                        "to run without cgroups by rootless = on", home);
        return -1;
    }

    return 0;
}


/* A supervisor started by one that moved, or by a moved worker, is below. */

static void
cr_cgroup_v2_above(char *home)
{
    char  *name;

    name = strrchr(home, '/');

    if (name != NULL && strcmp(name + 1, CR_CGROUP_V2_MAIN) == 0) {
        *name = '\0';
    }
}


/* systemd marks the folder of a delegated unit; others have no such rule. */

static int
cr_cgroup_v2_delegated(const char *home, const char *mount)
{
    char    path[CR_CGROUP_PATH_MAX], value[8], *end;
    size_t  len;

    if (access("/run/systemd/system", F_OK) == -1) {
        return 1;
    }

    len = strlen(mount);
    strcpy(path, home);

    while (strlen(path) > len) {

        if ((getxattr(path, "user.delegate", value, sizeof(value)) == 1
             || getxattr(path, "trusted.delegate", value, sizeof(value)) == 1)
            && value[0] == '1')
        {
            return 1;
        }

        end = strrchr(path, '/');

        if (end == NULL) {
            break;
        }

        *end = '\0';
    }

    return 0;
}


static int
cr_cgroup_v2_move(const char *home)
{
    int       left;
    char      to[CR_CGROUP_PATH_MAX], type[64];
    unsigned  i;

    /* The machine's root has no type and is free of the rule. */

    if (cr_cgroup_read(home, "cgroup.type", type, sizeof(type)) == -1) {
        return errno == ENOENT ? 0 : -1;
    }

    if (cr_cgroup_join_path(to, home, CR_CGROUP_V2_MAIN) == -1) {
        return -1;
    }

    for (i = 0; i < CR_CGROUP_V2_ROUNDS; i++) {

        left = cr_cgroup_v2_tasks(home, to);

        if (left <= 0) {
            return left;
        }
    }

    errno = EBUSY;

    return -1;
}


/* Moves all tasks once; answers how many there were. */

static int
cr_cgroup_v2_tasks(const char *home, const char *to)
{
    int    n, err;
    FILE  *f;
    char   pid[32], path[CR_CGROUP_PATH_MAX];

    if (cr_cgroup_join_path(path, home, "cgroup.procs") == -1) {
        return -1;
    }

    f = fopen(path, "re");

    if (f == NULL) {
        return -1;
    }

    n = 0;
    err = 0;

    while (err == 0 && fgets(pid, sizeof(pid), f) != NULL) {

        if (n++ == 0 && mkdir(to, 0755) == -1 && errno != EEXIST) {
            err = errno;
            break;
        }

        pid[strcspn(pid, "\n")] = '\0';

        /* ESRCH: it ended meanwhile. */

        if (cr_cgroup_write(to, "cgroup.procs", pid) == -1
            && errno != ESRCH)
        {
            err = errno;
        }
    }

    (void) fclose(f);

    if (err) {
        errno = err;
        return -1;
    }

    return n;
}


/* A controller that cannot be had is named; without any there is no use. */

static int
cr_cgroup_v2_enable(cr_cgroups_t *cgs, const char *home)
{
    int       err;
    char      word[16];
    unsigned  i, had;

    had = 0;
    err = ENOENT;

    for (i = 0; i < CR_CGROUP_KINDS; i++) {

        (void) snprintf(word, sizeof(word), "+%s", cr_cgroup_kinds[i]);

        if (!cr_without_cgroup(cr_cgroup_kinds[i])
            && cr_cgroup_write(home, "cgroup.subtree_control", word) == 0)
        {
            had++;
            continue;
        }

        err = errno;
        cr_cgroup_lacks(cgs, cr_cgroup_kinds[i]);
    }

    if (had == 0) {
        errno = err;
        return -1;
    }

    return 0;
}


static int
cr_cgroup_v2_parent(cr_cgroups_t *cgs, const char *home, const char *name,
    const cr_cgroup_caps_t *caps)
{
    int       err;
    char      path[CR_CGROUP_PATH_MAX], word[16];
    unsigned  i;

    if (cr_cgroup_join_path(path, home, name) == -1
        || cr_cgroup_remove(path, CR_CGROUP_V2_STALE) == -1
        || mkdir(path, 0755) == -1)
    {
        return -1;
    }

    for (i = 0; i < CR_CGROUP_KINDS; i++) {

        if (!cr_cgroup_has_word(path, "cgroup.controllers",
                                cr_cgroup_kinds[i]))
        {
            continue;
        }

        (void) snprintf(word, sizeof(word), "+%s", cr_cgroup_kinds[i]);

        if (cr_cgroup_write(path, "cgroup.subtree_control", word) == -1
            || (i == CR_CGROUP_MEMORY
                && cr_cgroup_write_number(path, "memory.max", caps->memory)
                   == -1)
            || (i == CR_CGROUP_CPU
                && cr_cgroup_write_number(path, "cpu.weight",
                                          caps->cpu_weight)
                   == -1))
        {
            err = errno;
            (void) cr_cgroup_remove(path, 0);
            errno = err;
            return -1;
        }
    }

    /* ENOENT: a kernel that does not count swap. */

    (void) cr_cgroup_write(path, "memory.swap.max", "0");

    strcpy(cgs->path[CR_CGROUP_MEMORY], path);

    return 0;
}


static int
cr_cgroup_v2_failed(const char *what, const char *path, char *error,
    size_t size)
{
    int  err;

    err = errno;

    (void) snprintf(error, size, "cannot %s the cgroup %s: %s: start as root "
                    "in a systemd unit that has Delegate=yes, or allow to "
                    "run without cgroups by rootless = on", what, path,
                    strerror(err));
    errno = err;

    return -1;
}


int
cr_cgroup_v2_create(cr_cgroups_t *cgs, cr_cgroup_t *cg, unsigned tasks,
    uint64_t memory)
{
    int   fd;
    char  path[CR_CGROUP_PATH_MAX];

    if (cr_cgroup_join_path(path, cgs->path[CR_CGROUP_MEMORY], cg->name) == -1
        || cr_cgroup_remove(path, CR_CGROUP_V2_STALE) == -1
        || mkdir(path, 0755) == -1)
    {
        return -1;
    }

    if (cr_cgroup_write_number(path, "pids.max", tasks) == -1
        && errno != ENOENT)
    {
        return -1;
    }

    if (cr_cgroup_write_number(path, "memory.max", memory) == -1) {

        if (errno != ENOENT) {
            return -1;
        }

    } else {

        (void) cr_cgroup_write(path, "memory.swap.max", "0");

        /*
         * Not the whole group: a cell is one process, and the slot's zygote
         * beside it must outlive it.
         */

        (void) cr_cgroup_write(path, "memory.oom.group", "0");

        cg->limit = cr_cgroup_open_file(path, "memory.max", O_WRONLY);
        cg->usage = cr_cgroup_open_file(path, "memory.current", O_RDONLY);
        cg->events = cr_cgroup_open_file(path, "memory.events", O_RDONLY);

        /* Since Linux 6.12 a write begins a new peak for the descriptor. */

        cg->peak = cr_cgroup_open_file(path, "memory.peak", O_RDWR);

        if (cg->peak == -1) {
            cg->peak = cr_cgroup_open_file(path, "memory.peak", O_RDONLY);
        }

        if (cg->limit == -1 || cg->usage == -1 || cg->events == -1) {
            return -1;
        }
    }

    cg->kill = cr_cgroup_open_file(path, "cgroup.kill", O_WRONLY);

    fd = cr_cgroup_open_file(path, "cgroup.procs", O_WRONLY);

    if (fd == -1) {
        return -1;
    }

    cg->procs[cg->nprocs++] = fd;

    return 0;
}
