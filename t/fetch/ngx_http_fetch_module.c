
/*
 * Handlers for t/curl.t, which let a test ask other servers through the
 * driver.  `fetch` asks for the URL of the header X-Url and answers what came
 * of it; `fetch_state` tells what of nginx's is in use.  X-How has words of
 * what to do besides: cancel (in the first piece), chain (ask once more from
 * done(), in which the first is cancelled, too), deaf (no piece), loose (the
 * request does not wait; its end is logged).
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_cr_curl.h"


#define NGX_HTTP_FETCH_SHOWN  65536


typedef struct {
    ngx_cr_curl_conf_t   curl;
} ngx_http_fetch_conf_t;


typedef struct {
    ngx_cr_curl_t        curl;
    ngx_http_request_t  *request;       /* NULL: it does not wait */
    ngx_pool_t          *pool;
    ngx_str_t            headers[2];
    ngx_str_t            how;
    ngx_uint_t           chained;
    ngx_uint_t           pieces;
    size_t               length;
    uint32_t             crc;
    size_t               shown;
    u_char              *body;
} ngx_http_fetch_t;


static ngx_int_t ngx_http_fetch_handler(ngx_http_request_t *r);
static void ngx_http_fetch_done(ngx_cr_curl_t *c, ngx_int_t rc);
static void *ngx_http_fetch_create_conf(ngx_conf_t *cf);
static char *ngx_http_fetch_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_http_fetch(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *ngx_http_fetch_state(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static void ngx_http_fetch_exit(ngx_cycle_t *cycle);


static ngx_command_t  ngx_http_fetch_commands[] = {

    { ngx_string("fetch"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_fetch,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("fetch_state"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_fetch_state,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("fetch_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_fetch_conf_t, curl.timeout),
      NULL },

    { ngx_string("fetch_silence"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_fetch_conf_t, curl.silence),
      NULL },

    { ngx_string("fetch_max_body"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_fetch_conf_t, curl.max_body),
      NULL },

    { ngx_string("fetch_proxy"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_fetch_conf_t, curl.proxy),
      NULL },

    { ngx_string("fetch_trusted"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_fetch_conf_t, curl.trusted),
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_fetch_ctx = {
    NULL, NULL,
    NULL, NULL,
    NULL, NULL,
    ngx_http_fetch_create_conf, ngx_http_fetch_merge_conf
};


ngx_module_t  ngx_http_fetch_module = {
    NGX_MODULE_V1,
    &ngx_http_fetch_ctx,
    ngx_http_fetch_commands,
    NGX_HTTP_MODULE,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    ngx_http_fetch_exit,
    NULL,
    NGX_MODULE_V1_PADDING
};


/* What nginx's build system writes for a module that is loaded. */

ngx_module_t  *ngx_modules[] = { &ngx_http_fetch_module, NULL };
char          *ngx_module_names[] = { "ngx_http_fetch_module", NULL };
char          *ngx_module_order[] = { NULL };


static void
ngx_http_fetch_exit(ngx_cycle_t *cycle)
{
    ngx_cr_curl_exit();
}


static void *
ngx_http_fetch_create_conf(ngx_conf_t *cf)
{
    ngx_http_fetch_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_fetch_conf_t));

    if (conf) {
        conf->curl.timeout = NGX_CONF_UNSET_MSEC;
        conf->curl.silence = NGX_CONF_UNSET_MSEC;
        conf->curl.max_body = NGX_CONF_UNSET_SIZE;
    }

    return conf;
}


static char *
ngx_http_fetch_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_fetch_conf_t  *prev = parent;
    ngx_http_fetch_conf_t  *conf = child;

    ngx_conf_merge_msec_value(conf->curl.timeout, prev->curl.timeout, 10000);
    ngx_conf_merge_msec_value(conf->curl.silence, prev->curl.silence, 0);
    ngx_conf_merge_size_value(conf->curl.max_body, prev->curl.max_body,
                              1024 * 1024);
    ngx_conf_merge_str_value(conf->curl.proxy, prev->curl.proxy, "");
    ngx_conf_merge_str_value(conf->curl.trusted, prev->curl.trusted, "");

    return NGX_CONF_OK;
}


static ngx_str_t
ngx_http_fetch_header(ngx_http_request_t *r, const char *name)
{
    size_t            len;
    ngx_str_t         value;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    len = ngx_strlen(name);

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (h[i].key.len == len
                && ngx_strncasecmp(h[i].key.data, (u_char *) name, len) == 0)
            {
                return h[i].value;
            }
        }
    }

    ngx_str_null(&value);

    return value;
}


static ngx_uint_t
ngx_http_fetch_is(ngx_http_fetch_t *f, char *word)
{
    return ngx_strnstr(f->how.data, word, f->how.len) != NULL;
}


static void
ngx_http_fetch_send(ngx_http_request_t *r, u_char *text, size_t len)
{
    ngx_buf_t    *b;
    ngx_int_t     rc;
    ngx_chain_t   out;

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = len;
    ngx_str_set(&r->headers_out.content_type, "text/plain");

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        ngx_http_finalize_request(r, NGX_ERROR);
        return;
    }

    b->pos = text;
    b->last = text + len;
    b->memory = 1;
    b->last_buf = 1;

    out.buf = b;
    out.next = NULL;

    rc = ngx_http_send_header(r);

    if (rc == NGX_OK) {
        rc = ngx_http_output_filter(r, &out);
    }

    ngx_http_finalize_request(r, rc);
}


static void
ngx_http_fetch_answer(ngx_http_fetch_t *f, ngx_int_t rc)
{
    u_char         *p, *text;
    ngx_cr_curl_t  *c;

    c = &f->curl;

    text = ngx_palloc(f->pool, f->shown + 2048);
    if (text == NULL) {
        ngx_http_finalize_request(f->request, NGX_ERROR);
        return;
    }

    ngx_crc32_final(f->crc);

    p = ngx_sprintf(text,
                    "rc=%i\nstatus=%ui\ntype=%V\nmax_age=%T\n"
                    "retry_after=%T\ntimed_out=%ui\npieces=%ui\n"
                    "length=%uz\ncrc=%08xD\nwhy=%s\n\n",
                    rc, c->status, &c->type, c->max_age, c->retry_after,
                    c->timed_out, f->pieces, f->length, f->crc, c->why);
    p = ngx_cpymem(p, f->body, f->shown);

    ngx_http_fetch_send(f->request, text, p - text);
}


static void
ngx_http_fetch_cleanup(void *data)
{
    ngx_http_fetch_t  *f = data;

    ngx_cr_curl_cancel(&f->curl);
}


static void
ngx_http_fetch_piece(ngx_cr_curl_t *c, const u_char *bytes, size_t len)
{
    size_t             n;
    ngx_http_fetch_t  *f;

    f = c->data;

    f->pieces++;
    f->length += len;
    ngx_crc32_update(&f->crc, (u_char *) bytes, len);

    n = ngx_min(len, NGX_HTTP_FETCH_SHOWN - f->shown);

    ngx_memcpy(f->body + f->shown, bytes, n);
    f->shown += n;

    if (ngx_http_fetch_is(f, "cancel")) {

        ngx_cr_curl_cancel(c);
        ngx_cr_curl_cancel(c);

        /* as a caller does who has freed it */

        ngx_cpystrn(c->why, (u_char *) "cancelled", NGX_CR_CURL_WHY);
        ngx_http_fetch_answer(f, NGX_ABORT);
    }
}


static ngx_int_t
ngx_http_fetch_start(ngx_http_fetch_t *f)
{
    f->pieces = 0;
    f->length = 0;
    f->shown = 0;
    ngx_crc32_init(f->crc);

    return ngx_cr_curl_start(&f->curl);
}


static void
ngx_http_fetch_done(ngx_cr_curl_t *c, ngx_int_t rc)
{
    ngx_http_fetch_t  *f;

    f = c->data;

    if (ngx_http_fetch_is(f, "chain") && !f->chained) {
        f->chained = 1;

        ngx_cr_curl_cancel(c);

        if (ngx_http_fetch_start(f) == NGX_OK) {
            return;
        }

        rc = NGX_DECLINED;
    }

    if (f->request) {
        ngx_http_fetch_answer(f, rc);
        return;
    }

    ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                  "fetched %i %ui %uz \"%s\"", rc, c->status, f->length,
                  c->why);

    ngx_destroy_pool(f->pool);
}


static ngx_http_fetch_t *
ngx_http_fetch_create(ngx_http_request_t *r, ngx_pool_t *pool)
{
    ngx_str_t          url, header, body;
    ngx_http_fetch_t  *f;

    f = ngx_pcalloc(pool, sizeof(ngx_http_fetch_t));
    if (f == NULL) {
        return NULL;
    }

    url = ngx_http_fetch_header(r, "X-Url");
    header = ngx_http_fetch_header(r, "X-Header");
    body = ngx_http_fetch_header(r, "X-Body");
    f->how = ngx_http_fetch_header(r, "X-How");

    f->pool = pool;
    f->body = ngx_palloc(pool, NGX_HTTP_FETCH_SHOWN);
    f->how.data = ngx_pstrdup(pool, &f->how);
    f->curl.url.len = url.len;
    f->curl.url.data = ngx_pstrdup(pool, &url);

    if (f->body == NULL || f->how.data == NULL || f->curl.url.data == NULL) {
        return NULL;
    }

    f->curl.log = pool->log;
    f->curl.data = f;
    f->curl.done = ngx_http_fetch_done;
    f->curl.piece = ngx_http_fetch_is(f, "deaf") ? NULL
                                                 : ngx_http_fetch_piece;
    f->curl.headers = f->headers;

    if (header.data) {
        f->headers[f->curl.nheaders++] = header;
    }

    if (body.data) {
        f->curl.body.len = body.len;
        f->curl.body.data = ngx_pstrdup(pool, &body);
        ngx_str_set(&f->headers[f->curl.nheaders],
                    "Content-Type: application/json");
        f->curl.nheaders++;
    }

    return f;
}


static ngx_int_t
ngx_http_fetch_loose(ngx_http_request_t *r, ngx_http_fetch_conf_t *conf)
{
    ngx_pool_t        *pool;
    ngx_http_fetch_t  *f;

    pool = ngx_create_pool(4096, ngx_cycle->log);
    if (pool == NULL) {
        return NGX_ERROR;
    }

    f = ngx_http_fetch_create(r, pool);
    if (f == NULL) {
        ngx_destroy_pool(pool);
        return NGX_ERROR;
    }

    f->curl.conf = &conf->curl;

    if (ngx_http_fetch_start(f) != NGX_OK) {
        ngx_destroy_pool(pool);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_HTTP_NO_CONTENT;
}


static ngx_int_t
ngx_http_fetch_handler(ngx_http_request_t *r)
{
    ngx_str_t                  how;
    ngx_uint_t                 local;
    ngx_http_fetch_t          *f;
    ngx_http_cleanup_t        *cln;
    ngx_http_fetch_conf_t     *conf;
    ngx_http_core_loc_conf_t  *clcf;

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        return NGX_ERROR;
    }

    conf = ngx_http_get_module_loc_conf(r, ngx_http_fetch_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    conf->curl.resolver = clcf->resolver;
    conf->curl.resolver_timeout = clcf->resolver_timeout;

    how = ngx_http_fetch_header(r, "X-How");

    if (how.data && ngx_strnstr(how.data, "loose", how.len)) {
        return ngx_http_fetch_loose(r, conf);
    }

    f = ngx_http_fetch_create(r, r->pool);
    cln = ngx_http_cleanup_add(r, 0);

    if (f == NULL || cln == NULL) {
        return NGX_ERROR;
    }

    f->request = r;
    f->curl.conf = &conf->curl;

    cln->handler = ngx_http_fetch_cleanup;
    cln->data = f;

    r->read_event_handler = ngx_http_test_reading;
    r->main->count++;

    if (ngx_http_fetch_is(f, "check")) {
        how.data = (u_char *) ngx_cr_curl_url(&f->curl.url,
                                  clcf->resolver->connections.nelts, &local);
        ngx_cpystrn(f->curl.why, how.data ? how.data : (u_char *) "good",
                    NGX_CR_CURL_WHY);
        f->curl.status = local;
        ngx_http_fetch_answer(f, NGX_DECLINED);

    } else if (ngx_http_fetch_start(f) != NGX_OK) {
        ngx_http_fetch_answer(f, NGX_DECLINED);
    }

    return NGX_DONE;
}


static ngx_uint_t
ngx_http_fetch_timers(ngx_rbtree_node_t *node)
{
    if (node == ngx_event_timer_rbtree.sentinel) {
        return 0;
    }

    return 1 + ngx_http_fetch_timers(node->left)
           + ngx_http_fetch_timers(node->right);
}


static ngx_int_t
ngx_http_fetch_state_handler(ngx_http_request_t *r)
{
    u_char  *p, *text;

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        return NGX_ERROR;
    }

    text = ngx_palloc(r->pool, 256);
    if (text == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(text, "pid=%P\ntimers=%ui\nconnections=%ui\n", ngx_pid,
                    ngx_http_fetch_timers(ngx_event_timer_rbtree.root),
                    ngx_cycle->connection_n - ngx_cycle->free_connection_n);

    r->main->count++;
    ngx_http_fetch_send(r, text, p - text);

    return NGX_DONE;
}


static char *
ngx_http_fetch(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_fetch_handler;

    return NGX_CONF_OK;
}


static char *
ngx_http_fetch_state(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_fetch_state_handler;

    return NGX_CONF_OK;
}
