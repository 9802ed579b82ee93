
/*
 * The parser of profiles and of sandbox.conf: what it takes, what it refuses
 * and in which words, and that no bytes whatever lead it astray.  Texts are
 * copied to memory of their exact size, so that a read past it is seen by
 * valgrind and ASan.
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
parse_bytes(const char *text, size_t len)
{
    int    rc;
    char  *exact;

    forget();
    strcpy(error, "untouched");

    exact = malloc(len ? len : 1);
    assert_non_null(exact);
    memcpy(exact, text, len);

    rc = cr_profile_parse(&profile, "python", exact, len, error,
                          sizeof(error));
    free(exact);

    return rc;
}


static int
parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}


static void
refused(const char *text, const char *words)
{
    assert_int_equal(parse(text), -1);

    if (strstr(error, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error, words);
    }
}


static void
test_defaults(void **state)
{
    (void) state;

    assert_int_equal(parse(BASE), 0);
    assert_string_equal(profile.name, "python");
    assert_string_equal(profile.language, "python");
    assert_string_equal(profile.program, "zygote-python");
    assert_int_equal(profile.slots, 0);
    assert_int_equal(profile.timeout_ms, 300000);
    assert_int_equal(profile.memory, 1 << 30);
    assert_int_equal(profile.processes, 64);
    assert_int_equal(profile.write, 0);
    assert_int_equal(profile.threads, 0);
    assert_int_equal(profile.args, 0);
    assert_int_equal(profile.policy, 0);
    assert_int_equal(profile.debug, 0);
    assert_int_equal(profile.renew, 3600);
    assert_int_equal(profile.ntree, 1);
    assert_null(profile.options);
    assert_int_equal(profile.options_size, 0);
}


static void
test_every_key(void **state)
{
    static const char  options[] = "imports\0json math\0empty\0";

    (void) state;

    assert_int_equal(parse("# a comment\n"
                           "language = Python 3\n"
                           "  program=zygote-python   # found beside us\n"
                           "\tslots\t=\t240\n"
                           "timeout = 500ms\n"
                           "memory = 256M\n"
                           "processes = 4096\n"
                           "write = 16m\n"
                           "threads = on\n"
                           "args = on\n"
                           "policy = off\n"
                           "debug = on\n"
                           "renew = 2h\n"
                           "\n"
                           "tree = /usr/lib \\\n"
                           "    -/opt/x.y \\\n"
                           "    /etc/localtime\n"
                           "option.imports = json math\n"
                           "option.empty =\n"), 0);

    assert_string_equal(profile.language, "Python 3");
    assert_string_equal(profile.program, "zygote-python");
    assert_int_equal(profile.slots, 240);
    assert_int_equal(profile.timeout_ms, 500);
    assert_int_equal(profile.memory, 256 << 20);
    assert_int_equal(profile.processes, 4096);
    assert_int_equal(profile.write, 16 << 20);
    assert_int_equal(profile.threads, 1);
    assert_int_equal(profile.args, 1);
    assert_int_equal(profile.policy, 0);
    assert_int_equal(profile.debug, 1);
    assert_int_equal(profile.renew, 7200);
    assert_int_equal(profile.ntree, 3);
    assert_string_equal(profile.tree[0], "/usr/lib");
    assert_string_equal(profile.tree[1], "-/opt/x.y");
    assert_string_equal(profile.tree[2], "/etc/localtime");
    assert_int_equal(profile.options_size, sizeof(options) - 1 + 1);
    assert_memory_equal(profile.options, options, sizeof(options) - 1);
}


static void
test_numbers(void **state)
{
    (void) state;

    assert_int_equal(parse(BASE "timeout = 24h"), 0);
    assert_int_equal(profile.timeout_ms, 24 * 3600 * 1000);
    assert_int_equal(parse(BASE "memory = 1024G"), 0);
    assert_int_equal(profile.memory, 1024LL << 30);
    assert_int_equal(parse(BASE "renew = 0"), 0);
    assert_int_equal(profile.renew, 0);
    assert_int_equal(parse(BASE "memory = 16777216"), 0);

    refused(BASE "timeout = 0s", "bounds");
    refused(BASE "timeout = 25h", "bounds");
    refused(BASE "timeout = 30", "such as 30s");
    refused(BASE "timeout = s", "such as 30s");
    refused(BASE "timeout = -1s", "such as 30s");
    refused(BASE "timeout = 99999999999999999999s", "such as 30s");
    refused(BASE "timeout = 1844674407370955159h", "bounds");
    refused(BASE "memory = 1M", "bounds");
    refused(BASE "memory = 1025G", "bounds");
    refused(BASE "memory = 17179869184G", "bounds");
    refused(BASE "memory = 256MB", "such as 256M");
    refused(BASE "memory = 0x10000000", "such as 256M");
    refused(BASE "slots = 241", "bounds");
    refused(BASE "slots = 4.5", "whole number");
    refused(BASE "slots = +4", "whole number");
    refused(BASE "processes = 0", "bounds");
    refused(BASE "write = 1K", "write 0");
    refused(BASE "renew = 1500ms", "whole seconds");
    refused(BASE "threads = yes", "neither on nor off");
    refused(BASE "args = 1", "neither on nor off");
}


static void
test_keys_are_known_and_single(void **state)
{
    (void) state;

    refused(BASE "colour = red", "line 3: \"colour\" is not a known key");
    refused(BASE "Threads = on", "not a known key");
    refused(BASE "slots = 1\nslots = 1", "line 4: \"slots\" is there twice");
    refused(BASE "option.a = 1\noption.b = 2\noption.a = 3",
            "line 5: \"option.a\" is there twice");
    refused(BASE "slots", "\"=\" is missing");
    refused(BASE " = 4", "the key before");
    refused(BASE "slots = ", "no value");
    refused(BASE "slots = # 4", "no value");
    refused(BASE "option. = x", "\"option.\" goes on with");
    refused(BASE "option.a b = x", "\"option.\" goes on with");
    refused("tree = /usr", "\"program\" is missing");
    refused("program = zygote", "\"tree\" is missing");
    refused("", "missing");

    /* The number is that of the line that a joined one begins with. */

    refused("tree = /usr \\\n/opt \\\n/srv\nprogram = p\nx = 1", "line 5:");
}


static void
test_names_and_paths(void **state)
{
    (void) state;

    refused("program = ../sh\ntree = /usr", "plain name");
    refused("program = /bin/sh\ntree = /usr", "plain name");
    refused("program = a b\ntree = /usr", "plain name");
    refused("program = .hidden\ntree = /usr", "plain name");
    refused("program = z\ntree = usr", "absolute");
    refused("program = z\ntree = /", "absolute");
    refused("program = z\ntree = -", "absolute");
    refused("program = z\ntree = --/usr", "absolute");
    refused("program = z\ntree = /usr/../etc", "plain paths");
    refused("program = z\ntree = /usr/..", "plain paths");
    refused("program = z\ntree = /usr/./lib", "plain paths");
    refused("program = z\ntree = /usr//lib", "plain paths");
    refused("program = z\ntree = /usr/", "plain paths");
    refused("program = z\ntree = /proc", "cannot show");
    refused("program = z\ntree = -/sys/fs", "cannot show");
    refused("program = z\ntree = /dev/sda", "cannot show");
    refused("program = z\ntree = /tmp", "cannot show");
    assert_int_equal(parse("program = z\ntree = /process /usr/..x /a/.b"), 0);
    forget();

    assert_int_equal(cr_profile_parse(&profile, "", BASE, strlen(BASE), error,
                                      sizeof(error)), -1);
    assert_int_equal(cr_profile_parse(&profile, "../x", BASE, strlen(BASE),
                                      error, sizeof(error)), -1);
    assert_int_equal(cr_profile_parse(&profile, "-x", BASE, strlen(BASE),
                                      error, sizeof(error)), -1);
    assert_int_equal(cr_profile_parse(&profile,
                                      "123456789012345678901234567890123",
                                      BASE, strlen(BASE), error,
                                      sizeof(error)), -1);
}


static void
test_bytes_that_are_no_text(void **state)
{
    char    byte[sizeof(BASE) + 16];
    int     i;
    size_t  len;

    (void) state;

    for (i = 0; i < 256; i++) {
        len = sprintf(byte, BASE "language = a");
        byte[len++] = i;
        byte[len++] = 'b';
        byte[len++] = '\n';

        if ((i < ' ' && i != '\t' && i != '\n') || i == 0x7f) {
            assert_int_equal(parse_bytes(byte, len), -1);
            assert_non_null(strstr(error, "line 3: a control character"));

        } else if (i == '\n') {
            assert_int_equal(parse_bytes(byte, len), -1);

        } else {
            assert_int_equal(parse_bytes(byte, len), 0);
        }
    }
}


static void
test_too_much(void **state)
{
    char      *text;
    size_t     len;
    unsigned   i;

    (void) state;

    text = malloc(CR_CONF_SIZE + 2);
    assert_non_null(text);

    memset(text, '#', CR_CONF_SIZE + 1);
    assert_int_equal(parse_bytes(text, CR_CONF_SIZE + 1), -1);
    assert_non_null(strstr(error, "longer than"));

    /* As long as may be, in one line. */

    memcpy(text, BASE "option.x = ", strlen(BASE "option.x = "));
    memset(text + strlen(BASE "option.x = "), 'x',
           CR_CONF_SIZE - strlen(BASE "option.x = "));
    assert_int_equal(parse_bytes(text, CR_CONF_SIZE), 0);
    assert_int_equal(profile.options_size,
                     CR_CONF_SIZE - strlen(BASE "option.x = ") + 3);

    /* A key that is longer than any message. */

    memset(text, 'k', 4096);
    memcpy(text + 4096, " = 1", 5);
    refused(text, "not a known key");

    len = sprintf(text, "program = z\ntree =");

    for (i = 0; i < CR_TREE_MAX; i++) {
        len += sprintf(text + len, " /a%u", i);
    }

    assert_int_equal(parse_bytes(text, len), 0);
    assert_int_equal(profile.ntree, CR_TREE_MAX);

    sprintf(text + len, " /z");
    refused(text, "more than 128 entries");

    len = sprintf(text, BASE "language = ");
    memset(text + len, 'a', 65);
    text[len + 65] = '\0';
    refused(text, "longer than 64 bytes");

    len = sprintf(text, "program = z\ntree = /");
    memset(text + len, 'a', 1024);
    text[len + 1024] = '\0';
    refused(text, "absolute paths");

    free(text);
}


/* Every beginning of a good file: parsed or refused, never anything else. */

static void
test_truncated(void **state)
{
    size_t       len;
    const char  *text;

    (void) state;

    text = BASE "language = Python # x\nslots = 16\ntimeout = 30s\n"
           "memory = 256M\nthreads = on\noption.a = b \\\n c\n\\\n\\";

    for (len = 0; len <= strlen(text); len++) {

        if (parse_bytes(text, len) == -1) {
            assert_string_not_equal(error, "untouched");
        }
    }
}


/* Not random, or a failure could not be seen twice. */

static void
test_garbage(void **state)
{
    char      text[512];
    size_t    i, len;
    uint32_t  seed;
    unsigned  round;

    static const char  bytes[] = "\n\n==##\\\\  \t.-/09azMsk\"\x01\x80\xff";

    (void) state;

    seed = 1;

    for (round = 0; round < 20000; round++) {

        len = sprintf(text, "%s", round % 2 ? BASE : "option.a = b\ntree = ");

        seed = seed * 1664525 + 1013904223;

        for (i = seed >> 26; i; i--) {
            seed = seed * 1664525 + 1013904223;
            text[len++] = bytes[(seed >> 16) % sizeof(bytes)];
        }

        (void) parse_bytes(text, len);
        (void) cr_conf_parse(&conf, text, len, error, sizeof(error));
    }
}


static void
test_small_error_buffers(void **state)
{
    char    *small;
    size_t   size;

    (void) state;

    for (size = 0; size < 40; size++) {
        small = malloc(size ? size : 1);
        assert_non_null(small);

        assert_int_equal(cr_profile_parse(&profile, "p", "x = 1", 5, small,
                                          size), -1);
        if (size) {
            assert_true(strlen(small) < size);
        }

        free(small);
        forget();
    }
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
    assert_int_equal(conf.rootless, 0);
    assert_int_equal(conf.queue, 4096);

    assert_int_equal(parse_conf("clients = www-data 1000 _x\n"
                                "memory_percent = 50\nrootless = on\n"
                                "queue = 1"), 0);
    assert_int_equal(conf.nclients, 3);
    assert_string_equal(conf.clients[1], "1000");
    assert_int_equal(conf.memory_percent, 50);
    assert_int_equal(conf.rootless, 1);
    assert_int_equal(conf.queue, 1);

    assert_int_equal(parse_conf("memory_percent = 0"), -1);
    assert_int_equal(parse_conf("memory_percent = 96"), -1);
    assert_int_equal(parse_conf("queue = 0"), -1);
    assert_int_equal(parse_conf("queue = 65537"), -1);
    assert_int_equal(parse_conf("clients = a:b"), -1);
    assert_int_equal(parse_conf("clients = -1"), -1);
    assert_int_equal(parse_conf("clients = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 "
                                "15 16 17"), -1);
    assert_int_equal(parse_conf("option.a = b"), -1);
    assert_int_equal(parse_conf("slots = 1"), -1);
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
    cr_profile_t  profiles[8];

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

    n = cr_profiles_load("conf/runtimes.d", profiles, 8, 0, error,
                         sizeof(error));
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
        cmocka_unit_test_teardown(test_defaults, teardown),
        cmocka_unit_test_teardown(test_every_key, teardown),
        cmocka_unit_test_teardown(test_numbers, teardown),
        cmocka_unit_test_teardown(test_keys_are_known_and_single, teardown),
        cmocka_unit_test_teardown(test_names_and_paths, teardown),
        cmocka_unit_test_teardown(test_bytes_that_are_no_text, teardown),
        cmocka_unit_test_teardown(test_too_much, teardown),
        cmocka_unit_test_teardown(test_truncated, teardown),
        cmocka_unit_test_teardown(test_garbage, teardown),
        cmocka_unit_test_teardown(test_small_error_buffers, teardown),
        cmocka_unit_test_teardown(test_conf, teardown),
        cmocka_unit_test_setup_teardown(test_read, files_setup,
                                        files_teardown),
        cmocka_unit_test_setup_teardown(test_read_privileged, files_setup,
                                        files_teardown),
        cmocka_unit_test_setup_teardown(test_load, files_setup,
                                        files_teardown),
        cmocka_unit_test_teardown(test_shipped, teardown)
    };

    return cmocka_run_group_tests_name("profiles and sandbox.conf", tests,
                                       NULL, NULL);
}
