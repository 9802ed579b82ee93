
#include "ngx_cr_limits_answer.h"


#define NGX_CR_LIMITS_FIELD   256      /* bytes of a header field */
#define NGX_CR_LIMITS_DETAIL  128
#define NGX_CR_LIMITS_WARN    60       /* seconds between two warnings */


typedef struct {
    const char  *policy;
    const char  *item;
    const char  *detail;
} ngx_cr_limits_words_t;


/* In the order of NGX_CR_QUOTA_... */

static const ngx_cr_limits_words_t  ngx_cr_limits_words[NGX_CR_QUOTAS] = {

    { "\"requests\";q=%ui;w=60", "\"requests\";r=%ui;t=%ui",
      "You may run %ui programs a minute; try again in %ui s." },

    { "\"running\";q=%ui;qu=\"concurrent-requests\"", "\"running\";r=%ui",
      "You may have %ui unfinished jobs; wait until one of them has ended." },

    { "\"queued\";q=%ui;qu=\"concurrent-requests\"", "\"queued\";r=%ui",
      "You may have %ui jobs that wait for a cell; try again in a moment." },

    { "\"cpu\";q=%ui;w=86400;qu=\"cpu-seconds\"", "\"cpu\";r=%ui;t=%ui",
      "You may use %ui seconds of CPU a day; try again in %ui s." }
};


static ngx_int_t
ngx_cr_limits_header(ngx_http_request_t *r, const char *name, u_char *start,
    u_char *last)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    h->key.data = (u_char *) name;
    h->key.len = ngx_strlen(name);
    h->value.data = start;
    h->value.len = last - start;

    return NGX_OK;
}


ngx_int_t
ngx_cr_limits_headers(ngx_http_request_t *r, const ngx_uint_t *limits,
    const ngx_cr_limits_state_t *state)
{
    u_char                       *buf, *p, *q;
    ngx_uint_t                    i;
    const ngx_cr_limits_words_t  *words;

    if (r->header_sent) {
        return NGX_OK;
    }

    buf = ngx_pnalloc(r->pool, 2 * NGX_CR_LIMITS_FIELD);
    if (buf == NULL) {
        return NGX_ERROR;
    }

    p = buf;
    q = buf + NGX_CR_LIMITS_FIELD;

    for (i = 0; i < NGX_CR_QUOTAS; i++) {

        if (limits[i] == 0) {
            continue;
        }

        words = &ngx_cr_limits_words[i];

        if (p != buf) {
            p = ngx_cpymem(p, ", ", 2);
            q = ngx_cpymem(q, ", ", 2);
        }

        p = ngx_slprintf(p, buf + NGX_CR_LIMITS_FIELD, words->policy,
                         limits[i]);
        q = ngx_slprintf(q, buf + 2 * NGX_CR_LIMITS_FIELD, words->item,
                         state->left[i], state->reset[i]);
    }

    if (ngx_cr_limits_header(r, "RateLimit-Policy", buf, p) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_cr_limits_header(r, "RateLimit", buf + NGX_CR_LIMITS_FIELD, q);
}


ngx_int_t
ngx_cr_limits_refuse(ngx_cr_policy_job_t *job, const ngx_uint_t *limits,
    const ngx_cr_limits_state_t *state, ngx_cr_refusal_t *refusal)
{
    u_char      *p;
    ngx_uint_t   i, worst;

    worst = 0;

    for (i = 1; i < NGX_CR_QUOTAS; i++) {
        if (state->wait[i] > state->wait[worst]) {
            worst = i;
        }
    }

    p = ngx_pnalloc(job->pool, NGX_CR_LIMITS_DETAIL);
    if (p == NULL) {
        return NGX_ERROR;
    }

    refusal->status = NGX_HTTP_TOO_MANY_REQUESTS;
    refusal->retry_after = state->wait[worst];
    refusal->detail.data = p;
    refusal->detail.len = ngx_snprintf(p, NGX_CR_LIMITS_DETAIL,
                                       ngx_cr_limits_words[worst].detail,
                                       limits[worst], state->wait[worst])
                          - p;

    return NGX_DECLINED;
}


ngx_int_t
ngx_cr_limits_full(ngx_cr_policy_job_t *job, ngx_cr_refusal_t *refusal)
{
    ngx_log_error(NGX_LOG_ERR, job->log, 0,
                  "coderemote_limit_zone is full of unfinished jobs: make it "
                  "larger");

    refusal->status = NGX_HTTP_SERVICE_UNAVAILABLE;
    refusal->retry_after = 1;
    ngx_str_set(&refusal->detail, "There is no room to count one more user; "
                                  "try again later.");

    return NGX_DECLINED;
}


void
ngx_cr_limits_warn(ngx_cr_policy_job_t *job)
{
    static time_t  warned;

    if (ngx_time() - warned >= NGX_CR_LIMITS_WARN) {
        warned = ngx_time();
        ngx_log_error(NGX_LOG_WARN, job->log, 0,
                      "coderemote_limit_zone is full: it forgets what users "
                      "have used; make it larger");
    }
}
