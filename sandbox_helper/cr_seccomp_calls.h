
/*
 * Between cr_seccomp.c, which compiles and loads a filter, and
 * cr_seccomp_calls.c, which says what is in it.
 */


#ifndef _CR_SECCOMP_CALLS_H_INCLUDED_
#define _CR_SECCOMP_CALLS_H_INCLUDED_


#include <errno.h>
#include <seccomp.h>

#include "cr_layers.h"


#define CR_ALLOW        SCMP_ACT_ALLOW
#define CR_REFUSE       SCMP_ACT_ERRNO(EPERM)

/* A list of calls ends with this, which is the number of none. */

#define CR_SECCOMP_END  (-1)


typedef struct cr_seccomp_s  cr_seccomp_t;

typedef struct {
    int                  call;
    uint32_t             action;
    struct scmp_arg_cmp  arg;
    struct scmp_arg_cmp  other;     /* a second condition, or none */
} cr_seccomp_rule_t;


/* What the kit needs until a cell is parked; see cr_seccomp_calls.c. */
extern const int  cr_seccomp_setup[];
extern const int  cr_seccomp_silent[];


/* Adds every rule of the profile.  0, or libseccomp's negative errno. */
int cr_seccomp_policy(cr_seccomp_t *sec, const cr_profile_t *profile);

int cr_seccomp_list(cr_seccomp_t *sec, uint32_t action, const int *calls);
int cr_seccomp_args(cr_seccomp_t *sec, const cr_seccomp_rule_t *rules,
    size_t n);


#endif /* _CR_SECCOMP_CALLS_H_INCLUDED_ */
