
#include "ngx_http_coderemote_request.h"
#include "ngx_http_coderemote_json.h"


#define NGX_HTTP_CODEREMOTE_DETAIL_MAX  1024

/* Nobody waits longer for one answer, in milliseconds. */
#define NGX_HTTP_CODEREMOTE_WAIT_MAX    (24 * 3600 * 1000)


typedef struct {
    ngx_uint_t    status;
    const char   *title;
} ngx_http_coderemote_title_t;


static const ngx_http_coderemote_title_t  ngx_http_coderemote_titles[] = {
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 402, "Payment Required" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 408, "Request Timeout" },
    { 411, "Length Required" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 415, "Unsupported Media Type" },
    { 422, "Unprocessable Content" },
    { 426, "Upgrade Required" },
    { 429, "Too Many Requests" },
    { 500, "Internal Server Error" },
    { 503, "Service Unavailable" },
    { 0, NULL }
};


static ngx_str_t  ngx_http_coderemote_json_type =
    ngx_string("application/json");

ngx_str_t  ngx_http_coderemote_problem_type =
    ngx_string("application/problem+json");


static const char *
ngx_http_coderemote_title(ngx_uint_t status)
{
    const ngx_http_coderemote_title_t  *title;

    for (title = ngx_http_coderemote_titles; title->status; title++) {
        if (title->status == status) {
            return title->title;
        }
    }

    return "Error";
}


static ngx_int_t
ngx_http_coderemote_send_typed(ngx_http_request_t *r, ngx_uint_t status,
    ngx_str_t *type, json_t *json)
{
    size_t        size;
    ngx_int_t     rc;
    ngx_chain_t  *out, *cl;

    if (json == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    out = ngx_http_coderemote_json_chain(r->pool, json, &size);

    json_decref(json);

    if (out == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    for (cl = out; cl->next; cl = cl->next) { /* void */ }

    cl->buf->last_buf = (r == r->main);
    cl->buf->last_in_chain = 1;

    /* nginx 1.22 has no words for these */

    if (status == NGX_HTTP_UNPROCESSABLE) {
        ngx_str_set(&r->headers_out.status_line, "422 Unprocessable Content");

    } else if (status == NGX_HTTP_UPGRADE_REQUIRED) {
        ngx_str_set(&r->headers_out.status_line, "426 Upgrade Required");
    }

    r->headers_out.status = status;
    r->headers_out.content_length_n = size;
    r->headers_out.content_type = *type;
    r->headers_out.content_type_len = type->len;
    r->headers_out.content_type_lowcase = NULL;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_http_output_filter(r, out);
}


ngx_int_t
ngx_http_coderemote_send(ngx_http_request_t *r, ngx_uint_t status,
    json_t *json)
{
    return ngx_http_coderemote_send_typed(r, status,
                                         &ngx_http_coderemote_json_type, json);
}


ngx_int_t
ngx_http_coderemote_no_content(ngx_http_request_t *r)
{
    r->headers_out.status = NGX_HTTP_NO_CONTENT;
    r->headers_out.content_length_n = 0;
    r->header_only = 1;

    return ngx_http_send_header(r);
}


json_t *
ngx_http_coderemote_problem_json(ngx_uint_t status, json_t *errors,
    const u_char *detail, size_t len)
{
    json_t  *json;

    json = json_object();

    if (json == NULL
        || json_object_set_new(json, "type", json_string("about:blank")) != 0
        || json_object_set_new(json, "title",
               json_string(ngx_http_coderemote_title(status))) != 0
        || json_object_set_new(json, "status", json_integer(status)) != 0
        || json_object_set_new(json, "detail",
               ngx_http_coderemote_json_text(detail, len, 1)) != 0
        || (errors && json_object_set(json, "errors", errors) != 0))
    {
        json_decref(json);
        json = NULL;
    }

    json_decref(errors);

    return json;
}


ngx_int_t
ngx_http_coderemote_problem(ngx_http_request_t *r, ngx_uint_t status,
    json_t *errors, const char *fmt, ...)
{
    u_char      buf[NGX_HTTP_CODEREMOTE_DETAIL_MAX], *p;
    va_list     args;
    ngx_int_t   rc;

    /* what is left of the body must not be taken for the next request */

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        json_decref(errors);
        return rc;
    }

    va_start(args, fmt);
    p = ngx_vslprintf(buf, buf + sizeof(buf), fmt, args);
    va_end(args);

    return ngx_http_coderemote_send_typed(r, status,
                          &ngx_http_coderemote_problem_type,
                          ngx_http_coderemote_problem_json(status, errors, buf,
                                                           p - buf));
}


ngx_int_t
ngx_http_coderemote_header(ngx_http_request_t *r, const char *key,
    ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    /* later versions of nginx have a link in it */

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    h->key.data = (u_char *) key;
    h->key.len = ngx_strlen(key);
    h->value = *value;

    return NGX_OK;
}


ngx_table_elt_t *
ngx_http_coderemote_header_in(ngx_http_request_t *r, const char *name,
    ngx_table_elt_t *after)
{
    size_t            len;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    len = ngx_strlen(name);

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        header = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (after) {
                after = (&header[i] == after) ? NULL : after;

            } else if (header[i].key.len == len
                       && ngx_strncmp(header[i].lowcase_key, name, len) == 0)
            {
                return &header[i];
            }
        }
    }

    return NULL;
}


ngx_int_t
ngx_http_coderemote_not_allowed(ngx_http_request_t *r, const char *allow)
{
    ngx_str_t  value;

    value.data = (u_char *) allow;
    value.len = ngx_strlen(allow);

    if (ngx_http_coderemote_header(r, "Allow", &value) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_coderemote_problem(r, NGX_HTTP_NOT_ALLOWED, NULL,
                                       "This address answers %s alone.",
                                       allow);
}


ngx_int_t
ngx_http_coderemote_retry(ngx_http_request_t *r, time_t seconds)
{
    ngx_str_t  value;

    value.data = ngx_pnalloc(r->pool, NGX_TIME_T_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%T", seconds) - value.data;

    return ngx_http_coderemote_header(r, "Retry-After", &value);
}


/* Seconds with decimals, as milliseconds that are cut to what makes sense. */

static ngx_int_t
ngx_http_coderemote_wait_seconds(u_char *p, u_char *last, ngx_msec_t *ms)
{
    ngx_uint_t  digits, scale;

    *ms = 0;
    digits = 0;

    for ( /* void */ ; p < last && *p >= '0' && *p <= '9'; p++) {
        digits++;
        *ms = ngx_min(*ms * 10 + (*p - '0') * 1000,
                      NGX_HTTP_CODEREMOTE_WAIT_MAX);
    }

    if (digits == 0) {
        return NGX_ERROR;
    }

    if (p < last && *p == '.') {
        scale = 100;

        for (p++; p < last && *p >= '0' && *p <= '9'; p++) {
            *ms += (*p - '0') * scale;
            scale /= 10;
        }
    }

    return p == last ? NGX_OK : NGX_ERROR;
}


static void
ngx_http_coderemote_wait_preference(u_char *p, u_char *last,
    ngx_http_coderemote_wait_t *wait)
{
    u_char      *end;
    ngx_msec_t   ms;

    while (p < last) {

        end = ngx_strlchr(p, last, ',');
        end = end ? end : last;

        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
        }

        if (end - p > 5 && ngx_strncasecmp(p, (u_char *) "wait=", 5) == 0) {
            p += 5;
            last = end;
            end = ngx_strlchr(p, last, ';');
            end = end ? end : last;

            while (end > p && (end[-1] == ' ' || end[-1] == '\t')) {
                end--;
            }

            if (end - p > 2 && *p == '"' && end[-1] == '"') {
                p++;
                end--;
            }

            if (ngx_http_coderemote_wait_seconds(p, end, &ms) == NGX_OK) {
                wait->ms = ms;
                wait->wanted = (ms != 0);
                wait->preferred = 1;
            }

            return;
        }

        p = end + 1;
    }
}


static void
ngx_http_coderemote_wait_prefer(ngx_http_request_t *r,
    ngx_http_coderemote_wait_t *wait)
{
    ngx_table_elt_t  *header;

    header = NULL;

    while (!wait->preferred) {

        header = ngx_http_coderemote_header_in(r, "prefer", header);

        if (header == NULL) {
            return;
        }

        ngx_http_coderemote_wait_preference(header->value.data,
                                  header->value.data + header->value.len,
                                  wait);
    }
}


ngx_int_t
ngx_http_coderemote_wait_read(ngx_http_request_t *r,
    ngx_http_coderemote_wait_t *wait)
{
    ngx_str_t  value;

    ngx_memzero(wait, sizeof(ngx_http_coderemote_wait_t));

    if (r->args.len == 0
        || ngx_http_arg(r, (u_char *) "wait", 4, &value) != NGX_OK)
    {
        ngx_http_coderemote_wait_prefer(r, wait);
        return NGX_OK;
    }

    if (value.len == 4 && ngx_strncmp(value.data, "true", 4) == 0) {
        wait->wanted = 1;
        wait->forever = 1;
        return NGX_OK;
    }

    if (value.len == 5 && ngx_strncmp(value.data, "false", 5) == 0) {
        return NGX_OK;
    }

    if (ngx_http_coderemote_wait_seconds(value.data, value.data + value.len,
                                         &wait->ms)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    wait->wanted = (wait->ms != 0);

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_wait_problem(ngx_http_request_t *r)
{
    return ngx_http_coderemote_problem(r, NGX_HTTP_BAD_REQUEST, NULL,
                                       "\"wait\" must be true, false or a "
                                       "number of seconds.");
}


ngx_int_t
ngx_http_coderemote_wait_applied(ngx_http_request_t *r,
    const ngx_http_coderemote_wait_t *wait)
{
    ngx_str_t  value;

    if (!wait->preferred) {
        return NGX_OK;
    }

    value.data = ngx_pnalloc(r->pool, sizeof("wait=") + NGX_INT_T_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "wait=%M", wait->ms / 1000)
                - value.data;

    return ngx_http_coderemote_header(r, "Preference-Applied", &value);
}


void
ngx_http_coderemote_finish(ngx_http_request_t *r, ngx_int_t rc)
{
    ngx_connection_t  *c;

    c = r->connection;

    ngx_http_finalize_request(r, rc);

    ngx_http_run_posted_requests(c);
}
