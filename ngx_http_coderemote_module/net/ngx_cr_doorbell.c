
#include "ngx_cr_doorbell.h"

#include <ngx_event.h>
#include <sys/eventfd.h>


#define NGX_CR_DOORBELL_HANDLERS  8
#define NGX_CR_DOORBELL_LOOK      100   /* milliseconds without a doorbell */


typedef struct {
    ngx_cr_doorbell_pt   handler;
    void                *data;
} ngx_cr_doorbell_handler_t;


static ngx_cr_doorbells_t *ngx_cr_doorbell_table(ngx_shm_zone_t *zone);
static ngx_int_t ngx_cr_doorbell_open(ngx_uint_t stamp, ngx_log_t *log);
static void ngx_cr_doorbell_close(void);
static void ngx_cr_doorbell_claim(ngx_cr_doorbells_t *doorbells);
static ngx_int_t ngx_cr_doorbell_listen(ngx_cycle_t *cycle);
static void ngx_cr_doorbell_heard(ngx_event_t *ev);
static void ngx_cr_doorbell_look(ngx_event_t *ev);
static void ngx_cr_doorbell_call(void);


/*
 * The master's set, inherited by all.  `stamp` is that of the table it was
 * made for: the workers of an earlier zone must not listen at the same ones.
 */

static ngx_fd_t                    ngx_cr_doorbell_fds[NGX_CR_DOORBELLS];
static ngx_uint_t                  ngx_cr_doorbell_stamp;
static ngx_uint_t                  ngx_cr_doorbell_stamps;

/* This worker's. */

static ngx_cr_doorbells_t         *ngx_cr_doorbells;
static ngx_cr_worker_t             ngx_cr_worker = {
    0, NGX_CR_DOORBELL_NONE, 0
};
static ngx_connection_t           *ngx_cr_doorbell_connection;
static ngx_connection_t            ngx_cr_doorbell_dummy;
static ngx_event_t                 ngx_cr_doorbell_timer;
static ngx_cr_doorbell_handler_t
    ngx_cr_doorbell_handlers[NGX_CR_DOORBELL_HANDLERS];
static ngx_uint_t                  ngx_cr_doorbell_nhandlers;


ngx_cr_doorbells_t *
ngx_cr_doorbell_create(ngx_slab_pool_t *shpool)
{
    ngx_cr_doorbells_t  *doorbells;

    doorbells = ngx_slab_calloc(shpool, sizeof(ngx_cr_doorbells_t));
    if (doorbells == NULL) {
        return NULL;
    }

    doorbells->stamp = ++ngx_cr_doorbell_stamps;

    return doorbells;
}


/* The table's address is the first word of what the zone's data points to. */

static ngx_cr_doorbells_t *
ngx_cr_doorbell_table(ngx_shm_zone_t *zone)
{
    ngx_cr_doorbells_t  **place;

    if (zone == NULL || zone->data == NULL) {
        return NULL;
    }

    place = zone->data;

    return *place;
}


ngx_int_t
ngx_cr_doorbell_init_module(ngx_cycle_t *cycle, ngx_shm_zone_t *zone)
{
    ngx_cr_doorbells_t  *doorbells;

    doorbells = ngx_cr_doorbell_table(zone);

    if (doorbells == NULL || ngx_test_config) {
        return NGX_OK;
    }

    return ngx_cr_doorbell_open(doorbells->stamp, cycle->log);
}


static ngx_int_t
ngx_cr_doorbell_open(ngx_uint_t stamp, ngx_log_t *log)
{
    ngx_fd_t    fd;
    ngx_uint_t  i;

    if (ngx_cr_doorbell_stamp == stamp) {
        return NGX_OK;
    }

    ngx_cr_doorbell_close();

    for (i = 0; i < NGX_CR_DOORBELLS; i++) {

        fd = eventfd(0, EFD_NONBLOCK|EFD_CLOEXEC);

        if (fd == -1) {
            ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                          "coderemote: eventfd() failed after %ui of %d: "
                          "raise worker_rlimit_nofile and the limit of open "
                          "files nginx is started with", i, NGX_CR_DOORBELLS);

            while (i-- > 0) {
                (void) close(ngx_cr_doorbell_fds[i]);
            }

            return NGX_ERROR;
        }

        ngx_cr_doorbell_fds[i] = fd;
    }

    ngx_cr_doorbell_stamp = stamp;

    return NGX_OK;
}


static void
ngx_cr_doorbell_close(void)
{
    ngx_uint_t  i;

    if (ngx_cr_doorbell_stamp == 0) {
        return;
    }

    for (i = 0; i < NGX_CR_DOORBELLS; i++) {
        (void) close(ngx_cr_doorbell_fds[i]);
    }

    ngx_cr_doorbell_stamp = 0;
}


ngx_int_t
ngx_cr_doorbell_init_process(ngx_cycle_t *cycle, ngx_shm_zone_t *zone)
{
    ngx_event_t         *timer;
    ngx_cr_doorbells_t  *doorbells;

    doorbells = ngx_cr_doorbell_table(zone);

    if (doorbells == NULL
        || (ngx_process != NGX_PROCESS_WORKER
            && ngx_process != NGX_PROCESS_SINGLE))
    {
        return NGX_OK;
    }

    /* a master that could not make them has ended, or goes on with these */

    if (ngx_cr_doorbell_open(doorbells->stamp, cycle->log) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_cr_doorbells = doorbells;
    ngx_cr_doorbell_nhandlers = 0;

    ngx_cr_doorbell_claim(doorbells);

    if (ngx_cr_worker.number != NGX_CR_DOORBELL_NONE) {
        return ngx_cr_doorbell_listen(cycle);
    }

    ngx_log_error(NGX_LOG_WARN, cycle->log, 0,
                  "coderemote: all %d doorbells are taken by workers that "
                  "still run: this one looks every %d ms instead; see why "
                  "old workers do not leave after a reload "
                  "(worker_shutdown_timeout)", NGX_CR_DOORBELLS,
                  NGX_CR_DOORBELL_LOOK);

    timer = &ngx_cr_doorbell_timer;
    ngx_cr_doorbell_dummy.fd = (ngx_socket_t) -1;

    ngx_memzero(timer, sizeof(ngx_event_t));
    timer->handler = ngx_cr_doorbell_look;
    timer->log = cycle->log;
    timer->data = &ngx_cr_doorbell_dummy;
    timer->cancelable = 1;

    ngx_add_timer(timer, NGX_CR_DOORBELL_LOOK);

    return NGX_OK;
}


/*
 * The pid is the claim, so it comes last but for the serial: a table whose
 * claimant died in between has a dead pid, or none, and is claimed again.
 * Until the serial is there, somebody may take the jobs of the slot's earlier
 * owner for alive; not for longer.
 */

static void
ngx_cr_doorbell_claim(ngx_cr_doorbells_t *doorbells)
{
    ngx_uint_t               i;
    ngx_atomic_uint_t        pid;
    ngx_cr_doorbell_slot_t  *slot;

    ngx_cr_worker.pid = ngx_pid;
    ngx_cr_worker.number = NGX_CR_DOORBELL_NONE;
    ngx_cr_worker.serial = ngx_atomic_fetch_add(&doorbells->serial, 1) + 1;

    for (i = 0; i < NGX_CR_DOORBELLS; i++) {
        slot = &doorbells->slots[i];
        pid = slot->pid;

        if (pid != 0 && pid != (ngx_atomic_uint_t) ngx_pid
            && (kill((ngx_pid_t) pid, 0) == 0 || ngx_errno != ESRCH))
        {
            continue;
        }

        if (!ngx_atomic_cmp_set(&slot->pid, pid,
                                (ngx_atomic_uint_t) ngx_pid))
        {
            continue;
        }

        slot->serial = ngx_cr_worker.serial;
        ngx_memzero((void *) slot->pending, sizeof(slot->pending));
        ngx_cr_worker.number = i;

        return;
    }
}


/*
 * Marked as a channel: nginx has nothing to say about it at its end, and like
 * a channel it keeps no worker from leaving, for it has no timer.
 */

static ngx_int_t
ngx_cr_doorbell_listen(ngx_cycle_t *cycle)
{
    ngx_event_t       *rev;
    ngx_connection_t  *c;

    c = ngx_get_connection(ngx_cr_doorbell_fds[ngx_cr_worker.number],
                           cycle->log);
    if (c == NULL) {
        return NGX_ERROR;
    }

    c->pool = cycle->pool;

    rev = c->read;
    rev->log = cycle->log;
    rev->handler = ngx_cr_doorbell_heard;
    rev->channel = 1;

    c->write->log = cycle->log;
    c->write->channel = 1;

    if (ngx_add_event(rev, NGX_READ_EVENT, NGX_LEVEL_EVENT) != NGX_OK) {
        ngx_free_connection(c);
        c->fd = (ngx_socket_t) -1;
        return NGX_ERROR;
    }

    ngx_cr_doorbell_connection = c;

    return NGX_OK;
}


void
ngx_cr_doorbell_exit_process(ngx_cycle_t *cycle)
{
    ngx_connection_t        *c;
    ngx_cr_doorbell_slot_t  *slot;

    c = ngx_cr_doorbell_connection;

    if (c != NULL) {
        (void) ngx_del_event(c->read, NGX_READ_EVENT, 0);

        if (c->read->posted) {
            ngx_delete_posted_event(c->read);
        }

        ngx_free_connection(c);
        c->fd = (ngx_socket_t) -1;

        ngx_cr_doorbell_connection = NULL;
    }

    if (ngx_cr_doorbell_timer.timer_set) {
        ngx_del_timer(&ngx_cr_doorbell_timer);
    }

    if (ngx_cr_worker.number != NGX_CR_DOORBELL_NONE) {
        slot = &ngx_cr_doorbells->slots[ngx_cr_worker.number];

        (void) ngx_atomic_cmp_set(&slot->pid, (ngx_atomic_uint_t) ngx_pid, 0);

        ngx_cr_worker.number = NGX_CR_DOORBELL_NONE;
    }
}


void
ngx_cr_doorbell_exit_master(ngx_cycle_t *cycle)
{
    ngx_cr_doorbell_close();
}


static void
ngx_cr_doorbell_heard(ngx_event_t *ev)
{
    uint64_t           rings;
    ngx_connection_t  *c;

    c = ev->data;

    /* emptied before the handlers look, so that a later ring is not lost */

    if (read(c->fd, &rings, sizeof(uint64_t)) == -1 && ngx_errno != NGX_EAGAIN
        && ngx_errno != NGX_EINTR)
    {
        ngx_log_error(NGX_LOG_ALERT, ev->log, ngx_errno,
                      "coderemote: read() from a doorbell failed");
    }

    ngx_cr_doorbell_call();
}


static void
ngx_cr_doorbell_look(ngx_event_t *ev)
{
    if (!ev->timedout) {
        return;
    }

    ev->timedout = 0;

    ngx_cr_doorbell_call();

    ngx_add_timer(ev, NGX_CR_DOORBELL_LOOK);
}


static void
ngx_cr_doorbell_call(void)
{
    ngx_uint_t  i;

    for (i = 0; i < ngx_cr_doorbell_nhandlers; i++) {
        ngx_cr_doorbell_handlers[i].handler(ngx_cr_doorbell_handlers[i].data);
    }
}


ngx_int_t
ngx_cr_doorbell_on(ngx_cr_doorbell_pt handler, void *data)
{
    ngx_cr_doorbell_handler_t  *h;

    if (ngx_cr_doorbell_nhandlers == NGX_CR_DOORBELL_HANDLERS) {
        return NGX_ERROR;
    }

    h = &ngx_cr_doorbell_handlers[ngx_cr_doorbell_nhandlers++];
    h->handler = handler;
    h->data = data;

    return NGX_OK;
}


/* A full counter cannot be: it would take 2^64 rings unheard. */

void
ngx_cr_doorbell_ring(ngx_uint_t number)
{
    uint64_t  one;

    if (number >= NGX_CR_DOORBELLS || ngx_cr_doorbell_stamp == 0) {
        return;
    }

    one = 1;

    if (write(ngx_cr_doorbell_fds[number], &one, sizeof(uint64_t)) == -1) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, ngx_errno,
                      "coderemote: write() to doorbell %ui failed", number);
    }
}


const ngx_cr_worker_t *
ngx_cr_doorbell_self(void)
{
    return &ngx_cr_worker;
}


ngx_uint_t
ngx_cr_doorbell_alive(ngx_cr_doorbells_t *doorbells,
    const ngx_cr_worker_t *worker)
{
    if (worker->pid == ngx_pid && worker->serial == ngx_cr_worker.serial) {
        return 1;
    }

    /* somebody else has its doorbell: the pid, if any, is another process */

    if (worker->number < NGX_CR_DOORBELLS
        && doorbells->slots[worker->number].serial != worker->serial)
    {
        return 0;
    }

    return kill(worker->pid, 0) == 0 || ngx_errno != ESRCH;
}
