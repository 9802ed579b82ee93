
/* Waiting for, and stopping, jobs of this worker and of others. */

#include "ngx_cr_job_local.h"


#define NGX_CR_JOB_STOPS  16

/*
 * A job whose worker was killed while it shut down ends without a ring: it is
 * looked at so often, in milliseconds.
 */
#define NGX_CR_JOB_LOOK   1000

/*
 * A ring does not say which job it is for.  So many are looked at at once; of
 * more, a millisecond passes for each so many before they are looked at again,
 * so that what thousands of them write cannot keep this worker busy.
 */
#define NGX_CR_JOB_LOOKS  64


static void ngx_cr_job_look_handler(ngx_event_t *ev);
static void ngx_cr_job_tell_handler(ngx_event_t *ev);


ngx_int_t
ngx_cr_job_wait_init(ngx_log_t *log)
{
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;

    ngx_rbtree_init(&jobs->watches, &jobs->watches_sentinel,
                    ngx_rbtree_insert_value);
    ngx_queue_init(&jobs->watched);
    ngx_queue_init(&jobs->news);

    jobs->look.handler = ngx_cr_job_look_handler;
    jobs->look.data = jobs;
    jobs->look.log = log;
    jobs->look.cancelable = 1;

    jobs->tell.handler = ngx_cr_job_tell_handler;
    jobs->tell.data = jobs;
    jobs->tell.log = log;

    jobs->view = ngx_create_pool(1024, log);

    return jobs->view ? NGX_OK : NGX_ERROR;
}


/* To be called, as soon as nobody is in the midst of something. */

void
ngx_cr_job_tell(ngx_queue_t *waiters)
{
    ngx_queue_t          *q;
    ngx_cr_job_waiter_t  *waiter;

    for (q = ngx_queue_head(waiters);
         q != ngx_queue_sentinel(waiters);
         q = ngx_queue_next(q))
    {
        waiter = ngx_queue_data(q, ngx_cr_job_waiter_t, queue);

        if (!waiter->live || waiter->due) {
            continue;
        }

        waiter->due = 1;
        ngx_queue_insert_tail(&ngx_cr_jobs.news, &waiter->news);

        ngx_post_event(&ngx_cr_jobs.tell, &ngx_posted_events);
    }
}


static void
ngx_cr_job_told(ngx_cr_job_waiter_t *waiter)
{
    if (waiter->due) {
        waiter->due = 0;
        ngx_queue_remove(&waiter->news);
    }
}


static void
ngx_cr_job_tell_handler(ngx_event_t *ev)
{
    ngx_cr_jobs_t        *jobs = ev->data;
    ngx_cr_job_waiter_t  *waiter;

    while (!ngx_queue_empty(&jobs->news)) {
        waiter = ngx_queue_data(ngx_queue_head(&jobs->news),
                                ngx_cr_job_waiter_t, news);

        ngx_cr_job_told(waiter);

        waiter->handler(waiter);
    }
}


static void
ngx_cr_job_dequeue(ngx_cr_job_waiter_t *waiter)
{
    ngx_queue_remove(&waiter->queue);
    waiter->queued = 0;
    waiter->watch = NULL;

    ngx_cr_job_told(waiter);
}


void
ngx_cr_job_wake(ngx_queue_t *waiters)
{
    ngx_cr_job_waiter_t  *waiter;

    while (!ngx_queue_empty(waiters)) {
        waiter = ngx_queue_data(ngx_queue_head(waiters), ngx_cr_job_waiter_t,
                                queue);

        ngx_cr_job_dequeue(waiter);

        waiter->handler(waiter);
    }
}


ngx_int_t
ngx_cr_job_stop(const ngx_cr_job_id_t *id)
{
    ngx_cr_job_t  *job;

    job = ngx_cr_job_by_id(id);

    if (job) {
        ngx_cr_job_halt(job);
        return NGX_OK;
    }

    return ngx_cr_jobs.store->cancel(id);
}


ngx_int_t
ngx_cr_job_look(const ngx_cr_job_id_t *id, ngx_cr_job_view_t *view)
{
    ngx_int_t  rc;

    rc = ngx_cr_jobs.store->get(id, ngx_cr_jobs.view, 0, view);

    ngx_reset_pool(ngx_cr_jobs.view);

    return rc;
}


/* The store knows of this worker alone, not how many wait in it. */

static ngx_cr_job_watch_t *
ngx_cr_job_watch(const ngx_cr_job_id_t *id)
{
    ngx_cr_jobs_t       *jobs;
    ngx_rbtree_node_t   *node;
    ngx_cr_job_watch_t  *watch;

    jobs = &ngx_cr_jobs;

    node = ngx_cr_tree_find(&jobs->watches, ngx_cr_job_key(id));

    if (node) {
        watch = ngx_rbtree_data(node, ngx_cr_job_watch_t, name);

        if (ngx_cr_job_id_equal(&watch->id, id)) {
            return watch;
        }
    }

    watch = ngx_calloc(sizeof(ngx_cr_job_watch_t), jobs->log);
    if (watch == NULL) {
        return NULL;
    }

    watch->id = *id;
    watch->name.key = ngx_cr_job_key(id);
    ngx_queue_init(&watch->waiters);

    ngx_rbtree_insert(&jobs->watches, &watch->name);
    ngx_queue_insert_tail(&jobs->watched, &watch->queue);
    jobs->nwatched++;

    return watch;
}


static void
ngx_cr_job_unwatch(ngx_cr_job_watch_t *watch)
{
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;

    jobs->store->unwatch(&watch->id);

    ngx_rbtree_delete(&jobs->watches, &watch->name);
    ngx_queue_remove(&watch->queue);
    jobs->nwatched--;

    ngx_free(watch);
}


/* Watch first, then look: nothing is missed. */

static ngx_int_t
ngx_cr_job_wait_remote(ngx_cr_job_watch_t *watch)
{
    ngx_int_t          rc;
    ngx_uint_t         first;
    ngx_cr_job_view_t  view;

    first = ngx_queue_empty(&watch->waiters);

    if (first && ngx_cr_jobs.store->watch(&watch->id) != NGX_OK) {
        return NGX_DECLINED;
    }

    rc = ngx_cr_job_look(&watch->id, &view);

    if (rc != NGX_OK) {
        return rc;
    }

    /* the others who wait may not know of this yet */

    if (first) {
        watch->status = view.status;
        watch->log = view.log;
    }

    return ngx_cr_job_done(view.status) ? NGX_DONE : NGX_OK;
}


ngx_int_t
ngx_cr_job_wait(ngx_cr_job_waiter_t *waiter)
{
    ngx_int_t            rc;
    ngx_cr_job_t        *job;
    ngx_cr_jobs_t       *jobs;
    ngx_cr_job_watch_t  *watch;

    jobs = &ngx_cr_jobs;

    waiter->watch = NULL;

    job = ngx_cr_job_by_id(&waiter->id);

    if (job) {
        waiter->queued = 1;
        ngx_queue_insert_tail(&job->waiters, &waiter->queue);
        return NGX_OK;
    }

    watch = ngx_cr_job_watch(&waiter->id);
    if (watch == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_cr_job_wait_remote(watch);

    if (rc != NGX_OK) {

        if (ngx_queue_empty(&watch->waiters)) {
            ngx_cr_job_unwatch(watch);
        }

        return rc;
    }

    waiter->queued = 1;
    waiter->watch = watch;
    ngx_queue_insert_tail(&watch->waiters, &waiter->queue);

    if (!jobs->look.timer_set) {
        ngx_add_timer(&jobs->look, NGX_CR_JOB_LOOK);
    }

    return NGX_OK;
}


void
ngx_cr_job_unwait(ngx_cr_job_waiter_t *waiter)
{
    ngx_cr_job_watch_t  *watch;

    if (!waiter->queued) {
        return;
    }

    watch = waiter->watch;

    ngx_cr_job_dequeue(waiter);

    if (watch && ngx_queue_empty(&watch->waiters)) {
        ngx_cr_job_unwatch(watch);
    }
}


/* Looks at a job of another worker; when it has ended, at it no more. */

static void
ngx_cr_job_look_at(ngx_cr_job_watch_t *watch, ngx_queue_t *ended)
{
    ngx_int_t             rc;
    ngx_queue_t          *q;
    ngx_cr_job_view_t     view;
    ngx_cr_job_waiter_t  *waiter;

    rc = ngx_cr_job_look(&watch->id, &view);

    if (rc == NGX_ERROR) {
        return;
    }

    if (rc == NGX_OK && !ngx_cr_job_done(view.status)) {

        if (view.status != watch->status || view.log != watch->log) {
            watch->status = view.status;
            watch->log = view.log;

            ngx_cr_job_tell(&watch->waiters);
        }

        return;
    }

    while (!ngx_queue_empty(&watch->waiters)) {
        q = ngx_queue_head(&watch->waiters);
        ngx_queue_remove(q);
        ngx_queue_insert_tail(ended, q);

        waiter = ngx_queue_data(q, ngx_cr_job_waiter_t, queue);
        waiter->watch = NULL;
    }

    ngx_cr_job_unwatch(watch);
}


static void
ngx_cr_job_look_timer(ngx_msec_t ms)
{
    ngx_event_t  *look;

    look = &ngx_cr_jobs.look;

    /* nginx leaves a timer alone that would move by less than 300 ms */

    if (look->timer_set) {
        ngx_del_timer(look);
    }

    ngx_add_timer(look, ms);
}


static void
ngx_cr_job_look_handler(ngx_event_t *ev)
{
    ngx_queue_t     ended, *q, *next;
    ngx_cr_jobs_t  *jobs = ev->data;

    jobs->looked = ngx_current_msec;

    ngx_queue_init(&ended);

    for (q = ngx_queue_head(&jobs->watched);
         q != ngx_queue_sentinel(&jobs->watched);
         q = next)
    {
        next = ngx_queue_next(q);

        ngx_cr_job_look_at(ngx_queue_data(q, ngx_cr_job_watch_t, queue),
                           &ended);
    }

    ngx_cr_job_wake(&ended);

    if (jobs->nwatched) {
        ngx_cr_job_look_timer(NGX_CR_JOB_LOOK);
    }
}


static void
ngx_cr_job_look_around(void)
{
    ngx_msec_t      pause, since;
    ngx_cr_jobs_t  *jobs;

    jobs = &ngx_cr_jobs;

    pause = jobs->nwatched / NGX_CR_JOB_LOOKS;
    since = ngx_current_msec - jobs->looked;

    if (since >= pause) {
        ngx_cr_job_look_handler(&jobs->look);
        return;
    }

    ngx_cr_job_look_timer(pause - since);
}


void
ngx_cr_job_ring_handler(void *data)
{
    ngx_uint_t        i, n;
    ngx_cr_job_t     *job;
    ngx_cr_jobs_t    *jobs = data;
    ngx_cr_job_id_t   ids[NGX_CR_JOB_STOPS];

    if (jobs->store == NULL) {
        return;
    }

    do {
        n = jobs->store->cancelled(ids, NGX_CR_JOB_STOPS);

        for (i = 0; i < n; i++) {
            job = ngx_cr_job_by_id(&ids[i]);

            if (job) {
                ngx_cr_job_halt(job);
            }
        }

    } while (n == NGX_CR_JOB_STOPS);

    ngx_cr_job_feed_all();

    if (jobs->nwatched) {
        ngx_cr_job_look_around();
    }
}


/* Nobody is called any more, but may still call unwait. */

void
ngx_cr_job_wait_exit(void)
{
    ngx_cr_jobs_t        *jobs;
    ngx_cr_job_watch_t   *watch;
    ngx_cr_job_waiter_t  *waiter;

    jobs = &ngx_cr_jobs;

    while (!ngx_queue_empty(&jobs->watched)) {
        watch = ngx_queue_data(ngx_queue_head(&jobs->watched),
                               ngx_cr_job_watch_t, queue);

        while (!ngx_queue_empty(&watch->waiters)) {
            waiter = ngx_queue_data(ngx_queue_head(&watch->waiters),
                                    ngx_cr_job_waiter_t, queue);

            ngx_cr_job_dequeue(waiter);
        }

        ngx_cr_job_unwatch(watch);
    }

    if (jobs->look.timer_set) {
        ngx_del_timer(&jobs->look);
    }

    if (jobs->tell.posted) {
        ngx_delete_posted_event(&jobs->tell);
    }

    ngx_destroy_pool(jobs->view);
}
