
/* Bytes that come in pieces, kept in one, up to a bound. */


#ifndef _NGX_CR_GATHER_H_INCLUDED_
#define _NGX_CR_GATHER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* Zeroed it is empty. */

typedef struct {
    u_char      *data;
    size_t       len;
    size_t       size;
    ngx_uint_t   cut;      /* unsigned  cut:1;  there were more */
} ngx_cr_gather_t;


/* Keeps what fits below max bytes, and memory can be had for. */
void ngx_cr_gather_add(ngx_cr_gather_t *g, const u_char *data, size_t len,
    size_t max, ngx_log_t *log);
void ngx_cr_gather_free(ngx_cr_gather_t *g);


#endif /* _NGX_CR_GATHER_H_INCLUDED_ */
