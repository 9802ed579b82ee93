
/*
 * OpenAI's wire format, chat/completions, as the servers of many others speak
 * it, too: with events, or without where they know none.
 */

#include "ngx_cr_models_wire.h"


static json_t *ngx_cr_openai_body(const ngx_cr_ask_t *ask);
static ngx_int_t ngx_cr_openai_read(ngx_cr_said_t *said, json_t *json);


const ngx_cr_wire_t  ngx_cr_wire_openai = {
    ngx_string("openai"),
    ngx_string("https://api.openai.com/v1"),
    ngx_string("gpt-4o-mini"),
    ngx_string("Authorization: Bearer "),
    ngx_string("/chat/completions"),
    ngx_null_string,
    ngx_cr_openai_body,
    ngx_cr_openai_read
};


/* No temperature: newer models refuse any but their own. */

static json_t *
ngx_cr_openai_body(const ngx_cr_ask_t *ask)
{
    return json_pack("{s:s%, s:b, s:[{s:s, s:s%}, {s:s, s:s%}]}",
                     "model", ask->model.data, ask->model.len,
                     "stream", 1,
                     "messages",
                     "role", "system",
                     "content", ask->system.data, ask->system.len,
                     "role", "user",
                     "content", ask->user.data, ask->user.len);
}


/* {"error": {...}}, {"error": "..."}, {"object": "error", ...}. */

static ngx_uint_t
ngx_cr_openai_error(ngx_cr_said_t *said, json_t *json)
{
    json_t      *error, *code;
    const char  *object;

    error = json_object_get(json, "error");
    object = json_string_value(json_object_get(json, "object"));

    if (error == NULL && object && strcmp(object, "error") == 0) {
        error = json;
    }

    if (error == NULL || json_is_null(error)) {
        return 0;
    }

    said->finish = NGX_CR_FINISH_ERROR;

    if (json_is_string(error)) {
        ngx_cr_said_message(said, error);
        return 1;
    }

    code = json_object_get(error, "code");

    if (json_is_string(code)) {
        ngx_cr_said_word(said, code);

        if (ngx_strcmp(said->word, "invalid_api_key") == 0) {
            said->code = 401;
        }

    } else {
        said->code = (ngx_uint_t) json_integer_value(code);
        ngx_cr_said_word(said, json_object_get(error, "type"));
    }

    ngx_cr_said_message(said, json_object_get(error, "message"));

    return 1;
}


/* A string, or parts of which some are text. */

static ngx_int_t
ngx_cr_openai_content(ngx_cr_said_t *said, json_t *content)
{
    size_t      i;
    json_t     *part;
    ngx_int_t   rc;

    if (json_is_string(content)) {
        return ngx_cr_said_text(said, content);
    }

    for (i = 0; i < json_array_size(content); i++) {

        part = json_array_get(content, i);

        rc = ngx_cr_said_text(said, json_object_get(part, "text"));
        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


static void
ngx_cr_openai_finish(ngx_cr_said_t *said, json_t *reason)
{
    const char  *text;

    text = json_string_value(reason);

    if (text == NULL || *text == '\0') {
        return;
    }

    if (strcmp(text, "length") == 0) {
        said->finish = NGX_CR_FINISH_LENGTH;

    } else if (strcmp(text, "content_filter") == 0) {
        said->finish = NGX_CR_FINISH_BLOCKED;
        ngx_cr_said_word(said, reason);

    } else if (said->finish == NGX_CR_FINISH_NONE) {
        said->finish = NGX_CR_FINISH_STOP;
    }
}


static ngx_int_t
ngx_cr_openai_read(ngx_cr_said_t *said, json_t *json)
{
    json_t     *choices, *choice, *message, *usage, *refusal;
    ngx_int_t   rc;

    if (ngx_cr_openai_error(said, json)) {
        return NGX_OK;
    }

    choices = json_object_get(json, "choices");
    usage = json_object_get(json, "usage");

    if (!json_is_array(choices) && !json_is_object(usage)) {
        return NGX_DECLINED;
    }

    ngx_cr_said_tokens(said, json_object_get(usage, "prompt_tokens"),
                       json_object_get(usage, "completion_tokens"));

    choice = json_array_get(choices, 0);
    message = json_object_get(choice, "delta");

    if (message == NULL) {
        message = json_object_get(choice, "message");
    }

    rc = ngx_cr_openai_content(said, json_object_get(message, "content"));
    if (rc != NGX_OK) {
        return rc;
    }

    refusal = json_object_get(message, "refusal");

    if (json_string_length(refusal)) {
        said->finish = NGX_CR_FINISH_BLOCKED;
        ngx_memcpy(said->word, "refusal", sizeof("refusal"));
    }

    ngx_cr_openai_finish(said, json_object_get(choice, "finish_reason"));

    return NGX_OK;
}
