
/*
 * The frame codec alone: layout, bounds, and bytes that are no frame.  Every
 * buffer is allocated to its exact size, so that a read or write past it is
 * seen by valgrind and ASan.
 */


#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cr_frame.h"


static uint64_t
rnd(void)
{
    static uint64_t  x = 0x9e3779b97f4a7c15ULL;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;

    return x;
}


static void
test_frame_layout(void **state)
{
    cr_frame_t     frame;
    unsigned char  buf[CR_FRAME_HEADER + 1];

    static const unsigned char  expected[CR_FRAME_HEADER] = {
        0x04, 0x03, 0x02, 0x00,  0x08, 0x07, 0x06, 0x05,  0x09, 0x0a, 0, 0
    };

    (void) state;

    memset(buf, 0xaa, sizeof(buf));

    frame.length = 0x00020304;
    frame.job = 0x05060708;
    frame.type = 0x09;
    frame.flags = 0x0a;

    cr_frame_encode(buf, &frame);

    assert_memory_equal(buf, expected, CR_FRAME_HEADER);
    assert_int_equal(buf[CR_FRAME_HEADER], 0xaa);
}


static void
test_frame_round_trip(void **state)
{
    int            i;
    cr_frame_t     in, out;
    unsigned char  buf[CR_FRAME_HEADER];

    (void) state;

    for (i = 0; i < 10000; i++) {
        in.length = rnd() % (CR_FRAME_MAX + 1);
        in.job = (uint32_t) rnd();
        in.type = (uint8_t) rnd();
        in.flags = (uint8_t) rnd();

        cr_frame_encode(buf, &in);
        memset(&out, 0xff, sizeof(out));

        assert_int_equal(cr_frame_decode(buf, sizeof(buf), &out), 1);

        assert_int_equal(out.length, in.length);
        assert_int_equal(out.job, in.job);
        assert_int_equal(out.type, in.type);
        assert_int_equal(out.flags, in.flags);
    }
}


static void
test_frame_short(void **state)
{
    size_t          n;
    cr_frame_t      frame;
    unsigned char  *p;

    (void) state;

    for (n = 0; n < CR_FRAME_HEADER; n++) {
        p = malloc(n ? n : 1);
        assert_non_null(p);
        memset(p, 0xff, n);

        assert_int_equal(cr_frame_decode(p, n, &frame), 0);

        free(p);
    }
}


static void
test_frame_too_long(void **state)
{
    size_t         i;
    cr_frame_t     frame, out;
    unsigned char  buf[CR_FRAME_HEADER];

    static const uint32_t  lengths[] = {
        CR_FRAME_MAX + 1, CR_FRAME_MAX * 2, 0x7fffffff, 0x80000000, 0xffffffff
    };

    (void) state;

    memset(&frame, 0, sizeof(frame));

    frame.length = CR_FRAME_MAX;
    cr_frame_encode(buf, &frame);
    assert_int_equal(cr_frame_decode(buf, sizeof(buf), &out), 1);

    for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        frame.length = lengths[i];
        cr_frame_encode(buf, &frame);
        assert_int_equal(cr_frame_decode(buf, sizeof(buf), &out), -1);
    }
}


static void
test_frame_reserved(void **state)
{
    int            bit;
    cr_frame_t     frame;
    unsigned char  buf[CR_FRAME_HEADER];

    (void) state;

    memset(&frame, 0, sizeof(frame));

    for (bit = 0; bit < 16; bit++) {
        cr_frame_encode(buf, &frame);
        buf[10 + bit / 8] |= (unsigned char) (1 << (bit % 8));
        assert_int_equal(cr_frame_decode(buf, sizeof(buf), &frame), -1);
    }
}


static void
test_frame_garbage(void **state)
{
    int            i, n, rc;
    cr_frame_t     frame;
    unsigned char  buf[CR_FRAME_HEADER], again[CR_FRAME_HEADER];

    (void) state;

    for (i = 0; i < 100000; i++) {

        for (n = 0; n < CR_FRAME_HEADER; n++) {
            buf[n] = (unsigned char) rnd();
        }

        if (i & 1) {
            /* half of them can be frames */
            buf[2] &= 3;
            buf[3] = buf[10] = buf[11] = 0;
        }

        rc = cr_frame_decode(buf, sizeof(buf), &frame);

        if (rc == 1) {
            assert_true(frame.length <= CR_FRAME_MAX);
            cr_frame_encode(again, &frame);
            assert_memory_equal(buf, again, sizeof(buf));

        } else {
            assert_int_equal(rc, -1);
        }
    }
}


static void
test_put_layout(void **state)
{
    cr_put_t       put;
    unsigned char  buf[64];

    static const unsigned char  expected[] = {
        0x01,
        0x03, 0x02,
        0x07, 0x06, 0x05, 0x04,
        0x0f, 0x0e, 0x0d, 0x0c, 0x0b, 0x0a, 0x09, 0x08,
        0x03, 0x00, 0x00, 0x00, 'a', 'b', 'c',
        0x00, 0x00, 0x00, 0x00
    };

    (void) state;

    cr_put_init(&put, buf, sizeof(buf));
    cr_put_u8(&put, 0x01);
    cr_put_u16(&put, 0x0203);
    cr_put_u32(&put, 0x04050607);
    cr_put_u64(&put, 0x08090a0b0c0d0e0fULL);
    cr_put_bytes(&put, "abc", 3);
    cr_put_bytes(&put, NULL, 0);

    assert_int_equal(put.bad, 0);
    assert_int_equal(cr_put_len(&put), sizeof(expected));
    assert_memory_equal(buf, expected, sizeof(expected));
}


static void
put_all(cr_put_t *put)
{
    cr_put_u8(put, 0x81);
    cr_put_u16(put, 0x8283);
    cr_put_u32(put, 0x84858687);
    cr_put_u64(put, 0x88898a8b8c8d8e8fULL);
    cr_put_bytes(put, "payload", 7);
}


static void
test_put_bounds(void **state)
{
    size_t          n, full;
    cr_put_t        put;
    unsigned char  *p;

    (void) state;

    full = 1 + 2 + 4 + 8 + 4 + 7;

    for (n = 0; n <= full; n++) {
        p = malloc(n + 1);
        assert_non_null(p);
        p[n] = 0xaa;

        cr_put_init(&put, p, n);
        put_all(&put);

        assert_int_equal(put.bad, n < full);
        assert_true(cr_put_len(&put) <= n);
        assert_int_equal(p[n], 0xaa);

        free(p);
    }
}


/* What did not fit is not followed by what would. */

static void
test_put_sticky(void **state)
{
    size_t         len;
    cr_put_t       put;
    unsigned char  buf[6];

    (void) state;

    cr_put_init(&put, buf, sizeof(buf));
    cr_put_u32(&put, 1);
    cr_put_u64(&put, 2);
    assert_int_equal(put.bad, 1);

    len = cr_put_len(&put);
    cr_put_u8(&put, 3);
    cr_put_bytes(&put, "", 0);

    assert_int_equal(put.bad, 1);
    assert_int_equal(cr_put_len(&put), len);
}


static void
test_put_huge(void **state)
{
    cr_put_t       put;
    unsigned char  buf[64];

    (void) state;

    /* a length whose lower 32 bits would fit */

    cr_put_init(&put, buf, sizeof(buf));
    cr_put_bytes(&put, buf, (size_t) UINT32_MAX + 2);
    assert_int_equal(put.bad, 1);

    cr_put_init(&put, buf, sizeof(buf));
    cr_put_bytes(&put, buf, SIZE_MAX);
    assert_int_equal(put.bad, 1);
}


static int
get_all(cr_get_t *get)
{
    size_t                len;
    uint8_t               u8;
    uint16_t              u16;
    uint32_t              u32;
    uint64_t              u64;
    const unsigned char  *p;

    u8 = cr_get_u8(get);
    assert_int_equal(u8, get->bad ? 0 : 0x81);

    u16 = cr_get_u16(get);
    assert_int_equal(u16, get->bad ? 0 : 0x8283);

    u32 = cr_get_u32(get);
    assert_int_equal(u32, get->bad ? 0 : 0x84858687);

    u64 = cr_get_u64(get);
    assert_true(u64 == (get->bad ? 0 : 0x88898a8b8c8d8e8fULL));

    p = cr_get_bytes(get, 7, &len);

    if (p == NULL) {
        assert_int_equal(len, 0);
        assert_int_equal(get->bad, 1);

    } else {
        assert_int_equal(len, 7);
        assert_memory_equal(p, "payload", 7);
    }

    return get->bad;
}


static void
test_get_truncated(void **state)
{
    size_t          n, full;
    cr_get_t        get;
    cr_put_t        put;
    unsigned char   buf[64], *p;

    (void) state;

    cr_put_init(&put, buf, sizeof(buf));
    put_all(&put);
    full = cr_put_len(&put);

    for (n = 0; n <= full; n++) {
        p = malloc(n ? n : 1);
        assert_non_null(p);
        memcpy(p, buf, n);

        cr_get_init(&get, p, n);
        assert_int_equal(get_all(&get), n < full);

        free(p);
    }
}


static void
test_get_bytes_bounds(void **state)
{
    size_t    i, len;
    cr_get_t  get;

    static const unsigned char  five[] = { 5, 0, 0, 0, 'h', 'e', 'l', 'l',
                                           'o' };

    static const unsigned char  liars[][8] = {
        { 5, 0, 0, 0, 'h', 'e', 'l', 'l' },
        { 0xff, 0xff, 0xff, 0xff, 'h', 'e', 'l', 'l' },
        { 0, 0, 0, 0x80, 'h', 'e', 'l', 'l' },
        { 4, 1, 0, 0, 'h', 'e', 'l', 'l' },
    };

    (void) state;

    cr_get_init(&get, five, sizeof(five));
    assert_non_null(cr_get_bytes(&get, 5, &len));
    assert_int_equal(len, 5);
    assert_int_equal(get.bad, 0);
    assert_ptr_equal(get.pos, get.end);

    cr_get_init(&get, five, sizeof(five));
    assert_null(cr_get_bytes(&get, 4, &len));
    assert_int_equal(len, 0);
    assert_int_equal(get.bad, 1);

    for (i = 0; i < sizeof(liars) / sizeof(liars[0]); i++) {
        cr_get_init(&get, liars[i], sizeof(liars[i]));
        assert_null(cr_get_bytes(&get, SIZE_MAX, &len));
        assert_int_equal(len, 0);
        assert_int_equal(get.bad, 1);
    }
}


static void
test_get_sticky(void **state)
{
    size_t    len;
    cr_get_t  get;

    static const unsigned char  bytes[] = { 1, 2, 3, 4, 5, 6 };

    (void) state;

    cr_get_init(&get, bytes, sizeof(bytes));
    assert_true(cr_get_u64(&get) == 0);
    assert_int_equal(get.bad, 1);

    assert_int_equal(cr_get_u8(&get), 0);
    assert_int_equal(cr_get_u16(&get), 0);
    assert_int_equal(cr_get_u32(&get), 0);
    assert_null(cr_get_bytes(&get, 100, &len));
    assert_int_equal(len, 0);
    assert_int_equal(get.bad, 1);
    assert_ptr_equal(get.pos, bytes);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_frame_layout),
        cmocka_unit_test(test_frame_round_trip),
        cmocka_unit_test(test_frame_short),
        cmocka_unit_test(test_frame_too_long),
        cmocka_unit_test(test_frame_reserved),
        cmocka_unit_test(test_frame_garbage),
        cmocka_unit_test(test_put_layout),
        cmocka_unit_test(test_put_bounds),
        cmocka_unit_test(test_put_sticky),
        cmocka_unit_test(test_put_huge),
        cmocka_unit_test(test_get_truncated),
        cmocka_unit_test(test_get_bytes_bounds),
        cmocka_unit_test(test_get_sticky),
    };

    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
