
/*
 * What a cell wrote as the result of an analysis, and what a cache gave back:
 * whatever it is, what is taken of it is within its bounds, is the same when it
 * was packed, and becomes a JSON document with all its keys.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_http_coderemote_analyze.h"
#include "ngx_http_coderemote_json.h"

#include "fuzz.h"
#include "fuzz_nginx.h"


#define PACKED  1       /* of the first byte: it comes from a cache */

#define KEYS    13


static void
same(const ngx_str_t *a, const ngx_str_t *b)
{
    fuzz_must(a->len == b->len);
    fuzz_must(a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}


static void
packed(ngx_pool_t *pool, const ngx_cr_analysis_result_t *result)
{
    ngx_uint_t                 i;
    ngx_cr_analysis_result_t  *copy;

    copy = ngx_cr_analysis_result_copy(pool, result);
    fuzz_must(copy != NULL);

    fuzz_must(copy->success == result->success);
    fuzz_must(copy->nsuggestions == result->nsuggestions);

    same(&copy->time_complexity, &result->time_complexity);
    same(&copy->space_complexity, &result->space_complexity);
    same(&copy->time_explanation, &result->time_explanation);
    same(&copy->space_explanation, &result->space_explanation);
    same(&copy->algorithm_identified, &result->algorithm_identified);
    same(&copy->narrative, &result->narrative);
    same(&copy->error, &result->error);

    for (i = 0; i < result->nsuggestions; i++) {
        same(&copy->suggestions[i], &result->suggestions[i]);
    }
}


static void
shown(ngx_pool_t *pool, const ngx_cr_analysis_result_t *result)
{
    json_t                   *json, *sent;
    ngx_cr_analysis_event_t   event;

    ngx_memzero(&event, sizeof(ngx_cr_analysis_event_t));

    event.kind = NGX_CR_ANALYSIS_END;
    event.result = result;
    event.provider = result->error;

    json = ngx_http_coderemote_analyze_json(&event);
    fuzz_must(json != NULL);

    sent = fuzz_json_sent(pool, json);
    fuzz_must(json_object_size(sent) == KEYS);

    json_decref(sent);
    json_decref(json);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ngx_int_t                  rc;
    ngx_str_t                  text;
    ngx_pool_t                *pool;
    ngx_cr_analysis_result_t   result;

    if (size == 0) {
        return 0;
    }

    fuzz_nginx_init();

    pool = ngx_create_pool(1024, fuzz_log);

    text.data = (u_char *) data + 1;
    text.len = size - 1;

    rc = (data[0] & PACKED)
         ? ngx_cr_analysis_result_unpack(pool, &text, &result)
         : ngx_cr_analysis_result_parse(pool, &text, &result);

    if (rc == NGX_OK) {
        fuzz_must(data[0] & PACKED
                   || (result.success ? result.time_complexity.len
                                      : result.error.len) > 0);
        packed(pool, &result);
        shown(pool, &result);
    }

    ngx_destroy_pool(pool);

    return 0;
}
