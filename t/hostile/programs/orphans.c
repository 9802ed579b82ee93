# expect: {"status": "completed", "stdout": "3000 and their orphans\n", "exit_code": 0}
# bounded_by: the cell's init reaps what nobody else does
/* Were they not reaped, their numbers would be used up soon. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
    int    n, tries, status;
    pid_t  pid;

    for (n = tries = 0; n < 3000 && tries < 30000; tries++) {
        pid = fork();

        if (pid == 0) {
            _exit(fork() == -1);
        }

        if (pid == -1 || waitpid(pid, &status, 0) != pid || status != 0) {
            usleep(100);
            continue;
        }

        n++;
    }

    printf("%d and their orphans\n", n);
    return 0;
}
