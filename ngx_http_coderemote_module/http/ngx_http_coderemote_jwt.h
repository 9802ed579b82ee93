
/* Who may: JSON web tokens, checked in the access phase of any location. */


#ifndef _NGX_HTTP_CODEREMOTE_JWT_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_JWT_H_INCLUDED_


#include "ngx_http_coderemote_module.h"
#include "ngx_cr_jwt.h"


typedef struct {
    ngx_flag_t                 enable;
    ngx_str_t                  realm;
    ngx_http_complex_value_t  *token;     /* NULL: where RFC 6750 has it */
    ngx_str_t                  user;      /* the claim; data NULL: unset */
    ngx_cr_jwt_rules_t         rules;
    ngx_str_t                  file;      /* where coderemote_jwt stands */
    ngx_uint_t                 line;
} ngx_http_coderemote_jwt_conf_t;


/* ngx_http_coderemote_jwt_conf.c */
void *ngx_http_coderemote_jwt_create_conf(ngx_conf_t *cf);
char *ngx_http_coderemote_jwt_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
extern ngx_command_t  ngx_http_coderemote_jwt_commands[];

/* ngx_http_coderemote_jwt_token.c */

/*
 * Takes the token out of the request's line, that it may reach no log and no
 * other server.  It is in *token already when this is done again.
 */
ngx_int_t ngx_http_coderemote_jwt_hide_args(ngx_http_request_t *r,
    ngx_str_t *token);

/*
 * The token; hidden: what was taken out of the request's line.  NGX_DECLINED:
 * there is none.
 */
ngx_int_t ngx_http_coderemote_jwt_token(ngx_http_request_t *r,
    ngx_http_coderemote_jwt_conf_t *conf, const ngx_str_t *hidden,
    ngx_str_t *token);


extern ngx_module_t  ngx_http_coderemote_jwt_module;


#endif /* _NGX_HTTP_CODEREMOTE_JWT_H_INCLUDED_ */
