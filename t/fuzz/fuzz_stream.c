
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


#define JOBS   32       /* of one input */
#define STEPS  400


/* What the store was told of a job. */

typedef struct {
    ngx_cr_job_waiter_t  waiter;
    ngx_uint_t           made;
    ngx_uint_t           started;
    ngx_uint_t           ended;
    size_t               input;      /* bytes added */
    size_t               fed;
    unsigned             open:1;     /* may be added to */
    unsigned             news:1;     /* from another worker */
} record_t;


static record_t                records[JOBS];
static ngx_uint_t              nrecords;

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


/* The store: the first byte of an id is the number of its record. */

static record_t *
record(const ngx_cr_job_id_t *id)
{
    fuzz_must(id->bytes[0] < nrecords);

    return &records[id->bytes[0]];
}


static ngx_int_t
store_create(const ngx_cr_job_new_t *job)
{
    record(&job->id)->made = 1;

    return NGX_OK;
}


static ngx_int_t
store_started(const ngx_cr_job_id_t *id)
{
    record_t  *rec;

    rec = record(id);
    fuzz_must(rec->made && !rec->started && !rec->ended);
    rec->started = 1;

    return NGX_OK;
}


static ssize_t
store_append(const ngx_cr_job_id_t *id, ngx_uint_t stream,
    const u_char *data, size_t len)
{
    static u_char  sink[CR_FRAME_DATA_MAX];

    fuzz_must(record(id)->started && !record(id)->ended);
    fuzz_must(stream == NGX_CR_STDOUT || stream == NGX_CR_STDERR);
    fuzz_must(len <= sizeof(sink));

    if (len) {
        ngx_memcpy(sink, data, len);
    }

    return len;
}


static ngx_int_t
store_finish(const ngx_cr_job_id_t *id, ngx_cr_job_status_e status,
    const ngx_cr_outcome_t *outcome)
{
    static u_char  sink[NGX_CR_CLAIM_SIZE];

    fuzz_must(record(id)->made && !record(id)->ended);
    fuzz_must(ngx_cr_job_done(status));
    fuzz_must(outcome->reason.len <= NGX_CR_REASON_SIZE);
    fuzz_must(outcome->claim.len <= NGX_CR_CLAIM_SIZE);

    ngx_memcpy(sink, outcome->reason.data, outcome->reason.len);
    ngx_memcpy(sink, outcome->claim.data, outcome->claim.len);

    record(id)->ended = 1;

    return NGX_OK;
}


static ngx_int_t
store_by_id(const ngx_cr_job_id_t *id)
{
    (void) id;

    return NGX_DECLINED;
}


/* Input is as long as it is said to be, and all zero. */

static ngx_int_t
store_input(const ngx_cr_job_id_t *id, const u_char *data, size_t len,
    ngx_uint_t last)
{
    record_t  *rec;

    (void) data;

    rec = record(id);

    if (rec->ended || !rec->open) {
        return NGX_DONE;
    }

    rec->input += len;
    rec->open = !last;

    return NGX_OK;
}


static ssize_t
store_input_read(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor,
    u_char *buf, size_t size)
{
    size_t     n;
    record_t  *rec;

    rec = record(id);
    fuzz_must(rec->started && !rec->ended && cursor->offset == rec->fed);

    n = ngx_min(rec->input - rec->fed, size);

    if (n == 0) {
        return rec->fed == rec->input && !rec->open ? NGX_DONE : NGX_AGAIN;
    }

    ngx_memzero(buf, n);
    rec->fed += n;
    cursor->offset += n;

    return n;
}


static ngx_uint_t
store_inputs(ngx_cr_job_id_t *ids, ngx_uint_t max)
{
    ngx_uint_t  i, n;

    n = 0;

    for (i = 0; i < nrecords && n < max; i++) {
        if (records[i].news && !records[i].ended) {
            records[i].news = 0;
            ngx_memzero(&ids[n], sizeof(ngx_cr_job_id_t));
            ids[n++].bytes[0] = (u_char) i;
        }
    }

    return n;
}


static ngx_uint_t
store_cancelled(ngx_cr_job_id_t *ids, ngx_uint_t max)
{
    (void) ids;
    (void) max;

    return 0;
}


static void
store_unwatch(const ngx_cr_job_id_t *id)
{
    (void) id;
}


static ngx_int_t
store_get(const ngx_cr_job_id_t *id, ngx_pool_t *pool, ngx_uint_t flags,
    ngx_cr_job_view_t *view)
{
    (void) id;
    (void) pool;
    (void) flags;
    (void) view;

    return NGX_DECLINED;
}


static const ngx_cr_store_t  store = {
    .create = store_create,
    .started = store_started,
    .append = store_append,
    .finish = store_finish,
    .cancel = store_by_id,
    .cancelled = store_cancelled,
    .input = store_input,
    .input_read = store_input_read,
    .inputs = store_inputs,
    .get = store_get,
    .watch = store_by_id,
    .unwatch = store_unwatch
};


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
    static const cr_bytes_t    args[] = { { (u_char *) "a", 1 },
                                          { (u_char *) "", 0 } };

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
