
/*
 * For LD_PRELOAD in a cell: what the tools of some languages ask for before
 * they do anything, and a cell does not have, in a form that does for them.
 * It opens nothing: the cell around it stays what it is.
 */


#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/auxv.h>
#include <sys/socket.h>


/*
 * Where a program is itself, without /proc: what it was executed by.  rustc
 * finds its own libraries so, until 1.66.
 */

ssize_t
readlink(const char *path, char *buf, size_t size)
{
    size_t       len;
    const char  *exe;

    exe = (const char *) getauxval(AT_EXECFN);

    if (exe == NULL || strcmp(path, "/proc/self/exe") != 0) {
        return readlinkat(AT_FDCWD, path, buf, size);
    }

    len = strnlen(exe, size);
    memcpy(buf, exe, len);

    return len;
}


/*
 * Java's first file makes a pair of sockets, closes one, and keeps the other
 * for what reads as ended: so does a pipe.
 */

int
socketpair(int domain, int type, int protocol, int fds[2])
{
    (void) domain;
    (void) protocol;

    return pipe2(fds, type & SOCK_CLOEXEC ? O_CLOEXEC : 0);
}
