
/* What comes from a model's server, and what it is taken for. */

#include "ngx_cr_models_local.h"


/* Bytes of an answer with all that its format puts around the text. */
#define NGX_CR_MODELS_RECEIVED  (8 * 1024 * 1024)

/* Of an answer that tells an error. */
#define NGX_CR_MODELS_ERROR     (16 * 1024)


static ngx_int_t ngx_cr_models_event(void *ctx, const ngx_str_t *data);
static ngx_int_t ngx_cr_models_text(void *ctx, const u_char *p, size_t len);


void
ngx_cr_models_answer_begin(ngx_cr_models_call_t *call)
{
    ngx_cr_analysis_t  *a;

    a = call->analysis;

    call->body = NGX_CR_MODELS_NOTHING;
    call->document.len = 0;
    call->received = 0;
    call->events = 0;

    ngx_memzero(&call->said, sizeof(ngx_cr_said_t));
    call->said.text = ngx_cr_models_text;
    call->said.ctx = call;

    ngx_cr_sse_free(&call->sse);
    ngx_memzero(&call->sse, sizeof(ngx_cr_sse_t));
    call->sse.event = ngx_cr_models_event;
    call->sse.ctx = call;
    call->sse.max = NGX_CR_SAID_MAX;
    call->sse.log = a->log;

    /* what was read before was not shown, or nothing would be asked again */

    call->reply.pool = a->pool;
    call->reply.check = call->prompted.check;
    call->reply.code = a->code;
    call->reply.len = 0;
    call->reply.shown = 0;
    call->reply.narrated = 0;
    call->reply.fenced = 0;
}


static ngx_int_t
ngx_cr_models_text(void *ctx, const u_char *p, size_t len)
{
    ngx_cr_models_call_t *call = ctx;

    switch (ngx_cr_reply_add(&call->reply, p, len)) {

    case NGX_OK:
        return NGX_OK;

    case NGX_DECLINED:
        call->end = NGX_CR_MODELS_TOO_LONG;
        return NGX_ABORT;

    default:
        call->end = NGX_CR_MODELS_MEMORY;
        return NGX_ABORT;
    }
}


static ngx_int_t
ngx_cr_models_event(void *ctx, const ngx_str_t *data)
{
    ngx_int_t              rc;
    ngx_cr_models_call_t  *call = ctx;

    call->events = 1;

    rc = ngx_cr_wire_read(call->wire, &call->said, data);

    if (rc == NGX_DECLINED) {
        call->end = NGX_CR_MODELS_GARBAGE;
    }

    return rc;
}


/* Keeps what is to be read as a whole; what is too long is cut. */

static ngx_int_t
ngx_cr_models_keep(ngx_cr_models_call_t *call, const u_char *p, size_t len,
    size_t max)
{
    if (call->document.data == NULL) {

        call->document.data = ngx_palloc(call->analysis->pool,
                                         NGX_CR_SAID_MAX);
        if (call->document.data == NULL) {
            call->end = NGX_CR_MODELS_MEMORY;
            return NGX_ABORT;
        }
    }

    if (len > max - call->document.len) {

        if (call->curl.status == NGX_HTTP_OK) {
            call->end = NGX_CR_MODELS_TOO_LONG;
        }

        return NGX_ABORT;
    }

    ngx_memcpy(call->document.data + call->document.len, p, len);
    call->document.len += len;

    return NGX_OK;
}


/* There are servers that call events plain text, or know none. */

static void
ngx_cr_models_kind(ngx_cr_models_call_t *call, const u_char **p, size_t *len)
{
    ngx_str_t  *type;

    while (*len && (**p == ' ' || **p == '\n' || **p == '\r' || **p == '\t')) {
        (*p)++;
        (*len)--;
    }

    if (*len == 0) {
        return;
    }

    type = &call->curl.type;

    if (**p == '{' || **p == '[') {
        call->body = NGX_CR_MODELS_DOCUMENT;

    } else if (**p == '<'
               || (type->len == 9
                   && ngx_strncmp(type->data, "text/html", 9) == 0))
    {
        call->end = NGX_CR_MODELS_GARBAGE;

    } else {
        call->body = NGX_CR_MODELS_EVENTS;
    }
}


ngx_int_t
ngx_cr_models_answer_piece(ngx_cr_models_call_t *call, const u_char *p,
    size_t len)
{
    ngx_int_t  rc;

    if (call->curl.status != NGX_HTTP_OK) {
        return ngx_cr_models_keep(call, p, len, NGX_CR_MODELS_ERROR);
    }

    call->received += len;

    if (call->received > NGX_CR_MODELS_RECEIVED) {
        call->end = NGX_CR_MODELS_TOO_LONG;

    } else if (call->body == NGX_CR_MODELS_NOTHING) {
        ngx_cr_models_kind(call, &p, &len);
    }

    if (call->end != NGX_CR_MODELS_OK) {
        return NGX_ABORT;
    }

    switch (call->body) {

    case NGX_CR_MODELS_DOCUMENT:
        return ngx_cr_models_keep(call, p, len, NGX_CR_SAID_MAX);

    case NGX_CR_MODELS_EVENTS:
        rc = ngx_cr_sse_feed(&call->sse, p, len);

        if (rc != NGX_OK && call->end == NGX_CR_MODELS_OK) {
            call->end = (rc == NGX_DECLINED) ? NGX_CR_MODELS_TOO_LONG
                                             : NGX_CR_MODELS_MEMORY;
        }

        return rc;

    default:
        return NGX_OK;
    }
}


void
ngx_cr_models_answer_end(ngx_cr_models_call_t *call, ngx_int_t rc)
{
    ngx_int_t  read;

    if (call->curl.status != NGX_HTTP_OK) {

        /* what it says is welcome, and need not be what it should be */

        if (call->document.len) {
            (void) ngx_cr_models_event(call, &call->document);
            call->end = NGX_CR_MODELS_OK;
        }

        return;
    }

    if (call->body == NGX_CR_MODELS_DOCUMENT && rc == NGX_OK) {

        read = ngx_cr_models_event(call, &call->document);

        if (read == NGX_OK && call->said.finish == NGX_CR_FINISH_NONE) {
            call->said.finish = NGX_CR_FINISH_STOP;
        }

    } else if (call->body == NGX_CR_MODELS_EVENTS) {

        /* half an event is garbage only where nothing was to follow it */

        read = ngx_cr_sse_end(&call->sse);

        if (read == NGX_DECLINED && (rc != NGX_OK || call->reply.len)) {
            call->end = NGX_CR_MODELS_OK;
        }
    }
}
