# expect: {"status": "completed", "stdout": "3000 and their orphans\n", "exit_code": 0}
# bounded_by: the cell's init reaps what nobody else does
/* Were they not reaped, their numbers would be used up soon. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
    int  n, tries;

    for (n = tries = 0; n < 3000 && tries < 100000; tries++) {
        pid_t  pid = fork();

        if (pid == 0) {
            fork();
            _exit(0);
        }

        if (pid == -1) {
            usleep(100);
            continue;
        }

        waitpid(pid, NULL, 0);
        n++;
    }

    printf("%d and their orphans\n", n);
    return 0;
}
