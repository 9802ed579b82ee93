
/*
 * When a connection begins nothing any more, and is closed once it follows no
 * job: because its worker stops, or because the token has expired that it was
 * opened with.
 */

#include "ngx_http_coderemote_websocket.h"


/* A clock that is set anew is noticed after so long. */
#define NGX_HTTP_CODEREMOTE_WS_LOOK  ((time_t) 3600)


struct ngx_http_coderemote_ws_leave_s {
    const char   *code;
    const char   *refused;        /* of what would begin */
    const char   *unreported;     /* of a job that was posted */
    ngx_uint_t    at_once;        /* unsigned  at_once:1;  jobs that were posted
                                     and wait are not followed either */
    ngx_uint_t    close;
    const char   *reason;
};


const ngx_http_coderemote_ws_leave_t  ngx_http_coderemote_ws_stopping = {
    "going_away",
    "This server process stops; connect again and send the message there.",
    "This server process stops; connect again and subscribe to this job "
    "there.",
    0,
    NGX_CR_WS_GOING_AWAY,
    "the server stops or loads itself anew"
};

static const ngx_http_coderemote_ws_leave_t  ngx_http_coderemote_ws_expired = {
    "token_expired",
    "The token that this connection was opened with has expired; connect "
    "again with a new one and send the message there.",
    "The token that this connection was opened with has expired; connect "
    "again with a new one and subscribe to this job there.",
    1,
    NGX_CR_WS_POLICY,
    "token expired"
};


static void ngx_http_coderemote_ws_expiry(ngx_event_t *ev);


void
ngx_http_coderemote_ws_count(ngx_http_coderemote_ws_t *ws)
{
    ngx_cr_websocket_busy(ws->websocket, ws->njobs != 0);

    if (ws->leave && ws->njobs == 0) {
        ngx_cr_websocket_close(ws->websocket, ws->leave->close,
                               ws->leave->reason);
    }
}


void
ngx_http_coderemote_ws_leaves(ngx_http_coderemote_ws_t *ws,
    const ngx_http_coderemote_ws_leave_t *leave)
{
    if (ws->leave == NULL) {
        ws->leave = leave;

        if (leave->at_once) {
            ngx_http_coderemote_ws_unreport(ws);
        }
    }

    ngx_http_coderemote_ws_count(ws);
}


ngx_int_t
ngx_http_coderemote_ws_stays(ngx_http_coderemote_ws_t *ws, json_t *about)
{
    if (ws->leave == NULL) {
        return NGX_OK;
    }

    ngx_http_coderemote_ws_error(ws, about, ws->leave->code, "%s",
                                 ws->leave->refused);

    return NGX_ERROR;
}


const char *
ngx_http_coderemote_ws_left(ngx_http_coderemote_ws_t *ws, const char **code)
{
    if (ws->leave == NULL) {
        return NULL;
    }

    *code = ws->leave->code;

    return ws->leave->unreported;
}


/* Timers know nothing of the clock on the wall. */

static void
ngx_http_coderemote_ws_expiry(ngx_event_t *ev)
{
    time_t                     left;
    ngx_time_t                *now;
    ngx_http_coderemote_ws_t  *ws = ev->data;

    now = ngx_timeofday();
    left = ws->until - now->sec;

    if (left > NGX_HTTP_CODEREMOTE_WS_LOOK) {
        ngx_add_timer(ev, (ngx_msec_t) NGX_HTTP_CODEREMOTE_WS_LOOK * 1000);
        return;
    }

    if (left > 0) {
        ngx_add_timer(ev, (ngx_msec_t) left * 1000 - now->msec);
        return;
    }

    ngx_http_coderemote_ws_leaves(ws, &ngx_http_coderemote_ws_expired);
}


void
ngx_http_coderemote_ws_expire(ngx_http_coderemote_ws_t *ws, time_t until)
{
    if (until == 0) {
        return;
    }

    ws->until = until;

    ws->expiry.handler = ngx_http_coderemote_ws_expiry;
    ws->expiry.data = ws;
    ws->expiry.log = ngx_cycle->log;
    ws->expiry.cancelable = 1;

    ngx_http_coderemote_ws_expiry(&ws->expiry);
}


void
ngx_http_coderemote_ws_unexpire(ngx_http_coderemote_ws_t *ws)
{
    if (ws->expiry.timer_set) {
        ngx_del_timer(&ws->expiry);
    }
}
