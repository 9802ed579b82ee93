
/*
 * A job's files, in real folders: what is placed is there, what matches is
 * collected, and nothing that a program can leave behind makes the kit wait,
 * follow a link, read without end or say what is no artifact.
 */

/* link: sandbox_helper/cr_cell_files.c -lpthread */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "cr_zygote_kit.h"


#define OUT_MAX  (4 * 1024 * 1024)


typedef struct {
    char           path[64];
    int            dir;
    int            out;          /* what collect wrote */
    unsigned char  text[OUT_MAX];
    size_t         len;
    cr_program_t   program;
} place_t;


static place_t  here;


static int
setup(void **state)
{
    (void) state;

    memset(&here, 0, sizeof(here));
    strcpy(here.path, "/tmp/test_cell_files.XXXXXX");

    assert_non_null(mkdtemp(here.path));
    here.dir = open(here.path, O_RDONLY|O_DIRECTORY);
    assert_true(here.dir >= 0);
    assert_int_equal(fchdir(here.dir), 0);
    here.program.artifact_max = 1024 * 1024;

    return 0;
}


static int
teardown(void **state)
{
    char  command[128];

    (void) state;

    (void) close(here.dir);
    snprintf(command, sizeof(command), "rm -rf '%s'", here.path);

    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}


static int
place(const char *name, const char *content, uint8_t flags)
{
    cr_file_t  file;

    file.flags = flags;
    file.name.data = (const unsigned char *) name;
    file.name.len = strlen(name);
    file.content.data = (const unsigned char *) content;
    file.content.len = strlen(content);

    return cr_files_place(here.dir, &file);
}


static void
write_file(const char *name, const char *content)
{
    FILE  *f;

    f = fopen(name, "w");
    assert_non_null(f);
    assert_true(fputs(content, f) >= 0);
    assert_int_equal(fclose(f), 0);
}


static void
pattern(const char *text)
{
    cr_bytes_t  *p;

    p = &here.program.patterns[here.program.npatterns++];
    p->data = (const unsigned char *) text;
    p->len = strlen(text);
}


static void
collect(void)
{
    FILE  *f;

    f = tmpfile();
    assert_non_null(f);

    cr_files_collect(here.dir, &here.program, fileno(f));

    rewind(f);
    here.len = fread(here.text, 1, OUT_MAX, f);
    fclose(f);
}


/* Collects, and tells what it was: "name=content", one behind the other. */

static const char *
collected(const char *text)
{
    int            rc;
    size_t         n;
    cr_get_t       get;
    static char    told[65536];
    cr_artifact_t  a;

    here.program.npatterns = 0;

    if (text) {
        pattern(text);
    }

    collect();
    cr_get_init(&get, here.text, here.len);

    for (n = 0; (rc = cr_artifact_next(&get, &a)) == 1; /* void */ ) {
        n += snprintf(told + n, sizeof(told) - n, "%s%.*s=", n ? " " : "",
                      (int) a.name.len, (const char *) a.name.data);
        n += a.flags ? snprintf(told + n, sizeof(told) - n, "(%ju)",
                                (uintmax_t) a.size)
                     : snprintf(told + n, sizeof(told) - n, "%.*s",
                                (int) a.content.len,
                                (const char *) a.content.data);
    }

    assert_int_equal(rc, 0);
    told[n] = '\0';

    return told;
}


static void
test_match(void **state)
{
    size_t  i;

    static const struct {
        const char  *pattern;
        const char  *name;
        int          match;
    } cases[] = {
        { "a", "a", 1 },
        { "a", "ab", 0 },
        { "ab", "a", 0 },
        { "*", "a", 1 },
        { "*", "a b", 1 },
        { "*", ".a", 0 },
        { ".*", ".a", 1 },
        { "[.]a", ".a", 0 },
        { "?a", ".a", 0 },
        { "*.png", "a.png", 1 },
        { "*.png", "a.b.png", 1 },
        { "*.png", ".png", 0 },
        { "*.png", "a.pn", 0 },
        { "*.png/x", "a.png", 1 },
        { "a*/x", "ab", 1 },
        { "a/x", "ab", 0 },
        { "?", "a", 1 },
        { "?", "", 0 },
        { "?", "\xc3\xa9", 1 },
        { "??", "\xc3\xa9", 0 },
        { "?\?b", "a\xe2\x82\xac" "b", 1 },
        { "*?", "\xc3\xa9", 1 },
        { "?", "\x80", 1 },
        { "[abc]", "b", 1 },
        { "[abc]", "d", 0 },
        { "[a-c]x", "bx", 1 },
        { "[a-c]x", "dx", 0 },
        { "[!a-c]", "b", 0 },
        { "[!a-c]", "d", 1 },
        { "[^a]", "b", 1 },
        { "[]]", "]", 1 },
        { "[!]]", "]", 0 },
        { "[!]]", "a", 1 },
        { "[a-]", "-", 1 },
        { "[c-a]", "b", 0 },
        { "[*]", "*", 1 },
        { "[*]", "a", 0 },
        { "[abc", "[abc", 1 },
        { "[abc", "a", 0 },
        { "[a/]", "a", 0 },
        { "[a/]", "[a", 1 },
        { "[", "[", 1 },
        { "[!", "[!", 1 },
        { "a*b*c", "aXbXc", 1 },
        { "a*b*c", "abbc", 1 },
        { "a*b*c", "acb", 0 },
        { "*a*a*a*b", "aaaaaaaa", 0 },
        { "***", "abc", 1 },
        { "*a", "aab", 0 },
        { "*ab", "aab", 1 },
        { "a*", "a", 1 },
        { "*", "", 1 },
        { "\\*", "\\x", 1 }
    };

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (cr_files_match(cases[i].pattern, cases[i].name)
            != cases[i].match)
        {
            fail_msg("\"%s\" and \"%s\"", cases[i].pattern, cases[i].name);
        }
    }
}


static void
test_place(void **state)
{
    struct stat  st;

    (void) state;

    assert_int_equal(place("a", "one", 0), 0);
    assert_int_equal(place("b/c/d", "two", CR_FILE_EXECUTE), 0);
    assert_int_equal(place("b/c/e", "", 0), 0);

    assert_int_equal(stat("a", &st), 0);
    assert_int_equal(st.st_mode, S_IFREG|0600);
    assert_int_equal(st.st_size, 3);
    assert_int_equal(stat("b/c/d", &st), 0);
    assert_int_equal(st.st_mode, S_IFREG|0700);
    assert_int_equal(stat("b/c", &st), 0);
    assert_int_equal(st.st_mode, S_IFDIR|0700);

    /* twice, a file as a folder, a folder as a file */

    assert_int_equal(place("a", "", 0), -1);
    assert_int_equal(errno, EEXIST);
    assert_int_equal(place("a/b", "", 0), -1);
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(place("b/c", "", 0), -1);
    assert_int_equal(errno, EEXIST);

    /* no link leads out */

    assert_int_equal(symlink("/tmp", "out"), 0);
    assert_int_equal(symlink("/tmp/nobody", "dangling"), 0);
    assert_int_equal(place("out/x", "", 0), -1);
    assert_int_equal(place("dangling", "", 0), -1);

    assert_string_equal(collected("*"), "a=one");
    assert_string_equal(collected("b/c/*"), "b/c/d=two b/c/e=");
}


static void
test_collect(void **state)
{
    (void) state;

    assert_int_equal(mkdir("out", 0700), 0);
    assert_int_equal(mkdir("out/deep", 0700), 0);
    assert_int_equal(mkdir(".hidden", 0700), 0);
    write_file("out/b.png", "B");
    write_file("out/a.png", "A");
    write_file("out/a.txt", "T");
    write_file("out/deep/c.png", "C");
    write_file(".hidden/d.png", "D");
    write_file("e.png", "E");
    write_file("a\tb.png", "control");

    assert_string_equal(collected("out/*.png"), "out/a.png=A out/b.png=B");
    assert_string_equal(collected("*.png"), "e.png=E");
    assert_string_equal(collected("*/*.png"), "out/a.png=A out/b.png=B");
    assert_string_equal(collected("*/*/*.png"), "out/deep/c.png=C");
    assert_string_equal(collected(".hidden/*"), ".hidden/d.png=D");
    assert_string_equal(collected("out/a.txt"), "out/a.txt=T");
    assert_string_equal(collected("out/[b-z]*"), "out/b.png=B");
    assert_string_equal(collected("nothing"), "");
    assert_string_equal(collected("nothing/*"), "");
    assert_string_equal(collected("out"), "");
    assert_string_equal(collected("e.png/x"), "");
    assert_string_equal(collected(NULL), "");

    /* what several patterns have is there once, and by its name */

    here.program.npatterns = 0;
    pattern("out/b.png");
    pattern("*/*");
    pattern("out/*");
    pattern("../*");
    pattern("/etc/passwd");
    pattern("");
    collect();
    assert_int_equal(here.len, 3 * (CR_ARTIFACT_HEAD + 9 + 1));

    /* in order, as far as there is room; what has none is told */

    write_file("out/b.png", "BBBBBBBB");
    here.program.artifact_max = 3;
    assert_string_equal(collected("out/*"),
                        "out/a.png=A out/a.txt=T out/b.png=(8)");
    here.program.artifact_max = 8;
    assert_string_equal(collected("out/*"),
                        "out/a.png=A out/a.txt=T out/b.png=(8)");
}


static void
test_own(void **state)
{
    int          i;
    struct stat  st;

    (void) state;

    write_file("program", "P");

    cr_zygote_collect("prog*");
    cr_zygote_collect("../program");
    assert_string_equal(collected(NULL), "program=P");
    assert_string_equal(collected("program"), "program=P");

    for (i = 0; i < 100; i++) {
        cr_zygote_collect("x");
    }

    assert_int_equal(stat("program", &st), 0);
}


/* What a program may have left: nothing is followed, nothing blocks. */

static void
test_hostile(void **state)
{
    int   fd, i;
    char  name[64];

    (void) state;

    assert_int_equal(mkdir("real", 0700), 0);
    write_file("real/x", "X");

    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(symlink("real/x", "link"), 0);
    assert_int_equal(symlink("/etc/passwd", "passwd"), 0);
    assert_int_equal(symlink("real", "folder"), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    assert_int_equal(symlink(".", "self"), 0);

    assert_string_equal(collected("*"), "");
    assert_string_equal(collected("fifo"), "");
    assert_string_equal(collected("link"), "");
    assert_string_equal(collected("folder/x"), "");
    assert_string_equal(collected("self/self/real/x"), "");
    assert_string_equal(collected("*/*"), "real/x=X");

    fd = open("sparse", O_WRONLY|O_CREAT, 0600);
    assert_int_equal(ftruncate(fd, 1LL << 40), 0);
    close(fd);
    assert_string_equal(collected("spar*"), "sparse=(1099511627776)");

    /* deeper than a name can be, and what is there cannot be read */

    for (i = 0; i < 20; i++) {
        assert_int_equal(mkdir("d", 0700), 0);
        assert_int_equal(chdir("d"), 0);
        write_file("f", "F");
    }

    assert_int_equal(fchdir(here.dir), 0);
    assert_string_equal(collected("*/*/*/*/*/*/*/*"), "d/d/d/d/d/d/d/f=F");
    assert_string_equal(collected("*/*/*/*/*/*/*/*/*"), "");

    /* names that are none of an artifact */

    memset(name, 'n', sizeof(name));
    strcpy(name + 50, "\n");
    write_file(name, "N");
    assert_string_equal(collected("n*"), "");
}


static void
test_many(void **state)
{
    int       i, fd;
    char      name[32];
    cr_get_t       get;
    cr_artifact_t  a;

    (void) state;

    assert_int_equal(mkdir("many", 0700), 0);

    for (i = 0; i < 20000; i++) {
        snprintf(name, sizeof(name), "many/%05d", 20000 - i);
        fd = open(name, O_WRONLY|O_CREAT, 0600);
        assert_true(fd >= 0);
        close(fd);
    }

    here.program.npatterns = 0;

    for (i = 0; i < CR_PATTERNS_MAX; i++) {
        pattern("*/*?*?*?*?*");
    }

    collect();
    cr_get_init(&get, here.text, here.len);

    for (i = 0; cr_artifact_next(&get, &a) == 1; i++) {
        snprintf(name, sizeof(name), "many/%05d", i + 1);
        assert_int_equal(a.name.len, 10);
        assert_memory_equal(a.name.data, name, 10);
    }

    assert_int_equal(i, CR_ARTIFACTS_MAX);
}


/* Files change, shrink, are other things, while they are collected. */

static volatile int  racing;

static void *
racer(void *data)
{
    int       dir, fd;
    unsigned  i;

    dir = *(int *) data;

    for (i = 0; racing; i++) {
        fd = openat(dir, "file", O_RDWR|O_CREAT|O_NOFOLLOW|O_NONBLOCK, 0600);

        if (fd != -1) {
            (void) !ftruncate(fd, 200000);
            (void) !ftruncate(fd, 10);
            close(fd);
        }

        (void) unlinkat(dir, "file", 0);

        switch (i % 3) {
        case 0:
            (void) !symlinkat("/etc/passwd", dir, "file");
            break;
        case 1:
            (void) mkfifoat(dir, "file", 0600);
            break;
        default:
            (void) !renameat(dir, "folder", dir, "other");
            (void) !symlinkat("/etc", dir, "folder");
            (void) unlinkat(dir, "folder", 0);
            (void) !renameat(dir, "other", dir, "folder");
        }

        (void) unlinkat(dir, "file", 0);
    }

    return NULL;
}


static void
test_race(void **state)
{
    int             i, seen;
    cr_get_t        get;
    pthread_t       thread;
    cr_artifact_t   a;

    (void) state;

    assert_int_equal(mkdir("folder", 0700), 0);
    write_file("folder/passwd", "not root");
    pattern("f*");
    pattern("f*/passwd");

    seen = 0;
    racing = 1;
    assert_int_equal(pthread_create(&thread, NULL, racer, &here.dir), 0);

    for (i = 0; i < 3000; i++) {
        collect();
        cr_get_init(&get, here.text, here.len);

        while (cr_artifact_next(&get, &a) == 1) {
            assert_null(memmem(a.content.data, a.content.len, "root:", 5));
            seen++;
        }

        assert_true(!get.bad && get.pos == get.end);
    }

    racing = 0;
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(seen > 0);
}


/* Nobody reads: what is left is not written, and nothing waits for it. */

static void
test_closed(void **state)
{
    int  fds[2];

    (void) state;

    write_file("a", "A");
    pattern("a");

    cr_files_collect(here.dir, &here.program, 1000);

    assert_int_equal(pipe(fds), 0);
    close(fds[0]);
    cr_files_collect(here.dir, &here.program, fds[1]);
    close(fds[1]);

    cr_files_collect(-1, &here.program, 1000);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_match),
        cmocka_unit_test_setup_teardown(test_place, setup, teardown),
        cmocka_unit_test_setup_teardown(test_collect, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many, setup, teardown),
        cmocka_unit_test_setup_teardown(test_race, setup, teardown),
        cmocka_unit_test_setup_teardown(test_closed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_own, setup, teardown)
    };

    (void) signal(SIGPIPE, SIG_IGN);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
