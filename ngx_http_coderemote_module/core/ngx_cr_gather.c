
#include "ngx_cr_gather.h"


#define NGX_CR_GATHER_MIN  1024


static ngx_int_t
ngx_cr_gather_grow(ngx_cr_gather_t *g, size_t need, size_t max,
    ngx_log_t *log)
{
    size_t   size;
    u_char  *data;

    size = g->size ? g->size : NGX_CR_GATHER_MIN;

    while (size < need) {
        size *= 2;
    }

    size = ngx_max(ngx_min(size, max), need);

    data = ngx_alloc(size, log);
    if (data == NULL) {
        return NGX_ERROR;
    }

    if (g->len) {
        ngx_memcpy(data, g->data, g->len);
    }

    if (g->data) {
        ngx_free(g->data);
    }

    g->data = data;
    g->size = size;

    return NGX_OK;
}


void
ngx_cr_gather_add(ngx_cr_gather_t *g, const u_char *data, size_t len,
    size_t max, ngx_log_t *log)
{
    if (g->cut) {
        return;
    }

    if (len > max - g->len) {
        len = max - g->len;
        g->cut = 1;
    }

    if (len == 0) {
        return;
    }

    if (g->len + len > g->size
        && ngx_cr_gather_grow(g, g->len + len, max, log) != NGX_OK)
    {
        g->cut = 1;
        return;
    }

    ngx_memcpy(g->data + g->len, data, len);
    g->len += len;
}


void
ngx_cr_gather_free(ngx_cr_gather_t *g)
{
    if (g->data) {
        ngx_free(g->data);
    }

    ngx_memzero(g, sizeof(ngx_cr_gather_t));
}
