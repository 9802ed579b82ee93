
/*
 * What the shared memory store calls of nginx and of the doorbells.  The slab
 * only ever gives; the mutex is a mark that must not be found set.
 */


#include "fuzz.h"
#include "fuzz_shm.h"

#include <sys/mman.h>


typedef struct {
    ngx_slab_pool_t  pool;
    ngx_uint_t       locked;
} shared_pool_t;


/* ngx_cr_zone_t, doorbells, buckets and marks */
#define OVERHEAD  8


const ngx_cr_store_t       *fuzz_store;
u_char                     *fuzz_shm_start;
size_t                      fuzz_shm_size;
ngx_uint_t                  fuzz_rings[FUZZ_WORKERS];
void                      (*fuzz_asked)(const ngx_cr_worker_t *worker);

ngx_uint_t                  ngx_pagesize = NGX_CR_PAGE_SIZE;
volatile ngx_time_t        *ngx_cached_time;

static ngx_cr_worker_t      workers[FUZZ_WORKERS + 1];
static ngx_uint_t           dead[FUZZ_WORKERS + 1];
static ngx_uint_t           self;
static uint64_t             serial;
static ngx_cr_doorbells_t  *doorbells;
static ngx_cr_store_conf_t  conf;


void
ngx_shmtx_lock(ngx_shmtx_t *mtx)
{
    fuzz_must(*mtx->lock == 0);
    *mtx->lock = 1;
}


void
ngx_shmtx_unlock(ngx_shmtx_t *mtx)
{
    fuzz_must(*mtx->lock == 1);
    *mtx->lock = 0;
}


void
fuzz_shm_unlock(void)
{
    *((ngx_slab_pool_t *) fuzz_shm_start)->mutex.lock = 0;
}


void *
ngx_slab_alloc(ngx_slab_pool_t *pool, size_t size)
{
    u_char  *p;

    if (size >= ngx_pagesize) {
        pool->start = ngx_align_ptr(pool->start, ngx_pagesize);
    }

    if (size > (size_t) (pool->end - pool->start)) {
        return NULL;
    }

    p = pool->start;
    pool->start = ngx_align_ptr(p + size, 16);
    pool->pfree = (pool->end - pool->start) / ngx_pagesize;

    return p;
}


void *
ngx_slab_calloc(ngx_slab_pool_t *pool, size_t size)
{
    void  *p;

    p = ngx_slab_alloc(pool, size);

    if (p) {
        ngx_memzero(p, size);
    }

    return p;
}


ngx_int_t
ngx_http_coderemote_register(ngx_conf_t *cf, ngx_cr_api_kind_e kind,
    const void *item)
{
    (void) cf;
    (void) kind;

    fuzz_store = item;

    return NGX_OK;
}


const ngx_cr_worker_t *
ngx_cr_doorbell_self(void)
{
    return &workers[self];
}


void
ngx_cr_doorbell_ring(ngx_uint_t number)
{
    if (number < FUZZ_WORKERS) {
        fuzz_rings[number]++;
    }
}


ngx_uint_t
ngx_cr_doorbell_alive(ngx_cr_doorbells_t *table,
    const ngx_cr_worker_t *worker)
{
    ngx_uint_t  n;

    (void) table;

    if (fuzz_asked) {
        fuzz_asked(worker);
    }

    for (n = 0; n <= FUZZ_WORKERS; n++) {
        if (workers[n].serial == worker->serial) {
            return !dead[n];
        }
    }

    return 0;
}


void
fuzz_shm_worker(ngx_uint_t n)
{
    uint64_t                 ended;
    ngx_cr_worker_t         *worker;
    ngx_cr_doorbell_slot_t  *slot;

    self = n;
    worker = &workers[n];

    if (worker->serial && !dead[n]) {
        return;
    }

    dead[n] = 0;
    worker->serial = ++serial;
    worker->pid = 1000 + serial;
    worker->number = (n == FUZZ_NO_BELL) ? NGX_CR_DOORBELL_NONE : n;

    if (n != FUZZ_NO_BELL) {
        slot = &doorbells->slots[n];
        ngx_memzero(slot, sizeof(ngx_cr_doorbell_slot_t));
        slot->pid = worker->pid;
        slot->serial = worker->serial;
    }

    ended = ngx_cr_shm.ended;

    fuzz_must(fuzz_store->init_worker((ngx_cycle_t *) ngx_cycle, &conf)
              == NGX_OK);

    /* it is of each process, and only one without a doorbell uses it */

    if (n != FUZZ_NO_BELL) {
        ngx_cr_shm.ended = ended;
    }
}


void
fuzz_shm_kill(ngx_uint_t n)
{
    dead[n] = 1;
}


void
fuzz_shm_init(ngx_uint_t npages)
{
    ngx_uint_t              n;
    shared_pool_t          *shared;
    ngx_cr_zone_t          *zone;
    ngx_slab_pool_t        *pool;
    static ngx_cycle_t      cycle;
    static ngx_time_t       now;
    static ngx_shm_zone_t   shm_zone;

    cycle.log = fuzz_log;
    ngx_cycle = &cycle;
    ngx_cached_time = &now;

    if (fuzz_shm_start) {
        munmap(fuzz_shm_start, fuzz_shm_size);
    }

    fuzz_shm_size = (npages + NGX_CR_ZONE_SPARE + OVERHEAD)
                    * NGX_CR_PAGE_SIZE;
    fuzz_shm_start = mmap(NULL, fuzz_shm_size, PROT_READ|PROT_WRITE,
                          MAP_SHARED|MAP_ANONYMOUS, -1, 0);
    fuzz_must(fuzz_shm_start != MAP_FAILED);

    shared = (shared_pool_t *) fuzz_shm_start;
    pool = &shared->pool;
    pool->mutex.lock = (ngx_atomic_t *) &shared->locked;
    pool->start = (u_char *) (shared + 1);
    pool->end = fuzz_shm_start + fuzz_shm_size;

    zone = ngx_slab_calloc(pool, sizeof(ngx_cr_zone_t));
    doorbells = ngx_slab_calloc(pool, sizeof(ngx_cr_doorbells_t));
    zone->doorbells = doorbells;
    zone->store = ngx_cr_shm_pages_create(pool, fuzz_log);
    fuzz_must(zone->store != NULL);

    shm_zone.data = zone;
    conf.zone = &shm_zone;
    conf.ttl = 3600;

    ngx_memzero(workers, sizeof(workers));
    ngx_memzero(dead, sizeof(dead));
    ngx_memzero(fuzz_rings, sizeof(fuzz_rings));

    fuzz_must(ngx_cr_shm_store_register(NULL) == NGX_OK);

    for (n = FUZZ_WORKERS + 1; n-- > 0; /* void */ ) {
        fuzz_shm_worker(n);
    }
}


static const char *
list_wrong(ngx_cr_shm_store_t *store, ngx_cr_shm_list_t *list,
    uint32_t *npages)
{
    uint32_t           n, page, prev, count;
    ngx_cr_shm_job_t  *job;

    prev = 0;
    count = 0;

    for (n = list->first; n != 0; n = job->next) {
        job = ngx_cr_shm_job(store, n);

        if (n >= store->fresh || ++count > list->count) {
            return "a list is longer than its count";
        }

        if (job->prev != prev || ngx_cr_shm_list(store, job) != list) {
            return "a list's links";
        }

        if (ngx_cr_shm_find(store, &job->id) != job) {
            return "a listed job is not in the table";
        }

        if (job->undo_used != 0) {
            return "a change of a log has not ended";
        }

        for (page = n; page != job->log.last;
             page = ngx_cr_shm_page(store, page)->next)
        {
            if (page == 0 || ++*npages > store->npages) {
                return "a job's last page is not one of its";
            }
        }

        ++*npages;
        prev = n;
    }

    if (list->last != prev || list->count != count) {
        return "a list's end or count";
    }

    return NULL;
}


const char *
fuzz_shm_wrong(void)
{
    uint32_t             n, npages, nfree;
    const char          *wrong;
    ngx_cr_shm_store_t  *store;

    store = ngx_cr_shm.store;
    npages = 0;
    nfree = 0;

    wrong = list_wrong(store, &store->unfinished, &npages);

    if (wrong == NULL) {
        wrong = list_wrong(store, &store->done, &npages);
    }

    if (wrong) {
        return wrong;
    }

    for (n = store->free; n != 0; n = ngx_cr_shm_page(store, n)->next) {
        if (n >= store->fresh || ++nfree > store->nfree) {
            return "the free pages' links";
        }
    }

    if (nfree != store->nfree || npages + nfree + 1 != store->fresh) {
        return "a page is lost";
    }

    return NULL;
}
