# expect: {"status": "completed", "stdout": "gone\n", "exit_code": 0}
# bounded_by: what a program leaves behind ends with it
/* Of another session, with nothing open, deaf, and children of its own. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int
main(void)
{
    int  fd, signo;

    if (fork() == 0) {
        setsid();

        for (signo = 1; signo < 65; signo++) {
            signal(signo, SIG_IGN);
        }

        for (fd = 0; fd < 256; fd++) {
            close(fd);
        }

        for (;;) {
            if (fork() == 0) {
                fd = open("/tmp/alive", O_WRONLY|O_CREAT|O_TRUNC, 0600);
                usleep(1000);
                _exit(0);
            }

            usleep(1000);
        }
    }

    usleep(50000);
    puts("gone");
    return 0;
}
