
/* What a job brought beside its output: artifacts, its cases, compiling. */

#include "ngx_http_coderemote_job_json_local.h"
#include "ngx_cr_extra.h"
#include "ngx_cr_utf8.h"


typedef struct {
    const ngx_cr_job_view_t  *view;
    ngx_uint_t                brief;
    json_t                   *artifacts;
    json_t                   *cases;
    json_t                   *passed;
    json_t                   *compiled;
} ngx_http_coderemote_extras_t;


static const char  *ngx_http_coderemote_verdicts[] = {
    "passed", "wrong", "failed", "skipped"
};


static json_t *
ngx_http_coderemote_extra_base64(const ngx_str_t *content)
{
    json_t     *json;
    ngx_str_t   text;

    text.len = ngx_base64_encoded_length(content->len);

    text.data = malloc(text.len);
    if (text.data == NULL) {
        return NULL;
    }

    ngx_encode_base64(&text, (ngx_str_t *) content);

    json = json_stringn_nocheck((char *) text.data, text.len);

    free(text.data);

    return json;
}


/* Text as it is; what is none, or has NUL in it, as base64. */

static ngx_uint_t
ngx_http_coderemote_extra_is_text(const ngx_str_t *content)
{
    u_char  *last;

    last = content->data + content->len;

    return ngx_cr_utf8_valid(content->data, last) == content->len
           && ngx_strlchr(content->data, last, '\0') == NULL;
}


static ngx_int_t
ngx_http_coderemote_extra_artifact(ngx_http_coderemote_extras_t *ex,
    const ngx_cr_extra_artifact_t *artifact)
{
    json_t      *json, *content;
    ngx_uint_t   text;

    text = ngx_http_coderemote_extra_is_text(&artifact->content);

    if (artifact->left_out || ex->brief) {
        content = json_null();

    } else if (text) {
        content = json_stringn_nocheck((char *) artifact->content.data,
                                       artifact->content.len);

    } else {
        content = ngx_http_coderemote_extra_base64(&artifact->content);
    }

    json = json_object();

    if (json == NULL
        || ngx_http_coderemote_put(json, "name",
               ngx_http_coderemote_json_text(artifact->name.data,
                                             artifact->name.len, 0))
        || ngx_http_coderemote_put(json, "size",
               json_integer((json_int_t) ngx_min(artifact->size, INT64_MAX)))
        || ngx_http_coderemote_put(json, "encoding",
               json_string_nocheck(text ? "utf8" : "base64"))
        || json_object_set_nocheck(json, "content", content) != 0
        || ngx_http_coderemote_put(json, "left_out",
                                   json_boolean(artifact->left_out))
        || json_array_append(ex->artifacts, json) != 0)
    {
        json_decref(content);
        json_decref(json);
        return NGX_ERROR;
    }

    json_decref(content);
    json_decref(json);

    return NGX_OK;
}


static json_t *
ngx_http_coderemote_extra_case_json(ngx_http_coderemote_extras_t *ex,
    const ngx_cr_extra_case_t *one)
{
    json_t            *json;
    ngx_cr_verdict_t   verdict;

    ngx_cr_outcome_judge(&verdict, &one->outcome, &ex->view->limits);

    json = json_object();

    if (json == NULL
        || ngx_http_coderemote_put(json, "verdict",
               json_string_nocheck(ngx_http_coderemote_verdicts[one->verdict]))
        || ngx_http_coderemote_job_end(json, &one->outcome, &verdict,
                                       ex->brief ? NULL : &one->out,
                                       ex->brief ? NULL : &one->err)
           != NGX_OK)
    {
        json_decref(json);
        return NULL;
    }

    return json;
}


/* A case that was not run: there is nothing to tell of it. */

static json_t *
ngx_http_coderemote_extra_skipped(void)
{
    return json_pack("{s:s, s:s, s:s, s:b, s:b, s:n, s:n, s:n, s:n, s:n, s:n,"
                     " s:n, s:b}",
                     "verdict", "skipped", "stdout", "", "stderr", "",
                     "stdout_truncated", 0, "stderr_truncated", 0,
                     "error", "error_type", "exit_code", "signal",
                     "execution_time_ms", "cpu_time_ms", "memory_peak_bytes",
                     "timed_out", 0);
}


/* They were recorded as they ended, and come in the order of the request. */

static ngx_int_t
ngx_http_coderemote_extra_case(ngx_http_coderemote_extras_t *ex,
    const ngx_cr_extra_case_t *one)
{
    json_t  *json;

    if (ex->cases == NULL) {
        ex->cases = json_array();
        ex->passed = json_integer(0);
    }

    if (ex->cases == NULL || ex->passed == NULL) {
        return NGX_ERROR;
    }

    if (one->number >= NGX_HTTP_CODEREMOTE_CASES_MAX) {
        return NGX_OK;
    }

    while (json_array_size(ex->cases) <= one->number) {
        if (json_array_append_new(ex->cases,
                                  ngx_http_coderemote_extra_skipped())
            != 0)
        {
            return NGX_ERROR;
        }
    }

    if (one->verdict == NGX_CR_CASE_SKIPPED) {
        return NGX_OK;
    }

    if (one->verdict == NGX_CR_CASE_PASSED) {
        (void) json_integer_set(ex->passed,
                                json_integer_value(ex->passed) + 1);
    }

    json = ngx_http_coderemote_extra_case_json(ex, one);

    return json_array_set_new(ex->cases, one->number, json) == 0 ? NGX_OK
                                                                 : NGX_ERROR;
}


static ngx_int_t
ngx_http_coderemote_extra_add(ngx_http_coderemote_extras_t *ex,
    const ngx_cr_extra_t *extra)
{
    switch (extra->type) {

    case NGX_CR_EXTRA_ARTIFACT:
        return ngx_http_coderemote_extra_artifact(ex, &extra->u.artifact);

    case NGX_CR_EXTRA_CASE:
        return ngx_http_coderemote_extra_case(ex, &extra->u.result);

    default: /* NGX_CR_EXTRA_COMPILE */
        json_decref(ex->compiled);
        ex->compiled = ngx_http_coderemote_json_ms(extra->u.compile.run_us);
        return ex->compiled ? NGX_OK : NGX_ERROR;
    }
}


static ngx_int_t
ngx_http_coderemote_extras_put(json_t *result,
    ngx_http_coderemote_extras_t *ex)
{
    if (ex->cases == NULL || ex->brief >= NGX_HTTP_CODEREMOTE_NO_CASES) {
        json_decref(ex->cases);
        ex->cases = json_null();
    }

    if (ex->passed == NULL) {
        ex->passed = json_null();
    }

    if (ex->compiled == NULL) {
        ex->compiled = json_null();
    }

    if (json_object_set_nocheck(result, "artifacts", ex->artifacts) != 0
        || json_object_set_nocheck(result, "cases", ex->cases) != 0
        || json_object_set_nocheck(result, "cases_passed", ex->passed) != 0
        || json_object_set_nocheck(result, "compile_time_ms", ex->compiled)
           != 0)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_job_extras(json_t *result, const ngx_cr_job_view_t *view,
    ngx_uint_t brief)
{
    cr_get_t                       get;
    ngx_int_t                      rc;
    ngx_cr_extra_t                 extra;
    ngx_http_coderemote_extras_t   ex;

    ngx_memzero(&ex, sizeof(ngx_http_coderemote_extras_t));

    ex.view = view;
    ex.brief = brief;

    ex.artifacts = json_array();
    rc = ex.artifacts ? NGX_OK : NGX_ERROR;

    ngx_cr_extra_first(&get, view);

    while (rc == NGX_OK && ngx_cr_extra_next(&get, &extra) == 1) {
        rc = ngx_http_coderemote_extra_add(&ex, &extra);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_coderemote_extras_put(result, &ex);
    }

    json_decref(ex.artifacts);
    json_decref(ex.cases);
    json_decref(ex.passed);
    json_decref(ex.compiled);

    return rc;
}
