
/*
 * What a job brought beside its output: what was packed comes back as it was,
 * and what was cut or is no record is the end of the walk.
 */

/*
 * link: ngx_http_coderemote_module/core/ngx_cr_extra.c nginx
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "ngx_cr_extra.h"


static u_char             buf[4096];
static cr_put_t           put;
static ngx_cr_job_view_t  view;


static int
setup(void **state)
{
    (void) state;

    cr_put_init(&put, buf, sizeof(buf));
    memset(&view, 0, sizeof(view));
    view.head.size = sizeof(view);

    return 0;
}


static void
pack(const ngx_cr_extra_t *extra)
{
    size_t  before, texts;

    before = cr_put_len(&put);
    texts = 0;

    if (extra->type == NGX_CR_EXTRA_ARTIFACT) {
        texts = extra->u.artifact.name.len + extra->u.artifact.content.len;

    } else if (extra->type == NGX_CR_EXTRA_CASE) {
        texts = extra->u.result.outcome.reason.len
                + extra->u.result.outcome.claim.len
                + extra->u.result.out.len + extra->u.result.err.len;
    }

    ngx_cr_extra_pack(&put, extra);

    assert_false(put.bad);
    assert_true(cr_put_len(&put) - before <= texts + NGX_CR_EXTRA_HEAD);

    view.extras.data = buf;
    view.extras.len = cr_put_len(&put);
}


static void
pack_artifact(char *name, char *content)
{
    ngx_cr_extra_t  extra;

    memset(&extra, 0, sizeof(extra));
    extra.type = NGX_CR_EXTRA_ARTIFACT;
    extra.u.artifact.name.data = (u_char *) name;
    extra.u.artifact.name.len = strlen(name);
    extra.u.artifact.size = 1ull << 40;
    extra.u.artifact.left_out = (content == NULL);

    if (content) {
        extra.u.artifact.content.data = (u_char *) content;
        extra.u.artifact.content.len = strlen(content);
        extra.u.artifact.size = strlen(content);
    }

    pack(&extra);
}


static void
pack_case(void)
{
    ngx_cr_extra_t    extra;
    ngx_cr_outcome_t  outcome = {
        NGX_CR_END_SIGNAL, NGX_CR_STDERR_CUT, 11, -7, 1, 2, 3,
        ngx_string("a reason"), ngx_string("a\0claim")
    };

    memset(&extra, 0, sizeof(extra));
    extra.type = NGX_CR_EXTRA_CASE;
    extra.u.result.number = 999;
    extra.u.result.verdict = NGX_CR_CASE_FAILED;
    extra.u.result.outcome = outcome;
    ngx_str_set(&extra.u.result.out, "out\0put");

    pack(&extra);
}


static void
pack_compile(void)
{
    ngx_cr_extra_t  extra;

    memset(&extra, 0, sizeof(extra));
    extra.type = NGX_CR_EXTRA_COMPILE;
    extra.u.compile.run_us = UINT64_MAX;
    extra.u.compile.cpu_us = 5;
    extra.u.compile.peak = 6;

    pack(&extra);
}


static void
must_be(const ngx_str_t *text, const char *is, size_t len)
{
    assert_int_equal(text->len, len);
    assert_memory_equal(text->data, is, len);
}


static void
test_all(void **state)
{
    cr_get_t        get;
    ngx_cr_extra_t  extra;

    (void) state;

    pack_compile();
    pack_artifact("out/a.png", "\x89PNG");
    pack_artifact("big", NULL);
    pack_artifact("empty", "");
    pack_case();

    ngx_cr_extra_first(&get, &view);

    assert_int_equal(ngx_cr_extra_next(&get, &extra), 1);
    assert_int_equal(extra.type, NGX_CR_EXTRA_COMPILE);
    assert_true(extra.u.compile.run_us == UINT64_MAX);
    assert_int_equal(extra.u.compile.cpu_us, 5);
    assert_int_equal(extra.u.compile.peak, 6);

    assert_int_equal(ngx_cr_extra_next(&get, &extra), 1);
    assert_int_equal(extra.type, NGX_CR_EXTRA_ARTIFACT);
    must_be(&extra.u.artifact.name, "out/a.png", 9);
    must_be(&extra.u.artifact.content, "\x89PNG", 4);
    assert_int_equal(extra.u.artifact.size, 4);
    assert_int_equal(extra.u.artifact.left_out, 0);

    assert_int_equal(ngx_cr_extra_next(&get, &extra), 1);
    must_be(&extra.u.artifact.name, "big", 3);
    assert_true(extra.u.artifact.size == 1ull << 40);
    assert_int_equal(extra.u.artifact.content.len, 0);
    assert_int_equal(extra.u.artifact.left_out, 1);

    assert_int_equal(ngx_cr_extra_next(&get, &extra), 1);
    assert_int_equal(extra.u.artifact.size, 0);
    assert_int_equal(extra.u.artifact.left_out, 0);

    assert_int_equal(ngx_cr_extra_next(&get, &extra), 1);
    assert_int_equal(extra.type, NGX_CR_EXTRA_CASE);
    assert_int_equal(extra.u.result.number, 999);
    assert_int_equal(extra.u.result.verdict, NGX_CR_CASE_FAILED);
    assert_int_equal(extra.u.result.outcome.end, NGX_CR_END_SIGNAL);
    assert_int_equal(extra.u.result.outcome.flags, NGX_CR_STDERR_CUT);
    assert_int_equal(extra.u.result.outcome.signal, 11);
    assert_int_equal(extra.u.result.outcome.exit_code, -7);
    assert_int_equal(extra.u.result.outcome.run_us, 1);
    assert_int_equal(extra.u.result.outcome.cpu_us, 2);
    assert_int_equal(extra.u.result.outcome.peak, 3);
    must_be(&extra.u.result.outcome.reason, "a reason", 8);
    must_be(&extra.u.result.outcome.claim, "a\0claim", 7);
    must_be(&extra.u.result.out, "out\0put", 7);
    assert_int_equal(extra.u.result.err.len, 0);

    assert_int_equal(ngx_cr_extra_next(&get, &extra), 0);
    assert_int_equal(ngx_cr_extra_next(&get, &extra), 0);
}


static void
test_cut(void **state)
{
    size_t          len, whole;
    ngx_int_t       rc;
    cr_get_t        get;
    ngx_cr_extra_t  extra;

    (void) state;

    pack_artifact("a", "b");
    whole = view.extras.len;
    pack_case();

    for (len = whole + 1; len < cr_put_len(&put); len++) {
        view.extras.len = len;

        ngx_cr_extra_first(&get, &view);
        assert_int_equal(ngx_cr_extra_next(&get, &extra), 1);

        rc = ngx_cr_extra_next(&get, &extra);
        assert_int_equal(rc, -1);
        assert_int_equal(ngx_cr_extra_next(&get, &extra), -1);
    }
}


static void
test_strange(void **state)
{
    cr_get_t        get;
    ngx_cr_extra_t  extra;

    (void) state;

    pack_case();

    buf[3] = NGX_CR_CASE_SKIPPED + 1;
    ngx_cr_extra_first(&get, &view);
    assert_int_equal(ngx_cr_extra_next(&get, &extra), -1);

    buf[0] = NGX_CR_EXTRA_COMPILE + 1;
    ngx_cr_extra_first(&get, &view);
    assert_int_equal(ngx_cr_extra_next(&get, &extra), -1);

    buf[0] = 0;
    ngx_cr_extra_first(&get, &view);
    assert_int_equal(ngx_cr_extra_next(&get, &extra), -1);
}


/* No extras, and a store that was built before there were any. */

static void
test_none(void **state)
{
    cr_get_t        get;
    ngx_cr_extra_t  extra;

    (void) state;

    ngx_cr_extra_first(&get, &view);
    assert_int_equal(ngx_cr_extra_next(&get, &extra), 0);

    pack_compile();
    view.head.size = offsetof(ngx_cr_job_view_t, extras);
    ngx_cr_extra_first(&get, &view);
    assert_int_equal(ngx_cr_extra_next(&get, &extra), 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_all, setup),
        cmocka_unit_test_setup(test_cut, setup),
        cmocka_unit_test_setup(test_strange, setup),
        cmocka_unit_test_setup(test_none, setup)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
