
/* Those a supervisor starts: zygotes, slot-zygotes, cells. */

#define _GNU_SOURCE

#include "fuzz_supervisor.h"
#include "fuzz_process.h"
#include "cr_start.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>


#define DESCRIPTORS  256    /* that are looked at */

#define ROUNDS  1024        /* until everything must have ended */


typedef struct {
    process_t     *process;
    int            fds[CR_CELL_FDS];    /* the cell's ends, or -1 */
    size_t         len;                 /* bytes of its hand-over, so far */
    unsigned char  work[CR_FRAME_HEADER + CR_FRAME_MAX];
} cell_t;


cr_supervisor_t  cr_super;

static int         barren;          /* nothing more can be started */
static unsigned    descriptors;     /* open at the beginning */

static unsigned    generation;
static int         zygote;              /* the newest one's control socket */
static unsigned    zygote_step;
static process_t  *zygote_process, *zygote_init;

static int         keeper[FUZZ_SLOTS];  /* the slot-zygotes' sockets */
static unsigned    keeper_step[FUZZ_SLOTS];
static process_t  *keeper_process[FUZZ_SLOTS];
static cell_t      cell[FUZZ_SLOTS];

static char        text[CR_CTL_TEXT + 16];


static void
cell_close(cell_t *c)
{
    unsigned  i;

    for (i = 0; i < CR_CELL_FDS; i++) {
        fuzz_close(&c->fds[i]);
    }
}


void
fuzz_process_ended(const process_t *process)
{
    unsigned  i;

    for (i = 0; i < FUZZ_SLOTS; i++) {

        if (cell[i].process == process) {
            cell_close(&cell[i]);
        }

        if (keeper_process[i] == process) {
            fuzz_close(&keeper[i]);
        }
    }

    if (process == zygote_process) {
        fuzz_close(&zygote);
    }
}


int
cr_start(const cr_start_t *start, cr_started_t *started)
{
    int         pair[2];
    process_t  *starter;

    (void) start;

    if (barren) {
        errno = EAGAIN;
        return -1;
    }

    fuzz_must(socketpair(AF_UNIX, SOCK_SEQPACKET|SOCK_CLOEXEC|SOCK_NONBLOCK,
                         0, pair)
              == 0);

    fuzz_close(&zygote);

    generation++;
    zygote = pair[1];
    zygote_step = 0;
    zygote_process = NULL;

    started->control = pair[0];
    started->words = -1;
    started->init = fuzz_process_new(&zygote_init, generation);
    started->starter = fuzz_process_new(&starter, generation);

    if (starter == NULL) {
        close(pair[0]);
        fuzz_close(&started->init);
        errno = EAGAIN;
        return -1;
    }

    zygote_init->init = 1;
    fuzz_process_end(starter, 0);

    return 0;
}


/* The zygotes' side. */

/* A cell's ends, and a slot-zygote's socket, are what the supervisor sends. */

static void
control_read(int fd)
{
    unsigned   i;
    cr_ctl_t   ctl;

    while (fd != -1 && cr_ctl_recv(fd, &ctl, text) == 1) {

        if (ctl.type == CR_CTL_SLOT && ctl.nfds && ctl.slot < FUZZ_SLOTS) {
            fuzz_close(&keeper[ctl.slot]);
            keeper[ctl.slot] = ctl.fds[0];
            (void) fcntl(ctl.fds[0], F_SETFL, O_NONBLOCK);

            keeper_step[ctl.slot] = 0;
            keeper_process[ctl.slot] = NULL;

            for (i = 1; i < ctl.nfds; i++) {
                close(ctl.fds[i]);
            }

            ctl.nfds = 0;
        }

        if (ctl.type == CR_CTL_CELL) {
            fuzz_must(ctl.nfds == CR_CELL_FDS && ctl.slot < FUZZ_SLOTS);

            for (i = 0; i < CR_CELL_FDS; i++) {
                fuzz_close(&cell[ctl.slot].fds[i]);
                cell[ctl.slot].fds[i] = ctl.fds[i];
                (void) fcntl(ctl.fds[i], F_SETFL, O_NONBLOCK);
                (void) fcntl(ctl.fds[i], F_SETPIPE_SZ, FUZZ_ROOM);
            }

            cell[ctl.slot].process = NULL;
            cell[ctl.slot].len = 0;
            keeper_step[ctl.slot] = 2;
            ctl.nfds = 0;
        }

        cr_ctl_close_fds(&ctl);
    }
}


void
fuzz_round(void)
{
    unsigned  i;

    cr_loop_round();
    cr_clients_flush();

    control_read(zygote);

    for (i = 0; i < FUZZ_SLOTS; i++) {
        control_read(keeper[i]);
    }

    fuzz_workers_read();
}


static void
control_send(int fd, uint32_t type, unsigned slot, int pidfd)
{
    cr_ctl_t  ctl;

    memset(&ctl, 0, sizeof(ctl));
    ctl.type = type;
    ctl.slot = slot;
    ctl.text = "3.11.2";
    ctl.len = sizeof("3.11.2");

    if (pidfd != -1) {
        ctl.fds[0] = pidfd;
        ctl.nfds = 1;
    }

    (void) cr_ctl_send(fd, &ctl);
    cr_ctl_close_fds(&ctl);
}


/* Parked, it says nothing until the whole of a job is there; used once. */

static void
honest_cell(unsigned slot)
{
    cr_put_t       put;
    cr_claim_t     claim;
    cr_frame_t     frame;
    unsigned char  buf[256];

    memset(&frame, 0, sizeof(frame));
    memset(&claim, 0, sizeof(claim));

    cr_put_init(&put, buf + CR_FRAME_HEADER, sizeof(buf) - CR_FRAME_HEADER);

    switch (keeper_step[slot]) {

    case 3:
        frame.type = CR_MSG_PARKED;
        break;

    case 4:
        if (!fuzz_cell_reads(slot)) {
            return;
        }

        fuzz_cell_write(slot, CR_CELL_STDOUT, "Hello", 5);

        frame.type = CR_MSG_CLAIM;
        cr_claim_pack(&put, &claim);
        break;

    default:
        fuzz_cell_ends(slot, 0);
        return;
    }

    keeper_step[slot]++;

    frame.length = cr_put_len(&put);
    cr_frame_encode(buf, &frame);

    fuzz_cell_write(slot, CR_CELL_RESULT, buf, CR_FRAME_HEADER + frame.length);
}


static void
honest_slot(unsigned slot)
{
    if (keeper_process[slot] == NULL) {
        control_send(zygote, CR_CTL_SLOT_PID, slot,
                     fuzz_process_new(&keeper_process[slot], generation));
    }

    switch (keeper_step[slot]) {

    case 0:
        keeper_step[slot]++;
        control_send(keeper[slot], CR_CTL_JOINED, slot, -1);
        break;

    case 1:
        break;

    case 2:
        keeper_step[slot]++;
        control_send(keeper[slot], CR_CTL_CELL_PID, slot,
                     fuzz_process_new(&cell[slot].process, generation));
        break;

    default:
        honest_cell(slot);
    }
}


void
fuzz_honest(void)
{
    unsigned  i;

    if (zygote == -1) {
        return;
    }

    switch (zygote_step++) {

    case 0:
        control_send(zygote, CR_CTL_STARTED, 0,
                     fuzz_process_new(&zygote_process, generation));
        return;

    case 1:
        control_send(zygote, CR_CTL_WARM, 0, -1);
        return;
    }

    for (i = 0; i < FUZZ_SLOTS; i++) {
        if (keeper[i] != -1) {
            honest_slot(i);
        }
    }
}


static int
control_fd(int of_zygote, unsigned slot, fuzz_fd_e kind)
{
    int         fd;
    cr_slot_t  *s;

    if (kind == FUZZ_FD_CHILD) {
        return fuzz_process_new(of_zygote ? &keeper_process[slot]
                                          : &cell[slot].process,
                                generation);
    }

    s = &cr_super.runners[0].slots[slot];
    fd = s->cell.fd != -1 ? s->cell.fd : s->keeper.fd;

    if (kind == FUZZ_FD_KNOWN && fd != -1) {
        return fcntl(fd, F_DUPFD_CLOEXEC, 3);
    }

    return open("/dev/null", O_RDONLY|O_CLOEXEC);
}


/* Not by cr_ctl_send(): what it cannot send is worth a try as well. */

void
fuzz_control(int of_zygote, unsigned slot, const void *data, size_t len,
    unsigned kind, unsigned nfds)
{
    int              fds[2 * CR_CTL_FDS];
    unsigned         i, n;
    struct iovec     iov;
    struct msghdr    msg;
    struct cmsghdr  *cmsg;

    union {
        char            buf[CMSG_SPACE(sizeof(fds))];
        struct cmsghdr  align;
    } control;

    slot %= FUZZ_SLOTS;

    for (n = 0; n < nfds && n < sizeof(fds) / sizeof(fds[0]); n++) {
        fds[n] = control_fd(of_zygote, slot, kind);

        if (fds[n] == -1) {
            break;
        }
    }

    iov.iov_base = (void *) data;
    iov.iov_len = len;

    memset(&msg, 0, sizeof(msg));
    memset(&control, 0, sizeof(control));
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;

    if (n) {
        msg.msg_control = control.buf;
        msg.msg_controllen = CMSG_SPACE(sizeof(int) * n);

        cmsg = CMSG_FIRSTHDR(&msg);
        cmsg->cmsg_level = SOL_SOCKET;
        cmsg->cmsg_type = SCM_RIGHTS;
        cmsg->cmsg_len = CMSG_LEN(sizeof(int) * n);
        memcpy(CMSG_DATA(cmsg), fds, sizeof(int) * n);
    }

    (void) sendmsg(of_zygote ? zygote : keeper[slot], &msg,
                   MSG_NOSIGNAL|MSG_DONTWAIT);

    for (i = 0; i < n; i++) {
        close(fds[i]);
    }
}


void
fuzz_cell_write(unsigned slot, int pipe, const void *data, size_t len)
{
    ssize_t  n;

    n = write(cell[slot].fds[pipe], data, len);
    (void) n;
}


/*
 * What a cell reads at its job pipe is one hand-over and nothing else,
 * whatever the worker and the cells before it did.  Answers whether all of it
 * is there.
 */

int
fuzz_cell_reads(unsigned slot)
{
    int            rc;
    cell_t        *c;
    size_t         size;
    ssize_t        n;
    cr_frame_t     frame;
    cr_handover_t  handover;
    static char    input[65536];

    c = &cell[slot];

    n = read(c->fds[CR_CELL_STDIN], input, sizeof(input));
    n = read(c->fds[CR_CELL_JOB], c->work + c->len, sizeof(c->work) - c->len);

    if (n > 0) {
        c->len += n;
    }

    rc = cr_frame_decode(c->work, c->len, &frame);
    fuzz_must(rc != -1);

    if (rc == 0 || c->len < CR_FRAME_HEADER + frame.length) {
        return 0;
    }

    fuzz_must(frame.type == CR_MSG_JOB);
    fuzz_must(cr_handover_unpack(c->work + CR_FRAME_HEADER, frame.length,
                                 &handover)
              == 0);

    size = CR_FRAME_HEADER + frame.length + handover.program_size;
    fuzz_must(c->len <= size);

    return c->len == size;
}


void
fuzz_cell_ends(unsigned slot, int status)
{
    fuzz_process_end(cell[slot].process, status);
}


void
fuzz_keeper_ends(unsigned slot)
{
    fuzz_process_end(keeper_process[slot], 0);
}


void
fuzz_zygote_ends(int init)
{
    fuzz_process_end(init ? zygote_init : zygote_process, 0);
}


void
fuzz_runtime(unsigned keep, int exec)
{
    cr_super.runners[0].keep = keep % (FUZZ_SLOTS + 1);
    cr_super.runners[0].profile.exec = exec != 0;
}


static void
supervisor_init(void)
{
    unsigned      i;
    cr_runner_t  *runner;

    zygote = -1;

    for (i = 0; i < FUZZ_SLOTS; i++) {
        keeper[i] = -1;
        memset(cell[i].fds, 0xff, sizeof(cell[i].fds));
    }

    fuzz_workers_init();

    (void) signal(SIGPIPE, SIG_IGN);

    cr_super.conf.queue = 8;
    cr_super.nrunners = 1;

    runner = &cr_super.runners[0];
    runner->profile.language = "Python";
    runner->profile.program = "true";
    runner->profile.timeout_ms = 10000;
    runner->profile.memory = 64 << 20;
    runner->profile.slots = FUZZ_SLOTS;
    runner->profile.parked = FUZZ_SLOTS;
    runner->profile.renew = 60;
    runner->text = "program = true\n";
    runner->text_len = strlen(runner->text);
    strcpy(runner->profile.name, "python");

    fuzz_must(cr_loop_init() == 0);
    cr_runner_size(runner);
    fuzz_must(cr_runner_init(runner, "/bin") == 0);
}


static unsigned
descriptors_open(void)
{
    unsigned       i, n;
    struct pollfd  list[DESCRIPTORS];

    for (i = 0; i < DESCRIPTORS; i++) {
        list[i].fd = i;
        list[i].events = 0;
    }

    fuzz_must(poll(list, DESCRIPTORS, 0) != -1);

    for (n = i = 0; i < DESCRIPTORS; i++) {
        n += !(list[i].revents & POLLNVAL);
    }

    return n;
}


void
fuzz_begin(void)
{
    static int  initialized;

    if (!initialized) {
        initialized = 1;
        supervisor_init();
    }

    descriptors = descriptors_open();

    fuzz_process_forget();
    fuzz_runtime(FUZZ_SLOTS, 0);
    generation = 0;

    cr_runner_start(&cr_super.runners[0]);
}


static int
supervisor_busy(void)
{
    unsigned            i;
    const cr_runner_t  *runner;

    runner = &cr_super.runners[0];

    for (i = 0; i < FUZZ_SLOTS; i++) {
        if (runner->slots[i].cell.fd != -1 || runner->slots[i].keeper.fd != -1
            || runner->slots[i].zygote || runner->slots[i].origin)
        {
            return 1;
        }
    }

    return runner->zygote || cr_clients_count();
}


/*
 * Everybody dies and nothing can be started any more: whatever state a slot
 * was in, it must find its way back to the beginning, and each job its end.
 */

void
fuzz_end(void)
{
    unsigned      i;
    cr_slot_t    *slot;
    cr_runner_t  *runner;

    runner = &cr_super.runners[0];

    for (i = 0; i < FUZZ_WORKERS; i++) {
        fuzz_worker_close(i);
    }

    barren = 1;
    fuzz_process_end_all();

    fuzz_close(&zygote);

    for (i = 0; i < FUZZ_SLOTS; i++) {
        fuzz_close(&keeper[i]);
        cell_close(&cell[i]);
    }

    for (i = 0; supervisor_busy(); i++) {
        fuzz_must(i < ROUNDS);
        fuzz_sleep(i < 16 ? 1000 : 1000000);
        fuzz_round();
    }

    fuzz_must(cr_super.waiting == 0 && cr_super.programs == 0);
    fuzz_must(cr_super.coming == 0);
    fuzz_must(runner->waiting == 0 && runner->running == 0);
    fuzz_must(runner->nparked == 0 && runner->parked == NULL);

    for (i = 0; i < CR_HASH_BUCKETS; i++) {
        fuzz_must(runner->users[i] == NULL);
    }

    for (i = 0; i < FUZZ_SLOTS; i++) {
        slot = &runner->slots[i];

        fuzz_must(slot->job == NULL);
        cr_timer_clear(&slot->deadline);
        cr_timer_clear(&slot->tick);

        slot->state = CR_SLOT_EMPTY;
        slot->failures = 0;
    }

    runner->restarts = 0;
    runner->absent = 0;
    runner->backoff = 20000;
    runner->reason[0] = runner->version[0] = '\0';

    fuzz_must(descriptors_open() == descriptors);

    cr_timer_clear(&runner->restart);
    barren = 0;
}
