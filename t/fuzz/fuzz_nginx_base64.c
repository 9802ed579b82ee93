
/* nginx's functions for base64 that the module calls, as nginx has them. */


#include <ngx_config.h>
#include <ngx_core.h>


static const char  digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789+/";


/* "=" ends a text; what follows it is not looked at. */

ngx_int_t
ngx_decode_base64(ngx_str_t *dst, ngx_str_t *src)
{
    size_t     i, len;
    u_char    *d, *p;
    uint32_t   bits;

    p = memchr(src->data, '=', src->len);
    len = p ? (size_t) (p - src->data) : src->len;
    bits = 0;
    d = dst->data;

    if (len % 4 == 1) {
        return NGX_ERROR;
    }

    for (i = 0; i < len; i++) {
        p = memchr(digits, src->data[i], 64);

        if (p == NULL) {
            return NGX_ERROR;
        }

        bits = bits << 6 | (p - (u_char *) digits);

        if (i % 4) {
            *d++ = bits >> (6 - i % 4 * 2);
        }
    }

    dst->len = d - dst->data;

    return NGX_OK;
}


void
ngx_encode_base64(ngx_str_t *dst, ngx_str_t *src)
{
    size_t     i, n, left;
    u_char    *d;
    uint32_t   bits;

    d = dst->data;

    for (i = 0; i < src->len; i += 3) {
        left = ngx_min(src->len - i, 3);
        bits = 0;

        for (n = 0; n < 3; n++) {
            bits = bits << 8 | (n < left ? src->data[i + n] : 0);
        }

        for (n = 0; n < 4; n++) {
            *d++ = n <= left ? digits[bits >> (18 - n * 6) & 63] : '=';
        }
    }

    dst->len = d - dst->data;
}
