
/* The cases of a program, each of which is a run with input of its own. */

#include "ngx_http_coderemote_fields_local.h"


static ngx_str_t  ngx_http_coderemote_exact = ngx_string("exact");
static ngx_str_t  ngx_http_coderemote_trailing = ngx_string("trailing_space");


/* A text of a case; adds its length to *size. */

static void
ngx_http_coderemote_case_text(ngx_http_coderemote_reader_t *rd, size_t i,
    json_t *item, const char *member, ngx_str_t *text, size_t *size)
{
    json_t  *value;

    value = json_object_get(item, member);

    if (value == NULL) {
        ngx_str_set(text, "");
        return;
    }

    if (!json_is_string(value)) {
        ngx_http_coderemote_wrong_at(rd, "cases", i, member,
                                     "must be a string");
        return;
    }

    *text = ngx_http_coderemote_json_str(value);
    *size += text->len;
}


static void
ngx_http_coderemote_case_args(ngx_http_coderemote_reader_t *rd, size_t i,
    json_t *item, ngx_cr_case_t *one, size_t *size)
{
    size_t       len;
    json_t      *value;
    ngx_uint_t   n;
    cr_bytes_t  *args;

    value = json_object_get(item, "args");

    if (value == NULL) {
        return;
    }

    args = NULL;
    len = ngx_http_coderemote_at(rd, "cases", i, "args");

    ngx_http_coderemote_field_strings(rd, rd->at, len, value, &args,
                                      &one->nargs);

    one->args = args;

    for (n = 0; n < one->nargs; n++) {
        *size += args[n].len;
    }
}


void
ngx_http_coderemote_field_cases(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    size_t          i, n, input, expected;
    json_t         *item;
    ngx_cr_case_t  *cases;

    static const char *const  members[] = {
        "stdin", "args", "expected_stdout", NULL
    };

    if (value == NULL) {
        return;
    }

    rd->cases = 1;

    if (rd->conf->max_cases == 0) {
        ngx_http_coderemote_wrong(rd, "cases", "are not taken here");
        return;
    }

    n = ngx_http_coderemote_field_items(rd, "cases", value, rd->conf->max_cases,
                                  "cases");

    if (n == 0) {

        if (json_is_array(value) && json_array_size(value) == 0) {
            ngx_http_coderemote_wrong(rd, "cases", "must not be empty");
        }

        return;
    }

    cases = ngx_http_coderemote_field_alloc(rd, n * sizeof(ngx_cr_case_t));
    if (cases == NULL) {
        return;
    }

    ngx_memzero(cases, n * sizeof(ngx_cr_case_t));

    input = 0;
    expected = 0;

    json_array_foreach(value, i, item) {

        if (!ngx_http_coderemote_field_item(rd, "cases", i, item, members)) {
            continue;
        }

        ngx_http_coderemote_case_text(rd, i, item, "stdin", &cases[i].input,
                                      &input);
        ngx_http_coderemote_case_text(rd, i, item, "expected_stdout",
                                      &cases[i].expected, &expected);
        ngx_http_coderemote_case_args(rd, i, item, &cases[i], &input);

        cases[i].compared = (json_object_get(item, "expected_stdout") != NULL);
    }

    if (input > rd->conf->max_stdin) {
        ngx_http_coderemote_wrong(rd, "cases",
                                  "have %uz bytes of stdin and args together; "
                                  "at most %uz are taken", input,
                                  rd->conf->max_stdin);
    }

    if (expected > rd->conf->max_output) {
        ngx_http_coderemote_wrong(rd, "cases",
                                  "have %uz bytes of expected_stdout together;"
                                  " at most %uz are taken", expected,
                                  rd->conf->max_output);
    }

    rd->fields->ncases = n;
    rd->fields->cases = cases;
}


void
ngx_http_coderemote_field_compare(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    if (value == NULL) {
        return;
    }

    if (!rd->cases) {
        ngx_http_coderemote_wrong(rd, "compare",
                                  "must not be there without cases");
        return;
    }

    if (ngx_http_coderemote_field_is(value, &ngx_http_coderemote_exact)) {
        return;
    }

    if (ngx_http_coderemote_field_is(value, &ngx_http_coderemote_trailing)) {
        rd->fields->compare = NGX_CR_COMPARE_TRAILING_SPACE;
        return;
    }

    ngx_http_coderemote_wrong(rd, "compare",
                              "must be \"exact\" or \"trailing_space\"");
}


void
ngx_http_coderemote_field_stop(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    if (value && !rd->cases) {
        ngx_http_coderemote_wrong(rd, "stop_on_failure",
                                  "must not be there without cases");
        return;
    }

    rd->fields->stop_early = ngx_http_coderemote_field_flag(rd,
                                                            "stop_on_failure",
                                                            value);
}
