
/*
 * A model's server: its stream of events, in pieces, through both formats into
 * an answer that is shown and read.
 *
 * An input is how, the sizes of pieces, and the bytes.
 */


#include <string.h>

#include "ngx_cr_models_reply.h"
#include "ngx_cr_models_wire.h"
#include "ngx_cr_sse.h"
#include "ngx_cr_utf8.h"

#include "fuzz.h"
#include "fuzz_nginx.h"


#define MAX  4096


typedef struct {
    const ngx_cr_wire_t  *wire;
    ngx_cr_said_t         said;
    ngx_cr_reply_t        reply;
    size_t                events;
} fuzz_model_t;


static ngx_int_t
model_text(void *ctx, const u_char *p, size_t len)
{
    fuzz_model_t  *m = ctx;

    fuzz_must(ngx_cr_utf8_valid(p, p + len) == len);

    return ngx_cr_reply_add(&m->reply, p, len);
}


static ngx_int_t
model_event(void *ctx, const ngx_str_t *data)
{
    ngx_int_t      rc;
    fuzz_model_t  *m = ctx;

    fuzz_must(data->len <= MAX);
    m->events += data->len;

    rc = ngx_cr_wire_read(m->wire, &m->said, data);

    fuzz_must(strlen((char *) m->said.word) < NGX_CR_SAID_WORD);
    fuzz_must(strlen((char *) m->said.message) < NGX_CR_SAID_MESSAGE);

    /* garbage does not end it here: more can be tried so */

    return rc == NGX_DECLINED ? NGX_OK : rc;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t                  n, step;
    fuzz_in_t               in;
    ngx_int_t               rc;
    ngx_str_t               chunk;
    ngx_pool_t             *pool;
    ngx_cr_sse_t            sse;
    fuzz_model_t            m;
    ngx_cr_reply_fields_t   fields;

    if (size == 0) {
        return 0;
    }

    in.pos = data;
    in.end = data + size;

    pool = ngx_create_pool(4096, fuzz_log);

    memset(&m, 0, sizeof(m));
    memset(&sse, 0, sizeof(sse));

    m.wire = (fuzz_u8(&in) & 1) ? &ngx_cr_wire_openai : &ngx_cr_wire_gemini;
    m.said.text = model_text;
    m.said.ctx = &m;
    m.reply.pool = pool;
    m.reply.check = (ngx_str_t) ngx_string("0123456789abcdef");

    sse.event = model_event;
    sse.ctx = &m;
    sse.max = MAX;
    sse.log = fuzz_log;

    step = 1 + fuzz_u8(&in);

    for (rc = NGX_OK; in.pos < in.end && rc == NGX_OK; in.pos += n) {

        n = ngx_min(step, (size_t) (in.end - in.pos));
        rc = ngx_cr_sse_feed(&sse, in.pos, n);

        ngx_cr_reply_show(&m.reply, 0, &chunk);
        fuzz_must(chunk.len == 0
                  || ngx_cr_utf8_valid(chunk.data, chunk.data + chunk.len)
                     == chunk.len);
    }

    if (rc == NGX_OK) {
        rc = ngx_cr_sse_end(&sse);
    }

    fuzz_must(rc == NGX_OK || rc == NGX_DECLINED);
    fuzz_must(m.events <= size);

    ngx_cr_sse_free(&sse);

    ngx_cr_reply_show(&m.reply, 1, &chunk);
    fuzz_must(m.reply.shown == m.reply.len);
    fuzz_must(m.reply.narrated <= m.reply.len);

    (void) ngx_cr_reply_parse(&m.reply, &fields);

    ngx_destroy_pool(pool);

    return 0;
}
