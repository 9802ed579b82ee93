
/*
 * Documents with long strings.  jansson looks at one byte at a time, and a
 * worker has other clients: long strings are taken out before it reads the
 * rest, and put in their places after.
 *
 * In the text a long string becomes a short one of just `least` bytes, which
 * is its number.  No other string of the text that is a value is as long, for
 * those had been taken out.
 */

#include "ngx_http_coderemote_json.h"
#include "ngx_cr_json.h"
#include "ngx_cr_utf8.h"


#define NGX_HTTP_CODEREMOTE_JSON_NO_MEMORY  "there is no memory for it"


typedef struct {
    u_char     *text;       /* without them */
    size_t      len;
    u_char     *bytes;      /* of all of them, one behind the other */
    ngx_str_t  *strings;
    size_t      n;
    size_t      least;
} ngx_http_coderemote_json_long_t;


static ngx_int_t
ngx_http_coderemote_json_hex(const u_char *p, const u_char *last,
    uint32_t *code)
{
    u_char      c;
    ngx_uint_t  i;

    *code = 0;

    if (last - p < 4) {
        return NGX_ERROR;
    }

    for (i = 0; i < 4; i++) {
        c = p[i] | 0x20;

        if (p[i] >= '0' && p[i] <= '9') {
            c -= '0';

        } else if (c >= 'a' && c <= 'f') {
            c -= 'a' - 10;

        } else {
            return NGX_ERROR;
        }

        *code = *code << 4 | c;
    }

    return NGX_OK;
}


static u_char *
ngx_http_coderemote_json_utf8(u_char *out, uint32_t code)
{
    if (code < 0x80) {
        *out++ = code;
        return out;
    }

    if (code < 0x800) {
        *out++ = 0xc0 | code >> 6;
        *out++ = 0x80 | (code & 0x3f);
        return out;
    }

    if (code < 0x10000) {
        *out++ = 0xe0 | code >> 12;

    } else {
        *out++ = 0xf0 | code >> 18;
        *out++ = 0x80 | (code >> 12 & 0x3f);
    }

    *out++ = 0x80 | (code >> 6 & 0x3f);
    *out++ = 0x80 | (code & 0x3f);

    return out;
}


/* What follows "\u".  NULL: it is wrong. */

static const u_char *
ngx_http_coderemote_json_unicode(const u_char *p, const u_char *last,
    u_char **out)
{
    uint32_t  code, low;

    if (ngx_http_coderemote_json_hex(p, last, &code) != NGX_OK) {
        return NULL;
    }

    p += 4;

    if (code >= 0xd800 && code <= 0xdfff) {

        if (code >= 0xdc00 || last - p < 2 || p[0] != '\\' || p[1] != 'u'
            || ngx_http_coderemote_json_hex(p + 2, last, &low) != NGX_OK
            || low < 0xdc00 || low > 0xdfff)
        {
            return NULL;
        }

        code = 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00));
        p += 6;
    }

    *out = ngx_http_coderemote_json_utf8(*out, code);

    return p;
}


/*
 * Eight bytes at a time: one of them ends a run of plain ones.  What is below
 * n, or is zero, borrows from the top bit of its byte.
 */

#define NGX_HTTP_CODEREMOTE_JSON_EACH(c)  (0x0101010101010101ULL * (c))

#define ngx_http_coderemote_json_below(w, n)                                  \
    (((w) - NGX_HTTP_CODEREMOTE_JSON_EACH(n)) & ~(w)                          \
     & NGX_HTTP_CODEREMOTE_JSON_EACH(0x80))

#define ngx_http_coderemote_json_has(w, c)                                    \
    ngx_http_coderemote_json_below((w) ^ NGX_HTTP_CODEREMOTE_JSON_EACH(c), 1)


static const u_char *
ngx_http_coderemote_json_plain(const u_char *p, const u_char *last,
    u_char **out)
{
    u_char    *o;
    uint64_t   word;

    o = *out;

    while (last - p >= 8) {
        ngx_memcpy(&word, p, 8);

        if (ngx_http_coderemote_json_below(word, 0x20)
            || ngx_http_coderemote_json_has(word, '"')
            || ngx_http_coderemote_json_has(word, '\\'))
        {
            break;
        }

        ngx_memcpy(o, &word, 8);

        p += 8;
        o += 8;
    }

    while (p < last && *p != '"' && *p != '\\' && *p >= 0x20) {
        *o++ = *p++;
    }

    *out = o;

    return p;
}


/*
 * Reads a string from behind its quote to its end, and writes what it stands
 * for, which is never longer.  Answers where its last quote is; NULL: it is
 * wrong, which jansson will say.
 */

static const u_char *
ngx_http_coderemote_json_string(const u_char *p, const u_char *last,
    u_char **out)
{
    u_char  *o, *start;

    static const char  escapes[] = "\"\\/bfnrt";
    static const char  meant[] = "\"\\/\b\f\n\r\t";
    const char        *escape;

    o = start = *out;

    for ( ;; ) {

        p = ngx_http_coderemote_json_plain(p, last, &o);

        if (p == last || *p < 0x20) {
            return NULL;
        }

        if (*p == '"') {
            *out = o;
            return ngx_cr_utf8_valid(start, o) == (size_t) (o - start) ? p
                                                                       : NULL;
        }

        if (++p == last) {
            return NULL;
        }

        if (*p == 'u') {
            p = ngx_http_coderemote_json_unicode(p + 1, last, &o);

            if (p == NULL) {
                return NULL;
            }

            continue;
        }

        escape = *p ? strchr(escapes, *p) : NULL;

        if (escape == NULL) {
            return NULL;
        }

        *o++ = meant[escape - escapes];
        p++;
    }
}


/* A name of a member stays where it is. */

static ngx_uint_t
ngx_http_coderemote_json_is_name(const u_char *p, const u_char *last)
{
    while (p < last && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) {
        p++;
    }

    return p < last && *p == ':';
}


static void
ngx_http_coderemote_json_copy(ngx_http_coderemote_json_long_t *l,
    const u_char *p, const u_char *end)
{
    ngx_memcpy(l->text + l->len, p, end - p);
    l->len += end - p;
}


static void
ngx_http_coderemote_json_number(ngx_http_coderemote_json_long_t *l)
{
    u_char  *p;

    p = l->text + l->len;

    *p++ = '"';
    ngx_memset(p, ' ', l->least);
    (void) ngx_sprintf(p, "%uz", l->n);
    p[l->least] = '"';

    l->len += l->least + 2;
}


/* What is wrong stays as it is, with all behind it. */

static void
ngx_http_coderemote_json_shorten(ngx_http_coderemote_json_long_t *l,
    const ngx_str_t *text, size_t max)
{
    u_char        *bytes, *start;
    const u_char  *p, *last, *quote, *end;

    p = text->data;
    last = p + text->len;
    bytes = l->bytes;

    while (l->n < max) {

        quote = memchr(p, '"', last - p);

        if (quote == NULL) {
            break;
        }

        start = bytes;
        end = ngx_http_coderemote_json_string(quote + 1, last, &bytes);

        if (end == NULL) {
            break;
        }

        if ((size_t) (end - quote - 1) < l->least
            || ngx_http_coderemote_json_is_name(end + 1, last))
        {
            ngx_http_coderemote_json_copy(l, p, end + 1);
            bytes = start;

        } else {
            ngx_http_coderemote_json_copy(l, p, quote);
            ngx_http_coderemote_json_number(l);

            l->strings[l->n].data = start;
            l->strings[l->n].len = bytes - start;
            l->n++;
        }

        p = end + 1;
    }

    ngx_http_coderemote_json_copy(l, p, last);
}


/* It is as deep as jansson lets a document be. */

static ngx_int_t
ngx_http_coderemote_json_restore(ngx_http_coderemote_json_long_t *l,
    json_t *json)
{
    size_t       i;
    json_t      *value;
    const char  *key;

    switch (json_typeof(json)) {

    case JSON_STRING:

        if (json_string_length(json) != l->least) {
            return NGX_OK;
        }

        i = strtoul(json_string_value(json), NULL, 10);

        if (i >= l->n
            || json_string_setn_nocheck(json, (char *) l->strings[i].data,
                                        l->strings[i].len)
               != 0)
        {
            return NGX_ERROR;
        }

        return NGX_OK;

    case JSON_ARRAY:

        json_array_foreach(json, i, value) {
            if (ngx_http_coderemote_json_restore(l, value) != NGX_OK) {
                return NGX_ERROR;
            }
        }

        return NGX_OK;

    case JSON_OBJECT:

        json_object_foreach(json, key, value) {
            if (ngx_http_coderemote_json_restore(l, value) != NGX_OK) {
                return NGX_ERROR;
            }
        }

        return NGX_OK;

    default:
        return NGX_OK;
    }
}


static json_t *
ngx_http_coderemote_json_load(ngx_http_coderemote_json_long_t *l,
    const ngx_str_t *text, size_t max, json_error_t *error)
{
    json_t     *json;
    ngx_str_t   rest;

    ngx_http_coderemote_json_shorten(l, text, max);

    rest.data = l->text;
    rest.len = l->len;

    json = ngx_http_coderemote_json_parse_plain(&rest, max, error);

    if (json && ngx_http_coderemote_json_restore(l, json) != NGX_OK) {
        json_decref(json);
        return NULL;
    }

    return json;
}


json_t *
ngx_http_coderemote_json_parse_long(const ngx_str_t *text, size_t least,
    size_t max, json_error_t *error)
{
    json_t                           *json;
    ngx_http_coderemote_json_long_t   l;

    ngx_memzero(error, sizeof(json_error_t));
    ngx_memzero(&l, sizeof(ngx_http_coderemote_json_long_t));
    ngx_memcpy(error->text, NGX_HTTP_CODEREMOTE_JSON_NO_MEMORY,
               sizeof(NGX_HTTP_CODEREMOTE_JSON_NO_MEMORY));

    /* neither is longer than the text, and what is not written costs nothing */

    l.least = least;
    l.text = malloc(text->len + 1);
    l.bytes = malloc(text->len + 1);
    l.strings = malloc((text->len / least + 1) * sizeof(ngx_str_t));

    json = NULL;

    if (l.text && l.bytes && l.strings) {
        json = ngx_http_coderemote_json_load(&l, text, max, error);
    }

    free(l.text);
    free(l.bytes);
    free(l.strings);

    return json;
}
