
/* The workers of a supervisor: what they write to it, and what they hear. */

#define _GNU_SOURCE

#include "fuzz_supervisor.h"
#include "fuzz_process.h"

#include <string.h>
#include <unistd.h>
#include <sys/socket.h>


typedef struct {
    int            fd;                  /* -1: not connected */
    int            deaf;
    size_t         len;
    unsigned char  in[CR_FRAME_HEADER + CR_FRAME_MAX];
} worker_t;


static worker_t  workers[FUZZ_WORKERS];


/*
 * What a worker is told must be whole messages, whatever a cell does.
 * Answers how many of the bytes were such.
 */

static size_t
worker_check(const unsigned char *start, size_t len)
{
    cr_frame_t            frame;
    cr_result_t           result;
    cr_status_t           status;
    const unsigned char  *p;

    for (p = start; ; p += CR_FRAME_HEADER + frame.length) {
        fuzz_must(cr_frame_decode(p, len - (p - start), &frame) != -1);

        if (len - (p - start) < CR_FRAME_HEADER
            || len - (p - start) < CR_FRAME_HEADER + frame.length)
        {
            return p - start;
        }

        switch (frame.type) {

        case CR_MSG_RESULT:
            fuzz_must(cr_result_unpack(p + CR_FRAME_HEADER, frame.length,
                                       &result)
                      == 0);
            fuzz_must(result.run_us <= cr_now() && result.cpu_us <= cr_now());
            break;

        case CR_MSG_STATUS:
            fuzz_must(cr_status_unpack(p + CR_FRAME_HEADER, frame.length,
                                       &status)
                      == 0);
            break;

        default:
            fuzz_must(frame.type == CR_MSG_WELCOME
                      || frame.type == CR_MSG_CREDIT
                      || frame.type == CR_MSG_STARTED
                      || frame.type == CR_MSG_OUTPUT);
        }
    }
}


static void
worker_read(worker_t *w)
{
    size_t   used;
    ssize_t  n;

    while (w->fd != -1 && !w->deaf) {
        n = recv(w->fd, w->in + w->len, sizeof(w->in) - w->len, MSG_DONTWAIT);

        if (n <= 0) {
            return;
        }

        w->len += n;
        used = worker_check(w->in, w->len);
        w->len -= used;

        memmove(w->in, w->in + used, w->len);
    }
}


void
fuzz_workers_read(void)
{
    unsigned  i;

    for (i = 0; i < FUZZ_WORKERS; i++) {
        worker_read(&workers[i]);
    }
}


void
fuzz_workers_init(void)
{
    unsigned  i;

    for (i = 0; i < FUZZ_WORKERS; i++) {
        workers[i].fd = -1;
    }
}


void
fuzz_worker_write(unsigned n, const void *data, size_t len)
{
    int        pair[2], room = FUZZ_ROOM;
    worker_t  *w;

    w = &workers[n % FUZZ_WORKERS];

    if (w->fd == -1) {
        fuzz_must(socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK,
                             0, pair)
                  == 0);
        (void) setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &room,
                          sizeof(room));
        fuzz_must(cr_client_add(pair[0], 0) == 0);

        w->fd = pair[1];
        w->len = 0;
        w->deaf = 0;
    }

    (void) send(w->fd, data, len, MSG_NOSIGNAL|MSG_DONTWAIT);
}


void
fuzz_worker_close(unsigned n)
{
    fuzz_close(&workers[n % FUZZ_WORKERS].fd);
}


void
fuzz_worker_reads(unsigned n, int reads)
{
    workers[n % FUZZ_WORKERS].deaf = !reads;
}
