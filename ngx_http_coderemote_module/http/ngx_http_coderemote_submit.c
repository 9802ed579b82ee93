
#include "ngx_http_coderemote_submit.h"
#include "ngx_http_coderemote_request.h"
#include "ngx_cr_job.h"


const ngx_http_coderemote_refusal_t  ngx_http_coderemote_refusal_fields = {
    "bad_field", NGX_HTTP_UNPROCESSABLE, 0,
    ngx_string("The request cannot be run as it is: \"errors\" tells which "
               "fields to change.")
};


const ngx_http_coderemote_refusal_t  ngx_http_coderemote_refusal_queue = {
    "queue_full", NGX_HTTP_TOO_MANY_REQUESTS, NGX_HTTP_CODEREMOTE_RETRY_AFTER,
    ngx_string(NGX_CR_JOB_QUEUE_FULL)
};


const ngx_http_coderemote_refusal_t  ngx_http_coderemote_refusal_sandbox = {
    "sandbox_unavailable", NGX_HTTP_SERVICE_UNAVAILABLE,
    NGX_HTTP_CODEREMOTE_RETRY_AFTER,
    ngx_string("The sandbox is not there at the moment; try again later.")
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

    return ngx_cr_job_id_generate(&spec->id, r->connection->log);
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
        return NGX_DECLINED;
    }

    *id = spec.id;

    return rc;
}


ngx_int_t
ngx_http_coderemote_refuse(ngx_http_request_t *r,
    const ngx_http_coderemote_refusal_t *refusal, json_t *errors)
{
    if (refusal->retry_after
        && ngx_http_coderemote_retry(r, refusal->retry_after) != NGX_OK)
    {
        json_decref(errors);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_coderemote_problem(r, refusal->status, errors, "%V",
                                       &refusal->sentence);
}
