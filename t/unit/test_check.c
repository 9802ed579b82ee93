
/*
 * What the supervisor tells of its layers: each of them is named once, in
 * one of two lists and in order.
 *
 * link: sandbox_helper/cr_check.c
 */


#include "layers_child.h"

#include "cr_check.h"


static const char *const  layers[] = {
    "user", "pid", "mount", "net", "ipc", "uts", "cgroup-ns", "root", "ids",
    "capabilities", "no_new_privs", "rlimits", "cgroup-memory", "cgroup-pids",
    "cgroup-cpu", "landlock", "seccomp", NULL
};


/* Takes the first word off a list when it is this one. */

static int
next_is(char **list, const char *word)
{
    size_t  len;

    len = strlen(word);

    if (strncmp(*list, word, len) != 0
        || ((*list)[len] != ' ' && (*list)[len] != '\0'))
    {
        return 0;
    }

    *list += len + ((*list)[len] == ' ');

    return 1;
}


static int
has(const char *list, const char *word)
{
    size_t       len;
    const char  *p;

    len = strlen(word);

    for (p = strstr(list, word); p != NULL; p = strstr(p + 1, word)) {
        if ((p == list || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0')) {
            return 1;
        }
    }

    return 0;
}


static void
test_lists(void **state)
{
    char          on[512], off[512], *p, *q;
    unsigned      i;
    cr_cgroups_t  cgs;

    (void) state;

    memset(&cgs, 0, sizeof(cgs));

    assert_int_equal(cr_check_layers(&cgs, 1, on, off, sizeof(on)), 0);

    p = on;
    q = off;

    for (i = 0; layers[i] != NULL; i++) {
        if (!next_is(&p, layers[i]) && !next_is(&q, layers[i])) {
            fail_msg("\"%s\" is missing: on \"%s\", off \"%s\"", layers[i],
                     on, off);
        }
    }

    assert_string_equal(p, "");
    assert_string_equal(q, "");

    assert_true(has(off, "ids"));
    assert_true(has(off, "cgroup-memory"));
    assert_true(has(on, "no_new_privs"));
    assert_true(has(on, "seccomp"));
}


static void
test_cgroups(void **state)
{
    char          on[512], off[512];
    cr_cgroups_t  cgs;

    (void) state;

    memset(&cgs, 0, sizeof(cgs));
    cgs.version = 1;
    strcpy(cgs.missing, "pids cpu");

    assert_int_equal(cr_check_layers(&cgs, 1, on, off, sizeof(on)), 0);
    assert_true(has(on, "cgroup-memory"));
    assert_true(has(off, "cgroup-pids"));
    assert_true(has(off, "cgroup-cpu"));
}


static void
test_small_lists(void **state)
{
    char          on[64], off[64];
    cr_cgroups_t  cgs;

    (void) state;

    memset(&cgs, 0, sizeof(cgs));

    assert_int_equal(cr_check_layers(&cgs, 1, on, off, 0), -1);
    assert_int_equal(cr_check_layers(&cgs, 1, on, off, 20), -1);
    assert_true(strlen(on) < 20 && strlen(off) < 20);
}


/* A machine whose owner allows no user namespaces: said, not crashed. */

static int
body_without_user_namespaces(void)
{
    int           fd;
    char          on[512], off[512];
    cr_cgroups_t  cgs;

    memset(&cgs, 0, sizeof(cgs));

    fd = open("/proc/sys/user/max_user_namespaces", O_WRONLY);
    EXPECT(fd != -1);
    EXPECT(write(fd, "0", 1) == 1);

    EXPECT(cr_check_layers(&cgs, 1, on, off, sizeof(on)) == 0);
    EXPECT(has(off, "user"));
    EXPECT(has(off, "net"));
    EXPECT(has(off, "root"));
    EXPECT(has(off, "capabilities"));
    EXPECT(has(on, "no_new_privs"));
    EXPECT(has(on, "seccomp"));

    return 0;
}


static void
test_without_user_namespaces(void **state)
{
    (void) state;

    if (access("/proc/sys/user/max_user_namespaces", F_OK) == -1) {
        print_message("the number of user namespaces cannot be set here\n");
        skip();
    }

    /* The number is this namespace's own, not the machine's. */

    child(CLONE_NEWUSER, CHILD_OWN, body_without_user_namespaces);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_cgroups),
        cmocka_unit_test(test_small_lists),
        cmocka_unit_test(test_without_user_namespaces)
    };

    return cmocka_run_group_tests_name("layers of this machine", tests, NULL,
                                       NULL);
}
