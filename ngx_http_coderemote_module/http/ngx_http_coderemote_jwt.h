
/* Who may: JSON web tokens, checked in the access phase of any location. */


#ifndef _NGX_HTTP_CODEREMOTE_JWT_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_JWT_H_INCLUDED_


#include "ngx_http_coderemote_module.h"
#include "ngx_cr_provider.h"
#include "ngx_cr_token_cache.h"


typedef struct {
    ngx_flag_t                 enable;
    ngx_str_t                  realm;
    ngx_http_complex_value_t  *token;     /* NULL: where RFC 6750 has it */
    ngx_str_t                  user;      /* the claim; data NULL: unset */
    ngx_cr_jwt_rules_t         rules;
    u_char                     digest[NGX_CR_TOKEN_DIGEST];   /* of rules and
                                                                 user */
    ngx_array_t               *named;     /* providers, as directives name
                                             them */
    ngx_array_t               *providers; /* the same, of ngx_cr_provider_t,
                                             where tokens are checked */
    ngx_str_t                  trusted;
    ngx_str_t                  proxy;
    time_t                     refresh;
    ngx_str_t                  file;      /* where coderemote_jwt stands */
    ngx_uint_t                 line;
} ngx_http_coderemote_jwt_conf_t;


/* What the cache knows of a request's token. */

typedef struct {
    ngx_cr_token_cache_t      *cache;     /* NULL: there is none */
    u_char                     digest[NGX_CR_TOKEN_DIGEST];
    ngx_cr_token_t             token;
} ngx_http_coderemote_jwt_seen_t;


/* ngx_http_coderemote_jwt.c */

/*
 * When the token that let the request in is good no more, in seconds since the
 * epoch; 0: no token did.
 */
time_t ngx_http_coderemote_jwt_until(ngx_http_request_t *r);

/* ngx_http_coderemote_jwt_conf.c */
void *ngx_http_coderemote_jwt_create_conf(ngx_conf_t *cf);
char *ngx_http_coderemote_jwt_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
extern ngx_command_t  ngx_http_coderemote_jwt_commands[];

/*
 * All of a file, at most max bytes; what it is of is told with what is wrong.
 * text->data ends with a 0 and is to be given back by ngx_free().
 */
ngx_int_t ngx_http_coderemote_jwt_read(ngx_conf_t *cf, const char *what,
    ngx_str_t *name, size_t max, ngx_str_t *text);

/* ngx_http_coderemote_jwt_deny.c */
char *ngx_http_coderemote_jwt_deny_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* ngx_http_coderemote_jwt_cache.c */

/* When the rules of a location are known. */
ngx_int_t ngx_http_coderemote_jwt_cache_use(ngx_conf_t *cf,
    ngx_http_coderemote_jwt_conf_t *conf);

/*
 * NGX_OK: the token was found good by these rules, and is; NGX_DECLINED: it is
 * not known.  In both cases seen is filled.
 */
ngx_int_t ngx_http_coderemote_jwt_known(ngx_http_request_t *r,
    ngx_http_coderemote_jwt_conf_t *conf, const ngx_str_t *token,
    ngx_http_coderemote_jwt_seen_t *seen);

/* It was not, and has been found good. */
void ngx_http_coderemote_jwt_remember(ngx_http_coderemote_jwt_seen_t *seen,
    const ngx_cr_jwt_t *jwt, const ngx_str_t *user);
/* ngx_http_coderemote_jwt_keys.c */
char *ngx_http_coderemote_jwt_key_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_coderemote_jwt_oidc(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_coderemote_jwt_cognito(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_coderemote_jwt_trusted(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_coderemote_jwt_proxy(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_coderemote_jwt_merge_keys(ngx_conf_t *cf,
    ngx_http_coderemote_jwt_conf_t *prev,
    ngx_http_coderemote_jwt_conf_t *conf);

/* ngx_http_coderemote_jwt_wait.c */

/* What a request knows of providers whose keys it has waited for. */

typedef struct {
    ngx_http_request_t        *request;   /* NULL: it never waited */
    ngx_str_t                  token;     /* while it waits: where it came
                                             from there are stars now */
    const ngx_array_t         *providers; /* of its location */
    ngx_uint_t                 asked;     /* a bit of each that is done */
    ngx_cr_jwks_t             *jwks;      /* the last one; NULL: none */
    ngx_cr_jwks_wait_t         wait;
} ngx_http_coderemote_jwt_wait_t;

/*
 * NGX_AGAIN: the request goes on with the same phase when there may be keys of
 * that provider; NGX_DONE: they are as new as they can be.
 */
ngx_int_t ngx_http_coderemote_jwt_wait(ngx_http_request_t *r,
    ngx_http_coderemote_jwt_wait_t *wait, const ngx_array_t *providers,
    ngx_int_t which);

/* 503: the token may be good. */
ngx_int_t ngx_http_coderemote_jwt_unavailable(ngx_http_request_t *r,
    ngx_cr_jwks_t *jwks);

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
extern ngx_module_t  ngx_http_coderemote_jwt_cache_module;
extern ngx_module_t  ngx_http_coderemote_jwt_keys_module;


#endif /* _NGX_HTTP_CODEREMOTE_JWT_H_INCLUDED_ */
