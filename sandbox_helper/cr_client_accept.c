
/*
 * Who may connect.  The kernel's word of the peer's uid decides; nothing the
 * peer says.  Names are looked up once, at the start: a look-up can block.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/socket.h>


#define CR_LISTENER_EVENTS  (EPOLLIN|EPOLLRDHUP)

#define CR_ACCEPT_PAUSE     100000   /* us, when descriptors have run out */

/*
 * Connections that have said nothing yet: the oldest gives way.  Each round of
 * the loop accepts one, and a worker's HELLO is there when it is accepted.
 */

#define CR_SILENT            64


static cr_event_t  cr_listener;
static cr_timer_t  cr_listener_pause;

static uid_t       cr_uids[CR_CLIENTS_MAX];
static unsigned    cr_nuids;

static unsigned    cr_clients_max;


int
cr_clients_resolve(void)
{
    char           *end;
    unsigned        i;
    const char     *name;
    struct passwd  *pw;

    for (i = 0; i < cr_super.conf.nclients; i++) {
        name = cr_super.conf.clients[i];
        cr_uids[cr_nuids] = (uid_t) strtoul(name, &end, 10);

        if (*end) {
            pw = getpwnam(name);

            if (pw == NULL) {
                cr_log("`clients` in sandbox.conf names \"%s\": there is no "
                       "such user", name);
                return -1;
            }

            cr_uids[cr_nuids] = pw->pw_uid;
        }

        cr_nuids++;
    }

    if (cr_nuids == 0) {
        cr_uids[cr_nuids++] = cr_super.caller;
    }

    return 0;
}


int
cr_client_is(uid_t uid)
{
    unsigned  i;

    for (i = 0; i < cr_nuids; i++) {
        if (cr_uids[i] == uid) {
            return 1;
        }
    }

    return 0;
}


static int
cr_client_admitted(int fd, pid_t *pid)
{
    socklen_t     len;
    struct ucred  peer;

    len = sizeof(peer);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == -1) {
        return 0;
    }

    /* Rootless, the caller's uid is 0 in here. */

    if (!cr_client_is(peer.uid)
        && !(cr_super.rootless && peer.uid == 0 && cr_nuids == 1))
    {
        cr_log("a connection by uid %d is refused: `clients` in sandbox.conf "
               "does not name it", (int) peer.uid);
        return 0;
    }

    *pid = peer.pid;

    return 1;
}


static void
cr_client_accept(cr_event_t *ev, uint32_t events)
{
    int    fd;
    pid_t  pid;

    /* Somebody who shares it did that: it would be ready for ever. */

    if (events & (EPOLLRDHUP|EPOLLHUP)) {
        cr_log("the listening socket was shut down");
        cr_event_watch(ev, 0);
        return;
    }

    fd = accept4(ev->fd, NULL, NULL, SOCK_CLOEXEC|SOCK_NONBLOCK);

    if (fd == -1) {

        /* What does not pass by itself would be told again at once. */

        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
            cr_log("accept(): %s", strerror(errno));
            cr_event_watch(ev, 0);
            cr_timer_set(&cr_listener_pause, CR_ACCEPT_PAUSE);
        }

        return;
    }

    if (!cr_client_admitted(fd, &pid)) {
        close(fd);
        return;
    }

    if (cr_clients_silent() >= CR_SILENT
        || cr_clients_count() >= cr_clients_max)
    {
        cr_clients_hush();
    }

    if (cr_clients_count() >= cr_clients_max) {
        cr_log("a connection is refused: there are %u already",
               cr_clients_max);
        close(fd);
        return;
    }

    if (cr_client_add(fd, pid) != 0) {
        cr_log("a connection is refused: %s", strerror(errno));
        close(fd);
    }
}


static void
cr_client_accept_again(cr_timer_t *timer)
{
    cr_event_watch(timer->data, CR_LISTENER_EVENTS);
}


/*
 * Connections may take what the slots leave: with no descriptor left for the
 * pidfds that come from a zygote, it would be given up, and its jobs.
 */

static unsigned
cr_clients_most(void)
{
    unsigned       kept;
    struct rlimit  rl;

    kept = cr_files_kept();

    if (getrlimit(RLIMIT_NOFILE, &rl) == -1
        || rl.rlim_cur >= kept + CR_CLIENTS)
    {
        return CR_CLIENTS;
    }

    return rl.rlim_cur > kept + CR_CLIENTS_MIN ? rl.rlim_cur - kept
                                               : CR_CLIENTS_MIN;
}


int
cr_clients_init(int listener)
{
    cr_clients_max = cr_clients_most();

    cr_listener.fd = listener;
    cr_listener.handler = cr_client_accept;

    cr_listener_pause.data = &cr_listener;
    cr_listener_pause.handler = cr_client_accept_again;

    cr_event_watch(&cr_listener, CR_LISTENER_EVENTS);

    return 0;
}
