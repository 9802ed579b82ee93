
/*
 * A supervisor without a kernel's help: its loop, clients, turns, slots and
 * zygotes are the real ones, with real sockets and pipes; processes are made
 * up, and the clock stands still unless it is told to go on.
 */


#ifndef _FUZZ_SUPERVISOR_H_INCLUDED_
#define _FUZZ_SUPERVISOR_H_INCLUDED_


#include "cr_supervisor.h"
#include "fuzz.h"


#define FUZZ_WORKERS  2
#define FUZZ_SLOTS    2

/* Pipes and sockets are small, so that a short input can fill one. */
#define FUZZ_ROOM     4096

/* A cell's ends of its pipes are numbered as in a cell: CR_CELL_*. */


/* Begins and ends an input: nothing may be left of it. */
void fuzz_begin(void);
void fuzz_end(void);

/* How many cells wait parked; and whether jobs run programs of their own. */
void fuzz_runtime(unsigned keep, int exec);

/* One round of the loop; then everybody else reads what came. */
void fuzz_round(void);
void fuzz_sleep(uint64_t us);

/* Everybody's next step, as an honest zygote, slot-zygote and cell do it. */
void fuzz_honest(void);

/* A worker: connects, and writes what the socket takes; hangs up. */
void fuzz_worker_write(unsigned worker, const void *data, size_t len);
void fuzz_worker_close(unsigned worker);
/* Whether it reads what it is told, which it does at first. */
void fuzz_worker_reads(unsigned worker, int reads);
/* All of them, for the functions above. */
void fuzz_workers_read(void);
void fuzz_workers_init(void);

/*
 * The newest zygote's word, or that of a slot's slot-zygote: a message, which
 * may be none, with so many descriptors, which may be too many.
 */
typedef enum {
    FUZZ_FD_OTHER = 0,  /* no process's */
    FUZZ_FD_CHILD,      /* a new child's */
    FUZZ_FD_KNOWN       /* one that the slot has already */
} fuzz_fd_e;

void fuzz_control(int of_zygote, unsigned slot, const void *data, size_t len,
    unsigned kind, unsigned nfds);

/* A cell's word at one of its pipes; and its end. */
void fuzz_cell_write(unsigned slot, int pipe, const void *data, size_t len);
/* Whether it has the whole of a job. */
int fuzz_cell_reads(unsigned slot);
void fuzz_cell_ends(unsigned slot, int status);

void fuzz_keeper_ends(unsigned slot);
void fuzz_zygote_ends(int init);


#endif /* _FUZZ_SUPERVISOR_H_INCLUDED_ */
