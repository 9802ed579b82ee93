# expect: {"status": "failed", "signal": "SIGSYS", "stdout": "before\n"}
# stopped_by: seccomp
/* A call of the other architecture that the processor has. */
#include <stdio.h>
#include <unistd.h>

int
main(void)
{
    puts("before");
    fflush(stdout);
#if defined(__x86_64__)
    {
        long  rc;

        __asm__ volatile ("int $0x80" : "=a" (rc) : "a" (20L)
                          : "memory", "r8", "r9", "r10", "r11");
    }
#endif
    puts("ESCAPED");
    return 0;
}
