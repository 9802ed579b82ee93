
/*
 * A job of many cases: each a run of its own, some at a time, whose output is
 * kept here until it is judged.
 */

#include "ngx_cr_job_local.h"
#include "ngx_cr_outcome.h"


/* Cases of a job that are under way at a time. */
#define NGX_CR_JOB_CASES    16

/*
 * Bytes of frames that may wait for their cases to begin; one may always.  It
 * is the program, again and again.
 */
#define NGX_CR_JOB_WAITING  (32 * 1024 * 1024)


/* A place for one that is under way. */

typedef struct {
    ngx_cr_run_t      run;
    ngx_cr_job_t     *job;
    ngx_uint_t        number;
    size_t            waiting;
    ngx_cr_gather_t   out;
    ngx_cr_gather_t   err;
} ngx_cr_job_place_t;


struct ngx_cr_job_cases_s {
    ngx_uint_t          next;       /* that is to begin */
    ngx_uint_t          alive;      /* that are under way */
    ngx_uint_t          passed;
    ngx_uint_t          skipped;
    size_t              waiting;    /* bytes of frames */

    uint64_t            began;      /* when, and when the last one ended */
    uint64_t            ended;
    uint64_t            cpu_us;
    uint64_t            peak;

    char               *failed;     /* why the job has */
    unsigned            over:1;     /* no more begin */
    unsigned            halting:1;  /* a walk over all places */

    ngx_cr_job_place_t  places[NGX_CR_JOB_CASES];
};


static void ngx_cr_job_cases_go_on(ngx_cr_job_t *job);
static void ngx_cr_job_cases_stop(ngx_cr_job_t *job);
static ngx_int_t ngx_cr_job_case_begin(ngx_cr_job_place_t *place);
static void ngx_cr_job_case_started(ngx_cr_run_t *run);
static void ngx_cr_job_case_output(ngx_cr_run_t *run, ngx_uint_t stream,
    const u_char *data, size_t len);
static void ngx_cr_job_case_done(ngx_cr_run_t *run,
    const ngx_cr_outcome_t *outcome);
static ngx_cr_case_verdict_e ngx_cr_job_case_judge(ngx_cr_job_place_t *place,
    const ngx_cr_outcome_t *outcome);
static void ngx_cr_job_case_record(ngx_cr_job_t *job,
    ngx_cr_extra_case_t *result);
static void ngx_cr_job_cases_end(ngx_cr_job_t *job);
static void ngx_cr_job_cases_sum(ngx_cr_job_t *job,
    ngx_cr_outcome_t *outcome);


static const ngx_cr_run_handlers_t  ngx_cr_job_case_handlers = {
    ngx_cr_job_case_started,
    ngx_cr_job_case_output,
    NULL,
    ngx_cr_job_case_done
};


uint64_t
ngx_cr_job_cases_size(ngx_uint_t ncases)
{
    return (uint64_t) ncases * (NGX_CR_EXTRA_HEAD + NGX_CR_EXTRA_CASE_TEXTS);
}


ngx_int_t
ngx_cr_job_cases_init(ngx_cr_job_t *job)
{
    ngx_uint_t           i;
    ngx_cr_job_place_t  *place;

    job->cases = ngx_pcalloc(job->pool, sizeof(ngx_cr_job_cases_t));
    if (job->cases == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < NGX_CR_JOB_CASES; i++) {
        place = &job->cases->places[i];

        place->job = job;
        place->run.handlers = &ngx_cr_job_case_handlers;
        place->run.data = place;
    }

    return NGX_OK;
}


void
ngx_cr_job_cases_begin(ngx_cr_job_t *job)
{
    ngx_cr_job_cases_go_on(job);
}


/* Begins what may; when there is nothing more, that is the job's end. */

static void
ngx_cr_job_cases_go_on(ngx_cr_job_t *job)
{
    ngx_cr_job_cases_t  *cases;
    ngx_cr_job_place_t  *place;

    cases = job->cases;

    if (cases->halting) {
        return;
    }

    for (place = cases->places;
         place < cases->places + NGX_CR_JOB_CASES && !cases->over
         && cases->next < job->plan->spec.ncases
         && (cases->alive == 0 || cases->waiting < NGX_CR_JOB_WAITING);
         place++)
    {
        if (!place->run.alive && ngx_cr_job_case_begin(place) != NGX_OK) {
            cases->failed = "the server has no memory for its cases";
            ngx_cr_job_cases_stop(job);
        }
    }

    if (cases->alive == 0) {
        ngx_cr_job_cases_end(job);
    }
}


static ngx_int_t
ngx_cr_job_case_begin(ngx_cr_job_place_t *place)
{
    ngx_cr_job_t         *job;
    cr_program_t          program;
    ngx_cr_run_spec_t     run;
    ngx_cr_job_plan_t    *plan;
    const ngx_cr_case_t  *one;

    job = place->job;
    plan = job->plan;
    one = &plan->spec.cases[job->cases->next];

    ngx_cr_job_program(&plan->spec, CR_PROGRAM_RUN, &program);
    ngx_cr_job_program_args(&program, one->nargs, one->args);
    ngx_cr_job_program_files(&program, plan->nfiles, plan->files);

    ngx_cr_job_run_spec(job, &plan->spec, &run);

    run.program = &program;
    run.input = one->input;

    if (ngx_cr_run_pack(&place->run, &run) != NGX_OK) {
        return NGX_ERROR;
    }

    place->number = job->cases->next++;
    place->waiting = place->run.frame_len;

    job->cases->alive++;
    job->cases->waiting += place->waiting;

    ngx_cr_run_begin(&place->run);

    return NGX_OK;
}


static void
ngx_cr_job_case_waits(ngx_cr_job_place_t *place)
{
    place->job->cases->waiting -= place->waiting;
    place->waiting = 0;
}


static void
ngx_cr_job_case_started(ngx_cr_run_t *run)
{
    ngx_cr_job_place_t *place = run->data;

    ngx_cr_job_t  *job;

    job = place->job;

    if (job->cases->began == 0) {
        job->cases->began = ngx_cr_now_us();
    }

    ngx_cr_job_started(job);

    ngx_cr_job_case_waits(place);
    ngx_cr_job_cases_go_on(job);
}


/* stdout is kept as far as it may have to be compared. */

static void
ngx_cr_job_case_output(ngx_cr_run_t *run, ngx_uint_t stream,
    const u_char *data, size_t len)
{
    ngx_cr_job_place_t *place = run->data;

    size_t         max;
    ngx_cr_job_t  *job;

    job = place->job;

    if (stream == CR_ARTIFACTS) {
        return;
    }

    max = NGX_CR_CASE_OUTPUT;

    if (stream == CR_STDOUT
        && job->plan->spec.cases[place->number].compared)
    {
        max = ngx_max(max, job->policy.limits.output);
    }

    ngx_cr_gather_add(stream == CR_STDOUT ? &place->out : &place->err, data,
                      len, max, ngx_cr_jobs.log);

    ngx_cr_job_wrote(job, stream, 0, data, len);
}


static void
ngx_cr_job_case_done(ngx_cr_run_t *run, const ngx_cr_outcome_t *outcome)
{
    ngx_cr_job_place_t *place = run->data;

    ngx_cr_job_t         *job;
    ngx_cr_outcome_t      end;
    ngx_cr_job_cases_t   *cases;
    ngx_cr_extra_case_t   result;

    job = place->job;
    cases = job->cases;

    cases->alive--;
    cases->ended = ngx_cr_now_us();
    cases->cpu_us += outcome->cpu_us;
    cases->peak = ngx_max(cases->peak, outcome->peak);

    ngx_cr_job_case_waits(place);

    if (outcome->end >= NGX_CR_END_LOST) {
        end = *outcome;
        ngx_cr_job_cases_sum(job, &end);
        ngx_cr_job_end(job, &end);
        return;
    }

    ngx_memzero(&result, sizeof(ngx_cr_extra_case_t));

    result.number = place->number;
    result.verdict = ngx_cr_job_case_judge(place, outcome);

    if (result.verdict != NGX_CR_CASE_SKIPPED) {
        result.outcome = *outcome;
        result.out.data = place->out.data;
        result.out.len = ngx_min(place->out.len, NGX_CR_CASE_OUTPUT);
        result.err.data = place->err.data;
        result.err.len = place->err.len;

        if (place->out.cut || place->out.len > NGX_CR_CASE_OUTPUT) {
            result.outcome.flags |= NGX_CR_STDOUT_CUT;
        }

        if (place->err.cut) {
            result.outcome.flags |= NGX_CR_STDERR_CUT;
        }
    }

    ngx_cr_job_case_record(job, &result);

    ngx_cr_gather_free(&place->out);
    ngx_cr_gather_free(&place->err);

    if (job->plan->spec.stop_early && result.verdict != NGX_CR_CASE_PASSED) {
        ngx_cr_job_cases_stop(job);
    }

    ngx_cr_job_cases_go_on(job);
}


static ngx_cr_case_verdict_e
ngx_cr_job_case_judge(ngx_cr_job_place_t *place,
    const ngx_cr_outcome_t *outcome)
{
    ngx_str_t             out;
    ngx_cr_job_t         *job;
    ngx_cr_verdict_t      verdict;
    const ngx_cr_case_t  *one;

    if (outcome->end == NGX_CR_END_STOPPED) {
        return NGX_CR_CASE_SKIPPED;
    }

    job = place->job;
    one = &job->plan->spec.cases[place->number];

    ngx_cr_outcome_judge(&verdict, outcome, &job->policy.limits);

    if (verdict.status != NGX_CR_JOB_COMPLETED) {
        return NGX_CR_CASE_FAILED;
    }

    if (!one->compared) {
        return NGX_CR_CASE_PASSED;
    }

    out.data = place->out.data;
    out.len = place->out.len;

    return !place->out.cut && !(outcome->flags & NGX_CR_STDOUT_CUT)
           && ngx_cr_compare(job->plan->spec.compare, &out, &one->expected)
           ? NGX_CR_CASE_PASSED : NGX_CR_CASE_WRONG;
}


/* Where there is no room for what it wrote, that is left out. */

static void
ngx_cr_job_case_record(ngx_cr_job_t *job, ngx_cr_extra_case_t *result)
{
    ngx_cr_extra_t       extra;
    ngx_cr_job_cases_t  *cases;

    cases = job->cases;

    cases->passed += (result->verdict == NGX_CR_CASE_PASSED);
    cases->skipped += (result->verdict == NGX_CR_CASE_SKIPPED);

    extra.type = NGX_CR_EXTRA_CASE;
    extra.u.result = *result;

    if (ngx_cr_job_bring(job, &extra, NGX_CR_EXTRA_CASE_TEXTS) == NGX_OK) {
        return;
    }

    extra.u.result.outcome.flags |= NGX_CR_STDOUT_CUT|NGX_CR_STDERR_CUT;
    extra.u.result.out.len = 0;
    extra.u.result.err.len = 0;

    if (ngx_cr_job_bring(job, &extra, NGX_CR_EXTRA_CASE_TEXTS) != NGX_OK) {
        cases->failed = "what became of its cases is not kept: "
                        "coderemote_zone is full";
    }
}


/* Those that wait for a sandbox end at once. */

static void
ngx_cr_job_cases_stop(ngx_cr_job_t *job)
{
    ngx_uint_t           i;
    ngx_cr_job_cases_t  *cases;

    cases = job->cases;

    if (cases->over) {
        return;
    }

    cases->over = 1;
    cases->halting = 1;

    for (i = 0; i < NGX_CR_JOB_CASES; i++) {
        if (cases->places[i].run.alive) {
            ngx_cr_run_halt(&cases->places[i].run);
        }
    }

    cases->halting = 0;
}


void
ngx_cr_job_cases_halt(ngx_cr_job_t *job)
{
    ngx_cr_job_cases_stop(job);
    ngx_cr_job_cases_go_on(job);
}


void
ngx_cr_job_cases_drop(ngx_cr_job_t *job)
{
    ngx_uint_t           i;
    ngx_cr_job_place_t  *place;

    for (i = 0; i < NGX_CR_JOB_CASES; i++) {
        place = &job->cases->places[i];

        ngx_cr_run_drop(&place->run);
        ngx_cr_gather_free(&place->out);
        ngx_cr_gather_free(&place->err);
    }
}


static void
ngx_cr_job_cases_sum(ngx_cr_job_t *job, ngx_cr_outcome_t *outcome)
{
    ngx_cr_job_cases_t  *cases;

    cases = job->cases;

    outcome->run_us = cases->began && cases->ended > cases->began
                      ? cases->ended - cases->began : 0;
    outcome->cpu_us = cases->cpu_us;
    outcome->peak = cases->peak;
    outcome->flags = job->cut ? NGX_CR_STDERR_CUT : 0;
}


static void
ngx_cr_job_cases_end(ngx_cr_job_t *job)
{
    u_char                error[128], *p;
    ngx_uint_t            n;
    ngx_cr_outcome_t      outcome;
    ngx_cr_job_cases_t   *cases;
    ngx_cr_extra_case_t   skipped;

    cases = job->cases;
    n = job->plan->spec.ncases;

    while (cases->next < n && cases->failed == NULL) {
        ngx_memzero(&skipped, sizeof(ngx_cr_extra_case_t));
        skipped.number = cases->next++;
        skipped.verdict = NGX_CR_CASE_SKIPPED;
        ngx_cr_job_case_record(job, &skipped);
    }

    ngx_cr_outcome_init(&outcome, NGX_CR_END_STOPPED);
    ngx_cr_job_cases_sum(job, &outcome);

    if (cases->failed) {
        outcome.end = NGX_CR_END_LOST;
        outcome.reason.data = (u_char *) cases->failed;
        outcome.reason.len = ngx_strlen(cases->failed);

        ngx_cr_job_end(job, &outcome);

    } else if (job->stopping && cases->skipped) {
        ngx_cr_job_end(job, &outcome);

    } else if (cases->passed == n) {
        ngx_cr_job_claim(job, &outcome, "", "");

    } else {
        p = ngx_sprintf(error, "%ui of %ui cases did not pass",
                        n - cases->passed - cases->skipped, n);

        if (cases->skipped) {
            p = ngx_sprintf(p, ", %ui were skipped", cases->skipped);
        }

        *p = '\0';

        ngx_cr_job_claim(job, &outcome, "CasesFailed", (char *) error);
    }
}
