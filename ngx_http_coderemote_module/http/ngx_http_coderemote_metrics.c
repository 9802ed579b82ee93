
/*
 * GET /metrics: what was counted, in Prometheus' text format 0.0.4, and how
 * the sandbox is at the moment.
 */

#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_status.h"
#include "ngx_cr_job.h"
#include "ngx_cr_metrics.h"


#define NGX_HTTP_CODEREMOTE_METRICS_BUF   16384
#define NGX_HTTP_CODEREMOTE_METRICS_LINE  512    /* bytes of one at most */


/* A text that grows by buffers of the request's pool. */

typedef struct {
    ngx_pool_t    *pool;
    ngx_chain_t   *first;
    ngx_chain_t   *last;
    size_t         size;
    unsigned       failed:1;     /* no memory */
} ngx_http_coderemote_metrics_t;


/* The series of a family that differ by one label. */

typedef struct {
    ngx_uint_t   event;
    const char  *value;
} ngx_http_coderemote_metrics_event_t;


static char *ngx_http_coderemote_metrics_set(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_http_coderemote_metrics_init(ngx_cycle_t *cycle);
static void *ngx_http_coderemote_metrics_create_conf(ngx_conf_t *cf);
static ngx_int_t ngx_http_coderemote_metrics_handler(ngx_http_request_t *r);


static ngx_command_t  ngx_http_coderemote_metrics_commands[] = {

    { ngx_string("coderemote_metrics"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_coderemote_metrics_set,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      ngx_http_coderemote_metrics_handler },

      ngx_null_command
};


typedef struct {
    ngx_shm_zone_t  *zone;       /* NULL: no location asks for it */
} ngx_http_coderemote_metrics_conf_t;


static ngx_http_module_t  ngx_http_coderemote_metrics_module_ctx = {
    NULL,                                    /* preconfiguration */
    NULL,                                    /* postconfiguration */

    ngx_http_coderemote_metrics_create_conf, /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    NULL,                                    /* create location configuration */
    NULL                                     /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_metrics_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_metrics_module_ctx, /* module context */
    ngx_http_coderemote_metrics_commands,    /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    ngx_http_coderemote_metrics_init,        /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static const char  *ngx_http_coderemote_metrics_outcomes[] = {
    "completed", "failed", "signal", "timeout", "memory", "cancelled", "lost",
    "refused"
};


static const ngx_http_coderemote_metrics_event_t
    ngx_http_coderemote_metrics_rejections[] =
{
    { NGX_CR_METRIC_REFUSED_FIELDS, "fields" },
    { NGX_CR_METRIC_REFUSED_POLICY, "policy" },
    { NGX_CR_METRIC_REFUSED_QUEUE, "queue" },
    { NGX_CR_METRIC_REFUSED_SANDBOX, "sandbox" },
    { 0, NULL }
};

static const ngx_http_coderemote_metrics_event_t
    ngx_http_coderemote_metrics_tokens[] =
{
    { NGX_CR_METRIC_TOKEN_GOOD, "good" },
    { NGX_CR_METRIC_TOKEN_SEEN, "seen" },
    { NGX_CR_METRIC_TOKEN_MISSING, "missing" },
    { NGX_CR_METRIC_TOKEN_INVALID, "invalid" },
    { NGX_CR_METRIC_TOKEN_FORBIDDEN, "forbidden" },
    { NGX_CR_METRIC_TOKEN_NO_KEYS, "no_keys" },
    { 0, NULL }
};

static const ngx_http_coderemote_metrics_event_t
    ngx_http_coderemote_metrics_analyses[] =
{
    { NGX_CR_METRIC_ANALYSIS_DONE, "done" },
    { NGX_CR_METRIC_ANALYSIS_CACHED, "cached" },
    { NGX_CR_METRIC_ANALYSIS_FAILED, "failed" },
    { NGX_CR_METRIC_ANALYSIS_UNAVAILABLE, "unavailable" },
    { NGX_CR_METRIC_ANALYSIS_CANCELLED, "cancelled" },
    { 0, NULL }
};


static void *
ngx_http_coderemote_metrics_create_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_coderemote_metrics_conf_t));
}


static char *
ngx_http_coderemote_metrics_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_metrics_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf,
                                           ngx_http_coderemote_metrics_module);

    if (mcf->zone == NULL) {
        mcf->zone = ngx_cr_metrics_zone(cf,
                                        &ngx_http_coderemote_metrics_module);

        if (mcf->zone == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    return ngx_http_coderemote_endpoint(cf, cmd, conf);
}


static ngx_int_t
ngx_http_coderemote_metrics_init(ngx_cycle_t *cycle)
{
    ngx_http_coderemote_metrics_conf_t  *mcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    mcf = ngx_http_cycle_get_module_main_conf(cycle,
                                           ngx_http_coderemote_metrics_module);

    if (mcf && mcf->zone) {
        ngx_cr_metrics_use(mcf->zone);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_metrics_grow(ngx_http_coderemote_metrics_t *m)
{
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    cl = ngx_alloc_chain_link(m->pool);
    b = ngx_create_temp_buf(m->pool, NGX_HTTP_CODEREMOTE_METRICS_BUF);

    if (cl == NULL || b == NULL) {
        m->failed = 1;
        return NGX_ERROR;
    }

    cl->buf = b;
    cl->next = NULL;

    if (m->last) {
        m->last->next = cl;

    } else {
        m->first = cl;
    }

    m->last = cl;

    return NGX_OK;
}


static void
ngx_http_coderemote_metrics_line(ngx_http_coderemote_metrics_t *m,
    const char *fmt, ...)
{
    u_char     *p;
    va_list     args;
    ngx_buf_t  *b;

    if (m->failed) {
        return;
    }

    if (m->last == NULL
        || m->last->buf->end - m->last->buf->last
           < NGX_HTTP_CODEREMOTE_METRICS_LINE)
    {
        if (ngx_http_coderemote_metrics_grow(m) != NGX_OK) {
            return;
        }
    }

    b = m->last->buf;

    va_start(args, fmt);
    p = ngx_vslprintf(b->last, b->end, fmt, args);
    va_end(args);

    m->size += p - b->last;
    b->last = p;
}


static void
ngx_http_coderemote_metrics_family(ngx_http_coderemote_metrics_t *m,
    const char *name, const char *type, const char *help)
{
    ngx_http_coderemote_metrics_line(m, "# HELP coderemote_%s %s\n"
                                     "# TYPE coderemote_%s %s\n",
                                     name, help, name, type);
}


static void
ngx_http_coderemote_metrics_gauge(ngx_http_coderemote_metrics_t *m,
    const char *name, const char *help, ngx_int_t value)
{
    ngx_http_coderemote_metrics_family(m, name, "gauge", help);
    ngx_http_coderemote_metrics_line(m, "coderemote_%s %i\n", name, value);
}


static void
ngx_http_coderemote_metrics_events(ngx_http_coderemote_metrics_t *m,
    const char *name, const char *help, const char *label,
    const ngx_http_coderemote_metrics_event_t *event)
{
    const ngx_cr_metrics_t  *numbers;

    numbers = ngx_cr_metrics();

    ngx_http_coderemote_metrics_family(m, name, "counter", help);

    for ( /* void */ ; event->value; event++) {
        ngx_http_coderemote_metrics_line(m, "coderemote_%s{%s=\"%s\"} %uA\n",
                                         name, label, event->value,
                                         numbers->events[event->event]);
    }
}


static const char *
ngx_http_coderemote_metrics_name(const ngx_cr_metrics_runtime_t *runtime)
{
    return runtime->named ? (const char *) runtime->name : "other";
}


/* The next runtime that has jobs, from *i on; NULL: there is none. */

static const ngx_cr_metrics_runtime_t *
ngx_http_coderemote_metrics_next(ngx_uint_t *i)
{
    const ngx_cr_metrics_t          *numbers;
    const ngx_cr_metrics_runtime_t  *runtime;

    numbers = ngx_cr_metrics();

    while (*i < NGX_CR_METRICS_RUNTIMES) {
        runtime = &numbers->runtimes[(*i)++];

        if (runtime->named) {
            return runtime;
        }
    }

    return NULL;
}


static void
ngx_http_coderemote_metrics_jobs(ngx_http_coderemote_metrics_t *m)
{
    ngx_uint_t                       i, known, outcome;
    const ngx_cr_metrics_runtime_t  *runtime;

    ngx_http_coderemote_metrics_family(m, "jobs_total", "counter",
                                       "Jobs that have ended, by how.");

    for (i = 0; (runtime = ngx_http_coderemote_metrics_next(&i)); ) {
        for (known = 0; known < 2; known++) {
            for (outcome = 0; outcome < NGX_CR_JOBS_OUTCOMES; outcome++) {
                ngx_http_coderemote_metrics_line(m,
                    "coderemote_jobs_total{runtime=\"%s\",outcome=\"%s\","
                    "user=\"%s\"} %uA\n",
                    ngx_http_coderemote_metrics_name(runtime),
                    ngx_http_coderemote_metrics_outcomes[outcome],
                    known ? "known" : "anonymous",
                    runtime->jobs[known][outcome]);
            }
        }
    }

    ngx_http_coderemote_metrics_family(m, "output_bytes_total", "counter",
                                       "Bytes that jobs have written.");

    for (i = 0; (runtime = ngx_http_coderemote_metrics_next(&i)); ) {
        for (known = 0; known < 2; known++) {
            ngx_http_coderemote_metrics_line(m,
                "coderemote_output_bytes_total{runtime=\"%s\",stream=\"%s\"} "
                "%uA\n",
                ngx_http_coderemote_metrics_name(runtime),
                known ? "stderr" : "stdout", runtime->output[known]);
        }
    }

    ngx_http_coderemote_metrics_family(m, "job_cpu_seconds_total", "counter",
                                       "Seconds of CPU that jobs have used.");

    for (i = 0; (runtime = ngx_http_coderemote_metrics_next(&i)); ) {
        ngx_http_coderemote_metrics_line(m,
            "coderemote_job_cpu_seconds_total{runtime=\"%s\"} %uA.%06uA\n",
            ngx_http_coderemote_metrics_name(runtime),
            runtime->cpu / 1000000, runtime->cpu % 1000000);
    }
}


static void
ngx_http_coderemote_metrics_histogram(ngx_http_coderemote_metrics_t *m,
    const char *name, const char *help, size_t offset)
{
    ngx_uint_t                       i, b;
    ngx_atomic_uint_t                n, sum;
    const char                      *runtime_name;
    const ngx_cr_histogram_t        *histogram;
    const ngx_cr_metrics_runtime_t  *runtime;

    ngx_http_coderemote_metrics_family(m, name, "histogram", help);

    for (i = 0; (runtime = ngx_http_coderemote_metrics_next(&i)); ) {

        histogram = (const ngx_cr_histogram_t *)
                    ((const u_char *) runtime + offset);
        runtime_name = ngx_http_coderemote_metrics_name(runtime);
        n = 0;

        for (b = 0; b < NGX_CR_METRICS_BUCKETS; b++) {
            n += histogram->buckets[b];

            ngx_http_coderemote_metrics_line(m,
                "coderemote_%s_bucket{runtime=\"%s\",le=\"%uL.%06uL\"} %uA\n",
                name, runtime_name, ngx_cr_metrics_bounds[b] / 1000000,
                ngx_cr_metrics_bounds[b] % 1000000, n);
        }

        n += histogram->buckets[b];
        sum = histogram->sum;

        ngx_http_coderemote_metrics_line(m,
            "coderemote_%s_bucket{runtime=\"%s\",le=\"+Inf\"} %uA\n"
            "coderemote_%s_sum{runtime=\"%s\"} %uA.%06uA\n"
            "coderemote_%s_count{runtime=\"%s\"} %uA\n",
            name, runtime_name, n, name, runtime_name, sum / 1000000,
            sum % 1000000, name, runtime_name, n);
    }
}


static void
ngx_http_coderemote_metrics_profiles(ngx_http_coderemote_metrics_t *m,
    const cr_status_t *status)
{
    ngx_uint_t                  i, k;
    ngx_uint_t                  value;
    const cr_profile_status_t  *profile;

    static const struct {
        const char  *name;
        const char  *type;
        const char  *help;
    } families[] = {
        { "profile_available", "gauge", "1 when jobs of it can be run." },
        { "profile_slots", "gauge", "Jobs that can run at a time." },
        { "profile_ready", "gauge", "Cells that wait for a job." },
        { "profile_running", "gauge", "Jobs that run." },
        { "profile_queued", "gauge", "Jobs that wait for a slot." },
        { "profile_restarts_total", "counter",
          "Times its zygote was started again, since the sandbox started." }
    };

    for (k = 0; k < sizeof(families) / sizeof(families[0]); k++) {

        ngx_http_coderemote_metrics_family(m, families[k].name,
                                           families[k].type,
                                           families[k].help);

        for (i = 0; i < status->nprofiles; i++) {
            profile = &status->profiles[i];

            value = k == 0 ? ngx_http_coderemote_status_usable(profile)
                    : k == 1 ? profile->slots
                    : k == 2 ? profile->ready
                    : k == 3 ? profile->running
                    : k == 4 ? profile->queued
                    : profile->restarts;

            ngx_http_coderemote_metrics_line(m,
                "coderemote_%s{runtime=\"%*s\"} %ui\n", families[k].name,
                profile->name.len, profile->name.data, value);
        }
    }
}


static ngx_uint_t
ngx_http_coderemote_metrics_words(const cr_bytes_t *text)
{
    size_t      i;
    ngx_uint_t  n;

    n = 0;

    for (i = 0; i < text->len; i++) {
        n += text->data[i] != ' ' && (i == 0 || text->data[i - 1] == ' ');
    }

    return n;
}


static void
ngx_http_coderemote_metrics_sandbox(ngx_http_coderemote_metrics_t *m,
    const cr_status_t *status)
{
    ngx_http_coderemote_metrics_gauge(m, "sandbox_up",
        "1 when this worker is connected with the sandbox.", status != NULL);

    ngx_http_coderemote_metrics_family(m, "sandbox_connections_total",
        "counter", "Times a worker was connected with the sandbox.");
    ngx_http_coderemote_metrics_line(m,
        "coderemote_sandbox_connections_total %uA\n",
        ngx_cr_metrics()->events[NGX_CR_METRIC_SANDBOX_CONNECTED]);

    if (status) {
        ngx_http_coderemote_metrics_gauge(m, "sandbox_layers_off",
            "Layers of confinement that are off.",
            ngx_http_coderemote_metrics_words(&status->layers_off));

        ngx_http_coderemote_metrics_profiles(m, status);
    }
}


static void
ngx_http_coderemote_metrics_now(ngx_http_coderemote_metrics_t *m,
    ngx_http_request_t *r)
{
    ngx_uint_t                        unfinished, kept;
    ngx_http_coderemote_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_coderemote_module);

    ngx_cr_job_store()->count(&unfinished, &kept);

    ngx_http_coderemote_metrics_family(m, "build_info", "gauge",
                                       "The version that is running.");
    ngx_http_coderemote_metrics_line(m,
        "coderemote_build_info{version=\"" NGX_HTTP_CODEREMOTE_VERSION
        "\"} 1\n");

    ngx_http_coderemote_metrics_gauge(m, "jobs_unfinished",
        "Jobs that are accepted and not done.", unfinished);
    ngx_http_coderemote_metrics_gauge(m, "jobs_unfinished_limit",
        "coderemote_queue: more are refused.", mcf->queue);
    ngx_http_coderemote_metrics_gauge(m, "jobs_kept",
        "Jobs in the store, done ones among them.", kept);
    ngx_http_coderemote_metrics_gauge(m, "websockets",
        "WebSockets that are open.",
        ngx_cr_gauge_sum(NGX_CR_GAUGE_WEBSOCKETS));
    ngx_http_coderemote_metrics_gauge(m, "event_streams",
        "Streams of a job's events that are open.",
        ngx_cr_gauge_sum(NGX_CR_GAUGE_EVENT_STREAMS));
}


static ngx_int_t
ngx_http_coderemote_metrics_send(ngx_http_request_t *r,
    ngx_http_coderemote_metrics_t *m)
{
    ngx_int_t  rc;

    if (m->failed) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    m->last->buf->last_buf = (r == r->main);
    m->last->buf->last_in_chain = 1;

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = m->size;
    ngx_str_set(&r->headers_out.content_type, "text/plain; version=0.0.4");
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    ngx_str_set(&r->headers_out.charset, "utf-8");

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_http_output_filter(r, m->first);
}


static ngx_int_t
ngx_http_coderemote_metrics_answer(ngx_http_request_t *r,
    const cr_status_t *status)
{
    ngx_http_coderemote_metrics_t  m;

    ngx_memzero(&m, sizeof(ngx_http_coderemote_metrics_t));
    m.pool = r->pool;

    ngx_http_coderemote_metrics_now(&m, r);
    ngx_http_coderemote_metrics_sandbox(&m, status);
    ngx_http_coderemote_metrics_jobs(&m);

    ngx_http_coderemote_metrics_histogram(&m, "job_wait_seconds",
        "From a job's acceptance to its hand-over to a cell.",
        offsetof(ngx_cr_metrics_runtime_t, wait));
    ngx_http_coderemote_metrics_histogram(&m, "job_run_seconds",
        "From a job's hand-over to its end.",
        offsetof(ngx_cr_metrics_runtime_t, run));
    ngx_http_coderemote_metrics_histogram(&m, "job_seconds",
        "From a job's acceptance to its end.",
        offsetof(ngx_cr_metrics_runtime_t, total));

    ngx_http_coderemote_metrics_events(&m, "rejections_total",
        "Requests for a job that were refused, by the reason.", "reason",
        ngx_http_coderemote_metrics_rejections);
    ngx_http_coderemote_metrics_events(&m, "tokens_total",
        "Tokens that were looked at, by what came of it.", "outcome",
        ngx_http_coderemote_metrics_tokens);
    ngx_http_coderemote_metrics_events(&m, "analyses_total",
        "Analyses that were asked for, by how they ended.", "outcome",
        ngx_http_coderemote_metrics_analyses);

    return ngx_http_coderemote_metrics_send(r, &m);
}


static ngx_int_t
ngx_http_coderemote_metrics_handler(ngx_http_request_t *r)
{
    return ngx_http_coderemote_status_ask(r,
                                          ngx_http_coderemote_metrics_answer);
}
