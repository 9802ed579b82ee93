
#include "ngx_cr_compare.h"


/* "\r" is one too: lines that end as on Windows are the same lines. */

static ngx_uint_t
ngx_cr_compare_blank(u_char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\f' || ch == '\v';
}


/* How much of it is left without what makes no difference at its end. */

static size_t
ngx_cr_compare_end(const ngx_str_t *text)
{
    size_t  len;

    len = text->len;

    while (len && (text->data[len - 1] == '\n'
                   || ngx_cr_compare_blank(text->data[len - 1])))
    {
        len--;
    }

    return len;
}


/* Behind the blanks, if a line ends there; else where it was. */

static const u_char *
ngx_cr_compare_skip(const u_char *p, const u_char *end)
{
    const u_char  *from;

    from = p;

    while (p < end && ngx_cr_compare_blank(*p)) {
        p++;
    }

    return (p == end || *p == '\n') ? p : from;
}


/* At the start of blanks it is to be seen whether a line ends behind them. */

static ngx_uint_t
ngx_cr_compare_lines(const ngx_str_t *out, const ngx_str_t *expected)
{
    const u_char  *a, *aend, *b, *bend;

    a = out->data;
    aend = a + ngx_cr_compare_end(out);
    b = expected->data;
    bend = b + ngx_cr_compare_end(expected);

    for ( ;; ) {
        a = ngx_cr_compare_skip(a, aend);
        b = ngx_cr_compare_skip(b, bend);

        do {
            if (a == aend || b == bend) {
                return a == aend && b == bend;
            }

            if (*a++ != *b++) {
                return 0;
            }

        } while (ngx_cr_compare_blank(a[-1])
                 || !((a < aend && ngx_cr_compare_blank(*a))
                      || (b < bend && ngx_cr_compare_blank(*b))));
    }
}


ngx_uint_t
ngx_cr_compare(ngx_cr_compare_e how, const ngx_str_t *out,
    const ngx_str_t *expected)
{
    if (out->len == 0 && expected->len == 0) {
        return 1;
    }

    if (how == NGX_CR_COMPARE_TRAILING_SPACE) {
        return ngx_cr_compare_lines(out, expected);
    }

    return out->len == expected->len
           && ngx_memcmp(out->data, expected->data, out->len) == 0;
}
