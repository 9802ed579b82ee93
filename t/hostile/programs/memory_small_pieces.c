# expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
# memory_mb: 64
# stopped_by: cgroup-memory
/* 16 GB at most. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main(void)
{
    long  n;

    puts("begun");
    fflush(stdout);

    for (n = 0; n < 1L << 24; n++) {
        void *volatile  p = malloc(1000);

        if (p) {
            memset(p, 1, 1000);
        }
    }

    puts("ESCAPED");
    return 0;
}
