
#include "ngx_cr_stream.h"


#define NGX_CR_STREAM_BUF    65536

/* Bytes that are read before it is the turn of the worker's other events. */
#define NGX_CR_STREAM_ROUND  (256 * 1024)


struct ngx_cr_stream_out_s {
    ngx_cr_stream_out_t  *next;
    u_char               *pos;
    u_char               *last;
};


static ngx_int_t ngx_cr_stream_parse(ngx_cr_stream_t *st);
static void ngx_cr_stream_fail(ngx_cr_stream_t *st);


ngx_int_t
ngx_cr_stream_init(ngx_cr_stream_t *st, ngx_log_t *log,
    ngx_cr_stream_frame_pt handler)
{
    ngx_memzero(st, sizeof(ngx_cr_stream_t));

    st->log = log;
    st->handler = handler;
    st->out_last = &st->out;
    st->size = NGX_CR_STREAM_BUF;

    st->buf = ngx_alloc(st->size, log);

    return st->buf ? NGX_OK : NGX_ERROR;
}


void
ngx_cr_stream_free(ngx_cr_stream_t *st)
{
    ngx_cr_stream_close(st);

    if (st->buf) {
        ngx_free(st->buf);
        st->buf = NULL;
    }
}


void
ngx_cr_stream_open(ngx_cr_stream_t *st, ngx_connection_t *c)
{
    st->connection = c;
    st->failed = 0;
    st->len = 0;
}


void
ngx_cr_stream_close(ngx_cr_stream_t *st)
{
    ngx_connection_t     *c;
    ngx_cr_stream_out_t  *out;

    while (st->out) {
        out = st->out;
        st->out = out->next;
        ngx_free(out);
    }

    st->out_last = &st->out;

    c = st->connection;

    if (c) {
        st->connection = NULL;
        ngx_close_connection(c);
    }
}


const char *
ngx_cr_stream_read(ngx_cr_stream_t *st)
{
    size_t             total;
    ssize_t            n;
    ngx_connection_t  *c;

    c = st->connection;
    total = 0;

    if (st->failed) {
        return "writing failed";
    }

    while (c->read->ready) {

        if (total >= NGX_CR_STREAM_ROUND) {
            ngx_post_event(c->read, &ngx_posted_next_events);
            return NULL;
        }

        n = c->recv(c, st->buf + st->len, st->size - st->len);

        if (n == NGX_AGAIN) {
            break;
        }

        if (n == 0) {
            return "the sandbox closed it";
        }

        if (n < 0) {
            return "reading failed";
        }

        st->len += n;
        total += n;

        if (ngx_cr_stream_parse(st) != NGX_OK) {
            return "the sandbox broke the protocol";
        }
    }

    if (ngx_handle_read_event(c->read, 0) != NGX_OK) {
        return "its event failed";
    }

    return NULL;
}


/* Takes the whole frames out of the buffer and leaves room for the next. */

static ngx_int_t
ngx_cr_stream_parse(ngx_cr_stream_t *st)
{
    int          rc;
    u_char      *pos, *buf;
    size_t       left, need;
    cr_frame_t   frame;

    pos = st->buf;
    left = st->len;

    for ( ;; ) {
        need = CR_FRAME_HEADER;

        rc = cr_frame_decode(pos, left, &frame);

        if (rc < 0) {
            return NGX_ERROR;
        }

        if (rc == 0) {
            break;
        }

        need += frame.length;

        if (left < need) {
            break;
        }

        if (st->handler(&frame, pos + CR_FRAME_HEADER) != NGX_OK) {
            return NGX_ERROR;
        }

        pos += need;
        left -= need;
    }

    if (need > st->size) {
        buf = ngx_alloc(need, st->log);
        if (buf == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(buf, pos, left);
        ngx_free(st->buf);

        st->buf = buf;
        st->size = need;

    } else if (pos != st->buf && left) {
        ngx_memmove(st->buf, pos, left);
    }

    st->len = left;

    return NGX_OK;
}


const char *
ngx_cr_stream_write(ngx_cr_stream_t *st)
{
    ssize_t               n;
    ngx_connection_t     *c;
    ngx_cr_stream_out_t  *out;

    c = st->connection;

    while (st->out) {
        out = st->out;

        n = c->send(c, out->pos, out->last - out->pos);

        if (n == NGX_ERROR) {
            return "writing failed";
        }

        if (n == NGX_AGAIN || n == 0) {
            break;
        }

        out->pos += n;

        if (out->pos == out->last) {
            st->out = out->next;
            ngx_free(out);
        }
    }

    if (st->out == NULL) {
        st->out_last = &st->out;

        if (c->write->active
            && ngx_del_event(c->write, NGX_WRITE_EVENT, 0) != NGX_OK)
        {
            return "its event failed";
        }

        return NULL;
    }

    if (ngx_handle_write_event(c->write, 0) != NGX_OK) {
        return "its event failed";
    }

    return NULL;
}


void
ngx_cr_stream_send(ngx_cr_stream_t *st, const u_char *data, size_t len)
{
    ssize_t               n;
    ngx_connection_t     *c;
    ngx_cr_stream_out_t  *out;

    c = st->connection;

    if (c == NULL || st->failed) {
        return;
    }

    if (st->out == NULL) {
        n = c->send(c, (u_char *) data, len);

        if (n == NGX_ERROR) {
            ngx_cr_stream_fail(st);
            return;
        }

        if (n > 0) {
            data += n;
            len -= n;
        }

        if (len == 0) {
            return;
        }
    }

    out = ngx_alloc(sizeof(ngx_cr_stream_out_t) + len, st->log);
    if (out == NULL) {
        ngx_cr_stream_fail(st);
        return;
    }

    out->next = NULL;
    out->pos = (u_char *) out + sizeof(ngx_cr_stream_out_t);
    out->last = ngx_cpymem(out->pos, data, len);

    *st->out_last = out;
    st->out_last = &out->next;

    if (ngx_handle_write_event(c->write, 0) != NGX_OK) {
        ngx_cr_stream_fail(st);
    }
}


static void
ngx_cr_stream_fail(ngx_cr_stream_t *st)
{
    st->failed = 1;

    ngx_post_event(st->connection->read, &ngx_posted_events);
}
