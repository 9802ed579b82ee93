
/* Whether a program wrote what it was to write. */


#ifndef _NGX_CR_COMPARE_H_INCLUDED_
#define _NGX_CR_COMPARE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_CR_COMPARE_EXACT = 0,
    NGX_CR_COMPARE_TRAILING_SPACE     /* blanks at the ends of lines and blank
                                         lines at the end make no difference */
} ngx_cr_compare_e;


/* 1: it did.  Bytes are compared, whatever they mean. */
ngx_uint_t ngx_cr_compare(ngx_cr_compare_e how, const ngx_str_t *out,
    const ngx_str_t *expected);


#endif /* _NGX_CR_COMPARE_H_INCLUDED_ */
