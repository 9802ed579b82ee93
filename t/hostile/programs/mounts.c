# expect: {"status": "completed", "stdout": "14 EPERM\n", "exit_code": 0}
# stopped_by: seccomp
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static int  refused;

static void
ask(long rc)
{
    refused += rc == -1 && errno == EPERM;
}

int
main(void)
{
    ask(mount("x", "/tmp", "tmpfs", 0, ""));
    ask(mount("x", "/tmp", "tmpfs", MS_NOSUID|MS_NODEV, ""));
    ask(mount("x", "/tmp", "proc", 0, ""));
    ask(mount("/", "/tmp", NULL, MS_BIND, NULL));
    ask(mount(NULL, "/", NULL, MS_REMOUNT, NULL));
    ask(umount2("/tmp", MNT_DETACH));
    ask(umount2("/usr/lib", MNT_DETACH));
    ask(chroot("/tmp"));
    ask(syscall(SYS_pivot_root, ".", "."));
    ask(unshare(CLONE_NEWUSER));
    ask(unshare(CLONE_NEWNS));
    ask(setns(0, 0));
    ask(syscall(SYS_fsopen, "tmpfs", 0));
    ask(syscall(SYS_open_tree, -1, "/", 1));

    printf("%d EPERM\n", refused);
    return 0;
}
