
/*
 * nginx's own errors in our locations (a body that came in chunks and grew
 * too large, limit_req, a denied address) become problems like ours.
 */

#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_json.h"
#include "ngx_http_coderemote_request.h"


typedef struct {
    ngx_chain_t  *out;      /* what takes the place of nginx's page */
} ngx_http_coderemote_problem_ctx_t;


static ngx_int_t ngx_http_coderemote_problem_filter_init(ngx_conf_t *cf);


static ngx_http_module_t  ngx_http_coderemote_problem_filter_module_ctx = {
    NULL,                                    /* preconfiguration */
    ngx_http_coderemote_problem_filter_init, /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    NULL,                                    /* create location configuration */
    NULL                                     /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_problem_filter_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_problem_filter_module_ctx,
                                             /* module context */
    NULL,                                    /* module directives */
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
static ngx_http_output_body_filter_pt    ngx_http_next_body_filter;


static u_char *
ngx_http_coderemote_problem_too_large(ngx_http_request_t *r, u_char *buf,
    u_char *last)
{
    ngx_http_core_loc_conf_t        *clcf;
    ngx_http_coderemote_loc_conf_t  *conf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_module);

    return ngx_slprintf(buf, last,
                        "The body is too large: at most %O bytes are taken, "
                        "with at most %uz of code and %uz of stdin.",
                        clcf->client_max_body_size, conf->max_code,
                        conf->max_stdin);
}


static u_char *
ngx_http_coderemote_problem_detail(ngx_http_request_t *r, u_char *buf,
    u_char *last)
{
    const char                 *detail;
    ngx_http_coderemote_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_coderemote_module);

    if (ctx && ctx->detail) {
        return ngx_slprintf(buf, last, "%s", ctx->detail);
    }

    switch (r->headers_out.status) {

    case NGX_HTTP_REQUEST_ENTITY_TOO_LARGE:
        return ngx_http_coderemote_problem_too_large(r, buf, last);

    case NGX_HTTP_TOO_MANY_REQUESTS:
        detail = "There are too many requests; try again later.";
        break;

    case NGX_HTTP_SERVICE_UNAVAILABLE:
        detail = "The server cannot take the request now; try again later.";
        break;

    case NGX_HTTP_UNAUTHORIZED:
        detail = "Send credentials that this server accepts.";
        break;

    case NGX_HTTP_FORBIDDEN:
        detail = "This server does not allow you the request.";
        break;

    case NGX_HTTP_INTERNAL_SERVER_ERROR:
        detail = "The server failed; its log tells more.";
        break;

    default:
        detail = "The server did not take the request.";
    }

    return ngx_slprintf(buf, last, "%s", detail);
}


static ngx_int_t
ngx_http_coderemote_problem_header_filter(ngx_http_request_t *r)
{
    u_char                                 detail[256], *p;
    size_t                                 size;
    json_t                                *json;
    ngx_chain_t                           *cl, *last;
    ngx_http_coderemote_problem_ctx_t     *ctx;
    ngx_http_coderemote_endpoints_conf_t  *ecf;

    /* err_status is set where nginx makes the page, and by nobody of ours */

    if (r != r->main || r->err_status < NGX_HTTP_BAD_REQUEST
        || r->headers_out.status != r->err_status || r->header_only)
    {
        return ngx_http_next_header_filter(r);
    }

    ecf = ngx_http_get_module_loc_conf(r,
                                       ngx_http_coderemote_endpoints_module);

    if (!ecf->endpoint) {
        return ngx_http_next_header_filter(r);
    }

    ctx = ngx_palloc(r->pool, sizeof(ngx_http_coderemote_problem_ctx_t));
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    p = ngx_http_coderemote_problem_detail(r, detail,
                                           detail + sizeof(detail));

    json = ngx_http_coderemote_problem_json(r->headers_out.status, NULL,
                                            detail, p - detail);
    if (json == NULL) {
        return NGX_ERROR;
    }

    cl = ngx_http_coderemote_json_chain(r->pool, json, &size);

    json_decref(json);

    if (cl == NULL) {
        return NGX_ERROR;
    }

    for (last = cl; last->next; last = last->next) { /* void */ }

    last->buf->last_buf = 1;
    last->buf->last_in_chain = 1;

    ctx->out = cl;
    ngx_http_set_ctx(r, ctx, ngx_http_coderemote_problem_filter_module);

    r->headers_out.content_type = ngx_http_coderemote_problem_type;
    r->headers_out.content_type_len = ngx_http_coderemote_problem_type.len;
    r->headers_out.content_type_lowcase = NULL;
    r->headers_out.content_length_n = size;

    if (r->headers_out.content_length) {
        r->headers_out.content_length->hash = 0;
        r->headers_out.content_length = NULL;
    }

    return ngx_http_next_header_filter(r);
}


static ngx_int_t
ngx_http_coderemote_problem_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_chain_t                        *cl, *out;
    ngx_http_coderemote_problem_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r,
                                  ngx_http_coderemote_problem_filter_module);

    if (ctx == NULL || in == NULL) {
        return ngx_http_next_body_filter(r, in);
    }

    for (cl = in; cl; cl = cl->next) {
        cl->buf->pos = cl->buf->last;
        cl->buf->file_pos = cl->buf->file_last;
    }

    out = ctx->out;
    ctx->out = NULL;

    return out ? ngx_http_next_body_filter(r, out) : NGX_OK;
}


static ngx_int_t
ngx_http_coderemote_problem_filter_init(ngx_conf_t *cf)
{
    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_coderemote_problem_header_filter;

    ngx_http_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_http_coderemote_problem_body_filter;

    return NGX_OK;
}
