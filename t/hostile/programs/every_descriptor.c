# expect: {"status": "failed", "stdout": "0 others\n", "stderr": "", "exit_code": 9}
# stopped_by: descriptors
/* What looks like a claim, to whatever is open beside the three streams. */
#include <stdio.h>
#include <unistd.h>

int
main(void)
{
    int         fd, others = 0;
    const char  claim[] = "\x0a\0\0\0\0\0\0\0\x12\0\0\0"
                          "\0\0\0\0\0\0\0\0\0\0";

    for (fd = 3; fd < 256; fd++) {
        others += write(fd, claim, sizeof(claim) - 1) != -1;
    }

    others += write(0, claim, sizeof(claim) - 1) != -1;

    printf("%d others\n", others);
    return 9;
}
