
/* Files: those of the machine, devices, and what a /tmp lets one write. */

#include "probe.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>


#define PROBE_CHUNK  16384
#define PROBE_FILES  2000


static int
probe_closed(int fd)
{
    if (fd == -1) {
        return -1;
    }

    close(fd);

    return 0;
}


static int
probe_read_file(const char *argument)
{
    return probe_closed(open(argument, O_RDONLY|O_NONBLOCK|O_NOCTTY));
}


static int
probe_write_file(const char *argument)
{
    return probe_closed(open(argument, O_WRONLY|O_NONBLOCK|O_NOCTTY));
}


static int
probe_create(const char *argument)
{
    return probe_closed(open(argument, O_WRONLY|O_CREAT|O_EXCL, 0600));
}


static int
probe_exists(const char *argument)
{
    struct stat  st;

    return stat(argument, &st);
}


static int
probe_list(const char *argument)
{
    int             n, i;
    struct dirent  **names;

    n = scandir(*argument ? argument : "/", &names, NULL, alphasort);

    if (n == -1) {
        return -1;
    }

    for (i = 0; i < n; i++) {
        if (names[i]->d_name[0] != '.') {
            probe_say("%s", names[i]->d_name);
        }
    }

    return PROBE_SAID;
}


/* Text of a file, without its line ends. */

static int
probe_show(const char *argument)
{
    int      fd;
    char     text[512];
    ssize_t  n;

    fd = open(argument, O_RDONLY);

    if (fd == -1) {
        return -1;
    }

    n = read(fd, text, sizeof(text) - 1);
    close(fd);

    if (n == -1) {
        return -1;
    }

    text[n] = '\0';
    probe_say("%.*s", (int) strcspn(text, "\n"), text);

    return PROBE_SAID;
}


/* Every way there is to change what a path leads to. */

static int
probe_change(const char *argument)
{
    char             other[512];
    struct timespec  times[2];

    snprintf(other, sizeof(other), "%s.probe", argument);
    memset(times, 0, sizeof(times));

    probe_count("append", probe_closed(open(argument, O_WRONLY|O_APPEND)));
    probe_count("rdwr", probe_closed(open(argument, O_RDWR)));
    probe_count("creat", probe_closed((int) syscall(SYS_openat, AT_FDCWD,
                                                    other, O_CREAT|O_RDONLY,
                                                    0600)));
    probe_count("mkdir", mkdir(other, 0700));
    probe_count("symlink", symlink(argument, other));
    probe_count("link", link(argument, other));
    probe_count("rename", rename(argument, other));
    probe_count("unlink", unlink(argument));
    probe_count("rmdir", rmdir(argument));
    probe_count("chmod", chmod(argument, 0777));
    probe_count("chown", chown(argument, 1, 1));
    probe_count("truncate", truncate(argument, 0));
    probe_count("utimens", utimensat(AT_FDCWD, argument, times, 0));
    probe_count("mkfifo", mknod(other, S_IFIFO|0600, 0));

    return probe_counted();
}


static int
probe_tmpfile(const char *argument)
{
    return probe_closed(open(*argument ? argument : "/tmp", O_TMPFILE|O_RDWR,
                             0600));
}


/* Devices: of the memory, a disk, the kernel's log, everybody's null. */

static int
probe_mknod(const char *argument)
{
    size_t  i;
    char    path[256];

    static const struct {
        const char  *name;
        mode_t       mode;
        int          major;
        int          minor;
    } nodes[] = {
        { "mem", S_IFCHR, 1, 1 },
        { "null", S_IFCHR, 1, 3 },
        { "kmsg", S_IFCHR, 1, 11 },
        { "disk", S_IFBLK, 8, 0 },
        { "loop", S_IFBLK, 7, 0 },
        { "socket", S_IFSOCK, 0, 0 }
    };

    for (i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
        snprintf(path, sizeof(path), "%s/probe-%s",
                 *argument ? argument : "/tmp", nodes[i].name);

        probe_count(nodes[i].name,
                    mknod(path, nodes[i].mode|0600,
                          makedev(nodes[i].major, nodes[i].minor)));
        (void) unlink(path);
    }

    return probe_counted();
}


static int
probe_devices(const char *argument)
{
    size_t  i;

    static const char  *paths[] = {
        "/dev/mem", "/dev/kmem", "/dev/port", "/dev/kmsg", "/dev/tty",
        "/dev/console", "/dev/ptmx", "/dev/pts/0", "/dev/fuse", "/dev/kvm",
        "/dev/net/tun", "/dev/vsock", "/dev/userfaultfd", "/dev/loop-control",
        "/dev/mapper/control", "/dev/full", "/dev/fd", "/dev/stdin",
        "/dev/shm", "/dev/mqueue", "/dev/log", "/dev/input", "/dev/dri"
    };

    (void) argument;

    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        probe_count(paths[i], probe_read_file(paths[i]));
    }

    return probe_counted();
}


/* A link in the writable folder, to what is outside of it. */

static int
probe_symlink(const char *argument)
{
    int  rc;

    if (symlink(argument, "/tmp/probe-link") == -1) {
        return -1;
    }

    rc = probe_closed(open("/tmp/probe-link", O_WRONLY|O_CREAT, 0600));

    (void) unlink("/tmp/probe-link");

    return rc;
}


static int
probe_link(const char *argument)
{
    return link(argument, "/tmp/probe-hard");
}


static int
probe_rename_out(const char *argument)
{
    if (probe_create("/tmp/probe-out") == -1) {
        return -1;
    }

    return rename("/tmp/probe-out", argument);
}


/* Files of 16 KB, until there is no more room: how much there was, in KB. */

static int
probe_fill(const char *argument)
{
    int          fd, i, n;
    char         path[256];
    ssize_t      rc;
    static char  chunk[PROBE_CHUNK];

    n = 0;
    errno = 0;

    for (i = 0; i < PROBE_FILES; i++) {
        snprintf(path, sizeof(path), "%s/probe-%d",
                 *argument ? argument : "/tmp", i / 16);

        fd = open(path, O_WRONLY|O_CREAT|O_APPEND, 0600);

        if (fd == -1) {
            break;
        }

        rc = write(fd, chunk, PROBE_CHUNK);
        close(fd);

        if (rc != PROBE_CHUNK) {
            break;
        }

        n += PROBE_CHUNK / 1024;
    }

    probe_say("%s %d", probe_errno(errno), n);

    return PROBE_SAID;
}


static int
probe_inodes(const char *argument)
{
    int   i;
    char  path[256];

    errno = 0;

    for (i = 0; i < PROBE_FILES; i++) {
        snprintf(path, sizeof(path), "%s/probe-inode-%d",
                 *argument ? argument : "/tmp", i);

        if (probe_create(path) == -1) {
            break;
        }
    }

    probe_say("%s %d", probe_errno(errno), i);

    return PROBE_SAID;
}


static int
probe_big_file(const char *argument)
{
    int    fd;
    char   path[256];
    off_t  size;

    snprintf(path, sizeof(path), "%s/probe-big", *argument ? argument : "/tmp");

    fd = open(path, O_WRONLY|O_CREAT, 0600);

    if (fd == -1) {
        return -1;
    }

    size = 64 * 1024 * 1024;

    return ftruncate(fd, size);
}


/* Locks on a file that all cells share. */

static int
probe_locks(const char *argument)
{
    int           fd;
    struct flock  lock;

    fd = open(argument, O_RDONLY);

    if (fd == -1) {
        return -1;
    }

    memset(&lock, 0, sizeof(lock));
    lock.l_type = F_WRLCK;

    probe_count("flock", flock(fd, LOCK_EX|LOCK_NB));
    probe_count("flock", flock(fd, LOCK_SH|LOCK_NB));
    probe_count("write", fcntl(fd, F_SETLK, &lock));
    probe_count("ofd", fcntl(fd, F_OFD_SETLK, &lock));
    probe_count("lease", fcntl(fd, F_SETLEASE, F_RDLCK));
    probe_count("notify", fcntl(fd, F_NOTIFY, DN_MODIFY));

    close(fd);

    return probe_counted();
}


/* A program put into the writable folder and made executable. */

static int
probe_program(const char *argument)
{
    int  fd;

    (void) argument;

    fd = open("/tmp/probe-program", O_WRONLY|O_CREAT, 0700);

    if (fd == -1) {
        return -1;
    }

    if (write(fd, "#!/zygote\n", 10) != 10 || fchmod(fd, 04755) == -1) {
        return -1;
    }

    close(fd);

    return access("/tmp/probe-program", X_OK);
}


static int
probe_flags(const char *argument)
{
    struct statvfs  fs;

    if (statvfs(*argument ? argument : "/", &fs) == -1) {
        return -1;
    }

    probe_say("%s%s%s%s", fs.f_flag & ST_RDONLY ? "ro" : "rw",
              fs.f_flag & ST_NOSUID ? ",nosuid" : "",
              fs.f_flag & ST_NODEV ? ",nodev" : "",
              fs.f_flag & ST_NOEXEC ? ",noexec" : "");

    return PROBE_SAID;
}


const probe_t  probe_files[] = {
    { "read", probe_read_file, 0, { 0 } },
    { "write", probe_write_file, 0, { 0 } },
    { "create", probe_create, 0, { 0 } },
    { "exists", probe_exists, 0, { 0 } },
    { "list", probe_list, 0, { 0 } },
    { "show", probe_show, 0, { 0 } },
    { "change", probe_change, 0, { 0 } },
    { "tmpfile", probe_tmpfile, 0, { 0 } },
    { "mknod", probe_mknod, 0, { 0 } },
    { "devices", probe_devices, 0, { 0 } },
    { "symlink", probe_symlink, 0, { 0 } },
    { "link", probe_link, 0, { 0 } },
    { "rename-out", probe_rename_out, 0, { 0 } },
    { "fill", probe_fill, 0, { 0 } },
    { "inodes", probe_inodes, 0, { 0 } },
    { "big-file", probe_big_file, 0, { 0 } },
    { "locks", probe_locks, 0, { 0 } },
    { "program", probe_program, 0, { 0 } },
    { "flags", probe_flags, 0, { 0 } },
    PROBE_END
};
