# expect: {"status": "failed", "signal": "SIGABRT", "stdout": "EPERM\nno core\n"}
# stopped_by: seccomp
/* With a core limit of 0 the machine's program for cores would be started. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
    int            status;
    struct rlimit  none = { 0, 0 };

    puts(setrlimit(RLIMIT_CORE, &none) == 0 ? "ESCAPED"
                                            : strerrorname_np(errno));
    fflush(stdout);

    if (fork() == 0) {
        abort();
    }

    wait(&status);
    puts(WCOREDUMP(status) || access("core", F_OK) == 0 ? "ESCAPED"
                                                        : "no core");
    fflush(stdout);
    abort();
}
