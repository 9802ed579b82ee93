
/*
 * A hostile client of a WebSocket: any bytes after the opening handshake, in
 * pieces of any size, read or not, while the server sends, closes, waits and
 * goes away, also from within what it is told.  What is sent are whole frames
 * with nothing after a Close, what waits to be sent is bounded, and so is what
 * is kept of a message by what came of it; a message is UTF-8; the end is told
 * once.
 *
 * An input is a chain of steps: what is done, and what goes with it.
 */


#include "ngx_cr_utf8.h"
#include "ngx_cr_websocket_local.h"

#include "fuzz.h"
#include "fuzz_nginx.h"
#include "fuzz_steps.h"


#define STEPS    400
#define MESSAGE  3000
#define BUFFER   2000
#define SENT     1000         /* the most in one message of the server */


typedef enum {
    NOTHING = 0,
    ANSWER,
    SHUT,
    FREE
} answer_e;


static ngx_connection_t     *connection;
static ngx_cr_websocket_t   *websocket;
static ngx_uint_t            closed;

static const uint8_t        *coming;
static size_t                ncoming;
static ngx_uint_t            hung_up;
static size_t                takes;

static answer_e              answer;
static ngx_uint_t            answer_room;

/* the server's frames, as the client sees them */
static uint8_t               head[10];
static size_t                nhead;
static uint64_t              payload;
static ngx_uint_t            said_close;


static ssize_t
socket_recv(ngx_connection_t *c, u_char *buf, size_t size)
{
    size_t  n;

    fuzz_must(!closed);

    n = ngx_min(size, ncoming);

    if (n) {
        ngx_memcpy(buf, coming, n);
        coming += n;
        ncoming -= n;

        return n;
    }

    if (hung_up) {
        return 0;
    }

    c->read->ready = 0;

    return NGX_AGAIN;
}


/* The next byte of a frame. */

static void
client_reads(uint8_t byte)
{
    size_t  i, n;

    if (payload) {
        payload--;
        return;
    }

    fuzz_must(!said_close);

    head[nhead++] = byte;

    n = nhead < 2 ? 2 : (head[1] == 126 ? 4 : (head[1] == 127 ? 10 : 2));

    if (nhead < n) {
        return;
    }

    fuzz_must((head[0] & 0xf0) == 0x80 && head[1] <= 127);

    switch (head[0] & 15) {

    case WSLAY_TEXT_FRAME:
        break;

    case WSLAY_CONNECTION_CLOSE:
        fuzz_must(head[1] != 1);
        said_close = 1;

        /* fall through */

    case WSLAY_PING:
    case WSLAY_PONG:
        fuzz_must(head[1] <= 125);
        break;

    default:
        fuzz_must(0);
    }

    payload = (n == 2) ? head[1] : 0;

    for (i = 2; i < n; i++) {
        payload = payload << 8 | head[i];
    }

    fuzz_must(n == 2 || payload > (n == 4 ? 125 : 65535));

    nhead = 0;
}


static ssize_t
socket_send(ngx_connection_t *c, u_char *buf, size_t size)
{
    size_t  i;

    fuzz_must(size && !closed);

    if (takes == 0) {
        return NGX_ERROR;
    }

    if (takes == 1) {
        c->write->ready = 0;
        return NGX_AGAIN;
    }

    size = ngx_min(size, takes);

    for (i = 0; i < size; i++) {
        client_reads(buf[i]);
    }

    return size;
}


/* As a server does: it asks before it says much. */

static void
websocket_send(size_t len)
{
    static u_char  text[SENT];

    if (!ngx_cr_websocket_full(websocket)) {
        ngx_cr_websocket_send(websocket, text, ngx_min(len, SENT));
    }
}


static void
websocket_free(void)
{
    if (websocket) {
        ngx_cr_websocket_free(websocket);
        websocket = NULL;
    }
}


static void
answers(ngx_cr_websocket_t *ws)
{
    fuzz_must(ws == websocket && !closed);

    switch (answer) {

    case ANSWER:
        websocket_send(100);
        break;

    case SHUT:
        ngx_cr_websocket_close(ws, NGX_CR_WS_GOING_AWAY, "enough");
        websocket_send(1);
        break;

    case FREE:
        websocket_free();
        break;

    case NOTHING:
        break;
    }
}


static void
message(ngx_cr_websocket_t *ws, const u_char *data, size_t len)
{
    fuzz_must(data && len <= MESSAGE);
    fuzz_must(ngx_cr_utf8_valid(data, data + len) == len);

    answers(ws);
}


static void
writable(ngx_cr_websocket_t *ws)
{
    fuzz_must(!ngx_cr_websocket_full(ws));

    if (answer_room) {
        answers(ws);
    }
}


static void
over(ngx_cr_websocket_t *ws)
{
    fuzz_must(ws == websocket && !closed);

    closed = 1;

    ngx_cr_websocket_send(ws, (u_char *) "x", 1);
    ngx_cr_websocket_close(ws, NGX_CR_WS_NORMAL, "");

    websocket_free();
}


static void
read_event(ngx_event_t *ev)
{
    (void) ev;

    if (websocket) {
        ngx_cr_websocket_read(websocket);
    }
}


static void
write_event(ngx_event_t *ev)
{
    (void) ev;

    if (websocket) {
        ngx_cr_websocket_write(websocket);
    }
}


static void
posted_events(void)
{
    ngx_event_t  *ev;
    ngx_queue_t  *q;

    for ( ;; ) {

        if (!ngx_queue_empty(&ngx_posted_events)) {
            q = ngx_queue_head(&ngx_posted_events);

        } else if (!ngx_queue_empty(&ngx_posted_next_events)) {
            q = ngx_queue_head(&ngx_posted_next_events);

        } else {
            return;
        }

        ev = ngx_queue_data(q, ngx_event_t, queue);

        ngx_delete_posted_event(ev);
        ev->handler(ev);
    }
}


static void
client_says(const uint8_t *data, size_t len)
{
    coming = data;
    ncoming = len;

    connection->read->ready = 1;
    read_event(connection->read);
    posted_events();

    /* what is not read for a client that does not read is his */

    coming = NULL;
    ncoming = 0;
}


/* A frame that is right but for what its first byte says. */

static void
client_frames(fuzz_in_t *in)
{
    size_t           len, i, n;
    uint8_t          first;
    const uint8_t   *p;
    static uint8_t   frame[65536 + 14];

    first = (uint8_t) fuzz_u8(in);
    p = fuzz_bytes(in, &len);

    n = 0;
    frame[n++] = first;

    if (len <= 125) {
        frame[n++] = 0x80 | (uint8_t) len;

    } else {
        frame[n++] = 0x80 | 126;
        frame[n++] = (uint8_t) (len >> 8);
        frame[n++] = (uint8_t) len;
    }

    for (i = 0; i < 4; i++) {
        frame[n++] = (uint8_t) (i * 73);
    }

    for (i = 0; i < len; i++) {
        frame[n++] = p[i] ^ (uint8_t) (i % 4 * 73);
    }

    client_says(frame, n);
}


static void
step(fuzz_in_t *in)
{
    size_t          len;
    const uint8_t  *p;

    switch (fuzz_u8(in) % WEBSOCKET_KINDS) {

    case CLIENT_SAYS:
        p = fuzz_bytes(in, &len);
        client_says(p, len);
        break;

    case CLIENT_FRAMES:
        client_frames(in);
        break;

    case CLIENT_READS:
        takes = fuzz_u8(in);
        connection->write->ready = 1;
        write_event(connection->write);
        break;

    case CLIENT_HANGS_UP:
        hung_up = 1;
        client_says(NULL, 0);
        break;

    case WS_TIMER:
        (void) fuzz_nginx_timer();
        break;

    case WS_SEND:
        websocket_send(fuzz_u16(in));
        break;

    case WS_CLOSE:
        ngx_cr_websocket_close(websocket, NGX_CR_WS_GOING_AWAY, "bye");
        break;

    case WS_BUSY:
        ngx_cr_websocket_busy(websocket, fuzz_u8(in) & 1);
        break;

    case WS_FREE:
        websocket_free();
        break;

    case WS_ANSWER:
        len = fuzz_u8(in);
        answer = len & 3;
        answer_room = len >> 2 & 1;
        break;
    }

    posted_events();
}


/* What a client can make a server keep. */

static void
check(void)
{
    static const size_t  frame = sizeof(ngx_cr_websocket_out_t) + 10;

    fuzz_must(websocket->unsent < BUFFER + 2 * (frame + SENT));
    fuzz_must(websocket->size <= ngx_max(512, 2 * websocket->len));
    fuzz_must(websocket->len <= MESSAGE);
    fuzz_must(websocket->held <= 4096);
    fuzz_must(websocket->timer.timer_set);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_in_t   in = { data, data + size };
    ngx_uint_t  n;

    static const ngx_cr_websocket_conf_t      conf = {
        MESSAGE, BUFFER, 30000, 100000
    };
    static const ngx_cr_websocket_handlers_t  handlers = {
        message, writable, over
    };

    fuzz_nginx_init();

    connection = ngx_get_connection(3, fuzz_log);
    connection->recv = socket_recv;
    connection->send = socket_send;
    connection->read->handler = read_event;
    connection->write->handler = write_event;
    connection->write->ready = 1;
    connection->read->log = fuzz_log;
    connection->write->log = fuzz_log;

    closed = 0;
    hung_up = 0;
    takes = 65536;
    answer = NOTHING;
    answer_room = 0;
    nhead = 0;
    payload = 0;
    said_close = 0;

    websocket = ngx_cr_websocket_create(connection, &conf, &handlers, NULL);
    fuzz_must(websocket);

    read_event(connection->read);

    for (n = 0; websocket && in.pos < in.end && n < STEPS; n++) {
        step(&in);

        if (websocket) {
            check();
        }
    }

    websocket_free();

    fuzz_must(!fuzz_nginx_timer());

    return 0;
}
