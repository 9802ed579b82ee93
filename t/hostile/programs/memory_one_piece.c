# expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
# memory_mb: 64
# stopped_by: cgroup-memory
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int
main(void)
{
    size_t  size = 1UL << 30;
    char   *p = mmap(NULL, size, PROT_READ|PROT_WRITE,
                     MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0);

    puts("begun");
    fflush(stdout);

    if (p != MAP_FAILED) {
        memset(p, 1, size);
        puts("ESCAPED");
    }

    return 0;
}
