
/* What the files of core/ngx_cr_analysis share, and nobody else sees. */


#ifndef _NGX_CR_ANALYSIS_LOCAL_H_INCLUDED_
#define _NGX_CR_ANALYSIS_LOCAL_H_INCLUDED_


#include "ngx_cr_analysis.h"


struct ngx_cr_analysis_run_s {
    ngx_cr_analysis_spec_t     spec;
    ngx_pool_t                *pool;
    ngx_event_t                event;       /* there is something to do */
    ngx_event_t                timer;       /* not cancelable: a worker that
                                               shuts down waits for it */

    const ngx_cr_analyzer_t   *analyzer;    /* that is asked */
    ngx_cr_analysis_t         *analysis;    /* while it is at work */
    ngx_cr_analyzer_status_t   status;      /* its, in memory of ours */
    ngx_str_t                  notice;
    ngx_cr_analysis_result_t  *result;      /* what it answered */
    u_char                     key[NGX_CR_RESULT_KEY];

    ngx_cr_policy_job_t        policy;      /* what hooks see */
    void                     **policy_data;
    uint64_t                   started_at;

    u_char                    *text;        /* that was not pulled yet */
    size_t                     len;
    size_t                     size;
    size_t                     given;       /* bytes of it that were */
    size_t                     total;       /* of all that came */

    unsigned                   admitted:1;  /* hooks are to be told the end */
    unsigned                   begun:1;     /* STARTED is due */
    unsigned                   over:1;      /* END is due after the text */
    unsigned                   ended:1;     /* END was given out */
};


/* ngx_cr_analysis_next.c */

/* A piece of narrative more; what is over the bound is not kept. */
void ngx_cr_analysis_add(ngx_cr_analysis_run_t *run, const ngx_str_t *text);

/* All that came is forgotten. */
void ngx_cr_analysis_void(ngx_cr_analysis_run_t *run);


#endif /* _NGX_CR_ANALYSIS_LOCAL_H_INCLUDED_ */
