
/*
 * A worker's connection: its frames read and checked, and what it is told.  A
 * worker can name its own jobs and no others: a job's number has a meaning on
 * its connection alone.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>


#define CR_HOLD_BACK      1000           /* us small news may wait for more */
#define CR_CLIENT_OUT     (64 << 20)     /* bytes unsent: it does not read */
#define CR_RESULT_ROOM    (64 + CR_REASON_MAX + CR_CLAIM_MAX)


static cr_client_t  *cr_clients;
static cr_client_t  *cr_flush_list;
static unsigned      cr_clients_n;

static unsigned char  cr_client_buf[CR_STATUS_MAX];


static void cr_client_close(cr_client_t *client, const char *why);


static cr_job_t **
cr_job_find(cr_client_t *client, uint32_t number)
{
    cr_job_t  **p;

    for (p = &client->jobs[number % CR_JOB_BUCKETS]; *p; p = &(*p)->hash) {
        if ((*p)->number == number) {
            break;
        }
    }

    return p;
}


static void
cr_job_free(cr_job_t *job)
{
    cr_job_t     **p;
    cr_client_t   *client;

    client = job->client;

    if (client) {
        p = cr_job_find(client, job->number);

        if (*p == job) {
            *p = job->hash;
            client->njobs--;
        }
    }

    cr_queue_free(&job->program);
    cr_queue_free(&job->input);
    free(job);
}


/* What is said goes out at the end of the loop's round. */

static void
cr_client_speak(cr_client_t *client)
{
    if (!client->listed && !client->gone) {
        client->listed = 1;
        client->flush = cr_flush_list;
        cr_flush_list = client;
    }
}


/* It can wait a moment, and most often goes out with the result. */

static void
cr_client_whisper(cr_client_t *client)
{
    if (!client->listed && client->timer.index == 0 && !client->gone) {
        cr_timer_set(&client->timer, CR_HOLD_BACK);
    }
}


static unsigned char *
cr_client_room(cr_client_t *client, size_t len)
{
    if (client == NULL || client->gone) {
        return NULL;
    }

    return cr_queue_room(&client->out, CR_FRAME_HEADER + len);
}


/* Completes the frame whose payload of len bytes lies behind its header. */

static void
cr_client_commit(cr_client_t *client, uint32_t number, uint8_t type,
    uint8_t flags, size_t len)
{
    cr_frame_t  frame;

    frame.length = (uint32_t) len;
    frame.job = number;
    frame.type = type;
    frame.flags = flags;

    cr_frame_encode(client->out.data + client->out.len, &frame);
    client->out.len += CR_FRAME_HEADER + len;
}


static void
cr_client_send_u32(cr_client_t *client, uint32_t number, uint8_t type,
    uint32_t value)
{
    cr_put_t        put;
    unsigned char  *p;

    p = cr_client_room(client, sizeof(value));

    if (p) {
        cr_put_init(&put, p + CR_FRAME_HEADER, sizeof(value));
        cr_put_u32(&put, value);
        cr_client_commit(client, number, type, 0, sizeof(value));
    }
}


void
cr_client_started(cr_job_t *job)
{
    if (cr_client_room(job->client, 0)) {
        cr_client_commit(job->client, job->number, CR_MSG_STARTED, 0, 0);
        cr_client_whisper(job->client);
    }
}


void
cr_client_credit(cr_job_t *job, uint32_t bytes)
{
    if (bytes && job->client) {
        job->granted += bytes;
        cr_client_send_u32(job->client, job->number, CR_MSG_CREDIT, bytes);
        cr_client_speak(job->client);
    }
}


unsigned char *
cr_client_output(cr_job_t *job, size_t len)
{
    unsigned char  *p;

    p = cr_client_room(job->client, len);

    return p ? p + CR_FRAME_HEADER : NULL;
}


void
cr_client_output_done(cr_job_t *job, uint8_t stream, size_t len)
{
    cr_client_commit(job->client, job->number, CR_MSG_OUTPUT, stream, len);
    cr_client_whisper(job->client);
}


void
cr_client_result(cr_job_t *job, const cr_result_t *result)
{
    cr_put_t        put;
    cr_client_t    *client;
    unsigned char  *p;

    client = job->client;
    p = cr_client_room(client, CR_RESULT_ROOM);

    if (p) {
        cr_put_init(&put, p + CR_FRAME_HEADER, CR_RESULT_ROOM);
        cr_result_pack(&put, result);
        cr_client_commit(client, job->number, CR_MSG_RESULT, 0,
                         cr_put_len(&put));
        cr_client_speak(client);
    }

    cr_job_free(job);
}


static void
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
    job->credit = run->credit;
    job->granted = CR_STDIN_CREDIT;
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
    client->njobs++;

    job->runner = cr_runner_find(&run.runtime);

    if (job->runner == NULL) {
        cr_client_refuse(job, "the sandbox has no profile of this name");
        return 0;
    }

    cr_job_limits(job, &run);

    if (cr_super.waiting >= cr_super.conf.queue) {
        cr_client_refuse(job, "too many jobs wait in the sandbox");
        return 0;
    }

    if (cr_queue_add(&job->program, run.program.data, run.program.len) != 0
        || cr_turns_user(job, run.user) != 0)
    {
        cr_client_refuse(job, "the sandbox is out of memory");
        return 0;
    }

    cr_turns_add(job);

    /* Run at the end of the round: what follows in the buffer, its input most
     * often, then comes with it. */

    return 0;
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

        job->output_limit = 0;
        cr_slot_credit(job->slot);
        return;
    }

    if (job->slot) {
        cr_slot_stop(job->slot, CR_END_STOPPED);
        return;
    }

    memset(&result, 0, sizeof(result));
    result.end = CR_END_STOPPED;

    cr_turns_remove(job);
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

    if (cr_get_u32(&get) != CR_PROTOCOL_VERSION || get.bad) {
        cr_log("a worker speaks another version of the protocol: restart "
               "nginx and the sandbox after an upgrade");
        return -1;
    }

    client->welcome = 1;

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
        cr_client_status(client, frame->job);
        return 0;

    case CR_MSG_STDIN:
    case CR_MSG_CREDIT:
    case CR_MSG_STOP:
        break;

    default:
        return -1;
    }

    job = *cr_job_find(client, frame->job);

    if (job == NULL) {
        return 0;
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


static int
cr_client_frames(cr_client_t *client)
{
    int         rc;
    size_t      pos;
    unsigned    i;
    cr_frame_t  frame;

    pos = 0;

    while ((rc = cr_frame_decode(client->in + pos, client->in_len - pos,
                                 &frame))
           == 1)
    {
        if (client->in_len - pos < CR_FRAME_HEADER + frame.length) {
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

    return rc == -1 ? -1 : 0;
}


static void
cr_client_event(cr_event_t *ev, uint32_t events)
{
    ssize_t       n;
    cr_client_t  *client;

    client = ev->data;

    if (events & EPOLLOUT) {
        cr_client_speak(client);
    }

    if (!(events & (EPOLLIN|EPOLLHUP|EPOLLERR))) {
        return;
    }

    n = read(ev->fd, client->in + client->in_len,
             CR_FRAME_HEADER + CR_FRAME_MAX - client->in_len);

    if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }

    if (n <= 0) {
        cr_client_close(client, NULL);
        return;
    }

    client->in_len += n;

    if (cr_client_frames(client) != 0) {
        cr_client_close(client, "it broke the protocol");
    }
}


/* Its jobs are nobody's now: those that wait go, those that run are ended. */

static void
cr_client_drop_jobs(cr_client_t *client)
{
    unsigned    i;
    cr_job_t   *job;

    for (i = 0; i < CR_JOB_BUCKETS; i++) {

        while (client->jobs[i]) {
            job = client->jobs[i];
            client->jobs[i] = job->hash;
            job->client = NULL;

            if (job->slot) {
                cr_slot_stop(job->slot, CR_END_STOPPED);
                cr_slot_credit(job->slot);

            } else {
                cr_turns_remove(job);
                cr_job_free(job);
            }
        }
    }
}


static void
cr_client_close(cr_client_t *client, const char *why)
{
    cr_client_t  **p;

    if (client->gone) {
        return;
    }

    if (why) {
        cr_log("a worker's connection is closed: %s", why);
    }

    client->gone = 1;

    cr_event_close(&client->ev);
    cr_timer_clear(&client->timer);
    cr_client_drop_jobs(client);

    for (p = &cr_clients; *p != client; p = &(*p)->next) {
        /* void */
    }

    *p = client->next;
    cr_clients_n--;

    cr_queue_free(&client->out);
    free(client->in);

    if (!client->listed) {
        cr_loop_free(client);
    }
}


static void
cr_client_flush(cr_client_t *client)
{
    client->listed = 0;

    if (client->gone) {
        cr_loop_free(client);
        return;
    }

    cr_timer_clear(&client->timer);

    if (cr_queue_write(&client->out, client->ev.fd) == 0) {
        cr_event_watch(&client->ev, EPOLLIN);
        return;
    }

    if (errno != EAGAIN) {
        cr_client_close(client, NULL);

    } else if (client->out.len - client->out.pos > CR_CLIENT_OUT) {
        cr_client_close(client, "it does not read");

    } else {
        cr_event_watch(&client->ev, EPOLLIN|EPOLLOUT);
    }
}


void
cr_clients_flush(void)
{
    cr_client_t  *client;

    while (cr_flush_list) {
        client = cr_flush_list;
        cr_flush_list = client->flush;
        cr_client_flush(client);
    }
}


static void
cr_client_timer(cr_timer_t *timer)
{
    cr_client_speak(timer->data);
}


int
cr_client_add(int fd)
{
    cr_client_t  *client;

    if (cr_clients_n >= CR_CLIENTS) {
        cr_log("a connection is refused: there are %d already", CR_CLIENTS);
        return -1;
    }

    client = calloc(1, sizeof(cr_client_t));

    if (client == NULL) {
        return -1;
    }

    client->in = malloc(CR_FRAME_HEADER + CR_FRAME_MAX);

    if (client->in == NULL) {
        free(client);
        return -1;
    }

    client->ev.fd = fd;
    client->ev.data = client;
    client->ev.handler = cr_client_event;
    client->timer.data = client;
    client->timer.handler = cr_client_timer;

    client->next = cr_clients;
    cr_clients = client;
    cr_clients_n++;

    cr_event_watch(&client->ev, EPOLLIN);

    return 0;
}


unsigned
cr_clients_count(void)
{
    return cr_clients_n;
}
