
#include "ngx_cr_deny.h"

#include <openssl/evp.h>


/* By ngx_cr_deny_kind_e. */

static const ngx_str_t  ngx_cr_deny_words[NGX_CR_DENY_KINDS] = {
    ngx_string("jti"),
    ngx_string("sub"),
    ngx_string("sha256")
};


static ngx_int_t
ngx_cr_deny_error(ngx_cr_deny_t *deny, ngx_uint_t line, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    *ngx_vslprintf(deny->error, deny->error + NGX_CR_DENY_ERROR - 1, fmt, args)
        = '\0';
    va_end(args);

    deny->line = line;

    return NGX_DECLINED;
}


/*
 * All kinds lie in one table: a claim's text goes there with its kind, and a
 * token's digest as it is.
 */

static ngx_int_t
ngx_cr_deny_digest(ngx_cr_deny_kind_e kind, const ngx_str_t *text,
    u_char *digest)
{
    ngx_int_t         rc;
    EVP_MD_CTX       *ctx;
    const ngx_str_t  *word;

    word = &ngx_cr_deny_words[kind];
    ctx = EVP_MD_CTX_new();

    rc = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1
         && (kind == NGX_CR_DENY_TOKEN
             || EVP_DigestUpdate(ctx, word->data, word->len + 1) == 1)
         && EVP_DigestUpdate(ctx, text->data, text->len) == 1
         && EVP_DigestFinal_ex(ctx, digest, NULL) == 1
         ? NGX_OK : NGX_ERROR;

    EVP_MD_CTX_free(ctx);

    return rc;
}


/* The digest's slot, or the free one where it would be. */

static ngx_uint_t
ngx_cr_deny_slot(const ngx_cr_deny_t *deny, const u_char *digest)
{
    ngx_uint_t  i;

    ngx_memcpy(&i, digest, sizeof(i));

    for (i &= deny->mask; deny->used[i]; i = (i + 1) & deny->mask) {
        if (ngx_memcmp(deny->slots[i], digest, NGX_CR_DENY_DIGEST) == 0) {
            break;
        }
    }

    return i;
}


ngx_uint_t
ngx_cr_denied(const ngx_cr_deny_t *deny, ngx_cr_deny_kind_e kind,
    const ngx_str_t *text)
{
    u_char  digest[NGX_CR_DENY_DIGEST];

    if (deny->n == 0) {
        return 0;
    }

    return ngx_cr_deny_digest(kind, text, digest) != NGX_OK
           || deny->used[ngx_cr_deny_slot(deny, digest)];
}


/* A word of the line, and the rest behind blanks. */

static void
ngx_cr_deny_split(const ngx_str_t *line, ngx_str_t *word, ngx_str_t *rest)
{
    u_char  *p, *last;

    p = line->data;
    last = p + line->len;

    while (p < last && *p != ' ' && *p != '\t') {
        p++;
    }

    word->data = line->data;
    word->len = p - line->data;

    while (p < last && (*p == ' ' || *p == '\t')) {
        p++;
    }

    rest->data = p;
    rest->len = last - p;
}


static ngx_int_t
ngx_cr_deny_hex(const ngx_str_t *text, u_char *digest)
{
    u_char      c;
    size_t      i;
    ngx_uint_t  digit;

    if (text->len != 2 * NGX_CR_DENY_DIGEST) {
        return NGX_ERROR;
    }

    for (i = 0; i < text->len; i++) {
        c = ngx_tolower(text->data[i]);

        if (c >= '0' && c <= '9') {
            digit = c - '0';

        } else if (c >= 'a' && c <= 'f') {
            digit = c - 'a' + 10;

        } else {
            return NGX_ERROR;
        }

        digest[i / 2] = digest[i / 2] << 4 | digit;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_deny_line(ngx_cr_deny_t *deny, ngx_uint_t n, const ngx_str_t *line)
{
    u_char      digest[NGX_CR_DENY_DIGEST];
    size_t      i;
    ngx_str_t   word, value;
    ngx_uint_t  kind;

    ngx_cr_deny_split(line, &word, &value);

    for (kind = 0; kind < NGX_CR_DENY_KINDS; kind++) {
        if (word.len == ngx_cr_deny_words[kind].len
            && ngx_memcmp(word.data, ngx_cr_deny_words[kind].data, word.len)
               == 0)
        {
            break;
        }
    }

    if (kind == NGX_CR_DENY_KINDS) {
        /* not shown: it could be a token */
        return ngx_cr_deny_error(deny, n, "a line begins with one of jti, sub "
                                 "and sha256, and this one does not");
    }

    if (value.len == 0) {
        return ngx_cr_deny_error(deny, n, "there is no value after \"%V\"",
                                 &word);
    }

    for (i = 0; i < value.len; i++) {
        if (value.data[i] < 0x20 || value.data[i] == 0x7f) {
            return ngx_cr_deny_error(deny, n, "there is a control character "
                                     "in the value");
        }
    }

    if (kind == NGX_CR_DENY_TOKEN) {
        if (ngx_cr_deny_hex(&value, digest) != NGX_OK) {
            return ngx_cr_deny_error(deny, n,
                                     "64 hexadecimal digits are expected: "
                                     "\"printf %%s TOKEN | sha256sum\" makes "
                                     "them");
        }

    } else if (ngx_cr_deny_digest(kind, &value, digest) != NGX_OK) {
        return NGX_ERROR;
    }

    if (deny->n == NGX_CR_DENY_MAX) {
        return ngx_cr_deny_error(deny, n, "there are more than %d: leave out "
                                 "those that have expired", NGX_CR_DENY_MAX);
    }

    i = ngx_cr_deny_slot(deny, digest);

    if (!deny->used[i]) {
        ngx_memcpy(deny->slots[i], digest, NGX_CR_DENY_DIGEST);
        deny->used[i] = 1;
        deny->n++;
    }

    return NGX_OK;
}


/* Half of the slots stay free, that a search soon ends. */

static ngx_int_t
ngx_cr_deny_create(ngx_pool_t *pool, const ngx_str_t *text,
    ngx_cr_deny_t *deny)
{
    size_t      i;
    ngx_uint_t  n, size;

    for (i = 0, n = 1; i < text->len; i++) {
        n += (text->data[i] == '\n');
    }

    n = ngx_min(n, NGX_CR_DENY_MAX);

    for (size = 2; size < 2 * n; size *= 2) { /* void */ }

    ngx_memzero(deny, sizeof(ngx_cr_deny_t));

    deny->mask = size - 1;
    deny->slots = ngx_palloc(pool, size * NGX_CR_DENY_DIGEST);
    deny->used = ngx_pcalloc(pool, size);

    return deny->slots && deny->used
           && EVP_Digest(text->data, text->len, deny->digest, NULL,
                         EVP_sha256(), NULL) == 1
           ? NGX_OK : NGX_ERROR;
}


ngx_int_t
ngx_cr_deny_parse(ngx_pool_t *pool, const ngx_str_t *text,
    ngx_cr_deny_t *deny)
{
    u_char      *p, *last, *end, *next;
    ngx_int_t    rc;
    ngx_str_t    line;
    ngx_uint_t   n;

    if (ngx_cr_deny_create(pool, text, deny) != NGX_OK) {
        return NGX_ERROR;
    }

    last = text->data + text->len;
    rc = NGX_OK;

    for (p = text->data, n = 1; p < last && rc == NGX_OK; p = next, n++) {

        end = ngx_strlchr(p, last, '\n');
        next = end ? end + 1 : last;
        end = end ? end : last;

        while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) {
            p++;
        }

        while (end > p && (end[-1] == ' ' || end[-1] == '\t'
                           || end[-1] == '\r'))
        {
            end--;
        }

        if (p < end && *p != '#') {
            line.data = p;
            line.len = end - p;

            rc = ngx_cr_deny_line(deny, n, &line);
        }
    }

    return rc;
}
