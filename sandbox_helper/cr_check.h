
/*
 * Which layers this machine can give.  cr_check() is the doctor behind
 * `coderemote-sandbox --check`; cr_check_layers() is what a supervisor tells
 * its workers.  Layers are named, and always listed in this order: user pid
 * mount net ipc uts cgroup-ns root ids capabilities no_new_privs rlimits
 * cgroup-memory cgroup-pids cgroup-cpu landlock seccomp.
 */


#ifndef _CR_CHECK_H_INCLUDED_
#define _CR_CHECK_H_INCLUDED_


#include <stddef.h>

#include "cr_cgroup.h"


/*
 * Tries every layer in a child of its own and prints a line for each to
 * stdout: "ok|off|missing LAYER what to do".  A missing one is needed, one
 * that is off is not.  privileged: the caller is root.  Returns 0 when all
 * that is needed is there, else 1.
 */
int cr_check(int privileged);

/*
 * Reads the profiles and prints a line for each: "ok|missing profile NAME", and
 * what is wrong.  Returns 0 when none is, else 1.
 */
int cr_check_profiles(int privileged);

/*
 * Writes the names of the layers that a cell will have to on, the others to
 * off, parted by spaces; both have size bytes.  Takes a few milliseconds.
 * cgs is what cr_cgroups_open() made.  Returns 0 or -1 with errno.
 */
int cr_check_layers(const cr_cgroups_t *cgs, int rootless, char *on,
    char *off, size_t size);


#endif /* _CR_CHECK_H_INCLUDED_ */
