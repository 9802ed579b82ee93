
#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_jwt.h"
#include "ngx_http_coderemote_request.h"
#include "ngx_http_coderemote_websocket.h"
#include "ngx_cr_metrics.h"
#include "ngx_cr_job.h"


#define NGX_HTTP_CODEREMOTE_WS_JOBS_MAX     1024
#define NGX_HTTP_CODEREMOTE_WS_SIZE_MAX     (64 * 1024 * 1024)
#define NGX_HTTP_CODEREMOTE_WS_PING_MAX     (24 * 3600 * 1000)
#define NGX_HTTP_CODEREMOTE_WS_IDLE_MAX     ((size_t) 30 * 24 * 3600 * 1000)


static void *ngx_http_coderemote_ws_create_conf(ngx_conf_t *cf);
static char *ngx_http_coderemote_ws_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_http_coderemote_ws_origin(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static ngx_int_t ngx_http_coderemote_ws_init_process(ngx_cycle_t *cycle);
static void ngx_http_coderemote_ws_exit_process(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_coderemote_ws_handler(ngx_http_request_t *r);
static void ngx_http_coderemote_ws_came(ngx_cr_websocket_t *websocket,
    const u_char *data, size_t len);
static void ngx_http_coderemote_ws_writable(ngx_cr_websocket_t *websocket);
static void ngx_http_coderemote_ws_closed(ngx_cr_websocket_t *websocket);


static ngx_http_coderemote_range_t  ngx_http_coderemote_ws_jobs_range = {
    ngx_http_coderemote_check_range, 1, NGX_HTTP_CODEREMOTE_WS_JOBS_MAX,
    "from 1 to 1024"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_ws_size_range = {
    ngx_http_coderemote_check_range, 1024, NGX_HTTP_CODEREMOTE_WS_SIZE_MAX,
    "from 1k to 64m"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_ws_ping_range = {
    ngx_http_coderemote_check_range, 0, NGX_HTTP_CODEREMOTE_WS_PING_MAX,
    "from 0 to 24h"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_ws_idle_range = {
    ngx_http_coderemote_check_range, 0, NGX_HTTP_CODEREMOTE_WS_IDLE_MAX,
    "from 0 to 30d"
};


static ngx_command_t  ngx_http_coderemote_ws_commands[] = {

    { ngx_string("coderemote_websocket"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_coderemote_endpoint,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      ngx_http_coderemote_ws_handler },

    { ngx_string("coderemote_websocket_origin"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_coderemote_ws_origin,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_websocket_jobs"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_websocket_conf_t, jobs),
      &ngx_http_coderemote_ws_jobs_range },

    { ngx_string("coderemote_websocket_message"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_websocket_conf_t, websocket.message),
      &ngx_http_coderemote_ws_size_range },

    { ngx_string("coderemote_websocket_buffer"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_websocket_conf_t, websocket.buffer),
      &ngx_http_coderemote_ws_size_range },

    { ngx_string("coderemote_websocket_ping"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_websocket_conf_t, websocket.ping),
      &ngx_http_coderemote_ws_ping_range },

    { ngx_string("coderemote_websocket_idle"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_websocket_conf_t, websocket.idle),
      &ngx_http_coderemote_ws_idle_range },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_coderemote_websocket_module_ctx = {
    NULL,                                    /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_http_coderemote_ws_create_conf,      /* create location configuration */
    ngx_http_coderemote_ws_merge_conf        /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_websocket_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_websocket_module_ctx,
                                             /* module context */
    ngx_http_coderemote_ws_commands,         /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    ngx_http_coderemote_ws_init_process,     /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    ngx_http_coderemote_ws_exit_process,     /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static const ngx_cr_websocket_handlers_t  ngx_http_coderemote_ws_handlers = {
    ngx_http_coderemote_ws_came,
    ngx_http_coderemote_ws_writable,
    ngx_http_coderemote_ws_closed
};


/* The connections of this worker. */

static struct {
    ngx_rbtree_t         tree;
    ngx_rbtree_node_t    sentinel;
    unsigned             stopping:1;   /* of this worker, by and by */
    unsigned             exiting:1;    /* at once */
} ngx_http_coderemote_ws;


static void *
ngx_http_coderemote_ws_create_conf(ngx_conf_t *cf)
{
    ngx_http_coderemote_websocket_conf_t  *conf;

    conf = ngx_palloc(cf->pool, sizeof(ngx_http_coderemote_websocket_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->websocket.message = NGX_CONF_UNSET_SIZE;
    conf->websocket.buffer = NGX_CONF_UNSET_SIZE;
    conf->websocket.ping = NGX_CONF_UNSET_MSEC;
    conf->websocket.idle = NGX_CONF_UNSET_MSEC;
    conf->jobs = NGX_CONF_UNSET_UINT;
    conf->origins = NGX_CONF_UNSET_PTR;

    return conf;
}


static char *
ngx_http_coderemote_ws_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_coderemote_websocket_conf_t *prev = parent;
    ngx_http_coderemote_websocket_conf_t *conf = child;

    ngx_str_t  *same;

    ngx_conf_merge_size_value(conf->websocket.message,
                              prev->websocket.message, 256 * 1024);
    ngx_conf_merge_size_value(conf->websocket.buffer,
                              prev->websocket.buffer, 64 * 1024);
    ngx_conf_merge_msec_value(conf->websocket.ping,
                              prev->websocket.ping, 30 * 1000);
    ngx_conf_merge_msec_value(conf->websocket.idle,
                              prev->websocket.idle, 3600 * 1000);
    ngx_conf_merge_uint_value(conf->jobs, prev->jobs, 16);

    if (conf->origins == NGX_CONF_UNSET_PTR) {
        conf->origins = prev->origins;
    }

    if (conf->origins == NGX_CONF_UNSET_PTR) {
        conf->origins = ngx_array_create(cf->pool, 1, sizeof(ngx_str_t));
        if (conf->origins == NULL) {
            return NGX_CONF_ERROR;
        }

        same = ngx_array_push(conf->origins);
        if (same == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_str_null(same);
    }

    return NGX_CONF_OK;
}


/* An empty origin stands for the request's own host. */

static char *
ngx_http_coderemote_ws_origin(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_websocket_conf_t *wcf = conf;

    u_char      *p;
    ngx_str_t   *value, *origin;
    ngx_uint_t   i;

    if (wcf->origins != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "any") == 0) {
        wcf->origins = NULL;
        return NGX_CONF_OK;
    }

    wcf->origins = ngx_array_create(cf->pool, cf->args->nelts,
                                    sizeof(ngx_str_t));
    if (wcf->origins == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 1; i < cf->args->nelts; i++) {

        origin = ngx_array_push(wcf->origins);
        if (origin == NULL) {
            return NGX_CONF_ERROR;
        }

        if (ngx_strcmp(value[i].data, "same") == 0) {
            ngx_str_null(origin);
            continue;
        }

        p = (u_char *) ngx_strstr(value[i].data, "://");

        if (p == NULL || p[3] == '\0' || ngx_strchr(p + 3, '/')) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid origin \"%V\": \"same\", \"any\" alone "
                               "or origins such as \"https://example.com\" "
                               "are expected", &value[i]);
            return NGX_CONF_ERROR;
        }

        *origin = value[i];
    }

    return NGX_CONF_OK;
}


/* Names are random at their end. */

static ngx_rbtree_key_t
ngx_http_coderemote_ws_key(const ngx_cr_connection_id_t *id)
{
    ngx_rbtree_key_t  key;

    ngx_memcpy(&key, id->bytes + NGX_CR_CONNECTION_ID_SIZE - sizeof(key),
               sizeof(key));

    return key;
}


static ngx_http_coderemote_ws_t *
ngx_http_coderemote_ws_of(ngx_rbtree_node_t *node)
{
    return ngx_rbtree_data(node, ngx_http_coderemote_ws_t, node);
}


ngx_http_coderemote_ws_t *
ngx_http_coderemote_ws_find(const ngx_cr_connection_id_t *id)
{
    ngx_rbtree_key_t           key;
    ngx_rbtree_node_t         *node;
    ngx_http_coderemote_ws_t  *ws;

    key = ngx_http_coderemote_ws_key(id);
    node = ngx_http_coderemote_ws.tree.root;

    while (node != &ngx_http_coderemote_ws.sentinel) {

        if (key != node->key) {
            node = (key < node->key) ? node->left : node->right;
            continue;
        }

        ws = ngx_http_coderemote_ws_of(node);

        return ngx_memcmp(&ws->id, id, sizeof(ngx_cr_connection_id_t)) == 0
               ? ws : NULL;
    }

    return NULL;
}


/* Everything but the request, which may live on a little. */

static void
ngx_http_coderemote_ws_over(ngx_http_coderemote_ws_t *ws)
{
    if (ws->websocket == NULL) {
        return;
    }

    ngx_http_coderemote_ws_unexpire(ws);
    ngx_http_coderemote_ws_end(ws);

    ngx_rbtree_delete(&ngx_http_coderemote_ws.tree, &ws->node);
    ngx_cr_gauge(NGX_CR_GAUGE_WEBSOCKETS, -1);

    ngx_cr_websocket_free(ws->websocket);
    ws->websocket = NULL;
}


static void
ngx_http_coderemote_ws_cleanup(void *data)
{
    ngx_http_coderemote_ws_over(data);
}


static void
ngx_http_coderemote_ws_came(ngx_cr_websocket_t *websocket, const u_char *data,
    size_t len)
{
    ngx_http_coderemote_ws_message(ngx_cr_websocket_data(websocket), data,
                                   len);
}


static void
ngx_http_coderemote_ws_writable(ngx_cr_websocket_t *websocket)
{
    ngx_http_coderemote_ws_resume(ngx_cr_websocket_data(websocket));
}


static void
ngx_http_coderemote_ws_closed(ngx_cr_websocket_t *websocket)
{
    ngx_connection_t          *c;
    ngx_http_request_t        *r;
    ngx_http_coderemote_ws_t  *ws;

    /* the jobs are gone already, and the process goes with all the rest */

    if (ngx_http_coderemote_ws.exiting) {
        return;
    }

    ws = ngx_cr_websocket_data(websocket);
    r = ws->request;

    ngx_http_coderemote_ws_over(ws);

    r->read_event_handler = ngx_http_block_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    /*
     * a client may still be sending: a socket that is closed with bytes unread
     * would take the Close away that is on its way to him
     */

    c = r->connection;
    r->lingering_close = !c->read->eof && !c->read->error;

    ngx_http_coderemote_finish(r, NGX_OK);
}


static ngx_http_coderemote_ws_t *
ngx_http_coderemote_ws_ctx(ngx_http_request_t *r)
{
    return ngx_http_get_module_ctx(r, ngx_http_coderemote_websocket_module);
}


static void
ngx_http_coderemote_ws_read(ngx_http_request_t *r)
{
    ngx_cr_websocket_read(ngx_http_coderemote_ws_ctx(r)->websocket);
}


static void
ngx_http_coderemote_ws_write(ngx_http_request_t *r)
{
    ngx_cr_websocket_write(ngx_http_coderemote_ws_ctx(r)->websocket);
}


/* NULL: no memory. */

static ngx_http_coderemote_ws_t *
ngx_http_coderemote_ws_create(ngx_http_request_t *r,
    ngx_http_coderemote_websocket_conf_t *conf)
{
    ngx_http_cleanup_t        *cln;
    ngx_http_coderemote_ws_t  *ws;

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_coderemote_ws_t));

    if (cln == NULL) {
        return NULL;
    }

    ws = cln->data;
    ngx_memzero(ws, sizeof(ngx_http_coderemote_ws_t));

    ws->request = r;
    ws->max_jobs = conf->jobs;

    if (ngx_http_coderemote_user(r, &ws->user) != NGX_OK
        || ngx_cr_connection_id_generate(&ws->id, r->connection->log)
           != NGX_OK)
    {
        return NULL;
    }

    ngx_http_coderemote_owner(r, &ws->user, ws->owner, &ws->turn);

    ws->websocket = ngx_cr_websocket_create(r->connection, &conf->websocket,
                                            &ngx_http_coderemote_ws_handlers,
                                            ws);
    if (ws->websocket == NULL) {
        return NULL;
    }

    ws->node.key = ngx_http_coderemote_ws_key(&ws->id);
    ngx_rbtree_insert(&ngx_http_coderemote_ws.tree, &ws->node);
    ngx_cr_gauge(NGX_CR_GAUGE_WEBSOCKETS, 1);

    cln->handler = ngx_http_coderemote_ws_cleanup;

    ngx_http_set_ctx(r, ws, ngx_http_coderemote_websocket_module);

    ngx_http_coderemote_ws_begin(ws);

    return ws;
}


static ngx_int_t
ngx_http_coderemote_ws_handler(ngx_http_request_t *r)
{
    ngx_int_t                              rc;
    ngx_buf_t                             *b;
    ngx_connection_t                      *c;
    ngx_http_coderemote_ws_t              *ws;
    ngx_http_coderemote_websocket_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r,
                                        ngx_http_coderemote_websocket_module);

    rc = ngx_http_coderemote_handshake_check(r, conf);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    ws = ngx_http_coderemote_ws_create(r, conf);

    if (ws == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    c = r->connection;

    if (ngx_http_coderemote_handshake_answer(r) != NGX_OK
        || ngx_http_coderemote_live(r) != NGX_OK)
    {
        return NGX_ERROR;
    }

    c->log->action = "serving a WebSocket";

    r->read_event_handler = ngx_http_coderemote_ws_read;
    r->write_event_handler = ngx_http_coderemote_ws_write;

    b = r->header_in;

    ngx_cr_websocket_early(ws->websocket, b->pos, b->last - b->pos);
    b->pos = b->last;

    ngx_post_event(c->read, &ngx_posted_events);

    r->main->count++;

    ngx_http_coderemote_ws_expire(ws, ngx_http_coderemote_jwt_until(r));

    if (ngx_http_coderemote_ws.stopping) {
        ngx_http_coderemote_ws_leaves(ws, &ngx_http_coderemote_ws_stopping);
    }

    return NGX_DONE;
}


/* nginx tells idle connections that a worker stops: one is there for that. */

static void
ngx_http_coderemote_ws_stop_handler(ngx_event_t *ev)
{
    ngx_rbtree_t              *tree;
    ngx_connection_t          *c;
    ngx_rbtree_node_t         *node, *next;
    ngx_http_coderemote_ws_t  *ws;

    c = ev->data;

    ngx_free_connection(c);
    c->fd = (ngx_socket_t) -1;
    c->idle = 0;

    ngx_http_coderemote_ws.stopping = 1;

    tree = &ngx_http_coderemote_ws.tree;

    if (tree->root == tree->sentinel) {
        return;
    }

    for (node = ngx_rbtree_min(tree->root, tree->sentinel);
         node;
         node = next)
    {
        next = ngx_rbtree_next(tree, node);
        ws = ngx_http_coderemote_ws_of(node);

        ngx_http_coderemote_ws_leaves(ws, &ngx_http_coderemote_ws_stopping);

        /* outside of the event loop: what is posted would wait for an event */

        ngx_cr_websocket_write(ws->websocket);
    }
}


static ngx_int_t
ngx_http_coderemote_ws_init_process(ngx_cycle_t *cycle)
{
    ngx_connection_t  *c;

    ngx_rbtree_init(&ngx_http_coderemote_ws.tree,
                    &ngx_http_coderemote_ws.sentinel,
                    ngx_rbtree_insert_value);

    if (ngx_cr_job_store() == NULL) {
        return NGX_OK;
    }

    c = ngx_get_connection(0, cycle->log);
    if (c == NULL) {
        return NGX_ERROR;
    }

    /* no descriptor, and not free */

    c->fd = (ngx_socket_t) -2;
    c->idle = 1;

    c->log = cycle->log;
    c->read->log = cycle->log;
    c->write->log = cycle->log;
    c->read->handler = ngx_http_coderemote_ws_stop_handler;

    return ngx_http_coderemote_ws_feed_init(cycle);
}


/* The best that can be done: what does not fit its socket is lost. */

static void
ngx_http_coderemote_ws_exit_process(ngx_cycle_t *cycle)
{
    ngx_rbtree_t              *tree;
    ngx_rbtree_node_t         *node;
    ngx_http_coderemote_ws_t  *ws;

    tree = &ngx_http_coderemote_ws.tree;

    if (tree->root == NULL || tree->root == tree->sentinel) {
        return;
    }

    ngx_http_coderemote_ws.exiting = 1;

    for (node = ngx_rbtree_min(tree->root, tree->sentinel);
         node;
         node = ngx_rbtree_next(tree, node))
    {
        ws = ngx_http_coderemote_ws_of(node);

        ngx_cr_websocket_close(ws->websocket, NGX_CR_WS_GOING_AWAY,
                               "the server stops");
        ngx_cr_websocket_write(ws->websocket);
    }
}
