
/*
 * What pages of other origins may ask and read (the Fetch standard's CORS
 * protocol), in any location, whatever answers there.
 *
 * A preflight is answered before anybody asks who comes, for it carries no
 * credentials; the fields are added by a filter, so that errors and answers
 * of others have them, too.
 */

#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_request.h"


#define NGX_HTTP_CODEREMOTE_CORS_AGE_MAX  (24 * 3600)

/* What the contract of docs/API.md has, and what pages of others may need. */

#define NGX_HTTP_CODEREMOTE_CORS_METHODS  "GET, HEAD, POST, DELETE"
#define NGX_HTTP_CODEREMOTE_CORS_OTHERS   "GET, HEAD, POST, PUT, PATCH, DELETE"
#define NGX_HTTP_CODEREMOTE_CORS_HEADERS                                      \
    "Authorization, Content-Type, Prefer, Last-Event-ID"
#define NGX_HTTP_CODEREMOTE_CORS_EXPOSE                                       \
    "Location, Allow, Retry-After, RateLimit, RateLimit-Policy, "             \
    "Preference-Applied, WWW-Authenticate"


typedef struct {
    ngx_uint_t     any;              /* unsigned  any:1; */
    ngx_array_t   *origins;          /* of ngx_str_t; NULL: off, or any */
    ngx_flag_t     credentials;
    ngx_str_t      max_age;          /* in seconds, as text */
    ngx_str_t      headers;          /* of a request */
    ngx_str_t      expose;           /* of an answer */

    ngx_str_t      file;             /* where the credentials are set */
    ngx_uint_t     line;
} ngx_http_coderemote_cors_conf_t;


static void *ngx_http_coderemote_cors_create_conf(ngx_conf_t *cf);
static char *ngx_http_coderemote_cors_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_http_coderemote_cors_origin(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_coderemote_cors_credentials(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_coderemote_cors_max_age(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_coderemote_cors_fields(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_http_coderemote_cors_init(ngx_conf_t *cf);


/* Fields beside those that are always there. */

static ngx_str_t  ngx_http_coderemote_cors_headers_default =
    ngx_string(NGX_HTTP_CODEREMOTE_CORS_HEADERS);

static ngx_str_t  ngx_http_coderemote_cors_expose_default =
    ngx_string(NGX_HTTP_CODEREMOTE_CORS_EXPOSE);


static ngx_command_t  ngx_http_coderemote_cors_commands[] = {

    { ngx_string("coderemote_cors_origin"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_coderemote_cors_origin,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_cors_credentials"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_http_coderemote_cors_credentials,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_cors_conf_t, credentials),
      NULL },

    { ngx_string("coderemote_cors_max_age"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_coderemote_cors_max_age,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_cors_headers"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_coderemote_cors_fields,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_cors_conf_t, headers),
      &ngx_http_coderemote_cors_headers_default },

    { ngx_string("coderemote_cors_expose"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_coderemote_cors_fields,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_cors_conf_t, expose),
      &ngx_http_coderemote_cors_expose_default },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_coderemote_cors_module_ctx = {
    NULL,                                    /* preconfiguration */
    ngx_http_coderemote_cors_init,           /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_http_coderemote_cors_create_conf,    /* create location configuration */
    ngx_http_coderemote_cors_merge_conf      /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_cors_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_cors_module_ctx,    /* module context */
    ngx_http_coderemote_cors_commands,       /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    NULL,                                    /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;


static void *
ngx_http_coderemote_cors_create_conf(ngx_conf_t *cf)
{
    ngx_http_coderemote_cors_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_coderemote_cors_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->origins = NGX_CONF_UNSET_PTR;
    conf->credentials = NGX_CONF_UNSET;

    return conf;
}


static char *
ngx_http_coderemote_cors_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_coderemote_cors_conf_t *prev = parent;
    ngx_http_coderemote_cors_conf_t *conf = child;

    if (conf->origins == NGX_CONF_UNSET_PTR) {
        conf->origins = prev->origins;
        conf->any = prev->any;
    }

    if (conf->credentials == NGX_CONF_UNSET) {
        conf->credentials = prev->credentials;
        conf->file = prev->file;
        conf->line = prev->line;
    }

    ngx_conf_init_ptr_value(conf->origins, NULL);
    ngx_conf_init_value(conf->credentials, 0);

    ngx_conf_merge_str_value(conf->max_age, prev->max_age, "3600");
    ngx_conf_merge_str_value(conf->headers, prev->headers,
                             NGX_HTTP_CODEREMOTE_CORS_HEADERS);
    ngx_conf_merge_str_value(conf->expose, prev->expose,
                             NGX_HTTP_CODEREMOTE_CORS_EXPOSE);

    /* the parser is past it already */

    if (conf->any && conf->credentials) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"coderemote_cors_credentials on\" would let any page "
                      "act as whoever looks at it: name the pages in "
                      "\"coderemote_cors_origin\" instead of \"any\" in "
                      "%V:%ui",
                      &conf->file, conf->line);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* Whether all of a text is letters, digits, and what is in `more`. */

static ngx_uint_t
ngx_http_coderemote_cors_plain(const u_char *p, const u_char *last,
    const char *more)
{
    u_char  c;

    for ( /* void */ ; p < last; p++) {
        c = ngx_tolower(*p);

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')
            && (c == '\0' || ngx_strchr(more, c) == NULL))
        {
            return 0;
        }
    }

    return 1;
}


/*
 * As a browser sends it, which is how it is compared: scheme, host, a port that
 * is not the scheme's own, all in small letters.
 */

static ngx_int_t
ngx_http_coderemote_cors_parse(ngx_str_t *origin)
{
    u_char     *p, *host, *last;
    ngx_int_t   port;

    ngx_strlow(origin->data, origin->data, origin->len);

    last = origin->data + origin->len;
    host = (u_char *) ngx_strstr(origin->data, "://");

    if (host == NULL || host == origin->data || host + 3 == last
        || !ngx_http_coderemote_cors_plain(origin->data, host, "+-.")
        || !ngx_http_coderemote_cors_plain(host + 3, last, ".-_:[]"))
    {
        return NGX_ERROR;
    }

    /* of an IPv6 address the bracket ends it */

    for (p = last; p[-1] != ':' && p[-1] != ']' && p > host + 3; p--) {
        /* void */
    }

    if (p == host + 3 || p[-1] == ']') {
        return NGX_OK;
    }

    port = ngx_atoi(p, last - p);

    if (port < 1 || port > 65535 || p - 1 == host + 3
        || (port == 80 && ngx_strncmp(origin->data, "http:", 5) == 0)
        || (port == 443 && ngx_strncmp(origin->data, "https:", 6) == 0))
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static char *
ngx_http_coderemote_cors_origin(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_cors_conf_t *ccf = conf;

    ngx_str_t   *value, *origin;
    ngx_uint_t   i;

    if (ccf->origins != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {
        ccf->origins = NULL;
        return NGX_CONF_OK;
    }

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "any") == 0) {
        ccf->origins = NULL;
        ccf->any = 1;
        return NGX_CONF_OK;
    }

    ccf->origins = ngx_array_create(cf->pool, cf->args->nelts - 1,
                                    sizeof(ngx_str_t));
    if (ccf->origins == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_http_coderemote_cors_parse(&value[i]) != NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid origin \"%V\": \"any\" or \"off\" "
                               "alone, or origins such as "
                               "\"https://example.com\" or "
                               "\"http://localhost:3000\", without a path "
                               "and without the scheme's own port, are "
                               "expected", &value[i]);
            return NGX_CONF_ERROR;
        }

        origin = ngx_array_push(ccf->origins);
        if (origin == NULL) {
            return NGX_CONF_ERROR;
        }

        *origin = value[i];
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_coderemote_cors_credentials(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_coderemote_cors_conf_t *ccf = conf;

    ccf->file = cf->conf_file->file.name;
    ccf->line = cf->conf_file->line;

    return ngx_conf_set_flag_slot(cf, cmd, conf);
}


static char *
ngx_http_coderemote_cors_max_age(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_coderemote_cors_conf_t *ccf = conf;

    ngx_int_t   age;
    ngx_str_t  *value;

    if (ccf->max_age.data) {
        return "is duplicate";
    }

    value = cf->args->elts;
    age = ngx_parse_time(&value[1], 1);

    if (age < 0 || age > NGX_HTTP_CODEREMOTE_CORS_AGE_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"coderemote_cors_max_age\" must be a time from "
                           "0 to 24h, and not \"%V\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    ccf->max_age.data = ngx_pnalloc(cf->pool, NGX_INT_T_LEN);
    if (ccf->max_age.data == NULL) {
        return NGX_CONF_ERROR;
    }

    ccf->max_age.len = ngx_sprintf(ccf->max_age.data, "%i", age)
                       - ccf->max_age.data;

    return NGX_CONF_OK;
}


/* Names of header fields, after those that are always there. */

static char *
ngx_http_coderemote_cors_fields(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    u_char      *p;
    size_t       len;
    ngx_str_t   *value, *list, *always;
    ngx_uint_t   i;

    list = (ngx_str_t *) ((u_char *) conf + cmd->offset);
    always = cmd->post;

    if (list->data) {
        return "is duplicate";
    }

    value = cf->args->elts;
    len = always->len;

    for (i = 1; i < cf->args->nelts; i++) {

        if (value[i].len == 0
            || !ngx_http_coderemote_cors_plain(value[i].data,
                                               value[i].data + value[i].len,
                                               "-_"))
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid field \"%V\" in \"%V\": names of "
                               "header fields such as \"X-Request-ID\" are "
                               "expected", &value[i], &cmd->name);
            return NGX_CONF_ERROR;
        }

        len += 2 + value[i].len;
    }

    list->data = ngx_pnalloc(cf->pool, len);
    if (list->data == NULL) {
        return NGX_CONF_ERROR;
    }

    list->len = len;
    p = ngx_cpymem(list->data, always->data, always->len);

    for (i = 1; i < cf->args->nelts; i++) {
        p = ngx_sprintf(p, ", %V", &value[i]);
    }

    return NGX_CONF_OK;
}


/* The origin, if it is one of those that may; NULL: it is not. */

static ngx_str_t *
ngx_http_coderemote_cors_allowed(ngx_http_request_t *r,
    ngx_http_coderemote_cors_conf_t *conf)
{
    ngx_str_t        *origin;
    ngx_uint_t        i;
    ngx_table_elt_t  *h;

    static ngx_str_t  all = ngx_string("*");

    if (conf->any) {
        return &all;
    }

    h = ngx_http_coderemote_header_in(r, "origin", NULL);

    if (h == NULL || ngx_http_coderemote_header_in(r, "origin", h)) {
        return NULL;
    }

    origin = conf->origins->elts;

    for (i = 0; i < conf->origins->nelts; i++) {
        if (origin[i].len == h->value.len
            && ngx_strncmp(origin[i].data, h->value.data, h->value.len) == 0)
        {
            return &h->value;
        }
    }

    return NULL;
}


static ngx_uint_t
ngx_http_coderemote_cors_preflight(ngx_http_request_t *r)
{
    return r->method == NGX_HTTP_OPTIONS
           && ngx_http_coderemote_header_in(r, "origin", NULL)
           && ngx_http_coderemote_header_in(r,
                                    "access-control-request-method", NULL);
}


/* Before the access phase: limits and checks of who comes are for requests. */

static ngx_int_t
ngx_http_coderemote_cors_handler(ngx_http_request_t *r)
{
    ngx_http_coderemote_cors_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_cors_module);

    if ((conf->origins == NULL && !conf->any) || r != r->main
        || !ngx_http_coderemote_cors_preflight(r)
        || ngx_http_coderemote_cors_allowed(r, conf) == NULL)
    {
        return NGX_DECLINED;
    }

    return NGX_HTTP_NO_CONTENT;
}


/* Who answers here may have an opinion, too; two of them let nobody in. */

static void
ngx_http_coderemote_cors_clear(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    static ngx_str_t  prefix = ngx_string("Access-Control-");

    for (part = &r->headers_out.headers.part; part; part = part->next) {

        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (h[i].key.len > prefix.len
                && ngx_strncasecmp(h[i].key.data, prefix.data, prefix.len)
                   == 0)
            {
                h[i].hash = 0;
            }
        }
    }
}


static ngx_int_t
ngx_http_coderemote_cors_answer(ngx_http_request_t *r,
    ngx_http_coderemote_cors_conf_t *conf)
{
    ngx_http_coderemote_endpoints_conf_t  *ecf;

    static ngx_str_t  methods = ngx_string(NGX_HTTP_CODEREMOTE_CORS_METHODS);
    static ngx_str_t  others = ngx_string(NGX_HTTP_CODEREMOTE_CORS_OTHERS);

    if (!ngx_http_coderemote_cors_preflight(r)) {
        return ngx_http_coderemote_header(r, "Access-Control-Expose-Headers",
                                          &conf->expose);
    }

    ecf = ngx_http_get_module_loc_conf(r,
                                       ngx_http_coderemote_endpoints_module);

    if (ngx_http_coderemote_header(r, "Access-Control-Allow-Methods",
                                   ecf->endpoint ? &methods : &others)
        != NGX_OK
        || ngx_http_coderemote_header(r, "Access-Control-Allow-Headers",
                                      &conf->headers)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_coderemote_header(r, "Access-Control-Max-Age",
                                      &conf->max_age);
}


static ngx_int_t
ngx_http_coderemote_cors_filter(ngx_http_request_t *r)
{
    ngx_str_t                        *origin;
    ngx_http_coderemote_cors_conf_t  *conf;

    static ngx_str_t  vary = ngx_string("Origin");
    static ngx_str_t  yes = ngx_string("true");

    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_cors_module);

    if ((conf->origins == NULL && !conf->any) || r != r->main
        || r->headers_out.status == NGX_HTTP_SWITCHING_PROTOCOLS)
    {
        return ngx_http_next_header_filter(r);
    }

    ngx_http_coderemote_cors_clear(r);

    /* what is told to all alike is the same for all, others and none */

    if (!conf->any
        && ngx_http_coderemote_header(r, "Vary", &vary) != NGX_OK)
    {
        return NGX_ERROR;
    }

    origin = ngx_http_coderemote_cors_allowed(r, conf);

    if (origin
        && (ngx_http_coderemote_header(r, "Access-Control-Allow-Origin",
                                       origin)
            != NGX_OK
            || (conf->credentials
                && ngx_http_coderemote_header(r,
                                  "Access-Control-Allow-Credentials", &yes)
                   != NGX_OK)
            || ngx_http_coderemote_cors_answer(r, conf) != NGX_OK))
    {
        return NGX_ERROR;
    }

    return ngx_http_next_header_filter(r);
}


static ngx_int_t
ngx_http_coderemote_cors_init(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_PREACCESS_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_coderemote_cors_handler;

    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_coderemote_cors_filter;

    return NGX_OK;
}
