
/*
 * Hash tables whose keys somebody else chooses: without knowing the seed he
 * cannot choose such as all fall into one place.
 */


#ifndef _CR_HASH_H_INCLUDED_
#define _CR_HASH_H_INCLUDED_


#include <stdint.h>


#define CR_HASH_BITS     8
#define CR_HASH_BUCKETS  (1 << CR_HASH_BITS)


/* A number below CR_HASH_BUCKETS, for as long as the process lives. */
unsigned cr_hash(uint64_t key);


#endif /* _CR_HASH_H_INCLUDED_ */
