
/*
 * The shared memory store's memory: equal pages, the table of jobs over them,
 * and their order.
 *
 * A worker can be killed at any instruction, and the master then opens the
 * mutex that it held.  So what the dead worker was changing must be mendable:
 * the chains of the table (a job belongs to the store when it is in its
 * chain) and the pages of a job are linked and unlinked with one final store;
 * all else (who comes after whom, what is free, how many there are) can be
 * told from these, and is, by whoever finds the mark of an unfinished change.
 * What is written to a job's log is kept whole or not at all: how far the log
 * went is noted before.
 *
 * A page is named by its number; 0 is none.
 */


#ifndef _NGX_CR_SHM_PAGES_H_INCLUDED_
#define _NGX_CR_SHM_PAGES_H_INCLUDED_


#include "ngx_cr_shm_store.h"


#define NGX_CR_PAGE_SIZE     4096
#define NGX_CR_CLAIM_INLINE  256    /* bytes; most claims are 14 */

/* Pages of the zone that are left to others. */
#define NGX_CR_ZONE_SPARE    16

/* More streams of a job's log, not shown: a long claim, and what is read. */
#define NGX_CR_LOG_CLAIM     4
#define NGX_CR_LOG_INPUT     5
#define NGX_CR_LOG_STREAMS   6      /* 0 is none */


typedef struct {
    uint32_t             next;     /* page of the same job, or free page */
    uint32_t             used;     /* bytes of this page, this head included */
} ngx_cr_page_t;


/* One bit a doorbell number. */

typedef struct {
    uint64_t             bits[NGX_CR_DOORBELLS / 64];
} ngx_cr_watchers_t;


/* How far a job's log goes. */

typedef struct {
    uint32_t             last;     /* page that is written to */
    uint32_t             npages;
    uint32_t             segment;  /* offset there of the last segment */
    uint32_t             closed;   /* no more input may come */
    uint64_t             written[NGX_CR_LOG_STREAMS];   /* bytes */
} ngx_cr_shm_log_t;


/* A job is the head of its first page. */

typedef struct {
    ngx_cr_page_t        page;

    uint32_t             chain;    /* next job of the same bucket */
    uint32_t             next;     /* jobs of the same list */
    uint32_t             prev;
    uint32_t             claim_page;
    uint32_t             claim_pos;
    uint32_t             claim_len;
    uint64_t             serial;   /* never the same for two jobs */

    ngx_cr_shm_log_t     log;
    ngx_cr_shm_log_t     undo;     /* the log before a change that has begun */
    uint32_t             undo_used;    /* of its last page; 0: none has */

    ngx_cr_job_id_t      id;
    u_char               owner[NGX_CR_OWNER_SIZE];
    u_char               language[NGX_CR_LANGUAGE_MAX];
    uint8_t              language_len;

    uint8_t              status;   /* ngx_cr_job_status_e */
    uint8_t              stop;     /* asked for */
    uint8_t              told;     /* to the owner */
    uint8_t              fed;      /* input came; cleared when told */
    uint8_t              reported; /* to the connection */

    ngx_cr_limits_t      limits;
    uint64_t             input;    /* bytes of it that may be added */
    uint64_t             extras;   /* bytes of them that are kept at most */
    ngx_cr_connection_id_t  connection;
    ngx_cr_worker_t      worker;
    ngx_cr_watchers_t    watchers;

    uint64_t             created_at;
    uint64_t             started_at;
    uint64_t             completed_at;

    uint8_t              end;
    uint8_t              flags;
    uint8_t              signal;
    int32_t              exit_code;
    uint64_t             run_us;
    uint64_t             cpu_us;
    uint64_t             peak;
    uint16_t             reason_len;
    u_char               reason[NGX_CR_REASON_SIZE];
    u_char               claim[NGX_CR_CLAIM_INLINE];
} ngx_cr_shm_job_t;


/* Walked by `next` alone; the rest follows from it. */

typedef struct {
    uint32_t             first;
    uint32_t             last;
    uint32_t             count;
} ngx_cr_shm_list_t;


struct ngx_cr_shm_store_s {
    ngx_slab_pool_t     *shpool;   /* its mutex is the store's */
    u_char              *pages;
    uint32_t            *buckets;
    u_char              *marks;    /* one a page, for mending */
    uint32_t             npages;   /* numbers are below it */
    uint32_t             nbuckets; /* a power of two */

    volatile uint32_t    changing; /* a change has begun and not ended */

    uint32_t             fresh;    /* pages from here on were never used */
    uint32_t             free;
    uint32_t             nfree;    /* in the list `free` */
    uint64_t             serial;
    uint64_t             swept_at; /* microseconds */
    uint64_t             ended;    /* jobs, ever; or more */

    ngx_cr_shm_list_t    unfinished;
    ngx_cr_shm_list_t    done;     /* in the order of their ends */
};


#define ngx_cr_shm_page(store, n)                                             \
    ((ngx_cr_page_t *) ((store)->pages + (size_t) (n) * NGX_CR_PAGE_SIZE))

#define ngx_cr_shm_job(store, n)                                              \
    ((ngx_cr_shm_job_t *) ngx_cr_shm_page(store, n))

#define ngx_cr_shm_number(store, job)                                         \
    ((uint32_t) (((u_char *) (job) - (store)->pages) / NGX_CR_PAGE_SIZE))

#define ngx_cr_shm_list(store, job)                                           \
    (ngx_cr_job_done((job)->status) ? &(store)->done : &(store)->unfinished)


/* Makes a store of what is left of the pool.  NULL: too little (logged). */
ngx_cr_shm_store_t *ngx_cr_shm_pages_create(ngx_slab_pool_t *shpool,
    ngx_log_t *log);

/*
 * The mutex.  Between ngx_cr_shm_change() and the unlock the structure may be
 * changed; without it only plain fields of a job may.
 */
void ngx_cr_shm_lock(ngx_cr_shm_store_t *store);
void ngx_cr_shm_change(ngx_cr_shm_store_t *store);
void ngx_cr_shm_unlock(ngx_cr_shm_store_t *store);

/* All below: with the mutex held. */

/*
 * A page with nothing in it, at the cost of the oldest done job if need be; 0:
 * all are taken by unfinished jobs.
 */
uint32_t ngx_cr_shm_alloc(ngx_cr_shm_store_t *store);

/* Frees a chain of pages that nothing leads to any more. */
void ngx_cr_shm_free(ngx_cr_shm_store_t *store, uint32_t first, uint32_t last,
    uint32_t npages);

ngx_cr_shm_job_t *ngx_cr_shm_find(ngx_cr_shm_store_t *store,
    const ngx_cr_job_id_t *id);

/* Puts a job, filled but for its links, into table and list. */
void ngx_cr_shm_insert(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job);

/* Frees the job and all of its pages. */
void ngx_cr_shm_remove(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job);

/* Sets a done status. */
void ngx_cr_shm_retire(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job,
    ngx_cr_job_status_e status);


/*
 * ngx_cr_shm_log.c: a job's log, segments of streams over its pages.
 *
 * From begin to commit all of it is one change.  Who finds no room for the
 * rest takes it back by undo; mend does when its worker died, but leaves pages
 * that were added to the rest of the mending.
 */
void ngx_cr_shm_log_begin(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job);
void ngx_cr_shm_log_commit(ngx_cr_shm_job_t *job);
void ngx_cr_shm_log_undo(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job);
void ngx_cr_shm_log_mend(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job);

/*
 * Adds a part of the bytes, within one page, counts it and answers its length;
 * 0: no page can be had.
 */
size_t ngx_cr_shm_log_put(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job,
    ngx_uint_t stream, const u_char *data, size_t len);

/* Adds all, between begin and commit.  NGX_ERROR: no room, it was undone. */
ngx_int_t ngx_cr_shm_log_all(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job,
    ngx_uint_t stream, const u_char *data, size_t len);

/* Sets the cursor to the log's beginning. */
void ngx_cr_shm_log_start(ngx_cr_shm_store_t *store, ngx_cr_shm_job_t *job,
    ngx_cr_cursor_t *cursor);

/*
 * Finds the next bytes, moving the cursor to them but not past them, and
 * answers their stream; 0: there are none yet.
 */
ngx_uint_t ngx_cr_shm_log_next(ngx_cr_shm_store_t *store,
    ngx_cr_cursor_t *cursor, u_char **data, size_t *len);


#endif /* _NGX_CR_SHM_PAGES_H_INCLUDED_ */
