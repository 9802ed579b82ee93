
/*
 * The client's frames.  libwslay's frame layer takes them apart; what they
 * mean is decided here.  Its event layer is not used: it keeps twice the
 * memory a connection, checks the reason of a Close that came in pieces
 * wrongly, takes a Close of a single byte, and answers a malformed header by a
 * Close without a code.
 */

#include "ngx_cr_websocket_local.h"
#include "ngx_cr_utf8.h"


/* Bytes read at a time before other connections have their turn. */
#define NGX_CR_WEBSOCKET_TURN  65536

/* Bytes that a message has room for first. */
#define NGX_CR_WEBSOCKET_TEXT  512


static ssize_t ngx_cr_websocket_recv(uint8_t *buf, size_t len, int flags,
    void *data);


static const struct wslay_frame_callbacks  ngx_cr_websocket_callbacks = {
    NULL, ngx_cr_websocket_recv, NULL
};


void
ngx_cr_websocket_frames_free(ngx_cr_websocket_t *ws)
{
    wslay_frame_context_free(ws->frame);
    ws->frame = NULL;

    free(ws->text);
    ws->text = NULL;
}


/* The client broke the protocol: nothing it says makes sense from here on. */

static void
ngx_cr_websocket_refuse(ngx_cr_websocket_t *ws, ngx_uint_t code,
    const char *reason)
{
    ngx_log_error(NGX_LOG_INFO, ws->connection->log, 0,
                  "client broke the WebSocket protocol: %s", reason);

    ngx_cr_websocket_close(ws, code, reason);
    ws->deaf = 1;
}


/* wslay asks for bytes. */

static ssize_t
ngx_cr_websocket_recv(uint8_t *buf, size_t len, int flags, void *data)
{
    ngx_cr_websocket_t *ws = data;

    ssize_t            n;
    ngx_connection_t  *c;

    (void) flags;

    if (ws->early != ws->early_last) {
        n = ngx_min(len, (size_t) (ws->early_last - ws->early));

        ngx_memcpy(buf, ws->early, n);
        ws->early += n;
        ws->held += n;

        return n;
    }

    c = ws->connection;

    if (ws->turn == 0) {
        ws->dry = 1;
        ngx_post_event(c->read, &ngx_posted_next_events);
        return -1;
    }

    n = c->recv(c, buf, ngx_min(len, ws->turn));

    if (n > 0) {
        ws->turn -= n;
        ws->held += n;
        ws->heard = ngx_current_msec;
        ws->pinged = 0;
        return n;
    }

    ws->dry = 1;

    if (n != NGX_AGAIN) {
        ws->over = 1;
    }

    return -1;
}


/* A frame begins.  Answers the reason why it may not, or NULL. */

static const char *
ngx_cr_websocket_begin(ngx_cr_websocket_t *ws,
    const struct wslay_frame_iocb *frame, ngx_uint_t *code)
{
    *code = NGX_CR_WS_PROTOCOL;

    if (!frame->mask) {
        return "a frame is not masked";
    }

    if (frame->rsv) {
        return "a reserved bit is set";
    }

    switch (frame->opcode) {

    case WSLAY_CONNECTION_CLOSE:
    case WSLAY_PING:
    case WSLAY_PONG:
        return NULL;

    case WSLAY_CONTINUATION_FRAME:
        if (!ws->in_message) {
            return "there is no message to continue";
        }

        break;

    case WSLAY_TEXT_FRAME:
    case WSLAY_BINARY_FRAME:
        if (ws->in_message) {
            return "a message begins within another";
        }

        if (frame->opcode == WSLAY_BINARY_FRAME) {
            *code = NGX_CR_WS_UNSUPPORTED;
            return "messages are text";
        }

        break;

    default:
        return "the opcode is reserved";
    }

    if (frame->payload_length > ws->conf->message - ws->len) {
        *code = NGX_CR_WS_TOO_BIG;
        return "the message is too big";
    }

    ws->in_message = 1;

    return NULL;
}


/* Room grows with what came, whatever a header has announced. */

static ngx_int_t
ngx_cr_websocket_append(ngx_cr_websocket_t *ws, const u_char *data, size_t len)
{
    size_t   size;
    u_char  *text;

    if (ws->len + len > ws->size) {
        size = ngx_max(ws->len + len, ws->size * 2);
        size = ngx_max(size, NGX_CR_WEBSOCKET_TEXT);

        text = realloc(ws->text, size);
        if (text == NULL) {
            return NGX_ERROR;
        }

        ws->text = text;
        ws->size = size;
    }

    ngx_memcpy(ws->text + ws->len, data, len);
    ws->len += len;

    return NGX_OK;
}


/* What is no text is refused as soon as it shows. */

static ngx_int_t
ngx_cr_websocket_check(ngx_cr_websocket_t *ws, ngx_uint_t whole)
{
    u_char  *p, *end;

    if (ws->valid < ws->len) {
        ws->valid += ngx_cr_utf8_valid(ws->text + ws->valid,
                                       ws->text + ws->len);
    }

    if (ws->valid == ws->len) {
        return NGX_OK;
    }

    p = ws->text + ws->valid;
    end = ws->text + ws->len;

    return (!whole && ngx_cr_utf8_beginning(p, end) == (size_t) (end - p))
           ? NGX_OK : NGX_ERROR;
}


static void
ngx_cr_websocket_message(ngx_cr_websocket_t *ws)
{
    ws->active = ngx_current_msec;
    ws->in_message = 0;

    if (!ws->closing) {
        ws->inside = 1;
        ws->handlers->message(ws, ws->len ? ws->text : (u_char *) "",
                              ws->len);
        ws->inside = 0;
    }

    free(ws->text);
    ws->text = NULL;
    ws->size = 0;
    ws->len = 0;
    ws->valid = 0;
}


static void
ngx_cr_websocket_text(ngx_cr_websocket_t *ws,
    const struct wslay_frame_iocb *frame, ngx_uint_t end)
{
    /* after a Close of ours messages are let pass unread */

    if (!ws->closing) {

        if (frame->data_length
            && ngx_cr_websocket_append(ws, frame->data, frame->data_length)
               != NGX_OK)
        {
            ws->over = 1;
            return;
        }

        if (ngx_cr_websocket_check(ws, end && frame->fin) != NGX_OK) {
            ngx_cr_websocket_refuse(ws, NGX_CR_WS_BAD_TEXT,
                                    "the text is not UTF-8");
            return;
        }
    }

    if (end && frame->fin) {
        ngx_cr_websocket_message(ws);
    }
}


/* RFC 6455, section 7.4, and the registry that it founded. */

static ngx_uint_t
ngx_cr_websocket_code_valid(ngx_uint_t code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
           || (code >= 3000 && code <= 4999);
}


static void
ngx_cr_websocket_closed(ngx_cr_websocket_t *ws, size_t len)
{
    u_char      *p;
    ngx_uint_t   code;

    p = ws->control;

    if (len == 1) {
        ngx_cr_websocket_refuse(ws, NGX_CR_WS_PROTOCOL,
                                "the code of a Close is cut off");
        return;
    }

    if (len) {
        code = (p[0] << 8) + p[1];

        if (!ngx_cr_websocket_code_valid(code)) {
            ngx_cr_websocket_refuse(ws, NGX_CR_WS_PROTOCOL,
                                    "the code of a Close is not valid");
            return;
        }

        if (ngx_cr_utf8_valid(p + 2, p + len) != len - 2) {
            ngx_cr_websocket_refuse(ws, NGX_CR_WS_BAD_TEXT,
                                    "the reason of a Close is not UTF-8");
            return;
        }
    }

    ngx_cr_websocket_put(ws, WSLAY_CONNECTION_CLOSE, p, ngx_min(len, 2));

    ws->deaf = 1;
}


/* Two bytes, the rest of the length, the mask: wslay takes no longer forms. */

static size_t
ngx_cr_websocket_header(uint64_t len)
{
    return 2 + (len <= 125 ? 0 : (len <= 65535 ? 2 : 8)) + 4;
}


static void
ngx_cr_websocket_frame(ngx_cr_websocket_t *ws,
    const struct wslay_frame_iocb *frame)
{
    ngx_uint_t   code, end;
    const char  *reason;

    if (!ws->in_frame) {
        reason = ngx_cr_websocket_begin(ws, frame, &code);

        if (reason) {
            ngx_cr_websocket_refuse(ws, code, reason);
            return;
        }

        ws->in_frame = 1;
        ws->seen = 0;
        ws->held -= ngx_cr_websocket_header(frame->payload_length);
    }

    ws->held -= frame->data_length;

    if (wslay_is_ctrl_frame(frame->opcode)) {
        ngx_memcpy(ws->control + ws->seen, frame->data, frame->data_length);
    }

    ws->seen += frame->data_length;

    end = (ws->seen == frame->payload_length);
    ws->in_frame = !end;

    if (!wslay_is_ctrl_frame(frame->opcode)) {
        ngx_cr_websocket_text(ws, frame, end);

    } else if (end && frame->opcode == WSLAY_PING) {
        ngx_cr_websocket_put(ws, WSLAY_PONG, ws->control, ws->seen);

    } else if (end && frame->opcode == WSLAY_CONNECTION_CLOSE) {
        ngx_cr_websocket_closed(ws, ws->seen);
    }
}


static void
ngx_cr_websocket_frames_take(ngx_cr_websocket_t *ws)
{
    ssize_t                  n;
    struct wslay_frame_iocb  frame;

    ws->dry = 0;
    ws->turn = NGX_CR_WEBSOCKET_TURN;

    while (!ws->full && !ws->deaf && !ws->over && !ws->freed) {

        n = wslay_frame_recv(ws->frame, &frame);

        if (n >= 0) {
            ngx_cr_websocket_frame(ws, &frame);
            continue;
        }

        if (n != WSLAY_ERR_WANT_READ) {
            ngx_cr_websocket_refuse(ws, NGX_CR_WS_PROTOCOL,
                                    "the header of a frame is malformed");
            return;
        }

        /* it wants to be called again when it got less than it asked for */

        if (ws->dry) {
            return;
        }
    }
}


/*
 * Between two frames wslay remembers nothing but its buffer: it is not kept
 * for a connection that is idle.
 */

void
ngx_cr_websocket_frames_read(ngx_cr_websocket_t *ws)
{
    if (ws->frame == NULL
        && wslay_frame_context_init(&ws->frame, &ngx_cr_websocket_callbacks,
                                    ws)
           != 0)
    {
        ws->frame = NULL;
        ws->over = 1;
        return;
    }

    ngx_cr_websocket_frames_take(ws);

    if (ws->held == 0 && !ws->in_frame) {
        wslay_frame_context_free(ws->frame);
        ws->frame = NULL;
    }
}
