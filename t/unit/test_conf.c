
/*
 * sandbox.conf, and reading the helper's files: which are refused, to whom,
 * and in which words.
 */


#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "cr_profile.h"


#define BASE  "program = zygote-python\ntree = /usr/lib\n"


static cr_profile_t  profile;
static cr_conf_t     conf;
static char          error[256];


static void
forget(void)
{
    unsigned  i;

    free(profile.language);
    free(profile.program);
    free(profile.options);

    for (i = 0; i < profile.ntree; i++) {
        free(profile.tree[i]);
    }

    for (i = 0; i < conf.nclients; i++) {
        free(conf.clients[i]);
    }

    memset(&profile, 0, sizeof(profile));
    memset(&conf, 0, sizeof(conf));
}


static int
teardown(void **state)
{
    (void) state;

    forget();

    return 0;
}


static int
parse_conf(const char *text)
{
    forget();

    return cr_conf_parse(&conf, text, strlen(text), error, sizeof(error));
}


static void
test_conf(void **state)
{
    (void) state;

    assert_int_equal(parse_conf(""), 0);
    assert_int_equal(conf.nclients, 0);
    assert_int_equal(conf.memory_percent, 75);
    assert_int_equal(conf.cpu_weight, 10);
    assert_int_equal(conf.rootless, 0);
    assert_int_equal(conf.queue, 4096);

    assert_int_equal(parse_conf("clients = www-data 1000 _x\n"
                                "memory_percent = 50\nrootless = on\n"
                                "cpu_weight = 10000\n"
                                "queue = 1"), 0);
    assert_int_equal(conf.nclients, 3);
    assert_string_equal(conf.clients[1], "1000");
    assert_int_equal(conf.memory_percent, 50);
    assert_int_equal(conf.cpu_weight, 10000);
    assert_int_equal(conf.rootless, 1);
    assert_int_equal(conf.queue, 1);

    assert_int_equal(parse_conf("memory_percent = 0"), -1);
    assert_int_equal(parse_conf("memory_percent = 96"), -1);
    assert_int_equal(parse_conf("cpu_weight = 0"), -1);
    assert_int_equal(parse_conf("cpu_weight = 10001"), -1);
    assert_int_equal(parse_conf("queue = 0"), -1);
    assert_int_equal(parse_conf("queue = 65537"), -1);
    assert_int_equal(parse_conf("clients = a:b"), -1);
    assert_int_equal(parse_conf("clients = -1"), -1);
    assert_int_equal(parse_conf("clients = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 "
                                "15 16 17"), -1);
    assert_int_equal(parse_conf("option.a = b"), -1);
    assert_int_equal(parse_conf("slots = 1"), -1);
}


/* What the kernel says of a peer that it knows nothing of must match none. */

static void
test_conf_uids(void **state)
{
    (void) state;

    assert_int_equal(parse_conf("clients = 0 33 4294967294"), 0);
    assert_int_equal(parse_conf("clients = 4294967295"), -1);
    assert_string_equal(error, "line 1: \"clients\" has a uid that is too "
                        "large: \"4294967295\"");
    assert_int_equal(parse_conf("clients = 4294967296"), -1);
    assert_int_equal(parse_conf("clients = 99999999999999999999999"), -1);
}


/* Every beginning of a good file: parsed or refused, never anything else. */

static void
test_conf_truncated(void **state)
{
    char        *exact;
    size_t       len;
    const char  *text;

    (void) state;

    text = "# c\nclients = www-data \\\n 1000\nmemory_percent = 75\n"
           "rootless = off\nqueue = 65536\n\\";

    for (len = 0; len <= strlen(text); len++) {
        exact = malloc(len ? len : 1);
        assert_non_null(exact);
        memcpy(exact, text, len);

        forget();
        strcpy(error, "untouched");

        if (cr_conf_parse(&conf, exact, len, error, sizeof(error)) == -1) {
            assert_string_not_equal(error, "untouched");
        }

        free(exact);
    }
}


/* Files, in a folder of this test's own. */

static char  folder[64], path[128];
static char  content[CR_CONF_SIZE];


static int
files_setup(void **state)
{
    (void) state;

    strcpy(folder, "/tmp/test_profile.XXXXXX");

    return mkdtemp(folder) == NULL ? -1 : 0;
}


static int
files_teardown(void **state)
{
    char  command[128];

    (void) state;

    forget();

    (void) snprintf(command, sizeof(command), "rm -rf %s", folder);

    return system(command);
}


static void
file(const char *name, const char *text, size_t len, mode_t mode)
{
    FILE  *f;

    (void) snprintf(path, sizeof(path), "%s/%s", folder, name);

    f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
}


static void
unreadable(const char *words, int privileged)
{
    assert_int_equal(cr_conf_read(path, content, privileged, error,
                                  sizeof(error)), -1);

    if (strstr(error, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error, words);
    }
}


static void
test_read(void **state)
{
    char  *big;

    (void) state;

    file("a.conf", "queue = 1\n", 10, 0644);
    assert_int_equal(cr_conf_read(path, content, 0, error, sizeof(error)), 10);
    assert_memory_equal(content, "queue = 1\n", 10);

    file("empty.conf", "", 0, 0644);
    assert_int_equal(cr_conf_read(path, content, 0, error, sizeof(error)), 0);

    big = calloc(1, CR_CONF_SIZE + 1);
    assert_non_null(big);
    file("big.conf", big, CR_CONF_SIZE, 0644);
    assert_int_equal(cr_conf_read(path, content, 0, error, sizeof(error)),
                     CR_CONF_SIZE);
    file("big.conf", big, CR_CONF_SIZE + 1, 0644);
    unreadable("longer than", 0);
    free(big);

    (void) snprintf(path, sizeof(path), "%s/none.conf", folder);
    unreadable("No such file", 0);

    (void) snprintf(path, sizeof(path), "%s/link.conf", folder);
    assert_int_equal(symlink("a.conf", path), 0);
    unreadable("it is a link", 0);

    (void) snprintf(path, sizeof(path), "%s/folder.conf", folder);
    assert_int_equal(mkdir(path, 0755), 0);
    unreadable("not a regular file", 0);

    (void) snprintf(path, sizeof(path), "%s/pipe.conf", folder);
    assert_int_equal(mkfifo(path, 0644), 0);
    unreadable("not a regular file", 0);
}


static void
test_read_privileged(void **state)
{
    (void) state;

    if (geteuid() != 0) {
        print_message("only root can own files as root\n");
        skip();
    }

    file("a.conf", "queue = 1\n", 10, 0644);
    assert_int_equal(cr_conf_read(path, content, 1, error, sizeof(error)), 10);

    assert_int_equal(chmod(path, 0664), 0);
    unreadable("must belong to root", 1);
    assert_int_equal(chmod(path, 0646), 0);
    unreadable("must belong to root", 1);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(chown(path, 1, 0), 0);
    unreadable("must belong to root", 1);
    assert_int_equal(chown(path, 0, 0), 0);

    assert_int_equal(chmod(folder, 0777), 0);
    unreadable("must belong to root", 1);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(chown(folder, 1, 0), 0);
    unreadable("must belong to root", 1);
    assert_int_equal(chown(folder, 0, 0), 0);
    assert_int_equal(cr_conf_read(path, content, 1, error, sizeof(error)), 10);
}


static void
refused_program(int privileged, const char *why)
{
    strcpy(error, "untouched");

    assert_int_equal(cr_conf_program(path, privileged, error, sizeof(error)),
                     -1);
    assert_non_null(strstr(error, why));
}


static void
test_program(void **state)
{
    int  fd;

    (void) state;

    if (geteuid() != 0) {
        print_message("only root can own files as root\n");
        skip();
    }

    file("program", "x", 1, 0755);

    fd = cr_conf_program(path, 1, error, sizeof(error));
    assert_int_not_equal(fd, -1);
    close(fd);

    assert_int_equal(chmod(path, 0644), 0);
    refused_program(1, "it is not a program");

    assert_int_equal(chmod(path, 0775), 0);
    refused_program(1, "writable by root alone");
    assert_int_equal(chmod(path, 0755), 0);

    assert_int_equal(chown(path, 1, 0), 0);
    refused_program(1, "must belong to root");

    fd = cr_conf_program(path, 0, error, sizeof(error));
    assert_int_not_equal(fd, -1);
    close(fd);

    assert_int_equal(unlink(path), 0);
    refused_program(1, "No such file");

    assert_int_equal(symlink("/bin/true", path), 0);
    refused_program(1, "it is a link");
    refused_program(0, "it is a link");
    assert_int_equal(unlink(path), 0);

    assert_int_equal(mkdir(path, 0755), 0);
    refused_program(1, "it is not a program");
    assert_int_equal(rmdir(path), 0);
}


static void
test_load(void **state)
{
    unsigned      i, n;
    cr_profile_t  profiles[3];

    (void) state;

    assert_int_equal(cr_profiles_load(folder, profiles, 3, 0, error,
                                      sizeof(error)), 0);

    file("python.conf", BASE, strlen(BASE), 0644);
    file("bash.conf", BASE, strlen(BASE), 0644);
    file("notes.txt", "x", 1, 0644);
    file(".conf", "x", 1, 0644);
    file(".python.conf", "x", 1, 0644);
    file("old.conf~", "x", 1, 0644);

    n = cr_profiles_load(folder, profiles, 3, 0, error, sizeof(error));
    assert_int_equal(n, 2);
    assert_string_equal(profiles[0].name, "bash");
    assert_string_equal(profiles[1].name, "python");

    for (i = 0; i < n; i++) {
        profile = profiles[i];
        forget();
    }

    assert_int_equal(cr_profiles_load(folder, profiles, 1, 0, error,
                                      sizeof(error)), -1);
    assert_non_null(strstr(error, "more than 1 profiles"));

    file("bash.conf", "x", 1, 0644);
    assert_int_equal(cr_profiles_load(folder, profiles, 3, 0, error,
                                      sizeof(error)), -1);
    assert_non_null(strstr(error, "bash.conf: line 1: "));

    assert_int_equal(cr_profiles_load("/nonexistent", profiles, 3, 0, error,
                                      sizeof(error)), -1);
    assert_non_null(strstr(error, "No such file"));
}


/* The files that are shipped, read from the top of the tree. */

static void
test_shipped(void **state)
{
    int           n;
    ssize_t       len;
    cr_profile_t  profiles[CR_PROFILES_MAX];

    (void) state;

    if (access("conf/runtimes.d", F_OK) == -1) {
        print_message("not started from the top of the tree\n");
        skip();
    }

    len = cr_conf_read("conf/sandbox.conf", content, 0, error, sizeof(error));
    assert_true(len > 0);

    if (cr_conf_parse(&conf, content, len, error, sizeof(error)) == -1) {
        fail_msg("%s", error);
    }

    n = cr_profiles_load("conf/runtimes.d", profiles, CR_PROFILES_MAX, 0,
                         error, sizeof(error));
    if (n == -1) {
        fail_msg("%s", error);
    }

    assert_true(n >= 2);

    while (n--) {
        profile = profiles[n];
        forget();
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_teardown(test_conf, teardown),
        cmocka_unit_test_teardown(test_conf_uids, teardown),
        cmocka_unit_test_teardown(test_conf_truncated, teardown),
        cmocka_unit_test_setup_teardown(test_read, files_setup,
                                        files_teardown),
        cmocka_unit_test_setup_teardown(test_read_privileged, files_setup,
                                        files_teardown),
        cmocka_unit_test_setup_teardown(test_program, files_setup,
                                        files_teardown),
        cmocka_unit_test_setup_teardown(test_load, files_setup,
                                        files_teardown),
        cmocka_unit_test_teardown(test_shipped, teardown)
    };

    return cmocka_run_group_tests_name("sandbox.conf and files", tests, NULL,
                                       NULL);
}
