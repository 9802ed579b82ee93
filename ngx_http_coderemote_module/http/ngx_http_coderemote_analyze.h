
/*
 * POST /analyze and what it shares with the `analyze` of a WebSocket.
 * _analyze.c has the directives, _analyze_post.c the request, _analyze_json.c
 * what clients are told.
 */


#ifndef _NGX_HTTP_CODEREMOTE_ANALYZE_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_ANALYZE_H_INCLUDED_


#include "ngx_http_coderemote_submit.h"
#include "ngx_cr_analysis.h"

#include <jansson.h>


typedef struct {
    ngx_cr_result_cache_t      cache;        /* zone NULL: none */
} ngx_http_coderemote_analyze_main_conf_t;

typedef struct {
    const ngx_cr_analyzer_t   *analyzer;
    const ngx_cr_analyzer_t   *fallback;     /* NULL: off */
    ngx_msec_t                 deadline;
} ngx_http_coderemote_analyze_conf_t;


extern ngx_module_t  ngx_http_coderemote_analyze_module;


/*
 * Begins an analysis of checked fields by the settings of r's location.  NULL:
 * no memory.
 */
ngx_cr_analysis_run_t *ngx_http_coderemote_analyze_start(
    ngx_http_request_t *r, const ngx_http_coderemote_identity_t *identity,
    const ngx_http_coderemote_fields_t *fields, const ngx_cr_job_id_t *id,
    void (*handler)(ngx_cr_analysis_run_t *run, void *data), void *data);

/* POST to the location's URI, once that is known. */
ngx_int_t ngx_http_coderemote_analyze_post(ngx_http_request_t *r);


/* The answer.  All keys are always there.  NULL: no memory. */
json_t *ngx_http_coderemote_analyze_json(
    const ngx_cr_analysis_event_t *event);

/* An event of it; "type" comes first. */
json_t *ngx_http_coderemote_analyze_event(
    const ngx_cr_analysis_event_t *event);

/* How it stands. */
json_t *ngx_http_coderemote_analyze_status_json(
    const ngx_cr_analyzer_status_t *status);


#endif /* _NGX_HTTP_CODEREMOTE_ANALYZE_H_INCLUDED_ */
