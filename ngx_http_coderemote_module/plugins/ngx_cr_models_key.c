
/*
 * Where keys come from, and where they are kept: in pages of their own, which
 * no core dump has.
 */

#include "ngx_cr_models.h"

#include <sys/mman.h>


#define NGX_CR_MODELS_KEY_MAX    2048

/* What is enough to recognize a key by. */
#define NGX_CR_MODELS_KEY_PART   8

/* Variables of the environment that keys were read from. */
#define NGX_CR_MODELS_ENV_MAX    16


typedef struct {
    ngx_cr_models_key_t   key;      /* must be first; its texts follow */
    size_t                size;
    u_char                text[1];
} ngx_cr_models_pages_t;


static char        *ngx_cr_models_env[NGX_CR_MODELS_ENV_MAX];
static ngx_uint_t   ngx_cr_models_nenv;


static void
ngx_cr_models_key_cleanup(void *data)
{
    ngx_cr_models_pages_t  *pages = data;

    size_t  size;

    size = pages->size;

    if (mprotect(pages, size, PROT_READ|PROT_WRITE) == 0) {
        ngx_explicit_memzero(pages, size);
    }

    (void) munmap(pages, size);
}


static ngx_cr_models_pages_t *
ngx_cr_models_pages(ngx_conf_t *cf, size_t size)
{
    ngx_pool_cleanup_t     *cln;
    ngx_cr_models_pages_t  *pages;

    size = ngx_align(sizeof(ngx_cr_models_pages_t) + size, ngx_pagesize);

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    pages = mmap(NULL, size, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS,
                 -1, 0);

    if (pages == MAP_FAILED) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "mmap() for a key failed");
        return NULL;
    }

    if (madvise(pages, size, MADV_DONTDUMP) == -1) {
        ngx_conf_log_error(NGX_LOG_WARN, cf, ngx_errno,
                           "a core dump would have the key: "
                           "madvise(MADV_DONTDUMP) failed");
    }

    pages->size = size;

    cln->handler = ngx_cr_models_key_cleanup;
    cln->data = pages;

    return pages;
}


/* Makes a key of a text, with blanks and line ends around it. */

static ngx_cr_models_key_t *
ngx_cr_models_key_make(ngx_conf_t *cf, const char *what, ngx_str_t *name,
    u_char *p, u_char *end)
{
    u_char                 *to, *c;
    size_t                  size;
    ngx_uint_t              n;
    const ngx_str_t        *header;
    ngx_cr_models_key_t    *key;
    ngx_cr_models_pages_t  *pages;

    while (p < end && *p <= ' ') {
        p++;
    }

    while (p < end && end[-1] <= ' ') {
        end--;
    }

    for (c = p; c < end && *c > ' ' && *c < 0x7f; c++) { /* void */ }

    if (p == end || c < end || end - p > NGX_CR_MODELS_KEY_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "%s \"%V\" must have a key: one line of printable "
                           "characters without blanks, at most %d of them",
                           what, name, NGX_CR_MODELS_KEY_MAX);
        return NULL;
    }

    for (size = end - p, n = 0; n < NGX_CR_MODELS_WIRES; n++) {
        size += ngx_cr_models_wire(n)->header.len + (end - p);
    }

    pages = ngx_cr_models_pages(cf, size);
    if (pages == NULL) {
        return NULL;
    }

    key = &pages->key;
    to = pages->text;

    key->text.data = to;
    key->text.len = end - p;
    to = ngx_cpymem(to, p, end - p);

    for (n = 0; n < NGX_CR_MODELS_WIRES; n++) {
        header = &ngx_cr_models_wire(n)->header;

        key->fields[n].data = to;
        key->fields[n].len = header->len + (end - p);

        to = ngx_cpymem(to, header->data, header->len);
        to = ngx_cpymem(to, p, end - p);
    }

    (void) mprotect(pages, pages->size, PROT_READ);

    return key;
}


ngx_int_t
ngx_cr_models_read(ngx_conf_t *cf, const char *what, ngx_str_t *name,
    u_char *buf, size_t size, size_t *len)
{
    ssize_t   n;
    ngx_fd_t  fd;

    *len = 0;
    n = -1;

    fd = ngx_open_file(name->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd != NGX_INVALID_FILE) {

        do {
            n = ngx_read_fd(fd, buf + *len, size - 1 - *len);
            *len += ngx_max(n, 0);

        } while (n > 0 && *len < size - 1);
    }

    /* no name: somebody may have written a key in its place */

    if (n < 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "%s that is named here cannot be read", what);
    }

    if (fd != NGX_INVALID_FILE) {
        (void) ngx_close_file(fd);
    }

    buf[*len] = '\0';

    return n < 0 ? NGX_ERROR : NGX_OK;
}


ngx_cr_models_key_t *
ngx_cr_models_key_file(ngx_conf_t *cf, ngx_str_t *name)
{
    u_char                buf[2 * NGX_CR_MODELS_KEY_MAX];
    size_t                len;
    ngx_cr_models_key_t  *key;

    key = NULL;

    if (ngx_cr_models_read(cf, "the key file", name, buf, sizeof(buf), &len)
        == NGX_OK)
    {
        key = ngx_cr_models_key_make(cf, "the key file", name, buf,
                                     buf + len);
    }

    ngx_explicit_memzero(buf, sizeof(buf));

    return key;
}


ngx_cr_models_key_t *
ngx_cr_models_key_env(ngx_conf_t *cf, ngx_str_t *name)
{
    char        *value;
    ngx_uint_t   i;

    value = getenv((char *) name->data);

    if (value == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the environment that nginx was started with has "
                           "no such variable: export it there, or put the key "
                           "into a file that \"coderemote_analyzer_key_file\" "
                           "names");
        return NULL;
    }

    for (i = 0; i < ngx_cr_models_nenv; i++) {
        if (ngx_cr_models_env[i] == value) {
            break;
        }
    }

    if (i == ngx_cr_models_nenv && i < NGX_CR_MODELS_ENV_MAX) {
        ngx_cr_models_env[ngx_cr_models_nenv++] = value;
    }

    return ngx_cr_models_key_make(cf, "the environment's", name,
                                  (u_char *) value,
                                  (u_char *) value + ngx_strlen(value));
}


/* The master keeps them: it will read its configuration again. */

void
ngx_cr_models_key_forget(void)
{
    ngx_uint_t  i;

    for (i = 0; i < ngx_cr_models_nenv; i++) {
        ngx_explicit_memzero(ngx_cr_models_env[i],
                             ngx_strlen(ngx_cr_models_env[i]));
    }
}


ngx_uint_t
ngx_cr_models_key_shows(const ngx_cr_models_key_t *key, const u_char *text)
{
    size_t  i, len, part;

    if (key == NULL) {
        return 0;
    }

    len = ngx_strlen(text);
    part = ngx_min(key->text.len, NGX_CR_MODELS_KEY_PART);

    for (i = 0; i + part <= key->text.len; i++) {

        if (memmem(text, len, key->text.data + i, part)) {
            return 1;
        }
    }

    return 0;
}
