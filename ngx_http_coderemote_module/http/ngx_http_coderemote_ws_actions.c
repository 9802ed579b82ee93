
/* What a client says over its WebSocket, and what it is answered. */

#include "ngx_http_coderemote_websocket.h"
#include "ngx_http_coderemote_json.h"
#include "ngx_http_coderemote_request.h"
#include "ngx_http_coderemote_submit.h"
#include "ngx_cr_job.h"


#define NGX_HTTP_CODEREMOTE_WS_TEXT_MAX  512

/* Of memory for what a message brings, at first. */
#define NGX_HTTP_CODEREMOTE_WS_FIELDS    1024


typedef void (*ngx_http_coderemote_ws_action_pt)(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields);

typedef struct {
    const char                        *name;
    ngx_uint_t                         in;
    ngx_http_coderemote_ws_action_pt   act;
} ngx_http_coderemote_ws_action_t;


/* An `execute` while the sandbox is away. */

typedef struct {
    ngx_queue_t                  link;       /* of ws->waiting */
    ngx_http_coderemote_ws_t    *ws;
    json_t                      *message;
    ngx_event_t                  timer;      /* not cancelable: a worker that
                                                shuts down waits for it */
    ngx_cr_helper_waiter_t       sandbox;
} ngx_http_coderemote_ws_wait_t;


static void ngx_http_coderemote_ws_ping(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields);
static void ngx_http_coderemote_ws_execute(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields);
static void ngx_http_coderemote_ws_stdin(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields);
static void ngx_http_coderemote_ws_cancel(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields);
static void ngx_http_coderemote_ws_subscribe(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields);
static void ngx_http_coderemote_ws_unsubscribe(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields);
static void ngx_http_coderemote_ws_explain(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields);
static void ngx_http_coderemote_ws_await(ngx_http_coderemote_ws_t *ws,
    json_t *message);
static void ngx_http_coderemote_ws_sandbox_ready(
    ngx_cr_helper_waiter_t *waiter);
static void ngx_http_coderemote_ws_sandbox_timer(ngx_event_t *ev);


static const ngx_http_coderemote_ws_action_t  ngx_http_coderemote_ws_acts[] = {

    { "ping", NGX_HTTP_CODEREMOTE_IN_PING,
      ngx_http_coderemote_ws_ping },

    { "execute", NGX_HTTP_CODEREMOTE_IN_EXECUTE,
      ngx_http_coderemote_ws_execute },

    { "stdin", NGX_HTTP_CODEREMOTE_IN_STDIN,
      ngx_http_coderemote_ws_stdin },

    { "cancel", NGX_HTTP_CODEREMOTE_IN_CANCEL,
      ngx_http_coderemote_ws_cancel },

    { "subscribe", NGX_HTTP_CODEREMOTE_IN_SUBSCRIBE,
      ngx_http_coderemote_ws_subscribe },

    { "unsubscribe", NGX_HTTP_CODEREMOTE_IN_UNSUBSCRIBE,
      ngx_http_coderemote_ws_unsubscribe },

    { "analyze", NGX_HTTP_CODEREMOTE_IN_ANALYSIS,
      ngx_http_coderemote_ws_explain },

    { NULL, 0, NULL }
};


void
ngx_http_coderemote_ws_send(ngx_http_coderemote_ws_t *ws, json_t *json)
{
    char  *text;

    text = json ? json_dumps(json, JSON_COMPACT|JSON_REAL_PRECISION(15))
                : NULL;

    json_decref(json);

    /* a client that missed a message would not know */

    if (text == NULL) {
        ngx_cr_websocket_close(ws->websocket, NGX_CR_WS_ERROR,
                               "the server has no memory");
        return;
    }

    ngx_cr_websocket_send(ws->websocket, (u_char *) text, ngx_strlen(text));

    free(text);
}


/* What a client wrote is shown back when it is short, as it came. */

static json_t *
ngx_http_coderemote_ws_shown(json_t *about, const char *key)
{
    json_t  *value;

    value = json_object_get(about, key);

    return ngx_http_coderemote_fields_shown(value) ? value : NULL;
}


static void
ngx_http_coderemote_ws_refuse(ngx_http_coderemote_ws_t *ws, json_t *about,
    const ngx_http_coderemote_refusal_t *refusal, json_t *errors)
{
    json_t  *text, *later;

    ngx_cr_metric(refusal->metric);

    text = ngx_http_coderemote_json_text(refusal->sentence.data,
                                         refusal->sentence.len, 1);

    later = refusal->retry_after ? json_integer(refusal->retry_after) : NULL;

    ngx_http_coderemote_ws_send(ws,
        json_pack("{s:s, s:s, s:o, s:O*, s:O*, s:o*, s:o*}",
                  "type", "error", "code", refusal->code, "message", text,
                  "request_id",
                  ngx_http_coderemote_ws_shown(about, "request_id"),
                  "job_id", ngx_http_coderemote_ws_shown(about, "job_id"),
                  "retry_after", later, "errors", errors));
}


void
ngx_http_coderemote_ws_error(ngx_http_coderemote_ws_t *ws, json_t *about,
    const char *code, const char *fmt, ...)
{
    u_char                         buf[NGX_HTTP_CODEREMOTE_WS_TEXT_MAX];
    va_list                        args;
    ngx_http_coderemote_refusal_t  refusal;

    ngx_memzero(&refusal, sizeof(ngx_http_coderemote_refusal_t));

    refusal.code = code;
    refusal.sentence.data = buf;

    va_start(args, fmt);
    refusal.sentence.len = ngx_vslprintf(buf, buf + sizeof(buf), fmt, args)
                           - buf;
    va_end(args);

    ngx_http_coderemote_ws_refuse(ws, about, &refusal, NULL);
}


static void
ngx_http_coderemote_ws_internal(ngx_http_coderemote_ws_t *ws, json_t *about)
{
    ngx_http_coderemote_ws_error(ws, about, "internal",
                                 "The server failed; its log tells more.");
}


static void
ngx_http_coderemote_ws_not_found(ngx_http_coderemote_ws_t *ws, json_t *about)
{
    ngx_http_coderemote_ws_error(ws, about, "not_found",
                                 "There is no such job; the ids of jobs come "
                                 "with job.accepted, and what is done is "
                                 "forgotten after a while.");
}


static void
ngx_http_coderemote_ws_too_many(ngx_http_coderemote_ws_t *ws, json_t *about)
{
    ngx_http_coderemote_ws_error(ws, about, "too_many_jobs",
                                 "A connection follows at most %ui jobs; wait "
                                 "for one to end, or unsubscribe from one.",
                                 ws->max_jobs);
}


static void
ngx_http_coderemote_ws_done(ngx_http_coderemote_ws_t *ws, json_t *about)
{
    ngx_http_coderemote_ws_error(ws, about, "job_done",
                                 "The job is done; subscribe to it to get its "
                                 "result.");
}


/* Its fields have a pool of their own: a WebSocket's request lives long. */

static void
ngx_http_coderemote_ws_do(ngx_http_coderemote_ws_t *ws, json_t *message,
    const ngx_http_coderemote_ws_action_t *action)
{
    json_t                        *errors;
    ngx_pool_t                    *pool;
    ngx_http_coderemote_fields_t   fields;

    errors = NULL;
    pool = ngx_create_pool(NGX_HTTP_CODEREMOTE_WS_FIELDS, ngx_cycle->log);

    if (pool) {
        errors = ngx_http_coderemote_fields_read(ws->request, pool, message,
                                                 action->in,
                                                 ngx_cr_helper_status(),
                                                 &fields);
    }

    if (errors == NULL) {
        ngx_http_coderemote_ws_internal(ws, message);

    } else if (json_array_size(errors)) {
        ngx_http_coderemote_ws_refuse(ws, message,
                                      &ngx_http_coderemote_refusal_fields,
                                      errors);

    } else {
        json_decref(errors);
        action->act(ws, message, &fields);
    }

    if (pool) {
        ngx_destroy_pool(pool);
    }
}


static const ngx_http_coderemote_ws_action_t *
ngx_http_coderemote_ws_action(json_t *name)
{
    const ngx_http_coderemote_ws_action_t  *action;

    for (action = ngx_http_coderemote_ws_acts;
         action->name && json_is_string(name);
         action++)
    {
        if (ngx_strlen(action->name) == json_string_length(name)
            && ngx_strcmp(action->name, json_string_value(name)) == 0)
        {
            return action;
        }
    }

    return NULL;
}


static void
ngx_http_coderemote_ws_act(ngx_http_coderemote_ws_t *ws, json_t *message)
{
    const ngx_http_coderemote_ws_action_t  *action;

    action = ngx_http_coderemote_ws_action(json_object_get(message,
                                                           "action"));

    if (action == NULL) {
        ngx_http_coderemote_ws_error(ws, message, "unknown_action",
                                     "\"action\" must be one of ping, "
                                     "execute, stdin, cancel, subscribe, "
                                     "unsubscribe, analyze.");
        return;
    }

    ngx_http_coderemote_ws_do(ws, message, action);
}


void
ngx_http_coderemote_ws_message(ngx_http_coderemote_ws_t *ws,
    const u_char *data, size_t len)
{
    json_t        *message;
    ngx_str_t      text;
    json_error_t   error;

    text.data = (u_char *) data;
    text.len = len;

    message = ngx_http_coderemote_json_parse(&text, &error);

    if (json_is_object(message)) {
        ngx_http_coderemote_ws_act(ws, message);

    } else if (message) {
        ngx_http_coderemote_ws_error(ws, NULL, "bad_message",
                                     "The message must be a JSON object with "
                                     "\"action\".");

    } else {
        ngx_http_coderemote_ws_error(ws, NULL, "bad_message",
                                     "The message is not JSON: %s (line %d, "
                                     "column %d).", error.text, error.line,
                                     error.column);
    }

    json_decref(message);
}


static void
ngx_http_coderemote_ws_ping(ngx_http_coderemote_ws_t *ws, json_t *message,
    const ngx_http_coderemote_fields_t *fields)
{
    u_char  id[NGX_CR_CONNECTION_ID_LEN];

    ngx_cr_connection_id_format(id, &ws->id);

    ngx_http_coderemote_ws_send(ws,
        json_pack("{s:s, s:O*, s:s#}", "type", "pong",
                  "request_id", json_object_get(message, "request_id"),
                  "connection_id", id, (int) NGX_CR_CONNECTION_ID_LEN));
}


/* job.accepted comes before all that is told of the job. */

static void
ngx_http_coderemote_ws_submit(ngx_http_coderemote_ws_t *ws, json_t *message,
    const ngx_http_coderemote_fields_t *fields)
{
    u_char                           text[NGX_CR_JOB_ID_LEN];
    ngx_int_t                        rc;
    ngx_cr_job_id_t                  id;
    ngx_http_coderemote_refusal_t    refusal;
    ngx_http_coderemote_identity_t   identity;

    identity.user = ws->user;
    identity.turn = ws->turn;
    ngx_memcpy(identity.owner, ws->owner, NGX_CR_OWNER_SIZE);

    rc = ngx_http_coderemote_submit(ws->request, &identity, fields, &id,
                                    &refusal);

    if (rc == NGX_DECLINED) {
        ngx_http_coderemote_ws_refuse(ws, message, &refusal, NULL);
        return;
    }

    if (rc != NGX_OK) {
        ngx_http_coderemote_ws_internal(ws, message);
        return;
    }

    ngx_cr_job_id_format(text, &id);

    ngx_http_coderemote_ws_send(ws,
        json_pack("{s:s, s:O*, s:s#}", "type", "job.accepted",
                  "request_id", json_object_get(message, "request_id"),
                  "job_id", text, (int) NGX_CR_JOB_ID_LEN));

    rc = ngx_http_coderemote_ws_follow(ws, &id, 0, !fields->detach);

    if (rc != NGX_OK) {
        ngx_http_coderemote_ws_internal(ws, message);

        if (!fields->detach) {
            (void) ngx_cr_job_stop(&id);
        }
    }
}


/* NGX_OK, or NGX_ERROR: it was answered. */

static ngx_int_t
ngx_http_coderemote_ws_may(ngx_http_coderemote_ws_t *ws, json_t *message)
{
    if (ngx_http_coderemote_ws_stays(ws, message) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ws->njobs + ws->nwaiting >= ws->max_jobs) {
        ngx_http_coderemote_ws_too_many(ws, message);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_http_coderemote_ws_execute(ngx_http_coderemote_ws_t *ws, json_t *message,
    const ngx_http_coderemote_fields_t *fields)
{
    if (ngx_http_coderemote_ws_may(ws, message) != NGX_OK) {
        return;
    }

    if (ws->nwaiting || !ngx_cr_helper_ready()) {
        ngx_http_coderemote_ws_await(ws, message);
        return;
    }

    ngx_http_coderemote_ws_submit(ws, message, fields);
}


static void
ngx_http_coderemote_ws_explain(ngx_http_coderemote_ws_t *ws, json_t *message,
    const ngx_http_coderemote_fields_t *fields)
{
    if (ngx_http_coderemote_ws_may(ws, message) == NGX_OK
        && ngx_http_coderemote_ws_analyze(ws, message, fields) != NGX_OK)
    {
        ngx_http_coderemote_ws_internal(ws, message);
    }
}


/* A sandbox that is started anew shall cost no message. */

static void
ngx_http_coderemote_ws_await(ngx_http_coderemote_ws_t *ws, json_t *message)
{
    ngx_http_coderemote_ws_wait_t  *wait;

    wait = ngx_calloc(sizeof(ngx_http_coderemote_ws_wait_t),
                      ws->request->connection->log);
    if (wait == NULL) {
        ngx_http_coderemote_ws_internal(ws, message);
        return;
    }

    wait->ws = ws;
    wait->message = json_incref(message);
    wait->sandbox.handler = ngx_http_coderemote_ws_sandbox_ready;
    wait->sandbox.data = wait;
    wait->timer.handler = ngx_http_coderemote_ws_sandbox_timer;
    wait->timer.data = wait;
    wait->timer.log = ngx_cycle->log;

    ngx_queue_insert_tail(&ws->waiting, &wait->link);
    ws->nwaiting++;

    ngx_cr_helper_wait_ready(&wait->sandbox);
    ngx_add_timer(&wait->timer, NGX_HTTP_CODEREMOTE_SANDBOX_WAIT);
}


static void
ngx_http_coderemote_ws_wait_end(ngx_http_coderemote_ws_wait_t *wait)
{
    ngx_cr_helper_forget(&wait->sandbox);

    if (wait->timer.timer_set) {
        ngx_del_timer(&wait->timer);
    }

    ngx_queue_remove(&wait->link);
    wait->ws->nwaiting--;

    json_decref(wait->message);
    ngx_free(wait);
}


static void
ngx_http_coderemote_ws_again(ngx_http_coderemote_ws_t *ws, json_t *message,
    const ngx_http_coderemote_fields_t *fields)
{
    if (ngx_http_coderemote_ws_may(ws, message) != NGX_OK) {
        return;
    }

    if (!ngx_cr_helper_ready()) {
        ngx_http_coderemote_ws_await(ws, message);
        return;
    }

    ngx_http_coderemote_ws_submit(ws, message, fields);
}


/* What the sandbox is able to may have changed: the fields are read again. */

static void
ngx_http_coderemote_ws_sandbox_ready(ngx_cr_helper_waiter_t *waiter)
{
    json_t                         *message;
    ngx_http_coderemote_ws_t       *ws;
    ngx_http_coderemote_ws_wait_t  *wait = waiter->data;

    static const ngx_http_coderemote_ws_action_t  again = {
        "execute", NGX_HTTP_CODEREMOTE_IN_EXECUTE, ngx_http_coderemote_ws_again
    };

    ws = wait->ws;
    message = json_incref(wait->message);

    ngx_http_coderemote_ws_wait_end(wait);
    ngx_http_coderemote_ws_do(ws, message, &again);

    json_decref(message);
}


static void
ngx_http_coderemote_ws_sandbox_timer(ngx_event_t *ev)
{
    ngx_http_coderemote_ws_wait_t  *wait = ev->data;

    ngx_http_coderemote_ws_refuse(wait->ws, wait->message,
                                  &ngx_http_coderemote_refusal_sandbox, NULL);

    ngx_http_coderemote_ws_wait_end(wait);
}


void
ngx_http_coderemote_ws_begin(ngx_http_coderemote_ws_t *ws)
{
    ngx_queue_init(&ws->waiting);

    ngx_http_coderemote_ws_analyze_begin(ws);
    ngx_http_coderemote_ws_feed_begin(ws);
}


void
ngx_http_coderemote_ws_end(ngx_http_coderemote_ws_t *ws)
{
    ngx_queue_t  *q;

    while (!ngx_queue_empty(&ws->waiting)) {
        q = ngx_queue_head(&ws->waiting);

        ngx_http_coderemote_ws_wait_end(
            ngx_queue_data(q, ngx_http_coderemote_ws_wait_t, link));
    }

    ngx_http_coderemote_ws_analyze_end(ws);
    ngx_http_coderemote_ws_feed_end(ws);
}


static void
ngx_http_coderemote_ws_stdin(ngx_http_coderemote_ws_t *ws, json_t *message,
    const ngx_http_coderemote_fields_t *fields)
{
    ngx_int_t          rc;
    ngx_cr_job_view_t  view;

    rc = ngx_http_coderemote_ws_look(ws, &fields->job_id, &view);

    if (rc == NGX_OK) {
        rc = ngx_cr_job_input(&fields->job_id, fields->input.data,
                              fields->input.len, fields->eof);
    }

    switch (rc) {

    case NGX_OK:
        break;

    case NGX_DECLINED:
        ngx_http_coderemote_ws_not_found(ws, message);
        break;

    case NGX_BUSY:
        ngx_http_coderemote_ws_error(ws, message, "stdin_full",
                                     "The job would get more input than it "
                                     "may have; send less, or end it with "
                                     "\"eof\".");
        break;

    case NGX_DONE:

        if (ngx_cr_job_done(view.status)) {
            ngx_http_coderemote_ws_done(ws, message);
            break;
        }

        ngx_http_coderemote_ws_error(ws, message, "stdin_closed",
                                     "The input of the job has ended; it "
                                     "stays open for an \"execute\" without "
                                     "\"stdin\", until \"eof\".");
        break;

    default:
        ngx_http_coderemote_ws_internal(ws, message);
    }
}


static void
ngx_http_coderemote_ws_cancel(ngx_http_coderemote_ws_t *ws, json_t *message,
    const ngx_http_coderemote_fields_t *fields)
{
    ngx_int_t          rc;
    ngx_cr_job_view_t  view;

    if (fields->analysis) {
        if (ngx_http_coderemote_ws_analyze_cancel(ws, &fields->job_id)
            != NGX_OK)
        {
            ngx_http_coderemote_ws_error(ws, message, "not_found",
                                         "There is no such analysis; what "
                                         "has ended cannot be stopped.");
        }

        return;
    }

    rc = ngx_http_coderemote_ws_look(ws, &fields->job_id, &view);

    if (rc == NGX_OK) {
        rc = ngx_cr_job_stop(&fields->job_id);
    }

    switch (rc) {

    case NGX_OK:
        break;

    case NGX_DECLINED:
        ngx_http_coderemote_ws_not_found(ws, message);
        break;

    case NGX_DONE:
        ngx_http_coderemote_ws_done(ws, message);
        break;

    default:
        ngx_http_coderemote_ws_internal(ws, message);
    }
}


static void
ngx_http_coderemote_ws_subscribe(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields)
{
    if (ngx_http_coderemote_ws_stays(ws, message) != NGX_OK) {
        return;
    }

    switch (ngx_http_coderemote_ws_follow(ws, &fields->job_id, fields->seq,
                                          0))
    {

    case NGX_OK:
        break;

    case NGX_DECLINED:
        ngx_http_coderemote_ws_not_found(ws, message);
        break;

    case NGX_BUSY:
        ngx_http_coderemote_ws_too_many(ws, message);
        break;

    case NGX_DONE:
        ngx_http_coderemote_ws_error(ws, message, "already_subscribed",
                                     "This connection follows the job; "
                                     "unsubscribe to begin anew.");
        break;

    default:
        ngx_http_coderemote_ws_internal(ws, message);
    }
}


static void
ngx_http_coderemote_ws_unsubscribe(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields)
{
    if (ngx_http_coderemote_ws_unfollow(ws, &fields->job_id) != NGX_OK) {
        ngx_http_coderemote_ws_error(ws, message, "not_subscribed",
                                     "This connection does not follow the "
                                     "job; nothing needs to be done.");
        return;
    }

    ngx_http_coderemote_ws_send(ws,
        json_pack("{s:s, s:O*, s:O}", "type", "unsubscribed",
                  "request_id", json_object_get(message, "request_id"),
                  "job_id", json_object_get(message, "job_id")));
}
