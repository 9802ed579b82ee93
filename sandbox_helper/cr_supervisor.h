
/*
 * What the supervisor's files share: its runtimes, their zygotes, slots and
 * turns, its clients and their jobs.  Data flows one way:
 *
 *     client (frames) > turns (whose job is next) > slot (a parked cell)
 *     slot (output, result) > client (frames)
 */


#ifndef _CR_SUPERVISOR_H_INCLUDED_
#define _CR_SUPERVISOR_H_INCLUDED_


#include <time.h>

#include "cr_cgroup.h"
#include "cr_control.h"
#include "cr_hash.h"
#include "cr_loop.h"
#include "cr_message.h"
#include "cr_profile.h"


#define CR_CLIENTS         1024     /* connections at a time */
#define CR_CLIENTS_MIN     16       /* the same, however few files there are */
#define CR_JOB_FRAME       (CR_FRAME_HEADER + CR_HANDOVER_SIZE)
#define CR_STREAMS         3        /* of a cell: stdout, stderr, artifacts */
#define CR_PARK_PATIENCE   10000000 /* us until a cell must be parked */
#define CR_CELL_MARGIN     (32 << 20) /* cgroup's limit over the program's, so
                                       that Python meets ENOMEM first */

typedef struct cr_client_s   cr_client_t;
typedef struct cr_job_s      cr_job_t;
typedef struct cr_user_s     cr_user_t;
typedef struct cr_zygote_s   cr_zygote_t;
typedef struct cr_slot_s     cr_slot_t;
typedef struct cr_runner_s   cr_runner_t;


/* Bytes that wait to be written somewhere. */

typedef struct {
    unsigned char  *data;
    size_t          pos;        /* written so far */
    size_t          len;
    size_t          size;       /* allocated */
} cr_queue_t;


/* A job, from RUN to RESULT. */

struct cr_job_s {
    cr_client_t    *client;     /* NULL: the worker is gone */
    uint32_t        number;     /* the client's own */
    cr_job_t       *hash;       /* next in the client's bucket */
    cr_job_t       *prev;       /* of its user's, while it waits */
    cr_job_t       *next;
    cr_user_t      *user;
    cr_runner_t    *runner;
    cr_slot_t      *slot;       /* NULL: it waits */

    uint64_t        memory;
    uint32_t        timeout_ms;
    uint32_t        output_limit;
    uint32_t        artifact_limit;
    uint64_t        credit;     /* bytes of OUTPUT that may be sent */

    uint64_t        key;        /* of its user */
    size_t          size;       /* bytes of its program that are counted */
    size_t          missing;    /* the same, that are still to come */
    cr_queue_t      program;    /* room for the JOB frame, and the program
                                   behind it, for the job pipe */
    cr_queue_t      input;      /* for the stdin pipe */
    uint32_t        granted;    /* bytes of STDIN the worker may still send */
    unsigned        eof:1;      /* no more input comes */
};


/* A user with jobs that wait or run; one place in the ring of turns. */

struct cr_user_s {
    uint64_t        key;
    cr_user_t      *hash;
    cr_user_t      *prev;       /* the ring of those with a waiting job */
    cr_user_t      *next;       /* NULL: not in the ring */
    cr_job_t       *first;
    cr_job_t       *last;
    unsigned        running;
};


/* One generation of a runtime's zygote. */

struct cr_zygote_s {
    cr_runner_t    *runner;
    cr_zygote_t    *next;       /* older generation */
    cr_event_t      init;       /* pidfd */
    cr_event_t      starter;    /* pidfd */
    cr_event_t      process;    /* pidfd */
    cr_event_t      control;
    cr_event_t      words;      /* its descriptor 2 */
    size_t          said;       /* bytes of words that were read */
    cr_timer_t      timer;      /* until warm: patience; then: renewal */
    uint64_t        space;      /* bytes of address space when warm */
    uint64_t        since;      /* cr_now() when it was warm */
    unsigned        users;      /* slot-zygotes and cells that live in it */
    unsigned        asked;      /* slot-zygotes it has not told of */
    uint64_t        heard;      /* cr_now() when it spoke, or was asked */
    unsigned        warm:1;
    unsigned        failed:1;   /* it said why */
    unsigned        served:1;   /* a cell of it was parked */
    unsigned        dead:1;
};


/*
 * A slot's life.  EMPTY -> JOINING (a slot-zygote forks and joins the cgroup)
 * -> IDLE -> FORKING (a cell was asked for) -> PARKING (it confines itself)
 * -> PARKED -> RUNNING -> ENDING (killed, not yet reaped) -> IDLE.
 */

typedef enum {
    CR_SLOT_EMPTY = 0,
    CR_SLOT_JOINING,
    CR_SLOT_IDLE,
    CR_SLOT_FORKING,
    CR_SLOT_PARKING,
    CR_SLOT_PARKED,
    CR_SLOT_RUNNING,
    CR_SLOT_ENDING
} cr_slot_state_e;

/* What a cell writes. */

typedef struct {
    int             number;     /* CR_CELL_*, its descriptor there */
    uint8_t         flag;       /* of OUTPUT */
    uint8_t         cut;        /* CR_RESULT_*_CUT */
} cr_stream_kind_t;

typedef struct {
    cr_event_t      ev;
    const cr_stream_kind_t  *kind;
    uint64_t        limit;      /* bytes that may be sent on */
    uint64_t        kept;       /* bytes sent on */
    unsigned        cut:1;      /* something was thrown away */
    unsigned        flood:1;    /* and in the last round */
    unsigned        full:1;     /* the last round took as much as it may */
    unsigned        done:1;     /* nothing more is in the pipe */
} cr_stream_t;

struct cr_slot_s {
    cr_runner_t    *runner;
    unsigned        number;
    cr_slot_state_e state;
    cr_slot_t      *free;       /* next in the list of parked ones */
    cr_cgroup_t     cgroup;

    cr_zygote_t    *zygote;     /* whose slot-zygote this is; NULL: none */
    cr_event_t      keeper;     /* the slot-zygote's pidfd */
    cr_event_t      control;    /* its socket */

    cr_zygote_t    *origin;     /* in whose namespaces the cell lives */
    cr_event_t      cell;       /* pidfd */
    pid_t           pid;        /* of the cell, as the host sees it */
    cr_event_t      in;         /* pipes' ends */
    cr_stream_t     streams[CR_STREAMS];
    cr_event_t      work;
    cr_event_t      result;
    unsigned char   frame[CR_FRAME_HEADER + CR_CLAIM_MAX];
    size_t          frame_len;  /* bytes of the result pipe, so far */

    cr_job_t       *job;
    cr_timer_t      deadline;   /* parking, the job's time, then mercy */
    cr_timer_t      tick;       /* when to look at the output again */
    uint64_t        started;    /* cr_now() at hand-over */
    uint64_t        cpu_base;   /* microseconds of CPU when parked */
    uint64_t        peak_base;  /* bytes in use without the cell */
    uint64_t        oom_base;
    unsigned        failures;   /* of its cells, since one took a job */

    cr_result_t     end;        /* of the job, once `ended` */
    unsigned        ended:1;    /* the outcome is known */
    unsigned        measured:1; /* times and peak are in `end` */
    unsigned        stopping:1; /* it was asked to stop: mercy runs */
    unsigned        claimed:1;  /* its claim is there, and it is killed */
    unsigned        reaped:1;   /* the cell is no more */
    unsigned        overdue:1;  /* its output was not asked for in time */
    unsigned        renewed:1;  /* its slot-zygote makes room for a new one */
};


/* A runtime, as it runs here: its profile, zygotes, slots and turns. */

struct cr_runner_s {
    cr_profile_t    profile;
    char           *text;       /* the profile's file, for the zygote */
    size_t          text_len;
    int             program;    /* the zygote's executable */
    uid_t           base;       /* its ids outside */
    unsigned        ids;        /* how many */
    cr_cgroup_t     cgroup;     /* of its zygotes */

    cr_zygote_t    *zygote;     /* newest first */
    cr_timer_t      restart;
    uint64_t        backoff;    /* microseconds */
    unsigned        misses;     /* starts in a row that came to no cell */
    unsigned        restarts;
    char            version[64];
    char            reason[CR_REASON_MAX];  /* why no cell can be had */
    unsigned        absent:1;   /* namely what it runs is not installed */

    cr_slot_t      *slots;
    unsigned        nslots;
    unsigned        keep;       /* cells that wait though no job does */
    cr_slot_t      *parked;     /* list by cr_slot_t.free */
    unsigned        nparked;
    unsigned        running;

    cr_user_t      *users[CR_HASH_BUCKETS];
    cr_user_t      *turn;       /* whose turn it is; NULL: nobody waits */
    unsigned        waiting;
};


/* A worker's connection. */

struct cr_client_s {
    cr_event_t      ev;
    cr_client_t    *next;       /* list of all; or of those to free */
    cr_client_t    *flush;      /* list of those with something to send */
    cr_queue_t      out;
    cr_timer_t      timer;      /* until HELLO: patience; then: holds small
                                   frames back for a moment */
    cr_timer_t      again;      /* other clients' turn has been */
    pid_t           pid;        /* of the peer; 0: we cannot see it */
    unsigned char  *in;         /* CR_FRAME_HEADER + CR_FRAME_MAX */
    size_t          in_len;
    cr_job_t       *jobs[CR_HASH_BUCKETS];
    unsigned        welcome:1;  /* HELLO was fine */
    unsigned        left:1;     /* whole frames are in the buffer */
    unsigned        full:1;     /* the socket takes no more for now */
    unsigned        listed:1;   /* is in the list of those to flush */
    unsigned        gone:1;
};


typedef struct {
    cr_conf_t       conf;
    cr_cgroups_t    cgroups;
    cr_runner_t     runners[CR_PROFILES_MAX];
    unsigned        nrunners;
    unsigned        waiting;    /* jobs in all the queues */
    unsigned        coming;     /* jobs whose program is not whole yet */
    size_t          programs;   /* bytes of jobs' programs */
    uid_t           caller;     /* who started us */
    unsigned        rootless:1;
    unsigned        landlock:1;
    unsigned        leaving:1;
    char            layers_on[CR_REASON_MAX];
    char            layers_off[CR_REASON_MAX];
} cr_supervisor_t;

extern cr_supervisor_t  cr_super;


/* cr_supervisor_log.c: one line on descriptor 2, which is nginx's error log or
 * the journal; of one kind no more than can be read. */
void cr_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* It leaves, for what it lost only the next one can have: workers start it. */
void cr_supervisor_abandon(const char *why);

/* A pidfd's end: 1 and how, 0 while it runs; -1: no child of ours. */
struct rusage;
int cr_reap(int pidfd, int *status, struct rusage *usage);
/* SIGKILL and others by pidfd; nothing when it is -1 or gone. */
void cr_signal(int pidfd, int signo);
/* The clock of a process's CPU time, for clock_gettime(). */
clockid_t cr_cpu_clock(pid_t pid);
/* The host's pid behind a pidfd; 0 when it has none. */
pid_t cr_pidfd_pid(int pidfd);


/* cr_queue.c: 0, or -1 when memory is short. */
int cr_queue_add(cr_queue_t *queue, const void *data, size_t len);
void *cr_queue_room(cr_queue_t *queue, size_t len);
/* Writes what can be written: 0, or -1 with errno, EAGAIN if some is left. */
int cr_queue_write(cr_queue_t *queue, int fd);
void cr_queue_free(cr_queue_t *queue);


/* cr_supervisor_runner.c */
void cr_runner_size(cr_runner_t *runner);
int cr_runner_init(cr_runner_t *runner, const char *libexec);
/* Its zygote is no more, or NULL: it could not be started. */
void cr_runner_restart(cr_runner_t *runner, const cr_zygote_t *zygote);
/* The generation that new slot-zygotes come from; NULL: none is warm. */
cr_zygote_t *cr_runner_warm(cr_runner_t *runner);
/* Whether what it runs is not installed, and no cell can be had. */
int cr_runner_is_absent(cr_runner_t *runner);
/* Whether one more cell should be on its way; and sees to it. */
int cr_runner_wants(const cr_runner_t *runner);
void cr_runner_fill(cr_runner_t *runner);
/* Moves one slot of an older generation on, if there is one that is free. */
void cr_runner_renew_slot(cr_runner_t *runner);
/* What a zygote or a cell says of itself is shown to people: printable ASCII,
 * cut to size. */
void cr_runner_text(char *to, size_t size, const void *text, size_t len);

/* cr_supervisor_zygote.c */
void cr_runner_start(cr_runner_t *runner);
void cr_runner_stop(cr_runner_t *runner);
/* One slot-zygote or cell less lives in it: the last ends an old one. */
void cr_zygote_release(cr_zygote_t *zygote);
/* It did not tell of a slot-zygote: if it hangs another takes its place. */
void cr_zygote_late(cr_zygote_t *zygote);

/* cr_supervisor_words.c: logs what a zygote writes to its descriptor 2. */
void cr_zygote_words(cr_event_t *ev, uint32_t events);

/* cr_slot.c */
void cr_slot_init(cr_slot_t *slot, cr_runner_t *runner, unsigned number);
/* Takes the next step of its life, from EMPTY or IDLE. */
void cr_slot_next(cr_slot_t *slot);
/* CR_CTL_SLOT_PID came for it. */
void cr_slot_kept(cr_slot_t *slot, cr_ctl_t *ctl);
/* Gives up the slot-zygote and what is parked; never while a job runs.
 * renew: for no fault of theirs. */
void cr_slot_empty(cr_slot_t *slot);
void cr_slot_renew(cr_slot_t *slot);
/* The cell has been reaped: the slot makes itself ready for the next. */
void cr_slot_over(cr_slot_t *slot);
/* Closes what belonged to the cell. */
void cr_slot_clear(cr_slot_t *slot);
/* It tries again in a while; later: what it had of a cell is gone. */
void cr_slot_retry(cr_slot_t *slot);
void cr_slot_later(cr_slot_t *slot);

/* cr_slot_cell.c: from IDLE over FORKING and PARKING to PARKED. */
void cr_slot_fork(cr_slot_t *slot);
void cr_slot_cell_ended(cr_event_t *ev, uint32_t events);
void cr_slot_result_event(cr_event_t *ev, uint32_t events);

/* cr_slot_job.c: from PARKED over RUNNING to the answer. */
void cr_slot_run(cr_slot_t *slot, cr_job_t *job);
void cr_slot_stop(cr_slot_t *slot, cr_end_e end);
void cr_slot_feed(cr_slot_t *slot);
void cr_slot_credit(cr_slot_t *slot);
void cr_slot_died(cr_slot_t *slot, int status, const struct rusage *usage);
void cr_slot_result_readable(cr_slot_t *slot);
void cr_slot_input_event(cr_event_t *ev, uint32_t events);
void cr_slot_work_event(cr_event_t *ev, uint32_t events);
void cr_slot_tick(cr_timer_t *timer);
/* What did not go out by now is thrown away, and the job answered. */
void cr_slot_overdue(cr_slot_t *slot);

/* cr_slot_stream.c */
void cr_streams_init(cr_slot_t *slot);
void cr_streams_start(cr_slot_t *slot, const cr_job_t *job);
void cr_streams_close(cr_slot_t *slot);
void cr_streams_event(cr_event_t *ev, uint32_t events);
void cr_streams_unwatch(cr_slot_t *slot);
/* Reads on, by and by; and at once: 1 when nothing is left for now. */
void cr_streams_look(cr_slot_t *slot);
int cr_streams_pump(cr_slot_t *slot);
/* Nobody wants what is not sent yet. */
void cr_streams_unwanted(cr_slot_t *slot);
/* What is left was cut; and CR_RESULT_* of all that was. */
void cr_streams_cut(cr_slot_t *slot);
uint8_t cr_streams_flags(const cr_slot_t *slot);

/* cr_slot_measure.c */
/* Times and peak memory into slot->end, once.  usage: NULL while the cell can
 * still be asked. */
void cr_slot_measure(cr_slot_t *slot, const struct rusage *usage);
/* Bytes the cell uses, or with peak set has used at most. */
uint64_t cr_slot_memory(const cr_slot_t *slot, int peak);

/* cr_turns.c */
/* Finds or makes the job's user; 0, or -1 when memory is short. */
int cr_turns_user(cr_job_t *job, uint64_t key);
void cr_turns_add(cr_job_t *job);
void cr_turns_remove(cr_job_t *job);
void cr_turns_done(cr_job_t *job);
/* Hands waiting jobs to parked cells, user after user. */
void cr_turns_run(cr_runner_t *runner);
/* Ends all waiting jobs, for there is nothing to run them. */
void cr_turns_refuse(cr_runner_t *runner, const char *reason);

/* cr_client_accept.c: turns the names of `clients` into uids; 0, or -1 with
 * the reason logged. */
int cr_clients_resolve(void);
/* Whether root's configuration names the uid. */
int cr_client_is(uid_t uid);
int cr_clients_init(int listener);

/* cr_client.c: a connection that was admitted; 0, or -1: the caller closes. */
int cr_client_add(int fd, pid_t pid);
/* Those that have not said HELLO; and the end of the oldest of them. */
unsigned cr_clients_silent(void);
void cr_clients_hush(void);
void cr_clients_flush(void);
unsigned cr_clients_count(void);
/* Ends the job for its client; the job is freed. */
void cr_client_result(cr_job_t *job, const cr_result_t *result);
/* The same for a job that was never run: CR_END_REFUSED. */
void cr_client_refuse(cr_job_t *job, const char *reason);
void cr_client_started(cr_job_t *job);
void cr_client_credit(cr_job_t *job, uint32_t bytes);
/* Room for an OUTPUT frame of at most len bytes; then the true length. */
unsigned char *cr_client_output(cr_job_t *job, size_t len);
void cr_client_output_done(cr_job_t *job, uint8_t stream, size_t len);

/* cr_supervisor_files.c: descriptors that are not connections'; and whether
 * there are enough: 0, or -1 with the reason logged. */
unsigned cr_files_kept(void);
int cr_files_check(void);

/* cr_supervisor_strays.c: something was cut short that may have left a child
 * without an event; it is reaped a little later. */
void cr_strays_look(void);

/* cr_supervisor_status.c */
void cr_status_fill(cr_status_t *status);


#endif /* _CR_SUPERVISOR_H_INCLUDED_ */
