
#include "ngx_cr_metrics.h"

#include <signal.h>


/* Beside the numbers: the slab pool's own pages. */
#define NGX_CR_METRICS_SPARE  (8 * 4096)


const uint64_t  ngx_cr_metrics_bounds[NGX_CR_METRICS_BUCKETS] = {
    250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000,
    1000000, 2500000, 5000000, 10000000, 30000000
};


static ngx_slab_pool_t          *ngx_cr_metrics_shpool;
static ngx_cr_metrics_t         *ngx_cr_numbers;
static ngx_cr_metrics_worker_t  *ngx_cr_metrics_own;


static ngx_int_t
ngx_cr_metrics_init_zone(ngx_shm_zone_t *zone, void *data)
{
    ngx_slab_pool_t  *shpool;

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (data == NULL && !zone->shm.exists) {
        shpool->data = ngx_slab_calloc(shpool, sizeof(ngx_cr_metrics_t));
    }

    zone->data = shpool->data;

    return zone->data ? NGX_OK : NGX_ERROR;
}


ngx_shm_zone_t *
ngx_cr_metrics_zone(ngx_conf_t *cf, void *tag)
{
    ngx_str_t        name = ngx_string("coderemote_metrics");
    ngx_shm_zone_t  *zone;

    zone = ngx_shared_memory_add(cf, &name,
                                 sizeof(ngx_cr_metrics_t)
                                 + NGX_CR_METRICS_SPARE,
                                 tag);
    if (zone) {
        zone->init = ngx_cr_metrics_init_zone;
    }

    return zone;
}


/* A place that no living worker has.  Without one its gauges are not told. */

static ngx_cr_metrics_worker_t *
ngx_cr_metrics_place(void)
{
    ngx_uint_t                i;
    ngx_atomic_uint_t         pid;
    ngx_cr_metrics_worker_t  *worker;

    for (i = 0; i < NGX_CR_METRICS_WORKERS; i++) {
        worker = &ngx_cr_numbers->workers[i];
        pid = worker->pid;

        if (pid && (kill((ngx_pid_t) pid, 0) == 0 || ngx_errno != ESRCH)) {
            continue;
        }

        if (ngx_atomic_cmp_set(&worker->pid, pid, ngx_pid)) {
            ngx_memzero((void *) worker->gauges, sizeof(worker->gauges));
            return worker;
        }
    }

    return NULL;
}


void
ngx_cr_metrics_use(ngx_shm_zone_t *zone)
{
    ngx_cr_metrics_shpool = (ngx_slab_pool_t *) zone->shm.addr;
    ngx_cr_numbers = zone->data;
    ngx_cr_metrics_own = ngx_cr_metrics_place();
}


const ngx_cr_metrics_t *
ngx_cr_metrics(void)
{
    return ngx_cr_numbers;
}


void
ngx_cr_metric(ngx_cr_metric_e event)
{
    if (ngx_cr_numbers) {
        (void) ngx_atomic_fetch_add(&ngx_cr_numbers->events[event], 1);
    }
}


void
ngx_cr_gauge(ngx_cr_gauge_e gauge, ngx_int_t by)
{
    if (ngx_cr_metrics_own) {
        (void) ngx_atomic_fetch_add(&ngx_cr_metrics_own->gauges[gauge], by);
    }
}


ngx_int_t
ngx_cr_gauge_sum(ngx_cr_gauge_e gauge)
{
    ngx_int_t                 sum;
    ngx_uint_t                i;
    ngx_cr_metrics_worker_t  *worker;

    sum = 0;

    for (i = 0; i < NGX_CR_METRICS_WORKERS; i++) {
        worker = &ngx_cr_numbers->workers[i];

        if (worker->pid
            && (kill((ngx_pid_t) worker->pid, 0) == 0 || ngx_errno != ESRCH))
        {
            sum += (ngx_int_t) worker->gauges[gauge];
        }
    }

    return sum;
}


static ngx_cr_metrics_runtime_t *
ngx_cr_metrics_find(const u_char *name, size_t len)
{
    ngx_uint_t                 i;
    ngx_cr_metrics_runtime_t  *runtime;

    for (i = 0; i < NGX_CR_METRICS_RUNTIMES - 1; i++) {
        runtime = &ngx_cr_numbers->runtimes[i];

        if (!runtime->named
            || (ngx_strncmp(runtime->name, name, len) == 0
                && runtime->name[len] == '\0'))
        {
            break;
        }
    }

    return &ngx_cr_numbers->runtimes[i];
}


/* Names only come, each whole before it counts: reading needs no lock. */

ngx_cr_metrics_runtime_t *
ngx_cr_metrics_runtime(const ngx_str_t *name)
{
    size_t                     len;
    ngx_cr_metrics_runtime_t  *runtime;

    if (ngx_cr_numbers == NULL) {
        return NULL;
    }

    len = ngx_min(name->len, NGX_CR_LANGUAGE_MAX);
    runtime = ngx_cr_metrics_find(name->data, len);

    if (runtime->named
        || runtime == &ngx_cr_numbers->runtimes[NGX_CR_METRICS_RUNTIMES - 1])
    {
        return runtime;
    }

    ngx_shmtx_lock(&ngx_cr_metrics_shpool->mutex);

    runtime = ngx_cr_metrics_find(name->data, len);

    if (!runtime->named) {
        ngx_memzero(runtime->name, sizeof(runtime->name));
        ngx_memcpy(runtime->name, name->data, len);
        ngx_memory_barrier();
        runtime->named = 1;
    }

    ngx_shmtx_unlock(&ngx_cr_metrics_shpool->mutex);

    return runtime;
}


void
ngx_cr_metrics_observe(ngx_cr_histogram_t *histogram, uint64_t us)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CR_METRICS_BUCKETS; i++) {
        if (us <= ngx_cr_metrics_bounds[i]) {
            break;
        }
    }

    (void) ngx_atomic_fetch_add(&histogram->buckets[i], 1);
    (void) ngx_atomic_fetch_add(&histogram->sum, us);
}
