
/*
 * What a model may answer to a program: shown and read.  An input is the sizes
 * of pieces, the program, and the answer, where @ stands for the random word,
 * & for the program, which cannot have that word, and % for an answer that is
 * true.
 */


#include <string.h>

#include "ngx_cr_models_reply.h"
#include "ngx_cr_utf8.h"

#include "fuzz.h"
#include "fuzz_nginx.h"


#define CHECK  "0123456789abcdef"
#define TRUE   "\n```json\n{\"check\": \"" CHECK "\", "                       \
               "\"time_complexity\": \"O(n^7)\"}\n```\n"


static u_char  answer[65536];


static u_char *
add(u_char *p, const void *text, size_t len)
{
    len = ngx_min(len, (size_t) (answer + sizeof(answer) - p));

    return ngx_cpymem(p, text, len);
}


static void
check_string(const ngx_str_t *s, size_t max)
{
    size_t  i;

    fuzz_must(s->len <= max);
    fuzz_must(s->len == 0
              || ngx_cr_utf8_valid(s->data, s->data + s->len) == s->len);

    for (i = 0; i < s->len; i++) {
        fuzz_must(s->data[i] >= 0x20 && s->data[i] != 0x7f);
    }
}


static void
check_complexity(const ngx_str_t *s)
{
    size_t  i;

    check_string(s, NGX_CR_REPLY_COMPLEXITY);

    if (s->len) {
        fuzz_must(s->len > 3 && s->data[0] == 'O'
                  && s->data[s->len - 1] == ')');
    }

    for (i = 0; i < s->len; i++) {
        fuzz_must(!strchr("<>&\"'`$;\\", s->data[i]));
    }
}


static void
check_fields(ngx_cr_reply_fields_t *fields)
{
    ngx_uint_t  i;

    check_complexity(&fields->time_complexity);
    check_complexity(&fields->space_complexity);
    check_string(&fields->time_explanation, NGX_CR_REPLY_EXPLANATION);
    check_string(&fields->space_explanation, NGX_CR_REPLY_EXPLANATION);
    check_string(&fields->algorithm, NGX_CR_REPLY_NAME);

    fuzz_must(fields->nsuggestions <= NGX_CR_REPLY_SUGGESTIONS);

    for (i = 0; i < fields->nsuggestions; i++) {
        check_string(&fields->suggestions[i], NGX_CR_REPLY_SUGGESTION);
    }
}


/* Only what a server may send is fed: JSON's strings are UTF-8. */

static size_t
make_answer(fuzz_in_t *in, const uint8_t *code, size_t code_len,
    ngx_uint_t *own)
{
    u_char  *p, c[2];

    *own = 0;

    for (p = answer; in->pos < in->end; /* void */ ) {
        c[0] = fuzz_u8(in);

        switch (c[0]) {

        case '@':
            *own = 1;
            p = add(p, CHECK, strlen(CHECK));
            break;

        case '&':
            p = add(p, code, code_len);
            break;

        case '%':
            p = add(p, TRUE, strlen(TRUE));
            break;

        default:
            p = add(p, c, c[0] < 0x80);
        }
    }

    return p - answer;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t                  len, n, step, pos, code_len;
    fuzz_in_t               in;
    ngx_int_t               rc;
    ngx_str_t               chunk;
    ngx_uint_t              own;
    ngx_pool_t             *pool;
    const uint8_t          *code;
    ngx_cr_reply_t          reply;
    ngx_cr_reply_fields_t   fields;

    if (size == 0) {
        return 0;
    }

    in.pos = data;
    in.end = data + size;

    step = 1 + fuzz_u8(&in);
    code = fuzz_bytes(&in, &code_len);

    if (memmem(code, code_len, CHECK, strlen(CHECK))
        || ngx_cr_utf8_valid(code, code + code_len) != code_len)
    {
        return 0;
    }

    len = make_answer(&in, code, code_len, &own);
    len = ngx_cr_utf8_valid(answer, answer + len);

    pool = ngx_create_pool(4096, fuzz_log);

    memset(&reply, 0, sizeof(reply));
    reply.pool = pool;
    reply.check = (ngx_str_t) ngx_string(CHECK);
    reply.code.data = (u_char *) code;
    reply.code.len = code_len;

    for (pos = 0; pos < len; pos += n) {
        n = ngx_min(step, len - pos);

        fuzz_must(ngx_cr_reply_add(&reply, answer + pos, n) == NGX_OK);
        ngx_cr_reply_show(&reply, 0, &chunk);
    }

    ngx_cr_reply_show(&reply, 1, &chunk);

    fuzz_must(reply.shown == reply.len && reply.narrated <= reply.len);

    rc = ngx_cr_reply_parse(&reply, &fields);

    fuzz_must(rc == NGX_OK || rc == NGX_DECLINED);
    check_fields(&fields);

    /* with the word in the true block alone nothing else can count */

    if (!own && fields.checked) {
        fuzz_must(fields.time_complexity.len == 6
                  && memcmp(fields.time_complexity.data, "O(n^7)", 6) == 0);
    }

    if (fields.time_complexity.len && !fields.checked) {
        fuzz_must(!ngx_cr_reply_speaks(&reply.code));
    }

    ngx_destroy_pool(pool);

    return 0;
}
