
/* RFC 6455, section 4: the opening handshake. */

#include "ngx_http_coderemote_request.h"
#include "ngx_http_coderemote_websocket.h"

#include <ngx_sha1.h>


#define NGX_HTTP_CODEREMOTE_WS_GUID   "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define NGX_HTTP_CODEREMOTE_WS_NONCE  16
#define NGX_HTTP_CODEREMOTE_WS_KEY    24


static ngx_str_t  ngx_http_coderemote_ws_name = ngx_string("websocket");
static ngx_str_t  ngx_http_coderemote_ws_version = ngx_string("13");
static ngx_str_t  ngx_http_coderemote_ws_protocol = ngx_string("coderemote");


/* Whether a header that is a list, and may be there more than once, has it. */

static ngx_uint_t
ngx_http_coderemote_ws_listed(ngx_http_request_t *r, const char *name,
    const char *token)
{
    size_t            len;
    u_char           *p, *end, *last;
    ngx_table_elt_t  *h;

    len = ngx_strlen(token);
    h = NULL;

    while ((h = ngx_http_coderemote_header_in(r, name, h)) != NULL) {

        p = h->value.data;
        last = p + h->value.len;

        while (p < last) {

            for (end = p; end < last && *end != ','; end++) { /* void */ }

            while (p < end && (*p == ' ' || *p == '\t')) {
                p++;
            }

            if ((size_t) (end - p) >= len
                && ngx_strncasecmp(p, (u_char *) token, len) == 0)
            {
                for (p += len; p < end && (*p == ' ' || *p == '\t'); p++) {
                    /* void */
                }

                if (p == end) {
                    return 1;
                }
            }

            p = end + 1;
        }
    }

    return 0;
}


/* The header that is there exactly once. */

static ngx_str_t *
ngx_http_coderemote_ws_single(ngx_http_request_t *r, const char *name)
{
    ngx_table_elt_t  *h;

    h = ngx_http_coderemote_header_in(r, name, NULL);

    if (h == NULL || ngx_http_coderemote_header_in(r, name, h)) {
        return NULL;
    }

    return &h->value;
}


static ngx_uint_t
ngx_http_coderemote_ws_origin_same(ngx_http_request_t *r, ngx_str_t *origin)
{
    u_char     *p, *last;
    ngx_str_t  *host;

    host = &r->headers_in.host->value;
    last = origin->data + origin->len;

    p = ngx_strlcasestrn(origin->data, last, (u_char *) "://", 3 - 1);

    if (p == NULL) {
        return 0;
    }

#if (NGX_HTTP_SSL)

    /* whoever is in between can write a page that came without TLS */

    if (r->connection->ssl
        && (p - origin->data != 5
            || ngx_strncasecmp(origin->data, (u_char *) "https", 5) != 0))
    {
        return 0;
    }

#endif

    p += 3;

    return (size_t) (last - p) == host->len
           && ngx_strncasecmp(p, host->data, host->len) == 0;
}


/* Programs send no Origin; browsers always do, and a page cannot change it. */

static ngx_uint_t
ngx_http_coderemote_ws_origin_allowed(ngx_http_request_t *r,
    ngx_array_t *origins)
{
    ngx_str_t   *origin, *allowed;
    ngx_uint_t   i;

    if (origins == NULL
        || ngx_http_coderemote_header_in(r, "origin", NULL) == NULL)
    {
        return 1;
    }

    origin = ngx_http_coderemote_ws_single(r, "origin");

    if (origin == NULL) {
        return 0;
    }

    allowed = origins->elts;

    for (i = 0; i < origins->nelts; i++) {

        if (allowed[i].len == 0
            ? ngx_http_coderemote_ws_origin_same(r, origin)
            : (allowed[i].len == origin->len
               && ngx_strncasecmp(allowed[i].data, origin->data, origin->len)
                  == 0))
        {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_http_coderemote_ws_upgrade(ngx_http_request_t *r, const char *detail)
{
    /* HTTP/2 has neither header */

    if (r->http_version <= NGX_HTTP_VERSION_11
        && (ngx_http_coderemote_header(r, "Upgrade",
                                       &ngx_http_coderemote_ws_name)
            != NGX_OK
            || ngx_http_coderemote_header(r, "Sec-WebSocket-Version",
                                          &ngx_http_coderemote_ws_version)
               != NGX_OK))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_coderemote_problem(r, NGX_HTTP_UPGRADE_REQUIRED, NULL,
                                       "%s", detail);
}


static ngx_uint_t
ngx_http_coderemote_ws_key_valid(ngx_str_t *key)
{
    u_char     nonce[ngx_base64_decoded_length(NGX_HTTP_CODEREMOTE_WS_KEY)];
    ngx_str_t  decoded;

    decoded.data = nonce;

    return key && key->len == NGX_HTTP_CODEREMOTE_WS_KEY
           && ngx_decode_base64(&decoded, key) == NGX_OK
           && decoded.len == NGX_HTTP_CODEREMOTE_WS_NONCE;
}


ngx_int_t
ngx_http_coderemote_handshake_check(ngx_http_request_t *r,
    ngx_http_coderemote_websocket_conf_t *conf)
{
    ngx_str_t  *value;

    if (r->method != NGX_HTTP_GET) {
        return ngx_http_coderemote_not_allowed(r, "GET");
    }

    if (r != r->main || r->http_version != NGX_HTTP_VERSION_11
        || !ngx_http_coderemote_ws_listed(r, "upgrade", "websocket")
        || !ngx_http_coderemote_ws_listed(r, "connection", "upgrade"))
    {
        return ngx_http_coderemote_ws_upgrade(r,
                                 "This address is for WebSockets: connect to "
                                 "it with a client for them, over HTTP/1.1.");
    }

    value = ngx_http_coderemote_ws_single(r, "sec-websocket-version");

    if (value == NULL || value->len != 2
        || ngx_strncmp(value->data, "13", 2) != 0)
    {
        return ngx_http_coderemote_ws_upgrade(r,
                                 "Only version 13 of the WebSocket protocol "
                                 "(RFC 6455) is spoken here.");
    }

    if (!ngx_http_coderemote_ws_key_valid(
                      ngx_http_coderemote_ws_single(r, "sec-websocket-key")))
    {
        return ngx_http_coderemote_problem(r, NGX_HTTP_BAD_REQUEST, NULL,
                                 "\"Sec-WebSocket-Key\" must be there once, "
                                 "with 16 bytes in base64.");
    }

    if (r->headers_in.content_length_n > 0 || r->headers_in.chunked) {
        return ngx_http_coderemote_problem(r, NGX_HTTP_BAD_REQUEST, NULL,
                                 "A WebSocket's handshake has no body.");
    }

    if (!ngx_http_coderemote_ws_origin_allowed(r, conf->origins)) {
        return ngx_http_coderemote_problem(r, NGX_HTTP_FORBIDDEN, NULL,
                                 "Pages of this \"Origin\" may not connect; "
                                 "coderemote_websocket_origin says which.");
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_coderemote_ws_accept(ngx_http_request_t *r, ngx_str_t *accept)
{
    u_char       hash[20];
    ngx_str_t    digest, *key;
    ngx_sha1_t   sha1;

    key = ngx_http_coderemote_ws_single(r, "sec-websocket-key");

    ngx_sha1_init(&sha1);
    ngx_sha1_update(&sha1, key->data, key->len);
    ngx_sha1_update(&sha1, NGX_HTTP_CODEREMOTE_WS_GUID,
                    sizeof(NGX_HTTP_CODEREMOTE_WS_GUID) - 1);
    ngx_sha1_final(hash, &sha1);

    digest.data = hash;
    digest.len = sizeof(hash);

    accept->data = ngx_pnalloc(r->pool,
                               ngx_base64_encoded_length(sizeof(hash)));
    if (accept->data == NULL) {
        return NGX_ERROR;
    }

    ngx_encode_base64(accept, &digest);

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_handshake_answer(ngx_http_request_t *r)
{
    ngx_int_t   rc;
    ngx_str_t   accept;

    /* were it an error's page, its status would take this one's place */

    r->err_status = 0;

    r->keepalive = 0;
    r->headers_out.status = NGX_HTTP_SWITCHING_PROTOCOLS;
    ngx_str_set(&r->headers_out.status_line, "101 Switching Protocols");

    /* nginx adds "Connection: upgrade" by itself */

    if (ngx_http_coderemote_ws_accept(r, &accept) != NGX_OK
        || ngx_http_coderemote_header(r, "Upgrade",
                                      &ngx_http_coderemote_ws_name)
           != NGX_OK
        || ngx_http_coderemote_header(r, "Sec-WebSocket-Accept", &accept)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_http_coderemote_ws_listed(r, "sec-websocket-protocol",
                                      "coderemote")
        && ngx_http_coderemote_header(r, "Sec-WebSocket-Protocol",
                                      &ngx_http_coderemote_ws_protocol)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc != NGX_OK || ngx_http_send_special(r, NGX_HTTP_FLUSH) == NGX_ERROR)
    {
        return NGX_ERROR;
    }

    /* frames go past nginx's filters: nothing may be left in them */

    return (r->out || r->connection->buffered) ? NGX_ERROR : NGX_OK;
}
