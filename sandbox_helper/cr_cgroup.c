
/*
 * What both versions have in common; cr_cgroup_v1.c and cr_cgroup_v2.c make
 * the parent and the leaves.
 */


#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cr_cgroup_file.h"


/* Milliseconds that a parent, and a leaf, may take to become empty. */

#define CR_CGROUP_CLOSE    2000
#define CR_CGROUP_DESTROY  200

/* Any will do to see whether they can be set. */

static const cr_cgroup_caps_t  cr_cgroup_probe_caps = { 64 * 1024 * 1024, 1 };


static int cr_cgroup_is_v2(void);
static void cr_cgroup_remove_parent(cr_cgroups_t *cgs);
static void cr_cgroup_none(cr_cgroup_t *cg);
static void cr_cgroup_close_file(int *fd);
static int cr_cgroup_put(int fd, uint64_t value);


int
cr_cgroups_open(cr_cgroups_t *cgs, unsigned block,
    const cr_cgroup_caps_t *caps, char *error, size_t size)
{
    char  name[32];

    memset(cgs, 0, sizeof(cr_cgroups_t));

    (void) snprintf(name, sizeof(name), "coderemote-%u", block);

    if (cr_cgroup_is_v2()) {
        return cr_cgroup_v2_open(cgs, name, caps, error, size);
    }

    return cr_cgroup_v1_open(cgs, name, caps, error, size);
}


int
cr_cgroups_probe(cr_cgroups_t *cgs, char *error, size_t size)
{
    char  name[32];

    memset(cgs, 0, sizeof(cr_cgroups_t));

    /* On v2 opening moves tasks, which is not a doctor's business. */

    if (cr_cgroup_is_v2()) {
        return cr_cgroup_v2_probe(cgs, error, size);
    }

    (void) snprintf(name, sizeof(name), "coderemote-check-%d",
                    (int) getpid());

    if (cr_cgroup_v1_open(cgs, name, &cr_cgroup_probe_caps, error, size)
        == -1)
    {
        return -1;
    }

    cr_cgroup_remove_parent(cgs);

    return 0;
}


/* A machine that has both versions gives each controller to one of them. */

static int
cr_cgroup_is_v2(void)
{
    char  path[CR_CGROUP_PATH_MAX], mount[CR_CGROUP_PATH_MAX];

    return cr_cgroup_home(NULL, path, mount) == 0
           && cr_cgroup_has_word(mount, "cgroup.controllers", "memory");
}


/* A parent and its leaves; not even those when a task is in one. */

static void
cr_cgroup_remove_empty(const char *path)
{
    DIR            *dir;
    char            leaf[CR_CGROUP_PATH_MAX];
    struct dirent  *entry;

    dir = opendir(path);

    if (dir == NULL) {
        return;
    }

    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.'
            && cr_cgroup_join_path(leaf, path, entry->d_name) == 0)
        {
            (void) rmdir(leaf);
        }
    }

    (void) closedir(dir);
    (void) rmdir(path);
}


static void
cr_cgroup_sweep_folder(const char *path, int (*claim)(unsigned block),
    void (*release)(unsigned block))
{
    DIR            *dir;
    char            home[CR_CGROUP_PATH_MAX], other[CR_CGROUP_PATH_MAX];
    char           *own, more;
    unsigned        block;
    struct dirent  *entry;

    strcpy(home, path);
    own = strrchr(home, '/');
    *own++ = '\0';

    dir = opendir(home);

    if (dir == NULL) {
        return;
    }

    while ((entry = readdir(dir)) != NULL) {

        if (sscanf(entry->d_name, "coderemote-%u%c", &block, &more) != 1
            || strcmp(entry->d_name, own) == 0
            || cr_cgroup_join_path(other, home, entry->d_name) == -1
            || !claim(block))
        {
            continue;
        }

        cr_cgroup_remove_empty(other);
        release(block);
    }

    (void) closedir(dir);
}


void
cr_cgroups_sweep(const cr_cgroups_t *cgs, int (*claim)(unsigned block),
    void (*release)(unsigned block))
{
    unsigned  i;

    for (i = 0; i < CR_CGROUP_KINDS; i++) {
        if (cgs->path[i][0] != '\0') {
            cr_cgroup_sweep_folder(cgs->path[i], claim, release);
        }
    }
}


void
cr_cgroups_close(cr_cgroups_t *cgs)
{
    cr_cgroup_remove_parent(cgs);

    memset(cgs, 0, sizeof(cr_cgroups_t));
}


static void
cr_cgroup_remove_parent(cr_cgroups_t *cgs)
{
    unsigned  i;

    for (i = 0; i < CR_CGROUP_KINDS; i++) {
        if (cgs->path[i][0] != '\0') {
            (void) cr_cgroup_remove(cgs->path[i], CR_CGROUP_CLOSE);
        }
    }
}


int
cr_cgroup_create(cr_cgroups_t *cgs, cr_cgroup_t *cg, const char *name,
    unsigned tasks, uint64_t memory)
{
    int  rc, err;

    cr_cgroup_none(cg);

    if (*name == '\0' || *name == '.' || strlen(name) >= sizeof(cg->name)
        || strchr(name, '/') != NULL)
    {
        errno = EINVAL;
        return -1;
    }

    strcpy(cg->name, name);

    switch (cgs->version) {

    case 1:
        rc = cr_cgroup_v1_create(cgs, cg, tasks, memory);
        break;

    case 2:
        rc = cr_cgroup_v2_create(cgs, cg, tasks, memory);
        break;

    default:
        return 0;
    }

    if (rc == -1) {
        err = errno;
        cr_cgroup_destroy(cgs, cg);
        errno = err;
        return -1;
    }

    cg->limit_now = memory;
    cg->peak_resets = (cr_cgroup_reset_peak(cg) == 0);

    return 0;
}


void
cr_cgroup_destroy(cr_cgroups_t *cgs, cr_cgroup_t *cg)
{
    char      path[CR_CGROUP_PATH_MAX];
    unsigned  i;

    /* Zeroed, and never made: its descriptors are not its own. */

    if (cg->name[0] == '\0') {
        cr_cgroup_none(cg);
        return;
    }

    for (i = 0; i < cg->nprocs; i++) {
        cr_cgroup_close_file(&cg->procs[i]);
    }

    cg->nprocs = 0;

    cr_cgroup_close_file(&cg->limit);
    cr_cgroup_close_file(&cg->swap);
    cr_cgroup_close_file(&cg->usage);
    cr_cgroup_close_file(&cg->peak);
    cr_cgroup_close_file(&cg->events);
    cr_cgroup_close_file(&cg->kill);

    for (i = 0; i < CR_CGROUP_KINDS; i++) {

        if (cgs->path[i][0] != '\0'
            && cr_cgroup_join_path(path, cgs->path[i], cg->name) == 0)
        {
            (void) cr_cgroup_remove(path, CR_CGROUP_DESTROY);
        }
    }

    cr_cgroup_none(cg);
}


static void
cr_cgroup_none(cr_cgroup_t *cg)
{
    unsigned  i;

    memset(cg, 0, sizeof(cr_cgroup_t));

    for (i = 0; i < CR_CGROUP_PROCS_MAX; i++) {
        cg->procs[i] = -1;
    }

    cg->limit = -1;
    cg->swap = -1;
    cg->usage = -1;
    cg->peak = -1;
    cg->events = -1;
    cg->kill = -1;
}


static void
cr_cgroup_close_file(int *fd)
{
    if (*fd != -1) {
        (void) close(*fd);
        *fd = -1;
    }
}


int
cr_cgroup_join(const int *procs, unsigned nprocs)
{
    unsigned  i;

    for (i = 0; i < nprocs; i++) {
        if (write(procs[i], "0", 1) != 1) {
            return -1;
        }
    }

    return 0;
}


int
cr_cgroup_set_memory(cr_cgroup_t *cg, uint64_t memory)
{
    if (cg->limit == -1 || memory == cg->limit_now) {
        return 0;
    }

    /* v1 keeps memory and swap together from falling below memory alone. */

    if (cg->swap != -1 && memory > cg->limit_now
        && cr_cgroup_put(cg->swap, memory) == -1)
    {
        return -1;
    }

    if (cr_cgroup_put(cg->limit, memory) == -1) {
        return -1;
    }

    if (cg->swap != -1 && memory < cg->limit_now
        && cr_cgroup_put(cg->swap, memory) == -1)
    {
        return -1;
    }

    cg->limit_now = memory;

    return 0;
}


int
cr_cgroup_reset_peak(cr_cgroup_t *cg)
{
    if (cg->peak == -1) {
        return -1;
    }

    return cr_cgroup_put(cg->peak, 0);
}


uint64_t
cr_cgroup_usage(const cr_cgroup_t *cg)
{
    uint64_t  n;

    return cr_cgroup_number(cg->usage, NULL, &n) == 0 ? n : 0;
}


uint64_t
cr_cgroup_peak(const cr_cgroup_t *cg)
{
    uint64_t  n;

    return cr_cgroup_number(cg->peak, NULL, &n) == 0 ? n : 0;
}


uint64_t
cr_cgroup_oom_kills(const cr_cgroup_t *cg)
{
    uint64_t  n;

    return cr_cgroup_number(cg->events, "oom_kill", &n) == 0 ? n : 0;
}


static int
cr_cgroup_put(int fd, uint64_t value)
{
    int   n;
    char  number[24];

    n = snprintf(number, sizeof(number), "%llu", (unsigned long long) value);

    return pwrite(fd, number, n, 0) == n ? 0 : -1;
}


/* Its files are still open, and answer that there is nothing behind them. */

int
cr_cgroup_gone(const cr_cgroup_t *cg)
{
    char  c;

    return cg->usage != -1 && pread(cg->usage, &c, 1, 0) == -1
           && errno == ENODEV;
}
