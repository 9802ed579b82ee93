
#ifdef CR_TEST


#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "cr_test.h"


/* The low bits of CR_CTL_SETUP's value are flags of the kit. */

#define CR_WITHOUT_SHIFT  8

#define CR_WITHOUT_SIZE   1024

/* Ids that nobody has, not even a supervisor's block of them. */

#define CR_WITHOUT_UIDS   0x7a000000U

#define cr_without_n(list)  (sizeof(list) / sizeof(list[0]))


typedef struct {
    const char  *name;
    int          namespace;
} cr_without_layer_t;


static const cr_without_layer_t  cr_without_layers[] = {
    { "user", CLONE_NEWUSER },
    { "pid", CLONE_NEWPID },
    { "mount", CLONE_NEWNS },
    { "net", CLONE_NEWNET },
    { "ipc", CLONE_NEWIPC },
    { "uts", CLONE_NEWUTS },
    { "cgroup-ns", CLONE_NEWCGROUP },
    { "root", 0 },
    { "ids", 0 },
    { "capabilities", 0 },
    { "no_new_privs", 0 },
    { "dumpable", 0 },
    { "rlimits", 0 },
    { "cgroup-memory", 0 },
    { "cgroup-pids", 0 },
    { "cgroup-cpu", 0 },
    { "landlock", 0 },
    { "seccomp", 0 },
    { "session", 0 },
    { "descriptors", 0 },
    { "environment", 0 },
    { "tmp", 0 },
    { "timer", 0 },
    { "output", 0 }
};


static uint32_t  cr_without_mask;


static uint32_t
cr_without_bit(const char *layer)
{
    size_t  i;

    for (i = 0; i < cr_without_n(cr_without_layers); i++) {
        if (strcmp(cr_without_layers[i].name, layer) == 0) {
            return 1U << i;
        }
    }

    return 0;
}


int
cr_without(const char *layer)
{
    return (cr_without_mask & cr_without_bit(layer)) != 0;
}


int
cr_without_cgroup(const char *kind)
{
    char  layer[32];

    (void) snprintf(layer, sizeof(layer), "cgroup-%s", kind);

    return cr_without(layer);
}


int
cr_without_load(const char *conf)
{
    int       dir;
    FILE     *f;
    char      path[CR_WITHOUT_SIZE], *word, *rest;
    size_t    n;
    uint32_t  bit;

    dir = (int) (strrchr(conf, '/') - conf);

    (void) snprintf(path, sizeof(path), "%.*s/without", dir, conf);

    f = fopen(path, "re");

    if (f == NULL) {

        if (errno == ENOENT) {
            return 0;
        }

        fprintf(stderr, "coderemote-sandbox: %s: %s\n", path,
                strerror(errno));
        return -1;
    }

    n = fread(path, 1, sizeof(path) - 1, f);
    path[n] = '\0';

    (void) fclose(f);

    for (word = strtok_r(path, " \n", &rest);
         word != NULL;
         word = strtok_r(NULL, " \n", &rest))
    {
        bit = cr_without_bit(word);

        if (bit == 0) {
            fprintf(stderr, "coderemote-sandbox: there is no layer \"%s\" to "
                    "leave out\n", word);
            return -1;
        }

        cr_without_mask |= bit;
    }

    if (cr_without("mount")) {
        cr_without_mask |= cr_without_bit("root") | cr_without_bit("tmp");
    }

    return 0;
}


int32_t
cr_without_put(int32_t value)
{
    return value | (int32_t) (cr_without_mask << CR_WITHOUT_SHIFT);
}


int32_t
cr_without_take(int32_t value)
{
    cr_without_mask = (uint32_t) value >> CR_WITHOUT_SHIFT;

    /* The kit made its program so before it could know. */

    if (cr_without("dumpable")) {
        (void) prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    }

    return value & ((1 << CR_WITHOUT_SHIFT) - 1);
}


int
cr_without_namespaces(int flags)
{
    size_t  i;

    for (i = 0; i < cr_without_n(cr_without_layers); i++) {
        if (cr_without_mask & (1U << i)) {
            flags &= ~cr_without_layers[i].namespace;
        }
    }

    return flags;
}


uid_t
cr_without_uid(uid_t uid)
{
    return cr_without("user") ? CR_WITHOUT_UIDS + uid : uid;
}


#endif /* CR_TEST */
