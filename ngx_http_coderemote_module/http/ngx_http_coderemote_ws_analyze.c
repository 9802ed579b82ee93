
/* The analyses of a WebSocket.  Each counts as a job that is followed. */

#include "ngx_http_coderemote_websocket.h"
#include "ngx_http_coderemote_analyze.h"
#include "ngx_http_coderemote_json.h"


typedef struct {
    ngx_queue_t                 link;         /* of ws->analyses */
    ngx_http_coderemote_ws_t   *ws;
    ngx_cr_job_id_t             id;
    ngx_cr_analysis_run_t      *run;
    json_t                     *request_id;   /* NULL: it had none */
    unsigned                    ready:1;      /* there may be more to tell */
    unsigned                    told:1;       /* that it began */
} ngx_http_coderemote_ws_analysis_t;


static void ngx_http_coderemote_ws_analysis_news(ngx_cr_analysis_run_t *run,
    void *data);


void
ngx_http_coderemote_ws_analyze_begin(ngx_http_coderemote_ws_t *ws)
{
    ngx_queue_init(&ws->analyses);
}


static void
ngx_http_coderemote_ws_analysis_free(ngx_http_coderemote_ws_analysis_t *an)
{
    ngx_queue_remove(&an->link);
    an->ws->njobs--;

    ngx_cr_analysis_stop(an->run);

    json_decref(an->request_id);
    ngx_free(an);
}


static void
ngx_http_coderemote_ws_analysis_drop(ngx_http_coderemote_ws_analysis_t *an)
{
    ngx_http_coderemote_ws_t  *ws;

    ws = an->ws;

    ngx_http_coderemote_ws_analysis_free(an);
    ngx_http_coderemote_ws_freed(ws);
}


void
ngx_http_coderemote_ws_analyze_end(ngx_http_coderemote_ws_t *ws)
{
    while (!ngx_queue_empty(&ws->analyses)) {
        ngx_http_coderemote_ws_analysis_free(
            ngx_queue_data(ngx_queue_head(&ws->analyses),
                           ngx_http_coderemote_ws_analysis_t, link));
    }
}


/* It may be begun, as was found out before. */

ngx_int_t
ngx_http_coderemote_ws_analyze(ngx_http_coderemote_ws_t *ws, json_t *message,
    const ngx_http_coderemote_fields_t *fields)
{
    ngx_http_coderemote_identity_t      identity;
    ngx_http_coderemote_ws_analysis_t  *an;

    an = ngx_calloc(sizeof(ngx_http_coderemote_ws_analysis_t),
                    ngx_cycle->log);
    if (an == NULL) {
        return NGX_ERROR;
    }

    identity.user = ws->user;
    identity.turn = ws->turn;
    ngx_memcpy(identity.owner, ws->owner, NGX_CR_OWNER_SIZE);

    if (ngx_cr_job_id_generate(&an->id, ngx_cycle->log) == NGX_OK) {
        an->run = ngx_http_coderemote_analyze_start(ws->request, &identity,
                                        fields, &an->id,
                                        ngx_http_coderemote_ws_analysis_news,
                                        an);
    }

    if (an->run == NULL) {
        ngx_free(an);
        return NGX_ERROR;
    }

    an->ws = ws;
    an->request_id = json_incref(json_object_get(message, "request_id"));

    ngx_queue_insert_tail(&ws->analyses, &an->link);
    ws->njobs++;

    ngx_http_coderemote_ws_count(ws);

    return NGX_OK;
}


static void
ngx_http_coderemote_ws_analysis_news(ngx_cr_analysis_run_t *run, void *data)
{
    ngx_http_coderemote_ws_analysis_t *an = data;

    an->ready = 1;

    ngx_http_coderemote_ws_resume(an->ws);
}


static void
ngx_http_coderemote_ws_analysis_send(ngx_http_coderemote_ws_analysis_t *an,
    json_t *json)
{
    u_char  id[NGX_CR_JOB_ID_LEN];

    ngx_cr_job_id_format(id, &an->id);

    if (json
        && ((an->request_id
             && json_object_set(json, "request_id", an->request_id) != 0)
            || json_object_set_new(json, "analysis_id",
                   json_stringn((char *) id, NGX_CR_JOB_ID_LEN))
               != 0))
    {
        json_decref(json);
        json = NULL;
    }

    ngx_http_coderemote_ws_send(an->ws, json);
}


/* Before anything was begun it can still be refused as a message. */

static ngx_int_t
ngx_http_coderemote_ws_analysis_refused(ngx_http_coderemote_ws_analysis_t *an,
    const ngx_cr_analysis_result_t *result)
{
    json_t  *about;

    if (an->told || !result->unavailable || !result->status) {
        return NGX_DECLINED;
    }

    about = json_pack("{s:O*}", "request_id", an->request_id);

    ngx_http_coderemote_ws_error(an->ws, about,
                                 result->status == NGX_HTTP_SERVICE_UNAVAILABLE
                                 ? "sandbox_unavailable" : "refused",
                                 "%V", &result->error);
    json_decref(about);

    return NGX_OK;
}


static void
ngx_http_coderemote_ws_analysis_tell(ngx_http_coderemote_ws_analysis_t *an)
{
    ngx_cr_analysis_event_t  event;

    if (ngx_cr_analysis_next(an->run, &event) != NGX_OK) {
        an->ready = 0;
        return;
    }

    if (event.kind == NGX_CR_ANALYSIS_END
        && ngx_http_coderemote_ws_analysis_refused(an, event.result)
           == NGX_OK)
    {
        ngx_http_coderemote_ws_analysis_drop(an);
        return;
    }

    an->told = 1;

    ngx_http_coderemote_ws_analysis_send(an,
                                 ngx_http_coderemote_analyze_event(&event));

    if (event.kind == NGX_CR_ANALYSIS_END) {
        ngx_http_coderemote_ws_analysis_drop(an);
        return;
    }

    ngx_queue_remove(&an->link);
    ngx_queue_insert_tail(&an->ws->analyses, &an->link);
}


ngx_int_t
ngx_http_coderemote_ws_analyze_tell(ngx_http_coderemote_ws_t *ws)
{
    ngx_queue_t                        *q;
    ngx_http_coderemote_ws_analysis_t  *an;

    for (q = ngx_queue_head(&ws->analyses);
         q != ngx_queue_sentinel(&ws->analyses);
         q = ngx_queue_next(q))
    {
        an = ngx_queue_data(q, ngx_http_coderemote_ws_analysis_t, link);

        if (an->ready) {
            ngx_http_coderemote_ws_analysis_tell(an);
            return NGX_OK;
        }
    }

    return NGX_DONE;
}


ngx_int_t
ngx_http_coderemote_ws_analyze_cancel(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id)
{
    ngx_queue_t                        *q;
    ngx_cr_analysis_event_t             event;
    ngx_cr_analysis_result_t            result;
    ngx_http_coderemote_ws_analysis_t  *an;

    for (q = ngx_queue_head(&ws->analyses);
         q != ngx_queue_sentinel(&ws->analyses);
         q = ngx_queue_next(q))
    {
        an = ngx_queue_data(q, ngx_http_coderemote_ws_analysis_t, link);

        if (!ngx_cr_job_id_equal(&an->id, id)) {
            continue;
        }

        ngx_memzero(&result, sizeof(ngx_cr_analysis_result_t));
        ngx_memzero(&event, sizeof(ngx_cr_analysis_event_t));

        ngx_str_set(&result.error, "The analysis was stopped.");

        event.kind = NGX_CR_ANALYSIS_END;
        event.result = &result;

        ngx_http_coderemote_ws_analysis_send(an,
                                 ngx_http_coderemote_analyze_event(&event));
        ngx_http_coderemote_ws_analysis_drop(an);

        return NGX_OK;
    }

    return NGX_DECLINED;
}
