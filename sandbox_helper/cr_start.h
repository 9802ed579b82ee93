
/*
 * How a zygote comes to be: an init that makes the namespaces and the root,
 * and the zygote itself beneath it.  All the privileged steps of a start are
 * in this one file, in forked children; the supervisor's loop never waits.
 */


#ifndef _CR_START_H_INCLUDED_
#define _CR_START_H_INCLUDED_


#include <sys/types.h>

#include "cr_cgroup.h"
#include "cr_profile.h"


typedef struct {
    const cr_profile_t  *profile;
    const cr_cgroup_t   *cgroup;    /* the one of zygotes, not of a slot */
    int                  program;   /* descriptor of the zygote's executable */
    uid_t                base;      /* host id that is 0 inside */
    unsigned             count;     /* ids mapped from there; 1: rootless */
} cr_start_t;

typedef struct {
    int                  init;      /* pidfd of the namespaces' init */
    int                  starter;   /* pidfd of a child that soon exits */
    int                  control;   /* the zygote's control socket */
    int                  words;     /* what both write to descriptor 2 */
} cr_started_t;


/*
 * Starts both; 0, or -1 with errno.  The zygote's own pidfd comes over the
 * control socket as CR_CTL_STARTED.  An error of a later step ends these
 * processes with a line on descriptor 2 or in words: the end of file on the
 * control socket tells.
 */
int cr_start(const cr_start_t *start, cr_started_t *started);


#endif /* _CR_START_H_INCLUDED_ */
