
/*
 * What a job's runs are, and what comes of each: the program's own; before it,
 * where it is to be compiled, that of the compiler, which leaves the files
 * that the program's run begins with.
 */

#include "ngx_cr_job_local.h"
#include "ngx_cr_outcome.h"


/* Bytes of a compiled program, which is sent back with each run of it. */
#define NGX_CR_JOB_COMPILED  (16 * 1024 * 1024)


static void ngx_cr_job_run_started(ngx_cr_run_t *run);
static void ngx_cr_job_run_output(ngx_cr_run_t *run, ngx_uint_t stream,
    const u_char *data, size_t len);
static void ngx_cr_job_run_done(ngx_cr_run_t *run,
    const ngx_cr_outcome_t *outcome);
static void ngx_cr_job_compile_output(ngx_cr_run_t *run, ngx_uint_t stream,
    const u_char *data, size_t len);
static void ngx_cr_job_compile_done(ngx_cr_run_t *run,
    const ngx_cr_outcome_t *outcome);


static const ngx_cr_run_handlers_t  ngx_cr_job_run_handlers = {
    ngx_cr_job_run_started,
    ngx_cr_job_run_output,
    ngx_cr_job_input_next,
    ngx_cr_job_run_done
};


static const ngx_cr_run_handlers_t  ngx_cr_job_compile_handlers = {
    ngx_cr_job_run_started,
    ngx_cr_job_compile_output,
    NULL,
    ngx_cr_job_compile_done
};


void
ngx_cr_job_program(const ngx_cr_job_spec_t *spec, ngx_uint_t kind,
    cr_program_t *program)
{
    program->kind = (uint8_t) kind;
    program->nargs = 0;
    program->code.data = spec->code.data;
    program->code.len = spec->code.len;
    program->nfiles = 0;
    program->artifact_max = 0;
    program->npatterns = 0;
}


void
ngx_cr_job_program_args(cr_program_t *program, ngx_uint_t nargs,
    const cr_bytes_t *args)
{
    program->nargs = (uint16_t) nargs;

    if (nargs) {
        ngx_memcpy(program->args, args, nargs * sizeof(cr_bytes_t));
    }
}


void
ngx_cr_job_program_files(cr_program_t *program, ngx_uint_t nfiles,
    const cr_file_t *files)
{
    program->nfiles = (uint16_t) nfiles;

    if (nfiles) {
        ngx_memcpy(program->files, files, nfiles * sizeof(cr_file_t));
    }
}


void
ngx_cr_job_run_spec(ngx_cr_job_t *job, const ngx_cr_job_spec_t *spec,
    ngx_cr_run_spec_t *run)
{
    ngx_memzero(run, sizeof(ngx_cr_run_spec_t));

    run->turn = spec->turn;
    run->runtime = job->policy.language;
    run->limits = job->policy.limits;
}


static ngx_int_t
ngx_cr_job_pack(ngx_cr_job_t *job, const ngx_cr_job_spec_t *spec,
    ngx_uint_t nfiles, const cr_file_t *files)
{
    cr_program_t       program;
    ngx_cr_run_spec_t  run;

    ngx_cr_job_program(spec, spec->kind, &program);
    ngx_cr_job_program_args(&program, spec->nargs, spec->args);
    ngx_cr_job_program_files(&program, nfiles, files);

    program.artifact_max = job->artifact_max;

    if (job->artifact_max && spec->npatterns) {
        program.npatterns = (uint16_t) spec->npatterns;
        ngx_memcpy(program.patterns, spec->patterns,
                   spec->npatterns * sizeof(cr_bytes_t));
    }

    ngx_cr_job_run_spec(job, spec, &run);

    run.program = &program;
    run.artifact_limit = ngx_cr_job_artifacts_limit(job->artifact_max);
    run.input = spec->input;
    run.more = (spec->input_max != 0);

    job->run.handlers = &ngx_cr_job_run_handlers;
    job->run.data = job;

    return ngx_cr_run_pack(&job->run, &run);
}


static ngx_int_t
ngx_cr_job_pack_compile(ngx_cr_job_t *job, const ngx_cr_job_spec_t *spec)
{
    cr_program_t       program;
    ngx_cr_run_spec_t  run;

    ngx_cr_job_program(spec, CR_PROGRAM_COMPILE, &program);
    ngx_cr_job_program_files(&program, spec->nfiles, spec->files);

    program.artifact_max = NGX_CR_JOB_COMPILED;

    ngx_cr_job_run_spec(job, spec, &run);

    run.limits = spec->compile_limits;
    run.program = &program;
    run.artifact_limit = ngx_cr_job_artifacts_limit(NGX_CR_JOB_COMPILED);

    job->run.handlers = &ngx_cr_job_compile_handlers;
    job->run.data = job;

    return ngx_cr_run_pack(&job->run, &run);
}


/* A case's arguments are not known here, but how long they can be is. */

static ngx_int_t
ngx_cr_job_fits(const ngx_cr_job_spec_t *spec)
{
    cr_program_t  program;

    ngx_cr_job_program(spec, CR_PROGRAM_RUN, &program);
    ngx_cr_job_program_files(&program, spec->nfiles, spec->files);

    return ngx_cr_run_program_size(&program)
           <= CR_PROGRAM_MAX - 2 * CR_ARGS_SIZE_MAX ? NGX_OK : NGX_DECLINED;
}


ngx_int_t
ngx_cr_job_prepare(ngx_cr_job_t *job, ngx_cr_job_spec_t *spec)
{
    /* without patterns, too: a runtime may have artifacts of its own */

    if (!spec->ncases) {
        job->artifact_max = spec->artifact_max;
    }

    if (!spec->compile && !spec->ncases) {
        return ngx_cr_job_pack(job, spec, spec->nfiles, spec->files);
    }

    if (ngx_cr_job_fits(spec) != NGX_OK) {
        return NGX_DECLINED;
    }

    job->plan = ngx_cr_job_plan(spec);

    if (job->plan == NULL
        || (spec->ncases && ngx_cr_job_cases_init(job) != NGX_OK))
    {
        return NGX_ERROR;
    }

    return spec->compile ? ngx_cr_job_pack_compile(job, spec) : NGX_OK;
}


void
ngx_cr_job_begin(ngx_cr_job_t *job)
{
    if (job->cases && !job->plan->spec.compile) {
        ngx_cr_job_cases_begin(job);
        return;
    }

    ngx_cr_run_begin(&job->run);
}


void
ngx_cr_job_halt(ngx_cr_job_t *job)
{
    if (job->stopping) {
        return;
    }

    job->stopping = 1;

    if (job->run.alive) {
        ngx_cr_run_halt(&job->run);
        return;
    }

    ngx_cr_job_cases_halt(job);
}


void
ngx_cr_job_slow(const ngx_cr_job_id_t *id, ngx_uint_t slow)
{
    ngx_cr_job_t  *job;

    job = ngx_cr_job_by_id(id);

    if (job) {
        job->slow = !!slow;
        ngx_cr_run_slow(&job->run, slow);
    }
}


static void
ngx_cr_job_run_started(ngx_cr_run_t *run)
{
    ngx_cr_job_started(run->data);
}


static void
ngx_cr_job_run_output(ngx_cr_run_t *run, ngx_uint_t stream,
    const u_char *data, size_t len)
{
    ngx_cr_job_t  *job = run->data;

    if (stream == CR_ARTIFACTS) {
        ngx_cr_gather_add(&job->artifacts, data, len, NGX_MAX_SIZE_T_VALUE,
                          ngx_cr_jobs.log);
        return;
    }

    ngx_cr_job_wrote(job, stream, 1, data, len);
}


static void
ngx_cr_job_run_done(ngx_cr_run_t *run, const ngx_cr_outcome_t *outcome)
{
    ngx_cr_job_t *job = run->data;

    ngx_cr_outcome_t  total;

    ngx_cr_job_artifacts(job);

    total = *outcome;

    if (job->cut) {
        total.flags |= NGX_CR_STDERR_CUT;
    }

    ngx_cr_job_end(job, &total);
}


/* Whatever a compiler writes is a message. */

static void
ngx_cr_job_compile_output(ngx_cr_run_t *run, ngx_uint_t stream,
    const u_char *data, size_t len)
{
    ngx_cr_job_t  *job = run->data;

    if (stream == CR_ARTIFACTS) {
        ngx_cr_gather_add(&job->plan->compiled, data, len,
                          NGX_MAX_SIZE_T_VALUE, ngx_cr_jobs.log);
        return;
    }

    ngx_cr_job_wrote(job, NGX_CR_STDERR, 1, data, len);
}


/* The program's own run, or its cases; its compiler ended well. */

static void
ngx_cr_job_go_on(ngx_cr_job_t *job, ngx_cr_outcome_t *outcome)
{
    const char         *wrong;
    ngx_int_t           rc;
    ngx_cr_job_plan_t  *plan;

    plan = job->plan;

    wrong = ngx_cr_job_plan_files(plan);

    if (wrong) {
        ngx_cr_job_claim(job, outcome, "CompileError", wrong);
        return;
    }

    if (job->cases) {
        ngx_cr_job_cases_begin(job);
        return;
    }

    rc = ngx_cr_job_pack(job, &plan->spec, plan->nfiles, plan->files);

    if (rc == NGX_DECLINED) {
        ngx_cr_job_claim(job, outcome, "CompileError",
                         "the compiled program and the files are more than "
                         "the sandbox takes, 32 MB");
        return;
    }

    if (rc != NGX_OK) {
        ngx_cr_job_fail(job, NGX_CR_END_LOST, "the server has no memory");
        return;
    }

    ngx_cr_job_plan_free(job);

    ngx_cr_run_begin(&job->run);
    ngx_cr_run_slow(&job->run, job->slow);
}


static void
ngx_cr_job_compile_record(ngx_cr_job_t *job, const ngx_cr_outcome_t *outcome)
{
    ngx_cr_extra_t  extra;

    extra.type = NGX_CR_EXTRA_COMPILE;
    extra.u.compile.run_us = outcome->run_us;
    extra.u.compile.cpu_us = outcome->cpu_us;
    extra.u.compile.peak = outcome->peak;

    (void) ngx_cr_job_bring(job, &extra, 0);
}


static void
ngx_cr_job_compile_done(ngx_cr_run_t *run, const ngx_cr_outcome_t *outcome)
{
    u_char             text[NGX_CR_REASON_SIZE];
    ngx_cr_job_t      *job = run->data;
    ngx_cr_outcome_t   end;
    ngx_cr_verdict_t   verdict;

    if (run->started) {
        ngx_cr_job_compile_record(job, outcome);
    }

    job->cut = (outcome->flags != 0);
    job->cpu_us = outcome->cpu_us;

    /* no time is the program's, which did not run */

    end = *outcome;
    end.run_us = 0;
    end.cpu_us = 0;
    end.flags = job->cut ? NGX_CR_STDERR_CUT : 0;

    ngx_cr_outcome_judge(&verdict, outcome, &job->policy.limits);

    if (verdict.status != NGX_CR_JOB_COMPLETED) {
        ngx_cr_outcome_compile(&end, &job->plan->spec.compile_limits, text);
        ngx_cr_job_end(job, &end);
        return;
    }

    if (job->stopping) {
        end.end = NGX_CR_END_STOPPED;
        ngx_str_set(&end.claim, "");
        ngx_cr_job_end(job, &end);
        return;
    }

    ngx_cr_job_go_on(job, &end);
}
