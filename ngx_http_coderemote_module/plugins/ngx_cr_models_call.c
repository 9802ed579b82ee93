
/*
 * One question to a model: asked, once more after a while where that may help,
 * read as it comes, and told.
 */

#include "ngx_cr_models_local.h"


#define NGX_CR_MODELS_BACKOFF   500     /* ms before the first retry */


static void ngx_cr_models_handler(ngx_event_t *ev);
static void ngx_cr_models_ask(ngx_cr_models_call_t *call);
static void ngx_cr_models_piece(ngx_cr_curl_t *c, const u_char *p, size_t len);
static void ngx_cr_models_asked(ngx_cr_curl_t *c, ngx_int_t rc);


static void
ngx_cr_models_release(ngx_cr_models_call_t *call, ngx_cr_models_end_e end)
{
    ngx_cr_curl_cancel(&call->curl);
    ngx_cr_sse_free(&call->sse);

    if (call->event.timer_set) {
        ngx_del_timer(&call->event);
    }

    if (call->event.posted) {
        ngx_delete_posted_event(&call->event);
    }

    if (call->entered) {
        call->entered = 0;
        ngx_cr_models_leave(call->conf, call->state, end, call->trying);
    }
}


/* From the event loop, not within what started it. */

static void
ngx_cr_models_end_later(ngx_cr_models_call_t *call, ngx_cr_models_end_e end)
{
    call->end = end;

    if (!call->event.posted) {
        ngx_post_event(&call->event, &ngx_posted_events);
    }
}


static void
ngx_cr_models_headers(ngx_cr_models_call_t *call, ngx_uint_t n)
{
    ngx_str_t            *header;
    ngx_cr_models_key_t  *key;

    key = call->conf->key;
    header = call->headers;

    ngx_str_set(header, "Content-Type: application/json");
    header++;

    ngx_str_set(header, "Accept: text/event-stream, application/json");
    header++;

    if (key) {
        *header++ = key->fields[n];
    }

    call->curl.headers = call->headers;
    call->curl.nheaders = header - call->headers;
}


static ngx_int_t
ngx_cr_models_prepare(ngx_cr_models_call_t *call, ngx_uint_t n)
{
    ngx_cr_ask_t                 ask;
    ngx_cr_analysis_t           *a;
    const ngx_str_t             *base;
    const ngx_cr_models_conf_t  *conf;

    a = call->analysis;
    conf = call->conf;

    base = conf->url.len ? &conf->url : &call->wire->base;
    ask.model = conf->model.len ? conf->model : call->wire->model;

    if (ngx_cr_prompt_make(conf->prompt, a->pool, &a->language, &a->code,
                           &call->prompted)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ask.system = call->prompted.system;
    ask.user = call->prompted.user;

    if (ngx_cr_wire_url(call->wire, a->pool, base, &ask.model,
                        &call->curl.url)
        != NGX_OK
        || ngx_cr_wire_body(call->wire, a->pool, &ask, &call->curl.body)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_cr_models_headers(call, n);

    call->curl.log = a->log;
    call->curl.data = call;
    call->curl.piece = ngx_cr_models_piece;
    call->curl.done = ngx_cr_models_asked;

    call->curl_conf = conf->curl;
    call->curl.conf = &call->curl_conf;

    call->deadline = ngx_current_msec + conf->curl.timeout;

    return NGX_OK;
}


ngx_int_t
ngx_cr_models_start(ngx_cr_analysis_t *a, ngx_uint_t n)
{
    ngx_uint_t             trying;
    ngx_cr_models_end_e    end;
    ngx_cr_models_call_t  *call;

    call = ngx_pcalloc(a->pool, sizeof(ngx_cr_models_call_t));
    if (call == NULL) {
        return NGX_ERROR;
    }

    call->analysis = a;
    call->wire = ngx_cr_models_wire(n);
    call->conf = ngx_http_get_module_loc_conf(a->request,
                                             ngx_http_coderemote_models_module);
    call->state = &call->conf->state[n];

    call->event.handler = ngx_cr_models_handler;
    call->event.data = call;
    call->event.log = a->log;

    a->data = call;

    trying = 0;
    end = ngx_cr_models_enter(call->conf, call->state, &trying);

    if (end == NGX_CR_MODELS_OK) {
        call->entered = 1;
        call->trying = trying;

        if (ngx_cr_models_prepare(call, n) != NGX_OK) {
            end = NGX_CR_MODELS_MEMORY;
        }
    }

    if (end == NGX_CR_MODELS_OPEN) {
        call->retry_after = (call->state->again - ngx_current_msec) / 1000 + 1;
    }

    if (end != NGX_CR_MODELS_OK) {
        ngx_cr_models_end_later(call, end);
        return NGX_OK;
    }

    ngx_cr_models_ask(call);

    return NGX_OK;
}


void
ngx_cr_models_cancel(ngx_cr_analysis_t *a)
{
    ngx_cr_models_release(a->data, NGX_CR_MODELS_MEMORY);
}


static void
ngx_cr_models_ask(ngx_cr_models_call_t *call)
{
    ngx_msec_int_t  left;

    left = (ngx_msec_int_t) (call->deadline - ngx_current_msec);

    call->curl_conf.timeout = ngx_max(left, 1);
    call->retry_after = 0;
    call->detail[0] = '\0';

    ngx_cr_models_answer_begin(call);

    if (ngx_cr_curl_start(&call->curl) != NGX_OK) {
        ngx_cpystrn(call->detail, call->curl.why, NGX_CR_MODELS_DETAIL);
        ngx_cr_models_end_later(call, NGX_CR_MODELS_UNREACHABLE);
    }
}


static void
ngx_cr_models_show(ngx_cr_models_call_t *call, ngx_uint_t last)
{
    ngx_str_t  chunk;

    ngx_cr_reply_show(&call->reply, last, &chunk);

    if (chunk.len) {
        call->analysis->chunk(call->analysis, &chunk);
    }
}


static void
ngx_cr_models_fill(ngx_cr_analysis_result_t *result,
    ngx_cr_reply_fields_t *fields, ngx_cr_models_call_t *call)
{
    result->success = 1;
    result->time_complexity = fields->time_complexity;
    result->space_complexity = fields->space_complexity;
    result->time_explanation = fields->time_explanation;
    result->space_explanation = fields->space_explanation;
    result->algorithm_identified = fields->algorithm;
    result->suggestions = fields->suggestions;
    result->nsuggestions = fields->nsuggestions;
    result->narrative.data = call->reply.narrative;
    result->narrative.len = call->reply.narrated;
}


/* Nothing of it comes from the program or has a key. */

static void
ngx_cr_models_log(ngx_cr_models_call_t *call,
    const ngx_cr_models_end_t *how)
{
    u_char                     *message;
    ngx_uint_t                  level, told;
    const ngx_cr_models_key_t  *key;

    key = call->conf->key;
    message = call->said.message;

    told = message[0] && call->end != NGX_CR_MODELS_KEY
           && !ngx_cr_models_key_shows(key, message);

    if (ngx_cr_models_key_shows(key, call->detail)) {
        call->detail[0] = '\0';
    }

    level = !call->entered ? NGX_LOG_INFO
            : call->end == NGX_CR_MODELS_BLOCKED ? NGX_LOG_INFO
            : NGX_LOG_ERR;

    ngx_log_error(level, call->analysis->log, 0,
                  "%V%s%V: %V%s%s%s%s%s%s",
                  &call->wire->name, call->curl.url.len ? ", asked at " : "",
                  &call->curl.url, &how->text,
                  call->detail[0] ? " (" : "", call->detail,
                  call->detail[0] ? ")" : "",
                  told ? " It said: \"" : "", told ? message : (u_char *) "",
                  told ? "\"" : "");
}


static void
ngx_cr_models_finish(ngx_cr_models_call_t *call, ngx_cr_models_end_e end,
    ngx_cr_reply_fields_t *fields)
{
    ngx_cr_analysis_t          *a;
    ngx_cr_analysis_result_t    result;
    const ngx_cr_models_end_t  *how;

    a = call->analysis;
    how = ngx_cr_models_end(end);

    ngx_memzero(&result, sizeof(ngx_cr_analysis_result_t));

    result.head.version = NGX_CR_API_VERSION;
    result.head.size = sizeof(ngx_cr_analysis_result_t);

    call->end = end;

    if (end == NGX_CR_MODELS_OK) {
        ngx_cr_models_fill(&result, fields, call);

        ngx_log_error(NGX_LOG_INFO, a->log, 0,
                      "%V explained a program: %uL tokens in, %uL out",
                      &call->wire->name, call->said.tokens_in,
                      call->said.tokens_out);

    } else {
        result.unavailable = how->unavailable;
        result.status = how->status;
        result.retry_after = call->retry_after;
        result.error = how->text;

        ngx_cr_models_log(call, how);
    }

    ngx_cr_models_release(call, end);

    a->done(a, &result);
}


static void
ngx_cr_models_detail(ngx_cr_models_call_t *call, ngx_int_t rc)
{
    u_char  *p, *last;

    p = call->detail;
    last = p + NGX_CR_MODELS_DETAIL - 1;

    if (rc != NGX_OK) {
        p = ngx_slprintf(p, last, "%s", call->curl.why);

    } else if (call->curl.status != NGX_HTTP_OK) {
        p = ngx_slprintf(p, last, "status %ui", call->curl.status);
    }

    if (call->said.word[0]) {
        p = ngx_slprintf(p, last, "%s%s", p > call->detail ? ", " : "",
                         call->said.word);
    }

    *p = '\0';
}


/* How it ended, without an answer that can be read. */

static ngx_cr_models_end_e
ngx_cr_models_why(ngx_cr_models_call_t *call, ngx_int_t rc)
{
    ngx_uint_t      status, code;
    ngx_cr_said_t  *said;

    said = &call->said;
    status = call->curl.status;
    code = (said->code >= 400 && said->code < 600) ? said->code : 0;

    if (call->end != NGX_CR_MODELS_OK) {
        return call->end;
    }

    if (status && status != NGX_HTTP_OK) {
        return ngx_cr_models_end_of(code == 401 ? code : status);
    }

    if (said->finish == NGX_CR_FINISH_ERROR) {
        return ngx_cr_models_end_of(code ? code : 500);
    }

    if (said->finish == NGX_CR_FINISH_BLOCKED) {
        return NGX_CR_MODELS_BLOCKED;
    }

    if (rc != NGX_OK) {
        return call->curl.timed_out ? NGX_CR_MODELS_TIMEOUT
               : status ? NGX_CR_MODELS_EARLY : NGX_CR_MODELS_UNREACHABLE;
    }

    if (said->finish == NGX_CR_FINISH_LENGTH) {
        return NGX_CR_MODELS_CUT;
    }

    if (said->finish == NGX_CR_FINISH_STOP) {
        return call->reply.len ? NGX_CR_MODELS_UNREADABLE
                               : NGX_CR_MODELS_EMPTY;
    }

    /* bytes, and not one of them in an event: it is something else */

    return call->body == NGX_CR_MODELS_EVENTS && !call->events
           ? NGX_CR_MODELS_GARBAGE : NGX_CR_MODELS_EARLY;
}


/* NGX_OK: it is asked once more, after a while. */

static ngx_int_t
ngx_cr_models_again(ngx_cr_models_call_t *call, ngx_cr_models_end_e end)
{
    ngx_msec_t      delay;
    ngx_msec_int_t  left;

    if (!ngx_cr_models_end(end)->again || call->reply.narrated
        || call->tries >= call->conf->retries)
    {
        return NGX_DECLINED;
    }

    delay = NGX_CR_MODELS_BACKOFF << call->tries;
    delay = delay / 2 + (ngx_msec_t) ngx_random() % delay;

    if (call->retry_after > 0) {
        delay = ngx_max(delay, (ngx_msec_t) call->retry_after * 1000);
    }

    left = (ngx_msec_int_t) (call->deadline - ngx_current_msec);

    if (left <= (ngx_msec_int_t) delay) {
        return NGX_DECLINED;
    }

    call->tries++;
    call->end = NGX_CR_MODELS_OK;
    ngx_add_timer(&call->event, delay);

    return NGX_OK;
}


static void
ngx_cr_models_settle(ngx_cr_models_call_t *call, ngx_int_t rc)
{
    ngx_int_t               parsed;
    ngx_cr_models_end_e     end;
    ngx_cr_reply_fields_t   fields;

    parsed = NGX_DECLINED;

    /* an answer that has its closing block is whole, however it ended */

    if (call->end == NGX_CR_MODELS_OK && call->curl.status == NGX_HTTP_OK
        && call->said.finish != NGX_CR_FINISH_BLOCKED
        && call->said.finish != NGX_CR_FINISH_ERROR)
    {
        parsed = ngx_cr_reply_parse(&call->reply, &fields);
    }

    if (parsed == NGX_OK
        && (fields.checked
            || (rc == NGX_OK && call->said.finish == NGX_CR_FINISH_STOP)))
    {
        ngx_cr_models_finish(call, NGX_CR_MODELS_OK, &fields);
        return;
    }

    end = (parsed == NGX_ERROR) ? NGX_CR_MODELS_MEMORY
                                : ngx_cr_models_why(call, rc);

    call->retry_after = call->curl.retry_after > 0 ? call->curl.retry_after
                                                   : call->said.retry_after;

    ngx_cr_models_detail(call, rc);

    if (ngx_cr_models_again(call, end) != NGX_OK) {
        ngx_cr_models_finish(call, end, NULL);
    }
}


static void
ngx_cr_models_piece(ngx_cr_curl_t *c, const u_char *p, size_t len)
{
    ngx_cr_models_call_t  *call = c->data;

    if (ngx_cr_models_answer_piece(call, p, len) == NGX_OK) {
        ngx_cr_models_show(call, 0);
        return;
    }

    ngx_cr_curl_cancel(c);

    if (call->end == NGX_CR_MODELS_OK) {
        ngx_cr_models_answer_end(call, NGX_OK);
    }

    ngx_cr_models_settle(call, NGX_OK);
}


static void
ngx_cr_models_asked(ngx_cr_curl_t *c, ngx_int_t rc)
{
    ngx_cr_models_call_t  *call = c->data;

    ngx_cr_models_answer_end(call, rc);

    if (call->end == NGX_CR_MODELS_OK && c->status == NGX_HTTP_OK) {
        ngx_cr_models_show(call, rc == NGX_OK);
    }

    ngx_cr_models_settle(call, rc);
}


static void
ngx_cr_models_handler(ngx_event_t *ev)
{
    ngx_cr_models_call_t  *call = ev->data;

    if (call->end == NGX_CR_MODELS_OK) {
        ngx_cr_models_ask(call);
        return;
    }

    if (ngx_cr_models_again(call, call->end) != NGX_OK) {
        ngx_cr_models_finish(call, call->end, NULL);
    }
}
