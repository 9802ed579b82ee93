
/*
 * A cell: an ordered list of steps that take power away, where failing means
 * dying, then the wait for one job, then that job.
 */

#define _GNU_SOURCE

#include "cr_test.h"
#include "cr_zygote_kit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/close_range.h>
#include <sys/stat.h>
#include <sys/syscall.h>


typedef struct {
    const char  *name;
    int        (*step)(cr_kit_t *kit, const int *fds);
} cr_cell_step_t;


static void (*cr_cell_flush)(void);

static unsigned char  cr_cell_in[CR_FRAME_MAX];
static unsigned char  cr_cell_out[CR_FRAME_HEADER + CR_CLAIM_MAX];


/*
 * The six pipes take the numbers 0 to 5; all else but the ruleset goes.
 * None that came in has a number below 7: the kit keeps those taken.
 */

static int
cr_cell_descriptors(cr_kit_t *kit, const int *fds)
{
    int  i;

    (void) kit;

    for (i = 0; i < CR_CELL_FDS; i++) {
        if (dup2(fds[i], i) == -1) {
            return -1;
        }
    }

    if (cr_without("descriptors")) {
        return 0;
    }

    return (int) syscall(SYS_close_range, CR_KIT_RULESET + 1, ~0U, 0);
}


/* No controlling terminal, no process group in common with anything. */

static int
cr_cell_session(cr_kit_t *kit, const int *fds)
{
    (void) kit;
    (void) fds;

    if (cr_without("session")) {
        return 0;
    }

    umask(077);

    return setsid() == -1 ? -1 : 0;
}


static uid_t
cr_cell_uid(const cr_kit_t *kit)
{
    return (kit->flags & CR_KIT_ROOTLESS) ? 0
                                          : cr_without_uid(kit->slot + 1);
}


static int
cr_cell_tmp(cr_kit_t *kit, const int *fds)
{
    uid_t  uid;

    (void) fds;

    uid = cr_cell_uid(kit);

    return kit->profile.write ? cr_tree_tmp(kit->profile.write, uid, uid) : 0;
}


static int
cr_cell_limits(cr_kit_t *kit, const int *fds)
{
    (void) fds;

    return cr_limits_set(&kit->profile);
}


static int
cr_cell_ids(cr_kit_t *kit, const int *fds)
{
    uid_t  uid;

    (void) fds;

    /* Rootless there is one uid: nothing to drop to.  It is told at start. */

    if (kit->flags & CR_KIT_ROOTLESS) {
        return 0;
    }

    uid = cr_cell_uid(kit);

    return cr_ids_drop(uid, uid);
}


static int
cr_cell_caps(cr_kit_t *kit, const int *fds)
{
    (void) kit;
    (void) fds;

    return cr_caps_drop();
}


/*
 * A profile that writes has a /tmp of its own in every cell, and a ruleset
 * names file systems, not places: then it is made here.
 */

static int
cr_cell_landlock(cr_kit_t *kit, const int *fds)
{
    int  fd;

    (void) fds;

    if (kit->flags & CR_KIT_NO_LANDLOCK) {
        return close(CR_KIT_RULESET);
    }

    fd = CR_KIT_RULESET;

    if (kit->profile.write) {
        (void) close(fd);
        fd = cr_landlock_prepare(&kit->profile);
    }

    if (fd == -1 || cr_landlock_enter(fd) != 0) {
        return -1;
    }

    return close(fd);
}


/*
 * The supervisor's word that the job is over: what is buffered goes out.  The
 * process is a pid namespace's init, so this signal reaches it only because
 * it has a handler; SIGKILL needs none.  Without one its own SIGABRT is lost,
 * too, and abort() goes on to an instruction that ends it as a SIGSEGV.
 */

static void
cr_cell_stop(int signo)
{
    if (cr_cell_flush) {
        cr_cell_flush();
    }

    _exit(signo == SIGABRT ? 128 + SIGABRT : 0);
}


static int
cr_cell_signals(cr_kit_t *kit, const int *fds)
{
    struct sigaction  sa;

    (void) fds;

    cr_cell_flush = kit->runtime->flush;

    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = cr_cell_stop;
    sigfillset(&sa.sa_mask);

    if (sigaction(SIGUSR1, &sa, NULL) == -1) {
        return -1;
    }

    return sigaction(SIGABRT, &sa, NULL);
}


static int
cr_cell_seccomp(cr_kit_t *kit, const int *fds)
{
    (void) fds;

    return cr_seccomp_load(&kit->filter);
}


/*
 * The order is binding.  /tmp is mounted while there is still the right to;
 * ids go before limits, one of which is the slot's uid's alone, and before
 * capabilities, which would be needed to change them;
 * cr_caps_drop() ends with no_new_privs, which Landlock and seccomp need; the
 * filter comes last, for it forbids the calls that the others make.
 */

static const cr_cell_step_t  cr_cell_steps[] = {
    { "descriptors",   cr_cell_descriptors },
    { "session",       cr_cell_session },
    { "tmp",           cr_cell_tmp },
    { "ids",           cr_cell_ids },
    { "rlimits",       cr_cell_limits },
    { "capabilities",  cr_cell_caps },
    { "signals",       cr_cell_signals },
    { "landlock",      cr_cell_landlock },
    { "seccomp",       cr_cell_seccomp },
    { NULL, NULL }
};


static void
cr_cell_write(const unsigned char *p, size_t len)
{
    ssize_t  n;

    while (len) {
        n = write(CR_CELL_RESULT, p, len);

        if (n < 0) {
            if (errno == EINTR) {
                continue;
            }

            _exit(1);
        }

        p += n;
        len -= n;
    }
}


static void
cr_cell_send(uint8_t type, uint8_t flags, size_t len)
{
    cr_frame_t  frame;

    memset(&frame, 0, sizeof(frame));
    frame.type = type;
    frame.flags = flags;
    frame.length = (uint32_t) len;

    cr_frame_encode(cr_cell_out, &frame);
    cr_cell_write(cr_cell_out, CR_FRAME_HEADER + len);
}


static void
cr_cell_confine(cr_kit_t *kit, const int *fds)
{
    int                    n;
    const cr_cell_step_t  *s;

    for (s = cr_cell_steps; s->name; s++) {

        if (s->step(kit, fds) == 0) {
            continue;
        }

        n = snprintf((char *) cr_cell_out + CR_FRAME_HEADER, CR_REASON_MAX,
                     "%s: %s", s->name, strerror(errno));

        cr_cell_send(CR_MSG_UNFIT, 0, n);
        _exit(1);
    }
}


static void
cr_cell_read(unsigned char *p, size_t len)
{
    ssize_t  n;

    while (len) {
        n = read(CR_CELL_JOB, p, len);

        if (n < 0 && errno == EINTR) {
            continue;
        }

        /* An end of file: the slot is given up, or the supervisor is gone. */

        if (n <= 0) {
            _exit(0);
        }

        p += n;
        len -= n;
    }
}


static void
cr_cell_receive(cr_handover_t *handover)
{
    cr_frame_t     frame;
    unsigned char  header[CR_FRAME_HEADER];

    cr_cell_read(header, CR_FRAME_HEADER);

    if (cr_frame_decode(header, CR_FRAME_HEADER, &frame) != 1
        || frame.type != CR_MSG_JOB)
    {
        _exit(1);
    }

    cr_cell_read(cr_cell_in, frame.length);

    if (cr_handover_unpack(cr_cell_in, frame.length, handover) != 0
        || handover->program_size > sizeof(cr_cell_in))
    {
        _exit(1);
    }

    cr_cell_read(cr_cell_in, handover->program_size);
}


static void
cr_cell_cut(cr_bytes_t *bytes, size_t max)
{
    if (bytes->len > max) {
        bytes->len = max;
    }
}


static void
cr_cell_claim(cr_claim_t *claim)
{
    uint16_t  i;
    cr_put_t  put;

    cr_cell_cut(&claim->error_type, CR_ERROR_TYPE_MAX);
    cr_cell_cut(&claim->error, CR_ERROR_MAX);

    if (claim->nviolations > CR_VIOLATIONS_MAX) {
        claim->nviolations = CR_VIOLATIONS_MAX;
    }

    for (i = 0; i < claim->nviolations; i++) {
        cr_cell_cut(&claim->violations[i].message, CR_VIOLATION_TEXT_MAX);
    }

    cr_put_init(&put, cr_cell_out + CR_FRAME_HEADER, CR_CLAIM_MAX);
    cr_claim_pack(&put, claim);

    cr_cell_send(CR_MSG_CLAIM, claim->signal, cr_put_len(&put));
}


static void
cr_cell_run(const cr_runtime_t *runtime, const cr_handover_t *handover)
{
    cr_claim_t           claim;
    static cr_program_t  program;
    void               (*run)(const cr_program_t *, cr_claim_t *);

    if (cr_program_unpack(cr_cell_in, handover->program_size, &program) != 0) {
        _exit(1);
    }

    run = program.kind == CR_PROGRAM_CHECK ? runtime->check
          : program.kind == CR_PROGRAM_ANALYZE ? runtime->analyze
          : runtime->run;

    memset(&claim, 0, sizeof(claim));

    if (run == NULL) {
        claim.exit_code = 1;
        claim.error_type.data = (unsigned char *) "SandboxError";
        claim.error_type.len = sizeof("SandboxError") - 1;
        claim.error.data = (unsigned char *) "the runtime cannot do this";
        claim.error.len = sizeof("the runtime cannot do this") - 1;

    } else {
        run(&program, &claim);
    }

    cr_cell_claim(&claim);
}


void
cr_cell(cr_kit_t *kit, const int *fds)
{
    cr_handover_t  handover;

    cr_cell_confine(kit, fds);

    kit->runtime->park();

    cr_cell_send(CR_MSG_PARKED, 0, 0);
    cr_cell_receive(&handover);

    if (cr_limits_handover(handover.address_space, handover.timeout_ms) != 0) {
        _exit(1);
    }

    cr_cell_run(kit->runtime, &handover);

    /* The claim is out; the supervisor takes its measures and ends us. */

    cr_cell_read(cr_cell_in, sizeof(cr_cell_in));
    _exit(0);
}
