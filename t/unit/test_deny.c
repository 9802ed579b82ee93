/*
 * The file of tokens that are good no more: what is read of it, whom it denies,
 * and what is said of one that is wrong.
 */

/* link: nginx -It/fuzz t/fuzz/fuzz_nginx.c t/fuzz/fuzz_nginx_string.c */
/* link: ngx_http_coderemote_module/core/ngx_cr_deny.c -ljansson -lcrypto */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ngx_cr_deny.h"

#include "fuzz_nginx.h"


#define COUNT(a)  (sizeof(a) / sizeof(a[0]))

/* SHA-256 of "abc". */
#define ABC  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define CAPITALS                                                              \
    "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"


static ngx_pool_t  *pool;


static ngx_int_t
parse(const char *data, size_t len, ngx_cr_deny_t *deny)
{
    ngx_int_t   rc;
    ngx_str_t   text;

    /* not a byte more: whoever reads behind it is found */

    text.len = len;
    text.data = malloc(len ? len : 1);
    memcpy(text.data, data, len);

    rc = ngx_cr_deny_parse(pool, &text, deny);

    free(text.data);

    return rc;
}


static int
denied(const ngx_cr_deny_t *deny, ngx_cr_deny_kind_e kind, const char *text)
{
    ngx_str_t  s;

    s.data = (u_char *) text;
    s.len = strlen(text);

    return ngx_cr_denied(deny, kind, &s) != 0;
}


static void
test_good(void **state)
{
    size_t         i;
    ngx_cr_deny_t  deny;

    static const struct {
        const char          *text;
        ngx_uint_t           n;
        ngx_cr_deny_kind_e   kind;
        const char          *value;
        int                  denied;
    }  cases[] = {
        { "", 0, NGX_CR_DENY_SUB, "ann", 0 },
        { "# none\n\n \t \n", 0, NGX_CR_DENY_SUB, "ann", 0 },
        { "sub ann\n", 1, NGX_CR_DENY_SUB, "ann", 1 },
        { "sub ann", 1, NGX_CR_DENY_SUB, "ann", 1 },
        { "sub ann\r\n", 1, NGX_CR_DENY_SUB, "ann", 1 },
        { "\t sub \t ann \t\n", 1, NGX_CR_DENY_SUB, "ann", 1 },
        { "sub ann\n", 1, NGX_CR_DENY_SUB, "an", 0 },
        { "sub ann\n", 1, NGX_CR_DENY_SUB, "anna", 0 },
        { "sub ann\n", 1, NGX_CR_DENY_SUB, "Ann", 0 },
        { "sub ann\n", 1, NGX_CR_DENY_SUB, "", 0 },
        { "sub ann\n", 1, NGX_CR_DENY_JTI, "ann", 0 },
        { "sub ann\n", 1, NGX_CR_DENY_TOKEN, "ann", 0 },
        { "jti 7\nsub 7\n", 2, NGX_CR_DENY_JTI, "7", 1 },
        { "jti a\njti b\njti a\n", 2, NGX_CR_DENY_JTI, "b", 1 },
        { "sub A. Nn #1\n", 1, NGX_CR_DENY_SUB, "A. Nn #1", 1 },
        { "# sub ann\nsub bob\n", 1, NGX_CR_DENY_SUB, "ann", 0 },
        { "sub \xc3\xa4nn\n", 1, NGX_CR_DENY_SUB, "\xc3\xa4nn", 1 },
        { "sha256 " ABC "\n", 1, NGX_CR_DENY_TOKEN, "abc", 1 },
        { "sha256 " CAPITALS "\n", 1, NGX_CR_DENY_TOKEN, "abc", 1 },
        { "sha256 " ABC "\n", 1, NGX_CR_DENY_TOKEN, "abd", 0 },
        { "sub " ABC "\n", 1, NGX_CR_DENY_TOKEN, "abc", 0 },
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_int_equal(parse(cases[i].text, strlen(cases[i].text), &deny),
                         NGX_OK);
        assert_int_equal(deny.n, cases[i].n);

        if (denied(&deny, cases[i].kind, cases[i].value) != cases[i].denied) {
            fail_msg("case %zu: %s", i, cases[i].text);
        }
    }
}


static void
test_wrong(void **state)
{
    size_t         i;
    ngx_cr_deny_t  deny;

    static const struct {
        const char  *text;
        size_t       len;       /* 0: to its 0 */
        ngx_uint_t   line;
        const char  *why;
    }  cases[] = {
        { "ann\n", 0, 1, "one of jti, sub and sha256" },
        { "sub a\n\n# x\nSub b\n", 0, 4, "this one does not" },
        { "sub\n", 0, 1, "no value after \"sub\"" },
        { "sub a\njti \t\n", 0, 2, "no value after \"jti\"" },
        { "sub: a\n", 0, 1, "this one does not" },
        { "sub a\x01\n", 0, 1, "control character" },
        { "sub a\x7f\n", 0, 1, "control character" },
        { "sub a\0b\n", 8, 1, "control character" },
        { "\0\n", 2, 1, "this one does not" },
        { "s\"\x80\xff\n", 0, 1, "this one does not" },
        { "sha256 abc\n", 0, 1, "64 hexadecimal digits" },
        { "sha256 " ABC "0\n", 0, 1, "64 hexadecimal digits" },
        { "sha256 g" ABC, 71, 1, "64 hexadecimal digits" },
        { "sha256 " ABC " x\n", 0, 1, "64 hexadecimal digits" },
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_int_equal(parse(cases[i].text,
                               cases[i].len ? cases[i].len
                                            : strlen(cases[i].text),
                               &deny),
                         NGX_DECLINED);
        assert_int_equal(deny.line, cases[i].line);

        if (strstr((char *) deny.error, cases[i].why) == NULL) {
            fail_msg("case %zu: %s", i, deny.error);
        }
    }
}


/* All that are allowed, each found, and none beside them. */

static void
test_many(void **state)
{
    char           *text, *p, value[32];
    size_t          i;
    ngx_cr_deny_t   deny;

    (void) state;

    text = malloc(16 * (NGX_CR_DENY_MAX + 1));

    for (p = text, i = 0; i < NGX_CR_DENY_MAX; i++) {
        p += sprintf(p, "jti %zu\n", i);
    }

    assert_int_equal(parse(text, p - text, &deny), NGX_OK);
    assert_int_equal(deny.n, NGX_CR_DENY_MAX);

    for (i = 0; i < 2 * NGX_CR_DENY_MAX; i += 7) {
        sprintf(value, "%zu", i);
        assert_int_equal(denied(&deny, NGX_CR_DENY_JTI, value),
                         i < NGX_CR_DENY_MAX);
    }

    p += sprintf(p, "jti one more\n");
    assert_int_equal(parse(text, p - text, &deny), NGX_DECLINED);
    assert_int_equal(deny.line, NGX_CR_DENY_MAX + 1);
    assert_non_null(strstr((char *) deny.error, "more than 100000"));

    free(text);
}


/* Another text has another digest. */

static void
test_digest(void **state)
{
    ngx_cr_deny_t  a, b;

    (void) state;

    assert_int_equal(parse("sub a\n", 6, &a), NGX_OK);
    assert_int_equal(parse("sub a\n", 6, &b), NGX_OK);
    assert_memory_equal(a.digest, b.digest, NGX_CR_DENY_DIGEST);

    assert_int_equal(parse("sub b\n", 6, &b), NGX_OK);
    assert_memory_not_equal(a.digest, b.digest, NGX_CR_DENY_DIGEST);
}


static int
setup(void **state)
{
    (void) state;

    pool = ngx_create_pool(4096, fuzz_log);

    return pool == NULL;
}


static int
teardown(void **state)
{
    (void) state;

    ngx_destroy_pool(pool);

    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_good, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many, setup, teardown),
        cmocka_unit_test_setup_teardown(test_digest, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
