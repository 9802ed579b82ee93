
#include "ngx_cr_utf8.h"


/*
 * Answers the length of the character at p, or minus the length of the
 * maximal part that begins none.  *partial is set when the bytes end before
 * the character does.
 */

static ssize_t
ngx_cr_utf8_char(const u_char *p, const u_char *end,
    ngx_uint_t *partial)
{
    size_t  n, i;
    u_char  c, low, high;

    *partial = 0;

    c = *p;
    low = 0x80;
    high = 0xbf;

    if (c < 0x80) {
        return 1;
    }

    if (c >= 0xc2 && c <= 0xdf) {
        n = 2;

    } else if (c >= 0xe0 && c <= 0xef) {
        n = 3;
        low = (c == 0xe0) ? 0xa0 : 0x80;
        high = (c == 0xed) ? 0x9f : 0xbf;

    } else if (c >= 0xf0 && c <= 0xf4) {
        n = 4;
        low = (c == 0xf0) ? 0x90 : 0x80;
        high = (c == 0xf4) ? 0x8f : 0xbf;

    } else {
        return -1;
    }

    for (i = 1; i < n; i++) {

        if (p + i == end) {
            *partial = 1;
            return -(ssize_t) i;
        }

        if (p[i] < low || p[i] > high) {
            return -(ssize_t) i;
        }

        low = 0x80;
        high = 0xbf;
    }

    return n;
}


size_t
ngx_cr_utf8_valid(const u_char *p, const u_char *end)
{
    ssize_t        n;
    uint64_t       word;
    ngx_uint_t     partial;
    const u_char  *start;

    start = p;

    while (p < end) {

        if (end - p >= 8) {
            ngx_memcpy(&word, p, 8);

            if ((word & 0x8080808080808080ULL) == 0) {
                p += 8;
                continue;
            }
        }

        n = ngx_cr_utf8_char(p, end, &partial);

        if (n < 0) {
            break;
        }

        p += n;
    }

    return p - start;
}


u_char *
ngx_cr_utf8_replace(u_char *out, const u_char *p, const u_char *end,
    ngx_uint_t cut)
{
    size_t      n;
    ssize_t     bad;
    ngx_uint_t  partial;

    for ( ;; ) {
        n = ngx_cr_utf8_valid(p, end);

        out = ngx_cpymem(out, p, n);
        p += n;

        if (p == end) {
            break;
        }

        bad = ngx_cr_utf8_char(p, end, &partial);
        p += -bad;

        if (partial && cut) {
            break;
        }

        out = ngx_cpymem(out, "\xEF\xBF\xBD", NGX_CR_UTF8_REPLACEMENT);
    }

    return out;
}


/* A byte that begins a character is never one of another's further bytes. */

size_t
ngx_cr_utf8_beginning(const u_char *p, const u_char *end)
{
    size_t      n;
    ngx_uint_t  partial;

    for (n = 1; n <= NGX_CR_UTF8_BEGINNING && n <= (size_t) (end - p); n++) {

        if ((end[-(ssize_t) n] & 0xc0) != 0x80) {
            (void) ngx_cr_utf8_char(end - n, end, &partial);
            return partial ? n : 0;
        }
    }

    return 0;
}
