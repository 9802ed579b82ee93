
/*
 * How a job ended, in the words of the API: the supervisor's word, taken from
 * the kernel, together with what the cell claimed of itself.
 */


#ifndef _NGX_CR_OUTCOME_H_INCLUDED_
#define _NGX_CR_OUTCOME_H_INCLUDED_


#include "ngx_http_coderemote_api.h"

#include "cr_message.h"


/* Texts point into the outcome, to static memory, or to `text`. */

typedef struct {
    ngx_cr_job_status_e   status;
    ngx_str_t             error_type;    /* empty: none */
    ngx_str_t             error;         /* empty: none; may be no UTF-8 */
    ngx_str_t             signal;        /* its name; empty: none */
    ngx_uint_t            exited;        /* unsigned  exited:1; exit_code is
                                            set */
    int32_t               exit_code;
    cr_claim_t            claim;         /* zeroed without one */
    u_char                text[128];
} ngx_cr_verdict_t;


/* An outcome without numbers and texts. */
void ngx_cr_outcome_init(ngx_cr_outcome_t *outcome, ngx_uint_t end);

/* limits: those the job had, for the sentences. */
void ngx_cr_outcome_judge(ngx_cr_verdict_t *verdict,
    const ngx_cr_outcome_t *outcome, const ngx_cr_limits_t *limits);

/*
 * That of a compiler which did not end by itself becomes one whose `reason`
 * says that compiling was at fault; text: memory for that.
 */
void ngx_cr_outcome_compile(ngx_cr_outcome_t *outcome,
    const ngx_cr_limits_t *limits, u_char text[NGX_CR_REASON_SIZE]);


#endif /* _NGX_CR_OUTCOME_H_INCLUDED_ */
