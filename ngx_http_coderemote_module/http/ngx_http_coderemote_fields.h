
/*
 * The members of the bodies of POST /execute and /analyze and of a WebSocket's
 * messages, checked.  All that is wrong is told at once.
 */


#ifndef _NGX_HTTP_CODEREMOTE_FIELDS_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_FIELDS_H_INCLUDED_


#include "ngx_http_coderemote_module.h"
#include "ngx_cr_connection.h"
#include "ngx_cr_job.h"

#include <jansson.h>

#include "cr_message.h"


/* At most so many wrong fields are told in one answer. */
#define NGX_HTTP_CODEREMOTE_ERRORS_MAX  32


/* What a client wrote is shown back no longer than this, in bytes. */
#define NGX_HTTP_CODEREMOTE_SHOWN       64


/* Where members may be: a body, and the actions of a WebSocket. */

#define NGX_HTTP_CODEREMOTE_IN_BODY         0x01
#define NGX_HTTP_CODEREMOTE_IN_PING         0x02
#define NGX_HTTP_CODEREMOTE_IN_EXECUTE      0x04
#define NGX_HTTP_CODEREMOTE_IN_STDIN        0x08
#define NGX_HTTP_CODEREMOTE_IN_CANCEL       0x10
#define NGX_HTTP_CODEREMOTE_IN_SUBSCRIBE    0x20
#define NGX_HTTP_CODEREMOTE_IN_UNSUBSCRIBE  0x40
#define NGX_HTTP_CODEREMOTE_IN_ANALYZE      0x80    /* a body */
#define NGX_HTTP_CODEREMOTE_IN_ANALYSIS     0x100   /* an action */


typedef struct {
    ngx_str_t                code;
    ngx_str_t                runtime;
    ngx_str_t                input;         /* of stdin, or for it */
    ngx_cr_connection_id_t   connection;    /* all zero: none */
    uint64_t                 memory;        /* bytes */
    ngx_msec_t               timeout;
    ngx_cr_job_id_t          job_id;        /* all zero: nobody's */
    uint64_t                 seq;
    unsigned                 open:1;        /* input may follow */
    unsigned                 detach:1;
    unsigned                 eof:1;
    unsigned                 analysis:1;    /* job_id names an analysis */
    unsigned                 stop_early:1;  /* at the first case that fails */
    ngx_uint_t               compare;       /* NGX_CR_COMPARE_ */
    ngx_uint_t               nargs;
    cr_bytes_t              *args;
    ngx_uint_t               nfiles;
    cr_file_t               *files;
    ngx_uint_t               npatterns;     /* of artifacts */
    cr_bytes_t              *patterns;
    ngx_uint_t               ncases;
    ngx_cr_case_t           *cases;
    const cr_profile_status_t  *profile;    /* until the sandbox's next
                                               status; NULL: not known */
} ngx_http_coderemote_fields_t;


/*
 * Reads *body, which is one of `in`, into *fields, whose strings point into
 * it, and whose arrays and files are allocated from pool.  r: whose location's
 * settings hold; nothing is allocated from it.  status: what the sandbox said
 * of its profiles; NULL while that is not known, then what only it can tell is
 * not checked.  Answers an array of what is wrong, for the member "errors":
 * empty when all is well; NULL: no memory.
 */
json_t *ngx_http_coderemote_fields_read(ngx_http_request_t *r,
    ngx_pool_t *pool, json_t *body, ngx_uint_t in, const cr_status_t *status,
    ngx_http_coderemote_fields_t *fields);

/* 1 when the client's value is short enough to be shown back as it came. */
ngx_uint_t ngx_http_coderemote_fields_shown(json_t *value);

/* The profile of that name, or NULL. */
const cr_profile_status_t *ngx_http_coderemote_profile(
    const cr_status_t *status, const ngx_str_t *name);

/*
 * The most memory that a job can ask for here, in bytes; *usual: what it gets
 * when it asks for none.  profile: NULL while that is not known.
 */
uint64_t ngx_http_coderemote_memory(ngx_http_coderemote_loc_conf_t *conf,
    const cr_profile_status_t *profile, uint64_t *usual);

/* 1 when the runtime may be used here. */
ngx_uint_t ngx_http_coderemote_allowed(ngx_http_coderemote_loc_conf_t *conf,
    const ngx_str_t *name);


#endif /* _NGX_HTTP_CODEREMOTE_FIELDS_H_INCLUDED_ */
