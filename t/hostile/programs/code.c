# expect: {"status": "completed", "stdout": "42\nEPERM\n", "exit_code": 0}
# stopped_by: seccomp
/* Code that it makes runs, as that of compilers at run time must; pages of the
 * machine's pool do not come with it. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int
main(void)
{
    int  (*answer)(void);

#if defined(__x86_64__)
    const unsigned char  code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
#else
    const unsigned int   code[] = { 0x52800540, 0xd65f03c0 };
#endif

    void  *p = mmap(NULL, 4096, PROT_READ|PROT_WRITE,
                    MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);

    memcpy(p, code, sizeof(code));
    mprotect(p, 4096, PROT_READ|PROT_EXEC);
    __builtin___clear_cache(p, (char *) p + 4096);
    answer = (int (*)(void)) p;
    printf("%d\n", answer());

    p = mmap(NULL, 2 << 20, PROT_READ|PROT_WRITE|PROT_EXEC,
             MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB, -1, 0);
    puts(p == MAP_FAILED ? strerrorname_np(errno) : "ESCAPED");
    return 0;
}
