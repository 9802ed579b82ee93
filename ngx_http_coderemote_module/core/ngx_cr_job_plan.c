
/* What a job of several runs knows of its specification after it began. */

#include "ngx_cr_job_local.h"


/*
 * A copy is made in two passes over the same code: one that counts, without
 * memory, and one that copies.
 */

typedef struct {
    u_char  *base;      /* NULL: counts */
    size_t   len;
} ngx_cr_job_copy_t;


static const void *
ngx_cr_job_copy(ngx_cr_job_copy_t *copy, const void *data, size_t len)
{
    u_char  *p;

    p = NULL;
    copy->len = ngx_align(copy->len, NGX_ALIGNMENT);

    if (copy->base && len) {
        p = copy->base + copy->len;
        ngx_memcpy(p, data, len);
    }

    copy->len += len;

    return p;
}


static void
ngx_cr_job_copy_str(ngx_cr_job_copy_t *copy, ngx_str_t *text)
{
    text->data = (u_char *) ngx_cr_job_copy(copy, text->data, text->len);
}


static const cr_bytes_t *
ngx_cr_job_copy_list(ngx_cr_job_copy_t *copy, const cr_bytes_t *list,
    ngx_uint_t n)
{
    ngx_uint_t   i;
    const void  *data;
    cr_bytes_t  *to;

    to = (cr_bytes_t *) ngx_cr_job_copy(copy, list, n * sizeof(cr_bytes_t));

    for (i = 0; i < n; i++) {
        data = ngx_cr_job_copy(copy, list[i].data, list[i].len);

        if (to) {
            to[i].data = data;
        }
    }

    return to;
}


static const cr_file_t *
ngx_cr_job_copy_files(ngx_cr_job_copy_t *copy, const cr_file_t *files,
    ngx_uint_t n)
{
    ngx_uint_t   i;
    cr_file_t   *to;
    const void  *name, *content;

    to = (cr_file_t *) ngx_cr_job_copy(copy, files, n * sizeof(cr_file_t));

    for (i = 0; i < n; i++) {
        name = ngx_cr_job_copy(copy, files[i].name.data, files[i].name.len);
        content = ngx_cr_job_copy(copy, files[i].content.data,
                                  files[i].content.len);

        if (to) {
            to[i].name.data = name;
            to[i].content.data = content;
        }
    }

    return to;
}


static const ngx_cr_case_t *
ngx_cr_job_copy_cases(ngx_cr_job_copy_t *copy, const ngx_cr_case_t *cases,
    ngx_uint_t n)
{
    ngx_uint_t      i;
    ngx_cr_case_t  *to, each;

    to = (ngx_cr_case_t *) ngx_cr_job_copy(copy, cases,
                                           n * sizeof(ngx_cr_case_t));

    for (i = 0; i < n; i++) {
        each = cases[i];

        ngx_cr_job_copy_str(copy, &each.input);
        ngx_cr_job_copy_str(copy, &each.expected);
        each.args = ngx_cr_job_copy_list(copy, each.args, each.nargs);

        if (to) {
            to[i] = each;
        }
    }

    return to;
}


/* All of it that is asked for later; owner, user and queue are not. */

static void
ngx_cr_job_copy_spec(ngx_cr_job_copy_t *copy, const ngx_cr_job_spec_t *spec,
    ngx_cr_job_spec_t *to)
{
    *to = *spec;

    ngx_str_null(&to->user);
    ngx_str_null(&to->runtime);

    ngx_cr_job_copy_str(copy, &to->code);
    ngx_cr_job_copy_str(copy, &to->input);

    to->args = ngx_cr_job_copy_list(copy, spec->args, spec->nargs);
    to->files = ngx_cr_job_copy_files(copy, spec->files, spec->nfiles);
    to->patterns = ngx_cr_job_copy_list(copy, spec->patterns,
                                        spec->npatterns);
    to->cases = ngx_cr_job_copy_cases(copy, spec->cases, spec->ncases);
}


ngx_cr_job_plan_t *
ngx_cr_job_plan(const ngx_cr_job_spec_t *spec)
{
    ngx_cr_job_copy_t   copy;
    ngx_cr_job_plan_t  *plan;
    ngx_cr_job_spec_t   counted;

    copy.base = NULL;
    copy.len = sizeof(ngx_cr_job_plan_t);

    ngx_cr_job_copy_spec(&copy, spec, &counted);

    plan = ngx_alloc(copy.len, ngx_cr_jobs.log);
    if (plan == NULL) {
        return NULL;
    }

    ngx_memzero(plan, sizeof(ngx_cr_job_plan_t));

    copy.base = (u_char *) plan;
    copy.len = sizeof(ngx_cr_job_plan_t);

    ngx_cr_job_copy_spec(&copy, spec, &plan->spec);

    plan->nfiles = (uint16_t) plan->spec.nfiles;

    if (plan->nfiles) {
        ngx_memcpy(plan->files, plan->spec.files,
                   plan->nfiles * sizeof(cr_file_t));
    }

    return plan;
}


void
ngx_cr_job_plan_free(ngx_cr_job_t *job)
{
    if (job->plan) {
        ngx_cr_gather_free(&job->plan->compiled);
        ngx_free(job->plan);
        job->plan = NULL;
    }
}


static cr_file_t *
ngx_cr_job_plan_file(ngx_cr_job_plan_t *plan, const cr_bytes_t *name)
{
    uint16_t  i;

    for (i = 0; i < plan->nfiles; i++) {
        if (plan->files[i].name.len == name->len
            && ngx_memcmp(plan->files[i].name.data, name->data, name->len)
               == 0)
        {
            return &plan->files[i];
        }
    }

    return i < CR_FILES_MAX ? &plan->files[plan->nfiles++] : NULL;
}


/* What was compiled takes the place of a file with its name. */

const char *
ngx_cr_job_plan_files(ngx_cr_job_plan_t *plan)
{
    int             rc;
    cr_get_t        get;
    cr_file_t      *file;
    ngx_uint_t      n;
    cr_artifact_t   artifact;

    if (plan->compiled.len == 0) {
        return "compiling left no program";
    }

    cr_get_init(&get, plan->compiled.data, plan->compiled.len);

    for (n = 0; (rc = cr_artifact_next(&get, &artifact)) == 1; n++) {

        if (artifact.flags || n == CR_ARTIFACTS_MAX) {
            rc = -1;
            break;
        }

        file = ngx_cr_job_plan_file(plan, &artifact.name);

        if (file == NULL) {
            return "the compiled program has too many files";
        }

        file->flags = CR_FILE_EXECUTE;
        file->name = artifact.name;
        file->content = artifact.content;
    }

    return rc == 0 ? NULL : "the compiled program is larger than 16 MB";
}
