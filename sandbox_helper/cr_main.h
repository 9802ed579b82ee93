
#ifndef _CR_MAIN_H_INCLUDED_
#define _CR_MAIN_H_INCLUDED_


#include <sys/types.h>


/* cr_supervisor.c: serves until nobody needs it; answers main()'s status. */
int cr_supervisor_run(int listener, uid_t caller);


#endif /* _CR_MAIN_H_INCLUDED_ */
