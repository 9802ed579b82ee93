
#include "ngx_cr_outcome.h"

#include <signal.h>


typedef struct {
    int        number;
    ngx_str_t  name;
} ngx_cr_signal_t;


/* What a program dies of; the others are told by number. */

static const ngx_cr_signal_t  ngx_cr_signals[] = {
    { SIGHUP, ngx_string("SIGHUP") },
    { SIGINT, ngx_string("SIGINT") },
    { SIGQUIT, ngx_string("SIGQUIT") },
    { SIGILL, ngx_string("SIGILL") },
    { SIGTRAP, ngx_string("SIGTRAP") },
    { SIGABRT, ngx_string("SIGABRT") },
    { SIGBUS, ngx_string("SIGBUS") },
    { SIGFPE, ngx_string("SIGFPE") },
    { SIGKILL, ngx_string("SIGKILL") },
    { SIGUSR1, ngx_string("SIGUSR1") },
    { SIGSEGV, ngx_string("SIGSEGV") },
    { SIGUSR2, ngx_string("SIGUSR2") },
    { SIGPIPE, ngx_string("SIGPIPE") },
    { SIGALRM, ngx_string("SIGALRM") },
    { SIGTERM, ngx_string("SIGTERM") },
    { SIGXCPU, ngx_string("SIGXCPU") },
    { SIGXFSZ, ngx_string("SIGXFSZ") },
    { SIGSYS, ngx_string("SIGSYS") },
    { 0, ngx_null_string }
};


void
ngx_cr_outcome_init(ngx_cr_outcome_t *outcome, ngx_uint_t end)
{
    ngx_memzero(outcome, sizeof(ngx_cr_outcome_t));

    outcome->end = (uint8_t) end;

    /* empty, but copied like the others: memcpy() wants no NULL */

    ngx_str_set(&outcome->reason, "");
    ngx_str_set(&outcome->claim, "");
}


static void
ngx_cr_outcome_signal(ngx_cr_verdict_t *verdict, ngx_uint_t number)
{
    u_char                 *p;
    const ngx_cr_signal_t  *sig;

    for (sig = ngx_cr_signals; sig->number; sig++) {
        if ((ngx_uint_t) sig->number == number) {
            break;
        }
    }

    p = ngx_snprintf(verdict->text, sizeof(verdict->text), "killed by ");

    verdict->signal.data = p;

    if (sig->number) {
        p = ngx_cpymem(p, sig->name.data, sig->name.len);

    } else {
        p = ngx_sprintf(p, "signal %ui", number);
    }

    verdict->signal.len = p - verdict->signal.data;

    verdict->error.data = verdict->text;
    verdict->error.len = p - verdict->text;
}


/*
 * The name of an exception ends up in logs, and in headers where a site puts
 * its variable there: a line's end in it must not get so far.
 */

static ngx_uint_t
ngx_cr_outcome_printable(const cr_bytes_t *name)
{
    size_t  i;

    for (i = 0; i < name->len; i++) {
        if (name->data[i] < 0x20 || name->data[i] == 0x7f) {
            return 0;
        }
    }

    return 1;
}


static void
ngx_cr_outcome_claim(ngx_cr_verdict_t *verdict,
    const ngx_cr_outcome_t *outcome)
{
    cr_claim_t  *claim;

    claim = &verdict->claim;

    if (cr_claim_unpack(outcome->claim.data, outcome->claim.len, claim) != 0
        || !ngx_cr_outcome_printable(&claim->error_type))
    {
        ngx_memzero(claim, sizeof(cr_claim_t));

        /* it is the program that wrote it, over the runtime's head */

        ngx_str_set(&verdict->error_type, "SandboxError");
        ngx_str_set(&verdict->error, "the program's report cannot be read");
        return;
    }

    verdict->exited = 1;
    verdict->exit_code = claim->exit_code;

    verdict->error_type.data = (u_char *) claim->error_type.data;
    verdict->error_type.len = claim->error_type.len;
    verdict->error.data = (u_char *) claim->error.data;
    verdict->error.len = claim->error.len;

    if (claim->exit_code == 0 && claim->error_type.len == 0) {
        verdict->status = NGX_CR_JOB_COMPLETED;
    }
}


static u_char *
ngx_cr_outcome_longer(u_char *text, size_t size, char *what,
    const ngx_cr_limits_t *limits)
{
    if (limits->timeout_ms % 1000) {
        return ngx_snprintf(text, size, "%s longer than %.3f seconds", what,
                            (double) limits->timeout_ms / 1000);
    }

    return ngx_snprintf(text, size, "%s longer than %uD second%s", what,
                        limits->timeout_ms / 1000,
                        limits->timeout_ms == 1000 ? "" : "s");
}


static u_char *
ngx_cr_outcome_more(u_char *text, size_t size, char *what,
    const ngx_cr_limits_t *limits)
{
    return ngx_snprintf(text, size, "%s used more than %uL MB of memory", what,
                        limits->memory / (1024 * 1024));
}


void
ngx_cr_outcome_compile(ngx_cr_outcome_t *outcome,
    const ngx_cr_limits_t *limits, u_char text[NGX_CR_REASON_SIZE])
{
    u_char  *p;

    switch (outcome->end) {

    case NGX_CR_END_EXIT:
        p = ngx_snprintf(text, NGX_CR_REASON_SIZE,
                         "compiling ended without a report");
        break;

    case NGX_CR_END_SIGNAL:
        p = ngx_snprintf(text, NGX_CR_REASON_SIZE, "the compiler was killed");
        break;

    case NGX_CR_END_TIMEOUT:
        p = ngx_cr_outcome_longer(text, NGX_CR_REASON_SIZE, "compiling took",
                                  limits);
        break;

    case NGX_CR_END_MEMORY:
        p = ngx_cr_outcome_more(text, NGX_CR_REASON_SIZE, "compiling",
                                limits);
        break;

    default:
        return;
    }

    outcome->reason.data = text;
    outcome->reason.len = p - text;
}


void
ngx_cr_outcome_judge(ngx_cr_verdict_t *verdict,
    const ngx_cr_outcome_t *outcome, const ngx_cr_limits_t *limits)
{
    u_char  *p;

    ngx_memzero(verdict, sizeof(ngx_cr_verdict_t));

    verdict->status = NGX_CR_JOB_FAILED;

    switch (outcome->end) {

    case NGX_CR_END_CLAIM:
        ngx_cr_outcome_claim(verdict, outcome);
        break;

    case NGX_CR_END_EXIT:
        verdict->exited = 1;
        verdict->exit_code = outcome->exit_code;

        p = ngx_snprintf(verdict->text, sizeof(verdict->text),
                         "the program left the interpreter with exit code %D",
                         outcome->exit_code);

        verdict->error.data = verdict->text;
        verdict->error.len = p - verdict->text;
        break;

    case NGX_CR_END_SIGNAL:
        ngx_cr_outcome_signal(verdict, outcome->signal);
        break;

    case NGX_CR_END_TIMEOUT:
        ngx_str_set(&verdict->error_type, "TimeoutError");

        p = ngx_cr_outcome_longer(verdict->text, sizeof(verdict->text),
                                  "the program ran", limits);

        verdict->error.data = verdict->text;
        verdict->error.len = p - verdict->text;
        break;

    case NGX_CR_END_MEMORY:
        ngx_str_set(&verdict->error_type, "MemoryError");

        p = ngx_cr_outcome_more(verdict->text, sizeof(verdict->text),
                                "the program", limits);

        verdict->error.data = verdict->text;
        verdict->error.len = p - verdict->text;
        break;

    case NGX_CR_END_STOPPED:
        verdict->status = NGX_CR_JOB_CANCELLED;
        ngx_str_set(&verdict->error, "the job was stopped");
        break;

    default: /* NGX_CR_END_LOST, NGX_CR_END_REFUSED */
        ngx_str_set(&verdict->error_type, "SandboxError");
        break;
    }

    /* the sandbox's own, or that of a program which was not yet run */

    if (outcome->end != NGX_CR_END_CLAIM && outcome->reason.len) {
        verdict->error = outcome->reason;
    }
}
