
#include "ngx_cr_helper_local.h"
#include "ngx_cr_spawn.h"

#include <sys/un.h>


/* Milliseconds. */
#define NGX_CR_HELPER_RETRY_MAX    500
#define NGX_CR_HELPER_CHECK        100
#define NGX_CR_HELPER_SPAWN_MIN    300
#define NGX_CR_HELPER_SPAWN_MAX    5000
#define NGX_CR_HELPER_WELCOME      10000

/*
 * A connection that lasted so long was no failure; and one that comes and goes
 * is logged no more often than this.
 */
#define NGX_CR_HELPER_STEADY       1000
#define NGX_CR_HELPER_QUIET        10000


static void ngx_cr_helper_connect(void);
static ngx_int_t ngx_cr_helper_open(void);
static void ngx_cr_helper_revive(void);
static void ngx_cr_helper_stand_by(void);
static void ngx_cr_helper_timer_handler(ngx_event_t *ev);
static void ngx_cr_helper_read_handler(ngx_event_t *ev);
static void ngx_cr_helper_write_handler(ngx_event_t *ev);
static void ngx_cr_helper_lost(const char *why);
static void ngx_cr_helper_close(void);
static ngx_int_t ngx_cr_helper_listen_end(void);
static void ngx_cr_helper_end_handler(ngx_event_t *ev);


ngx_cr_helper_t  ngx_cr_helper;


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
           != NGX_OK
        || ngx_cr_helper_listen_end() != NGX_OK)
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

    ngx_cr_helper_close();
    ngx_cr_stream_free(&h->stream);

    if (h->timer.timer_set) {
        ngx_del_timer(&h->timer);
    }

    if (h->end) {
        h->end->fd = (ngx_socket_t) -1;
        ngx_free_connection(h->end);
        h->end = NULL;
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

    if (ngx_cr_helper_open() == NGX_OK) {
        h->since = ngx_current_msec;

        if (h->sandbox->external) {
            ngx_add_timer(&h->timer, NGX_CR_HELPER_WELCOME);
            return;
        }

        /*
         * nginx holds the listening socket, so the connection stands before
         * a supervisor accepts it, and waits for one that is yet to start
         */

        ngx_cr_helper_revive();
        ngx_add_timer(&h->timer, h->retry);
        h->retry = ngx_min(h->retry * 2, NGX_CR_HELPER_CHECK);

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

    if (h->welcomed) {

        if (!h->heard) {
            ngx_cr_helper_lost("it does not answer");
            return;
        }

        h->heard = 0;

        ngx_cr_helper_ask();
        ngx_add_timer(&h->timer, NGX_CR_HELPER_ASK);
        return;
    }

    if (ngx_current_msec - h->since >= NGX_CR_HELPER_WELCOME) {
        ngx_cr_helper_lost("nothing came");
        return;
    }

    ngx_cr_helper_revive();

    ngx_add_timer(&h->timer, h->retry);
    h->retry = ngx_min(h->retry * 2, NGX_CR_HELPER_CHECK);
}


ngx_uint_t
ngx_cr_helper_report(void)
{
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    if (h->reported
        || (h->told && ngx_current_msec - h->told < NGX_CR_HELPER_QUIET))
    {
        return 0;
    }

    h->reported = 1;
    h->told = ngx_current_msec;

    return 1;
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

        if (ngx_cr_helper_report()) {
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
    c->log_error = NGX_ERROR_IGNORE_ECONNRESET;
    c->number = ngx_atomic_fetch_add(ngx_connection_counter, 1);

    c->read->log = h->log;
    c->read->handler = ngx_cr_helper_read_handler;
    c->write->log = h->log;
    c->write->handler = ngx_cr_helper_write_handler;
    c->write->ready = 1;

    /*
     * it is not idle in nginx's sense: a worker that shuts down may still have
     * requests which need it, and closes it at its end
     */

    ngx_cr_stream_open(&h->stream, c);

    /*
     * not ngx_add_conn(): to be told each time that the sandbox has read
     * something would cost a wake-up a job
     */

    if (ngx_handle_read_event(c->read, 0) != NGX_OK) {
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

    ngx_cr_stream_close(&h->stream);
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

    if (ngx_cr_helper_report()) {
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

    if (welcomed && ngx_current_msec - h->since >= NGX_CR_HELPER_STEADY) {
        h->retry = NGX_CR_HELPER_RETRY_MIN;
        h->spawn_delay = 0;
    }

    h->handlers->lost();

    ngx_cr_helper_stand_by();

    ngx_add_timer(&h->timer, h->retry);
    h->retry = ngx_min(h->retry * 2, NGX_CR_HELPER_RETRY_MAX);
}


static void
ngx_cr_helper_read_handler(ngx_event_t *ev)
{
    const char        *why;
    ngx_cr_helper_t   *h;
    ngx_connection_t  *c;

    c = ev->data;
    h = c->data;

    if (c->close) {
        ngx_cr_helper_end_handler(ev);
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


/*
 * worker_shutdown_timeout ends what a worker still waits for: nginx then tells
 * every connection, this one also while there is none to the sandbox.
 */

static ngx_int_t
ngx_cr_helper_listen_end(void)
{
    ngx_cr_helper_t   *h;
    ngx_connection_t  *c;

    h = &ngx_cr_helper;

    c = ngx_get_connection(0, h->log);
    if (c == NULL) {
        return NGX_ERROR;
    }

    /* no descriptor, and not free */

    c->fd = (ngx_socket_t) -2;

    c->data = h;
    c->log = h->log;
    c->read->log = h->log;
    c->write->log = h->log;
    c->read->handler = ngx_cr_helper_end_handler;

    h->end = c;

    return NGX_OK;
}


static void
ngx_cr_helper_end_handler(ngx_event_t *ev)
{
    ngx_cr_helper_t   *h;
    ngx_connection_t  *c;

    c = ev->data;
    h = c->data;

    ngx_cr_helper_close();

    if (h->timer.timer_set) {
        ngx_del_timer(&h->timer);
    }

    h->handlers->over();
}
