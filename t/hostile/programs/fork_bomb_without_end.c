# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": ""}
# timeout: 2
# bounded_by: their number, and the end of the pid namespace
/* All of them fork, and heed no signal. */
#include <signal.h>
#include <unistd.h>

int
main(void)
{
    int  signo;

    for (signo = 1; signo < 65; signo++) {
        signal(signo, SIG_IGN);
    }

    for (;;) {
        fork();
    }
}
