
/* UTF-8 in what programs wrote. */

/* link: nginx ngx_http_coderemote_module/core/ngx_cr_utf8.c */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "ngx_cr_utf8.h"


static void
test_beginning(void **state)
{
    size_t  i;

    static const struct {
        const char  *text;
        size_t       held;
    } cases[] = {
        { "", 0 }, { "a", 0 }, { "\xc3", 1 }, { "\xc3\xa9", 0 },
        { "\xe2", 1 }, { "\xe2\x82", 2 }, { "\xe2\x82\xac", 0 },
        { "\xf0", 1 }, { "\xf0\x9f", 2 }, { "\xf0\x9f\x98", 3 },
        { "\xf0\x9f\x98\x80", 0 }, { "\xf0\x9f\x98\x80\xf0", 1 },
        { "\x80", 0 }, { "\x80\x80\x80\x80", 0 }, { "\xff", 0 },
        { "\xc0", 0 }, { "\xe0\x80", 0 }, { "\xe0\xa0", 2 },
        { "\xed\xa0", 0 }, { "\xed\x9f", 2 }, { "\xf4\x90", 0 },
        { "\xf4\x8f", 2 }, { "\xf5", 0 }, { "\xe2\x82\xe2\x82", 2 },
        { "\xc3\xa9\x80", 0 }, { "\xe2\x82\xac\x80\x80", 0 },
    };

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(ngx_cr_utf8_beginning((u_char *) cases[i].text,
                                               (u_char *) cases[i].text
                                               + strlen(cases[i].text)),
                         cases[i].held);
    }
}


static void
test_replace(void **state)
{
    size_t   i, len;
    u_char  *end;

    static u_char  out[64];

    static const struct {
        const char  *text;
        ngx_uint_t   cut;
        size_t       valid;
        const char  *shown;
    } cases[] = {
        { "", 0, 0, "" },
        { "12345678\xc3\xa9", 0, 10, "12345678\xc3\xa9" },
        { "a\xff" "b", 0, 1, "a\xef\xbf\xbd" "b" },
        { "\xe2\x82" "b", 0, 0, "\xef\xbf\xbd" "b" },
        { "a\xe2\x82", 0, 1, "a\xef\xbf\xbd" },
        { "a\xe2\x82", 1, 1, "a" },
        { "a\xff", 1, 1, "a\xef\xbf\xbd" },
        { "\xed\xa0\x80", 0, 0, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    };

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        end = (u_char *) cases[i].text + strlen(cases[i].text);
        len = strlen(cases[i].shown);

        assert_int_equal(ngx_cr_utf8_valid((u_char *) cases[i].text, end),
                         cases[i].valid);
        assert_int_equal(ngx_cr_utf8_replace(out, (u_char *) cases[i].text,
                                             end, cases[i].cut) - out, len);
        assert_memory_equal(out, cases[i].shown, len);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_beginning),
        cmocka_unit_test(test_replace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
