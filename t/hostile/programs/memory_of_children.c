# expect: {"status": "completed", "stdout": "killed\n", "exit_code": 0}
# memory_mb: 64
# stopped_by: cgroup-memory
/* Each within bounds, together they are not. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
    int  n, status, killed = 0;

    for (n = 0; n < 16; n++) {
        if (fork() == 0) {
            volatile char *p = malloc(40 << 20);

            for (n = 0; n < 40 << 20; n += 4096) {
                p[n] = 1;
            }

            sleep(1);
            _exit(0);
        }
    }

    while (wait(&status) > 0) {
        killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    }

    puts(killed ? "killed" : "ESCAPED");
    return 0;
}
