
#include "ngx_cr_models_reply.h"

#include <jansson.h>


#define NGX_CR_REPLY_FIRST     4096

/* A block that is held back longer than this is shown after all. */
#define NGX_CR_REPLY_BLOCK     16384
#define NGX_CR_REPLY_INFO      32

/* Places where an object is tried to be read: each costs time. */
#define NGX_CR_REPLY_WORDS     8
#define NGX_CR_REPLY_BRACES    16


typedef enum {
    NGX_CR_REPLY_LINE = 0,
    NGX_CR_REPLY_FENCE,
    NGX_CR_REPLY_MAYBE          /* it has not come far enough to tell */
} ngx_cr_reply_line_e;


static ngx_int_t
ngx_cr_reply_grow(ngx_cr_reply_t *reply, size_t size)
{
    u_char  *text, *narrative;

    if (size <= reply->size) {
        return NGX_OK;
    }

    size = ngx_max(size, ngx_max(2 * reply->size, NGX_CR_REPLY_FIRST));

    text = ngx_palloc(reply->pool, size);
    narrative = ngx_palloc(reply->pool, size);

    if (text == NULL || narrative == NULL) {
        return NGX_ERROR;
    }

    if (reply->text) {
        ngx_memcpy(text, reply->text, reply->len);
        ngx_memcpy(narrative, reply->narrative, reply->narrated);

        (void) ngx_pfree(reply->pool, reply->text);
        (void) ngx_pfree(reply->pool, reply->narrative);
    }

    reply->text = text;
    reply->narrative = narrative;
    reply->size = size;

    return NGX_OK;
}


ngx_int_t
ngx_cr_reply_add(ngx_cr_reply_t *reply, const u_char *p, size_t len)
{
    u_char        *text;
    const u_char  *end;

    if (len > NGX_CR_REPLY_MAX || reply->len > NGX_CR_REPLY_MAX - len) {
        return NGX_DECLINED;
    }

    if (ngx_cr_reply_grow(reply, reply->len + len) != NGX_OK) {
        return NGX_ERROR;
    }

    text = reply->text + reply->len;

    for (end = p + len; p < end; p++) {
        if ((*p >= 0x20 && *p != 0x7f) || *p == '\n' || *p == '\t') {
            *text++ = *p;
        }
    }

    reply->len = text - reply->text;

    return NGX_OK;
}


/* Does a line begin or end a block?  *info: what stands behind the fence. */

static ngx_cr_reply_line_e
ngx_cr_reply_line(const u_char *p, const u_char *end, const u_char **info)
{
    ngx_uint_t  blanks, ticks;

    for (blanks = 0; blanks < 3 && p < end && *p == ' '; blanks++) {
        p++;
    }

    for (ticks = 0; ticks < 3 && p < end && *p == '`'; ticks++) {
        p++;
    }

    *info = p;

    return ticks == 3 ? NGX_CR_REPLY_FENCE
           : p == end ? NGX_CR_REPLY_MAYBE : NGX_CR_REPLY_LINE;
}


/* Only such a block may be the closing one. */

static ngx_uint_t
ngx_cr_reply_may_close(const u_char *info, const u_char *line_end)
{
    while (line_end > info && (line_end[-1] == ' ' || line_end[-1] == '\n')) {
        line_end--;
    }

    while (info < line_end && (*info == ' ' || *info == '`')) {
        info++;
    }

    return line_end == info
           || (line_end - info == 4
               && ngx_strncasecmp((u_char *) info, (u_char *) "json", 4) == 0);
}


static const u_char *
ngx_cr_reply_next(const u_char *p, const u_char *end)
{
    const u_char  *next;

    next = memchr(p, '\n', end - p);

    return next ? next + 1 : end;
}


/* The end of the block whose first line ends at p; NULL: not yet. */

static const u_char *
ngx_cr_reply_block(const u_char *p, const u_char *end)
{
    const u_char  *info, *next;

    for ( /* void */ ; p < end; p = next) {

        next = ngx_cr_reply_next(p, end);

        if (ngx_cr_reply_line(p, end, &info) == NGX_CR_REPLY_FENCE) {
            return next[-1] == '\n' ? next : NULL;
        }
    }

    return NULL;
}


/*
 * What begins at p, the beginning of a line: answers the end of what can be
 * decided on, or p when more must come first.  *out: it is to be left out.
 */

static const u_char *
ngx_cr_reply_decide(ngx_cr_reply_t *reply, const u_char *p, ngx_uint_t last,
    ngx_uint_t *out)
{
    const u_char         *end, *next, *info, *block;
    ngx_cr_reply_line_e   line;

    *out = 0;

    end = reply->text + reply->len;
    next = ngx_cr_reply_next(p, end);
    line = ngx_cr_reply_line(p, end, &info);

    if (line == NGX_CR_REPLY_MAYBE && !last) {
        return p;
    }

    if (line != NGX_CR_REPLY_FENCE) {
        return next;
    }

    if (reply->fenced) {
        reply->fenced = 0;
        return next;
    }

    if (next[-1] != '\n' && next - info < NGX_CR_REPLY_INFO && !last) {
        return p;
    }

    if (!ngx_cr_reply_may_close(info, next)) {
        reply->fenced = 1;
        return next;
    }

    block = ngx_cr_reply_block(next, end);

    if (block == NULL) {

        if (!last) {

            if (end - p < NGX_CR_REPLY_BLOCK) {
                return p;
            }

            reply->fenced = 1;
            return next;
        }

        block = end;
    }

    *out = memmem(p, block - p, reply->check.data, reply->check.len) != NULL;

    return block;
}


void
ngx_cr_reply_show(ngx_cr_reply_t *reply, ngx_uint_t last, ngx_str_t *chunk)
{
    u_char        *to;
    ngx_uint_t     out;
    const u_char  *p, *end, *next;

    if (reply->len == 0) {
        ngx_str_null(chunk);
        return;
    }

    p = reply->text + reply->shown;
    end = reply->text + reply->len;
    to = reply->narrative + reply->narrated;

    chunk->data = to;

    while (p < end) {
        out = 0;

        if (p > reply->text && p[-1] != '\n') {
            next = ngx_cr_reply_next(p, end);

        } else {
            next = ngx_cr_reply_decide(reply, p, last, &out);

            if (next == p) {
                break;
            }
        }

        if (!out) {
            to = ngx_cpymem(to, p, next - p);
        }

        p = next;
    }

    chunk->len = to - chunk->data;

    reply->shown = p - reply->text;
    reply->narrated = to - reply->narrative;
}


static ngx_int_t
ngx_cr_reply_json_string(ngx_pool_t *pool, json_t *json, size_t max,
    ngx_str_t *out)
{
    const u_char  *p;

    p = (u_char *) json_string_value(json);

    return p ? ngx_cr_reply_string(pool, p, p + json_string_length(json), max,
                                   out)
             : NGX_OK;
}


static ngx_int_t
ngx_cr_reply_json_complexity(ngx_pool_t *pool, json_t *json, ngx_str_t *out)
{
    const u_char  *p, *after;

    p = (u_char *) json_string_value(json);

    return p && ngx_cr_reply_complexity(pool, p, p + json_string_length(json),
                                        out, &after)
                == NGX_ERROR
           ? NGX_ERROR : NGX_OK;
}


/* A list of strings; one string counts as a list of one. */

static ngx_int_t
ngx_cr_reply_json_list(ngx_pool_t *pool, json_t *json,
    ngx_cr_reply_fields_t *fields)
{
    size_t      i;
    ngx_str_t  *suggestion;

    for (i = 0; i < (json_is_string(json) ? 1 : json_array_size(json)); i++) {

        if (fields->nsuggestions == NGX_CR_REPLY_SUGGESTIONS) {
            break;
        }

        suggestion = &fields->suggestions[fields->nsuggestions];

        if (ngx_cr_reply_json_string(pool,
                                     json_is_string(json)
                                     ? json : json_array_get(json, i),
                                     NGX_CR_REPLY_SUGGESTION, suggestion)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        fields->nsuggestions += suggestion->len > 0;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_reply_json(ngx_pool_t *pool, json_t *json,
    ngx_cr_reply_fields_t *fields)
{
    if (ngx_cr_reply_json_complexity(pool,
                                     json_object_get(json, "time_complexity"),
                                     &fields->time_complexity)
        != NGX_OK
        || ngx_cr_reply_json_complexity(pool,
                                     json_object_get(json, "space_complexity"),
                                     &fields->space_complexity)
           != NGX_OK
        || ngx_cr_reply_json_string(pool,
                                json_object_get(json, "time_explanation"),
                                NGX_CR_REPLY_EXPLANATION,
                                &fields->time_explanation)
           != NGX_OK
        || ngx_cr_reply_json_string(pool,
                                json_object_get(json, "space_explanation"),
                                NGX_CR_REPLY_EXPLANATION,
                                &fields->space_explanation)
           != NGX_OK
        || ngx_cr_reply_json_string(pool,
                                json_object_get(json, "algorithm_identified"),
                                NGX_CR_REPLY_NAME, &fields->algorithm)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_cr_reply_json_list(pool, json_object_get(json, "suggestions"),
                                  fields);
}


/*
 * The innermost object around or before `from` that is one of an analysis:
 * with check, the one that repeats it.
 */

static json_t *
ngx_cr_reply_object(const u_char *text, const u_char *from, const u_char *end,
    const ngx_str_t *check)
{
    size_t         len;
    json_t        *json, *word;
    ngx_uint_t     tries;
    const u_char  *p;

    tries = 0;

    for (p = from; p > text && tries < NGX_CR_REPLY_BRACES; /* void */ ) {

        if (*--p != '{') {
            continue;
        }

        if (from - p > NGX_CR_REPLY_BLOCK) {
            break;
        }

        tries++;
        len = ngx_min(end - p, NGX_CR_REPLY_BLOCK);

        json = json_loadb((char *) p, len, JSON_DISABLE_EOF_CHECK, NULL);
        word = json_object_get(json, "check");

        if (json_object_get(json, "time_complexity")
            && (check == NULL
                || (json_string_length(word) == check->len
                    && ngx_memcmp(json_string_value(word), check->data,
                                  check->len) == 0)))
        {
            return json;
        }

        json_decref(json);
    }

    return NULL;
}


/* The last object that repeats the word. */

static json_t *
ngx_cr_reply_checked(ngx_cr_reply_t *reply)
{
    json_t        *json;
    ngx_uint_t     tries;
    const u_char  *p, *end;

    json = NULL;
    tries = 0;
    end = reply->text + reply->len;

    if (reply->len < reply->check.len || reply->check.len == 0) {
        return NULL;
    }

    for (p = end - reply->check.len;
         json == NULL && p > reply->text && tries < NGX_CR_REPLY_WORDS;
         p--)
    {
        if (*p == *reply->check.data
            && ngx_memcmp(p, reply->check.data, reply->check.len) == 0)
        {
            tries++;
            json = ngx_cr_reply_object(reply->text, p, end, &reply->check);
        }
    }

    return json;
}


/*
 * An escaped character would show what stands not there in so many letters,
 * neither in the answer nor in the program.
 */

static json_t *
ngx_cr_reply_unchecked(ngx_cr_reply_t *reply)
{
    const u_char  *end;

    end = reply->text + reply->len;

    if (memmem(reply->text, reply->len, "\\u", 2)) {
        return NULL;
    }

    return ngx_cr_reply_object(reply->text, end, end, NULL);
}


ngx_int_t
ngx_cr_reply_parse(ngx_cr_reply_t *reply, ngx_cr_reply_fields_t *fields)
{
    json_t     *json;
    ngx_int_t   rc;
    ngx_str_t   text;

    ngx_memzero(fields, sizeof(ngx_cr_reply_fields_t));

    if (reply->len == 0) {
        return NGX_DECLINED;
    }

    json = ngx_cr_reply_checked(reply);
    fields->checked = json != NULL;

    if (!fields->checked && ngx_cr_reply_speaks(&reply->code)) {
        return NGX_DECLINED;
    }

    if (!fields->checked) {
        json = ngx_cr_reply_unchecked(reply);
    }

    if (json) {
        rc = ngx_cr_reply_json(reply->pool, json, fields);
        json_decref(json);

    } else {
        text.data = reply->text;
        text.len = reply->len;

        rc = ngx_cr_reply_headings(reply->pool, &text, fields);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    /* a model may say that it cannot tell, and why */

    return fields->time_complexity.len
           || (fields->checked && fields->time_explanation.len)
           ? NGX_OK : NGX_DECLINED;
}
