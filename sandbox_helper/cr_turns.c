
/*
 * Whose job is next.  Users with waiting jobs stand in a ring and take turns,
 * one job each.  A user who runs many jobs leaves room for others: the more
 * run, the more slots must be free for one more, so that a first job of
 * somebody else finds a slot even while another has a hundred waiting.
 */

#include "cr_supervisor.h"

#include <stdlib.h>


static cr_user_t **
cr_user_bucket(cr_runner_t *runner, uint64_t key)
{
    return &runner->users[cr_hash(key)];
}


static cr_user_t *
cr_user_get(cr_runner_t *runner, uint64_t key)
{
    cr_user_t  *user, **bucket;

    bucket = cr_user_bucket(runner, key);

    for (user = *bucket; user; user = user->hash) {
        if (user->key == key) {
            return user;
        }
    }

    user = calloc(1, sizeof(cr_user_t));

    if (user) {
        user->key = key;
        user->hash = *bucket;
        *bucket = user;
    }

    return user;
}


/* Behind the one whose turn it is now, which is: last. */

static void
cr_ring_enter(cr_runner_t *runner, cr_user_t *user)
{
    if (runner->turn == NULL) {
        user->prev = user->next = user;
        runner->turn = user;
        return;
    }

    user->next = runner->turn;
    user->prev = runner->turn->prev;
    user->prev->next = user;
    user->next->prev = user;
}


static void
cr_ring_leave(cr_runner_t *runner, cr_user_t *user)
{
    if (runner->turn == user) {
        runner->turn = user->next == user ? NULL : user->next;
    }

    user->prev->next = user->next;
    user->next->prev = user->prev;
    user->prev = user->next = NULL;
}


static void
cr_user_put(cr_runner_t *runner, cr_user_t *user)
{
    cr_user_t  **p;

    if (user->first || user->running) {
        return;
    }

    for (p = cr_user_bucket(runner, user->key); *p != user; p = &(*p)->hash) {
        /* void */
    }

    *p = user->hash;
    free(user);
}


void
cr_turns_add(cr_job_t *job)
{
    cr_user_t    *user;
    cr_runner_t  *runner;

    runner = job->runner;
    user = job->user;

    job->prev = user->last;

    if (user->first) {
        user->last->next = job;

    } else {
        user->first = job;
        cr_ring_enter(runner, user);
    }

    user->last = job;
    runner->waiting++;
    cr_super.waiting++;
}


int
cr_turns_user(cr_job_t *job, uint64_t key)
{
    job->user = cr_user_get(job->runner, key);

    return job->user ? 0 : -1;
}


/* Takes a waiting job out, wherever it stands. */

static void
cr_turns_take(cr_job_t *job)
{
    cr_user_t  *user;

    user = job->user;

    if (job->prev) {
        job->prev->next = job->next;

    } else {
        user->first = job->next;
    }

    if (job->next) {
        job->next->prev = job->prev;

    } else {
        user->last = job->prev;
    }

    job->prev = job->next = NULL;

    if (user->first == NULL) {
        cr_ring_leave(job->runner, user);
    }

    job->runner->waiting--;
    cr_super.waiting--;
}


void
cr_turns_remove(cr_job_t *job)
{
    cr_turns_take(job);
    cr_user_put(job->runner, job->user);
}


void
cr_turns_done(cr_job_t *job)
{
    job->user->running--;
    cr_user_put(job->runner, job->user);
}


static int
cr_turns_may(const cr_runner_t *runner, const cr_user_t *user)
{
    unsigned  left;

    left = runner->nslots - runner->running;

    return user->running == 0 || left > (user->running + 3) / 4;
}


/* The next in the ring that may; NULL when all must wait. */

static cr_user_t *
cr_turns_next(cr_runner_t *runner)
{
    cr_user_t  *user;

    user = runner->turn;

    do {
        if (cr_turns_may(runner, user)) {
            return user;
        }

        user = user->next;

    } while (user != runner->turn);

    return NULL;
}


void
cr_turns_run(cr_runner_t *runner)
{
    int         taken;
    cr_job_t   *job;
    cr_slot_t  *slot;
    cr_user_t  *user;

    taken = 0;

    while (runner->turn && runner->parked && !cr_super.leaving) {

        user = cr_turns_next(runner);

        if (user == NULL) {
            break;
        }

        slot = runner->parked;
        runner->parked = slot->free;
        runner->nparked--;

        job = user->first;
        runner->turn = user->next;
        user->running++;

        cr_turns_take(job);
        cr_slot_run(slot, job);
        taken = 1;
    }

    if (taken || (runner->turn && runner->parked == NULL)) {
        cr_runner_fill(runner);
    }
}


void
cr_turns_refuse(cr_runner_t *runner, const char *reason)
{
    cr_job_t  *job;

    while (runner->turn) {
        job = runner->turn->first;

        cr_turns_remove(job);
        cr_client_refuse(job, reason);
    }
}
