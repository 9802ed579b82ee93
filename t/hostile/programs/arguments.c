# expect: {"status": "completed", "stdout": "E2BIG\n", "exit_code": 0}
# bounded_by: the kernel allows a quarter of the stack
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
main(void)
{
    int    i;
    char  *argv[600], *none[] = { NULL };

    for (i = 0; i < 599; i++) {
        argv[i] = malloc(100000);
        memset(argv[i], 'x', 99999);
        argv[i][99999] = '\0';
    }

    argv[599] = NULL;
    execve("/tmp/program", argv, none);
    puts(strerrorname_np(errno));
    return 0;
}
