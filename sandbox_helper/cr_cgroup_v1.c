
/*
 * v1: a hierarchy for each controller, or several on one mount.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cr_cgroup_file.h"
#include "cr_test.h"


/* What version 2's ordinary weight, 100, is here; and the least. */

#define CR_CGROUP_V1_SHARES      1024
#define CR_CGROUP_V1_SHARES_MIN  2

#define CR_CGROUP_V1_STALE     2000    /* ms to remove a dead one's */


static int cr_cgroup_v1_parent(cr_cgroups_t *cgs, unsigned kind,
    const char *name);
static int cr_cgroup_v1_cap(cr_cgroups_t *cgs, unsigned kind,
    const cr_cgroup_caps_t *caps);
static int cr_cgroup_v1_memory(cr_cgroup_t *cg, const char *path,
    uint64_t memory);
static int cr_cgroup_v1_limit(const char *path, uint64_t limit);
static int cr_cgroup_v1_leaf(cr_cgroups_t *cgs, cr_cgroup_t *cg, unsigned kind,
    char *path);


int
cr_cgroup_v1_open(cr_cgroups_t *cgs, const char *name,
    const cr_cgroup_caps_t *caps, char *error, size_t size)
{
    int       err;
    unsigned  i, had;

    err = 0;
    had = 0;

    for (i = 0; i < CR_CGROUP_KINDS; i++) {

        if (!cr_without_cgroup(cr_cgroup_kinds[i])
            && cr_cgroup_v1_parent(cgs, i, name) == 0
            && cr_cgroup_v1_cap(cgs, i, caps) == 0)
        {
            had++;
            continue;
        }

        /* The memory controller's reason is the one worth telling. */

        if (err == 0) {
            err = errno;
        }

        if (cgs->path[i][0] != '\0') {
            (void) cr_cgroup_remove(cgs->path[i], 0);
            cgs->path[i][0] = '\0';
        }

        cr_cgroup_lacks(cgs, cr_cgroup_kinds[i]);
    }

    if (had) {
        cgs->version = 1;
        return 0;
    }

    if (err == ENOENT) {
        (void) snprintf(error, size, "no cgroup hierarchy of memory, pids or "
                        "cpu is mounted in reach: mount cgroup2 on "
                        "/sys/fs/cgroup");

    } else {
        (void) snprintf(error, size, "cannot make a cgroup: %s%s",
                        strerror(err),
                        err == EACCES || err == EPERM || err == EROFS
                        ? ": start as root, or allow to run without by "
                          "rootless = on" : "");
    }

    return -1;
}


static int
cr_cgroup_v1_parent(cr_cgroups_t *cgs, unsigned kind, const char *name)
{
    char      home[CR_CGROUP_PATH_MAX], path[CR_CGROUP_PATH_MAX];
    unsigned  i;

    if (cr_cgroup_home(cr_cgroup_kinds[kind], home, NULL) == -1
        || cr_cgroup_join_path(path, home, name) == -1)
    {
        return -1;
    }

    /* Controllers mounted together share the folder. */

    for (i = 0; i < kind; i++) {
        if (strcmp(cgs->path[i], path) == 0) {
            strcpy(cgs->path[kind], path);
            return 0;
        }
    }

    if (cr_cgroup_remove(path, CR_CGROUP_V1_STALE) == -1
        || mkdir(path, 0755) == -1)
    {
        return -1;
    }

    strcpy(cgs->path[kind], path);

    return 0;
}


static int
cr_cgroup_v1_cap(cr_cgroups_t *cgs, unsigned kind,
    const cr_cgroup_caps_t *caps)
{
    uint64_t     shares;
    const char  *path;

    path = cgs->path[kind];

    switch (kind) {

    case CR_CGROUP_MEMORY:

        /* Newer kernels have no other way and may refuse to be told. */

        (void) cr_cgroup_write(path, "memory.use_hierarchy", "1");

        return cr_cgroup_v1_limit(path, caps->memory);

    case CR_CGROUP_CPU:
        shares = (uint64_t) caps->cpu_weight * CR_CGROUP_V1_SHARES / 100;

        return cr_cgroup_write_number(path, "cpu.shares",
                                      shares < CR_CGROUP_V1_SHARES_MIN
                                      ? CR_CGROUP_V1_SHARES_MIN : shares);

    default:
        return 0;
    }
}


/* Memory, and memory with swap where the kernel counts that. */

static int
cr_cgroup_v1_limit(const char *path, uint64_t limit)
{
    if (cr_cgroup_write_number(path, "memory.limit_in_bytes", limit) == -1) {
        return -1;
    }

    if (cr_cgroup_write_number(path, "memory.memsw.limit_in_bytes", limit)
        == -1
        && errno != ENOENT && errno != ENOTSUP)
    {
        return -1;
    }

    (void) cr_cgroup_write(path, "memory.swappiness", "0");

    return 0;
}


int
cr_cgroup_v1_create(cr_cgroups_t *cgs, cr_cgroup_t *cg, unsigned tasks,
    uint64_t memory)
{
    int       fd;
    char      path[CR_CGROUP_PATH_MAX];
    unsigned  i;

    for (i = 0; i < CR_CGROUP_KINDS; i++) {

        if (cgs->path[i][0] == '\0') {
            continue;
        }

        if (cr_cgroup_v1_leaf(cgs, cg, i, path) == -1) {
            return -1;
        }

        if (i == CR_CGROUP_MEMORY
            && cr_cgroup_v1_memory(cg, path, memory) == -1)
        {
            return -1;
        }

        if (i == CR_CGROUP_PIDS
            && cr_cgroup_write_number(path, "pids.max", tasks) == -1)
        {
            return -1;
        }

        fd = cr_cgroup_open_file(path, "cgroup.procs", O_WRONLY);

        if (fd == -1) {
            return -1;
        }

        cg->procs[cg->nprocs++] = fd;
    }

    return 0;
}


static int
cr_cgroup_v1_leaf(cr_cgroups_t *cgs, cr_cgroup_t *cg, unsigned kind,
    char *path)
{
    if (cr_cgroup_join_path(path, cgs->path[kind], cg->name) == -1) {
        return -1;
    }

    if (mkdir(path, 0755) == 0) {
        return 0;
    }

    if (errno != EEXIST) {
        return -1;
    }

    /* Made a moment ago for a controller mounted together with this one. */

    if (kind && strcmp(cgs->path[kind], cgs->path[kind - 1]) == 0) {
        return 0;
    }

    if (cr_cgroup_remove(path, CR_CGROUP_V1_STALE) == -1) {
        return -1;
    }

    return mkdir(path, 0755);
}


static int
cr_cgroup_v1_memory(cr_cgroup_t *cg, const char *path, uint64_t memory)
{
    (void) cr_cgroup_write(path, "memory.use_hierarchy", "1");

    if (cr_cgroup_v1_limit(path, memory) == -1) {
        return -1;
    }

    cg->limit = cr_cgroup_open_file(path, "memory.limit_in_bytes", O_WRONLY);
    cg->usage = cr_cgroup_open_file(path, "memory.usage_in_bytes", O_RDONLY);
    cg->peak = cr_cgroup_open_file(path, "memory.max_usage_in_bytes", O_RDWR);
    cg->events = cr_cgroup_open_file(path, "memory.oom_control", O_RDONLY);
    cg->swap = cr_cgroup_open_file(path, "memory.memsw.limit_in_bytes",
                                   O_WRONLY);

    if (cg->limit == -1 || cg->usage == -1 || cg->peak == -1
        || cg->events == -1)
    {
        return -1;
    }

    return 0;
}
