
/*
 * What a job brought beside its output: a stream of records that the store
 * keeps as it is (NGX_CR_EXTRAS).  A record is an artifact, the end of one of
 * its cases, or what compiling cost.
 */


#ifndef _NGX_CR_EXTRA_H_INCLUDED_
#define _NGX_CR_EXTRA_H_INCLUDED_


#include "ngx_http_coderemote_api.h"

#include "cr_message.h"


#define NGX_CR_EXTRA_ARTIFACT  1
#define NGX_CR_EXTRA_CASE      2
#define NGX_CR_EXTRA_COMPILE   3


/* A file that the program left.  Each name is there once. */

typedef struct {
    ngx_str_t               name;      /* as cr_file_name() allows it; may be
                                          no UTF-8 */
    uint64_t                size;      /* bytes of the file */
    ngx_str_t               content;   /* empty when it is left out */
    ngx_uint_t              left_out;  /* unsigned  left_out:1;  over a limit,
                                          or the store had no room */
} ngx_cr_extra_artifact_t;


/*
 * A case.  They are recorded in the order in which they ended, each once, and
 * all of them when the job has ended but failed neither in compiling nor by
 * the sandbox.
 */

typedef enum {
    NGX_CR_CASE_PASSED = 0,
    NGX_CR_CASE_WRONG,                 /* success, but another output */
    NGX_CR_CASE_FAILED,                /* `outcome` says how */
    NGX_CR_CASE_SKIPPED                /* not run, or stopped: no outcome */
} ngx_cr_case_verdict_e;

/* Bytes of each stream of a case that are recorded. */
#define NGX_CR_CASE_OUTPUT  (16 * 1024)

typedef struct {
    ngx_uint_t              number;    /* from 0, in the order of the request */
    ngx_cr_case_verdict_e   verdict;
    ngx_cr_outcome_t        outcome;   /* as a job's, for
                                          ngx_cr_outcome_judge(); `flags`: of
                                          which stream there was more than is
                                          recorded */
    ngx_str_t               out;
    ngx_str_t               err;
} ngx_cr_extra_case_t;


/* Compiling, which the times of the job's outcome do not count. */

typedef struct {
    uint64_t                run_us;
    uint64_t                cpu_us;
    uint64_t                peak;
} ngx_cr_extra_compile_t;


typedef struct {
    ngx_uint_t                   type;      /* NGX_CR_EXTRA_ */
    union {
        ngx_cr_extra_artifact_t  artifact;
        ngx_cr_extra_case_t      result;    /* NGX_CR_EXTRA_CASE */
        ngx_cr_extra_compile_t   compile;
    } u;
} ngx_cr_extra_t;


/* Bytes of a packed record, at most, beside the texts in it. */
#define NGX_CR_EXTRA_HEAD  64

/* Bytes of the texts of a packed case, at most. */
#define NGX_CR_EXTRA_CASE_TEXTS                                               \
    (2 * NGX_CR_CASE_OUTPUT + NGX_CR_REASON_SIZE + NGX_CR_CLAIM_SIZE)


void ngx_cr_extra_pack(cr_put_t *put, const ngx_cr_extra_t *extra);

/* Begins to walk the extras of a job that was got with NGX_CR_GET_OUTPUT. */
void ngx_cr_extra_first(cr_get_t *get, const ngx_cr_job_view_t *view);

/*
 * The next record, whose texts point into the view: 1; 0 at the end; -1 when
 * the rest is none.
 */
ngx_int_t ngx_cr_extra_next(cr_get_t *get, ngx_cr_extra_t *extra);


#endif /* _NGX_CR_EXTRA_H_INCLUDED_ */
