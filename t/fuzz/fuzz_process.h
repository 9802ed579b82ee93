
/* Processes that are made up; each has a pipe for its pidfd. */


#ifndef _FUZZ_PROCESS_H_INCLUDED_
#define _FUZZ_PROCESS_H_INCLUDED_


#include <sys/types.h>


typedef struct {
    ino_t      ino;
    int        alive;       /* the pipe's writing end, or -1 */
    int        status;
    unsigned   family;      /* which init takes it with it */
    unsigned   init:1;
    unsigned   reaped:1;
} process_t;


/* Answers the pidfd, or -1: an input has used them up. */
int fuzz_process_new(process_t **process, unsigned family);
/* Nothing when process is NULL or has ended. */
void fuzz_process_end(process_t *process, int status);
void fuzz_process_end_all(void);
/* Another input begins. */
void fuzz_process_forget(void);

/* fuzz_supervisor.c: what it had open is closed now. */
void fuzz_process_ended(const process_t *process);

/* Nothing when it is -1, which it is afterwards. */
void fuzz_close(int *fd);


#endif /* _FUZZ_PROCESS_H_INCLUDED_ */
