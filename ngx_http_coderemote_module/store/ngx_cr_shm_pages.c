
#include "ngx_cr_shm_pages.h"


/* What a page was found to be, in store->marks. */

#define NGX_CR_MARK_PAGE    1
#define NGX_CR_MARK_JOB     2   /* in the table */
#define NGX_CR_MARK_LISTED  3   /* and in its list */


static uint32_t *ngx_cr_shm_bucket(ngx_cr_shm_store_t *store,
    const ngx_cr_job_id_t *id);
static void ngx_cr_shm_list_add(ngx_cr_shm_store_t *store,
    ngx_cr_shm_list_t *list, ngx_cr_shm_job_t *job);
static void ngx_cr_shm_list_cut(ngx_cr_shm_store_t *store,
    ngx_cr_shm_list_t *list, ngx_cr_shm_job_t *job);
static void ngx_cr_shm_mend(ngx_cr_shm_store_t *store);
static void ngx_cr_shm_mend_table(ngx_cr_shm_store_t *store);
static void ngx_cr_shm_mend_pages(ngx_cr_shm_store_t *store,
    ngx_cr_shm_job_t *job);
static void ngx_cr_shm_mend_list(ngx_cr_shm_store_t *store,
    ngx_cr_shm_list_t *list);
static void ngx_cr_shm_mend_missing(ngx_cr_shm_store_t *store);
static void ngx_cr_shm_mend_free(ngx_cr_shm_store_t *store);


ngx_cr_shm_store_t *
ngx_cr_shm_pages_create(ngx_slab_pool_t *shpool, ngx_log_t *log)
{
    size_t               size;
    ngx_uint_t           nbuckets;
    ngx_cr_shm_store_t  *store;

    size = (shpool->pfree - ngx_min(shpool->pfree, NGX_CR_ZONE_SPARE))
           * ngx_pagesize;

    for (nbuckets = 64; nbuckets * 2 * NGX_CR_PAGE_SIZE < size; nbuckets *= 2);

    store = ngx_slab_calloc(shpool, sizeof(ngx_cr_shm_store_t));
    if (store == NULL) {
        goto failed;
    }

    store->shpool = shpool;
    store->nbuckets = nbuckets;

    store->buckets = ngx_slab_calloc(shpool, nbuckets * sizeof(uint32_t));
    store->marks = ngx_slab_calloc(shpool, size / NGX_CR_PAGE_SIZE);

    if (store->buckets == NULL || store->marks == NULL
        || shpool->pfree <= NGX_CR_ZONE_SPARE)
    {
        goto failed;
    }

    size = (shpool->pfree - NGX_CR_ZONE_SPARE) * ngx_pagesize;

    store->pages = ngx_slab_alloc(shpool, size);
    if (store->pages == NULL) {
        goto failed;
    }

    store->npages = size / NGX_CR_PAGE_SIZE;
    store->fresh = 1;

    return store;

failed:

    ngx_log_error(NGX_LOG_EMERG, log, 0,
                  "coderemote: the zone is too small for the job store: make "
                  "coderemote_zone larger");

    return NULL;
}


void
ngx_cr_shm_lock(ngx_cr_shm_store_t *store)
{
    ngx_shmtx_lock(&store->shpool->mutex);

    if (store->changing) {
        ngx_cr_shm_mend(store);
    }
}


void
ngx_cr_shm_change(ngx_cr_shm_store_t *store)
{
    store->changing = 1;
    ngx_memory_barrier();
}


void
ngx_cr_shm_unlock(ngx_cr_shm_store_t *store)
{
    ngx_memory_barrier();
    store->changing = 0;

    ngx_shmtx_unlock(&store->shpool->mutex);
}


uint32_t
ngx_cr_shm_alloc(ngx_cr_shm_store_t *store)
{
    uint32_t        n;
    ngx_cr_page_t  *page;

    if (store->free == 0 && store->fresh == store->npages
        && store->done.first != 0)
    {
        ngx_cr_shm_remove(store, ngx_cr_shm_job(store, store->done.first));
    }

    if (store->free != 0) {
        n = store->free;
        store->free = ngx_cr_shm_page(store, n)->next;
        store->nfree--;

    } else if (store->fresh < store->npages) {
        n = store->fresh++;

    } else {
        return 0;
    }

    page = ngx_cr_shm_page(store, n);
    page->next = 0;
    page->used = sizeof(ngx_cr_page_t);

    return n;
}


/* They are one chain already: however many, it takes no time. */

void
ngx_cr_shm_free(ngx_cr_shm_store_t *store, uint32_t first, uint32_t last,
    uint32_t npages)
{
    ngx_cr_shm_page(store, last)->next = store->free;
    store->free = first;
    store->nfree += npages;
}


/* The ids are random, and nobody but this module draws them. */

static uint32_t *
ngx_cr_shm_bucket(ngx_cr_shm_store_t *store, const ngx_cr_job_id_t *id)
{
    uint32_t  hash;

    ngx_memcpy(&hash, id->bytes, sizeof(uint32_t));

    return &store->buckets[hash & (store->nbuckets - 1)];
}


ngx_cr_shm_job_t *
ngx_cr_shm_find(ngx_cr_shm_store_t *store, const ngx_cr_job_id_t *id)
{
    uint32_t           n;
    ngx_cr_shm_job_t  *job;

    for (n = *ngx_cr_shm_bucket(store, id); n != 0; n = job->chain) {
        job = ngx_cr_shm_job(store, n);

        if (ngx_cr_job_id_equal(&job->id, id)) {
            return job;
        }
    }

    return NULL;
}


void
ngx_cr_shm_insert(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job)
{
    uint32_t  *bucket;

    bucket = ngx_cr_shm_bucket(store, &job->id);
    job->chain = *bucket;

    ngx_memory_barrier();

    *bucket = ngx_cr_shm_number(store, job);

    ngx_cr_shm_list_add(store, ngx_cr_shm_list(store, job), job);
}


void
ngx_cr_shm_remove(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job)
{
    uint32_t   n, *link;

    ngx_cr_shm_list_cut(store, ngx_cr_shm_list(store, job), job);

    n = ngx_cr_shm_number(store, job);
    link = ngx_cr_shm_bucket(store, &job->id);

    while (*link != n) {
        link = &ngx_cr_shm_job(store, *link)->chain;
    }

    *link = job->chain;

    ngx_memory_barrier();

    ngx_cr_shm_free(store, n, job->log.last, job->log.npages);
}


void
ngx_cr_shm_retire(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job,
    ngx_cr_job_status_e status)
{
    store->ended++;

    ngx_cr_shm_list_cut(store, &store->unfinished, job);

    ngx_memory_barrier();

    job->status = status;

    ngx_memory_barrier();

    ngx_cr_shm_list_add(store, &store->done, job);
}


static void
ngx_cr_shm_list_add(ngx_cr_shm_store_t *store, ngx_cr_shm_list_t *list,
    ngx_cr_shm_job_t *job)
{
    uint32_t  n;

    n = ngx_cr_shm_number(store, job);

    job->next = 0;
    job->prev = list->last;

    ngx_memory_barrier();

    if (list->last != 0) {
        ngx_cr_shm_job(store, list->last)->next = n;

    } else {
        list->first = n;
    }

    list->last = n;
    list->count++;
}


static void
ngx_cr_shm_list_cut(ngx_cr_shm_store_t *store, ngx_cr_shm_list_t *list,
    ngx_cr_shm_job_t *job)
{
    if (job->prev != 0) {
        ngx_cr_shm_job(store, job->prev)->next = job->next;

    } else {
        list->first = job->next;
    }

    ngx_memory_barrier();

    if (job->next != 0) {
        ngx_cr_shm_job(store, job->next)->prev = job->prev;

    } else {
        list->last = job->prev;
    }

    list->count--;
}


/*
 * A worker died in a change.  May die in here too: the mark stands until the
 * unlock, and every step can be done again.
 */

static void
ngx_cr_shm_mend(ngx_cr_shm_store_t *store)
{
    ngx_memzero(store->marks, store->fresh);

    ngx_cr_shm_mend_table(store);
    ngx_cr_shm_mend_list(store, &store->unfinished);
    ngx_cr_shm_mend_list(store, &store->done);
    ngx_cr_shm_mend_missing(store);
    ngx_cr_shm_mend_free(store);

    /* who ended when may have changed: all are to be looked at again */

    store->ended += store->done.count;

    ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                  "coderemote: a worker died while it changed the job store: "
                  "mended, %uD unfinished and %uD done jobs, %uD of %uD pages "
                  "free", store->unfinished.count, store->done.count,
                  store->nfree + store->npages - store->fresh,
                  store->npages - 1);
}


static void
ngx_cr_shm_mend_table(ngx_cr_shm_store_t *store)
{
    uint32_t           i, *link;
    ngx_cr_shm_job_t  *job;

    for (i = 0; i < store->nbuckets; i++) {

        for (link = &store->buckets[i]; *link != 0; link = &job->chain) {

            if (*link >= store->fresh || store->marks[*link] != 0) {
                *link = 0;
                break;
            }

            job = ngx_cr_shm_job(store, *link);
            store->marks[*link] = NGX_CR_MARK_JOB;

            ngx_cr_shm_mend_pages(store, job);
        }
    }
}


static void
ngx_cr_shm_mend_pages(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job)
{
    uint32_t        n;
    ngx_cr_page_t  *page;

    ngx_cr_shm_log_mend(store, job);

    job->log.last = ngx_cr_shm_number(store, job);
    job->log.npages = 1;
    page = &job->page;

    for ( ;; ) {
        n = page->next;

        if (n == 0) {
            return;
        }

        if (n >= store->fresh || store->marks[n] != 0) {
            page->next = 0;
            return;
        }

        store->marks[n] = NGX_CR_MARK_PAGE;
        job->log.last = n;
        job->log.npages++;
        page = ngx_cr_shm_page(store, n);
    }
}


static void
ngx_cr_shm_mend_list(ngx_cr_shm_store_t *store, ngx_cr_shm_list_t *list)
{
    uint32_t           n, *link;
    ngx_cr_shm_job_t  *job;

    link = &list->first;
    list->last = 0;
    list->count = 0;

    for (n = *link; n != 0; n = *link) {

        if (n >= store->fresh || store->marks[n] != NGX_CR_MARK_JOB) {
            *link = 0;
            return;
        }

        job = ngx_cr_shm_job(store, n);

        if (ngx_cr_shm_list(store, job) != list) {
            *link = 0;
            return;
        }

        store->marks[n] = NGX_CR_MARK_LISTED;
        job->prev = list->last;
        list->last = n;
        list->count++;

        link = &job->next;
    }
}


static void
ngx_cr_shm_mend_missing(ngx_cr_shm_store_t *store)
{
    uint32_t           n;
    ngx_cr_shm_job_t  *job;

    for (n = 1; n < store->fresh; n++) {

        if (store->marks[n] == NGX_CR_MARK_JOB) {
            job = ngx_cr_shm_job(store, n);
            ngx_cr_shm_list_add(store, ngx_cr_shm_list(store, job), job);
        }
    }
}


static void
ngx_cr_shm_mend_free(ngx_cr_shm_store_t *store)
{
    uint32_t  n;

    store->free = 0;
    store->nfree = 0;

    for (n = store->fresh - 1; n > 0; n--) {

        if (store->marks[n] == 0) {
            ngx_cr_shm_page(store, n)->next = store->free;
            store->free = n;
            store->nfree++;
        }
    }
}
