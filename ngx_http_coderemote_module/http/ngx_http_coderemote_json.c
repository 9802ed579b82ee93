
#include "ngx_http_coderemote_json.h"
#include "ngx_cr_json.h"
#include "ngx_cr_utf8.h"


#define NGX_HTTP_CODEREMOTE_JSON_BUF      1024
#define NGX_HTTP_CODEREMOTE_JSON_BUF_MAX  65536

/* Values in a text; a request has far fewer. */
#define NGX_HTTP_CODEREMOTE_JSON_VALUES   16384
#define NGX_HTTP_CODEREMOTE_JSON_TOO_MANY  "it has too many values"

/* A text, and a string in it, that jansson alone would be slow with. */
#define NGX_HTTP_CODEREMOTE_JSON_LONG         (16 * 1024)
#define NGX_HTTP_CODEREMOTE_JSON_LONG_STRING  256


typedef struct {
    ngx_pool_t    *pool;
    ngx_chain_t   *first;
    ngx_chain_t  **last;
    ngx_buf_t     *buf;
    size_t         total;
} ngx_http_coderemote_json_out_t;


json_t *
ngx_http_coderemote_json_text(const u_char *data, size_t len, ngx_uint_t cut)
{
    size_t   n;
    u_char  *buf, *out;
    json_t  *json;

    if (len == 0) {
        return json_stringn_nocheck("", 0);
    }

    n = ngx_cr_utf8_valid(data, data + len);

    if (n == len) {
        return json_stringn_nocheck((const char *) data, len);
    }

    buf = malloc(n + (len - n) * NGX_CR_UTF8_REPLACEMENT);
    if (buf == NULL) {
        return NULL;
    }

    out = ngx_cr_utf8_replace(buf, data, data + len, cut);

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

    if (json_dump_callback(json, ngx_http_coderemote_json_write, &out,
                           NGX_HTTP_CODEREMOTE_JSON_FLAGS)
        != 0)
    {
        return NULL;
    }

    *size = out.total;

    return out.first;
}


json_t *
ngx_http_coderemote_json_parse_plain(const ngx_str_t *text, size_t max,
    json_error_t *error)
{
    if (ngx_cr_json_values(text) >= max) {
        ngx_memzero(error, sizeof(json_error_t));
        ngx_memcpy(error->text, NGX_HTTP_CODEREMOTE_JSON_TOO_MANY,
                   sizeof(NGX_HTTP_CODEREMOTE_JSON_TOO_MANY));
        return NULL;
    }

    return json_loadb((char *) text->data, text->len,
                      JSON_REJECT_DUPLICATES|JSON_ALLOW_NUL|JSON_DECODE_ANY,
                      error);
}


json_t *
ngx_http_coderemote_json_parse(const ngx_str_t *text, json_error_t *error)
{
    if (text->len < NGX_HTTP_CODEREMOTE_JSON_LONG) {
        return ngx_http_coderemote_json_parse_plain(text,
                                        NGX_HTTP_CODEREMOTE_JSON_VALUES,
                                        error);
    }

    return ngx_http_coderemote_json_parse_long(text,
                                        NGX_HTTP_CODEREMOTE_JSON_LONG_STRING,
                                        NGX_HTTP_CODEREMOTE_JSON_VALUES,
                                        error);
}
