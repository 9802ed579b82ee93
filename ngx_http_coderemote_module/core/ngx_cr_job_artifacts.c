
/*
 * The files that a program left, as its cell packed them: the job's own word,
 * so each name counts once, and what is too much is told but not kept.
 */

#include "ngx_cr_job_local.h"


uint32_t
ngx_cr_job_artifacts_limit(uint32_t max)
{
    return max ? max + CR_ARTIFACTS_MAX * (CR_ARTIFACT_HEAD + CR_FILE_NAME_MAX)
               : 0;
}


uint64_t
ngx_cr_job_artifacts_size(uint32_t max)
{
    return max ? (uint64_t) max + CR_ARTIFACTS_MAX * (NGX_CR_EXTRA_HEAD
                                                      + CR_FILE_NAME_MAX)
               : 0;
}


/* The store may be short of room for all but the name. */

static void
ngx_cr_job_artifact(ngx_cr_job_t *job, const cr_artifact_t *artifact,
    ngx_uint_t left_out)
{
    ngx_cr_extra_t            extra;
    ngx_cr_extra_artifact_t  *to;

    extra.type = NGX_CR_EXTRA_ARTIFACT;
    to = &extra.u.artifact;

    to->name.data = (u_char *) artifact->name.data;
    to->name.len = artifact->name.len;
    to->size = artifact->size;
    to->content.data = (u_char *) artifact->content.data;
    to->content.len = artifact->content.len;
    to->left_out = left_out;

    if (!left_out
        && ngx_cr_job_bring(job, &extra, to->name.len + to->content.len)
           == NGX_OK)
    {
        return;
    }

    to->left_out = 1;
    ngx_str_set(&to->content, "");

    (void) ngx_cr_job_bring(job, &extra, to->name.len);
}


static ngx_uint_t
ngx_cr_job_artifact_known(const cr_bytes_t *names, ngx_uint_t n,
    const cr_bytes_t *name)
{
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        if (names[i].len == name->len
            && ngx_memcmp(names[i].data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


void
ngx_cr_job_artifacts(ngx_cr_job_t *job)
{
    int             rc;
    size_t          left;
    cr_get_t        get;
    ngx_uint_t      n, out;
    cr_bytes_t      names[CR_ARTIFACTS_MAX];
    cr_artifact_t   artifact;

    if (job->artifacts.len == 0) {
        return;
    }

    cr_get_init(&get, job->artifacts.data, job->artifacts.len);
    left = job->artifact_max;

    for (n = 0; n < CR_ARTIFACTS_MAX; /* void */ ) {
        rc = cr_artifact_next(&get, &artifact);

        /* of one that was cut the name may be there */

        if (rc == 0 || (rc < 0 && !cr_file_name(&artifact.name))) {
            break;
        }

        if (!ngx_cr_job_artifact_known(names, n, &artifact.name)) {
            names[n++] = artifact.name;

            out = (rc < 0 || artifact.flags || artifact.content.len > left);
            left -= out ? 0 : artifact.content.len;

            ngx_cr_job_artifact(job, &artifact, out);
        }

        if (rc < 0) {
            break;
        }
    }

    ngx_cr_gather_free(&job->artifacts);
}
