# expect: {"status": "completed", "stdout": "EAGAIN at most 64\n", "exit_code": 0}
# stopped_by: cgroup-pids rlimits
/* Children that have ended and are not waited for. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
main(void)
{
    int    n;
    pid_t  pid;

    for (n = 0; n < 2000; n++) {
        pid = fork();

        if (pid == 0) {
            _exit(0);
        }

        if (pid == -1) {
            break;
        }
    }

    printf("%s %s\n", strerrorname_np(errno),
           n <= 64 ? "at most 64" : "ESCAPED");
    return 0;
}
