
/*
 * The codec of frames and messages, which both sides have.  Whatever can be
 * unpacked is packed again to the very bytes it came from: no two payloads
 * mean the same, and nothing in one is left unread.
 *
 * The first byte of an input chooses what the rest is taken for.
 */


#include <string.h>

#include "cr_message.h"
#include "fuzz.h"


static unsigned char  packed[CR_FRAME_MAX + CR_FRAME_HEADER];

static union {
    cr_run_t       run;
    cr_handover_t  handover;
    cr_program_t   program;
    cr_claim_t     claim;
    cr_result_t    result;
    cr_status_t    status;
} message;


#define KIND(name)                                                            \
                                                                              \
static int                                                                    \
name##_again(cr_put_t *put, const void *data, size_t size)                    \
{                                                                             \
    if (cr_##name##_unpack(data, size, &message.name) != 0) {                 \
        return -1;                                                            \
    }                                                                         \
                                                                              \
    cr_##name##_pack(put, &message.name);                                     \
                                                                              \
    return 0;                                                                 \
}

KIND(run)
KIND(handover)
KIND(program)
KIND(claim)
KIND(result)
KIND(status)


/* A header: the bytes behind it are its frame's, not its own. */

static int
frame_again(cr_put_t *put, const void *data, size_t size)
{
    cr_frame_t  frame;

    if (size != CR_FRAME_HEADER || cr_frame_decode(data, size, &frame) != 1) {
        fuzz_must(cr_frame_decode(data, size < CR_FRAME_HEADER ? size : 0,
                                  &frame) == 0);
        return -1;
    }

    cr_frame_encode(put->pos, &frame);
    put->pos += CR_FRAME_HEADER;

    return 0;
}


static int  (*const kinds[])(cr_put_t *put, const void *data, size_t size) = {
    frame_again, run_again, handover_again, program_again, claim_again,
    result_again, status_again
};


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cr_put_t   put;
    fuzz_in_t  in;

    in.pos = data;
    in.end = data + size;

    /* What an unpacking function leaves unset must not look like a value. */

    memset(&message, 0xa5, sizeof(message));
    cr_put_init(&put, packed, sizeof(packed));

    if (kinds[fuzz_u8(&in) % (sizeof(kinds) / sizeof(kinds[0]))]
        (&put, in.pos, in.end - in.pos) != 0)
    {
        return 0;
    }

    fuzz_must(!put.bad);
    fuzz_must(cr_put_len(&put) == (size_t) (in.end - in.pos));
    fuzz_must(memcmp(packed, in.pos, in.end - in.pos) == 0);

    return 0;
}
