
#include "cr_frame.h"

#include <string.h>


void
cr_frame_encode(unsigned char *buf, const cr_frame_t *frame)
{
    cr_put_t  put;

    cr_put_init(&put, buf, CR_FRAME_HEADER);

    cr_put_u32(&put, frame->length);
    cr_put_u32(&put, frame->job);
    cr_put_u8(&put, frame->type);
    cr_put_u8(&put, frame->flags);
    cr_put_u16(&put, 0);
}


int
cr_frame_decode(const unsigned char *buf, size_t len, cr_frame_t *frame)
{
    cr_get_t  get;

    if (len < CR_FRAME_HEADER) {
        return 0;
    }

    cr_get_init(&get, buf, CR_FRAME_HEADER);

    frame->length = cr_get_u32(&get);
    frame->job = cr_get_u32(&get);
    frame->type = cr_get_u8(&get);
    frame->flags = cr_get_u8(&get);

    if (cr_get_u16(&get) != 0 || frame->length > CR_FRAME_MAX) {
        return -1;
    }

    return 1;
}


void
cr_put_init(cr_put_t *put, void *buf, size_t size)
{
    put->start = buf;
    put->pos = buf;
    put->end = put->start + size;
    put->bad = 0;
}


static void
cr_put_le(cr_put_t *put, uint64_t v, size_t n)
{
    if (put->bad || (size_t) (put->end - put->pos) < n) {
        put->bad = 1;
        return;
    }

    while (n--) {
        *put->pos++ = (unsigned char) v;
        v >>= 8;
    }
}


void
cr_put_u8(cr_put_t *put, uint8_t v)
{
    cr_put_le(put, v, 1);
}


void
cr_put_u16(cr_put_t *put, uint16_t v)
{
    cr_put_le(put, v, 2);
}


void
cr_put_u32(cr_put_t *put, uint32_t v)
{
    cr_put_le(put, v, 4);
}


void
cr_put_u64(cr_put_t *put, uint64_t v)
{
    cr_put_le(put, v, 8);
}


void
cr_put_bytes(cr_put_t *put, const void *data, size_t len)
{
    cr_put_u32(put, (uint32_t) len);

    if (put->bad || len > UINT32_MAX || (size_t) (put->end - put->pos) < len) {
        put->bad = 1;
        return;
    }

    if (len != 0) {
        memcpy(put->pos, data, len);
        put->pos += len;
    }
}


size_t
cr_put_len(const cr_put_t *put)
{
    return put->pos - put->start;
}


void
cr_get_init(cr_get_t *get, const void *buf, size_t len)
{
    get->pos = buf;
    get->end = get->pos + len;
    get->bad = 0;
}


static uint64_t
cr_get_le(cr_get_t *get, size_t n)
{
    size_t    i;
    uint64_t  v;

    if (get->bad || (size_t) (get->end - get->pos) < n) {
        get->bad = 1;
        return 0;
    }

    v = 0;

    for (i = 0; i < n; i++) {
        v |= (uint64_t) *get->pos++ << (8 * i);
    }

    return v;
}


uint8_t
cr_get_u8(cr_get_t *get)
{
    return (uint8_t) cr_get_le(get, 1);
}


uint16_t
cr_get_u16(cr_get_t *get)
{
    return (uint16_t) cr_get_le(get, 2);
}


uint32_t
cr_get_u32(cr_get_t *get)
{
    return (uint32_t) cr_get_le(get, 4);
}


uint64_t
cr_get_u64(cr_get_t *get)
{
    return cr_get_le(get, 8);
}


const unsigned char *
cr_get_bytes(cr_get_t *get, size_t max, size_t *len)
{
    size_t                n;
    const unsigned char  *p;

    *len = 0;

    n = cr_get_u32(get);

    if (get->bad || n > max || (size_t) (get->end - get->pos) < n) {
        get->bad = 1;
        return NULL;
    }

    p = get->pos;
    get->pos += n;
    *len = n;

    return p;
}
