
/*
 * The host ids that this supervisor's zygotes and cells have.
 */


#ifndef _CR_SUPERVISOR_IDS_H_INCLUDED_
#define _CR_SUPERVISOR_IDS_H_INCLUDED_


#include <sys/types.h>


/*
 * Takes a block of ids that no other supervisor of this machine has and that
 * /etc/subuid and /etc/subgid give to nobody, and keeps it until this process
 * ends.  0, or -1 with the reason logged.
 */
int cr_ids_block(unsigned *block);

/*
 * Takes a block besides one's own for a moment: 1; 0 when another supervisor
 * has it, or there is no such block.  Only after cr_ids_block().
 */
int cr_ids_claim(unsigned block);
void cr_ids_release(unsigned block);

/* The first id of a profile within the block. */
uid_t cr_ids_base(unsigned block, unsigned profile);

/*
 * Without privilege: a user namespace of its own in which the caller's only
 * uid is root, so that all further steps are the same.  0 or -1, logged.
 */
int cr_ids_rootless(void);


#endif /* _CR_SUPERVISOR_IDS_H_INCLUDED_ */
