
/*
 * From the checked fields of a program to its job: what POST /execute and the
 * `execute` of a WebSocket share, and the reasons why a program is not run,
 * which become a problem there and an error here.
 */


#ifndef _NGX_HTTP_CODEREMOTE_SUBMIT_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_SUBMIT_H_INCLUDED_


#include "ngx_http_coderemote_fields.h"
#include "ngx_cr_metrics.h"


/* Whose a job is. */

typedef struct {
    ngx_str_t    user;                        /* for policy hooks */
    u_char       owner[NGX_CR_OWNER_SIZE];
    uint64_t     turn;
} ngx_http_coderemote_identity_t;


/* Why a program is not run. */

typedef struct {
    const char  *code;           /* of a WebSocket's error */
    ngx_uint_t   status;         /* of a problem */
    time_t       retry_after;    /* 0: no such header */
    ngx_str_t    sentence;       /* what the client should do */
    ngx_cr_metric_e  metric;     /* what it is counted as */
} ngx_http_coderemote_refusal_t;

extern const ngx_http_coderemote_refusal_t
    ngx_http_coderemote_refusal_fields,       /* goes with the errors */
    ngx_http_coderemote_refusal_queue,        /* too many jobs */
    ngx_http_coderemote_refusal_sandbox;      /* it is away */


/* Who sent the request.  NGX_OK, or NGX_ERROR: no memory. */
ngx_int_t ngx_http_coderemote_identify(ngx_http_request_t *r,
    ngx_http_coderemote_identity_t *identity);

/*
 * Makes the job; the sandbox must be ready.  r: whose location's settings
 * hold.  NGX_OK: *id is its name; NGX_DECLINED: *refusal tells why there is
 * none, with a sentence that is valid until the next call; NGX_ERROR.
 */
ngx_int_t ngx_http_coderemote_submit(ngx_http_request_t *r,
    const ngx_http_coderemote_identity_t *identity,
    const ngx_http_coderemote_fields_t *fields, ngx_cr_job_id_t *id,
    ngx_http_coderemote_refusal_t *refusal);

/*
 * Answers with a problem, as ngx_http_coderemote_problem().  errors: what is
 * wrong with the fields, or NULL.
 */
ngx_int_t ngx_http_coderemote_refuse(ngx_http_request_t *r,
    const ngx_http_coderemote_refusal_t *refusal, json_t *errors);


#endif /* _NGX_HTTP_CODEREMOTE_SUBMIT_H_INCLUDED_ */
