
/* A program's text becomes a file, and a command is run on it. */

#include "exec_runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>


/* Why the system would not run it, in words of those who wrote it. */

typedef struct {
    int          err;
    const char  *why;
} cr_exec_reason_t;


static const cr_exec_reason_t  cr_exec_reasons[] = {
    { ENOENT,  "it is not there, or what runs it is not" },
    { EACCES,  "it is not executable, or nothing may be executed there" },
    { ENOEXEC, "it is no program of this machine" },
    { ETXTBSY, "the file is still being written to" },
    { E2BIG,   "its arguments are too long" },
    { ENOMEM,  "there is not enough memory" },
    { EAGAIN,  "it may have no process more" },
    { EPERM,   "the profile has no \"seccomp = exec\"" },
    { 0, NULL }
};


static char  cr_exec_error[CR_ERROR_MAX];


static void
cr_exec_claim(cr_claim_t *claim, int exit_code, const char *type)
{
    claim->exit_code = exit_code;
    claim->error_type.data = (const unsigned char *) type;
    claim->error_type.len = strlen(type);
    claim->error.data = (const unsigned char *) cr_exec_error;
    claim->error.len = strlen(cr_exec_error);
}


static void
cr_exec_failed(cr_claim_t *claim, const char *path, int err)
{
    const char              *why;
    const cr_exec_reason_t  *reason;

    why = strerror(err);

    for (reason = cr_exec_reasons; reason->why; reason++) {
        if (reason->err == err) {
            why = reason->why;
        }
    }

    snprintf(cr_exec_error, sizeof(cr_exec_error), "%s cannot be run: %s",
             path, why);

    cr_exec_claim(claim, 126, "SandboxError");
}


static int
cr_exec_write(int fd, const cr_bytes_t *text)
{
    size_t   done;
    ssize_t  n;

    for (done = 0; done < text->len; done += n) {
        n = write(fd, text->data + done, text->len - done);

        if (n == -1) {
            return -1;
        }
    }

    return 0;
}


/*
 * Not over a file that the job brought: what would then run is not what its
 * user thinks.
 */

static int
cr_exec_source(const cr_program_t *program, cr_claim_t *claim)
{
    int  fd;

    fd = open(cr_exec.source, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0700);

    if (fd != -1 && cr_exec_write(fd, &program->code) == 0
        && close(fd) == 0)
    {
        return 0;
    }

    snprintf(cr_exec_error, sizeof(cr_exec_error),
             errno == EEXIST ? "%s is the program's own name: none of its "
                               "files can have it"
                             : "%s, the program, cannot be written: %m",
             cr_exec.source);

    cr_exec_claim(claim, 126, "SandboxError");

    return -1;
}


/* The command's words, then the job's arguments. */

static char **
cr_exec_arguments(char **words, const cr_program_t *program)
{
    char      **argv;
    size_t      n;
    uint16_t    i;

    for (n = 0; words[n]; n++) { /* void */ }

    argv = calloc(n + program->nargs + 1, sizeof(char *));

    if (argv == NULL) {
        return NULL;
    }

    memcpy(argv, words, n * sizeof(char *));

    for (i = 0; i < program->nargs; i++) {
        argv[n + i] = strndup((const char *) program->args[i].data,
                              program->args[i].len);

        if (argv[n + i] == NULL) {
            return NULL;
        }
    }

    return argv;
}


/* 0 when the command ended by itself, and so has an exit status. */

static int
cr_exec_command(char **argv, cr_claim_t *claim)
{
    int  status;

    if (argv == NULL || cr_exec_process(argv, &status) != 0) {
        cr_exec_failed(claim, argv ? argv[0] : cr_exec.source,
                       argv ? errno : ENOMEM);
        return -1;
    }

    if (WIFSIGNALED(status)) {
        claim->exit_code = 128 + WTERMSIG(status);
        claim->signal = WTERMSIG(status);
        return -1;
    }

    claim->exit_code = WEXITSTATUS(status);

    return 0;
}


void
cr_exec_run(const cr_program_t *program, cr_claim_t *claim)
{
    /* What was compiled has come as a file. */

    if (cr_exec.compile == NULL && cr_exec_source(program, claim) != 0) {
        return;
    }

    (void) cr_exec_command(cr_exec_arguments(cr_exec.run, program), claim);
}


void
cr_exec_compile(const cr_program_t *program, cr_claim_t *claim)
{
    if (cr_exec.compile == NULL) {
        snprintf(cr_exec_error, sizeof(cr_exec_error),
                 "the profile has no option.compile");
        cr_exec_claim(claim, 126, "SandboxError");
        return;
    }

    if (cr_exec_source(program, claim) != 0
        || cr_exec_command(cr_exec.compile, claim) != 0)
    {
        return;
    }

    if (claim->exit_code != 0) {
        snprintf(cr_exec_error, sizeof(cr_exec_error),
                 "the program does not compile");
        cr_exec_claim(claim, claim->exit_code, "CompileError");
        return;
    }

    cr_zygote_collect(cr_exec.artifact);
}
