# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": ""}
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
/* A parent that waits in the kernel for a child that never goes. */
#include <unistd.h>

int
main(void)
{
    if (vfork() == 0) {
        for (;;) {
            pause();
        }
    }

    return 0;
}
