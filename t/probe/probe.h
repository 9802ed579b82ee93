
/*
 * A runtime whose programs are lists of probes, a line each: "name" or
 * "name argument".  Every probe tries one thing that a layer forbids and the
 * answer is what the kernel said of it:
 *
 *     name: ok            it could be done
 *     name: EPERM         why not
 *     name: 0 1 2 3 4     what it saw
 *
 * It runs in the very cell of any other job and knows of no layer.
 */


#ifndef _PROBE_H_INCLUDED_
#define _PROBE_H_INCLUDED_


#include <errno.h>
#include <stddef.h>


/* A probe answers 0, or -1 with errno, or this after it told more itself. */

#define PROBE_SAID  1

/* A plain system call, with its arguments. */

#define probe_call(name, number, ...)                                         \
    { name, NULL, number, { __VA_ARGS__ } }

#define PROBE_END  { NULL, NULL, 0, { 0 } }

/*
 * An address that cannot be read, and numbers that nothing is: a call that is
 * not refused fails by these, so that a probe does no harm where all layers
 * are off.
 */

#define PROBE_BAD   1L
#define PROBE_NONE  (-1L)


typedef struct {
    const char  *name;
    int        (*run)(const char *argument);  /* the line's, or "" */
    long         number;                      /* with run NULL */
    long         args[6];
} probe_t;


/* Each ends with PROBE_END. */
extern const probe_t  probe_files[];
extern const probe_t  probe_ipc[];
extern const probe_t  probe_kernel[];
extern const probe_t  probe_net[];
extern const probe_t  probe_process[];
extern const probe_t  probe_self[];


/* Adds to the line; a blank goes before it. */
void probe_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "ok", or the name of an errno. */
const char *probe_errno(int err);

/*
 * Of many tries within a probe: each is counted by what came of it, and the
 * line then says "EPERM" if that was all, else "EPERM=180 ok=2 (what what)".
 */
void probe_count(const char *what, int rc);
int probe_counted(void);

/*
 * In a forked child whose exit status is an errno, for what would end or
 * change this process.  -1 with errno, ECHILD when it was killed.
 */
int probe_child(int (*run)(const char *argument), const char *argument);


#endif /* _PROBE_H_INCLUDED_ */
