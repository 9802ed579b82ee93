
/*
 * The parser of profiles: what it takes, what it refuses and in which words,
 * and that no bytes whatever lead it astray.  Texts are copied to memory of
 * their exact size, so that a read past it is seen by valgrind and ASan.
 */


#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cr_profile.h"


#define BASE  "program = zygote-python\ntree = /usr/lib\n"


static cr_profile_t  profile;
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

    memset(&profile, 0, sizeof(profile));
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
    assert_int_equal(profile.parked, CR_SLOTS_MAX);
    assert_int_equal(profile.memory, 1 << 30);
    assert_int_equal(profile.memory_default, 0);
    assert_int_equal(profile.exec, 0);
    assert_int_equal(profile.execute, 0);
    assert_int_equal(profile.compile, 0);
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
                           "parked = 4\n"
                           "timeout = 500ms\n"
                           "memory = 256M\n"
                           "memory_default = 128M\n"
                           "processes = 4096\n"
                           "write = 16m\n"
                           "threads = on\n"
                           "args = on\n"
                           "policy = off\n"
                           "seccomp = exec\n"
                           "execute = on\n"
                           "compile = on\n"
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
    assert_int_equal(profile.parked, 4);
    assert_int_equal(profile.memory, 256 << 20);
    assert_int_equal(profile.memory_default, 128 << 20);
    assert_int_equal(profile.exec, 1);
    assert_int_equal(profile.execute, 1);
    assert_int_equal(profile.compile, 1);
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
    refused(BASE "parked = 241", "bounds");
    refused(BASE "memory_default = 1M", "bounds");
    refused(BASE "slots = 4.5", "whole number");
    refused(BASE "slots = +4", "whole number");
    refused(BASE "processes = 0", "bounds");
    refused(BASE "write = 1K", "write 0");
    refused(BASE "renew = 1500ms", "whole seconds");
    refused(BASE "threads = yes", "neither on nor off");
    refused(BASE "args = 1", "neither on nor off");
}


/* Wherever the other key stands. */

static void
test_keys_that_need_others(void **state)
{
    (void) state;

    assert_int_equal(parse(BASE "parked = 0"), 0);
    assert_int_equal(profile.parked, 0);
    assert_int_equal(parse(BASE "seccomp = warm"), 0);
    assert_int_equal(profile.exec, 0);
    assert_int_equal(parse(BASE "seccomp = exec"), 0);
    assert_int_equal(profile.exec, 1);
    assert_int_equal(parse(BASE "memory_default = 1G"), 0);

    refused(BASE "seccomp = off", "\"seccomp\" is warm, or exec");
    refused(BASE "memory_default = 513M\nmemory = 512M",
            "\"memory_default\" is more than \"memory\"");

    assert_int_equal(parse(BASE "execute = on\nseccomp = exec\nwrite = 1M"),
                     0);
    refused(BASE "execute = on", "\"execute = on\" is for");
    refused(BASE "execute = on\nseccomp = exec", "\"write\"");
    refused(BASE "execute = on\nwrite = 1M", "\"seccomp = exec\"");
    refused(BASE "execute = on\nwrite = 0\nseccomp = exec", "\"write\"");

    assert_int_equal(parse(BASE "compile = on\nseccomp = exec\nwrite = 1M"),
                     0);
    refused(BASE "compile = on\nseccomp = exec", "\"compile = on\" is for");
    refused(BASE "compile = on\nwrite = 1M", "\"compile = on\" is for");
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


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_teardown(test_defaults, teardown),
        cmocka_unit_test_teardown(test_every_key, teardown),
        cmocka_unit_test_teardown(test_numbers, teardown),
        cmocka_unit_test_teardown(test_keys_that_need_others, teardown),
        cmocka_unit_test_teardown(test_keys_are_known_and_single, teardown),
        cmocka_unit_test_teardown(test_names_and_paths, teardown),
        cmocka_unit_test_teardown(test_bytes_that_are_no_text, teardown),
        cmocka_unit_test_teardown(test_too_much, teardown),
        cmocka_unit_test_teardown(test_truncated, teardown),
        cmocka_unit_test_teardown(test_garbage, teardown),
        cmocka_unit_test_teardown(test_small_error_buffers, teardown)
    };

    return cmocka_run_group_tests_name("profiles", tests, NULL, NULL);
}
