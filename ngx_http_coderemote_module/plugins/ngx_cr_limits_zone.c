
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
            uint64_t           full[NGX_CR_QUOTAS];  /* when all is there */
            u_char             key[NGX_CR_LIMITS_KEY];
        } user;

        struct {
            ngx_cr_limits_cell_t  *user;
            ngx_pid_t              pid;     /* the worker that runs it */
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


/* Nanoseconds; 0: what is used is given back and does not grow again. */

static const uint64_t  ngx_cr_limits_window[NGX_CR_QUOTAS] = {
    60 * NGX_CR_LIMITS_SECOND,
    0,
    86400 * NGX_CR_LIMITS_SECOND
};


static void ngx_cr_limits_insert(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel);
static void ngx_cr_limits_rebuild(ngx_cr_limits_zone_t *zone);


ngx_cr_limits_zone_t *
ngx_cr_limits_zone_create(ngx_slab_pool_t *shpool)
{
    size_t                 size;
    ngx_cr_limits_zone_t  *zone;

    size = shpool->pfree * ngx_pagesize;

    zone = ngx_slab_calloc(shpool, size);
    if (zone == NULL) {
        return NULL;
    }

    zone->shpool = shpool;
    zone->n = (size - sizeof(ngx_cr_limits_zone_t))
              / sizeof(ngx_cr_limits_cell_t);

    ngx_cr_limits_rebuild(zone);

    return zone;
}


/* A pid that is another process by now lets a job count until that ends. */

static ngx_uint_t
ngx_cr_limits_alive(ngx_pid_t pid)
{
    return pid == ngx_pid || kill(pid, 0) == 0 || ngx_errno != ESRCH;
}


static void
ngx_cr_limits_rebuild_users(ngx_cr_limits_zone_t *zone)
{
    ngx_uint_t             i;
    ngx_cr_limits_cell_t  *cell;

    for (i = 0; i < zone->n; i++) {
        cell = &zone->cells[i];

        if (cell->state == NGX_CR_CELL_USER) {
            ngx_queue_init(&cell->u.user.jobs);
            cell->u.user.running = 0;
            ngx_rbtree_insert(&zone->users, &cell->u.user.node);
        }
    }
}


static void
ngx_cr_limits_rebuild(ngx_cr_limits_zone_t *zone)
{
    ngx_uint_t             i;
    ngx_cr_limits_cell_t  *cell, *user;

    ngx_rbtree_init(&zone->users, &zone->sentinel, ngx_cr_limits_insert);
    ngx_queue_init(&zone->idle);
    ngx_queue_init(&zone->free);

    ngx_cr_limits_rebuild_users(zone);

    for (i = 0; i < zone->n; i++) {
        cell = &zone->cells[i];

        if (cell->state == NGX_CR_CELL_JOB) {

            if (ngx_cr_limits_alive(cell->u.job.pid)) {
                user = cell->u.job.user;
                ngx_queue_insert_tail(&user->u.user.jobs, &cell->queue);
                user->u.user.running++;
                continue;
            }

            cell->state = NGX_CR_CELL_FREE;
        }

        if (cell->state == NGX_CR_CELL_FREE) {
            ngx_queue_insert_tail(&zone->free, &cell->queue);
        }
    }

    for (i = 0; i < zone->n; i++) {
        cell = &zone->cells[i];

        if (cell->state == NGX_CR_CELL_USER && cell->u.user.running == 0) {
            ngx_queue_insert_head(&zone->idle, &cell->queue);
        }
    }
}


static void
ngx_cr_limits_lock(ngx_cr_limits_zone_t *zone)
{
    ngx_shmtx_lock(&zone->shpool->mutex);

    if (zone->changing) {
        ngx_cr_limits_rebuild(zone);
    }

    zone->changing = 1;

    ngx_memory_barrier();
}


static void
ngx_cr_limits_unlock(ngx_cr_limits_zone_t *zone)
{
    ngx_memory_barrier();

    zone->changing = 0;

    ngx_shmtx_unlock(&zone->shpool->mutex);
}


static void
ngx_cr_limits_free(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *cell)
{
    cell->state = NGX_CR_CELL_FREE;
    ngx_queue_insert_head(&zone->free, &cell->queue);
}


/* Whoever calls it makes the user idle whose last job it was. */

static void
ngx_cr_limits_drop(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *job)
{
    job->u.job.user->u.user.running--;

    ngx_queue_remove(&job->queue);
    ngx_cr_limits_free(zone, job);
}


static void
ngx_cr_limits_sweep(ngx_cr_limits_zone_t *zone, ngx_uint_t starting)
{
    ngx_uint_t             i;
    ngx_cr_limits_cell_t  *cell, *user;

    ngx_cr_limits_lock(zone);

    for (i = 0; i < zone->n; i++) {
        cell = &zone->cells[i];

        /* a worker that starts has none yet: the pid was another's */

        if (cell->state != NGX_CR_CELL_JOB
            || (ngx_cr_limits_alive(cell->u.job.pid)
                && !(starting && cell->u.job.pid == ngx_pid)))
        {
            continue;
        }

        user = cell->u.job.user;

        ngx_cr_limits_drop(zone, cell);

        if (user->u.user.running == 0) {
            ngx_queue_insert_head(&zone->idle, &user->queue);
        }
    }

    ngx_cr_limits_unlock(zone);
}


void
ngx_cr_limits_zone_start(ngx_cr_limits_zone_t *zone)
{
    ngx_cr_limits_sweep(zone, 1);
}


static uint64_t
ngx_cr_limits_now(void)
{
    return (uint64_t) ngx_current_msec * (NGX_CR_LIMITS_SECOND / 1000);
}


/* A free cell, if need be that of the user who has been idle longest. */

static ngx_cr_limits_cell_t *
ngx_cr_limits_alloc(ngx_cr_limits_zone_t *zone, ngx_cr_limits_state_t *state)
{
    uint64_t               now;
    ngx_uint_t             i;
    ngx_queue_t           *q;
    ngx_cr_limits_cell_t  *cell;

    if (!ngx_queue_empty(&zone->free)) {
        q = ngx_queue_head(&zone->free);
        ngx_queue_remove(q);

        return ngx_queue_data(q, ngx_cr_limits_cell_t, queue);
    }

    if (ngx_queue_empty(&zone->idle)) {
        return NULL;
    }

    q = ngx_queue_last(&zone->idle);
    cell = ngx_queue_data(q, ngx_cr_limits_cell_t, queue);
    now = ngx_cr_limits_now();

    for (i = 0; i < NGX_CR_QUOTAS; i++) {
        if (cell->u.user.full[i] > now) {
            state->forgot = 1;
        }
    }

    cell->state = NGX_CR_CELL_FREE;

    ngx_queue_remove(q);
    ngx_rbtree_delete(&zone->users, &cell->u.user.node);

    return cell;
}


static void
ngx_cr_limits_insert(ngx_rbtree_node_t *temp, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel)
{
    ngx_rbtree_node_t     **p;
    ngx_cr_limits_cell_t   *a, *b;

    for ( ;; ) {

        if (node->key != temp->key) {
            p = node->key < temp->key ? &temp->left : &temp->right;

        } else {
            a = ngx_rbtree_data(node, ngx_cr_limits_cell_t, u.user.node);
            b = ngx_rbtree_data(temp, ngx_cr_limits_cell_t, u.user.node);

            p = ngx_memcmp(a->u.user.key, b->u.user.key, NGX_CR_LIMITS_KEY) < 0
                ? &temp->left : &temp->right;
        }

        if (*p == sentinel) {
            break;
        }

        temp = *p;
    }

    *p = node;
    node->parent = temp;
    node->left = sentinel;
    node->right = sentinel;
    ngx_rbt_red(node);
}


static ngx_cr_limits_cell_t *
ngx_cr_limits_find(ngx_cr_limits_zone_t *zone, ngx_rbtree_key_t hash,
    const u_char *key)
{
    ngx_int_t              rc;
    ngx_rbtree_node_t     *node;
    ngx_cr_limits_cell_t  *user;

    node = zone->users.root;

    while (node != &zone->sentinel) {

        if (hash != node->key) {
            node = hash < node->key ? node->left : node->right;
            continue;
        }

        user = ngx_rbtree_data(node, ngx_cr_limits_cell_t, u.user.node);

        rc = ngx_memcmp(key, user->u.user.key, NGX_CR_LIMITS_KEY);

        if (rc == 0) {
            return user;
        }

        node = rc < 0 ? node->left : node->right;
    }

    return NULL;
}


/* The user is not among the idle ones afterwards, so that he is not evicted. */

static ngx_cr_limits_cell_t *
ngx_cr_limits_user(ngx_cr_limits_zone_t *zone, const u_char *key,
    ngx_cr_limits_state_t *state)
{
    uint32_t               hash;
    ngx_cr_limits_cell_t  *user;

    hash = ngx_crc32_short((u_char *) key, NGX_CR_LIMITS_KEY);

    user = ngx_cr_limits_find(zone, hash, key);

    if (user) {
        if (user->u.user.running == 0) {
            ngx_queue_remove(&user->queue);
        }

        return user;
    }

    user = ngx_cr_limits_alloc(zone, state);
    if (user == NULL) {
        return NULL;
    }

    ngx_memzero(&user->u.user, sizeof(user->u.user));
    ngx_memcpy(user->u.user.key, key, NGX_CR_LIMITS_KEY);
    ngx_queue_init(&user->u.user.jobs);
    user->u.user.node.key = hash;

    ngx_memory_barrier();

    user->state = NGX_CR_CELL_USER;

    ngx_rbtree_insert(&zone->users, &user->u.user.node);

    return user;
}


static void
ngx_cr_limits_bury(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *user)
{
    ngx_queue_t           *q, *next;
    ngx_cr_limits_cell_t  *job;

    for (q = ngx_queue_head(&user->u.user.jobs);
         q != ngx_queue_sentinel(&user->u.user.jobs);
         q = next)
    {
        next = ngx_queue_next(q);
        job = ngx_queue_data(q, ngx_cr_limits_cell_t, queue);

        if (!ngx_cr_limits_alive(job->u.job.pid)) {
            ngx_cr_limits_drop(zone, job);
        }
    }
}


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
    ngx_uint_t  i, some;

    some = 1;

    for (i = 0; i < NGX_CR_QUOTAS; i++) {

        if (limits[i] == 0) {
            continue;
        }

        if (ngx_cr_limits_window[i]) {
            ngx_cr_limits_meter(user, i, limits[i], state);

        } else if (user->u.user.running < limits[i]) {
            state->left[i] = limits[i] - user->u.user.running;

        } else {
            state->left[i] = 0;
            state->wait[i] = 1;
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


static ngx_cr_limits_cell_t *
ngx_cr_limits_job(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *user,
    ngx_cr_limits_state_t *state)
{
    ngx_cr_limits_cell_t  *job;

    job = ngx_cr_limits_alloc(zone, state);
    if (job == NULL) {
        return NULL;
    }

    job->u.job.user = user;
    job->u.job.pid = ngx_pid;

    ngx_memory_barrier();

    job->state = NGX_CR_CELL_JOB;

    ngx_queue_insert_tail(&user->u.user.jobs, &job->queue);
    user->u.user.running++;

    return job;
}


static ngx_int_t
ngx_cr_limits_take_locked(ngx_cr_limits_zone_t *zone,
    ngx_cr_limits_cell_t *user, const ngx_uint_t *limits,
    ngx_cr_limits_state_t *state, ngx_cr_limits_cell_t **job)
{
    if (limits[NGX_CR_QUOTA_RUNNING]
        && user->u.user.running >= limits[NGX_CR_QUOTA_RUNNING])
    {
        ngx_cr_limits_bury(zone, user);
    }

    if (!ngx_cr_limits_look(user, limits, state)) {
        return NGX_DECLINED;
    }

    if (limits[NGX_CR_QUOTA_RUNNING] || limits[NGX_CR_QUOTA_CPU]) {
        *job = ngx_cr_limits_job(zone, user, state);

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

        if (user->u.user.running == 0) {
            ngx_queue_insert_head(&zone->idle, &user->queue);
        }
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

    if (user->u.user.running == 0) {
        ngx_queue_insert_head(&zone->idle, &user->queue);
    }

    ngx_cr_limits_unlock(zone);
}
