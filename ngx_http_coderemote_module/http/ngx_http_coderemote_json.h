
/*
 * JSON: what a client wrote is parsed, text that may be anything becomes a JSON
 * string, and a document becomes a chain of buffers.
 */


#ifndef _NGX_HTTP_CODEREMOTE_JSON_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_JSON_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <jansson.h>


/*
 * Parses what a client wrote, of any size: it is looked at first whether it
 * has few enough values.  Members twice and lone surrogates are errors.  NULL:
 * *error says what is wrong.
 */
json_t *ngx_http_coderemote_json_parse(const ngx_str_t *text,
    json_error_t *error);

/*
 * The same, with at most max values; and of a text with strings of at least
 * `least` bytes, enough for a number, that are many or long.  An error's column
 * is then one of the text without them (ngx_http_coderemote_json_long.c).
 */
json_t *ngx_http_coderemote_json_parse_plain(const ngx_str_t *text, size_t max,
    json_error_t *error);
json_t *ngx_http_coderemote_json_parse_long(const ngx_str_t *text,
    size_t least, size_t max, json_error_t *error);

/*
 * A JSON string of len bytes that need not be UTF-8: every maximal part that
 * is not becomes one U+FFFD.  With cut set the bytes are the beginning of a
 * longer text, and a character that the cut has split is left out.  NULL: no
 * memory.
 */
json_t *ngx_http_coderemote_json_text(const u_char *data, size_t len,
    ngx_uint_t cut);

/* Microseconds as milliseconds with decimals. */
json_t *ngx_http_coderemote_json_ms(uint64_t us);

/*
 * Microseconds since the epoch as an RFC 3339 time in UTC; 0 becomes null.
 */
json_t *ngx_http_coderemote_json_time(uint64_t us);

/*
 * How documents are serialized: 15 digits is what a double keeps of a decimal,
 * so that 12.345 stays 12.345; encoding any value lets a lone string pass too.
 */
#define NGX_HTTP_CODEREMOTE_JSON_FLAGS                                        \
    (JSON_COMPACT|JSON_ENCODE_ANY|JSON_REAL_PRECISION(15))

/*
 * Serializes *json into buffers of pool.  The last one has last_buf unset:
 * the caller knows what it is the end of.  NULL: no memory.
 */
ngx_chain_t *ngx_http_coderemote_json_chain(ngx_pool_t *pool, json_t *json,
    size_t *size);


#endif /* _NGX_HTTP_CODEREMOTE_JSON_H_INCLUDED_ */
