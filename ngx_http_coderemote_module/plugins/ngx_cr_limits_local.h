
/*
 * The cells of the zone of the limits: what its two files share, and nobody
 * else sees.  All but the first two functions are for who has the lock.
 */


#ifndef _NGX_CR_LIMITS_LOCAL_H_INCLUDED_
#define _NGX_CR_LIMITS_LOCAL_H_INCLUDED_


#include "ngx_cr_limits_zone.h"


#define NGX_CR_LIMITS_SECOND  ((uint64_t) 1000000000)


typedef enum {
    NGX_CR_CELL_FREE = 0,
    NGX_CR_CELL_USER,
    NGX_CR_CELL_JOB
} ngx_cr_cell_e;

struct ngx_cr_limits_cell_s {
    ngx_atomic_t               state;       /* ngx_cr_cell_e; written last */
    ngx_queue_t                queue;       /* of free cells, of users without
                                               jobs, or of a user's jobs */
    union {
        struct {
            ngx_rbtree_node_t  node;        /* by a hash of the key */
            ngx_queue_t        jobs;
            ngx_uint_t         running;     /* how many these are */
            ngx_uint_t         queued;      /* of them, that wait */
            uint64_t           full[NGX_CR_QUOTAS];  /* when all is there */
            u_char             key[NGX_CR_LIMITS_KEY];
        } user;

        struct {
            ngx_cr_limits_cell_t  *user;
            ngx_pid_t              pid;     /* the worker that runs it */
            ngx_uint_t             queued;  /* unsigned  queued:1; */
        } job;
    } u;
};

struct ngx_cr_limits_zone_s {
    ngx_slab_pool_t           *shpool;
    ngx_atomic_t               changing;    /* who has the lock is at work */
    ngx_rbtree_t               users;
    ngx_rbtree_node_t          sentinel;
    ngx_queue_t                idle;        /* users without jobs, the last
                                               used first */
    ngx_queue_t                free;
    ngx_uint_t                 n;
    ngx_cr_limits_cell_t       cells[];
};


/* ngx_cr_limits_zone.c */
void ngx_cr_limits_lock(ngx_cr_limits_zone_t *zone);
void ngx_cr_limits_unlock(ngx_cr_limits_zone_t *zone);

/* Drops all jobs of workers that died.  Takes the lock itself. */
void ngx_cr_limits_sweep(ngx_cr_limits_zone_t *zone, ngx_uint_t starting);

/*
 * The user of the key, made if need be.  He is not among the idle ones then,
 * so that he is not evicted.  NULL: no room.
 */
ngx_cr_limits_cell_t *ngx_cr_limits_user(ngx_cr_limits_zone_t *zone,
    const u_char *key, ngx_cr_limits_state_t *state);

/* Whoever has no job any more is among the idle ones. */
void ngx_cr_limits_leave(ngx_cr_limits_zone_t *zone,
    ngx_cr_limits_cell_t *user);

/* A job more of the user.  NULL: no room. */
ngx_cr_limits_cell_t *ngx_cr_limits_job(ngx_cr_limits_zone_t *zone,
    ngx_cr_limits_cell_t *user, ngx_uint_t queued,
    ngx_cr_limits_state_t *state);
/* It waits no longer. */
void ngx_cr_limits_run(ngx_cr_limits_cell_t *job);
/* It is gone. */
void ngx_cr_limits_drop(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *job);
/* Drops the user's jobs of workers that died. */
void ngx_cr_limits_bury(ngx_cr_limits_zone_t *zone,
    ngx_cr_limits_cell_t *user);

uint64_t ngx_cr_limits_now(void);


#endif /* _NGX_CR_LIMITS_LOCAL_H_INCLUDED_ */
