
#include "ngx_cr_run_local.h"
#include "ngx_cr_outcome.h"


static void ngx_cr_run_timer_handler(ngx_event_t *ev);
static void ngx_cr_run_trickle_handler(ngx_event_t *ev);
static void ngx_cr_run_ready(void);
static ngx_int_t ngx_cr_run_frame(const cr_frame_t *frame,
    const u_char *payload);
static void ngx_cr_run_lost(void);
static void ngx_cr_run_over(void);


ngx_cr_runs_t  ngx_cr_runs;


const ngx_cr_helper_handlers_t  ngx_cr_run_helper_handlers = {
    ngx_cr_run_ready,
    ngx_cr_run_frame,
    ngx_cr_run_lost,
    ngx_cr_run_over
};


void
ngx_cr_run_init(ngx_log_t *log, void (*over)(void))
{
    ngx_cr_runs_t  *runs;

    runs = &ngx_cr_runs;

    ngx_memzero(runs, sizeof(ngx_cr_runs_t));

    runs->log = log;
    runs->over = over;

    ngx_rbtree_init(&runs->numbers, &runs->sentinel, ngx_rbtree_insert_value);
    ngx_queue_init(&runs->all);
}


static void
ngx_cr_run_over(void)
{
    ngx_cr_runs.over();
}


static void
ngx_cr_run_timer(ngx_cr_run_t *run, ngx_msec_t ms)
{
    /* nginx leaves a timer alone that would move by less than 300 ms */

    if (run->timer.timer_set) {
        ngx_del_timer(&run->timer);
    }

    ngx_add_timer(&run->timer, ms);
}


static void
ngx_cr_run_send(ngx_cr_run_t *run)
{
    run->sent = 1;
    run->tries++;
    run->credit = NGX_CR_RUN_CREDIT;
    run->ungranted = 0;

    ngx_cr_run_timer(run, NGX_CR_RUN_TURN);

    ngx_cr_helper_send(run->frame, run->frame_len);
}


void
ngx_cr_run_begin(ngx_cr_run_t *run)
{
    /* not cancelable: a worker that shuts down waits for its jobs */

    run->timer.handler = ngx_cr_run_timer_handler;
    run->timer.data = run;
    run->timer.log = ngx_cr_runs.log;

    /* cancelable: the other one is there as long as the run */

    run->trickle.handler = ngx_cr_run_trickle_handler;
    run->trickle.data = run;
    run->trickle.log = ngx_cr_runs.log;
    run->trickle.cancelable = 1;

    run->alive = 1;

    ngx_rbtree_insert(&ngx_cr_runs.numbers, &run->number);
    ngx_queue_insert_tail(&ngx_cr_runs.all, &run->queue);

    if (ngx_cr_helper_ready()) {
        ngx_cr_run_send(run);
        return;
    }

    ngx_cr_run_timer(run, NGX_CR_RUN_AWAY);
}


static void
ngx_cr_run_free_frame(ngx_cr_run_t *run)
{
    if (run->frame) {
        ngx_free(run->frame);
        run->frame = NULL;
    }
}


static void
ngx_cr_run_remove(ngx_cr_run_t *run)
{
    ngx_cr_run_free_frame(run);
    ngx_cr_run_input_free(run);

    if (!run->alive) {
        return;
    }

    run->alive = 0;

    ngx_rbtree_delete(&ngx_cr_runs.numbers, &run->number);
    ngx_queue_remove(&run->queue);

    if (run->timer.timer_set) {
        ngx_del_timer(&run->timer);
    }

    if (run->trickle.timer_set) {
        ngx_del_timer(&run->trickle);
    }
}


void
ngx_cr_run_drop(ngx_cr_run_t *run)
{
    if (run->alive && run->sent) {

        /* should the sandbox name it again, it is a number without a run */

        ngx_cr_runs.strays += run->credit + NGX_CR_RUN_STRAYS;

        if (!run->stopping) {
            ngx_cr_helper_send_frame(CR_MSG_STOP, 0, run->number.key, NULL, 0);
        }
    }

    ngx_cr_run_remove(run);
}


static void
ngx_cr_run_end(ngx_cr_run_t *run, ngx_uint_t end, char *reason)
{
    ngx_cr_outcome_t  outcome;

    ngx_cr_outcome_init(&outcome, end);

    if (reason) {
        outcome.reason.data = (u_char *) reason;
        outcome.reason.len = ngx_strlen(reason);
    }

    ngx_cr_run_drop(run);

    run->handlers->done(run, &outcome);
}


static void
ngx_cr_run_grant(ngx_cr_run_t *run, uint32_t bytes)
{
    u_char    grant[4];
    cr_put_t  put;

    cr_put_init(&put, grant, sizeof(grant));
    cr_put_u32(&put, bytes);

    ngx_cr_helper_send_frame(CR_MSG_CREDIT, 0, run->number.key, grant,
                             cr_put_len(&put));

    run->credit += bytes;
    run->ungranted -= bytes;
}


void
ngx_cr_run_slow(ngx_cr_run_t *run, ngx_uint_t slow)
{
    if (!run->alive || run->stopping || run->slow == !!slow) {
        return;
    }

    run->slow = !!slow;

    if (slow) {
        ngx_add_timer(&run->trickle, NGX_CR_RUN_PAUSE);
        return;
    }

    ngx_del_timer(&run->trickle);

    if (run->ungranted >= NGX_CR_RUN_GRANT) {
        ngx_cr_run_grant(run, run->ungranted);
    }
}


/* The sandbox throws away what an ended run could not send for 5 seconds. */

static void
ngx_cr_run_trickle_handler(ngx_event_t *ev)
{
    ngx_cr_run_t  *run = ev->data;

    if (run->ungranted) {
        ngx_cr_run_grant(run, ngx_min(run->ungranted, NGX_CR_RUN_GRANT));
    }

    ngx_add_timer(&run->trickle, NGX_CR_RUN_PAUSE);
}


/* It ends when RESULT comes, or its patience does. */

void
ngx_cr_run_halt(ngx_cr_run_t *run)
{
    if (run->stopping) {
        return;
    }

    ngx_cr_run_slow(run, 0);

    run->stopping = 1;

    if (run->sent) {
        ngx_cr_helper_send_frame(CR_MSG_STOP, 0, run->number.key, NULL, 0);
        ngx_cr_run_timer(run, NGX_CR_RUN_GRACE);
        return;
    }

    ngx_cr_run_end(run, NGX_CR_END_STOPPED, NULL);
}


static void
ngx_cr_run_timer_handler(ngx_event_t *ev)
{
    ngx_cr_run_t  *run = ev->data;

    if (!run->sent) {
        ngx_cr_run_end(run, NGX_CR_END_LOST,
                       "the sandbox ended and did not come back");
        return;
    }

    ngx_cr_run_end(run, NGX_CR_END_LOST,
                   run->started || run->stopping
                   ? "the sandbox did not answer in time"
                   : "no cell became free in time");
}


static void
ngx_cr_run_ready(void)
{
    ngx_queue_t   *q;
    ngx_cr_run_t  *run;

    for (q = ngx_queue_head(&ngx_cr_runs.all);
         q != ngx_queue_sentinel(&ngx_cr_runs.all);
         q = ngx_queue_next(q))
    {
        run = ngx_queue_data(q, ngx_cr_run_t, queue);

        if (!run->sent) {
            ngx_cr_run_send(run);
        }
    }
}


/* Whoever is told of the end of one may end others. */

static ngx_cr_run_t *
ngx_cr_run_doomed(void)
{
    ngx_queue_t   *q;
    ngx_cr_run_t  *run;

    for (q = ngx_queue_head(&ngx_cr_runs.all);
         q != ngx_queue_sentinel(&ngx_cr_runs.all);
         q = ngx_queue_next(q))
    {
        run = ngx_queue_data(q, ngx_cr_run_t, queue);

        if (run->doomed) {
            return run;
        }
    }

    return NULL;
}


/*
 * A run that began ended with its cell; nobody knows how far it had come, so
 * it is not begun again.  One that had not begun is for the next sandbox.
 */

static void
ngx_cr_run_lost(void)
{
    ngx_queue_t   *q;
    ngx_cr_run_t  *run;

    ngx_cr_runs.strays = 0;

    for (q = ngx_queue_head(&ngx_cr_runs.all);
         q != ngx_queue_sentinel(&ngx_cr_runs.all);
         q = ngx_queue_next(q))
    {
        run = ngx_queue_data(q, ngx_cr_run_t, queue);

        if (!run->sent) {
            continue;
        }

        run->sent = 0;

        if (run->started || run->stopping || run->tries == NGX_CR_RUN_TRIES) {
            run->doomed = 1;
            continue;
        }

        ngx_cr_run_timer(run, NGX_CR_RUN_AWAY);
    }

    for ( ;; ) {
        run = ngx_cr_run_doomed();

        if (run == NULL) {
            return;
        }

        if (run->stopping) {
            ngx_cr_run_end(run, NGX_CR_END_STOPPED, NULL);
            continue;
        }

        ngx_cr_run_end(run, NGX_CR_END_LOST,
                       run->started
                       ? "the sandbox ended while the job ran"
                       : "the sandbox ended each time before the job began");
    }
}


static ngx_int_t
ngx_cr_run_started(ngx_cr_run_t *run)
{
    if (run->started) {
        return NGX_ERROR;
    }

    run->started = 1;

    ngx_cr_run_free_frame(run);

    if (!run->stopping) {
        ngx_cr_run_timer(run, run->timeout_ms + NGX_CR_RUN_GRACE);
    }

    run->handlers->started(run);

    ngx_cr_run_feed(run);

    return NGX_OK;
}


/*
 * Artifacts are bounded by themselves, and no reader of the output waits for
 * them: they are granted anew at once.
 */

static ngx_int_t
ngx_cr_run_output(ngx_cr_run_t *run, const cr_frame_t *frame,
    const u_char *payload)
{
    if (!run->started || frame->length > run->credit
        || frame->length > CR_FRAME_DATA_MAX)
    {
        return NGX_ERROR;
    }

    switch (frame->flags) {

    case CR_STDOUT:
    case CR_STDERR:
        break;

    case CR_ARTIFACTS:
        if (frame->length > run->artifacts) {
            return NGX_ERROR;
        }

        run->artifacts -= frame->length;
        break;

    default:
        return NGX_ERROR;
    }

    run->handlers->output(run, frame->flags, payload, frame->length);

    run->credit -= frame->length;
    run->ungranted += frame->length;

    if (run->slow && frame->flags == CR_ARTIFACTS) {
        ngx_cr_run_grant(run, frame->length);

    } else if (run->ungranted >= NGX_CR_RUN_GRANT && !run->slow) {
        ngx_cr_run_grant(run, run->ungranted);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_run_result(ngx_cr_run_t *run, const cr_frame_t *frame,
    const u_char *payload)
{
    cr_result_t       result;
    ngx_cr_outcome_t  outcome;

    if (cr_result_unpack(payload, frame->length, &result) != 0) {
        return NGX_ERROR;
    }

    /* what was not handed over cannot have run */

    if (!run->started && result.end <= CR_END_MEMORY) {
        return NGX_ERROR;
    }

    ngx_cr_outcome_init(&outcome, result.end);

    outcome.flags = result.flags & (CR_RESULT_STDOUT_CUT
                                    |CR_RESULT_STDERR_CUT);
    outcome.signal = result.signal;
    outcome.exit_code = result.exit_code;
    outcome.run_us = result.run_us;
    outcome.cpu_us = result.cpu_us;
    outcome.peak = result.peak;
    outcome.reason.data = (u_char *) result.reason.data;
    outcome.reason.len = result.reason.len;
    outcome.claim.data = (u_char *) result.claim.data;
    outcome.claim.len = result.claim.len;

    ngx_cr_run_remove(run);

    run->handlers->done(run, &outcome);

    return NGX_OK;
}


/*
 * The sandbox may still speak of a run that was given up, as far as it was
 * granted; one that goes on and on about runs that are none would keep this
 * worker busy for ever.
 */

static ngx_int_t
ngx_cr_run_stray(const cr_frame_t *frame)
{
    uint32_t        bytes;
    ngx_cr_runs_t  *runs;

    runs = &ngx_cr_runs;
    bytes = ngx_max(frame->length, 1);

    if (bytes > runs->strays) {
        return NGX_ERROR;
    }

    runs->strays -= bytes;

    return NGX_OK;
}


ngx_rbtree_node_t *
ngx_cr_tree_find(ngx_rbtree_t *tree, ngx_rbtree_key_t key)
{
    ngx_rbtree_node_t  *node;

    node = tree->root;

    while (node != tree->sentinel && node->key != key) {
        node = (key < node->key) ? node->left : node->right;
    }

    return (node == tree->sentinel) ? NULL : node;
}


static ngx_int_t
ngx_cr_run_frame(const cr_frame_t *frame, const u_char *payload)
{
    ngx_cr_run_t       *run;
    ngx_rbtree_node_t  *node;

    node = ngx_cr_tree_find(&ngx_cr_runs.numbers, frame->job);

    if (node == NULL) {
        return ngx_cr_run_stray(frame);
    }

    run = ngx_rbtree_data(node, ngx_cr_run_t, number);

    switch (frame->type) {

    case CR_MSG_STARTED:
        return frame->length ? NGX_ERROR : ngx_cr_run_started(run);

    case CR_MSG_CREDIT:
        return ngx_cr_run_input_credit(run, frame, payload);

    case CR_MSG_OUTPUT:
        return ngx_cr_run_output(run, frame, payload);

    case CR_MSG_RESULT:
        return ngx_cr_run_result(run, frame, payload);

    default:
        return NGX_ERROR;
    }
}
