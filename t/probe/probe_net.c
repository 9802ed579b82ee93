
/* Sockets of every family and kind, and the machine's own network. */

#include "probe.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>


static int
probe_socket(int family, int type, int protocol)
{
    int  fd;

    fd = socket(family, type, protocol);

    if (fd != -1) {
        close(fd);
        return 0;
    }

    return -1;
}


static int
probe_sockets(const char *argument)
{
    int     family;
    char    what[32];
    size_t  i;

    static const int  types[] = {
        SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET
    };

    (void) argument;

    for (family = 0; family < AF_MAX; family++) {
        for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
            snprintf(what, sizeof(what), "%d/%d", family, types[i]);
            probe_count(what, probe_socket(family, types[i], 0));
        }
    }

    return probe_counted();
}


static int
probe_raw(const char *argument)
{
    (void) argument;

    return probe_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}


static int
probe_packet(const char *argument)
{
    (void) argument;

    return probe_socket(AF_PACKET, SOCK_RAW, 0);
}


static int
probe_vsock(const char *argument)
{
    (void) argument;

    return probe_socket(AF_VSOCK, SOCK_STREAM, 0);
}


static int
probe_netlink(const char *argument)
{
    int   protocol;
    char  what[16];

    (void) argument;

    for (protocol = 0; protocol < 23; protocol++) {
        snprintf(what, sizeof(what), "%d", protocol);
        probe_count(what, probe_socket(AF_NETLINK, SOCK_RAW, protocol));
    }

    return probe_counted();
}


static int
probe_socketpair(const char *argument)
{
    int  fds[2];

    (void) argument;

    return socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
}


/* To a listener of the machine's, on 127.0.0.1. */

static int
probe_connect(const char *argument)
{
    int                 fd, rc;
    struct sockaddr_in  sin;

    fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd == -1) {
        return -1;
    }

    memset(&sin, 0, sizeof(sin));
    sin.sin_family = AF_INET;
    sin.sin_port = htons((uint16_t) atoi(argument));
    sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    rc = connect(fd, (struct sockaddr *) &sin, sizeof(sin));

    return rc;
}


/* The descriptor stays open: the socket is there as long as the job. */

static int
probe_unix(const char *name, int listening)
{
    int                 fd;
    socklen_t           len;
    struct sockaddr_un  sun;

    fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (fd == -1) {
        return -1;
    }

    memset(&sun, 0, sizeof(sun));
    sun.sun_family = AF_UNIX;
    strncpy(sun.sun_path + 1, name, sizeof(sun.sun_path) - 2);
    len = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);

    if (!listening) {
        return connect(fd, (struct sockaddr *) &sun, len);
    }

    if (bind(fd, (struct sockaddr *) &sun, len) == -1) {
        return -1;
    }

    return listen(fd, 8);
}


static int
probe_abstract(const char *argument)
{
    return probe_unix(argument, 0);
}


static int
probe_abstract_listen(const char *argument)
{
    return probe_unix(argument, 1);
}


/* The names of the network's interfaces, which a new one has not: "lo". */

static int
probe_interfaces(const char *argument)
{
    int           fd, i;
    struct ifreq  ifr;

    (void) argument;

    fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (fd == -1) {
        return -1;
    }

    for (i = 1; i < 64; i++) {
        memset(&ifr, 0, sizeof(ifr));
        ifr.ifr_ifindex = i;

        if (ioctl(fd, SIOCGIFNAME, &ifr) == 0
            && ioctl(fd, SIOCGIFFLAGS, &ifr) == 0)
        {
            probe_say("%s=%s", ifr.ifr_name,
                      ifr.ifr_flags & IFF_UP ? "up" : "down");
        }
    }

    close(fd);

    return PROBE_SAID;
}


const probe_t  probe_net[] = {
    { "sockets", probe_sockets, 0, { 0 } },
    { "raw", probe_raw, 0, { 0 } },
    { "packet", probe_packet, 0, { 0 } },
    { "vsock", probe_vsock, 0, { 0 } },
    { "netlink", probe_netlink, 0, { 0 } },
    { "socketpair", probe_socketpair, 0, { 0 } },
    { "connect", probe_connect, 0, { 0 } },
    { "abstract", probe_abstract, 0, { 0 } },
    { "abstract-listen", probe_abstract_listen, 0, { 0 } },
    { "interfaces", probe_interfaces, 0, { 0 } },

    probe_call("accept", SYS_accept4, 0, 0, 0, 0),
    probe_call("bind-any", SYS_bind, 0, PROBE_BAD, 16),
    probe_call("listen", SYS_listen, 0, 1),
    probe_call("sendto", SYS_sendto, 0, PROBE_BAD, 1, 0, 0, 0),
    probe_call("recvfrom", SYS_recvfrom, 0, PROBE_BAD, 1, 0, 0, 0),
    probe_call("sendmsg", SYS_sendmsg, 0, PROBE_BAD, 0),
    probe_call("recvmsg", SYS_recvmsg, 0, PROBE_BAD, 0),
    probe_call("sendmmsg", SYS_sendmmsg, 0, PROBE_BAD, 1, 0),
    probe_call("recvmmsg", SYS_recvmmsg, 0, PROBE_BAD, 1, 0, 0),
    probe_call("setsockopt", SYS_setsockopt, 0, 1, 1, PROBE_BAD, 4),
    probe_call("getsockopt", SYS_getsockopt, 0, 1, 1, PROBE_BAD, PROBE_BAD),
    probe_call("shutdown", SYS_shutdown, PROBE_NONE, 0),

    PROBE_END
};
