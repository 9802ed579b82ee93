
/*
 * A worker's connection: what it is told, and its end.  A worker can name its
 * own jobs and no others: a job's number has a meaning on its connection alone.
 */

#define _GNU_SOURCE

#include "cr_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>


#define CR_HOLD_BACK      1000           /* us small news may wait for more */
#define CR_CLIENT_OUT     (64 << 20)     /* bytes unsent: it does not read */
#define CR_CLIENTS_OUT    (256 << 20)    /* the same, of all of them */
#define CR_CLIENT_KEEP    (4 << 20)      /* bytes of an empty queue kept */

/* A worker says HELLO before it is accepted; one that does not is none. */

#define CR_HELLO          10000000       /* us until it must have come */
#define CR_RESULT_ROOM    (64 + CR_REASON_MAX + CR_CLAIM_MAX)


static cr_client_t  *cr_clients;
static cr_client_t  *cr_flush_list;
static unsigned      cr_clients_n;
static unsigned      cr_clients_silent_n;


static void cr_client_close(cr_client_t *client, const char *why);


cr_job_t **
cr_job_find(cr_client_t *client, uint32_t number)
{
    cr_job_t  **p;

    for (p = &client->jobs[cr_hash(number)]; *p; p = &(*p)->hash) {
        if ((*p)->number == number) {
            break;
        }
    }

    return p;
}


void
cr_job_leave(cr_job_t *job)
{
    if (job->missing == 0) {
        cr_turns_remove(job);
    }
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
        }
    }

    cr_super.programs -= job->size;
    cr_super.coming -= job->missing != 0;

    cr_queue_free(&job->program);
    cr_queue_free(&job->input);
    free(job);
}


void
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


unsigned char *
cr_client_room(cr_client_t *client, size_t len)
{
    void  *p;

    if (client == NULL || client->gone) {
        return NULL;
    }

    p = cr_queue_room(&client->out, CR_FRAME_HEADER + len);

    if (p == NULL) {

        /* A frame is lost, and with it what its job came to: none goes on
         * as if it were not.  The next event closes the connection. */

        (void) shutdown(client->ev.fd, SHUT_RDWR);
    }

    return p;
}


/* Completes the frame whose payload of len bytes lies behind its header. */

void
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


void
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


/* What it said and was not yet heard must be heard before more is read. */

static void
cr_client_watch(cr_client_t *client)
{
    cr_event_watch(&client->ev, (client->left ? 0 : EPOLLIN)
                                | (client->full ? EPOLLOUT : 0));
}


static void
cr_client_hear(cr_client_t *client)
{
    int  rc;

    rc = cr_client_frames(client);

    if (rc == -1) {
        cr_client_close(client, "it broke the protocol");
        return;
    }

    client->left = rc;

    /* Others' turn; one that does not read waits until it does. */

    if (client->left && !cr_client_full(client)) {
        cr_timer_set(&client->again, 0);
    }

    cr_client_watch(client);
}


static void
cr_client_again(cr_timer_t *timer)
{
    cr_client_hear(timer->data);
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

    if (client->left && (events & (EPOLLHUP|EPOLLERR))) {
        cr_client_close(client, NULL);
        return;
    }

    if (client->left || !(events & (EPOLLIN|EPOLLHUP|EPOLLERR))) {
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

    cr_client_hear(client);
}


/* Its jobs are nobody's now: those that wait go, those that run are ended. */

static void
cr_client_drop_jobs(cr_client_t *client)
{
    unsigned    i;
    cr_job_t   *job;

    for (i = 0; i < CR_HASH_BUCKETS; i++) {

        while (client->jobs[i]) {
            job = client->jobs[i];
            client->jobs[i] = job->hash;
            job->client = NULL;

            if (job->slot) {
                cr_slot_stop(job->slot, CR_END_STOPPED);
                cr_slot_credit(job->slot);

            } else {
                cr_job_leave(job);
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
    cr_timer_clear(&client->again);
    cr_client_drop_jobs(client);

    for (p = &cr_clients; *p != client; p = &(*p)->next) {
        /* void */
    }

    *p = client->next;
    cr_clients_n--;
    cr_clients_silent_n -= !client->welcome;

    cr_queue_free(&client->out);
    free(client->in);

    if (!client->listed) {
        cr_loop_free(client);
    }
}


/* Whether it, or all together, left more unread than can be kept. */

static int
cr_client_lags(const cr_client_t *client)
{
    size_t              all;
    const cr_client_t  *other;

    if (client->out.len - client->out.pos <= CR_CLIENTS_OUT / CR_CLIENTS) {
        return 0;
    }

    all = 0;

    for (other = cr_clients; other; other = other->next) {
        all += other->out.len - other->out.pos;
    }

    return all > CR_CLIENTS_OUT
           || client->out.len - client->out.pos > CR_CLIENT_OUT;
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

    client->full = cr_queue_write(&client->out, client->ev.fd) != 0;

    if (client->full && errno != EAGAIN) {
        cr_client_close(client, NULL);
        return;
    }

    if (cr_client_lags(client)) {
        cr_client_close(client, "it does not read");
        return;
    }

    if (!client->full && client->out.size > CR_CLIENT_KEEP) {
        cr_queue_free(&client->out);
    }

    if (client->left && client->again.index == 0 && !cr_client_full(client)) {
        cr_timer_set(&client->again, 0);
    }

    cr_client_watch(client);
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
    cr_client_t  *client;

    client = timer->data;

    if (client->welcome) {
        cr_client_speak(client);

    } else {
        cr_client_close(client, "it said nothing");
    }
}


/* Whether the peer's process, as far as we see it, has as many as it may. */

int
cr_client_crowds(const cr_client_t *client)
{
    unsigned            n;
    const cr_client_t  *other;

    n = 0;

    for (other = cr_clients; other; other = other->next) {
        n += other->welcome && other->pid == client->pid;
    }

    return client->pid && n >= CR_CLIENT_PROCESS;
}


void
cr_client_welcome(cr_client_t *client)
{
    client->welcome = 1;
    cr_clients_silent_n--;
    cr_timer_clear(&client->timer);
}


unsigned
cr_clients_silent(void)
{
    return cr_clients_silent_n;
}


void
cr_clients_hush(void)
{
    cr_client_t  *client, *oldest;

    oldest = NULL;

    for (client = cr_clients; client; client = client->next) {
        if (!client->welcome) {
            oldest = client;
        }
    }

    if (oldest) {
        cr_client_close(oldest, "it says nothing, and there are many of it");
    }
}


int
cr_client_add(int fd, pid_t pid)
{
    cr_client_t  *client;

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
    client->pid = pid;
    client->timer.data = client;
    client->timer.handler = cr_client_timer;
    client->again.data = client;
    client->again.handler = cr_client_again;

    client->next = cr_clients;
    cr_clients = client;
    cr_clients_n++;
    cr_clients_silent_n++;

    cr_timer_set(&client->timer, CR_HELLO);
    cr_event_watch(&client->ev, EPOLLIN);

    return 0;
}


unsigned
cr_clients_count(void)
{
    return cr_clients_n;
}
