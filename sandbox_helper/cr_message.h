
/*
 * The messages that travel in frames: between a worker and the supervisor,
 * and over the two control pipes between the supervisor and a cell.
 *
 * Every function packs into, or unpacks from, memory of the caller; what is
 * unpacked points into it.  An unpacking function returns 0, or -1 when the
 * payload is not exactly one message within its bounds: then the sender is
 * broken or hostile.  docs/PROTOCOL.md describes the order of messages.
 */


#ifndef _CR_MESSAGE_H_INCLUDED_
#define _CR_MESSAGE_H_INCLUDED_


#include "cr_frame.h"


#define CR_PROTOCOL_VERSION  2


/* Frame types.  W: worker, S: supervisor, C: cell. */

#define CR_MSG_HELLO      1   /* W > S  the version; first on a connection */
#define CR_MSG_WELCOME    2   /* S > W  the version; the peer is admitted */
#define CR_MSG_RUN        3   /* W > S  a job: cr_run_t */
#define CR_MSG_STDIN      4   /* W > S  bytes of input; CR_FLAG_EOF: the last */
#define CR_MSG_CREDIT     5   /* W <> S bytes the sender may send further */
#define CR_MSG_STOP       6   /* W > S  end the job; RESULT follows */
#define CR_MSG_STARTED    7   /* S > W  the job was handed to a cell */
#define CR_MSG_OUTPUT     8   /* S > W  bytes; flags: CR_STDOUT, CR_STDERR,
                                 CR_ARTIFACTS */
#define CR_MSG_RESULT     9   /* S > W  the job's end: cr_result_t; last */
#define CR_MSG_STATUS    10   /* W > S  empty question; S > W  cr_status_t */
#define CR_MSG_PROGRAM   11   /* W > S  the program of a RUN goes on */

#define CR_MSG_JOB       16   /* S > C  hand-over: cr_handover_t; behind it the
                                 program, as it is */
#define CR_MSG_PARKED    17   /* C > S  confined and waiting; empty */
#define CR_MSG_CLAIM     18   /* C > S  what the program came to: cr_claim_t;
                                 flags: the signal its process died of, where
                                 that is none of the cell's own; 0: none */
#define CR_MSG_UNFIT     19   /* C > S  a layer failed: a sentence; it dies */


/* Frame flags. */

#define CR_FLAG_EOF       1   /* STDIN */
#define CR_STDOUT         1   /* OUTPUT */
#define CR_STDERR         2   /* OUTPUT */
#define CR_ARTIFACTS      4   /* OUTPUT: packed cr_artifact_t, one by one */


/* Bounds, in bytes unless said otherwise. */

#define CR_STDIN_CREDIT        (16 * 1024)   /* of STDIN before any CREDIT */
#define CR_RUNTIME_NAME_MAX    32
#define CR_PROGRAM_MAX         (32 * 1024 * 1024)
#define CR_PROGRAM_PART        (288 * 1024)  /* of it in one frame */
#define CR_CODE_MAX            (256 * 1024)
#define CR_ARGS_MAX            64            /* arguments */
#define CR_ARGS_SIZE_MAX       (16 * 1024)   /* of all of them together */
#define CR_FILES_MAX           64            /* files */
#define CR_FILE_NAME_MAX       255           /* of a path, and of a pattern */
#define CR_PATTERNS_MAX        16            /* patterns */
#define CR_ARTIFACTS_MAX       64            /* artifacts */
#define CR_ERROR_TYPE_MAX      128
#define CR_ERROR_MAX           8192
#define CR_VIOLATIONS_MAX      32            /* violations */
#define CR_VIOLATION_TEXT_MAX  256
#define CR_CLAIM_MAX           (24 * 1024)
#define CR_REASON_MAX          256
#define CR_PROFILES_MAX        32            /* profiles */
#define CR_STATUS_MAX          (64 * 1024)


/* A string of bytes that belongs to somebody else. */

typedef struct {
    const unsigned char  *data;
    size_t                len;
} cr_bytes_t;


/* RUN: what a worker asks for.  Limits are cut to the profile's own. */

typedef struct {
    uint64_t    user;          /* whose turn it is; equal for one user */
    uint64_t    memory;        /* bytes the program may use */
    uint32_t    timeout_ms;    /* wall time from hand-over */
    uint32_t    output_limit;  /* bytes kept of each stream; then it is cut */
    uint32_t    artifact_limit; /* bytes kept of the artifacts; 0: none */
    uint32_t    credit;        /* bytes of OUTPUT that may be sent at first */
    uint32_t    program_size;  /* bytes of the whole program */
    cr_bytes_t  runtime;       /* the profile's name */
    cr_bytes_t  program;       /* the first CR_PROGRAM_PART bytes, or all, of a
                                  packed cr_program_t, opaque on the way; the
                                  rest comes in PROGRAM frames */
} cr_run_t;

void cr_run_pack(cr_put_t *put, const cr_run_t *run);
int cr_run_unpack(const void *buf, size_t len, cr_run_t *run);


/* JOB: the hand-over to a parked cell. */

typedef struct {
    uint64_t    address_space; /* RLIMIT_AS, bytes; 0: the cgroup alone rules */
    uint32_t    timeout_ms;    /* RLIMIT_CPU is set a second above it */
    uint32_t    program_size;  /* bytes of program that follow the frame */
} cr_handover_t;

#define CR_HANDOVER_SIZE  16   /* bytes of a packed one */

void cr_handover_pack(cr_put_t *put, const cr_handover_t *handover);
int cr_handover_unpack(const void *buf, size_t len, cr_handover_t *handover);


/* A program, made by the module and read inside the cell alone. */

#define CR_PROGRAM_RUN      0
#define CR_PROGRAM_CHECK    1
#define CR_PROGRAM_ANALYZE  2
#define CR_PROGRAM_COMPILE  3  /* for a profile with `compile = on`: what comes
                                  of it are artifacts, the files of a RUN */

#define CR_FILE_EXECUTE     1  /* a program */

typedef struct {
    uint8_t     flags;         /* CR_FILE_* */
    cr_bytes_t  name;          /* as cr_file_name() allows it */
    cr_bytes_t  content;       /* any bytes */
} cr_file_t;

typedef struct {
    uint8_t     kind;          /* CR_PROGRAM_* */
    uint16_t    nargs;
    cr_bytes_t  args[CR_ARGS_MAX];
    cr_bytes_t  code;          /* UTF-8, without NUL */
    uint16_t    nfiles;
    cr_file_t   files[CR_FILES_MAX];  /* placed in the cell's folder */
    uint32_t    artifact_max;  /* bytes of artifacts together; 0: none */
    uint16_t    npatterns;
    cr_bytes_t  patterns[CR_PATTERNS_MAX];  /* of artifacts: a file's name, or
                                  as glob(7), "*" not going over a "/" */
} cr_program_t;

void cr_program_pack(cr_put_t *put, const cr_program_t *program);
int cr_program_unpack(const void *buf, size_t len, cr_program_t *program);

/*
 * Whether a file can have this name: 1 to CR_FILE_NAME_MAX bytes, a path that
 * leads down from the folder and nowhere else, of at most CR_FILE_DEPTH_MAX
 * plain names that are not "." or "..", without control characters.
 */
#define CR_FILE_DEPTH_MAX  8

int cr_file_name(const cr_bytes_t *name);


/*
 * An artifact: a file that a program has left.  A cell writes them one behind
 * the other to its descriptor 5; it is the job's own word as the rest.
 */

#define CR_ARTIFACT_LEFT_OUT  1   /* over a limit: its content is empty */

typedef struct {
    uint8_t     flags;         /* CR_ARTIFACT_* */
    uint64_t    size;          /* bytes of the file */
    cr_bytes_t  name;          /* as cr_file_name() allows it */
    cr_bytes_t  content;
} cr_artifact_t;

/* Bytes of a packed artifact beside its name and content. */
#define CR_ARTIFACT_HEAD  17

/* Packs all but the content, which the caller writes behind it. */
void cr_artifact_pack(cr_put_t *put, const cr_artifact_t *artifact);
/*
 * The next of a stream: 1; 0 at its end; -1 when the rest is none, or was cut.
 */
int cr_artifact_next(cr_get_t *get, cr_artifact_t *artifact);


/*
 * CLAIM: what a cell says of itself.  It is the job's own word: bounded by
 * cr_claim_unpack(), but its text may be anything.
 */

typedef struct {
    uint32_t    line;          /* from 1; 0: unknown */
    uint32_t    column;        /* from 1, in characters; 0: unknown */
    cr_bytes_t  message;
} cr_violation_t;

typedef struct {
    int32_t         exit_code;
    cr_bytes_t      error_type;   /* empty: none */
    cr_bytes_t      error;        /* one line for people; empty: none */
    uint16_t        nviolations;
    cr_violation_t  violations[CR_VIOLATIONS_MAX];
    uint8_t         signal;       /* the frame's flags, not packed */
} cr_claim_t;

void cr_claim_pack(cr_put_t *put, const cr_claim_t *claim);
int cr_claim_unpack(const void *buf, size_t len, cr_claim_t *claim);


/* RESULT: the supervisor's word, taken from the kernel, and the claim. */

typedef enum {
    CR_END_CLAIM = 0,   /* ended by itself, with a claim */
    CR_END_EXIT,        /* exited without a claim: exit_code */
    CR_END_SIGNAL,      /* died of a signal: signal */
    CR_END_TIMEOUT,     /* its wall or CPU time was over */
    CR_END_MEMORY,      /* the kernel killed it for memory */
    CR_END_STOPPED,     /* a STOP came */
    CR_END_LOST,        /* the sandbox failed it: reason */
    CR_END_REFUSED      /* it was never run: reason */
} cr_end_e;

#define CR_RESULT_STDOUT_CUT  1
#define CR_RESULT_STDERR_CUT  2
#define CR_RESULT_ARTIFACTS_CUT  4

typedef struct {
    uint8_t     end;           /* cr_end_e */
    uint8_t     flags;         /* CR_RESULT_* */
    uint8_t     signal;        /* with CR_END_SIGNAL; the cell's own word where
                                  a profile runs programs of their own */
    int32_t     exit_code;     /* with CR_END_EXIT */
    uint64_t    run_us;        /* microseconds from hand-over to the end */
    uint64_t    cpu_us;        /* microseconds of CPU since hand-over */
    uint64_t    peak;          /* bytes of memory that were the cell's own, at
                                  most; not what it shares with its zygote */
    cr_bytes_t  reason;        /* a sentence; with LOST and REFUSED */
    cr_bytes_t  claim;         /* packed cr_claim_t; empty without one */
} cr_result_t;

void cr_result_pack(cr_put_t *put, const cr_result_t *result);
int cr_result_unpack(const void *buf, size_t len, cr_result_t *result);


/* STATUS: how the sandbox is. */

#define CR_STATUS_ROOTLESS    1

#define CR_PROFILE_ARGS       1   /* takes arguments */
#define CR_PROFILE_THREADS    2
#define CR_PROFILE_WRITE      4   /* a private /tmp can be written */
#define CR_PROFILE_POLICY     8   /* a source policy applies */
#define CR_PROFILE_COMPILE    16  /* a program is compiled first */
#define CR_PROFILE_COLD       32  /* cells are made when a job comes: that none
                                     is ready tells nothing */
#define CR_PROFILE_ABSENT     64  /* what it runs is not installed: `reason` */

typedef struct {
    cr_bytes_t  name;
    cr_bytes_t  language;      /* e.g. "Python" */
    cr_bytes_t  version;       /* e.g. "3.11.2"; empty: never warmed yet */
    cr_bytes_t  reason;        /* why no cell can be had; empty: none */
    uint8_t     flags;         /* CR_PROFILE_* */
    uint16_t    slots;
    uint16_t    ready;         /* parked cells */
    uint16_t    running;
    uint32_t    queued;
    uint32_t    restarts;      /* of the zygote, since the start */
    uint32_t    timeout_ms;    /* the most a job may ask for */
    uint64_t    memory;        /* the most a job may ask for, bytes */
    uint64_t    memory_default; /* what a job gets that asks for none, where
                                  nginx's configuration says nothing; 0: that
                                  one's default */
} cr_profile_status_t;

typedef struct {
    uint8_t              flags;        /* CR_STATUS_* */
    cr_bytes_t           layers_on;    /* names, parted by spaces */
    cr_bytes_t           layers_off;
    uint16_t             nprofiles;
    cr_profile_status_t  profiles[CR_PROFILES_MAX];
} cr_status_t;

void cr_status_pack(cr_put_t *put, const cr_status_t *status);
int cr_status_unpack(const void *buf, size_t len, cr_status_t *status);


#endif /* _CR_MESSAGE_H_INCLUDED_ */
