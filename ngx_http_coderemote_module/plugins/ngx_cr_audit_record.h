
/*
 * What the audit log will say of each unfinished job.  The records lie in
 * shared memory, so that the line of a job is written by another worker when
 * its own was killed.
 */


#ifndef _NGX_CR_AUDIT_RECORD_H_INCLUDED_
#define _NGX_CR_AUDIT_RECORD_H_INCLUDED_


#include "ngx_http_coderemote_api.h"


#define NGX_CR_AUDIT_DIGEST   32
#define NGX_CR_AUDIT_USER     256     /* bytes that are told of each */
#define NGX_CR_AUDIT_ADDRESS  64
#define NGX_CR_AUDIT_TEXT     256

/* Bytes of the longest line: each of a text may take six. */
#define NGX_CR_AUDIT_LINE     (6 * (NGX_CR_AUDIT_USER + NGX_CR_AUDIT_ADDRESS  \
                                    + NGX_CR_LANGUAGE_MAX                     \
                                    + 2 * NGX_CR_AUDIT_TEXT) + 1024)


typedef struct {
    ngx_atomic_t     pid;             /* the worker that writes it; 0: free */
    ngx_atomic_t     whole;           /* written last */
    uint64_t         created;         /* milliseconds since the epoch */
    uint64_t         started;         /* 0: not yet */
    ngx_uint_t       kind;            /* NGX_CR_KIND_ */
    size_t           size;            /* of the code */
    size_t           user_len;
    size_t           address_len;
    size_t           runtime_len;
    ngx_cr_job_id_t  id;
    u_char           digest[NGX_CR_AUDIT_DIGEST];
    u_char           user[NGX_CR_AUDIT_USER];
    u_char           address[NGX_CR_AUDIT_ADDRESS];
    u_char           runtime[NGX_CR_LANGUAGE_MAX];
} ngx_cr_audit_record_t;

typedef struct {
    ngx_uint_t               n;
    ngx_cr_audit_record_t    records[];
} ngx_cr_audit_zone_t;


/* Bytes of shared memory for so many records. */
size_t ngx_cr_audit_zone_size(ngx_uint_t n);

/* In the master: the zone's memory becomes records.  NULL: it is too small. */
ngx_cr_audit_zone_t *ngx_cr_audit_zone_create(ngx_slab_pool_t *shpool);

/* A record of this worker's.  NULL: all are taken. */
ngx_cr_audit_record_t *ngx_cr_audit_take(ngx_cr_audit_zone_t *zone);
void ngx_cr_audit_give(ngx_cr_audit_record_t *record);

/*
 * A record that was a dead worker's and is this one's now; it is to be given
 * back.  *i: where to look on, 0 at first.  starting: this worker has none
 * yet, so what carries its pid was another's.  NULL: there are no more.
 */
ngx_cr_audit_record_t *ngx_cr_audit_orphan(ngx_cr_audit_zone_t *zone,
    ngx_uint_t *i, ngx_uint_t starting);

/* Fills a record at the moment when the job is asked for. */
void ngx_cr_audit_fill(ngx_cr_audit_record_t *record,
    const ngx_cr_policy_job_t *job);

/*
 * Writes the line, of at most NGX_CR_AUDIT_LINE bytes and with its end, to buf,
 * and answers the byte after it.
 */
u_char *ngx_cr_audit_line(u_char *buf, const ngx_cr_audit_record_t *record,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type);

/* Milliseconds since the epoch. */
uint64_t ngx_cr_audit_now(void);


#endif /* _NGX_CR_AUDIT_RECORD_H_INCLUDED_ */
