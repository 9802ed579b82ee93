
/* Whether a program wrote what it was to write. */

/*
 * link: ngx_http_coderemote_module/core/ngx_cr_compare.c nginx
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ngx_cr_compare.h"


#define str(s)  { (unsigned char *) s, sizeof(s) - 1 }

typedef struct {
    struct {
        unsigned char  *data;
        size_t          len;
    }           a, b;
    ngx_uint_t  trailing;
} case_t;


/* None but the first three are the same bytes. */

#define SAME  3

static const case_t  cases[] = {
    { str(""), str(""), 1 },
    { str("a\n"), str("a\n"), 1 },
    { str("\xff\0\xfe"), str("\xff\0\xfe"), 1 },

    { str("a"), str("a\n"), 1 },
    { str("a\n\n \t\n"), str("a"), 1 },
    { str(""), str("\n\n"), 1 },
    { str("  \n \n"), str(""), 1 },
    { str("a  \nb"), str("a\nb"), 1 },
    { str("a\r\nb\r\n"), str("a\nb\n"), 1 },
    { str("a \t \nb \n"), str("a\t\nb  "), 1 },
    { str("a\n  \nb"), str("a\n\nb"), 1 },
    { str(" a b \n"), str(" a b"), 1 },
    { str(" \na"), str("\na"), 1 },
    { str("a  b \n c"), str("a  b\n c  "), 1 },

    { str("a"), str("b"), 0 },
    { str("a"), str(""), 0 },
    { str("a"), str("aa"), 0 },
    { str("a b"), str("a  b"), 0 },
    { str("a b"), str("a\tb"), 0 },
    { str("a b"), str("ab"), 0 },
    { str("a \nb"), str("a b"), 0 },
    { str("a  \n"), str("a  b"), 0 },
    { str(" a"), str("a"), 0 },
    { str("\na"), str("a"), 0 },
    { str("a\n\nb"), str("a\nb"), 0 },
    { str("a\n \n b"), str("a\n\nb"), 0 },
    { str("\xc3\xa9"), str("\xc3\xa8"), 0 },
    { str("a\0"), str("a"), 0 }
};


/* Its own memory, to its last byte, so that valgrind sees what is beyond. */

static ngx_str_t
copy(const unsigned char *data, size_t len)
{
    ngx_str_t  text;

    text.len = len;
    text.data = len ? malloc(len) : NULL;

    if (len) {
        memcpy(text.data, data, len);
    }

    return text;
}


static void
test_cases(void **state)
{
    size_t       i;
    ngx_str_t    a, b;
    ngx_uint_t   exact;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        a = copy(cases[i].a.data, cases[i].a.len);
        b = copy(cases[i].b.data, cases[i].b.len);
        exact = (i < SAME);

        print_message("case %zu\n", i);
        assert_int_equal(ngx_cr_compare(NGX_CR_COMPARE_EXACT, &a, &b), exact);
        assert_int_equal(ngx_cr_compare(NGX_CR_COMPARE_EXACT, &b, &a), exact);
        assert_int_equal(ngx_cr_compare(NGX_CR_COMPARE_TRAILING_SPACE, &a,
                                        &b),
                         cases[i].trailing);
        assert_int_equal(ngx_cr_compare(NGX_CR_COMPARE_TRAILING_SPACE, &b,
                                        &a),
                         cases[i].trailing);

        free(a.data);
        free(b.data);
    }
}


/* The slow and plain way: all blanks before a line's end are taken out. */

static size_t
strip(const unsigned char *text, size_t len, unsigned char *to)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i <= len; i++) {

        if (i == len || text[i] == '\n') {
            while (n && (to[n - 1] == ' ' || to[n - 1] == '\t')) {
                n--;
            }
        }

        if (i < len) {
            to[n++] = text[i];
        }
    }

    while (n && to[n - 1] == '\n') {
        n--;
    }

    return n;
}


/* All texts of few letters against all others. */

static void
test_all(void **state)
{
    enum { LEN = 5, KINDS = 1024 };

    size_t         i, j, n, m, same;
    ngx_str_t      a, b;
    unsigned char  text[2][LEN], bare[2][LEN];

    (void) state;

    same = 0;

    for (i = 0; i < KINDS; i++) {
        for (n = 0; n < LEN; n++) {
            text[0][n] = "a \n\t"[i >> 2 * n & 3];
        }

        a = copy(text[0], LEN);
        n = strip(text[0], LEN, bare[0]);

        for (j = 0; j < KINDS; j++) {
            for (m = 0; m < LEN; m++) {
                text[1][m] = "a \n\t"[j >> 2 * m & 3];
            }

            b.data = text[1];
            b.len = LEN - j % 3;
            m = strip(text[1], b.len, bare[1]);

            if (ngx_cr_compare(NGX_CR_COMPARE_TRAILING_SPACE, &a, &b)
                != (n == m && memcmp(bare[0], bare[1], n) == 0))
            {
                fail_msg("%zu and %zu", i, j);
            }

            same += (n == m && memcmp(bare[0], bare[1], n) == 0);
        }

        free(a.data);
    }

    assert_true(same > KINDS);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_all)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
