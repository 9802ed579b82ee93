
/*
 * Doorbells: how one worker wakes another.  Data lives in shared memory; a
 * ring carries nothing but "look at what you watch", may come for no reason,
 * and many rings may be heard as one.
 *
 * The eventfds are made by the master before it forks, so that every worker
 * of every generation has them all; a worker takes a number that nobody alive
 * has.  A worker that finds none free looks ten times a second instead.
 */


#ifndef _NGX_CR_DOORBELL_H_INCLUDED_
#define _NGX_CR_DOORBELL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CR_DOORBELLS      128
#define NGX_CR_DOORBELL_NONE  NGX_CR_DOORBELLS


/* What a worker is to look for when it is rung at; for the store. */

enum {
    NGX_CR_PENDING_STOPS = 0,
    NGX_CR_PENDING_INPUTS,
    NGX_CR_PENDING_REPORTS,
    NGX_CR_PENDING_KINDS
};

/* Who has a doorbell.  `serial` is never the same for two claims. */

typedef struct {
    ngx_atomic_t   pid;        /* 0: nobody */
    ngx_atomic_t   serial;
    ngx_atomic_t   pending[NGX_CR_PENDING_KINDS];
    uint64_t       since;      /* for the store: jobs that had ended when the
                                  first of the pending reports came */
} ngx_cr_doorbell_slot_t;

/* In the zone. */

typedef struct {
    ngx_uint_t              stamp;    /* which set of eventfds belongs to it */
    ngx_atomic_t            serial;   /* the last one given */
    ngx_cr_doorbell_slot_t  slots[NGX_CR_DOORBELLS];
} ngx_cr_doorbells_t;

/* A worker, as it is recorded in shared memory. */

typedef struct {
    ngx_pid_t   pid;
    ngx_uint_t  number;        /* or NGX_CR_DOORBELL_NONE */
    ngx_uint_t  serial;
} ngx_cr_worker_t;

typedef void (*ngx_cr_doorbell_pt)(void *data);


/*
 * Makes the table in a new zone.  NULL: no memory.  From the zone's init
 * handler (ngx_cr_zone_add() does that).
 */
ngx_cr_doorbells_t *ngx_cr_doorbell_create(ngx_slab_pool_t *shpool);

/*
 * Life cycle; `zone` is coderemote_zone, NULL when there is none (then
 * nothing happens).  init_module and exit_master run in the master,
 * init_process and exit_process in a worker; other processes are left alone.
 * NGX_OK, or NGX_ERROR with the reason logged.
 */
ngx_int_t ngx_cr_doorbell_init_module(ngx_cycle_t *cycle,
    ngx_shm_zone_t *zone);
ngx_int_t ngx_cr_doorbell_init_process(ngx_cycle_t *cycle,
    ngx_shm_zone_t *zone);
void ngx_cr_doorbell_exit_process(ngx_cycle_t *cycle);
void ngx_cr_doorbell_exit_master(ngx_cycle_t *cycle);

/*
 * Calls handler(data) in this worker, in the event loop, after each ring; for
 * the rest of its life.  After init_process.  NGX_OK, or NGX_ERROR: too many.
 */
ngx_int_t ngx_cr_doorbell_on(ngx_cr_doorbell_pt handler, void *data);

/* Wakes the worker that has this number; NGX_CR_DOORBELL_NONE: nobody. */
void ngx_cr_doorbell_ring(ngx_uint_t number);

/* This worker; number NGX_CR_DOORBELL_NONE when it has no doorbell. */
const ngx_cr_worker_t *ngx_cr_doorbell_self(void);

/* 1 unless that worker is known to have ended.  Asks the kernel. */
ngx_uint_t ngx_cr_doorbell_alive(ngx_cr_doorbells_t *doorbells,
    const ngx_cr_worker_t *worker);


#endif /* _NGX_CR_DOORBELL_H_INCLUDED_ */
