
/*
 * The Python runtime: what its files share.
 *
 *     py_main.c     main() of zygote-python
 *     py_warm.c     the interpreter's start, and what a fork must repair
 *     py_modules.c  modules that are warm where they are installed
 *     py_arena.c    memory of the interpreter on huge pages
 *     py_text.c     its machine code on huge pages
 *     py_output.c   buffers between a program and descriptors 1 and 2
 *     py_stream.c   descriptors 0, 1 and 2 as sys.stdin, stdout and stderr
 *     py_run.c      one program, from its text to its claim
 *     py_report.c   exceptions, for the claim and for stderr
 *     py_policy.c   the source policy of a profile
 *     py_guard.c    the builtins and imports of a program under it
 *     py_scan.c     whether a program's text needs the policy's full check
 *     py_analyze.c  the analysis of a program's complexity
 *     modules.py    what is better said in Python of such modules
 *     support.py    what is better said in Python of reporting
 *     policy.py     what is better said in Python of the policy
 *     analyze/      the analysis itself
 *
 * Everything here runs in the zygote or in a cell, never with privilege.
 */


#ifndef _CR_PY_RUNTIME_H_INCLUDED_
#define _CR_PY_RUNTIME_H_INCLUDED_


#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "../../cr_zygote.h"


/* The name a program's text has in tracebacks. */
#define CR_PY_FILE     "main.py"

/*
 * The name of the runtime's own Python code: frames and traceback entries
 * with it are never shown.
 */
#define CR_PY_SUPPORT  "<runtime>"


/* The runtime of py_warm.c, for main() and for the tests' driver. */
extern const cr_runtime_t  cr_py_runtime;


/* py_arena.c: before the interpreter starts. */
void cr_py_arena_init(void);
/* py_text.c: likewise. */
void cr_py_text_init(void);
/* In the zygote when what stays is there, before what comes and goes. */
void cr_py_arena_settle(void);
/* In the zygote when all is warm: from here on pages come one by one. */
void cr_py_arena_warmed(void);


/* py_modules.c: imports those of option.warm_optional; -1: exception set. */
int cr_py_modules_init(const cr_options_t *options);
/*
 * A function that every cell calls, by its name, as module:name.name: a new
 * reference, to None where a cell calls it when it comes to its module, or
 * never.
 */
PyObject *cr_py_modules_resolve(const char *word);


/* py_stream.c: sets sys.stdin, stdout and stderr; -1: exception set. */
int cr_py_streams_init(void);


/* py_run.c */
void cr_py_run(const cr_program_t *program, cr_claim_t *claim);
void cr_py_check(const cr_program_t *program, cr_claim_t *claim);
/* Makes the module that the next program runs in; -1: exception set. */
int cr_py_run_prepare(void);
/* The path of a small program, for warmth; -1: exception set. */
int cr_py_run_rehearse(void);


/* py_analyze.c; init is for the zygote, -1: exception set. */
int cr_py_analyze_init(void);
void cr_py_analyze(const cr_program_t *program, cr_claim_t *claim);


/*
 * py_report.c.  cr_py_report() takes the exception that is set, prints what
 * a user shall see of it and fills the claim.  syntax: it is the program's
 * text that could not be compiled.
 */
int cr_py_report_init(void);
void cr_py_report(cr_claim_t *claim, int syntax);
/* The text of the running program, for tracebacks; borrowed for good. */
void cr_py_report_source(const char *code, size_t len);
/* Encodes at most max bytes of a str, whole characters, into buf. */
size_t cr_py_copy(PyObject *str, unsigned char *buf, size_t max);
/* Sets the claim's error to what fits of a str. */
void cr_py_claim_text(cr_bytes_t *claim, PyObject *str);
/* A function of support.py, borrowed. */
PyObject *cr_py_support(const char *name);
/* Runs Python source of the runtime's own; answers its globals. */
PyObject *cr_py_embed(const char *text);


/*
 * py_policy.c.  Without option.imports there is no policy, and nothing below
 * does anything.
 */
int cr_py_policy_init(const cr_options_t *options, char *error, size_t esize);
int cr_py_policy_on(void);
/* The builtins of programs: a new reference. */
PyObject *cr_py_policy_builtins(void);
/*
 * Answers 0 when the text keeps the policy, 1 when the claim has what it does
 * not, -1 with an exception set.
 */
int cr_py_policy_check(const char *text, size_t len, cr_claim_t *claim);
/* Adds the violation when it is a guard's exception that ended a program. */
void cr_py_policy_raised(cr_claim_t *claim, PyObject *type, PyObject *value,
    PyObject *tb);


#endif /* _CR_PY_RUNTIME_H_INCLUDED_ */
