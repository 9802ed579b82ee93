
/*
 * What a worker says: its frames, read and checked.  Any of them may come at
 * any time, and from a worker that somebody else has taken over.
 */

#define _GNU_SOURCE

#include "cr_client.h"

#include <stdlib.h>
#include <string.h>


#define CR_PROGRAMS_MAX  (256 << 20)    /* bytes of all jobs' programs */
#define CR_HELLO_LENGTH  4              /* bytes of its payload */

#define CR_CLIENT_NO_MEMORY  "the sandbox is out of memory"


static unsigned char  cr_client_buf[CR_STATUS_MAX];


void
cr_client_refuse(cr_job_t *job, const char *reason)
{
    cr_result_t  result;

    memset(&result, 0, sizeof(result));
    result.end = CR_END_REFUSED;
    result.reason.data = (const unsigned char *) reason;
    result.reason.len = strlen(reason);

    cr_client_result(job, &result);
}


static cr_runner_t *
cr_runner_find(const cr_bytes_t *name)
{
    unsigned      i;
    cr_runner_t  *runner;

    for (i = 0; i < cr_super.nrunners; i++) {
        runner = &cr_super.runners[i];

        if (strlen(runner->profile.name) == name->len
            && memcmp(runner->profile.name, name->data, name->len) == 0)
        {
            return runner;
        }
    }

    return NULL;
}


/* A job's limits are the request's, cut to what its profile allows. */

static void
cr_job_limits(cr_job_t *job, const cr_run_t *run)
{
    const cr_profile_t  *profile;

    profile = &job->runner->profile;

    job->memory = run->memory && run->memory < profile->memory
                  ? run->memory : profile->memory;
    job->timeout_ms = run->timeout_ms && run->timeout_ms < profile->timeout_ms
                      ? run->timeout_ms : profile->timeout_ms;
    job->output_limit = run->output_limit;
    job->artifact_limit = run->artifact_limit;
    job->credit = run->credit;
    job->key = run->user;
    job->granted = CR_STDIN_CREDIT;
}


/*
 * Its program is whole, and it waits for its turn.  Run at the end of the
 * round: what follows in the buffer, its input most often, then comes with it.
 */

static void
cr_client_wait(cr_job_t *job)
{
    if (cr_runner_is_absent(job->runner)) {
        cr_client_refuse(job, job->runner->reason);
        return;
    }

    if (cr_turns_user(job, job->key) != 0) {
        cr_client_refuse(job, CR_CLIENT_NO_MEMORY);
        return;
    }

    cr_turns_add(job);
}


/* A part of a program, for which there is room since its RUN. */

static int
cr_client_program(cr_job_t *job, const unsigned char *p, size_t len)
{
    if (len > job->missing || cr_queue_add(&job->program, p, len) != 0) {
        return -1;
    }

    if (job->missing) {
        job->missing -= len;
        cr_super.coming -= job->missing == 0;
    }

    if (job->missing == 0) {
        cr_client_wait(job);
    }

    return 0;
}


/* Answers -1 when the connection cannot go on. */

static int
cr_client_run(cr_client_t *client, uint32_t number, const unsigned char *p,
    size_t len)
{
    cr_run_t    run;
    cr_job_t   *job, **place;

    place = cr_job_find(client, number);

    if (number == 0 || *place || cr_run_unpack(p, len, &run) != 0) {
        return -1;
    }

    job = calloc(1, sizeof(cr_job_t));

    if (job == NULL) {
        return -1;
    }

    job->client = client;
    job->number = number;
    *place = job;

    job->runner = cr_runner_find(&run.runtime);

    if (job->runner == NULL) {
        cr_client_refuse(job, "the sandbox has no profile of this name");
        return 0;
    }

    cr_job_limits(job, &run);

    if (cr_super.waiting + cr_super.coming >= cr_super.conf.queue
        || cr_super.programs + run.program_size > CR_PROGRAMS_MAX)
    {
        cr_client_refuse(job, "too many jobs wait in the sandbox");
        return 0;
    }

    if (cr_queue_room(&job->program, CR_JOB_FRAME + run.program_size) == NULL) {
        cr_client_refuse(job, CR_CLIENT_NO_MEMORY);
        return 0;
    }

    job->program.len = CR_JOB_FRAME;
    job->size = run.program_size;
    job->missing = run.program_size;

    cr_super.programs += job->size;
    cr_super.coming += job->missing != 0;

    return cr_client_program(job, run.program.data, run.program.len);
}


static int
cr_client_stdin(cr_job_t *job, uint8_t flags, const unsigned char *p,
    size_t len)
{
    if (job->eof || len > job->granted || len > CR_FRAME_DATA_MAX) {
        return -1;
    }

    job->granted -= len;
    job->eof = flags & CR_FLAG_EOF;

    if (cr_queue_add(&job->input, p, len) != 0) {
        return -1;
    }

    if (job->slot) {
        cr_slot_feed(job->slot);
    }

    return 0;
}


static void
cr_client_stop(cr_job_t *job)
{
    cr_result_t  result;

    if (job->slot && job->slot->ended) {

        /* Its answer waits behind output that nobody wants now. */

        cr_streams_unwanted(job->slot);
        cr_slot_credit(job->slot);
        return;
    }

    if (job->slot) {
        cr_slot_stop(job->slot, CR_END_STOPPED);
        return;
    }

    memset(&result, 0, sizeof(result));
    result.end = CR_END_STOPPED;

    cr_job_leave(job);
    cr_client_result(job, &result);
}


static int
cr_client_add_credit(cr_job_t *job, const unsigned char *p, size_t len)
{
    cr_get_t  get;

    cr_get_init(&get, p, len);
    job->credit += cr_get_u32(&get);

    if (get.bad || get.pos != get.end) {
        return -1;
    }

    if (job->slot) {
        cr_slot_credit(job->slot);
    }

    return 0;
}


static int
cr_client_hello(cr_client_t *client, const unsigned char *p, size_t len)
{
    cr_get_t  get;

    cr_get_init(&get, p, len);

    if (cr_get_u32(&get) != CR_PROTOCOL_VERSION || get.pos != get.end) {
        cr_log("a worker speaks another version of the protocol: restart "
               "nginx and the sandbox after an upgrade");
        return -1;
    }

    if (cr_client_crowds(client)) {
        cr_log("a worker has more connections than it needs");
        return -1;
    }

    cr_client_welcome(client);

    cr_client_send_u32(client, 0, CR_MSG_WELCOME, CR_PROTOCOL_VERSION);
    cr_client_speak(client);

    return 0;
}


static void
cr_client_status(cr_client_t *client, uint32_t number)
{
    cr_put_t        put;
    unsigned char  *p;
    cr_status_t     status;

    cr_status_fill(&status);

    cr_put_init(&put, cr_client_buf, sizeof(cr_client_buf));
    cr_status_pack(&put, &status);

    p = cr_client_room(client, cr_put_len(&put));

    if (p && !put.bad) {
        memcpy(p + CR_FRAME_HEADER, cr_client_buf, cr_put_len(&put));
        cr_client_commit(client, number, CR_MSG_STATUS, 0, cr_put_len(&put));
        cr_client_speak(client);
    }
}


/*
 * One frame.  Answers -1 when the peer broke the protocol.  Frames of a job
 * that has ended meanwhile are late, not wrong.
 */

static int
cr_client_frame(cr_client_t *client, const cr_frame_t *frame,
    const unsigned char *p)
{
    cr_job_t  *job;

    if (!client->welcome) {
        return frame->type == CR_MSG_HELLO
               ? cr_client_hello(client, p, frame->length) : -1;
    }

    switch (frame->type) {

    case CR_MSG_RUN:
        return cr_client_run(client, frame->job, p, frame->length);

    case CR_MSG_STATUS:
        if (frame->length) {
            return -1;
        }

        cr_client_status(client, frame->job);
        return 0;

    case CR_MSG_STOP:
        if (frame->length) {
            return -1;
        }

        break;

    case CR_MSG_PROGRAM:

        /* One of no bytes would bring a program no further. */

        if (frame->length == 0 || frame->length > CR_PROGRAM_PART) {
            return -1;
        }

        break;

    case CR_MSG_STDIN:
    case CR_MSG_CREDIT:
        break;

    default:
        return -1;
    }

    job = *cr_job_find(client, frame->job);

    if (job == NULL) {
        return 0;
    }

    if (frame->type == CR_MSG_PROGRAM) {
        return cr_client_program(job, p, frame->length);
    }

    if (frame->type == CR_MSG_STDIN) {
        return cr_client_stdin(job, frame->flags, p, frame->length);
    }

    if (frame->type == CR_MSG_CREDIT) {
        return cr_client_add_credit(job, p, frame->length);
    }

    cr_client_stop(job);

    return 0;
}


int
cr_client_frames(cr_client_t *client)
{
    int         rc;
    size_t      pos;
    unsigned    i, n;
    cr_frame_t  frame;

    pos = 0;
    rc = 1;

    for (n = 0; n < CR_CLIENT_FRAMES && !cr_client_full(client); n++) {

        rc = cr_frame_decode(client->in + pos, client->in_len - pos, &frame);

        /* Who has not said HELLO has no business with longer frames. */

        if (rc == 1 && !client->welcome && frame.length > CR_HELLO_LENGTH) {
            rc = -1;
        }

        if (rc != 1) {
            break;
        }

        if (client->in_len - pos < CR_FRAME_HEADER + frame.length) {
            rc = 0;
            break;
        }

        if (cr_client_frame(client, &frame, client->in + pos + CR_FRAME_HEADER)
            != 0)
        {
            return -1;
        }

        pos += CR_FRAME_HEADER + frame.length;
    }

    if (pos) {
        client->in_len -= pos;
        memmove(client->in, client->in + pos, client->in_len);

        for (i = 0; i < cr_super.nrunners; i++) {
            cr_turns_run(&cr_super.runners[i]);
        }
    }

    return rc;
}
