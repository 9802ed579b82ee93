
/*
 * cgroups, v2 and v1, behind one interface.  Only the supervisor makes and
 * removes them; only a forked child ever moves itself into one, by writing
 * "0" to descriptors opened here, because that write can wait many
 * milliseconds for an RCU grace period (cgroup_attach_lock) and the
 * supervisor's event loop must not.  The kernel checks such a write against
 * the credentials of whoever opened the file (since Linux 5.17).
 */


#ifndef _CR_CGROUP_H_INCLUDED_
#define _CR_CGROUP_H_INCLUDED_


#include <stdint.h>
#include <stddef.h>


#define CR_CGROUP_PROCS_MAX  4      /* hierarchies a task must join */


/* One supervisor's cgroups: a parent that caps all, and its children. */

typedef struct {
    int       version;         /* 2, 1, or 0: there are none (rootless) */
    char      path[3][512];    /* the parent's folder: v2 in [0]; v1 memory,
                                  pids, cpu (empty: not mounted) */
    char      missing[64];     /* controllers that cannot be had, by name */
} cr_cgroups_t;

/* The leaf that one slot's tasks live in. */

typedef struct {
    int       procs[CR_CGROUP_PROCS_MAX];  /* cgroup.procs, for writing */
    unsigned  nprocs;
    int       limit;           /* memory.max, memory.limit_in_bytes */
    int       swap;            /* v1's memory.memsw.limit_in_bytes, or -1 */
    int       usage;           /* memory.current, memory.usage_in_bytes */
    int       peak;            /* memory.peak, memory.max_usage_in_bytes */
    int       events;          /* memory.events, memory.oom_control */
    int       kill;            /* cgroup.kill; -1 on v1 */
    uint64_t  limit_now;       /* bytes; what was last written */
    unsigned  peak_resets:1;   /* the peak can be reset */
    char      name[64];        /* empty: it was never made */
} cr_cgroup_t;


/* What all cells together may have. */

typedef struct {
    uint64_t  memory;          /* bytes */
    unsigned  cpu_weight;      /* cpu.weight of cgroups(7), 1 to 10000 */
} cr_cgroup_caps_t;


/*
 * Makes the parent "coderemote-BLOCK" under the cgroup this process lives in,
 * removing what a dead supervisor of the same block left, and caps it.
 * Returns 0, or -1 with the reason, and how to mend it, in error (v2 without a
 * delegated subtree says "Delegate=yes").
 */
int cr_cgroups_open(cr_cgroups_t *cgs, unsigned block,
    const cr_cgroup_caps_t *caps, char *error, size_t size);

/*
 * Finds what cr_cgroups_open() would, for the doctor, and leaves nothing
 * behind: *cgs can only be asked for its version and what is missing.
 */
int cr_cgroups_probe(cr_cgroups_t *cgs, char *error, size_t size);

/*
 * Removes what supervisors that were killed left beside ours.  Folders of
 * their names are removed when they are empty, for nothing of theirs outlives
 * them, and while claim() holds the block for us: it answers 0 when somebody
 * has it; release() gives it back.
 */
void cr_cgroups_sweep(const cr_cgroups_t *cgs, int (*claim)(unsigned block),
    void (*release)(unsigned block));

/* Removes the parent and all that is left below it; waits for the empty. */
void cr_cgroups_close(cr_cgroups_t *cgs);

/*
 * Makes the leaf "name" with at most tasks tasks and memory bytes (swap
 * included).  With version 0 every descriptor is -1 and the calls below
 * answer 0.  Returns 0 or -1 with errno.
 */
int cr_cgroup_create(cr_cgroups_t *cgs, cr_cgroup_t *cg, const char *name,
    unsigned tasks, uint64_t memory);
void cr_cgroup_destroy(cr_cgroups_t *cgs, cr_cgroup_t *cg);

/* Moves the calling process in.  For forked children alone. */
int cr_cgroup_join(const int *procs, unsigned nprocs);

/* Writes the limit when it differs from the last.  0, or -1 with errno. */
int cr_cgroup_set_memory(cr_cgroup_t *cg, uint64_t memory);
/* Starts a new peak.  0, or -1 where the kernel cannot. */
int cr_cgroup_reset_peak(cr_cgroup_t *cg);
/* Bytes; 0 when unknown. */
uint64_t cr_cgroup_usage(const cr_cgroup_t *cg);
uint64_t cr_cgroup_peak(const cr_cgroup_t *cg);
/* Whether somebody has removed it. */
int cr_cgroup_gone(const cr_cgroup_t *cg);
/* How often the kernel killed a task in here for memory, ever. */
uint64_t cr_cgroup_oom_kills(const cr_cgroup_t *cg);


#endif /* _CR_CGROUP_H_INCLUDED_ */
