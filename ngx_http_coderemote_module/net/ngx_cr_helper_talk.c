
/* What is said over the connection beside jobs: WELCOME, STATUS. */

#include "ngx_cr_helper_local.h"
#include "ngx_cr_metrics.h"


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

        if (ngx_cr_helper_report()) {
            ngx_log_error(NGX_LOG_ERR, h->log, 0,
                          "the sandbox speaks version %uD of the protocol and "
                          "this module %d: install both from one release",
                          version, CR_PROTOCOL_VERSION);
        }

        return NGX_ERROR;
    }

    ngx_cr_metric(NGX_CR_METRIC_SANDBOX_CONNECTED);

    h->welcomed = 1;
    h->since = ngx_current_msec;

    if (h->timer.timer_set) {
        ngx_del_timer(&h->timer);
    }

    ngx_add_timer(&h->timer, NGX_CR_HELPER_ASK);
    ngx_cr_helper_ask();

    return NGX_OK;
}


void
ngx_cr_helper_ask(void)
{
    if (!ngx_cr_helper.asked) {
        ngx_cr_helper.asked = 1;
        ngx_cr_helper_send_frame(CR_MSG_STATUS, 0, 0, NULL, 0);
    }
}


static ngx_int_t
ngx_cr_helper_take_status(const cr_frame_t *frame, const u_char *payload)
{
    ngx_uint_t        first;
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;

    if (!h->asked || frame->length > CR_STATUS_MAX) {
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


ngx_int_t
ngx_cr_helper_frame(const cr_frame_t *frame, const u_char *payload)
{
    ngx_cr_helper_t  *h;

    h = &ngx_cr_helper;
    h->heard = 1;

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

    if (h->welcomed) {
        ngx_cr_helper_ask();
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
