
/*
 * One line for every job, whichever way it came and ended: a policy hook.  It
 * tells of the code its digest alone.
 */

#include "ngx_http_coderemote_module.h"
#include "ngx_cr_audit_record.h"


/* Before other hooks, so that what they refuse is told. */
#define NGX_CR_AUDIT_ORDER  -1000

/* Beside the unfinished ones: each worker may ask for one that is not taken. */
#define NGX_CR_AUDIT_SPARE  64

#define NGX_CR_AUDIT_WARN   60       /* seconds between two complaints */


typedef struct {
    ngx_flag_t        set;           /* the directive was there */
    ngx_open_file_t  *file;          /* NULL: off */
    ngx_shm_zone_t   *zone;
} ngx_cr_audit_conf_t;


static ngx_int_t ngx_cr_audit_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_cr_audit_postconfiguration(ngx_conf_t *cf);
static void *ngx_cr_audit_create_conf(ngx_conf_t *cf);
static char *ngx_cr_audit_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_cr_audit_init_process(ngx_cycle_t *cycle);
static ngx_int_t ngx_cr_audit_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal);
static void ngx_cr_audit_started(ngx_cr_policy_job_t *job, void *data);
static void ngx_cr_audit_finish(ngx_cr_policy_job_t *job, void *data,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type);


static ngx_command_t  ngx_cr_audit_commands[] = {

    { ngx_string("coderemote_audit_log"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_cr_audit_set,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_coderemote_audit_module_ctx = {
    ngx_cr_audit_preconfiguration,           /* preconfiguration */
    ngx_cr_audit_postconfiguration,          /* postconfiguration */

    ngx_cr_audit_create_conf,                /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    NULL,                                    /* create location configuration */
    NULL                                     /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_audit_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_audit_module_ctx,   /* module context */
    ngx_cr_audit_commands,                   /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    ngx_cr_audit_init_process,               /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_cr_policy_t  ngx_cr_audit_policy = {
    NGX_CR_API_HEAD(ngx_cr_policy_t),
    ngx_string("audit"),
    NGX_CR_AUDIT_ORDER,
    ngx_cr_audit_admit,
    NULL,
    ngx_cr_audit_finish,
    ngx_cr_audit_started
};


/* Of this worker; the cycle's may be another's by the time a job ends. */

static ngx_cr_audit_conf_t  *ngx_cr_audit;


static ngx_int_t
ngx_cr_audit_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_coderemote_register_policy(cf, &ngx_cr_audit_policy);
}


static void *
ngx_cr_audit_create_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_cr_audit_conf_t));
}


static char *
ngx_cr_audit_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cr_audit_conf_t *acf = conf;

    ngx_str_t  *value;

    if (acf->set) {
        return "is duplicate";
    }

    acf->set = 1;
    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        return NGX_CONF_OK;
    }

    if (value[1].len == 0 || ngx_strchr(value[1].data, '$')
        || ngx_strncmp(value[1].data, "syslog:", 7) == 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"coderemote_audit_log\" must be a file without "
                           "variables in its name, or off, and not \"%V\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    acf->file = ngx_conf_open_file(cf->cycle, &value[1]);

    return acf->file ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_cr_audit_init_zone(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_slab_pool_t  *shpool;

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (data == NULL && !shm_zone->shm.exists) {
        shpool->data = ngx_cr_audit_zone_create(shpool);
    }

    shm_zone->data = shpool->data;

    return shm_zone->data ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_cr_audit_postconfiguration(ngx_conf_t *cf)
{
    size_t                            size;
    ngx_str_t                         name = ngx_string("coderemote_audit");
    ngx_cr_audit_conf_t              *acf;
    ngx_http_coderemote_main_conf_t  *mcf;

    acf = ngx_http_conf_get_module_main_conf(cf,
                                             ngx_http_coderemote_audit_module);

    if (acf->file == NULL) {
        return NGX_OK;
    }

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_coderemote_module);

    size = ngx_cr_audit_zone_size(mcf->queue + NGX_CR_AUDIT_SPARE);

    acf->zone = ngx_shared_memory_add(cf, &name, size,
                                      &ngx_http_coderemote_audit_module);
    if (acf->zone == NULL) {
        return NGX_ERROR;
    }

    acf->zone->init = ngx_cr_audit_init_zone;

    return NGX_OK;
}


static void
ngx_cr_audit_write(const ngx_cr_audit_record_t *record,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type)
{
    u_char   *last;
    ssize_t   n;

    static u_char  line[NGX_CR_AUDIT_LINE];
    static time_t  warned;

    last = ngx_cr_audit_line(line, record, status, outcome, error_type);

    n = ngx_write_fd(ngx_cr_audit->file->fd, line, last - line);

    if (n != last - line && ngx_time() - warned >= NGX_CR_AUDIT_WARN) {
        warned = ngx_time();
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, n == -1 ? ngx_errno : 0,
                      "a line of \"%V\" could not be written",
                      &ngx_cr_audit->file->name);
    }
}


/*
 * Jobs of workers that were killed.  If one was between a line and giving its
 * record back there are two of it, for none would be worse.
 */

static void
ngx_cr_audit_sweep(ngx_uint_t starting)
{
    ngx_uint_t              i;
    ngx_cr_outcome_t        outcome;
    ngx_cr_audit_record_t  *record;

    static const ngx_str_t  type = ngx_string("SandboxError");

    ngx_memzero(&outcome, sizeof(ngx_cr_outcome_t));
    outcome.end = NGX_CR_END_LOST;
    ngx_str_set(&outcome.reason, "the worker that ran the job died");

    i = 0;

    while ((record = ngx_cr_audit_orphan(ngx_cr_audit->zone->data, &i,
                                         starting))
           != NULL)
    {
        ngx_cr_audit_write(record, NGX_CR_JOB_FAILED, &outcome, &type);
        ngx_cr_audit_give(record);
    }
}


static ngx_int_t
ngx_cr_audit_init_process(ngx_cycle_t *cycle)
{
    ngx_cr_audit_conf_t  *acf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    acf = ngx_http_cycle_get_module_main_conf(cycle,
                                              ngx_http_coderemote_audit_module);

    if (acf && acf->file) {
        ngx_cr_audit = acf;
        ngx_cr_audit_sweep(1);
    }

    return NGX_OK;
}


/* Without room for one more it has its line as long as its worker lives. */

static ngx_int_t
ngx_cr_audit_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal)
{
    ngx_cr_audit_record_t  *record;

    if (ngx_cr_audit == NULL) {
        return NGX_OK;
    }

    record = ngx_cr_audit_take(ngx_cr_audit->zone->data);

    if (record == NULL) {
        ngx_cr_audit_sweep(0);
        record = ngx_cr_audit_take(ngx_cr_audit->zone->data);
    }

    if (record == NULL) {
        record = ngx_pcalloc(job->pool, sizeof(ngx_cr_audit_record_t));
        if (record == NULL) {
            return NGX_ERROR;
        }
    }

    ngx_cr_audit_fill(record, job);

    *data = record;

    return NGX_OK;
}


static void
ngx_cr_audit_started(ngx_cr_policy_job_t *job, void *data)
{
    ngx_cr_audit_record_t *record = data;

    if (record) {
        record->started = ngx_cr_audit_now();
    }
}


static void
ngx_cr_audit_finish(ngx_cr_policy_job_t *job, void *data,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type)
{
    ngx_cr_audit_record_t *record = data;

    if (record) {
        ngx_cr_audit_write(record, status, outcome, error_type);
        ngx_cr_audit_give(record);
    }
}
