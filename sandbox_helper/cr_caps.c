
/*
 * Capabilities, by the raw system calls: libcap would be one more library in
 * a privileged program for four calls.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <linux/capability.h>
#include <linux/securebits.h>

#include "cr_layers.h"
#include "cr_test.h"


/* What uid 0, or a change of uid, could bring back: off for good. */

#define CR_CAPS_SECUREBITS                                                    \
    (SECBIT_NOROOT | SECBIT_NOROOT_LOCKED                                     \
     | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED                 \
     | SECBIT_KEEP_CAPS_LOCKED                                                \
     | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

#define CR_CAPS_BIT(cap)  (1ULL << (cap))

/*
 * What a zygote needs to make cells: pid and mount namespaces and a /tmp, the
 * change of ids, the securebits.
 */

#define CR_CAPS_ZYGOTE                                                        \
    (CR_CAPS_BIT(CAP_SYS_ADMIN) | CR_CAPS_BIT(CAP_SETUID)                     \
     | CR_CAPS_BIT(CAP_SETGID) | CR_CAPS_BIT(CAP_SETPCAP))

/* More than any kernel has; the loops end at the first EINVAL. */

#define CR_CAPS_END       64


typedef struct {
    uint64_t  effective;
    uint64_t  permitted;
    uint64_t  inheritable;
} cr_caps_t;


/*
 * The bounding set never grows again, and a fork inherits it as this: a cell
 * need neither empty nor read what its zygote has.
 */

static int  cr_caps_bounded;


static int cr_caps_get(cr_caps_t *caps);
static int cr_caps_set(const cr_caps_t *caps);
static int cr_caps_raise(void);
static int cr_caps_bound_to(uint64_t keep);
static int cr_caps_lock(uint64_t keep);
static int cr_caps_undumpable(void);
static int cr_caps_verify(uint64_t keep);
static int cr_caps_nested(void);
static int cr_caps_restricted(const char *path, char restricting);


int
cr_caps_drop(void)
{
    if (cr_caps_lock(0) == -1 || cr_caps_no_new_privs() == -1) {
        return -1;
    }

    return cr_caps_undumpable();
}


int
cr_caps_no_new_privs(void)
{
    if (cr_without("no_new_privs")) {
        return 0;
    }

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1) {
        return -1;
    }

    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) {
        errno = EPERM;
        return -1;
    }

    return 0;
}


/*
 * Nobody of the same uid may trace it or read its memory, and no core is
 * written: a piped core_pattern ignores a core limit of 0.
 */

static int
cr_caps_undumpable(void)
{
    if (cr_without("dumpable")) {
        return 0;
    }

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1) {
        return -1;
    }

    if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) {
        errno = EPERM;
        return -1;
    }

    return 0;
}


int
cr_caps_bound(void)
{
    cr_caps_t  caps;

    if (cr_without("capabilities")) {
        return 0;
    }

    if (cr_caps_bound_to(0) == -1) {
        return -1;
    }

    cr_caps_bounded = 1;

    caps.effective = CR_CAPS_ZYGOTE;
    caps.permitted = CR_CAPS_ZYGOTE;
    caps.inheritable = 0;

    return cr_caps_set(&caps);
}


int
cr_caps_keep(void)
{
    uint64_t  keep;

    /* With no user namespace all that is done inside asks for the machine's. */

    if (cr_without("user")) {
        return 0;
    }

    /*
     * SETUID and SETGID: the uid and gid map of a zygote's user namespace
     * names ids that are not the supervisor's own; the kernel asks for these
     * two, in the parent namespace, of whoever writes and opens the map.
     *
     * Everything else the supervisor does needs none.  It made the zygotes'
     * user namespaces, so it has every capability towards what is inside:
     * entering them, signalling their processes.  The cgroup files and the
     * configuration belong to its uid.  SIGKILL goes to its own children.
     */

    keep = CR_CAPS_BIT(CAP_SETUID) | CR_CAPS_BIT(CAP_SETGID);

    /*
     * SYS_ADMIN: only where the machine's owner keeps user namespaces from
     * the unprivileged; then making one asks for it.
     */

    if (cr_caps_restricted("/proc/sys/kernel/unprivileged_userns_clone", '0')
        || cr_caps_restricted(
               "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1'))
    {
        keep |= CR_CAPS_BIT(CAP_SYS_ADMIN);
    }

    /*
     * SETFCAP: rootless, the only id to map is the supervisor's own, which
     * is 0 to its namespace; the kernel asks that of whoever maps a 0.
     */

    if (cr_caps_nested()) {
        keep |= CR_CAPS_BIT(CAP_SETFCAP);
    }

    /*
     * Dumpable is left as it is: started setuid it is not; rootless it must
     * be, or its children's id maps would belong to the machine's root.
     */

    if (cr_caps_lock(keep) == -1) {
        return -1;
    }

    return cr_caps_no_new_privs();
}


static int
cr_caps_restricted(const char *path, char restricting)
{
    int      fd;
    char     c;
    ssize_t  n;

    fd = open(path, O_RDONLY|O_CLOEXEC);

    if (fd == -1) {
        return 0;
    }

    n = read(fd, &c, 1);

    (void) close(fd);

    return n == 1 && c == restricting;
}


/* Whether this is a user namespace that does not map every id. */

static int
cr_caps_nested(void)
{
    int      fd;
    char     map[64];
    ssize_t  n;

    fd = open("/proc/self/uid_map", O_RDONLY|O_CLOEXEC);

    if (fd == -1) {
        return 0;
    }

    n = read(fd, map, sizeof(map) - 1);

    (void) close(fd);

    if (n <= 0) {
        return 0;
    }

    map[n] = '\0';

    return strstr(map, " 4294967295\n") == NULL;
}


static int
cr_caps_lock(uint64_t keep)
{
    cr_caps_t  caps;

    if (cr_without("capabilities")) {
        return 0;
    }

    if (cr_caps_get(&caps) == -1) {
        return -1;
    }

    keep &= caps.permitted;

    /*
     * The change of uid emptied the effective set; emptying the bounding set
     * and locking the securebits both ask for CAP_SETPCAP in it.
     */

    if (cr_caps_raise() == -1) {
        return -1;
    }

    if (!cr_caps_bounded && cr_caps_bound_to(keep) == -1) {
        return -1;
    }

    if (prctl(PR_SET_SECUREBITS, CR_CAPS_SECUREBITS, 0, 0, 0) == -1) {
        return -1;
    }

    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == -1) {
        return -1;
    }

    caps.effective = keep;
    caps.permitted = keep;
    caps.inheritable = 0;

    if (cr_caps_set(&caps) == -1) {
        return -1;
    }

    return cr_caps_verify(keep);
}


static int
cr_caps_raise(void)
{
    cr_caps_t  caps;

    if (cr_caps_get(&caps) == -1) {
        return -1;
    }

    if (caps.effective == caps.permitted) {
        return 0;
    }

    caps.effective = caps.permitted;

    return cr_caps_set(&caps);
}


static int
cr_caps_bound_to(uint64_t keep)
{
    int  cap, rc;

    for (cap = 0; cap < CR_CAPS_END; cap++) {

        if (!(keep & CR_CAPS_BIT(cap))
            && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == -1
            && errno != EINVAL)
        {
            return -1;
        }

        rc = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);

        if (rc == -1) {

            /* The kernel has no more of them. */

            return errno == EINVAL ? 0 : -1;
        }

        if (rc != 0 && !(keep & CR_CAPS_BIT(cap))) {
            errno = EPERM;
            return -1;
        }
    }

    return 0;
}


static int
cr_caps_verify(uint64_t keep)
{
    cr_caps_t  caps;

    if (cr_caps_get(&caps) == -1) {
        return -1;
    }

    /* The ambient set is a subset of the inheritable one, which is empty. */

    if (caps.effective != keep || caps.permitted != keep
        || caps.inheritable != 0
        || prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != CR_CAPS_SECUREBITS)
    {
        errno = EPERM;
        return -1;
    }

    return 0;
}


static int
cr_caps_get(cr_caps_t *caps)
{
    struct __user_cap_header_struct  header;
    struct __user_cap_data_struct    data[2];

    memset(&header, 0, sizeof(header));
    memset(data, 0, sizeof(data));

    header.version = _LINUX_CAPABILITY_VERSION_3;

    if (syscall(SYS_capget, &header, data) == -1) {
        return -1;
    }

    caps->effective = data[0].effective | (uint64_t) data[1].effective << 32;
    caps->permitted = data[0].permitted | (uint64_t) data[1].permitted << 32;
    caps->inheritable = data[0].inheritable
                        | (uint64_t) data[1].inheritable << 32;

    return 0;
}


static int
cr_caps_set(const cr_caps_t *caps)
{
    struct __user_cap_header_struct  header;
    struct __user_cap_data_struct    data[2];

    memset(&header, 0, sizeof(header));

    header.version = _LINUX_CAPABILITY_VERSION_3;

    data[0].effective = (uint32_t) caps->effective;
    data[1].effective = (uint32_t) (caps->effective >> 32);
    data[0].permitted = (uint32_t) caps->permitted;
    data[1].permitted = (uint32_t) (caps->permitted >> 32);
    data[0].inheritable = (uint32_t) caps->inheritable;
    data[1].inheritable = (uint32_t) (caps->inheritable >> 32);

    return (int) syscall(SYS_capset, &header, data);
}
