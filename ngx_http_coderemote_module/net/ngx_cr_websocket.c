
#include "ngx_cr_websocket_local.h"


/* Milliseconds that a closing handshake may take. */
#define NGX_CR_WEBSOCKET_CLOSING  5000

/* RFC 6455, section 5.2. */
#define NGX_CR_WEBSOCKET_HEADER   10


static void ngx_cr_websocket_timer(ngx_event_t *ev);


/*
 * Connections that come at once, as after a restart, are not to be pinged at
 * once ever after: the first ping comes earlier, by up to half of the time.
 */

static ngx_msec_t
ngx_cr_websocket_spread(ngx_connection_t *c, ngx_msec_t ping)
{
    uint32_t  hash;

    hash = (uint32_t) c->number * 2654435761U;

    return ((uint64_t) hash * (ping / 2)) >> 32;
}


ngx_cr_websocket_t *
ngx_cr_websocket_create(ngx_connection_t *c,
    const ngx_cr_websocket_conf_t *conf,
    const ngx_cr_websocket_handlers_t *handlers, void *data)
{
    ngx_cr_websocket_t  *ws;

    ws = ngx_calloc(sizeof(ngx_cr_websocket_t), c->log);
    if (ws == NULL) {
        return NULL;
    }

    ws->connection = c;
    ws->conf = conf;
    ws->handlers = handlers;
    ws->data = data;
    ws->last = &ws->out;

    ws->heard = ngx_current_msec - ngx_cr_websocket_spread(c, conf->ping);
    ws->moved = ngx_current_msec;
    ws->active = ngx_current_msec;

    ws->timer.handler = ngx_cr_websocket_timer;
    ws->timer.data = ws;
    ws->timer.log = c->log;

    return ws;
}


static void
ngx_cr_websocket_destroy(ngx_cr_websocket_t *ws)
{
    ngx_cr_websocket_out_t  *out;

    if (ws->timer.timer_set) {
        ngx_del_timer(&ws->timer);
    }

    while (ws->out) {
        out = ws->out;
        ws->out = out->next;
        ngx_free(out);
    }

    ngx_cr_websocket_frames_free(ws);
    ngx_free(ws);
}


void
ngx_cr_websocket_free(ngx_cr_websocket_t *ws)
{
    if (ws->inside) {
        ws->freed = 1;
        return;
    }

    ngx_cr_websocket_destroy(ws);
}


void *
ngx_cr_websocket_data(ngx_cr_websocket_t *ws)
{
    return ws->data;
}


void
ngx_cr_websocket_early(ngx_cr_websocket_t *ws, const u_char *data, size_t len)
{
    ws->early = data;
    ws->early_last = data + len;
}


/* Milliseconds until the next thing is due; NGX_TIMER_INFINITE: nothing is. */

static ngx_msec_t
ngx_cr_websocket_due(ngx_cr_websocket_t *ws)
{
    ngx_msec_t  due, when;

    due = NGX_TIMER_INFINITE;

    if (ws->closing) {
        due = ws->deadline - ngx_current_msec;

    } else {

        if (ws->conf->ping) {
            when = ws->pinged ? ws->moved : ws->heard;
            due = when + ws->conf->ping - ngx_current_msec;
        }

        if (ws->conf->idle && !ws->busy) {
            when = ws->active + ws->conf->idle - ngx_current_msec;

            if ((ngx_msec_int_t) when < (ngx_msec_int_t) due
                || due == NGX_TIMER_INFINITE)
            {
                due = when;
            }
        }
    }

    if (due != NGX_TIMER_INFINITE && (ngx_msec_int_t) due < 0) {
        due = 0;
    }

    return due;
}


/*
 * A timer that fires too early does nothing but this again: so what comes and
 * goes only notes the time, and does not move a timer.
 */

static void
ngx_cr_websocket_arm(ngx_cr_websocket_t *ws)
{
    ngx_msec_t  due;

    due = ngx_cr_websocket_due(ws);

    if (ws->timer.timer_set) {

        if (due == NGX_TIMER_INFINITE
            || (ngx_msec_int_t) (ws->timer.timer.key - ngx_current_msec)
               <= (ngx_msec_int_t) due)
        {
            return;
        }

        ngx_del_timer(&ws->timer);
    }

    if (due != NGX_TIMER_INFINITE) {
        ngx_add_timer(&ws->timer, due);
    }
}


/* Frames of a server are not masked. */

void
ngx_cr_websocket_put(ngx_cr_websocket_t *ws, ngx_uint_t opcode,
    const u_char *data, size_t len)
{
    size_t                   size;
    u_char                  *p;
    ngx_int_t                shift;
    ngx_cr_websocket_out_t  *out;

    if (ws->closing || ws->over) {
        return;
    }

    size = sizeof(ngx_cr_websocket_out_t) + NGX_CR_WEBSOCKET_HEADER + len;

    out = ngx_alloc(size, ws->connection->log);
    if (out == NULL) {
        ws->over = 1;
        ngx_post_event(ws->connection->write, &ngx_posted_events);
        return;
    }

    p = out->data;

    *p++ = 0x80 | opcode;

    if (len <= NGX_CR_WEBSOCKET_CONTROL) {
        *p++ = len;

    } else {
        *p++ = (len <= 65535) ? 126 : 127;

        shift = (len <= 65535) ? 8 : 56;

        for ( /* void */ ; shift >= 0; shift -= 8) {
            *p++ = (u_char) ((uint64_t) len >> shift);
        }
    }

    out->next = NULL;
    out->size = size;
    out->pos = out->data;
    out->last = ngx_cpymem(p, data, len);

    *ws->last = out;
    ws->last = &out->next;

    ws->unsent += size;
    ws->full = (ws->unsent >= ws->conf->buffer);

    ngx_post_event(ws->connection->write, &ngx_posted_events);

    if (opcode == WSLAY_CONNECTION_CLOSE) {
        ws->closing = 1;
        ws->deadline = ngx_current_msec + NGX_CR_WEBSOCKET_CLOSING;
        ngx_cr_websocket_arm(ws);
    }
}


void
ngx_cr_websocket_send(ngx_cr_websocket_t *ws, const u_char *data, size_t len)
{
    ngx_cr_websocket_put(ws, WSLAY_TEXT_FRAME, data, len);
}


ngx_uint_t
ngx_cr_websocket_full(ngx_cr_websocket_t *ws)
{
    return ws->full;
}


void
ngx_cr_websocket_busy(ngx_cr_websocket_t *ws, ngx_uint_t busy)
{
    if (ws->busy != busy) {
        ws->busy = busy;
        ws->active = ngx_current_msec;
        ngx_cr_websocket_arm(ws);
    }
}


void
ngx_cr_websocket_close(ngx_cr_websocket_t *ws, ngx_uint_t code,
    const char *reason)
{
    size_t  len;
    u_char  data[NGX_CR_WEBSOCKET_CONTROL];

    if (ws->closing || ws->over) {
        return;
    }

    len = ngx_min(ngx_strlen(reason), sizeof(data) - 2);

    data[0] = (u_char) (code >> 8);
    data[1] = (u_char) code;
    ngx_memcpy(data + 2, reason, len);

    ngx_cr_websocket_put(ws, WSLAY_CONNECTION_CLOSE, data, len + 2);
}


static void
ngx_cr_websocket_flush(ngx_cr_websocket_t *ws)
{
    ssize_t                  n;
    ngx_connection_t        *c;
    ngx_cr_websocket_out_t  *out;

    c = ws->connection;

    while (ws->out && c->write->ready) {
        out = ws->out;

        n = c->send(c, out->pos, out->last - out->pos);

        if (n == NGX_AGAIN) {
            return;
        }

        if (n <= 0) {
            ws->over = 1;
            return;
        }

        ws->moved = ngx_current_msec;
        out->pos += n;

        if (out->pos != out->last) {
            continue;
        }

        ws->unsent -= out->size;
        ws->out = out->next;

        if (ws->out == NULL) {
            ws->last = &ws->out;
        }

        ngx_free(out);
    }
}


/* What every event ends with; ws may be gone after it. */

static void
ngx_cr_websocket_settle(ngx_cr_websocket_t *ws)
{
    ngx_connection_t  *c;

    if (ws->freed) {
        ngx_cr_websocket_destroy(ws);
        return;
    }

    c = ws->connection;

    if (!ws->over) {
        ngx_cr_websocket_flush(ws);
    }

    if (ws->full && ws->unsent < ws->conf->buffer) {
        ws->full = 0;

        if (!ws->over && !ws->closing) {
            ws->inside = 1;
            ws->handlers->writable(ws);
            ws->inside = 0;
        }

        if (ws->freed) {
            ngx_cr_websocket_destroy(ws);
            return;
        }

        /* wslay may have bytes of which no event tells */

        ngx_post_event(c->read, &ngx_posted_events);
    }

    if ((ws->deaf && ws->out == NULL)
        || ngx_handle_read_event(c->read, 0) != NGX_OK
        || ngx_handle_write_event(c->write, 0) != NGX_OK)
    {
        ws->over = 1;
    }

    if (!ws->over) {
        ngx_cr_websocket_arm(ws);
        return;
    }

    if (ws->timer.timer_set) {
        ngx_del_timer(&ws->timer);
    }

    ws->told = 1;
    ws->handlers->closed(ws);
}


void
ngx_cr_websocket_read(ngx_cr_websocket_t *ws)
{
    if (!ws->told) {
        ngx_cr_websocket_frames_read(ws);
        ngx_cr_websocket_settle(ws);
    }
}


void
ngx_cr_websocket_write(ngx_cr_websocket_t *ws)
{
    if (!ws->told) {
        ngx_cr_websocket_settle(ws);
    }
}


static void
ngx_cr_websocket_timer(ngx_event_t *ev)
{
    ngx_cr_websocket_t *ws = ev->data;

    ngx_msec_t  now;

    now = ngx_current_msec;

    if (ws->closing) {
        ws->over |= ((ngx_msec_int_t) (now - ws->deadline) >= 0);

    } else if (ws->conf->ping && ws->pinged
               && now - ws->moved >= ws->conf->ping)
    {
        ngx_log_error(NGX_LOG_INFO, ws->connection->log, 0,
                      "client did not answer a ping");
        ws->over = 1;

    } else if (ws->conf->idle && !ws->busy
               && now - ws->active >= ws->conf->idle)
    {
        ngx_cr_websocket_close(ws, NGX_CR_WS_NORMAL, "idle");

    } else if (ws->conf->ping && !ws->pinged
               && now - ws->heard >= ws->conf->ping)
    {
        ngx_cr_websocket_put(ws, WSLAY_PING, (u_char *) "", 0);
        ws->pinged = 1;
        ws->moved = now;
    }

    ngx_cr_websocket_settle(ws);
}
