# expect: {"status": "completed", "stdout": "it lives\n", "exit_code": 3, "status": "failed"}
# bounded_by: an init gets no signal that it has no handler for, and heeds those of the supervisor alone
/* The cell's first process, which tells the supervisor how this one ended. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int
main(void)
{
    int  i, signo;

    for (i = 0; i < 100; i++) {
        for (signo = 1; signo < 65; signo++) {
            kill(1, signo);
        }
    }

    usleep(100000);
    puts(kill(1, 0) == 0 ? "it lives" : "ESCAPED");
    return 3;
}
