
/*
 * Groups, gid and uid, in that order: dropping the uid first would take away
 * the right to drop the others.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <unistd.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>

#include "cr_layers.h"
#include "cr_test.h"


static int cr_ids_groups(uid_t uid, gid_t gid);
static int cr_ids_verify(uid_t uid, gid_t gid);


int
cr_ids_drop(uid_t uid, gid_t gid)
{
    uid_t  old;

    if (cr_without("ids")) {
        return 0;
    }

    old = geteuid();

    if (cr_ids_groups(uid, gid) == -1) {
        return -1;
    }

    /*
     * cr_caps_drop() comes after this and needs CAP_SETPCAP to empty the
     * bounding set, so the permitted set must outlive the change of uid.
     * The effective set does not: the attempts to regain below are honest.
     */

    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == -1) {
        return -1;
    }

    if (setresgid(gid, gid, gid) == -1) {
        return -1;
    }

    if (setresuid(uid, uid, uid) == -1) {
        return -1;
    }

    if (cr_ids_verify(uid, gid) == -1) {
        return -1;
    }

    if (uid == old) {

        /* Rootless: there is one uid only, and nothing to regain. */

        return 0;
    }

    if (setresuid((uid_t) -1, old, (uid_t) -1) == 0
        || setresgid((gid_t) -1, 0, (gid_t) -1) == 0
        || setgroups(0, NULL) == 0)
    {
        errno = EPERM;
        return -1;
    }

    /* The file system's ids follow the effective ones; setfsuid tells. */

    if ((uid_t) setfsuid((uid_t) -1) != uid
        || (gid_t) setfsgid((gid_t) -1) != gid)
    {
        errno = EPERM;
        return -1;
    }

    return cr_ids_verify(uid, gid);
}


static int
cr_ids_groups(uid_t uid, gid_t gid)
{
    if (setgroups(0, NULL) == 0) {
        return 0;
    }

    /*
     * In a user namespace made without privilege the kernel forbids
     * setgroups(): leaving a group could open a file that the group is denied.
     * The groups are then nothing but what the caller had anyway.
     */

    if (errno == EPERM && uid == geteuid() && gid == getegid()) {
        return 0;
    }

    return -1;
}


static int
cr_ids_verify(uid_t uid, gid_t gid)
{
    uid_t  ruid, euid, suid;
    gid_t  rgid, egid, sgid;

    if (getresuid(&ruid, &euid, &suid) == -1
        || getresgid(&rgid, &egid, &sgid) == -1)
    {
        return -1;
    }

    if (ruid != uid || euid != uid || suid != uid
        || rgid != gid || egid != gid || sgid != gid)
    {
        errno = EPERM;
        return -1;
    }

    return 0;
}
