
#include "ngx_cr_models_wire.h"
#include "ngx_cr_utf8.h"


#define NGX_CR_MODEL_NAME_MAX  128


ngx_uint_t
ngx_cr_wire_model_valid(const ngx_str_t *model)
{
    u_char  c;
    size_t  i;

    for (i = 0; i < model->len; i++) {
        c = model->data[i];

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z') || c == '_' || c == '-'
              || (i > 0 && (c == '.' || c == ':' || c == '/' || c == '@')))
            || (c == '.' && model->data[i - 1] == '.'))
        {
            return 0;
        }
    }

    return model->len > 0 && model->len <= NGX_CR_MODEL_NAME_MAX;
}


ngx_int_t
ngx_cr_wire_url(const ngx_cr_wire_t *wire, ngx_pool_t *pool,
    const ngx_str_t *base, const ngx_str_t *model, ngx_str_t *url)
{
    u_char  *p;
    size_t   len;

    len = base->len;

    while (len && base->data[len - 1] == '/') {
        len--;
    }

    url->data = ngx_pnalloc(pool, len + wire->path.len + model->len
                                  + wire->after.len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(url->data, base->data, len);
    p = ngx_cpymem(p, wire->path.data, wire->path.len);

    if (wire->after.len) {
        p = ngx_cpymem(p, model->data, model->len);
        p = ngx_cpymem(p, wire->after.data, wire->after.len);
    }

    url->len = p - url->data;

    return NGX_OK;
}


ngx_int_t
ngx_cr_wire_body(const ngx_cr_wire_t *wire, ngx_pool_t *pool,
    const ngx_cr_ask_t *ask, ngx_str_t *body)
{
    json_t     *json;
    ngx_int_t   rc;

    rc = NGX_ERROR;
    body->len = 0;

    json = wire->body(ask);

    if (json) {
        body->len = json_dumpb(json, NULL, 0, JSON_COMPACT);
    }

    if (body->len) {
        body->data = ngx_pnalloc(pool, body->len);

        if (body->data
            && json_dumpb(json, (char *) body->data, body->len, JSON_COMPACT)
               == body->len)
        {
            rc = NGX_OK;
        }
    }

    json_decref(json);

    return rc;
}


/*
 * There are servers whose tokens are bytes, not characters: what is not UTF-8
 * is mended before jansson sees it, which would refuse all of it.
 */

static json_t *
ngx_cr_wire_parse(const ngx_str_t *data)
{
    u_char  *mended, *last;
    json_t  *json;

    last = data->data + data->len;

    if (ngx_cr_utf8_valid(data->data, last) == data->len) {
        return json_loadb((char *) data->data, data->len, JSON_ALLOW_NUL,
                          NULL);
    }

    mended = malloc(data->len * NGX_CR_UTF8_REPLACEMENT);
    if (mended == NULL) {
        return NULL;
    }

    last = ngx_cr_utf8_replace(mended, data->data, last, 0);
    json = json_loadb((char *) mended, last - mended, JSON_ALLOW_NUL, NULL);

    free(mended);

    return json;
}


ngx_int_t
ngx_cr_wire_read(const ngx_cr_wire_t *wire, ngx_cr_said_t *said,
    const ngx_str_t *data)
{
    size_t      i;
    json_t     *json;
    ngx_int_t   rc;

    /* how OpenAI's streams end; a document can never begin so */

    if (data->len == 6 && ngx_memcmp(data->data, "[DONE]", 6) == 0) {

        if (said->finish == NGX_CR_FINISH_NONE) {
            said->finish = NGX_CR_FINISH_STOP;
        }

        return NGX_OK;
    }

    json = ngx_cr_wire_parse(data);
    if (json == NULL) {
        return NGX_DECLINED;
    }

    rc = NGX_OK;

    if (!json_is_array(json)) {
        rc = wire->read(said, json);
    }

    /* Gemini's stream, where it does not come as events */

    for (i = 0; rc == NGX_OK && i < json_array_size(json); i++) {
        rc = wire->read(said, json_array_get(json, i));
    }

    json_decref(json);

    return rc;
}


ngx_int_t
ngx_cr_said_text(ngx_cr_said_t *said, json_t *json)
{
    size_t  len;

    len = json_string_length(json);

    return len ? said->text(said->ctx, (u_char *) json_string_value(json), len)
               : NGX_OK;
}


static void
ngx_cr_said_printable(u_char *dst, size_t size, json_t *json)
{
    size_t         n;
    const u_char  *p, *end;

    p = (u_char *) json_string_value(json);
    end = p ? p + json_string_length(json) : p;

    for (n = 0; p < end && n < size - 1; p++) {

        if (*p >= 0x20 && *p < 0x7f) {
            dst[n++] = *p;

        } else if (n && dst[n - 1] != ' ') {
            dst[n++] = ' ';
        }
    }

    dst[n] = '\0';
}


void
ngx_cr_said_word(ngx_cr_said_t *said, json_t *json)
{
    u_char  *p;

    ngx_cr_said_printable(said->word, NGX_CR_SAID_WORD, json);

    for (p = said->word; *p; p++) {
        if (!((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z')
              || (*p >= '0' && *p <= '9')))
        {
            *p = '_';
        }
    }
}


void
ngx_cr_said_message(ngx_cr_said_t *said, json_t *json)
{
    ngx_cr_said_printable(said->message, NGX_CR_SAID_MESSAGE, json);
}


void
ngx_cr_said_tokens(ngx_cr_said_t *said, json_t *in, json_t *out)
{
    if (json_is_integer(in) && json_integer_value(in) > 0) {
        said->tokens_in = json_integer_value(in);
    }

    if (json_is_integer(out) && json_integer_value(out) > 0) {
        said->tokens_out = json_integer_value(out);
    }
}
