
/*
 * Names of clients' connections: connection_id.  It is told to the client, is
 * sent back with a job, and leads to the worker that holds the connection.
 */


#ifndef _NGX_CR_CONNECTION_H_INCLUDED_
#define _NGX_CR_CONNECTION_H_INCLUDED_


#include "ngx_http_coderemote_api.h"
#include "ngx_cr_doorbell.h"


#define NGX_CR_CONNECTION_ID_LEN  32   /* hexadecimal digits, lower case */


/*
 * Makes the name of a new connection of this worker.  NGX_OK, or NGX_ERROR:
 * no randomness can be had (logged).
 */
ngx_int_t ngx_cr_connection_id_generate(ngx_cr_connection_id_t *id,
    ngx_log_t *log);

/* Writes NGX_CR_CONNECTION_ID_LEN characters; answers the byte after them. */
u_char *ngx_cr_connection_id_format(u_char *buf,
    const ngx_cr_connection_id_t *id);

/* NGX_OK, or NGX_ERROR: it is not of that form. */
ngx_int_t ngx_cr_connection_id_parse(const u_char *text, size_t len,
    ngx_cr_connection_id_t *id);

/* 1 when it names nobody. */
ngx_uint_t ngx_cr_connection_id_none(const ngx_cr_connection_id_t *id);

/*
 * The worker it was made by: its doorbell's number and the low 32 bits of the
 * serial of its claim; a worker without a doorbell: NGX_CR_DOORBELL_NONE, and
 * its pid.
 */
void ngx_cr_connection_id_worker(const ngx_cr_connection_id_t *id,
    ngx_uint_t *number, ngx_uint_t *serial);

/* 1 when that is this worker. */
ngx_uint_t ngx_cr_connection_id_here(const ngx_cr_connection_id_t *id);


#endif /* _NGX_CR_CONNECTION_H_INCLUDED_ */
