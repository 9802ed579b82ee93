
/*
 * A runtime whose programs are lists of probes, a line each: "name" or
 * "name argument".  Every probe tries one thing that a layer forbids and the
 * answer is what the kernel said of it:
 *
 *     name: ok            it could be done
 *     name: EPERM         why not
 *     name: 0 1 2 3 4     what was asked for
 *
 * It runs in the very cell of any other job and knows of no layer.
 */


#ifndef _PROBE_H_INCLUDED_
#define _PROBE_H_INCLUDED_


#include <errno.h>
#include <stddef.h>


/*
 * A probe answers 0, or -1 with errno; or PROBE_SAID after it told more by
 * probe_say().  argument: what the line says after the name, or "".
 */

#define PROBE_SAID  1

typedef struct {
    const char  *name;
    int        (*run)(const char *argument);
} probe_t;


/* Each ends with a NULL name. */
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

/* Says "argument=EPERM" for one of several tries within a probe. */
int probe_said(const char *what, int rc);



#endif /* _PROBE_H_INCLUDED_ */
