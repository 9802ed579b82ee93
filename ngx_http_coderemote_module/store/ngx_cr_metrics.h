
/*
 * What is counted for GET /metrics: numbers in a zone that all workers share,
 * each added to by one instruction, so that none waits for another and none is
 * lost with a worker that is killed.  Without the zone nothing is counted.
 *
 * The zone lives as long as nginx and is kept over a reload: what it counts
 * only grows, as Prometheus wants its counters.
 */


#ifndef _NGX_CR_METRICS_H_INCLUDED_
#define _NGX_CR_METRICS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_http_coderemote_api.h"


/* Runtimes that are told apart; all others are counted together. */
#define NGX_CR_METRICS_RUNTIMES  33

#define NGX_CR_METRICS_BUCKETS   16     /* of a histogram, beside +Inf */

/* Workers whose gauges are kept apart, old ones of a reload among them. */
#define NGX_CR_METRICS_WORKERS   256


/* Events without further labels. */

typedef enum {
    NGX_CR_METRIC_NONE = 0,             /* not counted */

    NGX_CR_METRIC_REFUSED_FIELDS,       /* requests for jobs: 422 */
    NGX_CR_METRIC_REFUSED_POLICY,       /* by a hook, limits among them */
    NGX_CR_METRIC_REFUSED_QUEUE,        /* too many are unfinished */
    NGX_CR_METRIC_REFUSED_SANDBOX,      /* it was away */

    NGX_CR_METRIC_TOKEN_GOOD,           /* verified */
    NGX_CR_METRIC_TOKEN_SEEN,           /* known from before */
    NGX_CR_METRIC_TOKEN_MISSING,
    NGX_CR_METRIC_TOKEN_INVALID,        /* 401 */
    NGX_CR_METRIC_TOKEN_FORBIDDEN,      /* 403 */
    NGX_CR_METRIC_TOKEN_NO_KEYS,        /* 503: its keys could not be had */

    NGX_CR_METRIC_ANALYSIS_DONE,
    NGX_CR_METRIC_ANALYSIS_CACHED,
    NGX_CR_METRIC_ANALYSIS_FAILED,      /* the analyzer could not say */
    NGX_CR_METRIC_ANALYSIS_UNAVAILABLE,
    NGX_CR_METRIC_ANALYSIS_CANCELLED,

    NGX_CR_METRIC_SANDBOX_CONNECTED,    /* a worker was welcomed */

    NGX_CR_METRIC_EVENTS
} ngx_cr_metric_e;


/* What a worker has at the moment. */

typedef enum {
    NGX_CR_GAUGE_WEBSOCKETS = 0,
    NGX_CR_GAUGE_EVENT_STREAMS,
    NGX_CR_GAUGES
} ngx_cr_gauge_e;


/* How a job ended, as the metrics tell it. */

typedef enum {
    NGX_CR_JOBS_COMPLETED = 0,
    NGX_CR_JOBS_FAILED,                 /* by its own exit or exception */
    NGX_CR_JOBS_SIGNAL,
    NGX_CR_JOBS_TIMEOUT,
    NGX_CR_JOBS_MEMORY,
    NGX_CR_JOBS_CANCELLED,
    NGX_CR_JOBS_LOST,                   /* the service failed it */
    NGX_CR_JOBS_REFUSED,                /* accepted and never run */
    NGX_CR_JOBS_OUTCOMES
} ngx_cr_jobs_outcome_e;


typedef struct {
    ngx_atomic_t       buckets[NGX_CR_METRICS_BUCKETS + 1];  /* each by itself,
                                            not those below it as well */
    ngx_atomic_t       sum;             /* microseconds */
} ngx_cr_histogram_t;


/* Of one runtime; [0] of `jobs` nobody signed in, [1] a known user. */

typedef struct {
    ngx_atomic_t       named;           /* the name is whole */
    u_char             name[NGX_CR_LANGUAGE_MAX + 1];
    ngx_atomic_t       jobs[2][NGX_CR_JOBS_OUTCOMES];
    ngx_atomic_t       output[2];       /* bytes of stdout, of stderr */
    ngx_atomic_t       cpu;             /* microseconds */
    ngx_cr_histogram_t wait;            /* acceptance to hand-over */
    ngx_cr_histogram_t run;             /* hand-over to end */
    ngx_cr_histogram_t total;           /* acceptance to end */
} ngx_cr_metrics_runtime_t;


typedef struct {
    ngx_atomic_t       pid;             /* 0: free */
    ngx_atomic_t       gauges[NGX_CR_GAUGES];
} ngx_cr_metrics_worker_t;


typedef struct {
    ngx_atomic_t              events[NGX_CR_METRIC_EVENTS];
    ngx_cr_metrics_runtime_t  runtimes[NGX_CR_METRICS_RUNTIMES];
    ngx_cr_metrics_worker_t   workers[NGX_CR_METRICS_WORKERS];
} ngx_cr_metrics_t;


/* The upper bounds of the buckets, in microseconds. */
extern const uint64_t  ngx_cr_metrics_bounds[NGX_CR_METRICS_BUCKETS];


/* Adds the zone to the configuration; tag: the module it is of. */
ngx_shm_zone_t *ngx_cr_metrics_zone(ngx_conf_t *cf, void *tag);

/* In a worker that starts: from here on it counts there. */
void ngx_cr_metrics_use(ngx_shm_zone_t *zone);

/* The numbers; NULL: nothing is counted. */
const ngx_cr_metrics_t *ngx_cr_metrics(void);

/* One more. */
void ngx_cr_metric(ngx_cr_metric_e event);
/* One more, or with -1 one less, of what this worker has. */
void ngx_cr_gauge(ngx_cr_gauge_e gauge, ngx_int_t by);
/* What all living workers have together. */
ngx_int_t ngx_cr_gauge_sum(ngx_cr_gauge_e gauge);

/*
 * The place of a runtime, which never moves; the last is that of all for which
 * there was none left.  NULL: nothing is counted.
 */
ngx_cr_metrics_runtime_t *ngx_cr_metrics_runtime(const ngx_str_t *name);

void ngx_cr_metrics_observe(ngx_cr_histogram_t *histogram, uint64_t us);


#endif /* _NGX_CR_METRICS_H_INCLUDED_ */
