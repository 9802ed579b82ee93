
/*
 * A worker's connection, as the supervisor reads it: any bytes, in pieces of
 * any size, while honest cells run what comes of them.
 *
 * An input is a chain of pieces, each a length of two bytes and so many.
 */


#include "fuzz_supervisor.h"


#define STEPS_TO_PARK  6


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t          len;
    unsigned        i;
    fuzz_in_t       in;
    const uint8_t  *piece;

    in.pos = data;
    in.end = data + size;

    fuzz_begin();

    for (i = 0; i < STEPS_TO_PARK; i++) {
        fuzz_honest();
        fuzz_round();
    }

    while (in.pos < in.end) {
        piece = fuzz_bytes(&in, &len);

        fuzz_worker_write(0, piece, len);
        fuzz_round();

        fuzz_honest();
        fuzz_sleep(1000);
        fuzz_round();
    }

    fuzz_end();

    return 0;
}
