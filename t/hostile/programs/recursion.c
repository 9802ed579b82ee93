# expect: {"status": "failed", "signal": "SIGSEGV", "stdout": "begun\n"}
# stopped_by: rlimits
#include <stdio.h>

static int
deeper(volatile char *above)
{
    volatile char  here[4096];

    here[0] = above[0] + 1;

    return deeper(here) + here[0];
}

int
main(void)
{
    char  top[1] = { 0 };

    puts("begun");
    fflush(stdout);
    return deeper(top);
}
