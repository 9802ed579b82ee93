
/*
 * The zygote kit: what a runtime links to become a warm zygote.  The kit does
 * the sockets, the forking and every confinement step; a runtime brings the
 * callbacks below and calls cr_zygote_main() from its main().
 *
 *     warm      once, in the zygote
 *     park      in every cell, fully confined, before a job is known
 *     run, check, analyze, compile
 *               in one cell, once: the job
 *     flush     in that cell, from a signal handler
 *
 * A cell has no descriptor but 0 (stdin), 1 (stdout), 2 (stderr), all pipes,
 * and the kit's own pipes; no environment; no file but the profile's tree; and
 * one thread, unless the profile has `threads = on`.
 *
 * Where the profile has `write`, the cell's working folder is a /tmp of its
 * own.  The kit places the program's files there before it calls, and then
 * frees what they took: only their names are left.  Afterwards it collects the
 * artifacts, regular files alone, by the program's patterns.
 */


#ifndef _CR_ZYGOTE_H_INCLUDED_
#define _CR_ZYGOTE_H_INCLUDED_


#include <stddef.h>

#include "cr_message.h"


/* The profile's option.KEY = VALUE lines. */

typedef struct {
    const char  *data;     /* KEY NUL VALUE NUL ... */
    size_t       size;
} cr_options_t;

/* Answers the value of key, which lives as long as the process, or NULL. */
const char *cr_option(const cr_options_t *options, const char *key);


/* What warm() answers when the machine has no such language. */

#define CR_ZYGOTE_ABSENT  (-2)


typedef struct {

    /*
     * Starts the interpreter.  Runs in the zygote inside its namespaces and
     * root, before anything is forked, single-threaded, and leaves no thread
     * behind.  Writes the language's version ("3.11.2") to version; answers
     * 0, or -1 with a sentence for the operator in error; CR_ZYGOTE_ABSENT
     * when what it would run is not installed, which is no fault.
     */
    int (*warm)(const cr_options_t *options, char *version, size_t vsize,
                char *error, size_t esize);

    /*
     * Makes a cell ready: repairs what a fork breaks (the kit forks by a raw
     * clone3, so no atfork handler ran), draws fresh randomness, and touches
     * the memory that a run will touch.  It must leave no trace that a
     * program could tell and write to no descriptor.  Errors are fatal:
     * _exit().
     */
    void (*park)(void);

    /*
     * Runs one program to its end.  program is valid for the call.  Fills
     * *claim, which the kit has zeroed; what it points to must stay valid
     * until the process ends.  All output must be on descriptors 1 and 2
     * before it returns.  It may also never return: a cell that dies is a
     * job that ended so.  check, analyze and compile have the same form;
     * NULL: the runtime does not offer it.  compile leaves what comes of it in
     * the working folder and names it with cr_zygote_collect(): these are then
     * files of a program that is run.
     */
    void (*run)(const cr_program_t *program, cr_claim_t *claim);
    void (*check)(const cr_program_t *program, cr_claim_t *claim);
    void (*analyze)(const cr_program_t *program, cr_claim_t *claim);
    void (*compile)(const cr_program_t *program, cr_claim_t *claim);

    /*
     * Writes what is buffered for descriptors 1 and 2 with write(2).  Called
     * from a signal handler at any moment when the job is about to be killed,
     * so only async-signal-safe calls, and no locks.  May be NULL.
     */
    void (*flush)(void);

} cr_runtime_t;


/*
 * In a cell, within run, check, analyze or compile: what matches pattern is an
 * artifact as well, if there is room for any.  pattern stays valid until the
 * process ends; one that is too many, or none, is forgotten.
 */
void cr_zygote_collect(const char *pattern);


/*
 * The main() of a zygote program.  Never returns except to be the exit status
 * of main().  Started by anything but the supervisor it says so and fails.
 */
int cr_zygote_main(int argc, char **argv, const cr_runtime_t *runtime);


#endif /* _CR_ZYGOTE_H_INCLUDED_ */
