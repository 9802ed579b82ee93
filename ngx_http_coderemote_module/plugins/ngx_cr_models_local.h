
/* One call, for the two files that have it. */


#ifndef _NGX_CR_MODELS_LOCAL_H_INCLUDED_
#define _NGX_CR_MODELS_LOCAL_H_INCLUDED_


#include "ngx_cr_models.h"
#include "ngx_cr_models_reply.h"
#include "ngx_cr_sse.h"


#define NGX_CR_MODELS_HEADERS   3
#define NGX_CR_MODELS_DETAIL    160


typedef enum {
    NGX_CR_MODELS_NOTHING = 0,  /* came yet */
    NGX_CR_MODELS_EVENTS,
    NGX_CR_MODELS_DOCUMENT
} ngx_cr_models_body_e;


typedef struct {
    ngx_cr_analysis_t            *analysis;
    const ngx_cr_wire_t          *wire;
    const ngx_cr_models_conf_t   *conf;
    ngx_cr_models_state_t        *state;

    ngx_cr_curl_t                 curl;
    ngx_cr_curl_conf_t            curl_conf;  /* with the time that is left */
    ngx_str_t                     headers[NGX_CR_MODELS_HEADERS];
    ngx_event_t                   event;      /* asks once more, or ends it */
    ngx_msec_t                    deadline;
    ngx_uint_t                    tries;

    ngx_cr_prompted_t             prompted;
    ngx_cr_said_t                 said;
    ngx_cr_reply_t                reply;
    ngx_cr_sse_t                  sse;
    ngx_str_t                     document;
    size_t                        received;
    ngx_cr_models_body_e          body;

    ngx_cr_models_end_e           end;        /* OK: not decided */
    time_t                        retry_after;
    u_char                        detail[NGX_CR_MODELS_DETAIL];

    unsigned                      entered:1;
    unsigned                      trying:1;
    unsigned                      events:1;   /* there was one */
} ngx_cr_models_call_t;


/* ngx_cr_models_answer.c */

/* Before each time that it is asked. */
void ngx_cr_models_answer_begin(ngx_cr_models_call_t *call);

/*
 * Reads what came.  NGX_OK; anything else: nothing more is wanted, because of
 * call->end or, where that is OK, since enough of an error was read.
 */
ngx_int_t ngx_cr_models_answer_piece(ngx_cr_models_call_t *call,
    const u_char *p, size_t len);

/* Nothing more comes. */
void ngx_cr_models_answer_end(ngx_cr_models_call_t *call, ngx_int_t rc);


#endif /* _NGX_CR_MODELS_LOCAL_H_INCLUDED_ */
