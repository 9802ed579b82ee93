
/*
 * What all fuzz targets share.  A target is one function that takes any
 * bytes; libFuzzer calls it, and run_files.c with the inputs that are kept.
 */


#ifndef _FUZZ_H_INCLUDED_
#define _FUZZ_H_INCLUDED_


#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* What must be true whatever the input is; a sanitizer cannot know it. */

#define fuzz_must(what)                                                       \
    do {                                                                      \
        if (!(what)) {                                                        \
            fprintf(stderr, "%s:%d: must be true: %s\n", __FILE__, __LINE__,  \
                    #what);                                                   \
            abort();                                                          \
        }                                                                     \
    } while (0)


/* An input is used up from its beginning; where it has ended there is 0. */

typedef struct {
    const uint8_t  *pos;
    const uint8_t  *end;
} fuzz_in_t;


static inline unsigned
fuzz_u8(fuzz_in_t *in)
{
    return in->pos < in->end ? *in->pos++ : 0;
}


static inline unsigned
fuzz_u16(fuzz_in_t *in)
{
    unsigned  low;

    low = fuzz_u8(in);

    return low | fuzz_u8(in) << 8;
}


/* A length of two bytes, and as many bytes as there are of it. */

static inline const uint8_t *
fuzz_bytes(fuzz_in_t *in, size_t *len)
{
    const uint8_t  *p;

    *len = fuzz_u16(in);

    if (*len > (size_t) (in->end - in->pos)) {
        *len = in->end - in->pos;
    }

    p = in->pos;
    in->pos += *len;

    return p;
}


#endif /* _FUZZ_H_INCLUDED_ */
