
#include "ngx_cr_limits_local.h"


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
            cell->u.user.queued = 0;
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
                user->u.user.queued += cell->u.job.queued;
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


void
ngx_cr_limits_lock(ngx_cr_limits_zone_t *zone)
{
    ngx_shmtx_lock(&zone->shpool->mutex);

    if (zone->changing) {
        ngx_cr_limits_rebuild(zone);
    }

    zone->changing = 1;

    ngx_memory_barrier();
}


void
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


void
ngx_cr_limits_run(ngx_cr_limits_cell_t *job)
{
    job->u.job.user->u.user.queued -= job->u.job.queued;
    job->u.job.queued = 0;
}


void
ngx_cr_limits_leave(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *user)
{
    if (user->u.user.running == 0) {
        ngx_queue_insert_head(&zone->idle, &user->queue);
    }
}


void
ngx_cr_limits_drop(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *job)
{
    ngx_cr_limits_run(job);

    job->u.job.user->u.user.running--;

    ngx_queue_remove(&job->queue);
    ngx_cr_limits_free(zone, job);
}


void
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

        ngx_cr_limits_leave(zone, user);
    }

    ngx_cr_limits_unlock(zone);
}


void
ngx_cr_limits_zone_start(ngx_cr_limits_zone_t *zone)
{
    ngx_cr_limits_sweep(zone, 1);
}


uint64_t
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


ngx_cr_limits_cell_t *
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


void
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


ngx_cr_limits_cell_t *
ngx_cr_limits_job(ngx_cr_limits_zone_t *zone, ngx_cr_limits_cell_t *user,
    ngx_uint_t queued, ngx_cr_limits_state_t *state)
{
    ngx_cr_limits_cell_t  *job;

    job = ngx_cr_limits_alloc(zone, state);
    if (job == NULL) {
        return NULL;
    }

    job->u.job.user = user;
    job->u.job.pid = ngx_pid;
    job->u.job.queued = queued;

    ngx_memory_barrier();

    job->state = NGX_CR_CELL_JOB;

    ngx_queue_insert_tail(&user->u.user.jobs, &job->queue);
    user->u.user.running++;
    user->u.user.queued += queued;

    return job;
}
