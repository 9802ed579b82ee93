# expect: {"status": "failed", "stdout": "", "exit_code": 7}
# bounded_by: what tells its end is none of its own
#include <stdio.h>
#include <unistd.h>

int
main(void)
{
    int  fd;

    for (fd = 0; fd < 1024; fd++) {
        close(fd);
    }

    puts("nobody hears it");
    return 7;
}
