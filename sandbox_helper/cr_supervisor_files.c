
/*
 * How many descriptors the supervisor needs.  When they run out in the middle
 * of its work a zygote's pidfds are lost on their way, and zygote and jobs with
 * them; so it does not begin what it could not go through with.
 */

#include "cr_supervisor.h"

#include <sys/resource.h>


/* The cell's and the slot-zygote's pidfds, its socket, six pipes; cgroup. */

#define CR_FILES_SLOT     (9 + 8)

/* Two generations' pidfds and sockets, a start's pipes, program, cgroup. */

#define CR_FILES_RUNNER   32

/* Those that it always has, and what is opened for a moment. */

#define CR_FILES_OWN      32


unsigned
cr_files_kept(void)
{
    unsigned  i, kept;

    kept = CR_FILES_OWN;

    for (i = 0; i < cr_super.nrunners; i++) {
        kept += CR_FILES_RUNNER + cr_super.runners[i].nslots * CR_FILES_SLOT;
    }

    return kept;
}


int
cr_files_check(void)
{
    unsigned       i, slots, needed;
    struct rlimit  rl;

    needed = cr_files_kept() + CR_CLIENTS_MIN;

    if (getrlimit(RLIMIT_NOFILE, &rl) == -1 || rl.rlim_cur >= needed) {
        return 0;
    }

    slots = 0;

    for (i = 0; i < cr_super.nrunners; i++) {
        slots += cr_super.runners[i].nslots;
    }

    cr_log("it may open %llu files and needs %u for %u slots: raise the hard "
           "limit of open files that nginx is started with, and "
           "worker_rlimit_nofile, or lower `slots` in the profiles",
           (unsigned long long) rl.rlim_cur, needed, slots);

    return -1;
}
