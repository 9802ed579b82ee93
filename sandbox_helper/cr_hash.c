
#include "cr_hash.h"

#include <sys/random.h>


static uint64_t  cr_hash_seed[2];


static void
cr_hash_init(void)
{
    /* Started so early that there is no randomness: then none is needed. */

    (void) !getrandom(cr_hash_seed, sizeof(cr_hash_seed), GRND_NONBLOCK);

    cr_hash_seed[0] |= 1;
}


/*
 * Two multiplications by odd numbers, of which one is secret: the upper half
 * of the first goes into the second, so that no bits of the key are lost.
 */

unsigned
cr_hash(uint64_t key)
{
    if (cr_hash_seed[0] == 0) {
        cr_hash_init();
    }

    key = (key ^ cr_hash_seed[1]) * cr_hash_seed[0];
    key = (key ^ (key >> 32)) * 0x9e3779b97f4a7c15ull;

    return (unsigned) (key >> (64 - CR_HASH_BITS));
}
