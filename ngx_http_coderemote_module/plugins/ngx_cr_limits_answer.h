
/* What a client is told of his limits, and the log of their zone. */


#ifndef _NGX_CR_LIMITS_ANSWER_H_INCLUDED_
#define _NGX_CR_LIMITS_ANSWER_H_INCLUDED_


#include "ngx_http_coderemote_api.h"
#include "ngx_cr_limits_zone.h"


/*
 * RateLimit and RateLimit-Policy as in draft-ietf-httpapi-ratelimit-headers-10,
 * on what is admitted, too.  The job of a WebSocket has no header any more.
 */
ngx_int_t ngx_cr_limits_headers(ngx_http_request_t *r,
    const ngx_uint_t *limits, const ngx_cr_limits_state_t *state);

/* Tells the limit that is in the way longest.  NGX_DECLINED, or NGX_ERROR. */
ngx_int_t ngx_cr_limits_refuse(ngx_cr_policy_job_t *job,
    const ngx_uint_t *limits, const ngx_cr_limits_state_t *state,
    ngx_cr_refusal_t *refusal);

/* The zone has no room.  NGX_DECLINED. */
ngx_int_t ngx_cr_limits_full(ngx_cr_policy_job_t *job,
    ngx_cr_refusal_t *refusal);

/* Once in a while: whoever is forgotten may begin again from nothing. */
void ngx_cr_limits_warn(ngx_cr_policy_job_t *job);


#endif /* _NGX_CR_LIMITS_ANSWER_H_INCLUDED_ */
