
/*
 * A worker's side of the helper's socket, for tests: the installed helper is
 * started as nginx would, and spoken to in frames.  CR_INSTALL names the
 * installation; `helper` is empty without one, or without root.
 */


#ifndef _SUPERVISOR_WORKER_H_INCLUDED_
#define _SUPERVISOR_WORKER_H_INCLUDED_


#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "cr_message.h"


#define PATIENCE  30000                  /* ms until something must come */
#define ROOM      (2 * CR_FRAME_MAX)


/* A worker's connection. */

typedef struct {
    int             fd;
    size_t          len;
    unsigned char   in[ROOM];
} worker_t;

/* What came of a job. */

typedef struct {
    unsigned        closed:1;            /* the connection, before a RESULT */
    size_t          output;              /* bytes of both streams */
    cr_result_t     result;
    unsigned char   payload[CR_FRAME_MAX];
} outcome_t;


static char                helper[4096];
static uid_t               client;
static gid_t               group;
static pid_t               pid;
static struct sockaddr_un  address;

static worker_t            one, two;
static outcome_t           outcome;

static unsigned char       packet[ROOM];
static char                code[CR_PROGRAM_PART + 65536];


/* Answers 0 when the configuration names a client by its uid. */

static int
read_client(const char *install)
{
    int    rc;
    char   line[512];
    FILE  *f;

    snprintf(line, sizeof(line), "%s/etc/coderemote/sandbox.conf", install);
    f = fopen(line, "re");

    if (f == NULL) {
        return -1;
    }

    rc = -1;

    while (rc == -1 && fgets(line, sizeof(line), f)) {
        rc = sscanf(line, "clients = %u", &client) == 1 ? 0 : -1;
    }

    fclose(f);

    return rc;
}


/* As a worker starts it: under the worker's uid, the socket as 3. */

static void
start(int listener)
{
    pid = fork();

    if (pid) {
        return;
    }

    (void) dup2(listener, 3);
    (void) fcntl(3, F_SETFD, 0);

    if (setresgid(group, group, group) == -1
        || setresuid(client, client, client) == -1)
    {
        _exit(1);
    }

    execl(helper, "coderemote-sandbox", NULL);
    _exit(1);
}


static int
group_setup(void **state)
{
    int          listener;
    char        *install;
    struct stat  st;

    (void) state;

    install = getenv("CR_INSTALL");

    if (install == NULL || geteuid() != 0 || read_client(install) != 0) {
        return 0;
    }

    snprintf(helper, sizeof(helper),
             "%s/libexec/coderemote/coderemote-sandbox", install);

    if (stat(helper, &st) == -1) {
        helper[0] = '\0';
        return 0;
    }

    /* Without the bit it runs as who starts it: then as root. */

    group = st.st_gid;
    client = (st.st_mode & S_ISUID) ? client : 0;

    address.sun_family = AF_UNIX;
    snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
             "cr-test-supervisor-%d", (int) getpid());

    listener = socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0);

    if (bind(listener, (struct sockaddr *) &address, sizeof(address)) == -1
        || listen(listener, 64) == -1)
    {
        return -1;
    }

    (void) signal(SIGPIPE, SIG_IGN);
    start(listener);
    close(listener);

    return 0;
}


static int
dial(uid_t uid)
{
    int  fd, rc;

    fd = socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0);

    assert_int_equal(seteuid(uid), 0);
    rc = connect(fd, (struct sockaddr *) &address, sizeof(address));
    assert_int_equal(seteuid(0), 0);

    assert_int_equal(rc, 0);

    return fd;
}


/* Sends all, unless the peer closes before: it may, when that is bad. */

static void
send_bytes(worker_t *worker, const void *data, size_t len)
{
    ssize_t      n;
    const char  *p;

    for (p = data; len; p += n, len -= n) {
        n = write(worker->fd, p, len);

        if (n == -1) {
            assert_true(errno == EPIPE || errno == ECONNRESET);
            return;
        }
    }
}


static void
send_frame(worker_t *worker, uint8_t type, uint32_t job, uint8_t flags,
    const void *payload, size_t len)
{
    cr_frame_t  frame;

    memset(&frame, 0, sizeof(frame));
    frame.type = type;
    frame.job = job;
    frame.flags = flags;
    frame.length = (uint32_t) len;

    cr_frame_encode(packet, &frame);

    if (len) {
        memmove(packet + CR_FRAME_HEADER, payload, len);
    }

    send_bytes(worker, packet, CR_FRAME_HEADER + len);
}


static void
send_u32(worker_t *worker, uint8_t type, uint32_t job, uint32_t value)
{
    cr_put_t       put;
    unsigned char  buf[4];

    cr_put_init(&put, buf, sizeof(buf));
    cr_put_u32(&put, value);
    send_frame(worker, type, job, 0, buf, sizeof(buf));
}


/* The program of a text, packed; answers its length. */

static unsigned char       packed[sizeof(code) + 64];

static size_t
pack_program(const char *text)
{
    cr_put_t             put;
    static cr_program_t  program;

    memset(&program, 0, sizeof(program));
    program.code.data = (const unsigned char *) text;
    program.code.len = strlen(text);

    cr_put_init(&put, packed, sizeof(packed));
    cr_program_pack(&put, &program);

    return cr_put_len(&put);
}


/* RUN with the first len bytes of what is packed, of size in all. */

static void
send_run_part(worker_t *worker, uint32_t job, const char *runtime,
    uint32_t credit, size_t len, size_t size)
{
    cr_put_t  put;
    cr_run_t  run;

    static unsigned char  buf[sizeof(packed) + 256];

    memset(&run, 0, sizeof(run));
    run.user = 1;
    run.memory = 128 << 20;
    run.timeout_ms = 20000;
    run.output_limit = 1 << 20;
    run.credit = credit;
    run.runtime.data = (const unsigned char *) runtime;
    run.runtime.len = strlen(runtime);
    run.program.data = packed;
    run.program.len = len;
    run.program_size = size;

    cr_put_init(&put, buf, sizeof(buf));
    cr_run_pack(&put, &run);
    assert_false(put.bad);

    send_frame(worker, CR_MSG_RUN, job, 0, buf, cr_put_len(&put));
}


static void
send_run(worker_t *worker, uint32_t job, const char *runtime, const char *text,
    uint32_t credit)
{
    size_t  len;

    len = pack_program(text);
    send_run_part(worker, job, runtime, credit, len, len);
}


/*
 * One frame, its payload at *payload until the next call: 1; 0 when the
 * connection is closed; -1 when nothing comes within ms.
 */

static int
receive(worker_t *worker, cr_frame_t *frame, unsigned char *payload, int ms)
{
    size_t         len;
    ssize_t        n;
    struct pollfd  pfd;

    while (cr_frame_decode(worker->in, worker->len, frame) != 1
           || worker->len < CR_FRAME_HEADER + frame->length)
    {
        pfd.fd = worker->fd;
        pfd.events = POLLIN;

        if (poll(&pfd, 1, ms) != 1) {
            return -1;
        }

        n = read(worker->fd, worker->in + worker->len, ROOM - worker->len);

        if (n <= 0) {
            return 0;
        }

        worker->len += n;
    }

    len = CR_FRAME_HEADER + frame->length;
    memcpy(payload, worker->in + CR_FRAME_HEADER, frame->length);
    worker->len -= len;
    memmove(worker->in, worker->in + len, worker->len);

    return 1;
}


/* Reads on until the job's RESULT. */

static void
wait_result(worker_t *worker, uint32_t job)
{
    int         rc;
    cr_frame_t  frame;

    memset(&outcome, 0, sizeof(outcome));

    for ( ;; ) {
        rc = receive(worker, &frame, outcome.payload, PATIENCE);
        assert_int_not_equal(rc, -1);

        if (rc == 0) {
            outcome.closed = 1;
            return;
        }

        if (frame.job != job) {
            continue;
        }

        if (frame.type == CR_MSG_OUTPUT) {
            outcome.output += frame.length;
        }

        if (frame.type == CR_MSG_RESULT) {
            assert_int_equal(cr_result_unpack(outcome.payload, frame.length,
                                              &outcome.result), 0);
            return;
        }
    }
}


static inline void
assert_closed(worker_t *worker)
{
    wait_result(worker, 0);
    assert_true(outcome.closed);
    close(worker->fd);
    worker->fd = -1;
}


static void
greet(worker_t *worker)
{
    cr_frame_t  frame;

    worker->fd = dial(client);
    worker->len = 0;

    send_u32(worker, CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
    assert_int_equal(receive(worker, &frame, outcome.payload, PATIENCE), 1);
    assert_int_equal(frame.type, CR_MSG_WELCOME);
}


static int
setup(void **state)
{
    (void) state;

    one.fd = two.fd = -1;

    return 0;
}


/* Whatever was done: it lives, and another worker's job is run. */

static int
teardown(void **state)
{
    (void) state;

    if (helper[0] == '\0') {
        return 0;
    }

    if (one.fd != -1) {
        close(one.fd);
    }

    if (two.fd == -1) {
        greet(&two);
    }

    send_run(&two, 77, "python", "print(1)", 1000);
    wait_result(&two, 77);
    close(two.fd);

    return outcome.closed || outcome.result.end != CR_END_CLAIM
           || outcome.output != 2;
}


static void
need(void)
{
    if (helper[0] == '\0') {
        print_message("needs root, and CR_INSTALL with an installation\n");
        skip();
    }
}


/* Whether no job runs or waits and every slot has a parked cell. */

static inline int
is_idle(worker_t *worker)
{
    unsigned               i;
    cr_frame_t             frame;
    cr_status_t            status;
    cr_profile_status_t   *profile;

    send_frame(worker, CR_MSG_STATUS, 0, 0, NULL, 0);

    do {
        assert_int_equal(receive(worker, &frame, outcome.payload, PATIENCE),
                         1);
    } while (frame.type != CR_MSG_STATUS);

    assert_int_equal(cr_status_unpack(outcome.payload, frame.length, &status),
                     0);

    for (i = 0; i < status.nprofiles; i++) {
        profile = &status.profiles[i];

        if (profile->running || profile->queued
            || profile->ready != profile->slots)
        {
            return 0;
        }
    }

    return 1;
}


static inline void
wait_idle(worker_t *worker)
{
    unsigned  i;

    for (i = 0; i < PATIENCE / 20; i++) {

        if (is_idle(worker)) {
            return;
        }

        (void) poll(NULL, 0, 20);
    }

    fail_msg("slots did not become free again");
}


/* The last worker has gone: it leaves, soon and in order. */

static int
group_teardown(void **state)
{
    int       status;
    unsigned  i;

    (void) state;

    if (helper[0] == '\0') {
        return 0;
    }

    for (i = 0; i < PATIENCE / 20; i++) {

        if (waitpid(pid, &status, WNOHANG) == pid) {
            return status;
        }

        (void) poll(NULL, 0, 20);
    }

    return -1;
}


#endif /* _SUPERVISOR_WORKER_H_INCLUDED_ */
