
#include "probe.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cr_zygote.h"


#define PROBE_ERRNOS  256


static const probe_t *const  probe_tables[] = {
    probe_files, probe_ipc, probe_kernel, probe_net, probe_process, probe_self
};

static char      probe_line[8192];
static size_t    probe_len;

static unsigned  probe_counts[PROBE_ERRNOS];
static char      probe_passed[1024];


void
probe_say(const char *fmt, ...)
{
    va_list  args;

    if (probe_len + 1 >= sizeof(probe_line)) {
        return;
    }

    probe_line[probe_len++] = ' ';

    va_start(args, fmt);
    probe_len += vsnprintf(probe_line + probe_len,
                           sizeof(probe_line) - probe_len, fmt, args);
    va_end(args);

    if (probe_len >= sizeof(probe_line)) {
        probe_len = sizeof(probe_line) - 1;
    }
}


const char *
probe_errno(int err)
{
    const char  *name;

    if (err == 0) {
        return "ok";
    }

    name = strerrorname_np(err);

    return name ? name : "unknown";
}


void
probe_count(const char *what, int rc)
{
    int     err;
    size_t  left;

    err = rc == -1 ? errno : 0;

    if (err < 0 || err >= PROBE_ERRNOS) {
        err = PROBE_ERRNOS - 1;
    }

    probe_counts[err]++;

    if (err == 0) {
        left = sizeof(probe_passed) - strlen(probe_passed);
        snprintf(probe_passed + sizeof(probe_passed) - left, left, " %s",
                 what);
    }
}


int
probe_counted(void)
{
    int       err, kinds;
    unsigned  all;

    kinds = 0;
    all = 0;

    for (err = 0; err < PROBE_ERRNOS; err++) {
        kinds += probe_counts[err] != 0;
        all += probe_counts[err];
    }

    for (err = 0; err < PROBE_ERRNOS; err++) {

        if (probe_counts[err] == all) {
            probe_say("%s", probe_errno(err));

        } else if (probe_counts[err]) {
            probe_say("%s=%u", probe_errno(err), probe_counts[err]);
        }
    }

    if (kinds > 1 && probe_passed[0]) {
        probe_say("(%s)", probe_passed + 1);
    }

    memset(probe_counts, 0, sizeof(probe_counts));
    probe_passed[0] = '\0';

    return PROBE_SAID;
}


int
probe_child(int (*run)(const char *argument), const char *argument)
{
    int    status;
    pid_t  pid;

    pid = fork();

    if (pid == -1) {
        return -1;
    }

    if (pid == 0) {
        _exit(run(argument) == 0 ? 0 : errno);
    }

    if (waitpid(pid, &status, 0) == -1) {
        return -1;
    }

    errno = WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;

    return errno ? -1 : 0;
}


static const probe_t *
probe_find(const char *name)
{
    size_t          i;
    const probe_t  *probe;

    for (i = 0; i < sizeof(probe_tables) / sizeof(probe_tables[0]); i++) {
        for (probe = probe_tables[i]; probe->name; probe++) {
            if (strcmp(probe->name, name) == 0) {
                return probe;
            }
        }
    }

    return NULL;
}


/* The line goes out at once: what comes next may be the end. */

static void
probe_flush(void)
{
    size_t   done;
    ssize_t  n;

    probe_line[probe_len++] = '\n';

    for (done = 0; done < probe_len; done += n) {
        n = write(STDOUT_FILENO, probe_line + done, probe_len - done);

        if (n <= 0) {
            break;
        }
    }

    probe_len = 0;
}


static int
probe_number(const probe_t *probe)
{
    const long  *a;

    a = probe->args;

    return (int) syscall(probe->number, a[0], a[1], a[2], a[3], a[4], a[5])
           == -1 ? -1 : 0;
}


static void
probe_one(char *line)
{
    int             rc;
    char           *argument;
    const probe_t  *probe;

    argument = strchr(line, ' ');

    if (argument) {
        *argument++ = '\0';
    }

    probe_len = snprintf(probe_line, sizeof(probe_line) - 1, "%s:", line);
    probe = probe_find(line);

    if (probe == NULL) {
        probe_say("there is no such probe");

    } else {
        errno = 0;
        rc = probe->run ? probe->run(argument ? argument : "")
                        : probe_number(probe);

        if (rc != PROBE_SAID) {
            probe_say("%s", probe_errno(rc == -1 ? errno : 0));
        }
    }

    probe_flush();
}


/* What a hostile program would do first: use all that it was left. */

static void
probe_raise(void)
{
    struct __user_cap_header_struct  header;
    struct __user_cap_data_struct    data[2];

    memset(&header, 0, sizeof(header));
    header.version = _LINUX_CAPABILITY_VERSION_3;

    if (syscall(SYS_capget, &header, data) == 0) {
        data[0].effective = data[0].permitted;
        data[1].effective = data[1].permitted;

        (void) syscall(SYS_capset, &header, data);
    }
}


static void
probe_all(char *text)
{
    char  *line, *rest;

    probe_raise();

    for (line = strtok_r(text, "\n", &rest);
         line;
         line = strtok_r(NULL, "\n", &rest))
    {
        probe_one(line);
    }
}


#ifdef PROBE_LUA

/* As a function of zygote-lua's, which has its own main(). */

void probe_text(const char *text);

void
probe_text(const char *text)
{
    char  *copy;

    copy = strdup(text);

    if (copy) {
        probe_all(copy);
    }
}

#else

static void
probe_run(const cr_program_t *program, cr_claim_t *claim)
{
    char  *text;

    text = strndup((const char *) program->code.data, program->code.len);

    if (text == NULL) {
        claim->exit_code = 1;
        return;
    }

    probe_all(text);
}


/* The same as a program of its own, which zygote-exec runs on a file. */

static int
probe_from(const char *path)
{
    int      fd;
    char     text[4096];
    ssize_t  n;

    fd = open(path, O_RDONLY);

    if (fd == -1) {
        return 1;
    }

    n = read(fd, text, sizeof(text) - 1);
    close(fd);

    if (n == -1) {
        return 1;
    }

    text[n] = '\0';
    probe_all(text);

    return 0;
}


static int
probe_warm(const cr_options_t *options, char *version, size_t vsize,
    char *error, size_t esize)
{
    (void) options;
    (void) error;
    (void) esize;

    snprintf(version, vsize, "1");

    return 0;
}


static void
probe_park(void)
{
}


int
main(int argc, char **argv)
{
    static const cr_runtime_t  runtime = {
        .warm = probe_warm,
        .park = probe_park,
        .run = probe_run
    };

    if (argc == 3 && strcmp(argv[1], "--program") == 0) {
        return probe_from(argv[2]);
    }

    return cr_zygote_main(argc, argv, &runtime);
}

#endif
