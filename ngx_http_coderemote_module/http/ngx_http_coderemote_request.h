
/* What the endpoints share: answers, problems, headers, waiting. */


#ifndef _NGX_HTTP_CODEREMOTE_REQUEST_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_REQUEST_H_INCLUDED_


#include "ngx_http_coderemote_module.h"

#include <jansson.h>


/* Seconds a client is told to wait before it tries again. */
#define NGX_HTTP_CODEREMOTE_RETRY_AFTER    1

/* Milliseconds a request waits for a sandbox that is about to come back. */
#define NGX_HTTP_CODEREMOTE_SANDBOX_WAIT   1000

#define NGX_HTTP_UNPROCESSABLE             422
#define NGX_HTTP_UPGRADE_REQUIRED          426


/* How long the client wants to wait for a job's end. */

typedef struct {
    ngx_msec_t   ms;
    unsigned     wanted:1;
    unsigned     forever:1;     /* as long as the job may take; ms is 0 */
    unsigned     preferred:1;   /* by Prefer: the answer says so */
} ngx_http_coderemote_wait_t;


/*
 * Answers are sent whole.  These functions return what a handler returns, or
 * gives to ngx_http_finalize_request().  They take over *json; NULL stands
 * for memory that was short.
 */

ngx_int_t ngx_http_coderemote_send(ngx_http_request_t *r, ngx_uint_t status,
    json_t *json);

/* 204. */
ngx_int_t ngx_http_coderemote_no_content(ngx_http_request_t *r);

/*
 * An RFC 9457 problem.  errors: its member of that name, or NULL.  The detail
 * says what to do.
 */
ngx_int_t ngx_http_coderemote_problem(ngx_http_request_t *r,
    ngx_uint_t status, json_t *errors, const char *fmt, ...);

/* The problem's document; for who sends it otherwise.  NULL: no memory. */
json_t *ngx_http_coderemote_problem_json(ngx_uint_t status, json_t *errors,
    const u_char *detail, size_t len);
extern ngx_str_t  ngx_http_coderemote_problem_type;

/* 405, with the methods that are allowed. */
ngx_int_t ngx_http_coderemote_not_allowed(ngx_http_request_t *r,
    const char *allow);

/* Adds a header to the answer; value is not copied. */
ngx_int_t ngx_http_coderemote_header(ngx_http_request_t *r, const char *key,
    ngx_str_t *value);

/*
 * The next header of the request after `after` (NULL: the first) that has the
 * name, which is in lower case; NULL: there is none.
 */
ngx_table_elt_t *ngx_http_coderemote_header_in(ngx_http_request_t *r,
    const char *name, ngx_table_elt_t *after);

/* Retry-After. */
ngx_int_t ngx_http_coderemote_retry(ngx_http_request_t *r, time_t seconds);


/*
 * Reads ?wait and Prefer.  NGX_OK, or NGX_ERROR: ?wait makes no sense; a
 * preference that makes none is ignored, as RFC 7240 wants it.
 */
ngx_int_t ngx_http_coderemote_wait_read(ngx_http_request_t *r,
    ngx_http_coderemote_wait_t *wait);
ngx_int_t ngx_http_coderemote_wait_problem(ngx_http_request_t *r);

/* Preference-Applied, when Prefer was followed. */
ngx_int_t ngx_http_coderemote_wait_applied(ngx_http_request_t *r,
    const ngx_http_coderemote_wait_t *wait);

/* From an event: finalizes and goes on with what hangs on the connection. */
void ngx_http_coderemote_finish(ngx_http_request_t *r, ngx_int_t rc);


#endif /* _NGX_HTTP_CODEREMOTE_REQUEST_H_INCLUDED_ */
