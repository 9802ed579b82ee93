
/*
 * The layers that confine, each a function of its own file and each tested on
 * its own.  Every one returns 0, or -1 with errno set by the step that failed;
 * a caller that gets -1 dies.  A comment at each privileged step argues it.
 */


#ifndef _CR_LAYERS_H_INCLUDED_
#define _CR_LAYERS_H_INCLUDED_


#include <stdint.h>
#include <sys/mount.h>
#include <sys/types.h>
#include <linux/filter.h>

#include "cr_profile.h"


/*
 * cr_tree.c: the read-only root, built once a zygote by its init, inside new
 * user and mount namespaces.  Binds profile->tree (read-only, nosuid, nodev)
 * and the program (as /zygote) into a tmpfs, a private /dev with null, zero,
 * random and urandom, an empty /tmp to mount over, Debian's merged-/usr
 * links; pivots into it, detaches the old root, makes the new one read-only.
 * There is no /proc and no /sys.  program: an open descriptor of the zygote's
 * executable.
 */
int cr_tree_build(const cr_profile_t *profile, int program);

/*
 * cr_tree.c: in a cell that has a mount namespace of its own: a tmpfs of
 * profile->write bytes (nosuid, nodev, a bounded number of inodes; noexec but
 * where the profile has `execute = on`) on /tmp.
 */
#define CR_TREE_TMP  (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define CR_TREE_RUN  (MS_NOSUID | MS_NODEV)

#define cr_tree_tmp_flags(profile)                                            \
    ((profile)->execute ? CR_TREE_RUN : CR_TREE_TMP)

int cr_tree_tmp(const cr_profile_t *profile, uid_t uid, gid_t gid);

/* cr_ids.c: groups, gid, uid dropped for good, then tried to regain. */
int cr_ids_drop(uid_t uid, gid_t gid);

/*
 * cr_caps.c: the bounding set, then the ambient, inheritable, permitted and
 * effective sets emptied, securebits locked, and read back; no_new_privs;
 * never dumpable.
 */
int cr_caps_drop(void);

/*
 * cr_caps.c: that alone which lets nothing gain power by an exec.  A zygote
 * asks for it early: without it, it could load no filter.
 */
int cr_caps_no_new_privs(void);

/*
 * cr_caps.c: empties the bounding set, and keeps what making cells needs.  A
 * zygote does it once, after its last exec: its cells inherit the empty set,
 * and cr_caps_drop() then has forty calls less to make.  Optional.
 */
int cr_caps_bound(void);

/* cr_caps.c: keeps the capabilities the supervisor needs and no others. */
int cr_caps_keep(void);

/*
 * cr_limits.c: the rlimits a parked cell has (file size, open files,
 * processes, stack, core 1, memory locks, message queues, nice, real time),
 * hard and soft; and, at the hand-over, address space and CPU time.
 * cr_limits_core(): that of cores alone, in a zygote.
 */
int cr_limits_core(void);
int cr_limits_set(const cr_profile_t *profile);
int cr_limits_handover(uint64_t address_space, uint32_t timeout_ms);

/*
 * cr_landlock.c: reading below /, writing below /tmp where the profile allows
 * it (and to /dev/null), executing the tree where it has `seccomp = exec` and
 * what lies in /tmp where it has `execute = on`; all else the running kernel's
 * ABI can forbid: forbidden, with scopes for signals and abstract sockets.
 *
 * cr_landlock_prepare() makes the ruleset and answers its descriptor
 * (close-on-exec); ENOSYS or EOPNOTSUPP: the kernel has none.  A zygote does
 * it once, inside its root, when the profile does not write.  When it does,
 * every cell calls it after cr_tree_tmp(): a rule belongs to the file system
 * mounted on /tmp, not to the place.  cr_landlock_enter() confines the caller
 * for good; it needs no_new_privs and leaves the descriptor open.
 */
int cr_landlock_prepare(const cr_profile_t *profile);
int cr_landlock_enter(int ruleset);

/*
 * cr_seccomp.c: the allow-list by groups, each with its reason.  Compiled by
 * libseccomp once a zygote: cr_seccomp_compile() fills *prog with memory that
 * lives as long as the process.  cr_seccomp_load() installs it in a cell; it
 * is the last layer and needs no_new_privs.  With profile->debug a refused
 * call is named on descriptor 2 of the cell, and still refused; with
 * profile->exec, whose programs keep no handler of ours, in the kernel's log.
 */
int cr_seccomp_compile(const cr_profile_t *profile, struct sock_fprog *prog);
int cr_seccomp_load(const struct sock_fprog *prog);

/*
 * cr_seccomp.c: the same list in two parts, for loading all of it takes
 * longer than a fork.  The zygote loads its part once it is warm (and has
 * no_new_privs); it is looser than a cell by what the kit does to fork and
 * set up cells (cr_seccomp_setup in cr_seccomp_calls.c).  A cell, which
 * inherits it, loads its own as the last layer and then has the whole list.
 */
int cr_seccomp_split(const cr_profile_t *profile, struct sock_fprog *zygote,
    struct sock_fprog *cell);


#endif /* _CR_LAYERS_H_INCLUDED_ */
