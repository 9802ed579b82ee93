
/* JSON of somebody else, before it is parsed. */


#ifndef _NGX_CR_JSON_H_INCLUDED_
#define _NGX_CR_JSON_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * How many values a text has, less one at most: an empty object takes a
 * hundred times its text when it is parsed.  Text that is no JSON is counted
 * rightly up to where a parser gives up.
 */
size_t ngx_cr_json_values(const ngx_str_t *text);


#endif /* _NGX_CR_JSON_H_INCLUDED_ */
