
/* A job as clients see it. */


#ifndef _NGX_HTTP_CODEREMOTE_JOB_JSON_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_JOB_JSON_H_INCLUDED_


#include "ngx_http_coderemote_module.h"
#include "ngx_cr_follow.h"

#include <jansson.h>


/* All keys are always there.  NULL: no memory. */
json_t *ngx_http_coderemote_job_json(const ngx_cr_job_view_t *view);

/* What 202 tells of it. */
json_t *ngx_http_coderemote_job_brief(const ngx_cr_job_id_t *id,
    ngx_cr_job_status_e status);

/* Nothing that a follower is told is longer, in bytes. */
#define NGX_HTTP_CODEREMOTE_EVENT_MAX  (256 * 1024)

/* What a follower of it is told of its status and output; not of its end. */
json_t *ngx_http_coderemote_job_event(const ngx_cr_job_id_t *id,
    const ngx_cr_follow_event_t *event);

/*
 * What he is told of its end.  Where that would be longer than max bytes, what
 * artifacts hold and cases wrote is null, then stdout and stderr, then all that
 * is told of cases one by one; so a view whose `log` is longer needs no output
 * but NGX_CR_GET_EXTRAS.
 */
json_t *ngx_http_coderemote_job_result_event(const ngx_cr_job_view_t *view,
    size_t max);

/* Tells the variables of the request.  NGX_ERROR: no memory. */
ngx_int_t ngx_http_coderemote_job_vars(ngx_http_request_t *r,
    const ngx_cr_job_view_t *view);


#endif /* _NGX_HTTP_CODEREMOTE_JOB_JSON_H_INCLUDED_ */
