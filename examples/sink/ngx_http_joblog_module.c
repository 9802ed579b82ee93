
/*
 * A sink: a policy hook that admits every job and writes a line of JSON when
 * it has ended, with the beginning of what it printed:
 *
 *     joblog  /var/log/nginx/jobs.log  output=1k;
 */

#include "ngx_http_coderemote_api.h"


#define NGX_HTTP_JOBLOG_BUFFER  65536
#define NGX_HTTP_JOBLOG_FLUSH   1000        /* milliseconds */

/* Bytes of one text in a line, of which each may become six; and the line. */
#define NGX_HTTP_JOBLOG_TEXT    1024
#define NGX_HTTP_JOBLOG_LINE    32768


/* Of a file, in each worker; the file's own events empty it. */

typedef struct {
    u_char              *last;
    ngx_event_t          timer;
    u_char               start[NGX_HTTP_JOBLOG_BUFFER];
} ngx_http_joblog_buffer_t;

typedef struct {
    ngx_open_file_t     *file;              /* NULL: off */
    size_t               output;
} ngx_http_joblog_conf_t;

typedef struct {
    ngx_open_file_t     *file;
    ngx_str_t            stdout;
    size_t               max;
} ngx_http_joblog_t;


static ngx_int_t ngx_http_joblog_preconfiguration(ngx_conf_t *cf);
static void *ngx_http_joblog_create_conf(ngx_conf_t *cf);
static char *ngx_http_joblog_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_http_joblog_set(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static ngx_int_t ngx_http_joblog_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal);
static ngx_int_t ngx_http_joblog_output(ngx_cr_policy_job_t *job, void *data,
    ngx_uint_t stream, const u_char *bytes, size_t len);
static void ngx_http_joblog_finish(ngx_cr_policy_job_t *job, void *data,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type);


static ngx_command_t  ngx_http_joblog_commands[] = {

    { ngx_string("joblog"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_http_joblog_set,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_joblog_module_ctx = {
    ngx_http_joblog_preconfiguration,        /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_http_joblog_create_conf,             /* create location configuration */
    ngx_http_joblog_merge_conf               /* merge location configuration */
};


ngx_module_t  ngx_http_joblog_module = {
    NGX_MODULE_V1,
    &ngx_http_joblog_module_ctx,             /* module context */
    ngx_http_joblog_commands,                /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    NULL,                                    /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


/* Before the hooks that refuse: so it is told the end of refused jobs, too. */

static const ngx_cr_policy_t  ngx_http_joblog_policy = {
    NGX_CR_API_HEAD(ngx_cr_policy_t),
    ngx_string("joblog"),
    -100,
    ngx_http_joblog_admit,
    ngx_http_joblog_output,
    ngx_http_joblog_finish,
    NULL
};


static ngx_int_t
ngx_http_joblog_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_coderemote_register_policy(cf, &ngx_http_joblog_policy);
}


static void *
ngx_http_joblog_create_conf(ngx_conf_t *cf)
{
    ngx_http_joblog_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_joblog_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->file = NGX_CONF_UNSET_PTR;

    return conf;
}


static char *
ngx_http_joblog_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_joblog_conf_t *prev = parent;
    ngx_http_joblog_conf_t *conf = child;

    if (conf->file == NGX_CONF_UNSET_PTR) {
        conf->output = prev->output;
    }

    ngx_conf_merge_ptr_value(conf->file, prev->file, NULL);

    return NGX_CONF_OK;
}


/* nginx calls it before it opens the file anew, and when a worker ends. */

static void
ngx_http_joblog_flush(ngx_open_file_t *file, ngx_log_t *log)
{
    size_t                     len;
    ngx_http_joblog_buffer_t  *buffer = file->data;

    if (buffer->timer.timer_set) {
        ngx_del_timer(&buffer->timer);
    }

    len = buffer->last - buffer->start;

    if (len && ngx_write_fd(file->fd, buffer->start, len) != (ssize_t) len) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      "jobs are missing in \"%V\"", &file->name);
    }

    buffer->last = buffer->start;
}


static void
ngx_http_joblog_timer(ngx_event_t *ev)
{
    ngx_http_joblog_flush(ev->data, ev->log);
}


static char *
ngx_http_joblog_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_joblog_conf_t *jcf = conf;

    ngx_str_t                 *value, size;
    ngx_http_joblog_buffer_t  *buffer;

    if (jcf->file != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        jcf->file = NULL;
        return NGX_CONF_OK;
    }

    if (cf->args->nelts == 3) {
        size.data = value[2].data + 7;
        size.len = value[2].len - 7;

        jcf->output = ngx_strncmp(value[2].data, "output=", 7) == 0
                      ? (size_t) ngx_parse_size(&size) : (size_t) NGX_ERROR;

        if (jcf->output > NGX_HTTP_JOBLOG_TEXT) {
            return "takes a file, or off, and output= with a size up to 1k";
        }
    }

    jcf->file = ngx_conf_open_file(cf->cycle, &value[1]);

    if (jcf->file == NULL) {
        return NGX_CONF_ERROR;
    }

    if (jcf->file->flush == ngx_http_joblog_flush) {
        return NGX_CONF_OK;
    }

    if (jcf->file->flush) {
        return "names a file that another log with a buffer has";
    }

    buffer = ngx_pcalloc(cf->pool, sizeof(ngx_http_joblog_buffer_t));
    if (buffer == NULL) {
        return NGX_CONF_ERROR;
    }

    buffer->last = buffer->start;
    buffer->timer.handler = ngx_http_joblog_timer;
    buffer->timer.data = jcf->file;
    buffer->timer.log = &cf->cycle->new_log;
    buffer->timer.cancelable = 1;

    jcf->file->flush = ngx_http_joblog_flush;
    jcf->file->data = buffer;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_joblog_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal)
{
    ngx_http_joblog_t       *jl;
    ngx_http_joblog_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(job->request, ngx_http_joblog_module);

    if (conf->file == NULL) {
        return NGX_OK;
    }

    jl = ngx_pcalloc(job->pool, sizeof(ngx_http_joblog_t) + conf->output);
    if (jl == NULL) {
        return NGX_ERROR;
    }

    jl->file = conf->file;
    jl->stdout.data = (u_char *) jl + sizeof(ngx_http_joblog_t);
    jl->max = conf->output;

    *data = jl;

    return NGX_OK;
}


static ngx_int_t
ngx_http_joblog_output(ngx_cr_policy_job_t *job, void *data, ngx_uint_t stream,
    const u_char *bytes, size_t len)
{
    ngx_http_joblog_t *jl = data;

    if (jl && stream == NGX_CR_STDOUT) {
        len = ngx_min(len, jl->max - jl->stdout.len);
        ngx_memcpy(jl->stdout.data + jl->stdout.len, bytes, len);
        jl->stdout.len += len;
    }

    return NGX_OK;
}


/* What a job printed may be any bytes; a line is JSON all the same. */

static u_char *
ngx_http_joblog_text(u_char *p, const char *name, const ngx_str_t *text)
{
    u_char    *s, *c, *last;
    uint32_t   n;

    p = ngx_sprintf(p, ",\"%s\":\"", name);

    s = text->data;
    last = s + ngx_min(text->len, NGX_HTTP_JOBLOG_TEXT);

    while (s < last) {
        c = s;
        n = *s < 0x80 ? *s++ : ngx_utf8_decode(&s, last - s);

        if (n > 0x10ffff || (n >= 0xd800 && n < 0xe000)) {
            s = c + 1;
            *p++ = '?';

        } else {
            p = (u_char *) ngx_escape_json(p, c, s - c);
        }
    }

    *p++ = '"';

    return p;
}


static void
ngx_http_joblog_finish(ngx_cr_policy_job_t *job, void *data,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type)
{
    ngx_http_joblog_t *jl = data;

    u_char                    *p, line[NGX_HTTP_JOBLOG_LINE];
    ngx_uint_t                 i;
    ngx_http_joblog_buffer_t  *buffer;

    static const char  *names[] = { "queued", "running", "completed",
                                    "failed", "cancelled" };

    if (jl == NULL) {
        return;
    }

    p = ngx_sprintf(line, "{\"time\":\"%V\",\"job_id\":\"",
                    &ngx_cached_http_log_iso8601);

    for (i = 0; i < NGX_CR_JOB_ID_SIZE; i++) {
        p = ngx_sprintf(p, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02xd"
                                                                 : "%02xd",
                        job->id.bytes[i]);
    }

    p = ngx_sprintf(p, "\",\"status\":\"%s\",\"run_us\":%uL,\"cpu_us\":%uL,"
                    "\"memory\":%uL", names[status], outcome->run_us,
                    outcome->cpu_us, outcome->peak);

    p = ngx_http_joblog_text(p, "user", &job->user);
    p = ngx_http_joblog_text(p, "language", &job->language);
    p = ngx_http_joblog_text(p, "error_type", error_type);
    p = ngx_http_joblog_text(p, "reason", &outcome->reason);
    p = ngx_http_joblog_text(p, "stdout", &jl->stdout);
    p = ngx_cpymem(p, "}\n", 2);

    buffer = jl->file->data;

    if ((size_t) (buffer->start + NGX_HTTP_JOBLOG_BUFFER - buffer->last)
        < (size_t) (p - line))
    {
        ngx_http_joblog_flush(jl->file, job->log);
    }

    if (buffer->last == buffer->start) {
        ngx_add_timer(&buffer->timer, NGX_HTTP_JOBLOG_FLUSH);
    }

    buffer->last = ngx_cpymem(buffer->last, line, p - line);
}
