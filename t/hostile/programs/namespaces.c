# expect: {"status": "completed", "stdout": "EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM ENOSYS\n", "exit_code": 0}
# stopped_by: seccomp
/* A child in a namespace of its own would have all capabilities there. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *
said(unsigned long flags)
{
    long  rc = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

    if (rc == 0) {
        _exit(0);
    }

    return rc == -1 ? strerrorname_np(errno) : "ESCAPED";
}

int
main(void)
{
    unsigned  i;
    struct {
        unsigned long long  words[11];
    } args = { { CLONE_NEWUSER, 0, 0, 0, SIGCHLD } };

    static const unsigned long  flags[] = {
        CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWIPC,
        CLONE_NEWUTS, CLONE_NEWCGROUP, 1UL << 32 | CLONE_NEWUSER
    };

    for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        printf("%s ", said(flags[i]));
        fflush(stdout);
    }

    if (syscall(SYS_clone3, &args, sizeof(args)) == 0) {
        _exit(0);
    }

    printf("%s\n", strerrorname_np(errno));
    return 0;
}
