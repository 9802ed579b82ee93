
/*
 * What plug-ins, the built-in ones included, registered for one
 * configuration.
 */


#ifndef _NGX_CR_REGISTRY_H_INCLUDED_
#define _NGX_CR_REGISTRY_H_INCLUDED_


#include "ngx_http_coderemote_api.h"


typedef struct {
    ngx_array_t   runtimes;     /* of ngx_cr_runtime_t */
    ngx_array_t   analyzers;    /* of ngx_cr_analyzer_t */
    ngx_array_t   stores;       /* of ngx_cr_store_t */
    ngx_array_t   policies;     /* of ngx_cr_policy_t; sorted once frozen */
    unsigned      frozen:1;
} ngx_cr_registry_t;


/*
 * Makes the registry of the configuration that is being read and directs
 * registrations to it; from create_main_conf.  It lives in cf->pool.  NULL:
 * no memory.
 */
ngx_cr_registry_t *ngx_cr_registry_create(ngx_conf_t *cf);

/* From postconfiguration: sorts the chain and refuses what comes later. */
void ngx_cr_registry_freeze(ngx_cr_registry_t *registry);

/*
 * Look-ups.  NULL: nothing of that name.  A runtime is found by its name and
 * its aliases, in any case of letters.
 */
ngx_cr_runtime_t *ngx_cr_registry_runtime(ngx_cr_registry_t *registry,
    const ngx_str_t *name);
ngx_cr_analyzer_t *ngx_cr_registry_analyzer(ngx_cr_registry_t *registry,
    const ngx_str_t *name);
ngx_cr_store_t *ngx_cr_registry_store(ngx_cr_registry_t *registry,
    const ngx_str_t *name);


/*
 * The chain of hooks of one job.  `data` belongs to the chain and lives in
 * job->pool: what ngx_cr_policy_admit() set there is handed to the others.
 *
 * ngx_cr_policy_admit() answers NGX_OK; NGX_DECLINED with *refusal filled
 * (status never 0); NGX_ERROR.  After anything but NGX_OK nothing more is to
 * be called: the hooks that had admitted the job were told its end already.
 * After NGX_OK ngx_cr_policy_finish() is due once, also when the job then is
 * not accepted (with NGX_CR_END_REFUSED).
 * ngx_cr_policy_started() is due when a cell has it; at once where none is
 * needed.
 * ngx_cr_policy_output() answers NGX_OK, or NGX_ABORT: stop the job.
 */
ngx_int_t ngx_cr_policy_admit(ngx_cr_registry_t *registry,
    ngx_cr_policy_job_t *job, void ***data, ngx_cr_refusal_t *refusal);
void ngx_cr_policy_started(ngx_cr_registry_t *registry,
    ngx_cr_policy_job_t *job, void **data);
ngx_int_t ngx_cr_policy_output(ngx_cr_registry_t *registry,
    ngx_cr_policy_job_t *job, void **data, ngx_uint_t stream,
    const u_char *bytes, size_t len);
void ngx_cr_policy_finish(ngx_cr_registry_t *registry,
    ngx_cr_policy_job_t *job, void **data, ngx_cr_job_status_e status,
    const ngx_cr_outcome_t *outcome, const ngx_str_t *error_type);


#endif /* _NGX_CR_REGISTRY_H_INCLUDED_ */
