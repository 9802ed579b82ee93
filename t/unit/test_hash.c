
/* Hash tables: keys that are chosen to fall together do not. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "cr_hash.h"


#define KEYS  4096


/*
 * Keys that are equal in their lower bits, in their upper ones, and such as
 * cancel when both halves are mixed.
 */

static uint64_t
key(unsigned kind, uint64_t i)
{
    switch (kind) {

    case 0:
        return i;

    case 1:
        return i << 8;

    case 2:
        return i << 32;

    case 3:
        return i << 52;

    default:
        return i << 32 | i;
    }
}


static void
test_hash_spread(void **state)
{
    unsigned  kind, i, bucket, longest, count[CR_HASH_BUCKETS];

    (void) state;

    for (kind = 0; kind < 5; kind++) {
        memset(count, 0, sizeof(count));
        longest = 0;

        for (i = 0; i < KEYS; i++) {
            bucket = cr_hash(key(kind, i));
            assert_true(bucket < CR_HASH_BUCKETS);
            assert_int_equal(bucket, cr_hash(key(kind, i)));

            if (++count[bucket] > longest) {
                longest = count[bucket];
            }
        }

        /* Even chance would give 16 each. */

        assert_true(longest < 256);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_hash_spread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
