
/* Seeds that make_seeds.c has of other files. */


#ifndef _FUZZ_SEEDS_H_INCLUDED_
#define _FUZZ_SEEDS_H_INCLUDED_


#include "cr_message.h"


/* Writes what was put as a seed of the target, and begins the next. */
typedef void (*fuzz_save_pt)(const char *target, const char *name);

void fuzz_seeds_control(cr_put_t *put, fuzz_save_pt save);
void fuzz_seeds_websocket(cr_put_t *put, fuzz_save_pt save);
void fuzz_seeds_request(cr_put_t *put, fuzz_save_pt save);


#endif /* _FUZZ_SEEDS_H_INCLUDED_ */
