
/*
 * The read-only root.  It is built by the calls on mount descriptors: a tree
 * is cloned and attached without a path being looked up twice, and
 * mount_setattr() only adds flags.  A user namespace may not clear the flags
 * that its owner locked, and nothing here tries to.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/statvfs.h>
#include <linux/openat2.h>

#include "cr_layers.h"
#include "cr_test.h"


#define CR_TREE_RDONLY  (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID                \
                         | MOUNT_ATTR_NODEV)

/* A device must stay one, so not nodev; being read-only does not stop it. */

#define CR_TREE_DEVICE  (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID                \
                         | MOUNT_ATTR_NOEXEC)

/* It holds mount points and links alone. */

#define CR_TREE_SIZE    "64k"
#define CR_TREE_INODES  "8192"

/* One inode for so many bytes of /tmp, each about 1 KB of kernel memory. */

#define CR_TREE_TMP_BYTES_AN_INODE  4096
#define CR_TREE_TMP_INODES_MIN      64
#define CR_TREE_TMP_INODES_MAX      16384


static int cr_tree_build_masked(const cr_profile_t *profile, int program);
static int cr_tree_tmpfs(void);
static int cr_tree_links(const cr_profile_t *profile, int root);
static int cr_tree_below(const cr_profile_t *profile, const char *path);
static int cr_tree_devices(int root);
static int cr_tree_entry(int root, const char *entry);
static int cr_tree_program(int root, int program);
static int cr_tree_bind(int root, int source, const char *path,
    uint64_t attributes);
static int cr_tree_point(int root, const char *path, int directory);
static int cr_tree_open(int root, const char *path);
static int cr_tree_pivot(int root);
static int cr_tree_attributes(int fd, const char *path, unsigned flags,
    uint64_t attributes);
static int cr_tree_close(int fd, int rc);


int
cr_tree_build(const cr_profile_t *profile, int program)
{
    int     rc;
    mode_t  mask;

    /* The mount points are for cells of other uids to pass. */

    mask = umask(0);
    rc = cr_tree_build_masked(profile, program);
    (void) umask(mask);

    return rc;
}


static int
cr_tree_build_masked(const cr_profile_t *profile, int program)
{
    int       root;
    unsigned  i;

    /*
     * Needs CAP_SYS_ADMIN over this mount namespace, which is new and whose
     * user namespace is new.  Private: what the machine mounts later must
     * not appear in here.
     */

    if (mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL) == -1) {
        return -1;
    }

    if (cr_without("root")) {
        return 0;
    }

    root = cr_tree_tmpfs();

    if (root == -1) {
        return -1;
    }

    if (cr_tree_links(profile, root) == -1
        || cr_tree_devices(root) == -1
        || mkdirat(root, "tmp", 0755) == -1)
    {
        return cr_tree_close(root, -1);
    }

    for (i = 0; i < profile->ntree; i++) {
        if (cr_tree_entry(root, profile->tree[i]) == -1) {
            return cr_tree_close(root, -1);
        }
    }

    if (cr_tree_program(root, program) == -1) {
        return cr_tree_close(root, -1);
    }

    return cr_tree_close(root, cr_tree_pivot(root));
}


int
cr_tree_tmp(const cr_profile_t *profile, uid_t uid, gid_t gid)
{
    char      options[128];
    uint64_t  inodes;

    if (cr_without("tmp")) {
        return 0;
    }

    inodes = profile->write / CR_TREE_TMP_BYTES_AN_INODE;

    if (inodes < CR_TREE_TMP_INODES_MIN) {
        inodes = CR_TREE_TMP_INODES_MIN;
    }

    if (inodes > CR_TREE_TMP_INODES_MAX) {
        inodes = CR_TREE_TMP_INODES_MAX;
    }

    (void) snprintf(options, sizeof(options),
                    "size=%llu,nr_inodes=%llu,mode=0700,uid=%u,gid=%u",
                    (unsigned long long) profile->write,
                    (unsigned long long) inodes, (unsigned) uid,
                    (unsigned) gid);

    return mount("tmpfs", "/tmp", "tmpfs", cr_tree_tmp_flags(profile),
                 options);
}


/*
 * Answers the new root.  It is attached on top of "/": the process's root
 * stays what is beneath it, so that every path still leads to the machine's
 * files, and no folder has to exist for the purpose.
 */

static int
cr_tree_tmpfs(void)
{
    int  fs, root;

    fs = fsopen("tmpfs", FSOPEN_CLOEXEC);

    if (fs == -1) {
        return -1;
    }

    if (fsconfig(fs, FSCONFIG_SET_STRING, "size", CR_TREE_SIZE, 0) == -1
        || fsconfig(fs, FSCONFIG_SET_STRING, "nr_inodes", CR_TREE_INODES, 0)
           == -1
        || fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0755", 0) == -1
        || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == -1)
    {
        return cr_tree_close(fs, -1);
    }

    root = fsmount(fs, FSMOUNT_CLOEXEC,
                   MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC);

    if (cr_tree_close(fs, root) == -1) {
        return -1;
    }

    if (move_mount(root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) == -1) {
        return cr_tree_close(root, -1);
    }

    return root;
}


/*
 * Where /usr is merged, a program's interpreter and libraries are named by
 * links; the same ones are made here when the tree shows what they lead to.
 */

static int
cr_tree_links(const cr_profile_t *profile, int root)
{
    char         target[PATH_MAX], path[PATH_MAX + 1];
    size_t       i;
    ssize_t      n;

    static const char  *links[] = {
        "/lib", "/lib64", "/lib32", "/libx32", "/bin", "/sbin"
    };

    for (i = 0; i < sizeof(links) / sizeof(links[0]); i++) {

        n = readlink(links[i], target, sizeof(target) - 1);

        if (n <= 0 || target[0] == '/') {
            continue;
        }

        target[n] = '\0';

        path[0] = '/';
        memcpy(path + 1, target, n + 1);

        if (!cr_tree_below(profile, links[i])
            && !cr_tree_below(profile, path))
        {
            continue;
        }

        if (symlinkat(target, root, links[i] + 1) == -1) {
            return -1;
        }
    }

    return 0;
}


/* Whether the tree has something at path, below it or above it. */

static int
cr_tree_below(const cr_profile_t *profile, const char *path)
{
    size_t       len, entry_len;
    unsigned     i;
    const char  *entry;

    len = strlen(path);

    for (i = 0; i < profile->ntree; i++) {

        entry = profile->tree[i];

        if (*entry == '-') {
            entry++;
        }

        entry_len = strlen(entry);

        if (strncmp(entry, path, len) == 0
            && (entry[len] == '/' || entry[len] == '\0'))
        {
            return 1;
        }

        if (strncmp(entry, path, entry_len) == 0 && path[entry_len] == '/') {
            return 1;
        }
    }

    return 0;
}


static int
cr_tree_devices(int root)
{
    int     source;
    size_t  i;

    static const char  *devices[] = {
        "/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"
    };

    for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {

        source = open_tree(AT_FDCWD, devices[i],
                           OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC);

        if (source == -1) {
            return -1;
        }

        if (cr_tree_bind(root, source, devices[i], CR_TREE_DEVICE) == -1) {
            return -1;
        }
    }

    return 0;
}


static int
cr_tree_entry(int root, const char *entry)
{
    int  source, optional;

    optional = (*entry == '-');

    if (optional) {
        entry++;
    }

    /*
     * Recursive: the mounts below it that the machine has are locked to what
     * they cover, and the kernel refuses to show what is beneath them.
     */

    source = open_tree(AT_FDCWD, entry,
                       OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_RECURSIVE);

    if (source == -1) {

        if (optional && (errno == ENOENT || errno == ENOTDIR)) {
            return 0;
        }

        return -1;
    }

    return cr_tree_bind(root, source, entry, CR_TREE_RDONLY);
}


/*
 * The descriptor was opened in the machine's mount namespace, of which this
 * one is a copy: the kernel clones mounts of one's own namespace alone.  So
 * the same file is looked up here by name, and compared.
 */

static int
cr_tree_program(int root, int program)
{
    int          source;
    char         link[64], path[PATH_MAX];
    ssize_t      n;
    struct stat  wanted, found;

    (void) snprintf(link, sizeof(link), "/proc/self/fd/%d", program);

    n = readlink(link, path, sizeof(path) - 1);

    if (n == -1 || fstat(program, &wanted) == -1) {
        return -1;
    }

    path[n] = '\0';

    source = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC
                                       |AT_SYMLINK_NOFOLLOW);

    if (source == -1) {
        return -1;
    }

    if (fstat(source, &found) == -1) {
        return cr_tree_close(source, -1);
    }

    if (found.st_dev != wanted.st_dev || found.st_ino != wanted.st_ino) {
        errno = ESTALE;
        return cr_tree_close(source, -1);
    }

    return cr_tree_bind(root, source, "/zygote", CR_TREE_RDONLY);
}


/* Attaches a cloned tree at path in the new root; closes source. */

static int
cr_tree_bind(int root, int source, const char *path, uint64_t attributes)
{
    int          target, rc;
    struct stat  st;

    if (fstat(source, &st) == -1) {
        return cr_tree_close(source, -1);
    }

    if (cr_tree_attributes(source, "", AT_EMPTY_PATH|AT_RECURSIVE, attributes)
        == -1)
    {
        return cr_tree_close(source, -1);
    }

    target = cr_tree_point(root, path, S_ISDIR(st.st_mode));

    if (target == -1) {
        return cr_tree_close(source, -1);
    }

    rc = move_mount(source, "", target, "",
                    MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH);

    (void) cr_tree_close(target, rc);

    return cr_tree_close(source, rc);
}


/*
 * Makes what is missing of the mount point at path and opens it.  Every step
 * is resolved within the new root, or a link in a tree that is bound already
 * would lead out to the machine's own folders.
 */

static int
cr_tree_point(int root, const char *path, int directory)
{
    int          parent, fd, last;
    char         prefix[PATH_MAX];
    size_t       len;
    const char  *name, *end;

    name = path + strspn(path, "/");
    parent = cr_tree_open(root, "/");

    for ( ;; ) {

        if (parent == -1) {
            return -1;
        }

        end = strchrnul(name, '/');
        last = (end[strspn(end, "/")] == '\0');
        len = end - path;

        if (len == 0 || len >= sizeof(prefix) || end == name) {
            errno = EINVAL;
            return cr_tree_close(parent, -1);
        }

        memcpy(prefix, path, len);
        prefix[len] = '\0';

        fd = cr_tree_open(root, prefix);

        if (fd == -1 && errno == ENOENT) {

            if (last && !directory) {
                fd = openat(parent, prefix + (name - path),
                            O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0444);

                if (fd != -1) {
                    (void) close(fd);
                }

            } else {
                (void) mkdirat(parent, prefix + (name - path), 0755);
            }

            fd = cr_tree_open(root, prefix);
        }

        (void) cr_tree_close(parent, fd);

        if (last) {
            return fd;
        }

        parent = fd;
        name = end + strspn(end, "/");
    }
}


static int
cr_tree_open(int root, const char *path)
{
    struct open_how  how;

    memset(&how, 0, sizeof(how));

    how.flags = O_PATH|O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS;

    return (int) syscall(SYS_openat2, root, path, &how, sizeof(how));
}


static int
cr_tree_pivot(int root)
{
    struct statvfs  fs;

    if (fchdir(root) == -1) {
        return -1;
    }

    /*
     * Both roots on one folder: the old one ends on top of the new, so that
     * it needs no folder of its own, and is what "." leads to.
     */

    if (syscall(SYS_pivot_root, ".", ".") == -1
        || umount2(".", MNT_DETACH) == -1
        || chdir("/") == -1)
    {
        return -1;
    }

    if (cr_tree_attributes(AT_FDCWD, "/", 0, CR_TREE_RDONLY
                                             |MOUNT_ATTR_NOEXEC)
        == -1)
    {
        return -1;
    }

    if (statvfs("/", &fs) == -1) {
        return -1;
    }

    if (!(fs.f_flag & ST_RDONLY) || access("/proc", F_OK) == 0
        || access("/sys", F_OK) == 0)
    {
        errno = EPERM;
        return -1;
    }

    return 0;
}


static int
cr_tree_attributes(int fd, const char *path, unsigned flags,
    uint64_t attributes)
{
    struct mount_attr  attr;

    memset(&attr, 0, sizeof(attr));

    attr.attr_set = attributes;

    return mount_setattr(fd, path, flags, &attr, sizeof(attr));
}


/* Closes fd, keeps errno, answers rc. */

static int
cr_tree_close(int fd, int rc)
{
    int  err;

    err = errno;
    (void) close(fd);
    errno = err;

    return rc;
}
