
#include <stdio.h>
#include <stdlib.h>
#include <errno.h>
#include <time.h>

#include "cr_samples.h"


static int cr_samples_order(const void *one, const void *two);
static uint32_t cr_samples_at(cr_samples_t *samples, unsigned percent);


uint64_t
cr_now(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000000 + ts.tv_nsec;
}


int
cr_samples_add(cr_samples_t *samples, uint64_t ns)
{
    if (samples->us == NULL) {
        samples->us = malloc(CR_SAMPLES_MAX * sizeof(uint32_t));
        if (samples->us == NULL) {
            return -1;
        }
    }

    samples->count++;

    if (samples->kept < CR_SAMPLES_MAX) {
        samples->us[samples->kept++] = ns / 1000;
    }

    return 0;
}


void
cr_samples_print(cr_samples_t *samples, const char *prefix)
{
    printf("%scount %llu\n", prefix, (unsigned long long) samples->count);

    if (samples->kept == 0) {
        return;
    }

    qsort(samples->us, samples->kept, sizeof(uint32_t), cr_samples_order);

    printf("%sp50_us %u\n", prefix, cr_samples_at(samples, 50));
    printf("%sp90_us %u\n", prefix, cr_samples_at(samples, 90));
    printf("%sp99_us %u\n", prefix, cr_samples_at(samples, 99));
    printf("%smax_us %u\n", prefix, cr_samples_at(samples, 100));
}


unsigned long
cr_number(const char *text, unsigned long max, const char *name)
{
    char           *end;
    unsigned long   n;

    errno = 0;
    n = strtoul(text, &end, 10);

    if (errno || end == text || *end != '\0' || *text == '-' || n > max) {
        fprintf(stderr, "%s is a number of at most %lu, not \"%s\"\n",
                name, max, text);
        exit(2);
    }

    return n;
}


static int
cr_samples_order(const void *one, const void *two)
{
    uint32_t  a = *(const uint32_t *) one;
    uint32_t  b = *(const uint32_t *) two;

    return (a > b) - (a < b);
}


static uint32_t
cr_samples_at(cr_samples_t *samples, unsigned percent)
{
    size_t  i;

    i = (samples->kept * percent + 99) / 100;

    return samples->us[i ? i - 1 : 0];
}
