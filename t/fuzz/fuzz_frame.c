
/*
 * A worker's connection, as the supervisor reads it: any bytes, in pieces of
 * any size, while honest cells run what comes of them.
 *
 * An input is a chain of pieces, each a length of two bytes and so many; the
 * length's highest bit lets the others take a step after it.
 */


#include "fuzz_supervisor.h"


#define STEPS_TO_PARK  6
#define OTHERS         0x8000


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t     len;
    unsigned   i, head;
    fuzz_in_t  in;

    in.pos = data;
    in.end = data + size;

    fuzz_begin();

    for (i = 0; i < STEPS_TO_PARK; i++) {
        fuzz_honest();
        fuzz_round();
    }

    /* Else no input would ever have a job run, and nobody would know. */

    fuzz_must(cr_super.runners[0].nparked == FUZZ_SLOTS);

    while (in.pos < in.end) {
        head = fuzz_u16(&in);
        len = head & ~OTHERS;

        if (len > (size_t) (in.end - in.pos)) {
            len = in.end - in.pos;
        }

        fuzz_worker_write(0, in.pos, len);
        in.pos += len;

        if (head & OTHERS) {
            fuzz_honest();
        }

        fuzz_sleep(1000);
        fuzz_round();
    }

    fuzz_end();

    return 0;
}
