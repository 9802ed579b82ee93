# expect: {"status": "completed", "stdout": "16 times EMFILE at most 256\n", "exit_code": 0}
# stopped_by: rlimits
/* In each of several processes, full pipes among them. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int
open_all(void)
{
    int   fds[2], n;
    char  page[4096];

    memset(page, 'x', sizeof(page));

    for (n = 0; n < 1000 && pipe2(fds, O_NONBLOCK) == 0; n++) {
        while (write(fds[1], page, sizeof(page)) > 0) {
            /* void */
        }
    }

    return errno == EMFILE && n <= 128 ? 7 : 8;
}

int
main(void)
{
    int  n, status, bounded = 0;

    for (n = 0; n < 16; n++) {
        if (fork() == 0) {
            _exit(open_all());
        }

        if (wait(&status) > 0 && WIFEXITED(status)) {
            bounded += WEXITSTATUS(status) == 7;
        }
    }

    printf("%d times EMFILE at most 256\n", bounded);
    return 0;
}
