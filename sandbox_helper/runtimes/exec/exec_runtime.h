
/*
 * zygote-exec: the runtime of every language whose programs are run by a
 * command.  It keeps nothing warm but the words of its profile's options:
 *
 *     option.source = main.c       the file that a program's text is put in
 *     option.run = /tmp/program    what runs it; a job's arguments follow
 *     option.compile = /usr/bin/gcc -o program main.c
 *     option.artifact = program    what compiling leaves for the run
 *     option.version = /usr/bin/gcc -dumpfullversion
 *     option.env = NAME=VALUE      added to the environment below
 *     option.package = gcc         what Debian calls it
 *
 * Words are parted by spaces; no shell reads them.
 */


#ifndef _EXEC_RUNTIME_H_INCLUDED_
#define _EXEC_RUNTIME_H_INCLUDED_


#include "cr_zygote.h"


typedef struct {
    const char   *source;
    const char   *artifact;
    const char   *package;
    char        **run;       /* words, NULL at their end; NULL: none */
    char        **compile;
    char        **version;
    char        **env;       /* the whole environment of a program */
} cr_exec_t;


extern cr_exec_t  cr_exec;


/* exec_options.c: fills cr_exec.  0, or -1 with a sentence. */
int cr_exec_options(const cr_options_t *options, char *error, size_t size);

/*
 * exec_warm.c: whether all commands are there, and what the language's version
 * is.  As a runtime's warm() answers.
 */
int cr_exec_warm(const cr_options_t *options, char *version, size_t vsize,
    char *error, size_t esize);

/* exec_run.c: a runtime's run() and compile(). */
void cr_exec_run(const cr_program_t *program, cr_claim_t *claim);
void cr_exec_compile(const cr_program_t *program, cr_claim_t *claim);

/*
 * exec_process.c: runs a command as a process of its own, as the cell's init,
 * and ends all that it leaves behind.  *status is waitpid()'s.  0, or -1 with
 * errno when it could not be executed.
 */
int cr_exec_process(char **argv, int *status);


#endif /* _EXEC_RUNTIME_H_INCLUDED_ */
