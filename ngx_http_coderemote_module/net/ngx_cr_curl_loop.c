
#include "ngx_cr_curl_local.h"

#include <openssl/err.h>


#define NGX_CR_CURL_CONNECTIONS  16         /* kept for later requests */
#define NGX_CR_CURL_IDLE         60000      /* ms */


static int ngx_cr_curl_loop_socket(CURL *easy, curl_socket_t fd, int what,
    void *data, void *assigned);
static int ngx_cr_curl_loop_timer(CURLM *multi, long ms, void *data);


static CURLM        *ngx_cr_curl_multi;
static ngx_uint_t    ngx_cr_curl_global;
static ngx_uint_t    ngx_cr_curl_depth;
static ngx_event_t   ngx_cr_curl_timer;
static ngx_event_t   ngx_cr_curl_unused;


ngx_uint_t
ngx_cr_curl_loop_inside(void)
{
    return ngx_cr_curl_depth;
}


static void
ngx_cr_curl_loop_enter(void)
{
    ngx_cr_curl_depth++;
}


/* nginx takes errors that OpenSSL keeps for those of its own connections. */

static void
ngx_cr_curl_loop_leave(void)
{
    ngx_cr_curl_depth--;
    ERR_clear_error();
}


static void
ngx_cr_curl_loop_action(curl_socket_t fd, int what)
{
    int                 n;
    CURLMsg            *msg;
    CURLMcode           rc;
    ngx_cr_curl_own_t  *own;

    ngx_cr_curl_loop_enter();
    rc = curl_multi_socket_action(ngx_cr_curl_multi, fd, what, &n);
    ngx_cr_curl_loop_leave();

    if (rc != CURLM_OK) {
        ngx_cr_curl_fail_all(curl_multi_strerror(rc));
    }

    while ((msg = curl_multi_info_read(ngx_cr_curl_multi, &n)) != NULL) {

        if (msg->msg != CURLMSG_DONE
            || curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &own)
               != CURLE_OK)
        {
            continue;
        }

        own->result = msg->data.result;
        own->finished = 1;

        ngx_cr_curl_news(own);
    }
}


static void
ngx_cr_curl_loop_timed_out(ngx_event_t *ev)
{
    if (ngx_cr_curl_multi) {
        ngx_cr_curl_loop_action(CURL_SOCKET_TIMEOUT, 0);
    }
}


static void
ngx_cr_curl_loop_unused(ngx_event_t *ev)
{
    ngx_cr_curl_loop_close();
}


ngx_int_t
ngx_cr_curl_loop_open(void)
{
    CURLM  *multi;

    if (ngx_cr_curl_unused.timer_set) {
        ngx_del_timer(&ngx_cr_curl_unused);
    }

    if (ngx_cr_curl_multi) {
        return NGX_OK;
    }

    if (!ngx_cr_curl_global) {

        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
            return NGX_ERROR;
        }

        ngx_cr_curl_global = 1;
    }

    multi = curl_multi_init();
    if (multi == NULL) {
        return NGX_ERROR;
    }

    /*
     * What a reload waits for is the deadline of each request; these two do
     * not hold a worker that has nothing else to do.
     */

    ngx_cr_curl_timer.handler = ngx_cr_curl_loop_timed_out;
    ngx_cr_curl_timer.data = &ngx_cr_curl_timer;
    ngx_cr_curl_timer.log = ngx_cycle->log;
    ngx_cr_curl_timer.cancelable = 1;

    ngx_cr_curl_unused.handler = ngx_cr_curl_loop_unused;
    ngx_cr_curl_unused.data = &ngx_cr_curl_unused;
    ngx_cr_curl_unused.log = ngx_cycle->log;
    ngx_cr_curl_unused.cancelable = 1;

    if (curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION,
                          ngx_cr_curl_loop_socket)
        || curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION,
                             ngx_cr_curl_loop_timer)
        || curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING)
        || curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS,
                             (long) NGX_CR_CURL_CONNECTIONS))
    {
        curl_multi_cleanup(multi);
        return NGX_ERROR;
    }

    ngx_cr_curl_multi = multi;

    return NGX_OK;
}


/*
 * Nobody reads from a connection that libcurl keeps, so one that its server
 * has closed would lie there for ever: after some time without requests all
 * of them go.
 */

void
ngx_cr_curl_loop_idle(void)
{
    if (ngx_cr_curl_multi && !ngx_cr_curl_unused.timer_set) {
        ngx_add_timer(&ngx_cr_curl_unused, NGX_CR_CURL_IDLE);
    }
}


static void
ngx_cr_curl_loop_timer_delete(void)
{
    if (ngx_cr_curl_timer.timer_set) {
        ngx_del_timer(&ngx_cr_curl_timer);
    }

    if (ngx_cr_curl_timer.posted) {
        ngx_delete_posted_event(&ngx_cr_curl_timer);
    }
}


void
ngx_cr_curl_loop_close(void)
{
    if (ngx_cr_curl_multi) {
        ngx_cr_curl_loop_enter();
        curl_multi_cleanup(ngx_cr_curl_multi);
        ngx_cr_curl_loop_leave();

        ngx_cr_curl_multi = NULL;
    }

    ngx_cr_curl_loop_timer_delete();

    if (ngx_cr_curl_unused.timer_set) {
        ngx_del_timer(&ngx_cr_curl_unused);
    }

    if (ngx_cr_curl_global) {
        curl_global_cleanup();
        ngx_cr_curl_global = 0;
    }
}


ngx_int_t
ngx_cr_curl_loop_add(ngx_cr_curl_own_t *own)
{
    CURLMcode  rc;

    ngx_cr_curl_loop_enter();
    rc = curl_multi_add_handle(ngx_cr_curl_multi, own->easy);
    ngx_cr_curl_loop_leave();

    own->added = (rc == CURLM_OK);

    return own->added ? NGX_OK : NGX_ERROR;
}


void
ngx_cr_curl_loop_remove(ngx_cr_curl_own_t *own)
{
    if (own->added) {
        ngx_cr_curl_loop_enter();
        curl_multi_remove_handle(ngx_cr_curl_multi, own->easy);
        ngx_cr_curl_loop_leave();

        own->added = 0;
    }
}


/* At 0 libcurl wants to be called at once; but not from its own callback. */

static int
ngx_cr_curl_loop_timer(CURLM *multi, long ms, void *data)
{
    ngx_cr_curl_loop_timer_delete();

    if (ms == 0) {
        ngx_post_event(&ngx_cr_curl_timer, &ngx_posted_next_events);

    } else if (ms > 0) {
        ngx_add_timer(&ngx_cr_curl_timer, (ngx_msec_t) ms);
    }

    return 0;
}


static void
ngx_cr_curl_loop_event(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    if (c->close) {

        /* worker_shutdown_timeout is over */

        ngx_cr_curl_fail_all("this server is shutting down");
        return;
    }

    ngx_cr_curl_loop_action(c->fd, ev->write ? CURL_CSELECT_OUT
                                             : CURL_CSELECT_IN);
}


static ngx_int_t
ngx_cr_curl_loop_watch(ngx_event_t *ev, ngx_int_t event, ngx_uint_t wanted)
{
    if (wanted && !ev->active) {
        return ngx_add_event(ev, event, NGX_LEVEL_EVENT);
    }

    if (!wanted && ev->active) {
        return ngx_del_event(ev, event, 0);
    }

    return NGX_OK;
}


static void
ngx_cr_curl_loop_forget(ngx_connection_t *c)
{
    (void) ngx_cr_curl_loop_watch(c->read, NGX_READ_EVENT, 0);
    (void) ngx_cr_curl_loop_watch(c->write, NGX_WRITE_EVENT, 0);

    if (c->read->posted) {
        ngx_delete_posted_event(c->read);
    }

    if (c->write->posted) {
        ngx_delete_posted_event(c->write);
    }

    ngx_free_connection(c);
    c->fd = (ngx_socket_t) -1;
}


static int
ngx_cr_curl_loop_socket(CURL *easy, curl_socket_t fd, int what, void *data,
    void *assigned)
{
    ngx_connection_t   *c;
    ngx_cr_curl_own_t  *own;

    c = assigned;

    if (what == CURL_POLL_REMOVE) {

        if (c) {
            ngx_cr_curl_loop_forget(c);
            (void) curl_multi_assign(ngx_cr_curl_multi, fd, NULL);
        }

        return 0;
    }

    if (curl_easy_getinfo(easy, CURLINFO_PRIVATE, &own) != CURLE_OK) {
        return 0;
    }

    if (c == NULL) {
        c = ngx_get_connection(fd, ngx_cycle->log);

        if (c == NULL) {
            ngx_cr_curl_fail(own, "worker_connections are not enough");
            return 0;
        }

        c->log = ngx_cycle->log;
        c->read->log = c->log;
        c->write->log = c->log;
        c->read->handler = ngx_cr_curl_loop_event;
        c->write->handler = ngx_cr_curl_loop_event;

        (void) curl_multi_assign(ngx_cr_curl_multi, fd, c);
    }

    /* a connection is one request's at a time: there is no HTTP/2 */

    c->data = own;

    if (ngx_cr_curl_loop_watch(c->read, NGX_READ_EVENT, what & CURL_POLL_IN)
        != NGX_OK
        || ngx_cr_curl_loop_watch(c->write, NGX_WRITE_EVENT,
                                  what & CURL_POLL_OUT)
           != NGX_OK)
    {
        ngx_cr_curl_fail(own, "the event loop did not take a socket");
    }

    return 0;
}
