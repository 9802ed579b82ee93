
/*
 * The read-only root and a cell's /tmp, on the real kernel, with the ids of
 * a slot and with the caller's own.
 */


#include "layers_child.h"

#include <dirent.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include "cr_layers.h"


static cr_profile_t  profile;


static int
setup(void **state)
{
    (void) state;

    memset(&profile, 0, sizeof(profile));

    return 0;
}


static int
tree_profile(void)
{
    profile.tree[0] = "/usr/lib";
    profile.tree[1] = "-/nonexistent/x";
    profile.tree[2] = "/etc/passwd";
    profile.tree[3] = "/usr/share/doc";
    profile.ntree = 4;

    return open("/proc/self/exe", O_PATH|O_CLOEXEC);
}


static int
device(const char *path, unsigned minor)
{
    struct stat  st;

    EXPECT(stat(path, &st) == 0);
    EXPECT(S_ISCHR(st.st_mode));
    EXPECT(st.st_rdev == makedev(1, minor));

    return 0;
}


static int
entries(const char *path)
{
    int             n;
    DIR            *dir;
    struct dirent  *de;

    n = 0;
    dir = opendir(path);

    while (dir != NULL && (de = readdir(dir)) != NULL) {
        n += de->d_name[0] != '.';
    }

    if (dir != NULL) {
        closedir(dir);
    }

    return n;
}


static int
tree_shows(void)
{
    char         link[16];
    struct stat  st;

    EXPECT_ERRNO(access("/proc", F_OK), ENOENT);
    EXPECT_ERRNO(access("/sys", F_OK), ENOENT);
    EXPECT_ERRNO(access("/etc/shadow", F_OK), ENOENT);
    EXPECT_ERRNO(access("/etc/group", F_OK), ENOENT);
    EXPECT_ERRNO(access("/usr/bin", F_OK), ENOENT);
    EXPECT_ERRNO(access("/root", F_OK), ENOENT);
    EXPECT_ERRNO(access("/../root", F_OK), ENOENT);
    EXPECT_ERRNO(access("/nonexistent", F_OK), ENOENT);

    EXPECT(access("/etc/passwd", R_OK) == 0);
    EXPECT(entries("/etc") == 1);
    EXPECT(entries("/dev") == 4);
    EXPECT(entries("/tmp") == 0);
    EXPECT(entries("/usr/lib") > 10);
    EXPECT(readlink("/lib", link, sizeof(link)) == 7);
    EXPECT_ERRNO(readlink("/bin", link, sizeof(link)), ENOENT);
    EXPECT(stat("/zygote", &st) == 0 && S_ISREG(st.st_mode));

    /* For other uids to pass, whatever the umask was. */

    EXPECT(stat("/usr", &st) == 0 && (st.st_mode & 0777) == 0755);
    EXPECT(stat("/tmp", &st) == 0 && (st.st_mode & 0777) == 0755);

    return 0;
}


static int
tree_is_read_only(void)
{
    struct statvfs  fs;

    EXPECT_ERRNO(mkdir("/x", 0700), EROFS);
    EXPECT_ERRNO(mkdir("/tmp/x", 0700), EROFS);
    EXPECT_ERRNO(mkdir("/usr/x", 0700), EROFS);
    EXPECT_ERRNO(mkdir("/usr/lib/x", 0700), EROFS);
    EXPECT_ERRNO(unlink("/dev/null"), EROFS);
    EXPECT(open("/etc/passwd", O_WRONLY) == -1);
    EXPECT(open("/zygote", O_WRONLY) == -1);
    EXPECT_ERRNO(chmod("/dev/null", 0), EROFS);
    EXPECT_ERRNO(chmod("/", 0777), EROFS);

    EXPECT(statvfs("/usr/lib", &fs) == 0);
    EXPECT(fs.f_flag & ST_RDONLY);
    EXPECT(fs.f_flag & ST_NOSUID);
    EXPECT(fs.f_flag & ST_NODEV);
    EXPECT(statvfs("/", &fs) == 0);
    EXPECT(fs.f_flag & ST_NOSUID);
    EXPECT(fs.f_flag & ST_NODEV);
    EXPECT(fs.f_flag & ST_NOEXEC);

    return 0;
}


static int
body_tree(void)
{
    int   fd, program;
    char  c;

    umask(077);

    program = tree_profile();
    EXPECT(program != -1);
    EXPECT(cr_tree_build(&profile, program) == 0);
    EXPECT(umask(077) == 077);

    EXPECT(tree_shows() == 0);
    EXPECT(tree_is_read_only() == 0);

    EXPECT(device("/dev/null", 3) == 0);
    EXPECT(device("/dev/zero", 5) == 0);
    EXPECT(device("/dev/random", 8) == 0);
    EXPECT(device("/dev/urandom", 9) == 0);

    fd = open("/dev/null", O_RDWR);
    EXPECT(write(fd, "x", 1) == 1 && read(fd, &c, 1) == 0);
    fd = open("/dev/zero", O_RDONLY);
    EXPECT(read(fd, &c, 1) == 1 && c == 0);
    fd = open("/dev/urandom", O_RDONLY);
    EXPECT(read(fd, &c, 1) == 1);

    /* No way up from where it stands. */

    EXPECT(chdir("..") == 0 && access("zygote", F_OK) == 0);

    return 0;
}


static int
body_tree_missing(void)
{
    int  program;

    program = tree_profile();
    EXPECT(program != -1);

    profile.tree[1]++;
    EXPECT_ERRNO(cr_tree_build(&profile, program), ENOENT);

    return 0;
}


/* A program that is another file by now must not be run in its place. */

static int
body_tree_stale(void)
{
    int   program;
    char  path[] = "/tmp/test_layers.XXXXXX";

    EXPECT(close(mkstemp(path)) == 0);
    (void) tree_profile();
    program = open(path, O_PATH|O_CLOEXEC);
    EXPECT(program != -1);
    EXPECT(unlink(path) == 0);
    EXPECT(cr_tree_build(&profile, program) == -1);

    return 0;
}


static int
body_tmp(void)
{
    int             fd, i;
    char            buf[4096], name[32];
    struct statvfs  fs;

    profile.write = 64 * 1024;

    EXPECT(mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL) == 0);
    EXPECT(cr_tree_tmp(&profile, 0, 0) == 0);
    EXPECT(entries("/tmp") == 0);

    EXPECT(statvfs("/tmp", &fs) == 0);
    EXPECT(fs.f_flag & ST_NOSUID);
    EXPECT(fs.f_flag & ST_NODEV);
    EXPECT(fs.f_flag & ST_NOEXEC);

    fd = open("/tmp/a", O_WRONLY|O_CREAT, 0600);
    EXPECT(fd != -1);
    memset(buf, 0, sizeof(buf));

    for (i = 0; i < 16; i++) {
        EXPECT(write(fd, buf, sizeof(buf)) == sizeof(buf));
    }

    EXPECT_ERRNO(write(fd, buf, sizeof(buf)), ENOSPC);

    for (i = 0; i < 64; i++) {
        snprintf(name, sizeof(name), "/tmp/%d", i);

        if (mkdir(name, 0700) == -1) {
            EXPECT(errno == ENOSPC);
            return 0;
        }
    }

    errno = 0;
    EXPECT(!"the number of files is bounded");

    return 0;
}


static void
test_tree(void **state)
{
    (void) state;

    NEED_ROOT();

    child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_MANY, body_tree);
}


static void
test_tree_rootless(void **state)
{
    (void) state;

    child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_OWN, body_tree);
    child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_OWN, body_tree_missing);
    child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_OWN, body_tree_stale);
}


static void
test_tmp(void **state)
{
    (void) state;

    child(CLONE_NEWUSER|CLONE_NEWNS, CHILD_OWN, body_tmp);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_tree, setup),
        cmocka_unit_test_setup(test_tree_rootless, setup),
        cmocka_unit_test_setup(test_tmp, setup)
    };

    return cmocka_run_group_tests_name("root of a cell", tests, NULL, NULL);
}
