
/* nginx's functions on strings that the module calls, as nginx has them. */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <time.h>

#include "fuzz_nginx.h"


/* What stands between "%" and the letter. */

typedef struct {
    ngx_uint_t  width;
    ngx_uint_t  frac;
    u_char      zero;
    ngx_uint_t  sign;
    ngx_uint_t  hex;
} format_t;


static u_char *
format_copy(u_char *buf, u_char *last, const void *data, size_t len)
{
    len = ngx_min((size_t) (last - buf), len);

    return ngx_cpymem(buf, data, len);
}


static u_char *
format_number(u_char *buf, u_char *last, uint64_t n, const format_t *format)
{
    int   len;
    char  text[32];

    len = snprintf(text, sizeof(text), format->hex ? "%lx" : "%lu",
                   (unsigned long) n);

    while ((ngx_uint_t) len < format->width && buf < last) {
        *buf++ = format->zero;
        len++;
    }

    return format_copy(buf, last, text, strlen(text));
}


static u_char *
format_signed(u_char *buf, u_char *last, int64_t n, const format_t *format)
{
    if (format->sign && n < 0) {
        buf = format_copy(buf, last, "-", 1);
        return format_number(buf, last, 0 - (uint64_t) n, format);
    }

    return format_number(buf, last, n, format);
}


static u_char *
format_real(u_char *buf, u_char *last, double f, const format_t *format)
{
    char  text[400];

    snprintf(text, sizeof(text), "%.*f", (int) format->frac, f);

    return format_copy(buf, last, text, strlen(text));
}


static const char *
format_read(const char *fmt, format_t *format)
{
    ngx_memzero(format, sizeof(format_t));

    format->zero = (*fmt == '0') ? '0' : ' ';
    format->sign = 1;

    while (*fmt >= '0' && *fmt <= '9') {
        format->width = format->width * 10 + (*fmt++ - '0');
    }

    for ( /* void */ ; *fmt == 'u' || *fmt == 'x' || *fmt == '.'; fmt++) {

        if (*fmt != '.') {
            format->sign = 0;
            format->hex |= (*fmt == 'x');
            continue;
        }

        while (fmt[1] >= '0' && fmt[1] <= '9') {
            format->frac = format->frac * 10 + (*++fmt - '0');
        }
    }

    return fmt;
}


/* Not all of its letters: those that the module uses. */

u_char *
ngx_vslprintf(u_char *buf, u_char *last, const char *fmt, va_list args)
{
    int64_t      n;
    ngx_str_t   *v;
    const char  *s;
    format_t     format;

    while (*fmt && buf < last) {

        if (*fmt != '%') {
            *buf++ = *fmt++;
            continue;
        }

        fmt = format_read(fmt + 1, &format);

        switch (*fmt++) {

        case 'V':
            v = va_arg(args, ngx_str_t *);
            buf = format_copy(buf, last, v->data, v->len);
            continue;

        case 's':
            s = va_arg(args, const char *);
            buf = format_copy(buf, last, s, strlen(s));
            continue;

        case 'f':
            buf = format_real(buf, last, va_arg(args, double), &format);
            continue;

        case '%':
            *buf++ = '%';
            continue;

        case 'M':
            n = va_arg(args, ngx_msec_t);
            format.sign = 0;
            break;

        case 'd':
            n = format.sign ? va_arg(args, int)
                            : (int64_t) va_arg(args, unsigned);
            break;

        case 'D':
            n = format.sign ? va_arg(args, int32_t)
                            : (int64_t) va_arg(args, uint32_t);
            break;

        case 'T':
        case 'z':
        case 'i':
        case 'L':
        case 'P':
            n = va_arg(args, int64_t);
            break;

        default:
            abort();
        }

        buf = format_signed(buf, last, n, &format);
    }

    return buf;
}


u_char *
ngx_sprintf(u_char *buf, const char *fmt, ...)
{
    u_char   *p;
    va_list   args;

    va_start(args, fmt);
    p = ngx_vslprintf(buf, (void *) -1, fmt, args);
    va_end(args);

    return p;
}


u_char *
ngx_snprintf(u_char *buf, size_t max, const char *fmt, ...)
{
    u_char   *p;
    va_list   args;

    va_start(args, fmt);
    p = ngx_vslprintf(buf, buf + max, fmt, args);
    va_end(args);

    return p;
}


ngx_int_t
ngx_strcasecmp(u_char *s1, u_char *s2)
{
    return strcasecmp((char *) s1, (char *) s2);
}


ngx_int_t
ngx_strncasecmp(u_char *s1, u_char *s2, size_t n)
{
    return strncasecmp((char *) s1, (char *) s2, n);
}


u_char *
ngx_strnstr(u_char *s1, char *s2, size_t len)
{
    return memmem(s1, strnlen((char *) s1, len), s2, strlen(s2));
}


u_char *
ngx_hex_dump(u_char *dst, u_char *src, size_t len)
{
    static const char  hex[] = "0123456789abcdef";

    while (len--) {
        *dst++ = hex[*src >> 4];
        *dst++ = hex[*src++ & 0xf];
    }

    return dst;
}


void
ngx_gmtime(time_t t, ngx_tm_t *tp)
{
    (void) gmtime_r(&t, tp);

    tp->ngx_tm_mon++;
    tp->ngx_tm_year += 1900;
}


/* The first argument of that name, in any case of letters. */

ngx_int_t
ngx_http_arg(ngx_http_request_t *r, u_char *name, size_t len,
    ngx_str_t *value)
{
    u_char  *p, *last;

    last = r->args.data + r->args.len;

    for (p = r->args.data; p + len < last; p++) {

        if (ngx_strncasecmp(p, name, len) != 0 || p[len] != '='
            || (p != r->args.data && p[-1] != '&'))
        {
            continue;
        }

        value->data = p + len + 1;

        p = ngx_strlchr(value->data, last, '&');
        value->len = (p ? p : last) - value->data;

        return NGX_OK;
    }

    return NGX_DECLINED;
}
