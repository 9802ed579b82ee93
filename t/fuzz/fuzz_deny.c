
/* A file of tokens that are good no more, as an operator may write it. */


#include "ngx_cr_deny.h"

#include "fuzz.h"
#include "fuzz_nginx.h"


/* What a line denies is denied, and the same with more behind it is not. */

static void
check_line(const ngx_cr_deny_t *deny, const u_char *line, size_t len)
{
    size_t      i;
    ngx_str_t   value;
    u_char     *longer;

    if (len < 5 || (line[0] != 'j' && line[0] != 's') || line[3] != ' '
        || line[4] == ' ' || line[4] == '\t')
    {
        return;
    }

    if (memcmp(line, "jti", 3) != 0 && memcmp(line, "sub", 3) != 0) {
        return;
    }

    value.data = (u_char *) line + 4;
    value.len = len - 4;

    i = value.data[value.len - 1];

    if (i == ' ' || i == '\t' || i == '\r') {
        return;
    }

    fuzz_must(ngx_cr_denied(deny, *line == 'j' ? NGX_CR_DENY_JTI
                                               : NGX_CR_DENY_SUB, &value));

    longer = malloc(value.len + 1);
    memcpy(longer, value.data, value.len);
    longer[value.len++] = '\n';
    value.data = longer;

    fuzz_must(!ngx_cr_denied(deny, NGX_CR_DENY_JTI, &value));
    fuzz_must(!ngx_cr_denied(deny, NGX_CR_DENY_SUB, &value));

    free(longer);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u_char         *p, *last, *end;
    ngx_int_t       rc;
    ngx_str_t       text;
    ngx_pool_t     *pool;
    ngx_uint_t      lines;
    ngx_cr_deny_t   deny;

    text.data = malloc(size ? size : 1);
    text.len = size;
    memcpy(text.data, data, size);
    last = text.data + size;

    for (p = text.data, lines = 1; p < last; p++) {
        lines += (*p == '\n');
    }

    pool = ngx_create_pool(4096, fuzz_log);
    rc = ngx_cr_deny_parse(pool, &text, &deny);

    fuzz_must(rc == NGX_OK || rc == NGX_DECLINED);
    fuzz_must(deny.n <= lines);

    if (rc == NGX_DECLINED) {
        fuzz_must(deny.line >= 1 && deny.line <= lines);

        for (p = deny.error; *p; p++) {
            fuzz_must(*p >= 0x20 && *p < 0x7f);
        }

        fuzz_must(p > deny.error);
    }

    for (p = text.data; rc == NGX_OK && p < last; p = end + 1) {
        end = memchr(p, '\n', last - p);
        end = end ? end : last;

        check_line(&deny, p, end - p);
    }

    ngx_destroy_pool(pool);
    free(text.data);

    return 0;
}
