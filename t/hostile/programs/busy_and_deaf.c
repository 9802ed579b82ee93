# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": ""}
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
/* 32 processes that heed nothing, in sessions of their own. */
#include <signal.h>
#include <unistd.h>

int
main(void)
{
    int       n;
    sigset_t  all;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);

    for (n = 0; n < 31; n++) {
        if (fork() == 0) {
            setsid();
            break;
        }
    }

    for (;;) {
        /* void */
    }
}
