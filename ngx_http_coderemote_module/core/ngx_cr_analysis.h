
/*
 * Analyses: the configured analyzer is asked, another one in its place when it
 * is not available, and what was found out before is not asked for again.
 *
 * An analysis is pulled as a job's output is (ngx_cr_follow.h): the transport
 * asks for the next event while it has room, and is called when there may be
 * more.  All that an analyzer says is kept until then, within a bound.  So
 * nothing is ever sent, or ended, from within an analyzer's call.
 */


#ifndef _NGX_CR_ANALYSIS_H_INCLUDED_
#define _NGX_CR_ANALYSIS_H_INCLUDED_


#include "ngx_cr_registry.h"
#include "ngx_cr_result_cache.h"
#include "ngx_cr_store.h"


/* Bytes of narrative in one event, and in all. */
#define NGX_CR_ANALYSIS_TEXT      32768
#define NGX_CR_ANALYSIS_TEXT_MAX  (256 * 1024)


/* Milliseconds that an analyzer has, if nobody says else. */
#define NGX_CR_ANALYSIS_DEADLINE  (120 * 1000)


typedef struct ngx_cr_analysis_run_s  ngx_cr_analysis_run_t;


/* What is to be explained, and by whom.  Texts are copied. */

typedef struct {
    ngx_cr_job_id_t           id;
    ngx_http_request_t       *request;
    ngx_str_t                 user;
    u_char                    owner[NGX_CR_OWNER_SIZE];
    uint64_t                  turn;
    ngx_str_t                 language;
    ngx_str_t                 code;

    ngx_cr_registry_t        *registry;     /* of the policy hooks */
    const ngx_cr_analyzer_t  *analyzer;
    const ngx_cr_analyzer_t  *fallback;     /* NULL: none */
    ngx_msec_t                deadline;     /* of the first one */
    ngx_cr_result_cache_t    *cache;        /* NULL: none */

    void                    (*handler)(ngx_cr_analysis_run_t *run,
                                       void *data);
    void                     *data;
} ngx_cr_analysis_spec_t;


typedef enum {
    NGX_CR_ANALYSIS_STARTED = 0,   /* provider, model, notice; once more when
                                      another analyzer took over: what the
                                      first one wrote is void */
    NGX_CR_ANALYSIS_CHUNK,         /* text */
    NGX_CR_ANALYSIS_END            /* result; the last one */
} ngx_cr_analysis_kind_e;


/* Texts and result are valid until the next call for this analysis. */

typedef struct {
    ngx_cr_analysis_kind_e           kind;
    ngx_str_t                        provider;
    ngx_str_t                        model;     /* empty: none */
    ngx_str_t                        notice;    /* why it is not the configured
                                                   analyzer; empty: it is */
    ngx_str_t                        text;      /* whole characters */
    const ngx_cr_analysis_result_t  *result;    /* one that was refused is not
                                                   available, by `status` */
} ngx_cr_analysis_event_t;


/*
 * Begins.  handler is called from the event loop when there may be an event,
 * not before this has returned.  NULL: no memory.
 */
ngx_cr_analysis_run_t *ngx_cr_analysis_start(
    const ngx_cr_analysis_spec_t *spec);

/*
 * NGX_OK: *event is the next one; NGX_AGAIN: handler will be called; NGX_DONE:
 * END was the last.
 */
ngx_int_t ngx_cr_analysis_next(ngx_cr_analysis_run_t *run,
    ngx_cr_analysis_event_t *event);

/* Ends it at any time, also after its end: the memory goes. */
void ngx_cr_analysis_stop(ngx_cr_analysis_run_t *run);

/* How an analyzer stands, in this request's location. */
void ngx_cr_analysis_status(const ngx_cr_analyzer_t *analyzer,
    ngx_http_request_t *r, ngx_cr_analyzer_status_t *status);


/* ngx_cr_analysis_result.c */

/* A copy, with all that it points to.  NULL: no memory. */
ngx_cr_analysis_result_t *ngx_cr_analysis_result_copy(ngx_pool_t *pool,
    const ngx_cr_analysis_result_t *result);

/* As bytes for a cache, and back.  NGX_ERROR: no memory, or no such bytes. */
ngx_int_t ngx_cr_analysis_result_pack(ngx_pool_t *pool,
    const ngx_cr_analysis_result_t *result, ngx_str_t *bytes);
ngx_int_t ngx_cr_analysis_result_unpack(ngx_pool_t *pool,
    const ngx_str_t *bytes, ngx_cr_analysis_result_t *result);

/*
 * From the JSON that an untrusted analyzer wrote.  Texts are from pool.
 * NGX_OK; NGX_DECLINED: it is not what it should be; NGX_ERROR: no memory.
 */
ngx_int_t ngx_cr_analysis_result_parse(ngx_pool_t *pool,
    const ngx_str_t *json, ngx_cr_analysis_result_t *result);


#endif /* _NGX_CR_ANALYSIS_H_INCLUDED_ */
