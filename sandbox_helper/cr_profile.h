
/*
 * Configuration of the helper: sandbox.conf and the profiles of runtimes.d.
 *
 * Both are "key = value" lines; '#' starts a comment, lists are parted by
 * spaces, a backslash at a line's end joins the next line, an unknown or
 * repeated key is an error.  The parsers read memory
 * and touch no file, so that they can be fuzzed; cr_conf_read() is the only
 * function that opens one.
 */


#ifndef _CR_PROFILE_H_INCLUDED_
#define _CR_PROFILE_H_INCLUDED_


#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>

#include "cr_message.h"


#define CR_SLOTS_MAX    240     /* slots of one profile: one uid each */
#define CR_TREE_MAX     128     /* entries of `tree` */
#define CR_CLIENTS_MAX  16      /* entries of `clients` */
#define CR_CONF_SIZE    65536   /* bytes of one file at most */


/* A profile: how one runtime is run, and the most a job may ask of it. */

typedef struct {
    char      name[CR_RUNTIME_NAME_MAX + 1]; /* the file's, without .conf */
    char     *language;      /* language = Python */
    char     *program;       /* program = zygote-python; a plain file name,
                                found beside the helper itself */
    unsigned  slots;         /* slots = 16; 0, the default: 8 a processor */
    unsigned  parked;        /* parked = 4; cells that wait for a job; the
                                default and the most: as many as slots; 0: a
                                cell is made when a job comes */
    uint32_t  timeout_ms;    /* timeout = 300s; the most a job may ask for */
    uint64_t  memory;        /* memory = 1G; the most a job may ask for */
    uint64_t  memory_default; /* memory_default = 512M; what a job gets that
                                asks for none; 0, the default: told to nobody,
                                nginx's configuration decides */
    unsigned  processes;     /* processes = 64; tasks of one cell */
    uint64_t  write;         /* write = 16M; size of a private, writable
                                /tmp; 0, the default: nothing is writable */
    unsigned  threads:1;     /* threads = on; more than one thread */
    unsigned  args:1;        /* args = on; programs take arguments */
    unsigned  policy:1;      /* policy = on; told to clients, not enforced
                                here: the runtime's own options do that */
    unsigned  exec:1;        /* seccomp = exec; a job runs programs of their
                                own, and the filter lets it; warm, the
                                default: the zygote's own code alone */
    unsigned  execute:1;     /* execute = on; what lies in /tmp may be run;
                                needs seccomp = exec and write */
    unsigned  compile:1;     /* compile = on; told to clients: a program is
                                compiled first, in a run of its own; needs
                                seccomp = exec and write */
    unsigned  debug:1;       /* debug = on; a refused system call is named
                                on the job's stderr; not for production */
    unsigned  renew;         /* renew = 3600s; a zygote's age at most, in
                                seconds; 0: it is never renewed */

    char     *tree[CR_TREE_MAX];  /* tree = /usr/lib/python3.11 -/opt/x; what
                                     the read-only root shows; '-' before an
                                     entry: it may be missing */
    unsigned  ntree;

    char     *options;       /* option.KEY = VALUE, handed to the runtime as
                                KEY NUL VALUE NUL ...; this side reads none */
    size_t    options_size;
} cr_profile_t;


/* sandbox.conf */

typedef struct {
    char     *clients[CR_CLIENTS_MAX];  /* clients = www-data 1000; names or
                                           uids that may connect; empty: the
                                           uid that started it, alone */
    unsigned  nclients;
    unsigned  memory_percent; /* memory_percent = 75; of the machine's, for
                                 all cells together */
    unsigned  cpu_weight;    /* cpu_weight = 10; of all cells together, where
                                an ordinary cgroup or process has 100 */
    unsigned  rootless:1;    /* rootless = on; run on with layers off where
                                they cannot be had; off: refuse to start */
    unsigned  queue;         /* queue = 4096; jobs that may wait in here */
} cr_conf_t;


/*
 * Parses the len bytes of text.  Returns 0; or -1 with a sentence for the
 * operator, line number included, in error.  What *profile or *conf points
 * to is allocated and lives as long as the process.
 */
int cr_profile_parse(cr_profile_t *profile, const char *name,
    const char *text, size_t len, char *error, size_t size);
int cr_conf_parse(cr_conf_t *conf, const char *text, size_t len, char *error,
    size_t size);

/*
 * Reads the file at path into buf (CR_CONF_SIZE bytes) and answers its length,
 * or -1 with the reason in error.  With privileged set the file, and the
 * folder it is in, must belong to root and be writable by root alone; links
 * are refused.
 */
ssize_t cr_conf_read(const char *path, char *buf, int privileged, char *error,
    size_t size);

/*
 * Answers a descriptor (O_PATH) of the program at path, or -1 with the reason
 * in error; the same conditions hold.
 */
int cr_conf_program(const char *path, int privileged, char *error,
    size_t size);

/*
 * Loads every NAME.conf in the folder dir, sorted by name, into profiles.
 * Returns their number, or -1 with the reason in error.
 */
int cr_profiles_load(const char *dir, cr_profile_t *profiles, unsigned max,
    int privileged, char *error, size_t size);


#endif /* _CR_PROFILE_H_INCLUDED_ */
