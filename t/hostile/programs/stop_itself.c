# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": ""}
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
#include <signal.h>

int
main(void)
{
    kill(-1, SIGSTOP);
    raise(SIGSTOP);
    return 0;
}
