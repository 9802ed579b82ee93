
/*
 * Resource limits of a cell, soft and hard alike, so that they can only be
 * lowered from then on.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <unistd.h>
#include <sys/resource.h>

#include "cr_layers.h"
#include "cr_test.h"


/*
 * As a shell's default: what the main thread of a recursing program needs.
 * With threads it is also the size of a thread's stack, unless the runtime
 * asks for less: only pages that were touched count there, for such a profile
 * has no limit of address space.
 */

#define CR_LIMITS_STACK    (8 * 1024 * 1024)

#define CR_LIMITS_CORE     1

/* Enough for any program's temporary files; a descriptor costs the kernel. */

#define CR_LIMITS_NOFILE   256

/* Signals that may be queued, a kernel object each. */

#define CR_LIMITS_PENDING  256


typedef struct {
    int     resource;
    rlim_t  limit;
} cr_limit_t;


static int cr_limits_one(int resource, rlim_t limit);


/*
 * Not 0: the kernel runs a piped core_pattern's program for 0 and does not for
 * 1.  A zygote asks for it before it executes anything or loads its filter,
 * which may keep it as it is.
 */

int
cr_limits_core(void)
{
    return cr_without("rlimits") ? 0
                                 : cr_limits_one(RLIMIT_CORE, CR_LIMITS_CORE);
}


int
cr_limits_set(const cr_profile_t *profile)
{
    size_t      i;

    /* A file size of 0 holds for regular files alone: pipes can be written. */

    cr_limit_t  limits[] = {
        { RLIMIT_CORE,       CR_LIMITS_CORE },
        { RLIMIT_FSIZE,      (rlim_t) profile->write },
        { RLIMIT_NOFILE,     CR_LIMITS_NOFILE },
        { RLIMIT_STACK,      CR_LIMITS_STACK },
        { RLIMIT_MEMLOCK,    0 },
        { RLIMIT_MSGQUEUE,   0 },
        { RLIMIT_NICE,       0 },
        { RLIMIT_RTPRIO,     0 },
        { RLIMIT_SIGPENDING, CR_LIMITS_PENDING }
    };

    if (cr_without("rlimits")) {
        return 0;
    }

    for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (cr_limits_one(limits[i].resource, limits[i].limit) == -1) {
            return -1;
        }
    }

    /*
     * The kernel counts a uid's tasks within the user namespace.  A slot's
     * uid has the cell's alone, and for a moment those of the cell before
     * it.  Rootless, one uid is shared by the zygote and every cell, so that
     * a count would let one job starve the others; there seccomp alone keeps
     * a program without threads or processes from making any.
     */

    if (getuid() != 0) {
        return cr_limits_one(RLIMIT_NPROC, profile->threads || profile->exec
                                           ? profile->processes + 1 : 1);
    }

    return 0;
}


int
cr_limits_handover(uint64_t address_space, uint32_t timeout_ms)
{
    rlim_t     seconds;
    cpu_set_t  set;

    if (cr_without("rlimits")) {
        return 0;
    }

    if (address_space != 0
        && cr_limits_one(RLIMIT_AS, (rlim_t) address_space) == -1)
    {
        return -1;
    }

    /*
     * The supervisor keeps the time; this is for the day it cannot.  Every
     * thread adds to the sum, so that a profile with threads, the one that
     * has no limit of address space, may use each processor that long.
     */

    seconds = timeout_ms / 1000 + 2;

    if (address_space == 0
        && sched_getaffinity(0, sizeof(set), &set) == 0
        && CPU_COUNT(&set) > 1)
    {
        seconds *= CPU_COUNT(&set);
    }

    return cr_limits_one(RLIMIT_CPU, seconds);
}


static int
cr_limits_one(int resource, rlim_t limit)
{
    struct rlimit  rl;

    rl.rlim_cur = limit;
    rl.rlim_max = limit;

    if (setrlimit(resource, &rl) == 0) {
        return 0;
    }

    if (errno != EPERM || getrlimit(resource, &rl) == -1) {
        return -1;
    }

    /* It was as tight or tighter, and nothing here may raise it: it stays. */

    if (rl.rlim_cur == rl.rlim_max && rl.rlim_max <= limit) {
        return 0;
    }

    rl.rlim_cur = rl.rlim_max;

    return setrlimit(resource, &rl);
}
