
/*
 * A job's end, as clients see it: whatever a program wrote and claimed, and
 * whatever a supervisor said of it, becomes a JSON document with all its keys.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_http_coderemote_job_json.h"
#include "ngx_http_coderemote_json.h"
#include "ngx_cr_outcome.h"

#include "fuzz.h"
#include "fuzz_nginx.h"


#define PACKED     1    /* the claim is made of texts, not of raw bytes */

#define EVENT_MAX  500


static u_char  packed[NGX_CR_CLAIM_SIZE];


/* Texts can be what they like when a real encoder packs them. */

static void
claim_read(fuzz_in_t *in, ngx_str_t *text)
{
    cr_put_t         put;
    cr_claim_t       claim;
    cr_violation_t  *violation;

    ngx_memzero(&claim, sizeof(cr_claim_t));

    claim.exit_code = (int8_t) fuzz_u8(in);
    claim.error_type.data = fuzz_bytes(in, &claim.error_type.len);
    claim.error.data = fuzz_bytes(in, &claim.error.len);

    claim.nviolations = fuzz_u8(in) % 4;

    for (violation = claim.violations;
         violation < claim.violations + claim.nviolations;
         violation++)
    {
        violation->line = fuzz_u8(in);
        violation->column = fuzz_u8(in);
        violation->message.data = fuzz_bytes(in, &violation->message.len);
    }

    cr_put_init(&put, packed, sizeof(packed));
    cr_claim_pack(&put, &claim);

    text->data = packed;
    text->len = cr_put_len(&put);
}


static void
bytes_read(fuzz_in_t *in, ngx_str_t *text, size_t max)
{
    text->data = (u_char *) fuzz_bytes(in, &text->len);
    text->len = ngx_min(text->len, max);
}


static void
view_read(fuzz_in_t *in, ngx_cr_job_view_t *view)
{
    unsigned           how;
    ngx_cr_outcome_t  *outcome;
    ngx_cr_verdict_t   verdict;

    ngx_memzero(view, sizeof(ngx_cr_job_view_t));

    outcome = &view->outcome;
    ngx_cr_outcome_init(outcome, fuzz_u8(in) % (NGX_CR_END_REFUSED + 1));

    how = fuzz_u8(in);

    outcome->flags = fuzz_u8(in);
    outcome->signal = fuzz_u8(in);
    outcome->exit_code = (int16_t) fuzz_u16(in);
    outcome->run_us = (uint64_t) fuzz_u16(in) << fuzz_u8(in) % 64;
    outcome->cpu_us = outcome->run_us / 3;
    outcome->peak = (uint64_t) fuzz_u16(in) << fuzz_u8(in) % 64;

    view->limits.timeout_ms = fuzz_u16(in);
    view->limits.memory = (uint64_t) fuzz_u16(in) << fuzz_u8(in) % 64;
    view->created_at = 1700000000000000 + fuzz_u16(in);
    view->started_at = (how & 2) ? 0 : view->created_at + 1;
    view->completed_at = view->created_at + 1234567;
    ngx_str_set(&view->language, "python");

    if (how & PACKED) {
        claim_read(in, &outcome->claim);

    } else {
        bytes_read(in, &outcome->claim, NGX_CR_CLAIM_SIZE);
    }

    bytes_read(in, &outcome->reason, NGX_CR_REASON_SIZE);
    bytes_read(in, &view->out, NGX_MAX_SIZE_T_VALUE);
    bytes_read(in, &view->err, NGX_MAX_SIZE_T_VALUE);
    bytes_read(in, &view->extras, NGX_MAX_SIZE_T_VALUE);

    view->head.size = sizeof(ngx_cr_job_view_t);
    view->log = view->out.len + view->err.len;

    /* as it is recorded when the job ends */

    ngx_cr_outcome_judge(&verdict, outcome, &view->limits);
    view->status = verdict.status;
}


/* What is UTF-8 already must come out as it went in. */

static void
text_check(json_t *result, const char *key, const ngx_str_t *text)
{
    json_t  *value, *same;

    value = json_object_get(result, key);
    fuzz_must(json_is_string(value));
    fuzz_must(json_string_length(value) <= 3 * text->len);

    same = json_stringn((char *) text->data, text->len);

    if (same) {
        fuzz_must(json_equal(same, value));
        json_decref(same);
    }
}


static void
document_check(json_t *json, const ngx_cr_job_view_t *view)
{
    json_t       *result;
    const char  **key;

    static const char  *keys[] = {
        "success", "stdout_truncated", "stderr_truncated", "error",
        "error_type", "exit_code", "signal", "execution_time_ms",
        "cpu_time_ms", "memory_peak_bytes", "timed_out",
        "security_violations", "artifacts", "cases", "cases_passed",
        "compile_time_ms", NULL
    };

    fuzz_must(json_object_size(json) == 7);

    result = json_object_get(json, "result");
    fuzz_must(json_object_size(result) == 18);

    for (key = keys; *key; key++) {
        fuzz_must(json_object_get(result, *key));
    }

    text_check(result, "stdout", &view->out);
    text_check(result, "stderr", &view->err);

    fuzz_must(json_is_true(json_object_get(result, "success"))
              == (view->status == NGX_CR_JOB_COMPLETED));
}


/* What a follower is told is short, however long what it tells of is. */

static void
event_check(const ngx_cr_job_view_t *view)
{
    json_t  *json, *result;

    json = ngx_http_coderemote_job_result_event(view, EVENT_MAX);
    fuzz_must(json);

    result = json_object_get(json, "result");

    fuzz_must(json_object_size(result) == 18);
    fuzz_must(json_dumpb(json, NULL, 0, NGX_HTTP_CODEREMOTE_JSON_FLAGS)
              <= EVENT_MAX
              || json_is_null(json_object_get(result, "cases")));

    json_decref(json);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t             *json, *again;
    fuzz_in_t           in;
    ngx_pool_t         *pool;
    ngx_cr_job_view_t   view;

    in.pos = data;
    in.end = data + size;

    view_read(&in, &view);

    pool = ngx_create_pool(4096, fuzz_log);

    json = ngx_http_coderemote_job_json(&view);
    fuzz_must(json);

    again = fuzz_json_sent(pool, json);
    document_check(again, &view);
    event_check(&view);

    json_decref(again);
    json_decref(json);
    ngx_destroy_pool(pool);

    return 0;
}
