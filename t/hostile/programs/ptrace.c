# expect: {"status": "completed", "stdout": "EPERM EPERM EPERM EPERM EPERM EPERM EPERM\n", "exit_code": 0}
# stopped_by: seccomp
/* Its init, which is not dumpable, and its child, which is. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *
said(long rc)
{
    return rc == -1 ? strerrorname_np(errno) : "ESCAPED";
}

int
main(void)
{
    char          word[8];
    pid_t         child = fork();
    struct iovec  local = { word, 8 }, remote = { word, 8 };

    if (child == 0) {
        for (;;) {
            pause();
        }
    }

    printf("%s ", said(ptrace(PTRACE_ATTACH, 1, 0, 0)));
    printf("%s ", said(ptrace(PTRACE_SEIZE, child, 0, 0)));
    printf("%s ", said(ptrace(PTRACE_TRACEME, 0, 0, 0)));
    printf("%s ", said(process_vm_readv(1, &local, 1, &remote, 1, 0)));
    printf("%s ", said(process_vm_writev(child, &local, 1, &remote, 1, 0)));
    printf("%s ", said(syscall(SYS_pidfd_open, 1, 0)));
    printf("%s\n", said(syscall(SYS_kcmp, 1, child, 1, 0, 0)));
    return 0;
}
