
/* What the kernel says of a cell: its CPU time and its memory. */

#define _GNU_SOURCE

#include "cr_supervisor.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/resource.h>


static uint64_t
cr_slot_cpu(const cr_slot_t *slot)
{
    uint64_t         us;
    struct timespec  ts;

    if (clock_gettime(cr_cpu_clock(slot->pid), &ts) != 0) {
        return 0;
    }

    us = ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;

    return us > slot->cpu_base ? us - slot->cpu_base : 0;
}


/* Without a cgroup whose peak starts anew, the process's own is the next best:
 * a fork's high water starts at what it shares with its parent. */

static uint64_t
cr_slot_status_memory(const cr_slot_t *slot, const char *key)
{
    int       fd;
    char      path[64], text[4096], *p;
    ssize_t   n;

    snprintf(path, sizeof(path), "/proc/%d/status", (int) slot->pid);

    fd = open(path, O_RDONLY|O_CLOEXEC);

    if (fd == -1) {
        return 0;
    }

    n = read(fd, text, sizeof(text) - 1);
    close(fd);

    text[n > 0 ? n : 0] = '\0';
    p = strstr(text, key);

    return p ? strtoull(p + strlen(key), NULL, 10) * 1024 : 0;
}


uint64_t
cr_slot_memory(const cr_slot_t *slot, int peak)
{
    if (!slot->cgroup.peak_resets) {
        return cr_slot_status_memory(slot, peak ? "VmHWM:" : "VmRSS:");
    }

    return peak ? cr_cgroup_peak(&slot->cgroup)
                : cr_cgroup_usage(&slot->cgroup);
}


void
cr_slot_measure(cr_slot_t *slot, const struct rusage *usage)
{
    uint64_t  cpu, peak;

    if (slot->measured) {
        return;
    }

    slot->measured = 1;

    if (!slot->claimed) {
        slot->end.run_us = cr_now() - slot->started;
    }

    if (usage) {
        cpu = (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000ull
              + usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
        slot->end.cpu_us = cpu > slot->cpu_base ? cpu - slot->cpu_base : 0;

    } else {
        slot->end.cpu_us = cr_slot_cpu(slot);
    }

    peak = usage && !slot->cgroup.peak_resets ? usage->ru_maxrss * 1024ull
                                              : cr_slot_memory(slot, 1);

    slot->end.peak = peak > slot->peak_base ? peak - slot->peak_base : 0;
}
