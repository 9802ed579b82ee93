
/*
 * Gives the inputs that are kept to a target, each once: files, and all files
 * of folders.  It needs no libFuzzer, so that any compiler with sanitizers
 * can tell whether a finding has come back.
 */


#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"


static unsigned  ran;


static void __attribute__((noreturn))
fail(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(1);
}


static void
run_file(const char *path, size_t size)
{
    FILE     *f;
    uint8_t  *data;

    /* No byte more than there are: a sanitizer sees who reads on. */

    data = malloc(size);
    f = fopen(path, "re");

    if (data == NULL || f == NULL || fread(data, 1, size, f) != size) {
        fail(path);
    }

    fclose(f);

    /* When it crashes this is the last line. */

    fprintf(stderr, "%s\n", path);

    (void) LLVMFuzzerTestOneInput(data, size);

    free(data);
    ran++;
}


static void
run(const char *path)
{
    int               i, n;
    char              sub[4096];
    struct stat       st;
    struct dirent   **list;

    if (stat(path, &st) == -1) {
        fail(path);
    }

    if (!S_ISDIR(st.st_mode)) {
        run_file(path, st.st_size);
        return;
    }

    n = scandir(path, &list, NULL, alphasort);

    if (n == -1) {
        fail(path);
    }

    for (i = 0; i < n; i++) {

        if (list[i]->d_name[0] != '.') {
            snprintf(sub, sizeof(sub), "%s/%s", path, list[i]->d_name);
            run(sub);
        }

        free(list[i]);
    }

    free(list);
}


int
main(int argc, char **argv)
{
    int  i;

    for (i = 1; i < argc; i++) {
        run(argv[i]);
    }

    if (ran == 0) {
        fprintf(stderr, "%s: there is no input\n", argv[0]);
        return 1;
    }

    printf("%s: %u inputs\n", argv[0], ran);

    return 0;
}
