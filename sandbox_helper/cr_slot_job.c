
/*
 * A job in its slot: the hand-over to the parked cell, its input and output,
 * its end, and what the kernel says of it.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"
#include "cr_test.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/wait.h>


#define CR_MERCY         20000       /* us between SIGUSR1 and SIGKILL */
#define CR_MERCY_EXEC    500000      /* the same, where an init has to wait for
                                        its processes, or their time is lost */

/*
 * What a job that ended has left in its pipes is little; a worker that does
 * not ask for it so long will not, and the slot is others', too.
 */

#define CR_DRAIN         5000000     /* us */


static void cr_slot_finish(cr_slot_t *slot);


static void
cr_slot_reason(cr_slot_t *slot, const char *text)
{
    slot->end.reason.data = (const unsigned char *) text;
    slot->end.reason.len = strlen(text);
}


/* Sends the hand-over as far as the pipe takes it; the rest when it can. */

static void
cr_slot_work(cr_slot_t *slot)
{
    cr_job_t  *job;

    job = slot->job;

    if (cr_queue_write(&job->program, slot->work.fd) == 0) {
        cr_event_watch(&slot->work, 0);
        cr_queue_free(&job->program);
        cr_super.programs -= job->size;
        job->size = 0;

    } else if (errno == EAGAIN) {
        cr_event_watch(&slot->work, EPOLLOUT);

    } else {
        /* Nobody reads: the cell died, and its end tells the rest. */
        cr_event_watch(&slot->work, 0);
    }
}


void
cr_slot_work_event(cr_event_t *ev, uint32_t events)
{
    cr_slot_t  *slot;

    (void) events;

    slot = ev->data;

    if (slot->job) {
        cr_slot_work(slot);
    }
}


/* The JOB frame, in the room that there is for it before the program. */

static void
cr_slot_pack(cr_slot_t *slot, cr_job_t *job)
{
    cr_put_t       put;
    cr_frame_t     frame;
    cr_handover_t  handover;

    memset(&frame, 0, sizeof(frame));
    frame.type = CR_MSG_JOB;
    frame.length = CR_HANDOVER_SIZE;
    cr_frame_encode(job->program.data, &frame);

    handover.timeout_ms = job->timeout_ms;
    handover.program_size = (uint32_t) job->size;

    /* Threads need address space by the gigabyte: the cgroup counts theirs. */

    handover.address_space = slot->runner->profile.threads
                             ? 0 : slot->zygote->space + job->memory;

    cr_put_init(&put, job->program.data + CR_FRAME_HEADER, CR_HANDOVER_SIZE);
    cr_handover_pack(&put, &handover);
}


void
cr_slot_run(cr_slot_t *slot, cr_job_t *job)
{
    slot->state = CR_SLOT_RUNNING;
    slot->runner->running++;
    slot->job = job;
    job->slot = slot;

    memset(&slot->end, 0, sizeof(cr_result_t));
    slot->ended = slot->measured = slot->stopping = slot->reaped = 0;
    slot->overdue = slot->claimed = 0;
    slot->failures = 0;
    slot->frame_len = 0;

    if (cr_without("output")) {
        job->output_limit = UINT32_MAX;
    }

    slot->started = cr_now();
    cr_streams_start(slot, job);

    if (cr_cgroup_set_memory(&slot->cgroup, job->memory + CR_CELL_MARGIN)
        != 0)
    {
        cr_log("slot %s-%u: hand-over: %s", slot->runner->profile.name,
               slot->number, strerror(errno));
        cr_slot_reason(slot, "the sandbox could not set up the job");
        cr_slot_stop(slot, CR_END_LOST);
        return;
    }

    if (!cr_without("timer")) {
        cr_timer_set(&slot->deadline, job->timeout_ms * 1000ull);
    }

    cr_slot_pack(slot, job);
    cr_slot_work(slot);
    cr_client_started(job);
    cr_slot_feed(slot);
}


void
cr_slot_feed(cr_slot_t *slot)
{
    size_t     left;
    cr_job_t  *job;

    job = slot->job;

    if (slot->in.fd == -1) {
        /* The program takes no more input; what comes is thrown away. */
        cr_client_credit(job, job->input.len - job->input.pos);
        job->input.pos = job->input.len;
        return;
    }

    left = job->input.len - job->input.pos;

    if (left) {

        if (cr_queue_write(&job->input, slot->in.fd) == 0) {
            cr_event_watch(&slot->in, 0);

        } else if (errno == EAGAIN) {
            cr_event_watch(&slot->in, EPOLLOUT);

        } else {
            cr_event_close(&slot->in);
            job->input.pos = job->input.len;
        }

        cr_client_credit(job, left - (job->input.len - job->input.pos));
    }

    if (job->eof && job->input.pos == job->input.len) {
        cr_event_close(&slot->in);
    }
}


void
cr_slot_input_event(cr_event_t *ev, uint32_t events)
{
    cr_slot_t  *slot;

    (void) events;

    slot = ev->data;

    if (slot->job) {
        cr_slot_feed(slot);
    }
}


/* It is time to look at the output, or there is credit for it. */

void
cr_slot_tick(cr_timer_t *timer)
{
    cr_slot_t  *slot;

    slot = timer->data;

    if (slot->job == NULL) {
        return;
    }

    if (slot->ended) {
        cr_slot_finish(slot);

    } else {
        cr_streams_look(slot);
    }
}


void
cr_slot_credit(cr_slot_t *slot)
{
    if (slot->ended) {
        cr_slot_finish(slot);

    } else if (slot->tick.index == 0) {
        cr_slot_tick(&slot->tick);
    }
}


/*
 * The outcome is known.  What the program wrote before comes first; it may
 * have to wait for the worker's credit.  Then the answer, and only then the
 * slot's own affairs: nobody waits for those.
 */

static void
cr_slot_finish(cr_slot_t *slot)
{
    int        drained;
    cr_job_t  *job;

    job = slot->job;

    cr_streams_unwatch(slot);

    if (slot->end.end == CR_END_STOPPED && job->credit == 0) {

        /* Who stops a job may have stopped giving credit to it as well. */

        cr_streams_unwanted(slot);
    }

    drained = slot->overdue || cr_streams_pump(slot);

    if (!drained && job->client) {

        if (slot->deadline.index == 0) {
            cr_timer_set(&slot->deadline, CR_DRAIN);
        }

        if (job->credit) {
            cr_timer_set(&slot->tick, 0);
        }

        return;
    }

    slot->end.flags = cr_streams_flags(slot);

    cr_timer_clear(&slot->deadline);
    cr_timer_clear(&slot->tick);
    slot->runner->running--;
    slot->job = NULL;

    cr_turns_done(job);
    cr_client_result(job, &slot->end);

    if (slot->reaped) {
        cr_slot_over(slot);
    }

    cr_turns_run(slot->runner);
}


void
cr_slot_overdue(cr_slot_t *slot)
{
    if (slot->job == NULL) {
        return;
    }

    slot->overdue = 1;
    cr_streams_cut(slot);

    cr_slot_finish(slot);
}


static void
cr_slot_ended(cr_slot_t *slot)
{
    slot->ended = 1;
    slot->state = CR_SLOT_ENDING;

    cr_timer_clear(&slot->deadline);
    cr_event_watch(&slot->result, 0);
    cr_event_watch(&slot->work, 0);
    cr_event_close(&slot->in);

    cr_slot_finish(slot);
}


void
cr_slot_stop(cr_slot_t *slot, cr_end_e end)
{
    if (slot->ended) {
        return;
    }

    if (slot->stopping) {

        /* A second reason changes nothing; time that is over does. */

        if (slot->deadline.index == 0) {
            cr_signal(slot->cell.fd, SIGKILL);
        }

        return;
    }

    slot->stopping = 1;
    slot->end.end = end;

    if (slot->job->client == NULL || end == CR_END_LOST) {
        cr_timer_clear(&slot->deadline);
        cr_signal(slot->cell.fd, SIGKILL);
        return;
    }

    cr_signal(slot->cell.fd, SIGUSR1);
    cr_timer_set(&slot->deadline, slot->runner->profile.exec ? CR_MERCY_EXEC
                                                             : CR_MERCY);
}


static void
cr_slot_claimed(cr_slot_t *slot, const cr_frame_t *frame)
{
    /* Asked to stop a moment ago: that stays its end. */

    if (slot->stopping) {
        return;
    }

    slot->end.end = CR_END_CLAIM;
    slot->end.claim.data = slot->frame + CR_FRAME_HEADER;
    slot->end.claim.len = frame->length;

    if (slot->runner->profile.exec) {

        /* The time that its processes took is known when all are reaped. */

        slot->claimed = 1;
        slot->stopping = 1;
        slot->end.signal = frame->flags;
        slot->end.run_us = cr_now() - slot->started;

        cr_timer_clear(&slot->deadline);
        cr_event_watch(&slot->result, 0);
        cr_signal(slot->cell.fd, SIGKILL);
        return;
    }

    cr_slot_measure(slot, NULL);
    cr_signal(slot->cell.fd, SIGKILL);
    cr_slot_ended(slot);
}


/* Whether a claim can have these flags: a signal, where there is a process of
 * the program's own that may have died of one. */

static int
cr_slot_claim_flags(const cr_slot_t *slot, uint8_t flags)
{
    return flags == 0 || (slot->runner->profile.exec && flags < NSIG);
}


void
cr_slot_result_readable(cr_slot_t *slot)
{
    int         rc;
    ssize_t     n;
    cr_frame_t  frame;

    n = read(slot->result.fd, slot->frame + slot->frame_len,
             sizeof(slot->frame) - slot->frame_len);

    if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }

    if (n <= 0) {
        /* It closed the pipe: its death, or its time, will end it. */
        cr_event_watch(&slot->result, 0);
        return;
    }

    slot->frame_len += n;

    rc = cr_frame_decode(slot->frame, slot->frame_len, &frame);

    if (rc == 0) {
        return;
    }

    if (rc == -1 || frame.type != CR_MSG_CLAIM || frame.length > CR_CLAIM_MAX
        || !cr_slot_claim_flags(slot, frame.flags))
    {
        cr_event_watch(&slot->result, 0);
        cr_slot_reason(slot, "the program forged its result");
        cr_slot_stop(slot, CR_END_LOST);
        return;
    }

    if (slot->frame_len >= CR_FRAME_HEADER + frame.length) {
        cr_slot_claimed(slot, &frame);
    }
}


static int
cr_slot_oom(const cr_slot_t *slot)
{
    return cr_cgroup_oom_kills(&slot->cgroup) > slot->oom_base;
}


static int
cr_slot_cpu_over(const cr_slot_t *slot)
{
    return slot->end.cpu_us >= slot->job->timeout_ms * 1000ull;
}


/* What came of a cell that claimed nothing. */

static void
cr_slot_outcome(cr_slot_t *slot, int status)
{
    if (WIFEXITED(status)) {
        slot->end.end = CR_END_EXIT;
        slot->end.exit_code = WEXITSTATUS(status);

    } else if (WTERMSIG(status) != SIGKILL) {
        slot->end.end = CR_END_SIGNAL;
        slot->end.signal = WTERMSIG(status);

    } else if (cr_slot_oom(slot)) {
        slot->end.end = CR_END_MEMORY;

    } else if (cr_slot_cpu_over(slot)) {
        slot->end.end = CR_END_TIMEOUT;

    } else {
        /*
         * Nobody in its pid namespace can do this to the first process: an
         * administrator did, or the zygote's init has ended, or the kernel
         * for a limit of CPU time that a program lowered itself.
         */
        slot->end.end = CR_END_LOST;
        cr_slot_reason(slot, "the program was killed from outside its "
                       "sandbox, or by a limit that it set itself");
    }
}


/*
 * A cell claims that its program died of a signal.  What the kernel knows of
 * it comes first: that is why it was sent.
 */

static void
cr_slot_signalled(cr_slot_t *slot)
{
    uint8_t  signo;

    signo = slot->end.signal;

    if (signo == 0) {
        return;
    }

    slot->end.claim.len = 0;
    slot->end.signal = 0;

    if (cr_slot_oom(slot)) {
        slot->end.end = CR_END_MEMORY;

    } else if ((signo == SIGKILL || signo == SIGXCPU)
               && cr_slot_cpu_over(slot))
    {
        slot->end.end = CR_END_TIMEOUT;

    } else {
        slot->end.end = CR_END_SIGNAL;
        slot->end.signal = signo;
    }
}


void
cr_slot_died(cr_slot_t *slot, int status, const struct rusage *usage)
{
    slot->reaped = 1;

    if (slot->ended) {
        cr_slot_finish(slot);
        return;
    }

    cr_slot_measure(slot, usage);

    if (slot->claimed) {
        cr_slot_signalled(slot);

    } else if (!slot->stopping) {
        cr_slot_outcome(slot, status);
    }

    cr_slot_ended(slot);
}
