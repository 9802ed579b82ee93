
/* What clients are told of analyses. */

#include "ngx_http_coderemote_analyze.h"
#include "ngx_http_coderemote_json.h"


/* Texts may come from anywhere; an empty one is none. */

static json_t *
ngx_http_coderemote_analyze_text(const ngx_str_t *text)
{
    return text->len ? ngx_http_coderemote_json_text(text->data, text->len, 0)
                     : json_null();
}


static json_t *
ngx_http_coderemote_analyze_texts(const ngx_str_t *text, ngx_uint_t n)
{
    json_t      *array;
    ngx_uint_t   i;

    array = json_array();

    for (i = 0; array && i < n; i++) {

        if (json_array_append_new(array,
                ngx_http_coderemote_json_text(text[i].data, text[i].len, 0))
            != 0)
        {
            json_decref(array);
            return NULL;
        }
    }

    return array;
}


static ngx_int_t
ngx_http_coderemote_analyze_add(json_t *json,
    const ngx_cr_analysis_event_t *event)
{
    ngx_uint_t                       i;
    const ngx_cr_analysis_result_t  *result;

    result = event->result;

    const struct {
        const char       *key;
        const ngx_str_t  *text;
    } texts[] = {
        { "time_complexity", &result->time_complexity },
        { "space_complexity", &result->space_complexity },
        { "time_explanation", &result->time_explanation },
        { "space_explanation", &result->space_explanation },
        { "algorithm_identified", &result->algorithm_identified },
        { "narrative", &result->narrative },
        { "error", &result->error },
        { "provider", &event->provider },
        { "model", &event->model },
        { "notice", &event->notice }
    };

    if (json_object_set_new(json, "success", json_boolean(result->success))
        != 0
        || json_object_set_new(json, "available",
                               json_boolean(!result->unavailable))
           != 0
        || json_object_set_new(json, "suggestions",
               ngx_http_coderemote_analyze_texts(result->suggestions,
                                                 result->nsuggestions))
           != 0)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {

        if (json_object_set_new(json, texts[i].key,
                            ngx_http_coderemote_analyze_text(texts[i].text))
            != 0)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static json_t *
ngx_http_coderemote_analyze_result(json_t *json,
    const ngx_cr_analysis_event_t *event)
{
    if (json && ngx_http_coderemote_analyze_add(json, event) != NGX_OK) {
        json_decref(json);
        return NULL;
    }

    return json;
}


json_t *
ngx_http_coderemote_analyze_json(const ngx_cr_analysis_event_t *event)
{
    return ngx_http_coderemote_analyze_result(json_object(), event);
}


json_t *
ngx_http_coderemote_analyze_event(const ngx_cr_analysis_event_t *event)
{
    switch (event->kind) {

    case NGX_CR_ANALYSIS_STARTED:
        return json_pack("{s:s, s:o, s:o, s:o}", "type", "analysis.started",
                   "provider",
                   ngx_http_coderemote_analyze_text(&event->provider),
                   "model", ngx_http_coderemote_analyze_text(&event->model),
                   "notice",
                   ngx_http_coderemote_analyze_text(&event->notice));

    case NGX_CR_ANALYSIS_CHUNK:
        return json_pack("{s:s, s:o}", "type", "analysis.chunk",
                   "text", ngx_http_coderemote_json_text(event->text.data,
                                                        event->text.len, 0));

    default: /* NGX_CR_ANALYSIS_END */
        return ngx_http_coderemote_analyze_result(
                   json_pack("{s:s}", "type", "analysis.result"), event);
    }
}


json_t *
ngx_http_coderemote_analyze_status_json(
    const ngx_cr_analyzer_status_t *status)
{
    return json_pack("{s:b, s:o, s:o, s:o}",
                     "available", (int) status->available,
                     "provider",
                     ngx_http_coderemote_analyze_text(&status->provider),
                     "model",
                     ngx_http_coderemote_analyze_text(&status->model),
                     "reason",
                     ngx_http_coderemote_analyze_text(&status->reason));
}
