
#include "ngx_http_coderemote_submit.h"
#include "ngx_http_coderemote_request.h"
#include "ngx_cr_job.h"


/* How often the supervisor looks again for what is not installed, seconds. */
#define NGX_HTTP_CODEREMOTE_ABSENT_RETRY  60

#define NGX_HTTP_CODEREMOTE_ABSENT_TEXT                                       \
    (CR_REASON_MAX + CR_RUNTIME_NAME_MAX + 64)


const ngx_http_coderemote_refusal_t  ngx_http_coderemote_refusal_fields = {
    "bad_field", NGX_HTTP_UNPROCESSABLE, 0,
    ngx_string("The request cannot be run as it is: \"errors\" tells which "
               "fields to change."),
    NGX_CR_METRIC_REFUSED_FIELDS
};


const ngx_http_coderemote_refusal_t  ngx_http_coderemote_refusal_queue = {
    "queue_full", NGX_HTTP_TOO_MANY_REQUESTS, NGX_HTTP_CODEREMOTE_RETRY_AFTER,
    ngx_string(NGX_CR_JOB_QUEUE_FULL),
    NGX_CR_METRIC_REFUSED_QUEUE
};


const ngx_http_coderemote_refusal_t  ngx_http_coderemote_refusal_sandbox = {
    "sandbox_unavailable", NGX_HTTP_SERVICE_UNAVAILABLE,
    NGX_HTTP_CODEREMOTE_RETRY_AFTER,
    ngx_string("The sandbox is not there at the moment; try again later."),
    NGX_CR_METRIC_REFUSED_SANDBOX
};


ngx_int_t
ngx_http_coderemote_identify(ngx_http_request_t *r,
    ngx_http_coderemote_identity_t *identity)
{
    if (ngx_http_coderemote_user(r, &identity->user) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_coderemote_owner(r, &identity->user, identity->owner,
                              &identity->turn);

    return NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_submit_spec(ngx_http_request_t *r,
    const ngx_http_coderemote_identity_t *identity,
    const ngx_http_coderemote_fields_t *fields, ngx_cr_job_spec_t *spec)
{
    const cr_profile_status_t        *profile;
    ngx_http_coderemote_loc_conf_t   *conf;
    ngx_http_coderemote_main_conf_t  *mcf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_module);
    mcf = ngx_http_get_module_main_conf(r, ngx_http_coderemote_module);

    /* with its padding: limits go to shared memory as they lie here */

    ngx_memzero(spec, sizeof(ngx_cr_job_spec_t));

    ngx_memcpy(spec->owner, identity->owner, NGX_CR_OWNER_SIZE);

    spec->turn = identity->turn;
    spec->user = identity->user;
    spec->runtime = fields->runtime;
    spec->limits.memory = fields->memory;
    spec->limits.timeout_ms = (uint32_t) fields->timeout;
    spec->limits.output = conf->max_output;
    spec->queue = mcf->queue;
    spec->code = fields->code;
    spec->input = fields->input;
    spec->input_max = fields->open ? conf->max_stdin : 0;
    spec->connection = fields->connection;
    spec->nargs = fields->nargs;
    spec->args = fields->args;
    spec->nfiles = fields->nfiles;
    spec->files = fields->files;
    spec->npatterns = fields->npatterns;
    spec->patterns = fields->patterns;
    spec->ncases = fields->ncases;
    spec->cases = fields->cases;
    spec->compare = fields->compare;
    spec->stop_early = fields->stop_early;

    profile = fields->profile;

    /* A runtime has artifacts of its own, as figures that were shown. */

    if (fields->npatterns
        || (profile && (profile->flags & CR_PROFILE_WRITE)
            && fields->ncases == 0))
    {
        spec->artifact_max = (uint32_t) conf->max_artifacts;
    }

    if (profile && (profile->flags & CR_PROFILE_COMPILE)) {
        spec->compile = 1;
        spec->compile_limits.memory = profile->memory;
        spec->compile_limits.timeout_ms = (uint32_t) ngx_min(conf->timeout,
                                                         profile->timeout_ms);
        spec->compile_limits.output = conf->max_output;
    }

    return ngx_cr_job_id_generate(&spec->id, r->connection->log);
}


/* Its reason is one that the supervisor wrote: see /runtimes. */

static void
ngx_http_coderemote_absent(const cr_profile_status_t *profile,
    ngx_http_coderemote_refusal_t *refusal)
{
    u_char  *p;

    static u_char  text[NGX_HTTP_CODEREMOTE_ABSENT_TEXT];

    p = ngx_snprintf(text, sizeof(text), "Programs of \"%*s\" cannot be run "
                     "at the moment: %*s.", profile->name.len,
                     profile->name.data, profile->reason.len,
                     profile->reason.data);

    refusal->code = "runtime_absent";
    refusal->status = NGX_HTTP_SERVICE_UNAVAILABLE;
    refusal->retry_after = NGX_HTTP_CODEREMOTE_ABSENT_RETRY;
    refusal->sentence.data = text;
    refusal->sentence.len = p - text;
}


ngx_int_t
ngx_http_coderemote_submit(ngx_http_request_t *r,
    const ngx_http_coderemote_identity_t *identity,
    const ngx_http_coderemote_fields_t *fields, ngx_cr_job_id_t *id,
    ngx_http_coderemote_refusal_t *refusal)
{
    ngx_int_t          rc;
    ngx_cr_refusal_t   refused;
    ngx_cr_job_spec_t  spec;

    if (fields->profile && (fields->profile->flags & CR_PROFILE_ABSENT)) {
        ngx_http_coderemote_absent(fields->profile, refusal);
        return NGX_DECLINED;
    }

    if (ngx_http_coderemote_submit_spec(r, identity, fields, &spec)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_cr_job_create(&spec, r, &refused);

    if (rc == NGX_BUSY) {
        *refusal = ngx_http_coderemote_refusal_queue;
        return NGX_DECLINED;
    }

    if (rc == NGX_DECLINED) {
        refusal->code = "refused";
        refusal->status = refused.status;
        refusal->retry_after = refused.retry_after;
        refusal->sentence = refused.detail;
        refusal->metric = NGX_CR_METRIC_REFUSED_POLICY;
        return NGX_DECLINED;
    }

    *id = spec.id;

    return rc;
}


ngx_int_t
ngx_http_coderemote_refuse(ngx_http_request_t *r,
    const ngx_http_coderemote_refusal_t *refusal, json_t *errors)
{
    ngx_cr_metric(refusal->metric);

    if (refusal->retry_after
        && ngx_http_coderemote_retry(r, refusal->retry_after) != NGX_OK)
    {
        json_decref(errors);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_coderemote_problem(r, refusal->status, errors, "%V",
                                       &refusal->sentence);
}
