
/* Gemini's wire format: models/MODEL:streamGenerateContent?alt=sse. */

#include "ngx_cr_models_wire.h"


#define NGX_CR_GEMINI_DELAY_MAX  86400   /* seconds */


static json_t *ngx_cr_gemini_body(const ngx_cr_ask_t *ask);
static ngx_int_t ngx_cr_gemini_read(ngx_cr_said_t *said, json_t *json);


const ngx_cr_wire_t  ngx_cr_wire_gemini = {
    ngx_string("gemini"),
    ngx_string("https://generativelanguage.googleapis.com/v1beta"),
    ngx_string("gemini-2.5-flash"),
    ngx_string("x-goog-api-key: "),
    ngx_string("/models/"),
    ngx_string(":streamGenerateContent?alt=sse"),
    ngx_cr_gemini_body,
    ngx_cr_gemini_read
};


static json_t *
ngx_cr_gemini_body(const ngx_cr_ask_t *ask)
{
    return json_pack("{s:{s:[{s:s%}]}, s:[{s:s, s:[{s:s%}]}]}",
                     "systemInstruction", "parts", "text",
                     ask->system.data, ask->system.len,
                     "contents", "role", "user", "parts", "text",
                     ask->user.data, ask->user.len);
}


/* "34s" or "1.5s". */

static time_t
ngx_cr_gemini_delay(const char *text)
{
    char    *end;
    double   seconds;

    seconds = text ? strtod(text, &end) : 0;

    if (!(seconds > 0) || seconds > NGX_CR_GEMINI_DELAY_MAX
        || strcmp(end, "s") != 0)
    {
        return 0;
    }

    return (time_t) seconds + (seconds > (double) (time_t) seconds);
}


static void
ngx_cr_gemini_error(ngx_cr_said_t *said, json_t *error)
{
    size_t       i;
    time_t       delay;
    json_t      *details, *detail;
    const char  *reason;

    said->finish = NGX_CR_FINISH_ERROR;
    said->code = (ngx_uint_t) json_integer_value(json_object_get(error,
                                                                 "code"));

    ngx_cr_said_word(said, json_object_get(error, "status"));
    ngx_cr_said_message(said, json_object_get(error, "message"));

    details = json_object_get(error, "details");

    for (i = 0; i < json_array_size(details); i++) {

        detail = json_array_get(details, i);
        reason = json_string_value(json_object_get(detail, "reason"));

        /* it comes with status 400, as if the request were malformed */

        if (reason && strcmp(reason, "API_KEY_INVALID") == 0) {
            said->code = 401;
        }

        delay = ngx_cr_gemini_delay(
                    json_string_value(json_object_get(detail, "retryDelay")));

        if (delay) {
            said->retry_after = delay;
        }
    }
}


static void
ngx_cr_gemini_finish(ngx_cr_said_t *said, json_t *reason)
{
    const char  *text;

    text = json_string_value(reason);

    if (text == NULL || strcmp(text, "FINISH_REASON_UNSPECIFIED") == 0) {
        return;
    }

    if (strcmp(text, "STOP") == 0) {
        said->finish = NGX_CR_FINISH_STOP;
        return;
    }

    if (strcmp(text, "MAX_TOKENS") == 0) {
        said->finish = NGX_CR_FINISH_LENGTH;
        return;
    }

    /* SAFETY, RECITATION, PROHIBITED_CONTENT, and more each year */

    said->finish = NGX_CR_FINISH_BLOCKED;
    ngx_cr_said_word(said, reason);
}


static ngx_int_t
ngx_cr_gemini_parts(ngx_cr_said_t *said, json_t *parts)
{
    size_t      i;
    json_t     *part;
    ngx_int_t   rc;

    for (i = 0; i < json_array_size(parts); i++) {

        part = json_array_get(parts, i);

        /* what it thought before it answers is not the answer */

        if (json_is_true(json_object_get(part, "thought"))) {
            continue;
        }

        rc = ngx_cr_said_text(said, json_object_get(part, "text"));
        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_gemini_read(ngx_cr_said_t *said, json_t *json)
{
    json_t     *error, *feedback, *usage, *candidate, *candidates, *blocked;
    ngx_int_t   rc;

    error = json_object_get(json, "error");

    if (json_is_object(error)) {
        ngx_cr_gemini_error(said, error);
        return NGX_OK;
    }

    feedback = json_object_get(json, "promptFeedback");
    candidates = json_object_get(json, "candidates");
    usage = json_object_get(json, "usageMetadata");

    if (!json_is_object(feedback) && !json_is_array(candidates)
        && !json_is_object(usage))
    {
        return NGX_DECLINED;
    }

    ngx_cr_said_tokens(said, json_object_get(usage, "promptTokenCount"),
                       json_object_get(usage, "candidatesTokenCount"));

    blocked = json_object_get(feedback, "blockReason");

    if (json_is_string(blocked)) {
        said->finish = NGX_CR_FINISH_BLOCKED;
        ngx_cr_said_word(said, blocked);
        return NGX_OK;
    }

    candidate = json_array_get(candidates, 0);

    rc = ngx_cr_gemini_parts(said, json_object_get(
                                 json_object_get(candidate, "content"),
                                 "parts"));
    if (rc != NGX_OK) {
        return rc;
    }

    ngx_cr_gemini_finish(said, json_object_get(candidate, "finishReason"));

    return NGX_OK;
}
