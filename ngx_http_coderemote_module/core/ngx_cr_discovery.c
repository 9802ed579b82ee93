
#include "ngx_cr_discovery.h"

#include <jansson.h>


#define NGX_CR_DISCOVERY_PATH   "/.well-known/openid-configuration"

/* The longest issuer that is told to people. */
#define NGX_CR_DISCOVERY_SHOWN  96


static ngx_int_t
ngx_cr_discovery_why(u_char *why, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    *ngx_vslprintf(why, why + NGX_CR_DISCOVERY_WHY - 1, fmt, args) = '\0';
    va_end(args);

    return NGX_DECLINED;
}


ngx_int_t
ngx_cr_discovery_url(ngx_pool_t *pool, const ngx_str_t *issuer, ngx_str_t *url)
{
    size_t   len;
    u_char  *p;

    /* section 4.1: a slash at its end is not doubled */

    len = issuer->len;

    if (len && issuer->data[len - 1] == '/') {
        len--;
    }

    url->len = len + sizeof(NGX_CR_DISCOVERY_PATH) - 1;
    url->data = ngx_pnalloc(pool, url->len);

    if (url->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(url->data, issuer->data, len);
    ngx_memcpy(p, NGX_CR_DISCOVERY_PATH, sizeof(NGX_CR_DISCOVERY_PATH) - 1);

    return NGX_OK;
}


/* Text of a URL's characters, not longer than that. */

static ngx_uint_t
ngx_cr_discovery_plain(json_t *value, size_t max)
{
    size_t       i, len;
    const char  *text;

    text = json_string_value(value);
    len = json_string_length(value);

    if (text == NULL || len == 0 || len > max) {
        return 0;
    }

    for (i = 0; i < len; i++) {
        if (text[i] <= 0x20 || text[i] >= 0x7f || text[i] == '"'
            || text[i] == '\\')
        {
            return 0;
        }
    }

    return 1;
}


static ngx_int_t
ngx_cr_discovery_members(ngx_pool_t *pool, json_t *json,
    const ngx_str_t *issuer, ngx_str_t *url, u_char *why)
{
    json_t  *value;

    value = json_object_get(json, "issuer");

    if (!json_is_string(value)) {
        return ngx_cr_discovery_why(why, "its discovery document names no "
                                    "issuer");
    }

    /* section 4.3: to the letter */

    if (json_string_length(value) != issuer->len
        || ngx_memcmp(json_string_value(value), issuer->data, issuer->len)
           != 0)
    {
        if (!ngx_cr_discovery_plain(value, NGX_CR_DISCOVERY_SHOWN)) {
            return ngx_cr_discovery_why(why, "its discovery document is of "
                                        "another issuer");
        }

        return ngx_cr_discovery_why(why, "its discovery document is of the "
                                    "issuer \"%s\", which "
                                    "coderemote_jwt_oidc must name to the "
                                    "letter", json_string_value(value));
    }

    value = json_object_get(json, "jwks_uri");

    if (!ngx_cr_discovery_plain(value, NGX_CR_DISCOVERY_URL)) {
        return ngx_cr_discovery_why(why, "its discovery document has no "
                                    "jwks_uri, or one that is no URL");
    }

    url->len = json_string_length(value);
    url->data = ngx_pnalloc(pool, url->len);

    if (url->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(url->data, json_string_value(value), url->len);

    return NGX_OK;
}


ngx_int_t
ngx_cr_discovery_read(ngx_pool_t *pool, const ngx_str_t *text,
    const ngx_str_t *issuer, ngx_str_t *url, u_char why[NGX_CR_DISCOVERY_WHY])
{
    json_t     *json;
    ngx_int_t   rc;

    json = json_loadb((char *) text->data, text->len, JSON_REJECT_DUPLICATES,
                      NULL);

    rc = json_is_object(json)
         ? ngx_cr_discovery_members(pool, json, issuer, url, why)
         : ngx_cr_discovery_why(why, "its discovery document is no JSON "
                                "object, or has a member twice");

    json_decref(json);

    return rc;
}
