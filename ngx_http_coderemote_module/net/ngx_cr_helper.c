
#include "ngx_cr_helper.h"
#include "ngx_cr_spawn.h"
#include "ngx_cr_stream.h"

#include <sys/un.h>


/* Milliseconds. */
#define NGX_CR_HELPER_RETRY_MIN    10
#define NGX_CR_HELPER_RETRY_MAX    500
#define NGX_CR_HELPER_CHECK        100
#define NGX_CR_HELPER_SPAWN_MIN    300
#define NGX_CR_HELPER_SPAWN_MAX    5000


typedef struct {
    ngx_cr_sandbox_t                *sandbox;
    const ngx_cr_helper_handlers_t  *handlers;
    ngx_log_t                       *log;

    ngx_cr_stream_t                  stream;
    ngx_event_t                      timer;        /* retry, or check */
    ngx_msec_t                       retry;
    ngx_msec_t                       spawned;      /* when; with spawn_delay */
    ngx_msec_t                       spawn_delay;  /* 0: none was started */

    u_char                          *status_buf;   /* status points into it */
    cr_status_t                      status;

    ngx_queue_t                      ready_waiters;
    ngx_queue_t                      status_waiters;

    unsigned                         welcomed:1;
    unsigned                         known:1;      /* status is set */
    unsigned                         asked:1;      /* STATUS is on its way */
    unsigned                         reported:1;   /* that it is away */
    unsigned                         done:1;       /* no more connecting */
} ngx_cr_helper_t;


static void ngx_cr_helper_connect(void);
static ngx_int_t ngx_cr_helper_open(void);
static void ngx_cr_helper_revive(void);
static void ngx_cr_helper_stand_by(void);
static void ngx_cr_helper_timer_handler(ngx_event_t *ev);
static void ngx_cr_helper_read_handler(ngx_event_t *ev);
static void ngx_cr_helper_write_handler(ngx_event_t *ev);
static void ngx_cr_helper_lost(const char *why);
static void ngx_cr_helper_close(void);
static ngx_int_t ngx_cr_helper_frame(const cr_frame_t *frame,
    const u_char *payload);


static ngx_cr_helper_t  ngx_cr_helper;


ngx_int_t
ngx_cr_helper_init(ngx_cycle_t *cycle, ngx_cr_sandbox_t *sandbox,
    const ngx_cr_helper_handlers_t *handlers)
{
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    ngx_memzero(h, sizeof(ngx_cr_helper_t));

    h->sandbox = sandbox;
    h->handlers = handlers;
    h->log = cycle->log;
    h->retry = NGX_CR_HELPER_RETRY_MIN;

    ngx_queue_init(&h->ready_waiters);
    ngx_queue_init(&h->status_waiters);

    h->status_buf = ngx_alloc(CR_STATUS_MAX, cycle->log);

    if (h->status_buf == NULL
        || ngx_cr_stream_init(&h->stream, cycle->log, ngx_cr_helper_frame)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    h->timer.handler = ngx_cr_helper_timer_handler;
    h->timer.log = cycle->log;
    h->timer.data = h;
    h->timer.cancelable = 1;

    ngx_cr_helper_stand_by();
    ngx_cr_helper_connect();

    return NGX_OK;
}


void
ngx_cr_helper_exit(void)
{
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    if (h->handlers == NULL) {
        return;
    }

    h->done = 1;

    ngx_cr_helper_close();
    ngx_cr_stream_free(&h->stream);

    if (h->timer.timer_set) {
        ngx_del_timer(&h->timer);
    }

    if (h->status_buf) {
        ngx_free(h->status_buf);
        h->status_buf = NULL;
    }
}


static void
ngx_cr_helper_connect(void)
{
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    if (h->done) {
        return;
    }

    if (ngx_cr_helper_open() == NGX_OK) {

        /*
         * nginx holds the listening socket, so the connection stands before
         * a supervisor accepts it, and waits for one that is yet to start
         */

        if (!h->sandbox->external) {
            ngx_cr_helper_revive();
            ngx_add_timer(&h->timer, h->retry);
            h->retry = ngx_min(h->retry * 2, NGX_CR_HELPER_CHECK);
        }

        return;
    }

    ngx_add_timer(&h->timer, h->retry);
    h->retry = ngx_min(h->retry * 2, NGX_CR_HELPER_RETRY_MAX);
}


static void
ngx_cr_helper_timer_handler(ngx_event_t *ev)
{
    ngx_cr_helper_t  *h = ev->data;

    if (h->stream.connection == NULL) {
        ngx_cr_helper_connect();
        return;
    }

    if (h->welcomed || h->done) {
        return;
    }

    ngx_cr_helper_revive();

    ngx_add_timer(&h->timer, h->retry);
    h->retry = ngx_min(h->retry * 2, NGX_CR_HELPER_CHECK);
}


/* Starts the helper when no supervisor is alive; ever more rarely in vain. */

static void
ngx_cr_helper_revive(void)
{
    ngx_fd_t          fd;
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    if (h->spawn_delay && ngx_current_msec - h->spawned < h->spawn_delay) {
        return;
    }

    fd = ngx_cr_spawn_fd(&h->sandbox->path);

    if (fd == -1 || ngx_cr_spawn_alive(fd, h->log) != 0) {
        return;
    }

    (void) ngx_cr_spawn_start(&h->sandbox->helper, fd, h->log);

    h->spawned = ngx_current_msec;
    h->spawn_delay = h->spawn_delay
                     ? ngx_min(h->spawn_delay * 2, NGX_CR_HELPER_SPAWN_MAX)
                     : NGX_CR_HELPER_SPAWN_MIN;
}


/* One worker that starts the helper is enough; the others give it time. */

static void
ngx_cr_helper_stand_by(void)
{
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    if (ngx_worker != 0 && h->spawn_delay == 0) {
        h->spawned = ngx_current_msec;
        h->spawn_delay = NGX_CR_HELPER_SPAWN_MIN;
    }
}


static ngx_connection_t *
ngx_cr_helper_socket(void)
{
    ngx_err_t            err;
    ngx_log_t           *log;
    ngx_socket_t         s;
    ngx_cr_helper_t     *h;
    ngx_connection_t    *c;
    struct sockaddr_un   sun;

    h = &ngx_cr_helper;
    log = h->log;

    s = socket(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC, 0);

    if (s == (ngx_socket_t) -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_socket_errno,
                      ngx_socket_n " failed");
        return NULL;
    }

    ngx_memzero(&sun, sizeof(struct sockaddr_un));
    sun.sun_family = AF_UNIX;
    ngx_memcpy(sun.sun_path, h->sandbox->path.data, h->sandbox->path.len);

    if (connect(s, (struct sockaddr *) &sun, sizeof(struct sockaddr_un))
        == -1)
    {
        err = ngx_socket_errno;

        if (!h->reported) {
            h->reported = 1;
            ngx_log_error(NGX_LOG_ERR, log, err,
                          "connect() to the sandbox at \"unix:%V\" failed; "
                          "trying on", &h->sandbox->path);
        }

        goto failed;
    }

    c = ngx_get_connection(s, log);

    if (c == NULL) {
        goto failed;
    }

    return c;

failed:

    if (ngx_close_socket(s) == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_socket_errno,
                      ngx_close_socket_n " failed");
    }

    return NULL;
}


static ngx_int_t
ngx_cr_helper_open(void)
{
    u_char             hello[4];
    cr_put_t           put;
    ngx_cr_helper_t   *h;
    ngx_connection_t  *c;

    h = &ngx_cr_helper;

    c = ngx_cr_helper_socket();
    if (c == NULL) {
        return NGX_ERROR;
    }

    c->recv = ngx_recv;
    c->send = ngx_send;
    c->log = h->log;
    c->data = h;
    c->number = ngx_atomic_fetch_add(ngx_connection_counter, 1);

    c->read->log = h->log;
    c->read->handler = ngx_cr_helper_read_handler;
    c->write->log = h->log;
    c->write->handler = ngx_cr_helper_write_handler;
    c->write->ready = 1;

    /* so a worker that shuts down tells: c->close */
    c->idle = 1;

    ngx_cr_stream_open(&h->stream, c);

    if (ngx_add_conn) {
        if (ngx_add_conn(c) == NGX_ERROR) {
            ngx_cr_helper_close();
            return NGX_ERROR;
        }

    } else if (ngx_handle_read_event(c->read, 0) != NGX_OK) {
        ngx_cr_helper_close();
        return NGX_ERROR;
    }

    cr_put_init(&put, hello, sizeof(hello));
    cr_put_u32(&put, CR_PROTOCOL_VERSION);

    ngx_cr_helper_send_frame(CR_MSG_HELLO, 0, 0, hello, cr_put_len(&put));

    return NGX_OK;
}


static void
ngx_cr_helper_close(void)
{
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    h->welcomed = 0;
    h->known = 0;
    h->asked = 0;

    if (h->stream.connection) {
        h->stream.connection->idle = 0;
        ngx_cr_stream_close(&h->stream);
    }
}


/*
 * Ends a connection that cannot go on.  Only from the handlers of its events:
 * whoever sends does not lose it in the middle of his work.
 */

static void
ngx_cr_helper_lost(const char *why)
{
    ngx_uint_t        welcomed;
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;
    welcomed = h->welcomed;

    if (!h->reported) {
        h->reported = 1;
        ngx_log_error(NGX_LOG_ERR, h->log, 0,
                      "the connection to the sandbox ended%s: %s; trying on",
                      welcomed ? ""
                               : " before it welcomed this worker, whose user "
                                 "may not be among its clients",
                      why);
    }

    ngx_cr_helper_close();

    if (h->timer.timer_set) {
        ngx_del_timer(&h->timer);
    }

    if (welcomed) {
        h->retry = NGX_CR_HELPER_RETRY_MIN;
    }

    h->handlers->lost();

    if (ngx_exiting && h->handlers->busy() == 0) {
        h->done = 1;
        return;
    }

    ngx_cr_helper_stand_by();

    ngx_add_timer(&h->timer, h->retry);
    h->retry = ngx_min(h->retry * 2, NGX_CR_HELPER_RETRY_MAX);
}


void
ngx_cr_helper_release(void)
{
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    if (h->done) {
        return;
    }

    h->done = 1;

    if (h->stream.connection) {
        ngx_post_event(h->stream.connection->read, &ngx_posted_events);
    }
}


static void
ngx_cr_helper_read_handler(ngx_event_t *ev)
{
    const char        *why;
    ngx_cr_helper_t   *h;
    ngx_connection_t  *c;

    c = ev->data;
    h = c->data;

    if (c->close && h->handlers->busy() == 0) {
        h->done = 1;
    }

    if (h->done) {
        ngx_cr_helper_close();
        return;
    }

    why = ngx_cr_stream_read(&h->stream);

    if (why) {
        ngx_cr_helper_lost(why);
    }
}


static void
ngx_cr_helper_write_handler(ngx_event_t *ev)
{
    const char        *why;
    ngx_cr_helper_t   *h;
    ngx_connection_t  *c;

    c = ev->data;
    h = c->data;

    why = ngx_cr_stream_write(&h->stream);

    if (why) {
        ngx_cr_helper_lost(why);
    }
}


static void
ngx_cr_helper_wake(ngx_queue_t *waiters)
{
    ngx_queue_t              woken, *q;
    ngx_cr_helper_waiter_t  *waiter;

    if (ngx_queue_empty(waiters)) {
        return;
    }

    /* a handler may wait again, or make others forget */

    ngx_queue_init(&woken);
    ngx_queue_add(&woken, waiters);
    ngx_queue_init(waiters);

    while (!ngx_queue_empty(&woken)) {
        q = ngx_queue_head(&woken);
        ngx_queue_remove(q);

        waiter = ngx_queue_data(q, ngx_cr_helper_waiter_t, queue);
        waiter->queued = 0;
        waiter->handler(waiter);
    }
}


static ngx_int_t
ngx_cr_helper_welcome(const cr_frame_t *frame, const u_char *payload)
{
    cr_get_t          get;
    uint32_t          version;
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    cr_get_init(&get, payload, frame->length);
    version = cr_get_u32(&get);

    if (h->welcomed || get.bad || get.pos != get.end) {
        return NGX_ERROR;
    }

    if (version != CR_PROTOCOL_VERSION) {
        ngx_log_error(NGX_LOG_ERR, h->log, 0,
                      "the sandbox speaks version %uD of the protocol and "
                      "this module %d: install both from one release",
                      version, CR_PROTOCOL_VERSION);
        return NGX_ERROR;
    }

    h->welcomed = 1;
    h->retry = NGX_CR_HELPER_RETRY_MIN;
    h->spawn_delay = 0;

    if (h->timer.timer_set) {
        ngx_del_timer(&h->timer);
    }

    h->asked = 1;
    ngx_cr_helper_send_frame(CR_MSG_STATUS, 0, 0, NULL, 0);

    return NGX_OK;
}


static ngx_int_t
ngx_cr_helper_take_status(const cr_frame_t *frame, const u_char *payload)
{
    ngx_uint_t        first;
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    if (frame->length > CR_STATUS_MAX) {
        return NGX_ERROR;
    }

    first = !h->known;
    h->known = 0;
    h->asked = 0;

    ngx_memcpy(h->status_buf, payload, frame->length);

    if (cr_status_unpack(h->status_buf, frame->length, &h->status) != 0) {
        return NGX_ERROR;
    }

    h->known = 1;

    if (first) {
        if (h->reported) {
            h->reported = 0;
            ngx_log_error(NGX_LOG_NOTICE, h->log, 0,
                          "the sandbox at \"unix:%V\" is back",
                          &h->sandbox->path);
        }

        h->handlers->ready();
        ngx_cr_helper_wake(&h->ready_waiters);
    }

    ngx_cr_helper_wake(&h->status_waiters);

    return NGX_OK;
}


static ngx_int_t
ngx_cr_helper_frame(const cr_frame_t *frame, const u_char *payload)
{
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    if (frame->type == CR_MSG_WELCOME && frame->job == 0) {
        return ngx_cr_helper_welcome(frame, payload);
    }

    if (!h->welcomed) {
        return NGX_ERROR;
    }

    if (frame->type == CR_MSG_STATUS && frame->job == 0) {
        return ngx_cr_helper_take_status(frame, payload);
    }

    if (frame->job == 0) {
        return NGX_ERROR;
    }

    return h->handlers->frame(frame, payload);
}


void
ngx_cr_helper_send(const u_char *data, size_t len)
{
    ngx_cr_stream_send(&ngx_cr_helper.stream, data, len);
}


void
ngx_cr_helper_send_frame(uint8_t type, uint8_t flags, uint32_t job,
    const u_char *payload, size_t len)
{
    u_char      buf[CR_FRAME_HEADER + CR_FRAME_DATA_MAX];
    cr_frame_t  frame;

    frame.length = len;
    frame.job = job;
    frame.type = type;
    frame.flags = flags;

    cr_frame_encode(buf, &frame);

    if (len) {
        ngx_memcpy(buf + CR_FRAME_HEADER, payload, len);
    }

    ngx_cr_helper_send(buf, CR_FRAME_HEADER + len);
}


ngx_uint_t
ngx_cr_helper_ready(void)
{
    return ngx_cr_helper.known && !ngx_cr_helper.stream.failed;
}


const cr_status_t *
ngx_cr_helper_status(void)
{
    return ngx_cr_helper.known ? &ngx_cr_helper.status : NULL;
}


void
ngx_cr_helper_wait_ready(ngx_cr_helper_waiter_t *waiter)
{
    waiter->queued = 1;
    ngx_queue_insert_tail(&ngx_cr_helper.ready_waiters, &waiter->queue);
}


void
ngx_cr_helper_wait_status(ngx_cr_helper_waiter_t *waiter)
{
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    waiter->queued = 1;
    ngx_queue_insert_tail(&h->status_waiters, &waiter->queue);

    if (h->welcomed && !h->asked) {
        h->asked = 1;
        ngx_cr_helper_send_frame(CR_MSG_STATUS, 0, 0, NULL, 0);
    }
}


void
ngx_cr_helper_forget(ngx_cr_helper_waiter_t *waiter)
{
    if (waiter->queued) {
        waiter->queued = 0;
        ngx_queue_remove(&waiter->queue);
    }
}
