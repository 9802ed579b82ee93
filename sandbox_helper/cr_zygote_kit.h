
/*
 * What the files of the zygote kit share.  Runtimes include cr_zygote.h.
 */


#ifndef _CR_ZYGOTE_KIT_H_INCLUDED_
#define _CR_ZYGOTE_KIT_H_INCLUDED_


#include "cr_control.h"
#include "cr_layers.h"
#include "cr_zygote.h"


/*
 * Numbers that the kit keeps for itself, and those between them for a cell's
 * pipes: all are taken, so that none that comes in has one.
 */

#define CR_KIT_CONTROL   3    /* the control socket, here and in slot-zygotes */
#define CR_KIT_RULESET   CR_CELL_FDS  /* the prepared Landlock ruleset */


/* Where a profile that writes has its own /tmp, and a job its files. */

#define CR_CELL_FOLDER  "/tmp"


/* Flags of CR_CTL_SETUP's value. */

#define CR_KIT_ROOTLESS     1   /* one uid alone is mapped: none to drop to */
#define CR_KIT_NO_LANDLOCK  2   /* the kernel has none: reported as off */


typedef struct {
    const cr_runtime_t  *runtime;
    cr_profile_t         profile;
    cr_options_t         options;
    struct sock_fprog    filter;
    int                  flags;     /* CR_KIT_* */
    unsigned             slot;      /* in a slot-zygote and its cells */
} cr_kit_t;


/*
 * cr_zygote.c: tells the supervisor of a fork: its pidfd, which is closed
 * then; or, when pid is -1, errno.
 */
void cr_zygote_answer(uint32_t type, unsigned slot, pid_t pid, int pidfd);

/* cr_zygote_slot.c: the life of a slot-zygote; fds as in CR_CTL_SLOT. */
void cr_zygote_slot(cr_kit_t *kit, cr_ctl_t *ctl) __attribute__((noreturn));

/* cr_cell.c: confines the process, parks it, runs one job; fds as in
 * CR_CTL_CELL. */
void cr_cell(cr_kit_t *kit, const int *fds) __attribute__((noreturn));

/* cr_cell_job.c: waits for the job and does it; or says why none can be. */
void cr_cell_job(const cr_kit_t *kit) __attribute__((noreturn));
void cr_cell_unfit(const char *reason) __attribute__((noreturn));

/*
 * cr_cell_files.c.  dir is the folder that the names start from.  place answers
 * -1 with errno; collect writes what there is to the descriptor to, match
 * compares one name with a pattern up to its "/" or end.
 */
int cr_files_place(int dir, const cr_file_t *file);
void cr_files_collect(int dir, const cr_program_t *program, int to);
int cr_files_match(const char *pattern, const char *name);


#endif /* _CR_ZYGOTE_KIT_H_INCLUDED_ */
