
/* How much of the limits a user has used, and what is left of them. */

#include "ngx_cr_limits_local.h"


/* Nanoseconds; 0: what is used is given back and does not grow again. */

static const uint64_t  ngx_cr_limits_window[NGX_CR_QUOTAS] = {
    60 * NGX_CR_LIMITS_SECOND,
    0,
    0,
    86400 * NGX_CR_LIMITS_SECOND
};


static ngx_uint_t
ngx_cr_limits_seconds(uint64_t ns)
{
    return (ns + NGX_CR_LIMITS_SECOND - 1) / NGX_CR_LIMITS_SECOND;
}


/*
 * A request needs room for all of itself, a program only some CPU: what it
 * uses is known afterwards, and may be more than was left.
 */

static void
ngx_cr_limits_meter(ngx_cr_limits_cell_t *user, ngx_uint_t i, ngx_uint_t limit,
    ngx_cr_limits_state_t *state)
{
    uint64_t  now, used, window, one, need;

    now = ngx_cr_limits_now();
    window = ngx_cr_limits_window[i];

    one = window / limit;
    need = (i == NGX_CR_QUOTA_CPU) ? 1 : one;
    used = user->u.user.full[i] > now ? user->u.user.full[i] - now : 0;

    state->reset[i] = ngx_cr_limits_seconds(used);

    if (used + need > window) {
        state->left[i] = 0;
        state->wait[i] = ngx_cr_limits_seconds(used + need - window);

    } else {
        state->left[i] = (window - used + one - need) / one;
    }
}


/* 1: all that is limited has something left. */

static ngx_uint_t
ngx_cr_limits_look(ngx_cr_limits_cell_t *user, const ngx_uint_t *limits,
    ngx_cr_limits_state_t *state)
{
    ngx_uint_t  i, some, held;

    some = 1;

    for (i = 0; i < NGX_CR_QUOTAS; i++) {

        if (limits[i] == 0) {
            continue;
        }

        if (ngx_cr_limits_window[i]) {
            ngx_cr_limits_meter(user, i, limits[i], state);

        } else {
            held = (i == NGX_CR_QUOTA_QUEUED) ? user->u.user.queued
                                              : user->u.user.running;
            state->left[i] = limits[i] - ngx_min(held, limits[i]);
            state->wait[i] = (state->left[i] == 0);
        }

        some = some && state->left[i];
    }

    return some;
}


/* Whoever used more than all of it does not wait longer than a window. */

static void
ngx_cr_limits_use(ngx_cr_limits_cell_t *user, ngx_uint_t i, ngx_uint_t limit,
    double amount)
{
    double    used;
    uint64_t  now, window;

    now = ngx_cr_limits_now();
    window = ngx_cr_limits_window[i];

    used = amount * (double) (window / limit);

    if (user->u.user.full[i] > now) {
        used += (double) (user->u.user.full[i] - now);
    }

    user->u.user.full[i] = now + (uint64_t) ngx_min(used, 2.0 * window);
}


static ngx_int_t
ngx_cr_limits_take_locked(ngx_cr_limits_zone_t *zone,
    ngx_cr_limits_cell_t *user, const ngx_uint_t *limits,
    ngx_cr_limits_state_t *state, ngx_cr_limits_cell_t **job)
{
    ngx_uint_t  queued;

    queued = (limits[NGX_CR_QUOTA_QUEUED] != 0);

    if ((limits[NGX_CR_QUOTA_RUNNING]
         && user->u.user.running >= limits[NGX_CR_QUOTA_RUNNING])
        || (queued && user->u.user.queued >= limits[NGX_CR_QUOTA_QUEUED]))
    {
        ngx_cr_limits_bury(zone, user);
    }

    if (!ngx_cr_limits_look(user, limits, state)) {
        return NGX_DECLINED;
    }

    if (limits[NGX_CR_QUOTA_RUNNING] || queued || limits[NGX_CR_QUOTA_CPU]) {
        *job = ngx_cr_limits_job(zone, user, queued, state);

        if (*job == NULL) {
            return NGX_ERROR;
        }
    }

    if (limits[NGX_CR_QUOTA_REQUESTS]) {
        ngx_cr_limits_use(user, NGX_CR_QUOTA_REQUESTS,
                          limits[NGX_CR_QUOTA_REQUESTS], 1);
    }

    (void) ngx_cr_limits_look(user, limits, state);

    return NGX_OK;
}


static ngx_int_t
ngx_cr_limits_try(ngx_cr_limits_zone_t *zone, const u_char *key,
    const ngx_uint_t *limits, ngx_cr_limits_state_t *state,
    ngx_cr_limits_cell_t **job)
{
    ngx_int_t              rc;
    ngx_cr_limits_cell_t  *user;

    ngx_memzero(state, sizeof(ngx_cr_limits_state_t));
    *job = NULL;

    ngx_cr_limits_lock(zone);

    rc = NGX_ERROR;
    user = ngx_cr_limits_user(zone, key, state);

    if (user) {
        rc = ngx_cr_limits_take_locked(zone, user, limits, state, job);

        ngx_cr_limits_leave(zone, user);
    }

    ngx_cr_limits_unlock(zone);

    return rc;
}


ngx_int_t
ngx_cr_limits_take(ngx_cr_limits_zone_t *zone, const u_char *key,
    const ngx_uint_t *limits, ngx_cr_limits_state_t *state,
    ngx_cr_limits_cell_t **job)
{
    ngx_int_t  rc;

    rc = ngx_cr_limits_try(zone, key, limits, state, job);

    if (rc == NGX_ERROR) {
        ngx_cr_limits_sweep(zone, 0);

        rc = ngx_cr_limits_try(zone, key, limits, state, job);
    }

    return rc;
}


void
ngx_cr_limits_begin(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *job)
{
    ngx_cr_limits_lock(zone);

    ngx_cr_limits_run(job);

    ngx_cr_limits_unlock(zone);
}


void
ngx_cr_limits_give(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *job,
    const ngx_uint_t *limits, uint64_t cpu_us)
{
    ngx_cr_limits_cell_t  *user;

    ngx_cr_limits_lock(zone);

    user = job->u.job.user;

    if (limits[NGX_CR_QUOTA_CPU]) {
        ngx_cr_limits_use(user, NGX_CR_QUOTA_CPU, limits[NGX_CR_QUOTA_CPU],
                          (double) cpu_us / 1000000);
    }

    ngx_cr_limits_drop(zone, job);
    ngx_cr_limits_leave(zone, user);

    ngx_cr_limits_unlock(zone);
}
