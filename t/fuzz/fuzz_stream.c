
/*
 * A worker and a hostile supervisor: any bytes, in pieces of any size, a
 * socket that takes little or breaks, while jobs are made, stopped and waited
 * for, and timers go off.  Each job that was made ends once, writes nothing
 * before it began nor after it ended, and is fed what was added to its input,
 * once, as far as there was credit.
 *
 * An input is a chain of steps: what is done, and what goes with it.
 */


#include "ngx_cr_doorbell.h"
#include "ngx_cr_helper_local.h"
#include "ngx_cr_job_local.h"
#include "ngx_cr_spawn.h"

#include "fuzz.h"
#include "fuzz_nginx.h"
#include "fuzz_steps.h"
#include "fuzz_stream_store.h"


#define STEPS  400
#define CASES  20       /* of a job that has some */


static const uint8_t          *coming;      /* what recv() has */
static size_t                  ncoming;
static ngx_uint_t              hung_up;
static size_t                  takes;       /* bytes at a send(); 0: broken */

static ngx_cr_helper_waiter_t  status_waiter;


/* The socket. */

int
__wrap_connect(int fd, const struct sockaddr *address, socklen_t len)
{
    (void) fd;
    (void) address;
    (void) len;

    return 0;
}


static ssize_t
socket_recv(ngx_connection_t *c, u_char *buf, size_t size)
{
    size_t  n;

    n = ngx_min(size, ncoming);

    if (n) {
        ngx_memcpy(buf, coming, n);
        coming += n;
        ncoming -= n;

        return n;
    }

    if (hung_up) {
        return 0;
    }

    c->read->ready = 0;

    return NGX_AGAIN;
}


/* It reads all, so that a sanitizer sees what was never written. */

static ssize_t
socket_send(ngx_connection_t *c, u_char *buf, size_t size)
{
    static u_char  sink[65536];

    (void) c;

    if (takes == 0) {
        return NGX_ERROR;
    }

    if (takes == 1) {
        takes = 7;
        return NGX_AGAIN;
    }

    size = ngx_min(ngx_min(size, takes), sizeof(sink));
    ngx_memcpy(sink, buf, size);

    return size;
}


/* Nobody else's jobs are here, and a helper is never started. */

ngx_int_t
ngx_cr_doorbell_on(ngx_cr_doorbell_pt handler, void *data)
{
    (void) handler;
    (void) data;

    return NGX_OK;
}


ngx_fd_t
ngx_cr_spawn_fd(const ngx_str_t *path)
{
    (void) path;

    return -1;
}


ngx_pid_t
ngx_cr_spawn_alive(ngx_fd_t fd, ngx_log_t *log)
{
    (void) fd;
    (void) log;

    return -1;
}


ngx_pid_t
ngx_cr_spawn_start(const ngx_str_t *helper, ngx_fd_t fd, ngx_log_t *log)
{
    (void) helper;
    (void) fd;
    (void) log;

    return -1;
}


/*
 * Who waits for one job may stop another when it ends.  A live one stops its
 * own, and takes out another waiter and itself.
 */

static void
waiter_handler(ngx_cr_job_waiter_t *waiter)
{
    ngx_cr_job_id_t  next;

    fuzz_must(record(&waiter->id)->ended || waiter->live);
    fuzz_must(record(&waiter->id)->started || !waiter->queued);

    next = waiter->id;

    if (waiter->queued) {
        (void) ngx_cr_job_stop(&next);
        ngx_cr_job_unwait(waiter);
    }

    if (++next.bytes[0] < nrecords) {
        (void) ngx_cr_job_stop(&next);

        if (waiter->live) {
            ngx_cr_job_unwait(&record(&next)->waiter);
        }
    }
}


static void
status_handler(ngx_cr_helper_waiter_t *waiter)
{
    fuzz_must(ngx_cr_helper_status());

    (void) waiter;
}


static void
job_make(unsigned how)
{
    ngx_cr_refusal_t           refusal;
    ngx_cr_job_spec_t          spec;
    static u_char              input[50000];
    static u_char              large[CR_PROGRAM_PART + 9];
    static const cr_bytes_t    args[] = { { (u_char *) "a", 1 },
                                          { (u_char *) "", 0 } };
    static const cr_file_t     files[] = { { 0, { (u_char *) "a", 1 },
                                             { large, sizeof(large) } } };
    static ngx_cr_case_t       cases[CASES];

    if (nrecords == JOBS || !ngx_cr_helper_ready()) {
        return;
    }

    ngx_memzero(&records[nrecords], sizeof(record_t));
    records[nrecords].open = how >> 3 & 1;
    ngx_memzero(&spec, sizeof(ngx_cr_job_spec_t));

    spec.id.bytes[0] = (u_char) nrecords++;
    ngx_str_set(&spec.runtime, "python");
    ngx_str_set(&spec.user, "me");
    ngx_str_set(&spec.code, "print(1)");
    spec.limits.timeout_ms = 1000;
    spec.limits.output = 100000;
    spec.input.data = input;
    spec.input.len = (how & 3) * (sizeof(input) / 3);
    spec.input_max = how >> 3 & 1;
    spec.nargs = how >> 2 & 1 ? 2 : 0;
    spec.args = args;
    spec.nfiles = how >> 4 & 1;
    spec.files = files;
    spec.npatterns = how >> 5 & 1;
    spec.patterns = args;
    spec.artifact_max = spec.npatterns * 1000;
    spec.compile = how >> 6 & 1;
    spec.compile_limits = spec.limits;
    spec.stop_early = how & 1;

    if (how >> 7) {
        ngx_str_set(&cases[1].expected, "Traceback");
        cases[1].compared = 1;
        cases[2].input = spec.input;
        cases[3].nargs = 2;
        cases[3].args = args;

        spec.ncases = CASES;
        spec.cases = cases;
        records[nrecords - 1].cases = CASES;
        records[nrecords - 1].open = 0;
    }

    fuzz_must(ngx_cr_job_create(&spec, NULL, &refusal) == NGX_OK);
}


static void
job_feed(ngx_uint_t number, unsigned how)
{
    ngx_int_t        rc;
    ngx_cr_job_id_t  id;

    if (number >= nrecords) {
        return;
    }

    ngx_memzero(&id, sizeof(ngx_cr_job_id_t));
    id.bytes[0] = (u_char) number;

    if (how & 8) {
        rc = store_input(&id, NULL, (how & 3) * 10000, how & 4);
        records[number].news = (rc == NGX_OK);

        ngx_cr_job_ring_handler(&ngx_cr_jobs);
        return;
    }

    (void) ngx_cr_job_input(&id, NULL, (how & 3) * 10000, how & 4);
}


static void
job_wait(ngx_uint_t number)
{
    record_t    *rec;
    ngx_uint_t   live;

    live = number >> 7;
    number &= 127;

    if (number >= nrecords) {
        return;
    }

    rec = &records[number];

    if (rec->waiter.queued) {
        ngx_cr_job_unwait(&rec->waiter);
        return;
    }

    rec->waiter.handler = waiter_handler;
    rec->waiter.live = live;
    rec->waiter.id.bytes[0] = (u_char) number;

    (void) ngx_cr_job_wait(&rec->waiter);
}


static ngx_connection_t *
helper_connection(void)
{
    return ngx_cr_helper.stream.connection;
}


static void
read_event(void)
{
    if (helper_connection()) {
        helper_connection()->read->ready = 1;
        helper_connection()->read->handler(helper_connection()->read);
    }

    /* what is left was for a connection that is gone */

    ncoming = 0;
}


static void
supervisor_says(const uint8_t *data, size_t len)
{
    coming = data;
    ncoming = len;

    read_event();
}


/* A welcome and a status, so that jobs can be had for one byte. */

static void
supervisor_welcomes(void)
{
    cr_put_t               put;
    cr_frame_t             frame;
    cr_status_t            status;
    static const uint8_t   welcome[] = {
        4, 0, 0, 0, 0, 0, 0, 0, CR_MSG_WELCOME, 0, 0, 0,
        CR_PROTOCOL_VERSION, 0, 0, 0
    };
    static uint8_t         buf[256];

    ngx_memzero(&status, sizeof(cr_status_t));
    ngx_memzero(&frame, sizeof(cr_frame_t));
    status.nprofiles = 1;
    status.profiles[0].name.data = (u_char *) "python";
    status.profiles[0].name.len = 6;

    cr_put_init(&put, buf + CR_FRAME_HEADER, sizeof(buf) - CR_FRAME_HEADER);
    cr_status_pack(&put, &status);

    frame.type = CR_MSG_STATUS;
    frame.length = cr_put_len(&put);
    cr_frame_encode(buf, &frame);

    supervisor_says(welcome, sizeof(welcome));
    supervisor_says(buf, CR_FRAME_HEADER + frame.length);
}


static void
posted_events(void)
{
    ngx_event_t  *ev;

    for ( ;; ) {

        if (ngx_queue_empty(&ngx_posted_events)
            && !ngx_queue_empty(&ngx_posted_next_events))
        {
            ngx_queue_add(&ngx_posted_events, &ngx_posted_next_events);
            ngx_queue_init(&ngx_posted_next_events);
        }

        if (ngx_queue_empty(&ngx_posted_events)) {
            return;
        }

        ev = ngx_queue_data(ngx_queue_head(&ngx_posted_events), ngx_event_t,
                            queue);

        ngx_delete_posted_event(ev);
        ev->handler(ev);
    }
}


static void
step(fuzz_in_t *in)
{
    size_t            len;
    uint8_t           how;
    unsigned          kind;
    const uint8_t    *p;
    ngx_cr_job_id_t   id;

    kind = fuzz_u8(in) % STREAM_KINDS;

    switch (kind) {

    case SUPERVISOR_SAYS:
        p = fuzz_bytes(in, &len);
        supervisor_says(p, len);
        break;

    case WELCOMED:
        supervisor_welcomes();
        break;

    case JOB_MADE:
        job_make(fuzz_u8(in));
        break;

    case JOB_STOPPED:
        ngx_memzero(&id, sizeof(id));
        id.bytes[0] = fuzz_u8(in) % JOBS;
        (void) ngx_cr_job_stop(&id);
        break;

    case JOB_WAITED_FOR:
        job_wait(fuzz_u8(in));
        break;

    case TIMER:
        (void) fuzz_nginx_timer();
        break;

    case SOCKET_TAKES:
        takes = fuzz_u8(in);
        break;

    case WRITABLE:
        if (helper_connection() && helper_connection()->write->active) {
            helper_connection()->write->handler(helper_connection()->write);
        }

        break;

    case HANGS_UP:
        hung_up = 1;
        read_event();
        hung_up = 0;
        break;

    case STATUS_WANTED:
        if (!status_waiter.queued) {
            status_waiter.handler = status_handler;
            ngx_cr_helper_wait_status(&status_waiter);
        }

        break;

    case JOB_SLOWED:
        how = fuzz_u8(in);
        ngx_memzero(&id, sizeof(id));
        id.bytes[0] = how % JOBS;
        ngx_cr_job_slow(&id, how >> 7);
        break;

    case INPUT_ADDED:
        len = fuzz_u8(in);
        job_feed(len, fuzz_u8(in));
        break;
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned                  i;
    fuzz_in_t                 in;
    ngx_cycle_t               cycle;
    static ngx_cr_sandbox_t   sandbox = { ngx_string("/x"),
                                          ngx_string("/y"), 1 };
    static ngx_cr_registry_t  registry;

    in.pos = data;
    in.end = data + size;

    ngx_memzero(&cycle, sizeof(ngx_cycle_t));
    ngx_memzero(&status_waiter, sizeof(ngx_cr_helper_waiter_t));
    cycle.log = fuzz_log;

    fuzz_nginx_init();
    ngx_io.recv = socket_recv;
    ngx_io.send = socket_send;

    nrecords = 0;
    takes = 255;

    fuzz_must(ngx_cr_job_init(&cycle, &registry, &store, &sandbox) == NGX_OK);

    for (i = 0; in.pos < in.end && i < STEPS; i++) {
        step(&in);
        posted_events();
    }

    ngx_cr_job_exit();

    for (i = 0; i < nrecords; i++) {
        fuzz_must(records[i].ended && !records[i].waiter.queued);
    }

    fuzz_must(!fuzz_nginx_timer());

    return 0;
}
