
/*
 * A layer confines for good, so every test of one runs in a child.  The
 * child's body answers 0, or -1 after EXPECT() said what was not so.
 */


#ifndef _LAYERS_CHILD_H_INCLUDED_
#define _LAYERS_CHILD_H_INCLUDED_


#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <cmocka.h>


/* Host ids that belong to nobody. */

#define CHILD_IDS   0x70000000U

/* The body's user namespace maps so many of them, or the caller alone. */

#define CHILD_OWN   1
#define CHILD_MANY  3


#define EXPECT(what)                                                          \
    do {                                                                      \
        if (!(what)) {                                                        \
            dprintf(STDERR_FILENO, "%s:%d: not so: %s (%s)\n", __FILE__,      \
                    __LINE__, #what, strerror(errno));                        \
            return -1;                                                        \
        }                                                                     \
    } while (0)

/* The call fails, and with this errno. */

#define EXPECT_ERRNO(call, number)                                            \
    do {                                                                      \
        errno = 0;                                                            \
        if ((long) (call) != -1 || errno != (number)) {                       \
            dprintf(STDERR_FILENO, "%s:%d: %s: \"%s\" instead of \"%s\"\n",   \
                    __FILE__, __LINE__, #call, strerror(errno),               \
                    strerror(number));                                        \
            return -1;                                                        \
        }                                                                     \
    } while (0)


#define NEED_ROOT()                                                           \
    do {                                                                      \
        if (geteuid() != 0) {                                                 \
            print_message("this needs root\n");                               \
            skip();                                                           \
        }                                                                     \
    } while (0)


static int
child_put(pid_t pid, const char *name, const char *text)
{
    int   fd, rc;
    char  path[64];

    snprintf(path, sizeof(path), "/proc/%d/%s", (int) pid, name);

    fd = open(path, O_WRONLY|O_CLOEXEC);

    if (fd == -1) {
        return -1;
    }

    rc = write(fd, text, strlen(text)) == -1 ? -1 : 0;

    close(fd);

    return rc;
}


static int
child_map(pid_t pid, unsigned ids)
{
    char      map[64];
    unsigned  uid, gid;

    uid = CHILD_IDS;
    gid = CHILD_IDS;

    if (ids == CHILD_OWN) {
        uid = geteuid();
        gid = getegid();

        if (child_put(pid, "setgroups", "deny") == -1) {
            return -1;
        }
    }

    snprintf(map, sizeof(map), "0 %u %u", uid, ids);

    if (child_put(pid, "uid_map", map) == -1) {
        return -1;
    }

    snprintf(map, sizeof(map), "0 %u %u", gid, ids);

    return child_put(pid, "gid_map", map);
}


/* Runs body in new namespaces (flags may be 0); answers the wait status. */

static int
child_status(int flags, unsigned ids, int (*body)(void))
{
    int    sv[2], status;
    char   c;
    pid_t  pid;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, sv), 0);

    fflush(NULL);

    pid = fork();
    assert_int_not_equal(pid, -1);

    if (pid == 0) {
        close(sv[0]);

        if (flags) {

            if (unshare(flags) == -1 || write(sv[1], "", 1) != 1
                || read(sv[1], &c, 1) != 1
                || setresgid(0, 0, 0) == -1 || setresuid(0, 0, 0) == -1)
            {
                perror("a namespace for the test");
                _exit(99);
            }
        }

        close(sv[1]);

        _exit(body() == 0 ? 0 : 1);
    }

    close(sv[1]);

    if (flags && read(sv[0], &c, 1) == 1) {

        if (child_map(pid, ids) == -1) {
            perror("the test's id map");

        } else {
            (void) !write(sv[0], "", 1);
        }
    }

    close(sv[0]);

    assert_int_equal(waitpid(pid, &status, 0), pid);

    return status;
}


static void
child(int flags, unsigned ids, int (*body)(void))
{
    assert_int_equal(child_status(flags, ids, body), 0);
}


#endif /* _LAYERS_CHILD_H_INCLUDED_ */
