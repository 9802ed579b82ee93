
/*
 * What a zygote, or the init above it, writes to its descriptor 2: an
 * interpreter that cannot start says so there.  It is no descriptor of the
 * supervisor's own, which is often a log file of nginx's: who had taken over a
 * zygote could cut that short.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>


/* What one has to say in its life, in bytes; the rest is not heard. */

#define CR_WORDS_MAX  65536


void
cr_zygote_words(cr_event_t *ev, uint32_t events)
{
    char         *line, *rest, buf[4096];
    ssize_t       n;
    cr_zygote_t  *zygote;

    (void) events;

    zygote = ev->data;

    n = read(ev->fd, buf, sizeof(buf) - 1);

    if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }

    if (n <= 0) {
        cr_event_close(ev);
        return;
    }

    buf[n] = '\0';

    for (line = strtok_r(buf, "\n", &rest);
         line != NULL;
         line = strtok_r(NULL, "\n", &rest))
    {
        cr_log("zygote %s says: %s", zygote->runner->profile.name, line);
    }

    zygote->said += n;

    if (zygote->said > CR_WORDS_MAX) {
        cr_log("zygote %s says too much", zygote->runner->profile.name);
        cr_event_close(ev);
    }
}
