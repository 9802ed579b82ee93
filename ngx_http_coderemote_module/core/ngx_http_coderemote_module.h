
/* Configuration of the module, and what it knows of a request. */


#ifndef _NGX_HTTP_CODEREMOTE_MODULE_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_MODULE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_http_coderemote_api.h"
#include "ngx_cr_registry.h"
#include "ngx_cr_store.h"
#include "ngx_cr_helper.h"
#include "cr_version.h"


#define NGX_HTTP_CODEREMOTE_VERSION      CR_VERSION

#define NGX_HTTP_CODEREMOTE_SOCKET                                            \
    "/run/coderemote/sandbox.sock"
#define NGX_HTTP_CODEREMOTE_HELPER                                            \
    "/usr/libexec/coderemote/coderemote-sandbox"

/* What a program needs to start at all, in megabytes. */
#define NGX_HTTP_CODEREMOTE_MEMORY_MIN   16

/* Cases of a job at most. */
#define NGX_HTTP_CODEREMOTE_CASES_MAX    1000

/* What a program may use where no directive says more, in bytes. */
#define NGX_HTTP_CODEREMOTE_MEMORY       (256 * 1024 * 1024)


typedef struct {
    ngx_cr_registry_t          *registry;
    ngx_cr_store_t             *store;
    ngx_shm_zone_t             *zone;
    ngx_cr_sandbox_t            sandbox;      /* path.data NULL: unset */
    ngx_int_t                   queue;
    time_t                      job_ttl;      /* seconds */
    ngx_uint_t                  used;         /* unsigned  used:1;  some
                                                 location has a handler */
} ngx_http_coderemote_main_conf_t;


typedef struct {
    ngx_array_t                *allow;        /* of ngx_str_t */
    ngx_str_t                   allow_text;   /* for messages */
    ngx_msec_t                  timeout;
    size_t                      memory;       /* 0: nothing was said of it */
    size_t                      max_code;
    size_t                      max_stdin;
    size_t                      max_output;
    size_t                      max_files;    /* bytes of all of them; 0: none
                                                 are taken, as below */
    size_t                      max_artifacts;
    ngx_int_t                   max_cases;
    ngx_http_complex_value_t   *user;
} ngx_http_coderemote_loc_conf_t;


/* What the variables tell, set by the endpoints as they learn it. */

typedef struct ngx_http_coderemote_ctx_s  ngx_http_coderemote_ctx_t;

struct ngx_http_coderemote_ctx_s {
    ngx_str_t                   job_id;       /* len 0: there is no job */
    ngx_str_t                   runtime;
    ngx_str_t                   error_type;
    ngx_str_t                   code;
    ngx_str_t                   analyzer;     /* len 0: there is no analysis */
    ngx_str_t                   user;         /* len 0: no token told him */
    ngx_cr_job_status_e         status;
    uint64_t                    run_us;
    uint64_t                    cpu_us;
    ngx_uint_t                  done;         /* unsigned  done:1;  times and
                                                 error_type are known */
    const char                 *detail;       /* of an error's page; NULL:
                                                 what its status says */
    void                       *endpoint;     /* the endpoint's own */
    ngx_http_coderemote_ctx_t  *last;         /* of the subrequest that came
                                                 last; NULL: there was none */
};


/* Makes it when there is none.  NULL: no memory. */
ngx_http_coderemote_ctx_t *ngx_http_coderemote_ctx(ngx_http_request_t *r);

/*
 * Who the request is of, by its token or by coderemote_user; empty:
 * anonymous.
 */
ngx_int_t ngx_http_coderemote_user(ngx_http_request_t *r, ngx_str_t *user);

/*
 * The digest by which a job knows its owner; all zero for nobody.  *turn:
 * whose turn it is in the sandbox, an anonymous user's by the address.
 */
void ngx_http_coderemote_owner(ngx_http_request_t *r, const ngx_str_t *user,
    u_char *owner, uint64_t *turn);

ngx_int_t ngx_http_coderemote_add_variables(ngx_conf_t *cf);

/* ngx_http_coderemote_conf.c */
void *ngx_http_coderemote_create_loc_conf(ngx_conf_t *cf);
char *ngx_http_coderemote_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
extern ngx_command_t  ngx_http_coderemote_commands[];

/* The bounds of a directive's number, told with what is wrong: its post. */

typedef struct {
    ngx_conf_post_handler_pt    handler;      /* _check_range */
    size_t                      min;
    size_t                      max;
    char                       *text;
} ngx_http_coderemote_range_t;

char *ngx_http_coderemote_check_range(ngx_conf_t *cf, void *post, void *data);


extern ngx_module_t  ngx_http_coderemote_module;


#endif /* _NGX_HTTP_CODEREMOTE_MODULE_H_INCLUDED_ */
