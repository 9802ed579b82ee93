
/*
 * What all stores share: job ids, words, the clock.  The functions of a store
 * itself are in ngx_cr_store_t of the plug-in header.
 */


#ifndef _NGX_CR_STORE_H_INCLUDED_
#define _NGX_CR_STORE_H_INCLUDED_


#include "ngx_http_coderemote_api.h"


#define NGX_CR_JOB_ID_LEN  36   /* "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx" */


/*
 * Draws a new UUIDv4 from the kernel.  NGX_OK, or NGX_ERROR: no randomness
 * can be had (logged).
 */
ngx_int_t ngx_cr_job_id_generate(ngx_cr_job_id_t *id, ngx_log_t *log);

/*
 * Writes the NGX_CR_JOB_ID_LEN characters, in lower case and without an end
 * mark, to buf and answers the byte after them.
 */
u_char *ngx_cr_job_id_format(u_char *buf, const ngx_cr_job_id_t *id);

/*
 * Reads exactly that form; only a version 4, variant 1 UUID in lower case is
 * one, so that a job has one name.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_cr_job_id_parse(const u_char *text, size_t len,
    ngx_cr_job_id_t *id);

/* Of a digit as ids are written with, 0 to 15, or NGX_ERROR. */
ngx_int_t ngx_cr_hex_digit(u_char ch);

/* 1 when they are the same. */
ngx_uint_t ngx_cr_job_id_equal(const ngx_cr_job_id_t *a,
    const ngx_cr_job_id_t *b);

/* "queued", "running", ...; static. */
const ngx_str_t *ngx_cr_job_status_name(ngx_cr_job_status_e status);

/* Microseconds since the epoch, now and not as of the last event. */
uint64_t ngx_cr_now_us(void);


#endif /* _NGX_CR_STORE_H_INCLUDED_ */
