
/*
 * Landlock by its raw system calls.  The constants of every ABI up to 7 are
 * here, because the kernel's headers at build time are often older than the
 * kernel at run time; what the running kernel does not know is masked out.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>

#include "cr_layers.h"


#define CR_LANDLOCK_CREATE          444
#define CR_LANDLOCK_ADD_RULE        445
#define CR_LANDLOCK_RESTRICT        446

#define CR_LANDLOCK_VERSION         (1U << 0)
#define CR_LANDLOCK_PATH_BENEATH    1

#define CR_LANDLOCK_FS_EXECUTE      (1ULL << 0)
#define CR_LANDLOCK_FS_WRITE_FILE   (1ULL << 1)
#define CR_LANDLOCK_FS_READ_FILE    (1ULL << 2)
#define CR_LANDLOCK_FS_READ_DIR     (1ULL << 3)
#define CR_LANDLOCK_FS_REMOVE_DIR   (1ULL << 4)
#define CR_LANDLOCK_FS_REMOVE_FILE  (1ULL << 5)
#define CR_LANDLOCK_FS_MAKE_DIR     (1ULL << 7)
#define CR_LANDLOCK_FS_MAKE_REG     (1ULL << 8)
#define CR_LANDLOCK_FS_MAKE_FIFO    (1ULL << 10)
#define CR_LANDLOCK_FS_MAKE_SYM     (1ULL << 12)
#define CR_LANDLOCK_FS_REFER        (1ULL << 13)
#define CR_LANDLOCK_FS_TRUNCATE     (1ULL << 14)

/* Rights on files that ABI n knows; all of them are handled. */

#define CR_LANDLOCK_FS_ABI1         ((1ULL << 13) - 1)
#define CR_LANDLOCK_FS_ABI2         ((1ULL << 14) - 1)
#define CR_LANDLOCK_FS_ABI3         ((1ULL << 15) - 1)
#define CR_LANDLOCK_FS_ABI5         ((1ULL << 16) - 1)

/* Binding and connecting TCP; abstract Unix sockets and signals. */

#define CR_LANDLOCK_NET_ABI4        3ULL
#define CR_LANDLOCK_SCOPED_ABI6     3ULL

#define CR_LANDLOCK_READ                                                      \
    (CR_LANDLOCK_FS_READ_FILE | CR_LANDLOCK_FS_READ_DIR)

#define CR_LANDLOCK_DEVICE                                                    \
    (CR_LANDLOCK_FS_READ_FILE | CR_LANDLOCK_FS_WRITE_FILE                     \
     | CR_LANDLOCK_FS_TRUNCATE)

/* Files, folders, links and pipes; neither devices nor sockets. */

#define CR_LANDLOCK_WRITE                                                     \
    (CR_LANDLOCK_FS_READ_FILE | CR_LANDLOCK_FS_READ_DIR                       \
     | CR_LANDLOCK_FS_WRITE_FILE | CR_LANDLOCK_FS_REMOVE_DIR                  \
     | CR_LANDLOCK_FS_REMOVE_FILE | CR_LANDLOCK_FS_MAKE_DIR                   \
     | CR_LANDLOCK_FS_MAKE_REG | CR_LANDLOCK_FS_MAKE_FIFO                     \
     | CR_LANDLOCK_FS_MAKE_SYM | CR_LANDLOCK_FS_REFER                         \
     | CR_LANDLOCK_FS_TRUNCATE)

/*
 * A hostile program could fill the audit log with refusals: its own domain
 * logs none, nor would one made below it.
 */

#define CR_LANDLOCK_QUIET_ABI7      ((1U << 0) | (1U << 2))


typedef struct {
    uint64_t  fs;
    uint64_t  net;
    uint64_t  scoped;
} cr_landlock_attr_t;


typedef struct {
    uint64_t  access;
    int32_t   fd;
} __attribute__((packed)) cr_landlock_rule_t;


static int cr_landlock_abi(void);
static int cr_landlock_rules(int ruleset, const cr_profile_t *profile,
    uint64_t handled);
static int cr_landlock_programs(int ruleset, const cr_profile_t *profile);
static int cr_landlock_rule(int ruleset, const char *path, uint64_t access);


int
cr_landlock_prepare(const cr_profile_t *profile)
{
    int                 abi, fd, err;
    size_t              size;
    cr_landlock_attr_t  attr;

    abi = cr_landlock_abi();

    if (abi == -1) {
        return -1;
    }

    memset(&attr, 0, sizeof(attr));

    attr.fs = abi >= 5 ? CR_LANDLOCK_FS_ABI5
              : abi >= 3 ? CR_LANDLOCK_FS_ABI3
              : abi >= 2 ? CR_LANDLOCK_FS_ABI2
              : CR_LANDLOCK_FS_ABI1;
    size = sizeof(attr.fs);

    if (abi >= 4) {
        attr.net = CR_LANDLOCK_NET_ABI4;
        size += sizeof(attr.net);
    }

    if (abi >= 6) {
        attr.scoped = CR_LANDLOCK_SCOPED_ABI6;
        size += sizeof(attr.scoped);
    }

    fd = (int) syscall(CR_LANDLOCK_CREATE, &attr, size, 0);

    if (fd == -1) {
        return -1;
    }

    if (cr_landlock_rules(fd, profile, attr.fs) == -1) {
        err = errno;
        (void) close(fd);
        errno = err;
        return -1;
    }

    return fd;
}


int
cr_landlock_enter(int ruleset)
{
    unsigned  flags;

    flags = cr_landlock_abi() >= 7 ? CR_LANDLOCK_QUIET_ABI7 : 0;

    return (int) syscall(CR_LANDLOCK_RESTRICT, ruleset, flags);
}


static int
cr_landlock_rules(int ruleset, const cr_profile_t *profile, uint64_t handled)
{
    uint64_t  tmp;

    if (cr_landlock_rule(ruleset, "/", CR_LANDLOCK_READ & handled) == -1
        || cr_landlock_rule(ruleset, "/dev/null", CR_LANDLOCK_DEVICE & handled)
           == -1)
    {
        return -1;
    }

    if (profile->exec && cr_landlock_programs(ruleset, profile) == -1) {
        return -1;
    }

    if (!profile->write) {
        return 0;
    }

    tmp = CR_LANDLOCK_WRITE;

    if (profile->execute) {
        tmp |= CR_LANDLOCK_FS_EXECUTE;
    }

    return cr_landlock_rule(ruleset, "/tmp", tmp & handled);
}


/*
 * The tree, entry by entry: what is granted to a folder holds for all that is
 * mounted below it, and so "/" would be /tmp and the zygote's program as well.
 */

static int
cr_landlock_programs(int ruleset, const cr_profile_t *profile)
{
    unsigned     i;
    const char  *entry;

    for (i = 0; i < profile->ntree; i++) {
        entry = profile->tree[i];
        entry += *entry == '-';

        if (cr_landlock_rule(ruleset, entry, CR_LANDLOCK_FS_EXECUTE) == 0) {
            continue;
        }

        /* It is not there, or not for a cell: then nothing of it can run. */

        if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) {
            return -1;
        }
    }

    return 0;
}


static int
cr_landlock_abi(void)
{
    static int  abi;

    /* One kernel a process: asked for once, in the zygote. */

    if (abi <= 0) {
        abi = (int) syscall(CR_LANDLOCK_CREATE, NULL, 0, CR_LANDLOCK_VERSION);
    }

    return abi;
}


static int
cr_landlock_rule(int ruleset, const char *path, uint64_t access)
{
    int                 fd, rc, err;
    cr_landlock_rule_t  rule;

    fd = open(path, O_PATH|O_CLOEXEC);

    if (fd == -1) {
        return -1;
    }

    rule.access = access;
    rule.fd = fd;

    rc = (int) syscall(CR_LANDLOCK_ADD_RULE, ruleset,
                       CR_LANDLOCK_PATH_BENEATH, &rule, 0);

    err = errno;
    (void) close(fd);
    errno = err;

    return rc;
}
