
/*
 * Holds many connections open, to see what they cost:
 *
 *     cr_sockets -n COUNT PORT PATH
 *
 * Each asks 127.0.0.1:PORT for a WebSocket at PATH; a 200 instead is as good,
 * and leaves a connection of HTTP that is kept alive.  When all are there it
 * prints "open COUNT"; then it answers pings until its input ends, and prints
 * "pings COUNT".  Where the system forbids so many files it opens fewer and
 * says so.  The exit status is 1 when any was refused or lost.
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "cr_samples.h"


#define CR_SOCKETS_MAX    60000
#define CR_SOCKETS_OTHER  32        /* files that are not connections */
#define CR_SOCKETS_WAIT   30        /* seconds for one answer */


static unsigned long cr_sockets_allowed(unsigned long n);
static int cr_sockets_open(const struct sockaddr_in *addr,
    const char *request);
static unsigned long cr_sockets_hold(int epoll);
static unsigned long cr_sockets_pings(int fd);


int
main(int argc, char **argv)
{
    int                 opt, fd, epoll;
    char                request[1024];
    unsigned long       i, n;
    struct sockaddr_in  addr;
    struct epoll_event  event;

    n = 10000;

    while ((opt = getopt(argc, argv, "n:")) != -1) {
        if (opt != 'n') {
            return 2;
        }

        n = cr_number(optarg, CR_SOCKETS_MAX, "-n");
    }

    if (optind + 2 != argc) {
        fprintf(stderr, "usage: cr_sockets -n COUNT PORT PATH\n");
        return 2;
    }

    memset(&addr, 0, sizeof(struct sockaddr_in));
    addr.sin_family = AF_INET;
    addr.sin_port = htons(cr_number(argv[optind], 65535, "PORT"));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    snprintf(request, sizeof(request),
             "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
             "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
             argv[optind + 1]);

    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll == -1) {
        perror("epoll_create1");
        return 1;
    }

    n = cr_sockets_allowed(n);

    for (i = 0; i < n; i++) {
        fd = cr_sockets_open(&addr, request);

        event.events = EPOLLIN;
        event.data.fd = fd;

        if (fd == -1 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == -1) {
            fprintf(stderr, "connection %lu was refused\n", i + 1);
            return 1;
        }
    }

    printf("open %lu\n", n);
    fflush(stdout);

    printf("pings %lu\n", cr_sockets_hold(epoll));

    return 0;
}


static unsigned long
cr_sockets_allowed(unsigned long n)
{
    struct rlimit  limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == -1) {
        perror("getrlimit");
        exit(1);
    }

    limit.rlim_cur = limit.rlim_max;
    (void) setrlimit(RLIMIT_NOFILE, &limit);

    if (n + CR_SOCKETS_OTHER > limit.rlim_max) {
        fprintf(stderr, "no more than %lu files may be open here\n",
                (unsigned long) limit.rlim_max);
        n = limit.rlim_max - CR_SOCKETS_OTHER;
    }

    return n;
}


/* Answers the connection once it has its answer, or -1. */

static int
cr_sockets_open(const struct sockaddr_in *addr, const char *request)
{
    int             fd;
    char            answer[4096];
    size_t          len;
    ssize_t         n;
    struct timeval  wait;

    fd = socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0);
    if (fd == -1) {
        return -1;
    }

    wait.tv_sec = CR_SOCKETS_WAIT;
    wait.tv_usec = 0;

    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) == -1
        || connect(fd, (const struct sockaddr *) addr, sizeof(*addr)) == -1
        || send(fd, request, strlen(request), MSG_NOSIGNAL)
           != (ssize_t) strlen(request))
    {
        close(fd);
        return -1;
    }

    for (len = 0; len < sizeof(answer) - 1; len += n) {
        n = recv(fd, answer + len, sizeof(answer) - 1 - len, 0);

        if (n <= 0) {
            break;
        }

        answer[len + n] = '\0';

        if (strstr(answer, "\r\n\r\n")
            && (strncmp(answer, "HTTP/1.1 101 ", 13) == 0
                || strncmp(answer, "HTTP/1.1 200 ", 13) == 0))
        {
            return fd;
        }
    }

    close(fd);

    return -1;
}


static unsigned long
cr_sockets_hold(int epoll)
{
    int                 i, n;
    char                byte;
    unsigned long       pings;
    struct epoll_event  events[256];

    events[0].events = EPOLLIN;
    events[0].data.fd = STDIN_FILENO;

    if (epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, events) == -1) {
        perror("the input is no pipe");
        exit(1);
    }

    pings = 0;

    for ( ;; ) {
        n = epoll_wait(epoll, events, 256, -1);

        for (i = 0; i < n; i++) {

            if (events[i].data.fd != STDIN_FILENO) {
                pings += cr_sockets_pings(events[i].data.fd);

            } else if (read(STDIN_FILENO, &byte, 1) <= 0) {
                return pings;
            }
        }
    }
}


/* What comes is pings without payload, two bytes each. */

static unsigned long
cr_sockets_pings(int fd)
{
    ssize_t               n, i;
    unsigned char         buf[64];
    static unsigned char  pong[] = { 0x8a, 0x80, 0, 0, 0, 0 };

    n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

    if (n <= 0 || n % 2) {
        fprintf(stderr, "a connection was lost\n");
        exit(1);
    }

    for (i = 0; i < n; i += 2) {
        if (buf[i] != 0x89 || buf[i + 1] != 0
            || send(fd, pong, sizeof(pong), MSG_NOSIGNAL) != sizeof(pong))
        {
            fprintf(stderr, "no ping, or no pong to it\n");
            exit(1);
        }
    }

    return n / 2;
}
