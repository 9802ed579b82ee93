
#include "ngx_http_coderemote_json.h"


#define NGX_HTTP_CODEREMOTE_JSON_BUF      1024
#define NGX_HTTP_CODEREMOTE_JSON_BUF_MAX  65536

/*
 * Values in a text.  A request has far fewer, and an empty object takes a
 * hundred times its text when it is parsed.
 */
#define NGX_HTTP_CODEREMOTE_JSON_VALUES 16384


typedef struct {
    ngx_pool_t    *pool;
    ngx_chain_t   *first;
    ngx_chain_t  **last;
    ngx_buf_t     *buf;
    size_t         total;
} ngx_http_coderemote_json_out_t;


/*
 * Answers the length of the character at p, or minus the length of the
 * maximal part that begins none (Unicode, chapter 3.9: U+FFFD substitution of
 * maximal subparts, which browsers do too).  *partial is set when the bytes
 * end before the character does.
 */

static ssize_t
ngx_http_coderemote_json_char(const u_char *p, const u_char *end,
    ngx_uint_t *partial)
{
    size_t  n, i;
    u_char  c, low, high;

    *partial = 0;

    c = *p;
    low = 0x80;
    high = 0xbf;

    if (c < 0x80) {
        return 1;
    }

    if (c >= 0xc2 && c <= 0xdf) {
        n = 2;

    } else if (c >= 0xe0 && c <= 0xef) {
        n = 3;
        low = (c == 0xe0) ? 0xa0 : 0x80;
        high = (c == 0xed) ? 0x9f : 0xbf;

    } else if (c >= 0xf0 && c <= 0xf4) {
        n = 4;
        low = (c == 0xf0) ? 0x90 : 0x80;
        high = (c == 0xf4) ? 0x8f : 0xbf;

    } else {
        return -1;
    }

    for (i = 1; i < n; i++) {

        if (p + i == end) {
            *partial = 1;
            return -(ssize_t) i;
        }

        if (p[i] < low || p[i] > high) {
            return -(ssize_t) i;
        }

        low = 0x80;
        high = 0xbf;
    }

    return n;
}


/* Answers the length of the part from p on that is UTF-8. */

static size_t
ngx_http_coderemote_json_valid(const u_char *p, const u_char *end)
{
    ssize_t        n;
    uint64_t       word;
    ngx_uint_t     partial;
    const u_char  *start;

    start = p;

    while (p < end) {

        if (end - p >= 8) {
            ngx_memcpy(&word, p, 8);

            if ((word & 0x8080808080808080ULL) == 0) {
                p += 8;
                continue;
            }
        }

        n = ngx_http_coderemote_json_char(p, end, &partial);

        if (n < 0) {
            break;
        }

        p += n;
    }

    return p - start;
}


json_t *
ngx_http_coderemote_json_text(const u_char *data, size_t len, ngx_uint_t cut)
{
    size_t         n, size;
    u_char        *buf, *out;
    ssize_t        bad;
    json_t        *json;
    ngx_uint_t     partial;
    const u_char  *p, *end;

    if (len == 0) {
        return json_stringn_nocheck("", 0);
    }

    n = ngx_http_coderemote_json_valid(data, data + len);

    if (n == len) {
        return json_stringn_nocheck((const char *) data, len);
    }

    /* a bad byte becomes three at most */

    size = n + (len - n) * 3;

    buf = malloc(size);
    if (buf == NULL) {
        return NULL;
    }

    out = buf;
    p = data;
    end = data + len;

    for ( ;; ) {
        n = ngx_http_coderemote_json_valid(p, end);

        out = ngx_cpymem(out, p, n);
        p += n;

        if (p == end) {
            break;
        }

        bad = ngx_http_coderemote_json_char(p, end, &partial);
        p += -bad;

        if (partial && cut) {
            break;
        }

        out = ngx_cpymem(out, "\xEF\xBF\xBD", 3);
    }

    json = json_stringn_nocheck((char *) buf, out - buf);

    free(buf);

    return json;
}


json_t *
ngx_http_coderemote_json_ms(uint64_t us)
{
    return json_real((double) us / 1000);
}


json_t *
ngx_http_coderemote_json_time(uint64_t us)
{
    ngx_tm_t  tm;
    u_char    buf[sizeof("1970-01-01T00:00:00.000Z") + NGX_INT64_LEN], *p;

    if (us == 0) {
        return json_null();
    }

    ngx_gmtime((time_t) (us / 1000000), &tm);

    p = ngx_snprintf(buf, sizeof(buf), "%4d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                     tm.ngx_tm_year, tm.ngx_tm_mon, tm.ngx_tm_mday,
                     tm.ngx_tm_hour, tm.ngx_tm_min, tm.ngx_tm_sec,
                     (int) (us / 1000 % 1000));

    return json_stringn_nocheck((char *) buf, p - buf);
}


static int
ngx_http_coderemote_json_write(const char *data, size_t len, void *arg)
{
    ngx_http_coderemote_json_out_t *out = arg;

    size_t        n, size;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    b = out->buf;
    out->total += len;

    for ( ;; ) {

        if (b) {
            n = ngx_min(len, (size_t) (b->end - b->last));

            b->last = ngx_cpymem(b->last, data, n);
            data += n;
            len -= n;
        }

        if (len == 0) {
            return 0;
        }

        size = b ? ngx_min((size_t) (b->end - b->start) * 4,
                           NGX_HTTP_CODEREMOTE_JSON_BUF_MAX)
                 : NGX_HTTP_CODEREMOTE_JSON_BUF;

        b = ngx_create_temp_buf(out->pool, size);
        if (b == NULL) {
            return -1;
        }

        cl = ngx_alloc_chain_link(out->pool);
        if (cl == NULL) {
            return -1;
        }

        cl->buf = b;
        cl->next = NULL;

        *out->last = cl;
        out->last = &cl->next;
        out->buf = b;
    }
}


ngx_chain_t *
ngx_http_coderemote_json_chain(ngx_pool_t *pool, json_t *json, size_t *size)
{
    ngx_http_coderemote_json_out_t  out;

    ngx_memzero(&out, sizeof(ngx_http_coderemote_json_out_t));

    out.pool = pool;
    out.last = &out.first;

    /*
     * 15 digits is what a double keeps of a decimal: 12.345 stays 12.345;
     * encoding any value lets a lone string pass too
     */

    if (json_dump_callback(json, ngx_http_coderemote_json_write, &out,
                           JSON_COMPACT|JSON_ENCODE_ANY
                           |JSON_REAL_PRECISION(15))
        != 0)
    {
        return NULL;
    }

    *size = out.total;

    return out.first;
}


/*
 * Each value but the first follows one of these outside of strings.  Text that
 * is no JSON is counted rightly up to where the parser gives up.
 */

static ngx_uint_t
ngx_http_coderemote_json_is_small(const ngx_str_t *text)
{
    u_char      *p, *last;
    ngx_uint_t   n, quoted;

    n = 0;
    quoted = 0;
    last = text->data + text->len;

    for (p = text->data; p < last; p++) {

        if (*p == '"') {
            quoted = !quoted;

        } else if (quoted) {
            p += (*p == '\\');

        } else if (*p == ',' || *p == '[' || *p == '{') {
            n++;
        }
    }

    return n < NGX_HTTP_CODEREMOTE_JSON_VALUES;
}


json_t *
ngx_http_coderemote_json_parse(const ngx_str_t *text, json_error_t *error)
{
    if (!ngx_http_coderemote_json_is_small(text)) {
        ngx_memzero(error, sizeof(json_error_t));
        ngx_sprintf((u_char *) error->text, "it has too many values%Z");
        return NULL;
    }

    return json_loadb((char *) text->data, text->len,
                      JSON_REJECT_DUPLICATES|JSON_ALLOW_NUL|JSON_DECODE_ANY,
                      error);
}
