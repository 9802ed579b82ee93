
#include "ngx_http_coderemote_job_json_local.h"


static json_t *
ngx_http_coderemote_job_status(ngx_cr_job_status_e status)
{
    const ngx_str_t  *name;

    name = ngx_cr_job_status_name(status);

    return json_stringn_nocheck((char *) name->data, name->len);
}


static json_t *
ngx_http_coderemote_job_id(const ngx_cr_job_id_t *id)
{
    u_char  text[NGX_CR_JOB_ID_LEN];

    ngx_cr_job_id_format(text, id);

    return json_stringn_nocheck((char *) text, NGX_CR_JOB_ID_LEN);
}


static json_t *
ngx_http_coderemote_job_violations(const cr_claim_t *claim)
{
    json_t                *array, *item;
    ngx_uint_t             i;
    const cr_violation_t  *violation;

    array = json_array();
    if (array == NULL) {
        return NULL;
    }

    for (i = 0; i < claim->nviolations; i++) {
        violation = &claim->violations[i];

        item = json_object();

        if (item == NULL
            || ngx_http_coderemote_put(item, "line",
                   violation->line ? json_integer(violation->line)
                                   : json_null())
            || ngx_http_coderemote_put(item, "column",
                   violation->column ? json_integer(violation->column)
                                     : json_null())
            || ngx_http_coderemote_put(item, "message",
                   ngx_http_coderemote_json_text(violation->message.data,
                                                 violation->message.len, 1))
            || json_array_append(array, item) != 0)
        {
            json_decref(item);
            json_decref(array);
            return NULL;
        }

        json_decref(item);
    }

    return array;
}


json_t *
ngx_http_coderemote_job_text(const ngx_str_t *text)
{
    return text->len ? ngx_http_coderemote_json_text(text->data, text->len, 1)
                     : json_null();
}


/* How a run ended: of a job, or of one of its cases. */

ngx_int_t
ngx_http_coderemote_job_end(json_t *json, const ngx_cr_outcome_t *outcome,
    const ngx_cr_verdict_t *verdict, const ngx_str_t *out,
    const ngx_str_t *err)
{
    ngx_uint_t  out_cut, err_cut;

    out_cut = outcome->flags & NGX_CR_STDOUT_CUT;
    err_cut = outcome->flags & NGX_CR_STDERR_CUT;

    if (ngx_http_coderemote_put(json, "stdout",
               out ? ngx_http_coderemote_json_text(out->data, out->len,
                                                   out_cut)
                   : json_null())
        || ngx_http_coderemote_put(json, "stderr",
               err ? ngx_http_coderemote_json_text(err->data, err->len,
                                                   err_cut)
                   : json_null())
        || ngx_http_coderemote_put(json, "stdout_truncated",
                                   json_boolean(out_cut))
        || ngx_http_coderemote_put(json, "stderr_truncated",
                                   json_boolean(err_cut))
        || ngx_http_coderemote_put(json, "error",
               ngx_http_coderemote_job_text(&verdict->error))
        || ngx_http_coderemote_put(json, "error_type",
               ngx_http_coderemote_job_text(&verdict->error_type))
        || ngx_http_coderemote_put(json, "exit_code",
               verdict->exited ? json_integer(verdict->exit_code)
                               : json_null())
        || ngx_http_coderemote_put(json, "signal",
               ngx_http_coderemote_job_text(&verdict->signal))
        || ngx_http_coderemote_put(json, "execution_time_ms",
               ngx_http_coderemote_json_ms(outcome->run_us))
        || ngx_http_coderemote_put(json, "cpu_time_ms",
               ngx_http_coderemote_json_ms(outcome->cpu_us))
        || ngx_http_coderemote_put(json, "memory_peak_bytes",
               json_integer((json_int_t) ngx_min(outcome->peak, INT64_MAX)))
        || ngx_http_coderemote_put(json, "timed_out",
               json_boolean(outcome->end == NGX_CR_END_TIMEOUT)))
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static json_t *
ngx_http_coderemote_job_result(const ngx_cr_job_view_t *view, ngx_uint_t brief)
{
    json_t            *json;
    ngx_uint_t         quiet;
    ngx_cr_verdict_t   verdict;

    ngx_cr_outcome_judge(&verdict, &view->outcome, &view->limits);

    quiet = (brief >= NGX_HTTP_CODEREMOTE_NO_OUTPUT);
    json = json_object();

    if (json == NULL
        || ngx_http_coderemote_put(json, "success",
               json_boolean(view->status == NGX_CR_JOB_COMPLETED))
        || ngx_http_coderemote_job_end(json, &view->outcome, &verdict,
                                       quiet ? NULL : &view->out,
                                       quiet ? NULL : &view->err)
           != NGX_OK
        || ngx_http_coderemote_put(json, "security_violations",
               ngx_http_coderemote_job_violations(&verdict.claim))
        || ngx_http_coderemote_job_extras(json, view, brief) != NGX_OK)
    {
        json_decref(json);
        return NULL;
    }

    return json;
}


json_t *
ngx_http_coderemote_job_json(const ngx_cr_job_view_t *view)
{
    json_t  *json;

    json = json_object();

    if (json == NULL
        || ngx_http_coderemote_put(json, "job_id",
               ngx_http_coderemote_job_id(&view->id))
        || ngx_http_coderemote_put(json, "status",
               ngx_http_coderemote_job_status(view->status))
        || ngx_http_coderemote_put(json, "language",
               ngx_http_coderemote_job_text(&view->language))
        || ngx_http_coderemote_put(json, "created_at",
               ngx_http_coderemote_json_time(view->created_at))
        || ngx_http_coderemote_put(json, "started_at",
               ngx_http_coderemote_json_time(view->started_at))
        || ngx_http_coderemote_put(json, "completed_at",
               ngx_http_coderemote_json_time(view->completed_at))
        || ngx_http_coderemote_put(json, "result",
               ngx_cr_job_done(view->status)
               ? ngx_http_coderemote_job_result(view, 0) : json_null()))
    {
        json_decref(json);
        return NULL;
    }

    return json;
}


json_t *
ngx_http_coderemote_job_brief(const ngx_cr_job_id_t *id,
    ngx_cr_job_status_e status)
{
    json_t  *json;

    json = json_object();

    if (json == NULL
        || ngx_http_coderemote_put(json, "job_id",
               ngx_http_coderemote_job_id(id))
        || ngx_http_coderemote_put(json, "status",
               ngx_http_coderemote_job_status(status)))
    {
        json_decref(json);
        return NULL;
    }

    return json;
}


static json_t *
ngx_http_coderemote_job_event_new(const char *type, const ngx_cr_job_id_t *id)
{
    json_t  *json;

    json = json_object();

    if (json == NULL
        || ngx_http_coderemote_put(json, "type", json_string_nocheck(type))
        || ngx_http_coderemote_put(json, "job_id",
               ngx_http_coderemote_job_id(id)))
    {
        json_decref(json);
        return NULL;
    }

    return json;
}


static json_t *
ngx_http_coderemote_job_status_event(const ngx_cr_job_id_t *id,
    const ngx_cr_follow_event_t *event)
{
    json_t  *json;

    json = ngx_http_coderemote_job_event_new("job.status", id);

    if (json == NULL
        || ngx_http_coderemote_put(json, "status",
               ngx_http_coderemote_job_status(event->status))
        || ngx_http_coderemote_put(json, "timestamp",
               ngx_http_coderemote_json_time(event->time)))
    {
        json_decref(json);
        return NULL;
    }

    return json;
}


json_t *
ngx_http_coderemote_job_event(const ngx_cr_job_id_t *id,
    const ngx_cr_follow_event_t *event)
{
    json_t  *json;

    if (event->kind == NGX_CR_FOLLOW_STATUS) {
        return ngx_http_coderemote_job_status_event(id, event);
    }

    json = ngx_http_coderemote_job_event_new("job.output", id);

    if (json == NULL
        || ngx_http_coderemote_put(json, "stream",
               json_string_nocheck(event->stream == NGX_CR_STDOUT ? "stdout"
                                                                  : "stderr"))
        || ngx_http_coderemote_put(json, "data",
               ngx_http_coderemote_json_text(event->text.data,
                                             event->text.len, 0))
        || ngx_http_coderemote_put(json, "seq",
               json_integer((json_int_t) event->seq)))
    {
        json_decref(json);
        return NULL;
    }

    return json;
}


static json_t *
ngx_http_coderemote_job_result_brief(const ngx_cr_job_view_t *view,
    ngx_uint_t brief)
{
    json_t  *json;

    json = ngx_http_coderemote_job_event_new("job.result", &view->id);

    if (json == NULL
        || ngx_http_coderemote_put(json, "status",
               ngx_http_coderemote_job_status(view->status))
        || ngx_http_coderemote_put(json, "result",
               ngx_http_coderemote_job_result(view, brief)))
    {
        json_decref(json);
        return NULL;
    }

    return json;
}


json_t *
ngx_http_coderemote_job_result_event(const ngx_cr_job_view_t *view, size_t max)
{
    json_t      *json;
    ngx_uint_t   brief;

    brief = 0;

    if (view->log > max) {
        brief = NGX_HTTP_CODEREMOTE_NO_OUTPUT;

    } else if (view->extras.len > max) {
        brief = NGX_HTTP_CODEREMOTE_NO_CONTENTS;
    }

    for ( ;; ) {
        json = ngx_http_coderemote_job_result_brief(view, brief);

        if (json == NULL || brief == NGX_HTTP_CODEREMOTE_NO_CASES
            || json_dumpb(json, NULL, 0, NGX_HTTP_CODEREMOTE_JSON_FLAGS)
               <= max)
        {
            return json;
        }

        json_decref(json);
        brief++;
    }
}


ngx_int_t
ngx_http_coderemote_job_vars(ngx_http_request_t *r,
    const ngx_cr_job_view_t *view)
{
    u_char                     *p;
    ngx_cr_verdict_t            verdict;
    ngx_http_coderemote_ctx_t  *ctx;

    ctx = ngx_http_coderemote_ctx(r);

    if (ctx == NULL) {
        return NGX_ERROR;
    }

    if (ctx->job_id.len == 0) {
        p = ngx_pnalloc(r->pool, NGX_CR_JOB_ID_LEN);
        if (p == NULL) {
            return NGX_ERROR;
        }

        ngx_cr_job_id_format(p, &view->id);

        ctx->job_id.len = NGX_CR_JOB_ID_LEN;
        ctx->job_id.data = p;
    }

    ctx->status = view->status;
    ctx->runtime = view->language;

    if (!ngx_cr_job_done(view->status)) {
        return NGX_OK;
    }

    ngx_cr_outcome_judge(&verdict, &view->outcome, &view->limits);

    ctx->done = 1;
    ctx->run_us = view->outcome.run_us;
    ctx->cpu_us = view->outcome.cpu_us;

    /* a claim lives in the view, which lives in the request's pool */

    ctx->error_type = verdict.error_type;

    return NGX_OK;
}
