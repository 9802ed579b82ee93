
#define _GNU_SOURCE

#include "cr_supervisor.h"
#include "cr_supervisor_ids.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>


/*
 * Above what systemd gives to containers (up to 0x6fffffff) and below the ids
 * that are negative as signed numbers: systemd's docs/UIDS-GIDS.md.
 */

#define CR_IDS_FIRST    0x70000000u
#define CR_IDS_PROFILE  256u          /* ids of one profile */
#define CR_IDS_BLOCK    (CR_PROFILES_MAX * CR_IDS_PROFILE)
#define CR_IDS_BLOCKS   1024u

/* In a folder where root alone can make it; /run/lock is everybody's. */

#define CR_IDS_LOCK     "/run/coderemote.uids"


static int       cr_ids_fd = -1;
static unsigned  cr_ids_own = CR_IDS_BLOCKS;    /* none yet */


uid_t
cr_ids_base(unsigned block, unsigned profile)
{
    return CR_IDS_FIRST + block * CR_IDS_BLOCK + profile * CR_IDS_PROFILE;
}


/* Whether a line "name:first:count" of the file meets the block. */

static int
cr_ids_given(const char *path, unsigned block)
{
    int                  given;
    char                 line[512], *p, *q;
    FILE                *f;
    unsigned long long   first, count, start;

    f = fopen(path, "re");

    if (f == NULL) {
        return 0;
    }

    given = 0;
    start = cr_ids_base(block, 0);

    while (fgets(line, sizeof(line), f)) {
        p = strchr(line, ':');

        if (p == NULL) {
            continue;
        }

        first = strtoull(p + 1, &q, 10);
        count = *q == ':' ? strtoull(q + 1, NULL, 10) : 0;

        if (first < start + CR_IDS_BLOCK && start < first + count) {
            given = 1;
        }
    }

    fclose(f);

    return given;
}


/*
 * A block is a byte of this file, locked: the kernel gives it back when the
 * process dies, however it dies.
 */

static int
cr_ids_lock(unsigned block, short type)
{
    struct flock  lock;

    memset(&lock, 0, sizeof(lock));
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = block;
    lock.l_len = 1;

    return fcntl(cr_ids_fd, F_SETLK, &lock);
}


/* Locks are a process's: its own would be given again, and then released. */

int
cr_ids_claim(unsigned block)
{
    return block < CR_IDS_BLOCKS && block != cr_ids_own
           && cr_ids_lock(block, F_WRLCK) == 0;
}


void
cr_ids_release(unsigned block)
{
    (void) cr_ids_lock(block, F_UNLCK);
}


int
cr_ids_block(unsigned *block)
{
    cr_ids_fd = open(CR_IDS_LOCK, O_RDWR|O_CREAT|O_CLOEXEC|O_NOFOLLOW, 0600);

    if (cr_ids_fd == -1) {
        cr_log(CR_IDS_LOCK ": %s", strerror(errno));
        return -1;
    }

    for (*block = 0; *block < CR_IDS_BLOCKS; (*block)++) {

        if (!cr_ids_given("/etc/subuid", *block)
            && !cr_ids_given("/etc/subgid", *block)
            && cr_ids_claim(*block))
        {
            cr_ids_own = *block;
            return 0;
        }
    }

    cr_log("no block of uids is free: " CR_IDS_LOCK);

    return -1;
}


static int
cr_ids_write(const char *path, const char *text)
{
    int      fd;
    ssize_t  n;

    fd = open(path, O_WRONLY|O_CLOEXEC);

    if (fd == -1) {
        return -1;
    }

    n = write(fd, text, strlen(text));
    close(fd);

    return n == (ssize_t) strlen(text) ? 0 : -1;
}


int
cr_ids_rootless(void)
{
    char   uid_map[32], gid_map[32];

    snprintf(uid_map, sizeof(uid_map), "0 %u 1", (unsigned) getuid());
    snprintf(gid_map, sizeof(gid_map), "0 %u 1", (unsigned) getgid());

    /*
     * The id maps of a process that cannot be dumped, and of its children,
     * belong to root.  It stays so: it has no privilege that others have not,
     * and whoever could trace it is the user it runs as.
     */

    (void) prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);

    if (unshare(CLONE_NEWUSER) == -1
        || cr_ids_write("/proc/self/uid_map", uid_map) != 0
        || cr_ids_write("/proc/self/setgroups", "deny") != 0
        || cr_ids_write("/proc/self/gid_map", gid_map) != 0)
    {
        cr_log("a user namespace cannot be had: %s; sysctl "
               "user.max_user_namespaces, kernel.unprivileged_userns_clone "
               "or AppArmor may forbid it", strerror(errno));
        return -1;
    }

    return 0;
}
