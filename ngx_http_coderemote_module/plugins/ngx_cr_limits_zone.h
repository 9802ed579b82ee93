
/*
 * What each user has used of the limits, in shared memory.
 *
 * A zone is one array of cells; each is free, a user or an unfinished job of
 * one.  The cells themselves are always whole; tree and lists say nothing that
 * is not in them, and are made anew by the next one who takes the lock when a
 * worker died with it.  So jobs of dead workers are found and dropped, and no
 * count of running ones outlives whom it counted.
 *
 * What is used up by and by (requests, CPU) is one number for a user: the
 * moment when all of it will be there again.
 */


#ifndef _NGX_CR_LIMITS_ZONE_H_INCLUDED_
#define _NGX_CR_LIMITS_ZONE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


enum {
    NGX_CR_QUOTA_REQUESTS = 0,    /* a minute */
    NGX_CR_QUOTA_RUNNING,         /* unfinished at a time */
    NGX_CR_QUOTA_QUEUED,          /* of these, that wait for a cell */
    NGX_CR_QUOTA_CPU,             /* seconds a day */
    NGX_CR_QUOTAS
};

#define NGX_CR_LIMITS_KEY  17

typedef struct ngx_cr_limits_zone_s  ngx_cr_limits_zone_t;
typedef struct ngx_cr_limits_cell_s  ngx_cr_limits_cell_t;

/* How a user stands, once he was asked about. */

typedef struct {
    ngx_uint_t   left[NGX_CR_QUOTAS];
    ngx_uint_t   reset[NGX_CR_QUOTAS];   /* seconds until all is there again */
    ngx_uint_t   wait[NGX_CR_QUOTAS];    /* seconds until some is, if none */
    ngx_uint_t   forgot;                 /* another user, to make room, who
                                            had used something */
} ngx_cr_limits_state_t;


/* In the master: the zone's memory becomes cells.  NULL: it is too small. */
ngx_cr_limits_zone_t *ngx_cr_limits_zone_create(ngx_slab_pool_t *shpool);

/* In a worker that starts: drops the jobs of those that died. */
void ngx_cr_limits_zone_start(ngx_cr_limits_zone_t *zone);

/*
 * A job more of `key`, within limits of which 0 is none.  NGX_OK: *job is to
 * be given back, or NULL if nobody needs to; NGX_DECLINED: what state->left
 * has 0 of is used up; NGX_ERROR: no room.
 */
ngx_int_t ngx_cr_limits_take(ngx_cr_limits_zone_t *zone, const u_char *key,
    const ngx_uint_t *limits, ngx_cr_limits_state_t *state,
    ngx_cr_limits_cell_t **job);

/* It waits for a cell no longer. */
void ngx_cr_limits_begin(ngx_cr_limits_zone_t *zone,
    ngx_cr_limits_cell_t *job);

/* It ended, and used so much CPU.  limits: as in take. */
void ngx_cr_limits_give(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *job,
    const ngx_uint_t *limits, uint64_t cpu_us);


#endif /* _NGX_CR_LIMITS_ZONE_H_INCLUDED_ */
