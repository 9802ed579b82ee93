
/* What the files that show a job share, and nobody else sees. */


#ifndef _NGX_HTTP_CODEREMOTE_JOB_JSON_LOCAL_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_JOB_JSON_LOCAL_H_INCLUDED_


#include "ngx_http_coderemote_job_json.h"
#include "ngx_http_coderemote_json.h"
#include "ngx_cr_outcome.h"


/* What is left out of a result that is too long; the later ones more. */

#define NGX_HTTP_CODEREMOTE_NO_CONTENTS  1
#define NGX_HTTP_CODEREMOTE_NO_OUTPUT    2
#define NGX_HTTP_CODEREMOTE_NO_CASES     3


/* Puts a value that may be NULL because memory was short. */

#define ngx_http_coderemote_put(object, key, value)                           \
    (json_object_set_new_nocheck(object, key, value) != 0)


/* An empty one becomes null. */
json_t *ngx_http_coderemote_job_text(const ngx_str_t *text);

/*
 * Puts what a run, of a job or of one of its cases, wrote and how it ended.
 * out, err: NULL where that is left out.
 */
ngx_int_t ngx_http_coderemote_job_end(json_t *json,
    const ngx_cr_outcome_t *outcome, const ngx_cr_verdict_t *verdict,
    const ngx_str_t *out, const ngx_str_t *err);

/*
 * ngx_http_coderemote_extra_json.c: puts what it brought beside its output.
 */
ngx_int_t ngx_http_coderemote_job_extras(json_t *result,
    const ngx_cr_job_view_t *view, ngx_uint_t brief);


#endif /* _NGX_HTTP_CODEREMOTE_JOB_JSON_LOCAL_H_INCLUDED_ */
