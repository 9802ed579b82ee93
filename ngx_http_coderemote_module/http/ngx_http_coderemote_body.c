
#include "ngx_http_coderemote_body.h"
#include "ngx_http_coderemote_json.h"
#include "ngx_http_coderemote_request.h"

#include "cr_message.h"


/* "\u0000" is the longest way to write one byte. */
#define NGX_HTTP_CODEREMOTE_ESCAPED  6

/*
 * Files and what cases expect: "\u00e9" is the longest way to write what is
 * text, and what is not is shorter in base64.
 */
#define NGX_HTTP_CODEREMOTE_WRITTEN  3

/* Names, punctuation, white space and the short fields; of a file; a case. */
#define NGX_HTTP_CODEREMOTE_SLACK    8192
#define NGX_HTTP_CODEREMOTE_FILE                                              \
    (CR_FILE_NAME_MAX * NGX_HTTP_CODEREMOTE_WRITTEN + 64)
#define NGX_HTTP_CODEREMOTE_CASE     256


static ngx_str_t  ngx_http_coderemote_body_type =
    ngx_string("application/json");


off_t
ngx_http_coderemote_body_limit(ngx_http_coderemote_loc_conf_t *conf)
{
    off_t  limit;

    limit = (off_t) (conf->max_code + conf->max_stdin + CR_ARGS_SIZE_MAX)
            * NGX_HTTP_CODEREMOTE_ESCAPED + NGX_HTTP_CODEREMOTE_SLACK;

    if (conf->max_files) {
        limit += conf->max_files * NGX_HTTP_CODEREMOTE_WRITTEN
                 + CR_FILES_MAX * NGX_HTTP_CODEREMOTE_FILE;
    }

    if (conf->max_artifacts) {
        limit += CR_PATTERNS_MAX * NGX_HTTP_CODEREMOTE_FILE;
    }

    if (conf->max_cases) {
        limit += conf->max_output * NGX_HTTP_CODEREMOTE_WRITTEN
                 + conf->max_cases * NGX_HTTP_CODEREMOTE_CASE;
    }

    return limit;
}


static ngx_uint_t
ngx_http_coderemote_body_is_json(ngx_http_request_t *r)
{
    size_t            len;
    u_char            c;
    ngx_table_elt_t  *type;

    type = r->headers_in.content_type;
    len = ngx_http_coderemote_body_type.len;

    if (type == NULL || type->value.len < len
        || ngx_strncasecmp(type->value.data,
                           ngx_http_coderemote_body_type.data, len) != 0)
    {
        return 0;
    }

    if (type->value.len == len) {
        return 1;
    }

    c = type->value.data[len];

    return c == ';' || c == ' ' || c == '\t';
}


/*
 * What the header says of a body holds for the client's.  The one of a
 * subrequest that Lua or njs made is its own, and has no header to say more.
 */

ngx_int_t
ngx_http_coderemote_body_check(ngx_http_request_t *r)
{
    if (r != r->main && r->request_body
        && r->request_body != r->main->request_body)
    {
        return NGX_DECLINED;
    }

    if (!ngx_http_coderemote_body_is_json(r)) {
        return ngx_http_coderemote_problem(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                               NULL, "Send the request as JSON, with the "
                               "header Content-Type: application/json.");
    }

    return NGX_DECLINED;
}


/* A body that was larger than nginx's buffer is in a file. */

static ngx_int_t
ngx_http_coderemote_body_text(ngx_http_request_t *r, ngx_str_t *text)
{
    u_char       *p;
    size_t        len;
    ssize_t       n;
    ngx_buf_t    *b;
    ngx_chain_t  *cl, *bufs;

    ngx_str_null(text);

    bufs = r->request_body ? r->request_body->bufs : NULL;

    if (bufs == NULL) {
        return NGX_OK;
    }

    if (bufs->next == NULL && !bufs->buf->in_file) {
        text->data = bufs->buf->pos;
        text->len = bufs->buf->last - bufs->buf->pos;
        return NGX_OK;
    }

    len = 0;

    for (cl = bufs; cl; cl = cl->next) {
        len += ngx_buf_size(cl->buf);
    }

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    text->data = p;

    for (cl = bufs; cl; cl = cl->next) {
        b = cl->buf;
        len = ngx_buf_size(b);

        if (!b->in_file) {
            p = ngx_cpymem(p, b->pos, len);
            continue;
        }

        n = ngx_read_file(b->file, p, len, b->file_pos);

        if (n != (ssize_t) len) {
            return NGX_ERROR;
        }

        p += n;
    }

    text->len = p - text->data;

    return NGX_OK;
}


static void
ngx_http_coderemote_body_cleanup(void *data)
{
    json_decref(data);
}


ngx_int_t
ngx_http_coderemote_body_parse(ngx_http_request_t *r, json_t **body)
{
    json_t              *json;
    ngx_str_t            text;
    json_error_t         error;
    ngx_pool_cleanup_t  *cln;

    if (ngx_http_coderemote_body_text(r, &text) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (text.len == 0) {
        return ngx_http_coderemote_problem(r, NGX_HTTP_BAD_REQUEST, NULL,
                                           "The body is empty; it must be a "
                                           "JSON object with \"code\".");
    }

    json = ngx_http_coderemote_json_parse(&text, &error);

    /* a copy made here is of no more use, and the request may wait for long */

    if (text.data != r->request_body->bufs->buf->pos) {
        (void) ngx_pfree(r->pool, text.data);
    }

    if (json == NULL) {
        return ngx_http_coderemote_problem(r, NGX_HTTP_BAD_REQUEST, NULL,
                                           "The body is not JSON: %s (line "
                                           "%d, column %d).", error.text,
                                           error.line, error.column);
    }

    if (!json_is_object(json)) {
        json_decref(json);
        return ngx_http_coderemote_problem(r, NGX_HTTP_BAD_REQUEST, NULL,
                                           "The body must be a JSON object "
                                           "with \"code\".");
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);

    if (cln == NULL) {
        json_decref(json);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_http_coderemote_body_cleanup;
    cln->data = json;

    *body = json;

    return NGX_OK;
}
