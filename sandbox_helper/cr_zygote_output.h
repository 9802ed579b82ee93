
/*
 * What a program writes to descriptors 1 and 2: the buffers between.  For
 * runtimes that run programs in the cell's own process; none needs them.
 */


#ifndef _CR_ZYGOTE_OUTPUT_H_INCLUDED_
#define _CR_ZYGOTE_OUTPUT_H_INCLUDED_


#include <stddef.h>


/* Once, in the zygote. */
int cr_output_init(void);
/* Once, in a cell: what a program's first output would have to wait for. */
void cr_output_ready(void);

/* Writes n bytes to fd, 1 or 2; -1 with errno set. */
int cr_output_put(int fd, const char *p, size_t n);
/* Writes out what is buffered for fd; -1 with errno set. */
int cr_output_flush(int fd);
void cr_output_flush_all(void);

/* Whether output is thrown away: while a cell makes itself ready. */
void cr_output_mute(int mute);

/* From a signal handler, when the process ends after it. */
void cr_output_last_flush(void);


#endif /* _CR_ZYGOTE_OUTPUT_H_INCLUDED_ */
