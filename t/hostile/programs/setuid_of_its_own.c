# expect: {"status": "completed", "stdout": "6755 the same\n", "exit_code": 0}
# stopped_by: tmp no_new_privs ids
/* /tmp can be executed here: a setuid program in it gains nothing. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
    struct stat  st;

    if (argc > 1) {
        puts(geteuid() == getuid() && getegid() == getgid() && getuid() != 0
             ? "the same" : "ESCAPED");
        return 0;
    }

    chmod(argv[0], 06755);
    stat(argv[0], &st);
    printf("%o ", st.st_mode & 07777);
    fflush(stdout);
    execl(argv[0], argv[0], "again", (char *) NULL);
    return 1;
}
