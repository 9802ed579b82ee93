
/* Where a request has its token, and that nobody else finds it there. */

#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_jwt.h"
#include "ngx_http_coderemote_request.h"


/* What is shorter is none, and would be found in any text. */
#define NGX_HTTP_CODEREMOTE_JWT_SHORT     16

#define NGX_HTTP_CODEREMOTE_JWT_PROTOCOL  "coderemote"


static void
ngx_http_coderemote_jwt_mask(ngx_str_t *text, const ngx_str_t *token)
{
    u_char  *p, *last;

    p = text->data;
    last = p + text->len;

    while (p < last
           && (p = memmem(p, last - p, token->data, token->len)) != NULL)
    {
        ngx_memset(p, '*', token->len);
        p += token->len;
    }
}


/* *token is a copy then. */

static ngx_int_t
ngx_http_coderemote_jwt_hide(ngx_http_request_t *r, ngx_str_t *token)
{
    u_char  *p;

    if (token->len < NGX_HTTP_CODEREMOTE_JWT_SHORT) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, token->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, token->data, token->len);
    token->data = p;

    /* they share their bytes, or do not: that depends on the protocol */

    ngx_http_coderemote_jwt_mask(&r->args, token);
    ngx_http_coderemote_jwt_mask(&r->unparsed_uri, token);
    ngx_http_coderemote_jwt_mask(&r->request_line, token);

    return NGX_OK;
}


static ngx_uint_t
ngx_http_coderemote_jwt_handshake(ngx_http_request_t *r)
{
    ngx_table_elt_t  *h;

    h = ngx_http_coderemote_header_in(r, "upgrade", NULL);

    return h && ngx_strcasestrn(h->value.data, "websocket", 9 - 1) != NULL;
}


ngx_int_t
ngx_http_coderemote_jwt_hide_args(ngx_http_request_t *r, ngx_str_t *token)
{
    u_char                                *p, *end, *last;
    ngx_str_t                              found;
    ngx_http_coderemote_endpoints_conf_t  *ecf;

    ecf = ngx_http_get_module_loc_conf(r,
                                       ngx_http_coderemote_endpoints_module);

    /* elsewhere it may be somebody else's, who needs it */

    if (r->args.len == 0
        || (!ecf->endpoint && !ngx_http_coderemote_jwt_handshake(r)))
    {
        return NGX_OK;
    }

    p = r->args.data;
    last = p + r->args.len;

    for ( /* void */ ; p < last; p = end + 1) {

        end = ngx_strlchr(p, last, '&');
        end = end ? end : last;

        if (end - p < 6 || ngx_strncasecmp(p, (u_char *) "token=", 6) != 0) {
            continue;
        }

        found.data = p + 6;
        found.len = end - found.data;

        if (found.len && *found.data == '*') {
            continue;
        }

        if (ngx_http_coderemote_jwt_hide(r, &found) != NGX_OK) {
            return NGX_ERROR;
        }

        if (token->len == 0) {
            *token = found;
        }
    }

    return NGX_OK;
}


/* The subprotocol that follows ours in the list. */

static ngx_int_t
ngx_http_coderemote_jwt_protocol(ngx_http_request_t *r, ngx_str_t *token)
{
    u_char           *p, *end, *last, *next;
    ngx_uint_t        ours;
    ngx_table_elt_t  *h;

    h = NULL;
    ours = 0;

    while ((h = ngx_http_coderemote_header_in(r, "sec-websocket-protocol", h))
           != NULL)
    {
        last = h->value.data + h->value.len;

        for (p = h->value.data; p < last; p = next + 1) {

            next = ngx_strlchr(p, last, ',');
            next = next ? next : last;

            while (p < next && (*p == ' ' || *p == '\t')) {
                p++;
            }

            for (end = next; end > p && (end[-1] == ' ' || end[-1] == '\t');
                 end--)
            {
                /* void */
            }

            if (ours) {
                token->data = p;
                token->len = end - p;
                return NGX_OK;
            }

            ours = (size_t) (end - p)
                       == sizeof(NGX_HTTP_CODEREMOTE_JWT_PROTOCOL) - 1
                   && ngx_strncmp(p, NGX_HTTP_CODEREMOTE_JWT_PROTOCOL,
                                  end - p) == 0;
        }
    }

    return NGX_DECLINED;
}


/* RFC 6750, section 2.1. */

static ngx_int_t
ngx_http_coderemote_jwt_bearer(ngx_http_request_t *r, ngx_str_t *token)
{
    u_char           *p, *last;
    ngx_table_elt_t  *h;

    /* where there are two nginx has answered already */

    h = r->headers_in.authorization;

    if (h == NULL) {
        return NGX_DECLINED;
    }

    p = h->value.data;
    last = p + h->value.len;

    if (h->value.len < 7
        || ngx_strncasecmp(p, (u_char *) "Bearer ", 7) != 0)
    {
        return NGX_DECLINED;
    }

    for (p += 7; p < last && *p == ' '; p++) { /* void */ }

    token->data = p;
    token->len = last - p;

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_jwt_token(ngx_http_request_t *r,
    ngx_http_coderemote_jwt_conf_t *conf, const ngx_str_t *hidden,
    ngx_str_t *token)
{
    ngx_int_t  rc;

    if (conf->token) {

        if (ngx_http_complex_value(r, conf->token, token) != NGX_OK
            || ngx_http_coderemote_jwt_hide(r, token) != NGX_OK)
        {
            return NGX_ERROR;
        }

        return token->len ? NGX_OK : NGX_DECLINED;
    }

    rc = ngx_http_coderemote_jwt_bearer(r, token);

    if (rc != NGX_DECLINED || !ngx_http_coderemote_jwt_handshake(r)) {
        return rc;
    }

    if (hidden->len) {
        *token = *hidden;
        return NGX_OK;
    }

    return ngx_http_coderemote_jwt_protocol(r, token);
}
