
/*
 * An HTTP/1.1 client that measures:
 *
 *     cr_bench [-c CLIENTS] [-n COUNT | -d SECONDS] [-p PAUSE_MS]
 *              [-b BODY] [-e STDOUT] [-v MEMBER]... [-t TOKEN] PORT PATH
 *
 * Every client keeps one connection to 127.0.0.1:PORT and asks again as soon
 * as it has its answer (with -p: so long after it).  With -b it POSTs BODY as
 * JSON, else it GETs.  Every answer is verified: it must be a 200, and with
 * -e its "stdout" must be that JSON string.  A 429 is counted apart, and its
 * client waits REFUSED_PAUSE.  With -v a member of the answer that counts
 * milliseconds is measured, too; -t sends a bearer token.  The exit status is
 * 1 when any answer was wrong.
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <errno.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "cr_samples.h"


#define CR_BENCH_CLIENTS        4096
#define CR_BENCH_MEMBERS        4
#define CR_BENCH_ANSWER         65536            /* bytes of one, at most */
#define CR_BENCH_ANSWER_TIME    30000000000ull   /* ns */
#define CR_BENCH_REFUSED_PAUSE  50000000ull      /* ns */


typedef struct {
    int        fd;           /* -1: to be connected */
    unsigned   waiting:1;    /* for an answer */
    uint64_t   time;         /* when it asked, or when it will ask again */
    size_t     sent;
    size_t     len;
    char      *answer;
} cr_bench_client_t;

typedef struct {
    int                 epoll;
    struct sockaddr_in  addr;
    char               *request;
    size_t              request_len;
    const char         *expected;
    uint64_t            pause;       /* ns */
    uint64_t            deadline;    /* no request after it */
    uint64_t            left;        /* requests that may still be sent */
    unsigned            nclients;
    unsigned            busy;
    cr_bench_client_t  *clients;
    cr_samples_t        done;
    cr_samples_t        refused;
    unsigned            nmembers;
    const char         *members[CR_BENCH_MEMBERS];
    cr_samples_t        values[CR_BENCH_MEMBERS];
    uint64_t            wrong;
} cr_bench_t;


static void cr_bench_options(cr_bench_t *bench, int argc, char **argv);
static void cr_bench_request(cr_bench_t *bench, const char *port,
    const char *path, const char *body, const char *token);
static void cr_bench_loop(cr_bench_t *bench);
static int cr_bench_due(cr_bench_t *bench);
static void cr_bench_ask(cr_bench_t *bench, cr_bench_client_t *client);
static int cr_bench_connect(cr_bench_t *bench, cr_bench_client_t *client);
static void cr_bench_event(cr_bench_t *bench, cr_bench_client_t *client);
static int cr_bench_send(cr_bench_t *bench, cr_bench_client_t *client);
static int cr_bench_complete(cr_bench_client_t *client, char **body,
    unsigned *status, int *keep);
static const char *cr_bench_member(const char *body, const char *name);
static int cr_bench_is_expected(cr_bench_t *bench, const char *body);
static int cr_bench_values(cr_bench_t *bench, const char *body);
static void cr_bench_answered(cr_bench_t *bench, cr_bench_client_t *client,
    unsigned status, const char *body);
static void cr_bench_wrong(cr_bench_t *bench, cr_bench_client_t *client,
    const char *why);
static void cr_bench_close(cr_bench_client_t *client);
static void *cr_bench_alloc(size_t size);


int
main(int argc, char **argv)
{
    char        prefix[64];
    unsigned    i;
    uint64_t    start, time;
    cr_bench_t  bench;

    memset(&bench, 0, sizeof(cr_bench_t));

    cr_bench_options(&bench, argc, argv);

    bench.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (bench.epoll == -1) {
        perror("epoll_create1");
        return 1;
    }

    start = cr_now();

    if (bench.deadline) {
        bench.deadline += start;
    }

    cr_bench_loop(&bench);

    time = cr_now() - start;

    printf("seconds %.3f\n", time / 1e9);
    printf("rate %.1f\n", bench.done.count * 1e9 / time);
    printf("wrong %llu\n", (unsigned long long) bench.wrong);
    cr_samples_print(&bench.done, "");
    cr_samples_print(&bench.refused, "refused_");

    for (i = 0; i < bench.nmembers; i++) {
        snprintf(prefix, sizeof(prefix), "%s_", bench.members[i]);
        cr_samples_print(&bench.values[i], prefix);
    }

    return bench.wrong != 0;
}


static void
cr_bench_options(cr_bench_t *bench, int argc, char **argv)
{
    int          opt;
    unsigned     i;
    const char  *body, *token;

    body = NULL;
    token = NULL;
    bench->nclients = 1;
    bench->left = 1000;

    while ((opt = getopt(argc, argv, "c:n:d:p:b:e:v:t:")) != -1) {
        switch (opt) {
        case 'c':
            bench->nclients = cr_number(optarg, CR_BENCH_CLIENTS, "-c");
            break;
        case 'n':
            bench->left = cr_number(optarg, CR_SAMPLES_MAX, "-n");
            break;
        case 'd':
            bench->deadline = cr_number(optarg, 600, "-d") * 1000000000ull;
            bench->left = UINT64_MAX;
            break;
        case 'p':
            bench->pause = cr_number(optarg, 60000, "-p") * 1000000ull;
            break;
        case 'b':
            body = optarg;
            break;
        case 'e':
            bench->expected = optarg;
            break;
        case 'v':
            if (bench->nmembers == CR_BENCH_MEMBERS) {
                fprintf(stderr, "too many -v\n");
                exit(2);
            }
            bench->members[bench->nmembers++] = optarg;
            break;
        case 't':
            token = optarg;
            break;
        default:
            exit(2);
        }
    }

    if (argc - optind != 2) {
        fprintf(stderr, "usage: cr_bench [-c CLIENTS] [-n COUNT|-d SECONDS] "
                "[-p PAUSE_MS] [-b BODY] [-e STDOUT] [-v MEMBER]... "
                "[-t TOKEN] PORT PATH\n");
        exit(2);
    }

    cr_bench_request(bench, argv[optind], argv[optind + 1], body, token);

    bench->clients = cr_bench_alloc(bench->nclients
                                    * sizeof(cr_bench_client_t));

    for (i = 0; i < bench->nclients; i++) {
        bench->clients[i].fd = -1;
        bench->clients[i].answer = cr_bench_alloc(CR_BENCH_ANSWER + 1);
    }
}


static void
cr_bench_request(cr_bench_t *bench, const char *port, const char *path,
    const char *body, const char *token)
{
    int          n;
    size_t       size;
    const char  *bearer, *end;

    bearer = token ? "Authorization: Bearer " : "";
    end = token ? "\r\n" : "";
    token = token ? token : "";

    bench->addr.sin_family = AF_INET;
    bench->addr.sin_port = htons(cr_number(port, 65535, "PORT"));
    bench->addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    size = 512 + strlen(path) + strlen(token) + (body ? strlen(body) : 0);
    bench->request = cr_bench_alloc(size);

    if (body) {
        n = snprintf(bench->request, size,
                     "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n%s%s%s"
                     "Content-Type: application/json\r\n"
                     "Content-Length: %zu\r\n\r\n%s",
                     path, port, bearer, token, end, strlen(body), body);
    } else {
        n = snprintf(bench->request, size,
                     "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n"
                     "%s%s%s\r\n",
                     path, port, bearer, token, end);
    }

    bench->request_len = n;
}


static void
cr_bench_loop(cr_bench_t *bench)
{
    int                 i, n, timeout;
    struct epoll_event  events[64];

    for ( ;; ) {

        timeout = cr_bench_due(bench);

        if (bench->busy == 0 && timeout == -1) {
            return;
        }

        n = epoll_wait(bench->epoll, events, 64, timeout);

        for (i = 0; i < n; i++) {
            cr_bench_event(bench, events[i].data.ptr);
        }
    }
}


/*
 * Sends what is due, gives up what waited too long, and answers the ms until
 * the next of either; -1 when there is none.
 */

static int
cr_bench_due(cr_bench_t *bench)
{
    uint64_t            now, next, time;
    unsigned            i;
    cr_bench_client_t  *client;

    now = cr_now();
    next = UINT64_MAX;

    for (i = 0; i < bench->nclients; i++) {
        client = &bench->clients[i];

        if (!client->waiting && client->time <= now) {

            if (bench->left == 0
                || (bench->deadline && now >= bench->deadline))
            {
                continue;
            }

            cr_bench_ask(bench, client);
        }

        time = client->time;

        if (client->waiting) {
            time += CR_BENCH_ANSWER_TIME;

            if (time <= now) {
                cr_bench_wrong(bench, client, "no answer in time");
                time = client->time;
            }

        } else if (bench->left == 0
                   || (bench->deadline && time >= bench->deadline))
        {
            continue;
        }

        if (time < next) {
            next = time;
        }
    }

    if (next == UINT64_MAX) {
        return -1;
    }

    now = cr_now();

    return next <= now ? 0 : (int) ((next - now + 999999) / 1000000);
}


static void
cr_bench_ask(cr_bench_t *bench, cr_bench_client_t *client)
{
    bench->left--;
    bench->busy++;

    client->waiting = 1;
    client->sent = 0;
    client->len = 0;
    client->time = cr_now();

    if (client->fd == -1 && cr_bench_connect(bench, client) == -1) {
        cr_bench_wrong(bench, client, strerror(errno));
        return;
    }

    if (cr_bench_send(bench, client) == -1) {
        cr_bench_wrong(bench, client, strerror(errno));
    }
}


static int
cr_bench_connect(cr_bench_t *bench, cr_bench_client_t *client)
{
    int                 on;
    struct epoll_event  event;

    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd == -1) {
        return -1;
    }

    /* Blocking until it is connected: the peer is this machine. */

    if (connect(client->fd, (struct sockaddr *) &bench->addr,
                sizeof(struct sockaddr_in))
        == -1)
    {
        return -1;
    }

    on = 1;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(int));

    event.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP;
    event.data.ptr = client;

    return epoll_ctl(bench->epoll, EPOLL_CTL_ADD, client->fd, &event);
}


static void
cr_bench_event(cr_bench_t *bench, cr_bench_client_t *client)
{
    int       keep, rc;
    char     *body;
    ssize_t   n;
    unsigned  status;

    if (client->fd == -1) {
        return;
    }

    if (!client->waiting) {

        /* nginx ends a connection after some requests; so be it */

        n = recv(client->fd, client->answer, 1, MSG_DONTWAIT);

        if (n == 0 || (n == -1 && errno != EAGAIN)) {
            cr_bench_close(client);
        }

        return;
    }

    if (cr_bench_send(bench, client) == -1) {
        cr_bench_wrong(bench, client, strerror(errno));
        return;
    }

    for ( ;; ) {
        n = recv(client->fd, client->answer + client->len,
                 CR_BENCH_ANSWER - client->len, MSG_DONTWAIT);

        if (n == -1 && errno == EAGAIN) {
            return;
        }

        if (n <= 0) {
            cr_bench_wrong(bench, client,
                           n == 0 ? "closed or too long" : strerror(errno));
            return;
        }

        client->len += n;

        rc = cr_bench_complete(client, &body, &status, &keep);

        if (rc == -1) {
            cr_bench_wrong(bench, client, "no HTTP with a length");
            return;
        }

        if (rc == 1) {
            break;
        }
    }

    if (!keep) {
        cr_bench_close(client);
    }

    cr_bench_answered(bench, client, status, body);
}


/* Sends what is left of the request.  0, or -1 with errno. */

static int
cr_bench_send(cr_bench_t *bench, cr_bench_client_t *client)
{
    ssize_t  n;

    while (client->sent < bench->request_len) {
        n = send(client->fd, bench->request + client->sent,
                 bench->request_len - client->sent,
                 MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n == -1) {
            return errno == EAGAIN ? 0 : -1;
        }

        client->sent += n;
    }

    return 0;
}


/* 1: the answer is whole; 0: not yet; -1: it cannot be understood. */

static int
cr_bench_complete(cr_bench_client_t *client, char **body, unsigned *status,
    int *keep)
{
    char  *end, *line;
    long   length;

    client->answer[client->len] = '\0';

    end = strstr(client->answer, "\r\n\r\n");
    if (end == NULL) {
        return client->len == CR_BENCH_ANSWER ? -1 : 0;
    }

    if (sscanf(client->answer, "HTTP/1.1 %3u", status) != 1) {
        return -1;
    }

    length = -1;
    *keep = 1;

    for (line = strstr(client->answer, "\r\n");
         line < end;
         line = strstr(line + 2, "\r\n"))
    {
        if (strncasecmp(line + 2, "Content-Length:", 15) == 0) {
            length = strtol(line + 17, NULL, 10);
        }

        if (strncasecmp(line + 2, "Connection: close", 17) == 0) {
            *keep = 0;
        }
    }

    *body = end + 4;

    if (length < 0 || length > CR_BENCH_ANSWER) {
        return -1;
    }

    return client->answer + client->len >= *body + length;
}


static void
cr_bench_answered(cr_bench_t *bench, cr_bench_client_t *client,
    unsigned status, const char *body)
{
    uint64_t       now;
    cr_samples_t  *samples;

    now = cr_now();

    if (status != 429 && (status != 200 || !cr_bench_is_expected(bench, body)))
    {
        cr_bench_wrong(bench, client, body);
        return;
    }

    samples = status == 429 ? &bench->refused : &bench->done;

    if (cr_samples_add(samples, now - client->time) == -1
        || (status == 200 && cr_bench_values(bench, body) == -1))
    {
        perror("malloc");
        exit(1);
    }

    bench->busy--;
    client->waiting = 0;
    client->time = now + bench->pause;

    if (status == 429 && bench->pause < CR_BENCH_REFUSED_PAUSE) {
        client->time = now + CR_BENCH_REFUSED_PAUSE;
    }
}


/* Where the value of the first member called name begins; NULL: nowhere. */

static const char *
cr_bench_member(const char *body, const char *name)
{
    size_t       len;
    const char  *p;

    len = strlen(name);

    for (p = strchr(body, '"'); p; p = strchr(p + 1, '"')) {
        if (strncmp(p + 1, name, len) == 0 && p[len + 1] == '"') {
            p += len + 2;
            return p + strspn(p, " :");
        }
    }

    return NULL;
}


static int
cr_bench_is_expected(cr_bench_t *bench, const char *body)
{
    const char  *p;

    if (bench->expected == NULL) {
        return 1;
    }

    p = cr_bench_member(body, "stdout");

    return p && strncmp(p, bench->expected, strlen(bench->expected)) == 0;
}


static int
cr_bench_values(cr_bench_t *bench, const char *body)
{
    double       ms;
    unsigned     i;
    const char  *p;

    for (i = 0; i < bench->nmembers; i++) {
        p = cr_bench_member(body, bench->members[i]);

        if (p == NULL || sscanf(p, "%lf", &ms) != 1 || ms < 0) {
            continue;
        }

        if (cr_samples_add(&bench->values[i], ms * 1e6) == -1) {
            return -1;
        }
    }

    return 0;
}


static void
cr_bench_wrong(cr_bench_t *bench, cr_bench_client_t *client, const char *why)
{
    /* The first few tell enough. */

    if (bench->wrong++ < 3) {
        fprintf(stderr, "a wrong answer: %.500s\n", why);
    }

    cr_bench_close(client);

    bench->busy--;
    client->waiting = 0;
    client->time = cr_now() + CR_BENCH_REFUSED_PAUSE;
}


static void
cr_bench_close(cr_bench_client_t *client)
{
    if (client->fd != -1) {
        close(client->fd);
        client->fd = -1;
    }
}


static void *
cr_bench_alloc(size_t size)
{
    void  *p;

    p = calloc(1, size);
    if (p == NULL) {
        perror("calloc");
        exit(1);
    }

    return p;
}
