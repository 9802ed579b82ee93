
/*
 * In the zygote: whether the commands are there, and the one time that it runs
 * one of them itself, to hear the language's version.
 */

#include "exec_runtime.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/wait.h>


/* For a virtual machine's start on a busy machine. */

#define CR_EXEC_PATIENCE  20    /* seconds */
#define CR_EXEC_TOLD      4096  /* bytes that are read of what it says */


/* What lies below /tmp is what a job brings or compiles. */

static int
cr_exec_present(char **words, char *error, size_t size)
{
    const char  *name, *package;

    if (words == NULL || strncmp(words[0], "/tmp/", 5) == 0
        || access(words[0], X_OK) == 0)
    {
        return 0;
    }

    name = strrchr(words[0], '/') + 1;

    if (errno != ENOENT && errno != ENOTDIR) {
        snprintf(error, size, "%s: %s", words[0], strerror(errno));
        return -1;
    }

    package = cr_exec.package ? cr_exec.package : name;

    snprintf(error, size, "%s is not installed: apt install %s", name,
             package);

    return CR_ZYGOTE_ABSENT;
}


static pid_t
cr_exec_ask(int *out)
{
    int    fds[2], null;
    pid_t  pid;

    if (pipe2(fds, O_CLOEXEC) == -1) {
        return -1;
    }

    pid = fork();

    if (pid == 0) {
        (void) setpgid(0, 0);
        null = open("/dev/null", O_RDONLY|O_CLOEXEC);

        (void) dup2(null, STDIN_FILENO);
        (void) dup2(fds[1], STDOUT_FILENO);
        (void) dup2(fds[1], STDERR_FILENO);
        (void) close_range(3, ~0U, 0);

        execve(cr_exec.version[0], cr_exec.version, cr_exec.env);
        _exit(127);
    }

    (void) close(fds[1]);

    if (pid == -1) {
        (void) close(fds[0]);
        return -1;
    }

    *out = fds[0];

    return pid;
}


/* Reads until the end or for as long as there is patience. */

static void
cr_exec_hear(int fd, char *text, size_t size)
{
    size_t         len;
    time_t         end;
    ssize_t        n;
    struct pollfd  pfd;

    len = 0;
    end = time(NULL) + CR_EXEC_PATIENCE;
    pfd.fd = fd;
    pfd.events = POLLIN;

    while (len < size - 1 && time(NULL) < end) {

        if (poll(&pfd, 1, 1000) <= 0) {
            continue;
        }

        n = read(fd, text + len, size - 1 - len);

        if (n <= 0) {
            break;
        }

        len += n;
    }

    text[len] = '\0';

    (void) close(fd);
}


/* The first number with a dot in it, or else the first number. */

static void
cr_exec_number(const char *text, char *version, size_t size)
{
    size_t       len, n;
    const char  *p, *found;

    found = "";
    n = 0;

    for (p = text; *p; p += len ? len : 1) {

        len = isdigit((unsigned char) *p) ? strspn(p, "0123456789.") : 0;

        if (len && (n == 0 || memchr(p, '.', len))) {
            found = p;
            n = len;
        }

        if (len && memchr(p, '.', len - 1)) {
            break;
        }
    }

    while (n && found[n - 1] == '.') {
        n--;
    }

    snprintf(version, size, "%.*s", (int) n, found);
}


static int
cr_exec_version(char *version, size_t vsize, char *error, size_t esize)
{
    int    fd, status;
    char   text[CR_EXEC_TOLD];
    pid_t  pid;

    pid = cr_exec_ask(&fd);

    if (pid == -1) {
        snprintf(error, esize, "asking for the version: %s", strerror(errno));
        return -1;
    }

    cr_exec_hear(fd, text, sizeof(text));

    /* It has said what it has to say, or never will; what it started, too. */

    (void) kill(-pid, SIGKILL);
    (void) kill(pid, SIGKILL);
    (void) waitpid(pid, &status, 0);

    cr_exec_number(text, version, vsize);

    if (version[0]) {
        return 0;
    }

    snprintf(error, esize, "%s told no version: %.128s", cr_exec.version[0],
             text[0] ? strtok(text, "\n") : "it said nothing");

    return -1;
}


int
cr_exec_warm(const cr_options_t *options, char *version, size_t vsize,
    char *error, size_t esize)
{
    int  rc;

    if (cr_exec_options(options, error, esize) != 0) {
        return -1;
    }

    rc = cr_exec_present(cr_exec.run, error, esize);

    if (rc == 0) {
        rc = cr_exec_present(cr_exec.compile, error, esize);
    }

    if (rc == 0) {
        rc = cr_exec_present(cr_exec.version, error, esize);
    }

    if (rc != 0 || cr_exec.version == NULL) {
        return rc;
    }

    return cr_exec_version(version, vsize, error, esize);
}
