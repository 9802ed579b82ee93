
/* What the supervisor says of itself: cr_status_t. */

#include "cr_supervisor.h"

#include <string.h>


static void
cr_status_text(cr_bytes_t *bytes, const char *text)
{
    bytes->data = (const unsigned char *) text;
    bytes->len = text ? strlen(text) : 0;
}


static void
cr_status_runner(cr_profile_status_t *status, cr_runner_t *runner)
{
    cr_profile_t  *profile;

    profile = &runner->profile;

    cr_status_text(&status->name, profile->name);
    cr_status_text(&status->language, profile->language);
    cr_status_text(&status->version, runner->version);
    cr_status_text(&status->reason, runner->nparked || runner->running
                                    ? "" : runner->reason);

    status->flags = (profile->args ? CR_PROFILE_ARGS : 0)
                    | (profile->threads ? CR_PROFILE_THREADS : 0)
                    | (profile->write ? CR_PROFILE_WRITE : 0)
                    | (profile->policy ? CR_PROFILE_POLICY : 0)
                    | (profile->compile ? CR_PROFILE_COMPILE : 0)
                    | (runner->keep ? 0 : CR_PROFILE_COLD)
                    | (cr_runner_is_absent(runner) ? CR_PROFILE_ABSENT : 0);
    status->slots = runner->nslots;
    status->ready = runner->nparked;
    status->running = runner->running;
    status->queued = runner->waiting;
    status->restarts = runner->restarts;
    status->timeout_ms = profile->timeout_ms;
    status->memory = profile->memory;
    status->memory_default = profile->memory_default;
}


void
cr_status_fill(cr_status_t *status)
{
    unsigned  i;

    memset(status, 0, sizeof(cr_status_t));

    status->flags = cr_super.rootless ? CR_STATUS_ROOTLESS : 0;
    cr_status_text(&status->layers_on, cr_super.layers_on);
    cr_status_text(&status->layers_off, cr_super.layers_off);
    status->nprofiles = cr_super.nrunners;

    for (i = 0; i < cr_super.nrunners; i++) {
        cr_status_runner(&status->profiles[i], &cr_super.runners[i]);
    }
}
