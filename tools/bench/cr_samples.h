
/*
 * What the bench programs measure: durations, their percentiles, and how they
 * are printed, one "key value" a line, for run.sh to read.
 */


#ifndef _CR_SAMPLES_H_INCLUDED_
#define _CR_SAMPLES_H_INCLUDED_


#include <stddef.h>
#include <stdint.h>


/* More are counted and not kept: the percentiles are of the first ones. */
#define CR_SAMPLES_MAX  1000000


typedef struct {
    uint32_t  *us;       /* microseconds each; allocated by the first add */
    size_t     kept;
    uint64_t   count;
} cr_samples_t;


/* Nanoseconds of the monotonic clock. */
uint64_t cr_now(void);

/* Returns 0, or -1 without memory. */
int cr_samples_add(cr_samples_t *samples, uint64_t ns);

/* Sorts, then prints PREFIXcount, and with samples also p50, p90, p99, max. */
void cr_samples_print(cr_samples_t *samples, const char *prefix);

/* A decimal number of at most max, or exits with a sentence about name. */
unsigned long cr_number(const char *text, unsigned long max,
    const char *name);


#endif /* _CR_SAMPLES_H_INCLUDED_ */
