# expect: {"status": "completed", "stdout_like": "^input\\none two\\n1 2\\nprogram\\n0 1 2\\n077 256 1\\nmemory is clean\\ntoken [0-9a-f]{32}\\n$", "stderr": "", "exit_code": 0}
# stdin: "input\n"
# args: ["one two"]
/* What a program finds that comes after a hostile one. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
    int             i, dirty;
    DIR            *dir;
    FILE           *random;
    char            line[64], *page;
    struct stat     st;
    struct rlimit   files, core;
    struct dirent  *entry;

    printf("%s%s\n1", fgets(line, sizeof(line), stdin),
           argc == 2 ? argv[1] : "");

    for (i = 2; i < 300; i++) {
        if (kill(i, 0) == 0) {
            printf(" %d", i);
        }
    }

    puts("");
    dir = opendir("/tmp");

    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            puts(entry->d_name);
        }
    }

    closedir(dir);

    for (i = 0; i < 256; i++) {
        if (fstat(i, &st) == 0) {
            printf(i ? " %d" : "%d", i);
        }
    }

    getrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_CORE, &core);
    printf("\n0%o %d %d\n", umask(077), (int) files.rlim_max,
           (int) core.rlim_max);

    page = malloc(16 << 20);
    dirty = 0;

    for (i = 0; i < 16 << 20; i++) {
        dirty |= page[i];
    }

    puts(dirty ? "memory is not" : "memory is clean");
    random = fopen("/dev/urandom", "r");
    printf("token ");

    for (i = 0; i < 16; i++) {
        printf("%02x", getc(random));
    }

    puts("");
    return 0;
}
