
/* Results of analyses: copies, bytes for a cache, and what a cell wrote. */

#include "ngx_cr_analysis.h"
#include "ngx_cr_json.h"

#include <jansson.h>


#define NGX_CR_ANALYSIS_SUGGESTIONS  32

#define NGX_CR_ANALYSIS_SUGGESTION   2048     /* bytes of one */
#define NGX_CR_ANALYSIS_VALUES       256      /* in the JSON of a cell */


/* The texts of a result, in the order they are packed, and their bounds. */

typedef struct {
    const char  *name;              /* in JSON; NULL: not there */
    size_t       offset;
    size_t       max;
} ngx_cr_analysis_text_t;

#define ngx_cr_analysis_text(name, field, max)                                \
    { name, offsetof(ngx_cr_analysis_result_t, field), max }

static const ngx_cr_analysis_text_t  ngx_cr_analysis_texts[] = {
    ngx_cr_analysis_text("time_complexity", time_complexity, 256),
    ngx_cr_analysis_text("space_complexity", space_complexity, 256),
    ngx_cr_analysis_text("time_explanation", time_explanation, 8192),
    ngx_cr_analysis_text("space_explanation", space_explanation, 8192),
    ngx_cr_analysis_text("algorithm_identified", algorithm_identified, 1024),
    ngx_cr_analysis_text("narrative", narrative, 65536),
    ngx_cr_analysis_text("error", error, 8192),
    ngx_cr_analysis_text(NULL, model, 0)
};

#define NGX_CR_ANALYSIS_TEXTS                                                 \
    (sizeof(ngx_cr_analysis_texts) / sizeof(ngx_cr_analysis_texts[0]))


static ngx_str_t *
ngx_cr_analysis_field(const ngx_cr_analysis_result_t *result, ngx_uint_t i)
{
    return (ngx_str_t *) ((u_char *) result + ngx_cr_analysis_texts[i].offset);
}


static size_t
ngx_cr_analysis_packed(const ngx_cr_analysis_result_t *result)
{
    size_t      size;
    ngx_uint_t  i;

    size = sizeof(uint32_t);

    for (i = 0; i < NGX_CR_ANALYSIS_TEXTS; i++) {
        size += sizeof(uint32_t) + ngx_cr_analysis_field(result, i)->len;
    }

    for (i = 0; i < result->nsuggestions; i++) {
        size += sizeof(uint32_t) + result->suggestions[i].len;
    }

    return size;
}


static u_char *
ngx_cr_analysis_put(u_char *p, const ngx_str_t *text)
{
    uint32_t  len;

    len = (uint32_t) text->len;
    p = ngx_cpymem(p, &len, sizeof(uint32_t));

    return len ? ngx_cpymem(p, text->data, len) : p;
}


/* Of a success: what else a result has is not of use to others. */

ngx_int_t
ngx_cr_analysis_result_pack(ngx_pool_t *pool,
    const ngx_cr_analysis_result_t *result, ngx_str_t *bytes)
{
    u_char      *p;
    uint32_t     n;
    ngx_uint_t   i;

    bytes->len = ngx_cr_analysis_packed(result);
    bytes->data = ngx_pnalloc(pool, bytes->len);

    if (bytes->data == NULL) {
        return NGX_ERROR;
    }

    n = (uint32_t) result->nsuggestions;
    p = ngx_cpymem(bytes->data, &n, sizeof(uint32_t));

    for (i = 0; i < NGX_CR_ANALYSIS_TEXTS; i++) {
        p = ngx_cr_analysis_put(p, ngx_cr_analysis_field(result, i));
    }

    for (i = 0; i < result->nsuggestions; i++) {
        p = ngx_cr_analysis_put(p, &result->suggestions[i]);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_analysis_get_size(u_char **p, const u_char *last, uint32_t *size)
{
    if ((size_t) (last - *p) < sizeof(uint32_t)) {
        return NGX_ERROR;
    }

    ngx_memcpy(size, *p, sizeof(uint32_t));
    *p += sizeof(uint32_t);

    return *size <= (size_t) (last - *p) ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_cr_analysis_get(u_char **p, const u_char *last, ngx_str_t *text)
{
    uint32_t  len;

    if (ngx_cr_analysis_get_size(p, last, &len) != NGX_OK) {
        return NGX_ERROR;
    }

    text->data = *p;
    text->len = len;
    *p += len;

    return NGX_OK;
}


ngx_int_t
ngx_cr_analysis_result_unpack(ngx_pool_t *pool, const ngx_str_t *bytes,
    ngx_cr_analysis_result_t *result)
{
    u_char      *p, *last;
    uint32_t     n;
    ngx_uint_t   i;

    ngx_memzero(result, sizeof(ngx_cr_analysis_result_t));

    result->head.version = NGX_CR_API_VERSION;
    result->head.size = sizeof(ngx_cr_analysis_result_t);
    result->success = 1;

    p = bytes->data;
    last = p + bytes->len;

    if (ngx_cr_analysis_get_size(&p, last, &n) != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < NGX_CR_ANALYSIS_TEXTS; i++) {
        if (ngx_cr_analysis_get(&p, last, ngx_cr_analysis_field(result, i))
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    result->nsuggestions = n;
    result->suggestions = ngx_palloc(pool, n * sizeof(ngx_str_t));

    if (result->suggestions == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        if (ngx_cr_analysis_get(&p, last, &result->suggestions[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* By the same bytes: one way to walk through it is enough. */

ngx_cr_analysis_result_t *
ngx_cr_analysis_result_copy(ngx_pool_t *pool,
    const ngx_cr_analysis_result_t *result)
{
    ngx_str_t                  bytes;
    ngx_cr_analysis_result_t  *copy;

    copy = ngx_palloc(pool, sizeof(ngx_cr_analysis_result_t));

    if (copy == NULL
        || ngx_cr_analysis_result_pack(pool, result, &bytes) != NGX_OK
        || ngx_cr_analysis_result_unpack(pool, &bytes, copy) != NGX_OK)
    {
        return NULL;
    }

    copy->success = result->success;
    copy->unavailable = result->unavailable;
    copy->status = result->status;
    copy->retry_after = result->retry_after;

    return copy;
}


static ngx_int_t
ngx_cr_analysis_string(ngx_pool_t *pool, json_t *json, size_t max,
    ngx_str_t *text)
{
    size_t  len;

    if (json == NULL || json_is_null(json)) {
        return NGX_OK;
    }

    len = json_string_length(json);

    if (!json_is_string(json) || len > max) {
        return NGX_DECLINED;
    }

    text->data = ngx_pnalloc(pool, len + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    text->len = len;
    ngx_memcpy(text->data, json_string_value(json), len);

    return NGX_OK;
}


static ngx_int_t
ngx_cr_analysis_suggestions(ngx_pool_t *pool, json_t *json,
    ngx_cr_analysis_result_t *result)
{
    size_t      i, n;
    ngx_int_t   rc;
    ngx_str_t  *text;

    if (json == NULL || json_is_null(json)) {
        return NGX_OK;
    }

    n = json_array_size(json);

    if (!json_is_array(json) || n > NGX_CR_ANALYSIS_SUGGESTIONS) {
        return NGX_DECLINED;
    }

    text = ngx_pcalloc(pool, (n + 1) * sizeof(ngx_str_t));
    if (text == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {

        if (!json_is_string(json_array_get(json, i))) {
            return NGX_DECLINED;
        }

        rc = ngx_cr_analysis_string(pool, json_array_get(json, i),
                                    NGX_CR_ANALYSIS_SUGGESTION, &text[i]);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    result->suggestions = text;
    result->nsuggestions = n;

    return NGX_OK;
}


static ngx_int_t
ngx_cr_analysis_read(ngx_pool_t *pool, json_t *json,
    ngx_cr_analysis_result_t *result)
{
    json_t                        *success;
    ngx_int_t                      rc;
    ngx_uint_t                     i;
    const ngx_cr_analysis_text_t  *text;

    success = json_object_get(json, "success");

    if (!json_is_boolean(success)) {
        return NGX_DECLINED;
    }

    result->success = json_is_true(success);

    for (i = 0; i < NGX_CR_ANALYSIS_TEXTS; i++) {
        text = &ngx_cr_analysis_texts[i];

        if (text->name == NULL) {
            continue;
        }

        rc = ngx_cr_analysis_string(pool, json_object_get(json, text->name),
                                    text->max,
                                    ngx_cr_analysis_field(result, i));
        if (rc != NGX_OK) {
            return rc;
        }
    }

    rc = ngx_cr_analysis_suggestions(pool, json_object_get(json,
                                                           "suggestions"),
                                     result);

    /* each of them says something */

    if (rc == NGX_OK
        && (result->success ? result->time_complexity.len
                            : result->error.len) == 0)
    {
        return NGX_DECLINED;
    }

    return rc;
}


ngx_int_t
ngx_cr_analysis_result_parse(ngx_pool_t *pool, const ngx_str_t *text,
    ngx_cr_analysis_result_t *result)
{
    json_t        *json;
    ngx_int_t      rc;
    json_error_t   error;

    ngx_memzero(result, sizeof(ngx_cr_analysis_result_t));

    result->head.version = NGX_CR_API_VERSION;
    result->head.size = sizeof(ngx_cr_analysis_result_t);

    json = ngx_cr_json_values(text) < NGX_CR_ANALYSIS_VALUES
           ? json_loadb((char *) text->data, text->len,
                        JSON_REJECT_DUPLICATES|JSON_ALLOW_NUL, &error)
           : NULL;

    if (!json_is_object(json)) {
        json_decref(json);
        return NGX_DECLINED;
    }

    rc = ngx_cr_analysis_read(pool, json, result);

    json_decref(json);

    return rc;
}
