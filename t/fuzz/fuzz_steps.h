
/*
 * The steps that inputs of three targets are made of.  An input that is kept
 * counts on the numbers: a new step comes last.
 */


#ifndef _FUZZ_STEPS_H_INCLUDED_
#define _FUZZ_STEPS_H_INCLUDED_


/* fuzz_control.c */

typedef enum {
    HONEST = 0,         /* the step alone; the others: and who */
    WORKER_SAYS,        /* a length of two bytes, the bytes */
    WORKER_RUNS,        /* who >> 1: the job's number; 0: HELLO */
    WORKER_HEARS,       /* who & 2: or not */
    WORKER_GOES,
    ZYGOTE_SAYS,        /* type, slot, value, how, text */
    KEEPER_SAYS,
    CELL_RESULT,
    CELL_WRITES,        /* who & 2: to stdout; & 4: artifacts */
    CELL_READS,
    CELL_ENDS,          /* who & 2: by signal who >> 2 */
    KEEPER_ENDS,
    ZYGOTE_ENDS,        /* who & 1: its init */
    TIME_GOES,          /* who: the logarithm of microseconds */
    WORKER_FEEDS,       /* the job of the number who >> 1, as the next two */
    WORKER_GRANTS,
    WORKER_STOPS,
    WORKER_GOES_ON,     /* with a part of that job's program */
    RUNTIME_IS,         /* who & 3: how many wait parked; & 4: exec */
    CONTROL_KINDS
} control_step_e;


/* fuzz_stream.c */

typedef enum {
    SUPERVISOR_SAYS = 0, /* a length of two bytes, the bytes */
    WELCOMED,
    JOB_MADE,           /* & 3: how much of stdin; & 4: arguments;
                           & 8: stdin stays open; & 16: a large file;
                           & 32: artifacts; & 64: compiled; & 128: cases */
    JOB_STOPPED,        /* its number */
    JOB_WAITED_FOR,     /* its number, & 128: live; a second time: no more */
    TIMER,
    SOCKET_TAKES,       /* so many at a time; 1: EAGAIN; 0: broken */
    WRITABLE,
    HANGS_UP,
    STATUS_WANTED,
    JOB_SLOWED,         /* its number, & 128: or goes on */
    INPUT_ADDED,        /* the job's number; & 3: how much; & 4: the last;
                           & 8: in another worker */
    STREAM_KINDS
} stream_step_e;


/* fuzz_store.c; each is followed by a byte: & 15: the job; >> 4: how */

typedef enum {
    STORE_CREATE = 0,   /* output >> 8, input >> 8; how: whom it reports to */
    STORE_STARTED,
    STORE_APPEND,       /* how & 1: to stderr; two bytes: its length */
    STORE_FINISH,       /* two bytes: the length of its claim */
    STORE_FORGET,
    STORE_INPUT,        /* how & 1: the last; two bytes: its length */
    STORE_READ,         /* two bytes: how much */
    STORE_INPUT_READ,   /* two bytes: how much */
    STORE_SEEK,         /* two bytes: where */
    STORE_GET,
    STORE_CANCEL,
    STORE_WATCH,        /* how & 1: no more */
    STORE_NEWS,         /* what this worker is told */
    STORE_WORKER,       /* how: goes on as this one */
    STORE_KILL,         /* how: it dies, and another comes */
    STORE_MEND,         /* a worker died, in a change of nothing */
    STORE_EXTRAS,       /* two bytes: their length */
    STORE_KINDS
} store_step_e;


/* fuzz_websocket.c */

typedef enum {
    CLIENT_SAYS = 0,    /* a length of two bytes, the bytes */
    CLIENT_FRAMES,      /* the first byte of a frame; a length, the payload */
    CLIENT_READS,       /* so many bytes at a time; 1: none now; 0: broken */
    CLIENT_HANGS_UP,
    WS_TIMER,
    WS_SEND,            /* two bytes: how much */
    WS_CLOSE,
    WS_BUSY,
    WS_FREE,
    WS_ANSWER,          /* what is done with messages: & 3: nothing, an
                           answer, a Close, free; & 4: the same when there is
                           room again */
    WEBSOCKET_KINDS
} websocket_step_e;


#endif /* _FUZZ_STEPS_H_INCLUDED_ */
