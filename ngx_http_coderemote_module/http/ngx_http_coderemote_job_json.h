
/* A job as clients see it. */


#ifndef _NGX_HTTP_CODEREMOTE_JOB_JSON_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_JOB_JSON_H_INCLUDED_


#include "ngx_http_coderemote_module.h"

#include <jansson.h>


/* All keys are always there.  NULL: no memory. */
json_t *ngx_http_coderemote_job_json(const ngx_cr_job_view_t *view);

/* What 202 tells of it. */
json_t *ngx_http_coderemote_job_brief(const ngx_cr_job_id_t *id,
    ngx_cr_job_status_e status);

/* Tells the variables of the request.  NGX_ERROR: no memory. */
ngx_int_t ngx_http_coderemote_job_vars(ngx_http_request_t *r,
    const ngx_cr_job_view_t *view);


#endif /* _NGX_HTTP_CODEREMOTE_JOB_JSON_H_INCLUDED_ */
