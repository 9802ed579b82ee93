
/* The endpoints, a file each, and the module of their directives. */


#ifndef _NGX_HTTP_CODEREMOTE_ENDPOINTS_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_ENDPOINTS_H_INCLUDED_


#include "ngx_http_coderemote_module.h"
#include "ngx_cr_store.h"


typedef struct {
    ngx_str_t    base;       /* the location's URI without a last slash */
    ngx_uint_t   endpoint;   /* unsigned  endpoint:1;  it has a handler of
                                ours */
} ngx_http_coderemote_endpoints_conf_t;


/* Sets a directive that makes its location's handler of cmd->post. */
char *ngx_http_coderemote_endpoint(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* The same for one that answers for addresses below it, too. */
char *ngx_http_coderemote_endpoint_tree(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* POST to the location's URI; below it, the jobs. */
ngx_int_t ngx_http_coderemote_execute_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_coderemote_jobs_handler(ngx_http_request_t *r,
    const ngx_str_t *id);
ngx_int_t ngx_http_coderemote_health_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_coderemote_runtimes_handler(ngx_http_request_t *r);


/* 404: there is no job that this client may see. */
ngx_int_t ngx_http_coderemote_jobs_unknown(ngx_http_request_t *r);

/* GET of a job's events, once it is known that the client may see it. */
ngx_int_t ngx_http_coderemote_events(ngx_http_request_t *r,
    const ngx_cr_job_id_t *id);

/*
 * For answers that are read while they are written: nothing waits in the
 * kernel for more to come, and little waits for a client that does not read.
 */
ngx_int_t ngx_http_coderemote_live(ngx_http_request_t *r);


extern ngx_module_t  ngx_http_coderemote_endpoints_module;


#endif /* _NGX_HTTP_CODEREMOTE_ENDPOINTS_H_INCLUDED_ */
