
#include "ngx_cr_sse.h"


#define NGX_CR_SSE_FIRST  4096


/*
 * Data and line share one buffer: data first, the line that is being read
 * behind it.  A line that turns out to be data only moves down over its name.
 */

static ngx_int_t
ngx_cr_sse_append(ngx_cr_sse_t *sse, const u_char *p, size_t len)
{
    size_t   used, size;
    u_char  *buf;

    used = sse->data + sse->line;

    if (len > sse->max || used > sse->max - len) {
        return NGX_DECLINED;
    }

    if (used + len > sse->size) {

        size = ngx_max(used + len, ngx_max(2 * sse->size, NGX_CR_SSE_FIRST));

        buf = ngx_alloc(size, sse->log);
        if (buf == NULL) {
            return NGX_ERROR;
        }

        if (sse->buf) {
            ngx_memcpy(buf, sse->buf, used);
            ngx_free(sse->buf);
        }

        sse->buf = buf;
        sse->size = size;
    }

    ngx_memcpy(sse->buf + used, p, len);
    sse->line += len;

    return NGX_OK;
}


static ngx_int_t
ngx_cr_sse_dispatch(ngx_cr_sse_t *sse)
{
    ngx_str_t  data;

    if (!sse->has_data) {
        return NGX_OK;
    }

    data.data = sse->buf;
    data.len = sse->data;

    sse->has_data = 0;
    sse->data = 0;

    return sse->event(sse->ctx, &data);
}


static ngx_int_t
ngx_cr_sse_line(ngx_cr_sse_t *sse)
{
    size_t   len, skip;
    u_char  *p;

    len = sse->line;

    if (len == 0) {
        sse->begun = 1;
        return ngx_cr_sse_dispatch(sse);
    }

    p = sse->buf + sse->data;

    if (!sse->begun && len >= 3 && ngx_memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
        p += 3;
        len -= 3;
    }

    sse->begun = 1;
    sse->line = 0;

    if (len < 4 || ngx_memcmp(p, "data", 4) != 0
        || (len > 4 && p[4] != ':'))
    {
        return NGX_OK;
    }

    skip = (len == 4) ? 4 : (len > 5 && p[5] == ' ') ? 6 : 5;

    /* the name is longer than the line feed that it makes room for */

    if (sse->has_data) {
        sse->buf[sse->data++] = '\n';
    }

    ngx_memmove(sse->buf + sse->data, p + skip, len - skip);

    sse->data += len - skip;
    sse->has_data = 1;

    return NGX_OK;
}


ngx_int_t
ngx_cr_sse_feed(ngx_cr_sse_t *sse, const u_char *p, size_t len)
{
    ngx_int_t      rc;
    const u_char  *end, *start;

    end = p + len;

    while (p < end) {

        if (sse->after_cr) {
            sse->after_cr = 0;

            if (*p == '\n') {
                p++;
                continue;
            }
        }

        start = p;

        while (p < end && *p != '\n' && *p != '\r') {
            p++;
        }

        if (p > start) {
            rc = ngx_cr_sse_append(sse, start, p - start);
            if (rc != NGX_OK) {
                return rc;
            }
        }

        if (p == end) {
            break;
        }

        sse->after_cr = (*p++ == '\r');

        rc = ngx_cr_sse_line(sse);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_cr_sse_end(ngx_cr_sse_t *sse)
{
    ngx_int_t  rc;

    rc = sse->line ? ngx_cr_sse_line(sse) : NGX_OK;

    return rc == NGX_OK ? ngx_cr_sse_dispatch(sse) : rc;
}


void
ngx_cr_sse_free(ngx_cr_sse_t *sse)
{
    if (sse->buf) {
        ngx_free(sse->buf);
        sse->buf = NULL;
    }

    sse->size = 0;
    sse->data = 0;
    sse->line = 0;
}
