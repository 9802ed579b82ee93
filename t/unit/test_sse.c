
/* Streams of events, cut anywhere. */

/* link: nginx -It/fuzz t/fuzz/fuzz_nginx.c t/fuzz/fuzz_nginx_string.c */
/* link: ngx_http_coderemote_module/plugins/ngx_cr_sse.c */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "ngx_cr_sse.h"

#include "fuzz_nginx.h"


#define COUNT(a)  (sizeof(a) / sizeof(a[0]))


static char        told[4096];
static ngx_uint_t  stop_at, nevents;


static ngx_int_t
event(void *ctx, const ngx_str_t *data)
{
    char  *p;

    (void) ctx;

    p = told + strlen(told);
    memcpy(p, data->data, data->len);
    strcpy(p + data->len, "|");

    return ++nevents == stop_at ? NGX_ABORT : NGX_OK;
}


static ngx_int_t
run(const char *text, size_t len, size_t first, size_t step, size_t max)
{
    size_t        n;
    ngx_int_t     rc;
    ngx_cr_sse_t  sse;

    memset(&sse, 0, sizeof(sse));
    sse.event = event;
    sse.max = max;
    sse.log = fuzz_log;

    told[0] = '\0';
    nevents = 0;

    for (rc = NGX_OK, n = first; len && rc == NGX_OK; n = step) {
        n = ngx_min(n, len);

        rc = ngx_cr_sse_feed(&sse, (u_char *) text, n);

        text += n;
        len -= n;
    }

    if (rc == NGX_OK) {
        rc = ngx_cr_sse_end(&sse);
    }

    ngx_cr_sse_free(&sse);

    return rc;
}


static void
test_events(void **state)
{
    size_t  i, len, first;

    static const struct {
        const char  *text;
        const char  *events;
    } cases[] = {
        { "", "" },
        { "data: a\n\n", "a|" },
        { "data:a\n\ndata:  b\n\n", "a| b|" },
        { "data: a\r\n\r\ndata: b\r\rdata: c\n\n", "a|b|c|" },
        { "data: a\ndata: b\ndata\ndata:\ndata: c\n\n", "a\nb\n\n\nc|" },
        { ": comment\nid: 1\nevent: x\nretry: 5\ndata: a\n\n", "a|" },
        { "\xef\xbb\xbf" "data: a\n\n", "a|" },
        { "data: \xef\xbb\xbf\n\n", "\xef\xbb\xbf|" },
        { "\n\n\r\n\rdata: a\n\n\n\n", "a|" },
        { "dat: a\ndatas: b\n data: c\nDATA: d\n\n", "" },
        { "data: h\xc3\xa4lf \xf0\x9f\x98\x80\n\n",
          "h\xc3\xa4lf \xf0\x9f\x98\x80|" },
        { "data: no end", "no end|" },
        { "data: a\n\ndata: b\n", "a|b|" },
        { "data: a\r", "a|" },
        { "data\n\n", "|" },
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {

        len = strlen(cases[i].text);

        for (first = 0; first <= len; first++) {
            assert_int_equal(run(cases[i].text, len, first, len, 4096),
                             NGX_OK);
            assert_string_equal(told, cases[i].events);
        }

        assert_int_equal(run(cases[i].text, len, 1, 1, 4096), NGX_OK);
        assert_string_equal(told, cases[i].events);
    }
}


static void
test_bounds(void **state)
{
    static char  line[20000];
    size_t       len;

    (void) state;

    memset(line, 'x', sizeof(line));
    memcpy(line, "data: ", 6);

    assert_int_equal(run(line, sizeof(line), 7, 7, 10000), NGX_DECLINED);
    assert_int_equal(run(line, sizeof(line), 20000, 1, 10000), NGX_DECLINED);

    memcpy(line, ": ", 2);
    assert_int_equal(run(line, sizeof(line), 7, 7, 10000), NGX_DECLINED);

    /* many lines of one event are bounded as one is */

    for (len = 0; len + 8 < sizeof(line); len += 8) {
        memcpy(line + len, "data: x\n", 8);
    }

    assert_int_equal(run(line, len, 7, 7, 1000), NGX_DECLINED);
    assert_string_equal(told, "");

    /* and other lines are not kept */

    for (len = 0; len + 8 < sizeof(line); len += 8) {
        memcpy(line + len, ": xxxx\r\n", 8);
    }

    assert_int_equal(run(line, len, 7, 7, 16), NGX_OK);
}


static void
test_stop(void **state)
{
    const char  *text = "data: a\n\ndata: b\n\ndata: c\n\n";

    (void) state;

    stop_at = 2;
    assert_int_equal(run(text, strlen(text), 100, 100, 100), NGX_ABORT);
    assert_string_equal(told, "a|b|");
    stop_at = 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
