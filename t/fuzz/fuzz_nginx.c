
/*
 * What the module calls of nginx, whose sources are not there to be linked
 * (Debian's nginx-dev has its headers alone).  Pools are the reason why they
 * would not even be wanted: here each allocation is one of malloc()'s, so
 * that a sanitizer sees one byte too many, and what was not freed.
 *
 * Where a function computes something (strings, trees) it does what nginx's
 * does; where it acts on the world it does nothing, or what the target says.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_http.h>

#include "fuzz_nginx.h"


static ngx_log_t             fuzz_log_own;
static ngx_atomic_t          connection_counter;
static ngx_connection_t      connections[2];
static ngx_event_t           connection_reads[2], connection_writes[2];

ngx_log_t                   *fuzz_log = &fuzz_log_own;

volatile ngx_msec_t          ngx_current_msec;
volatile ngx_cycle_t        *ngx_cycle;
ngx_atomic_t                *ngx_connection_counter = &connection_counter;
ngx_uint_t                   ngx_worker;
ngx_uint_t                   ngx_event_flags = NGX_USE_LEVEL_EVENT;
ngx_queue_t                  ngx_posted_events;
ngx_queue_t                  ngx_posted_next_events;
ngx_event_actions_t          ngx_event_actions;
ngx_os_io_t                  ngx_io;
ngx_rbtree_t                 ngx_event_timer_rbtree;
static ngx_rbtree_node_t     timer_sentinel;


/* Memory. */

void *
ngx_alloc(size_t size, ngx_log_t *log)
{
    (void) log;

    return malloc(size);
}


void *
ngx_calloc(size_t size, ngx_log_t *log)
{
    (void) log;

    return calloc(1, size);
}


ngx_pool_t *
ngx_create_pool(size_t size, ngx_log_t *log)
{
    ngx_pool_t  *pool;

    (void) size;

    pool = calloc(1, sizeof(ngx_pool_t));

    if (pool) {
        pool->log = log;
    }

    return pool;
}


void
ngx_destroy_pool(ngx_pool_t *pool)
{
    ngx_pool_cleanup_t  *cln;

    for (cln = pool->cleanup; cln; cln = cln->next) {
        if (cln->handler) {
            cln->handler(cln->data);
        }
    }

    ngx_reset_pool(pool);
    free(pool);
}


void
ngx_reset_pool(ngx_pool_t *pool)
{
    ngx_pool_large_t  *large, *next;

    for (large = pool->large; large; large = next) {
        next = large->next;
        free(large->alloc);
        free(large);
    }

    pool->large = NULL;
}


void *
ngx_palloc(ngx_pool_t *pool, size_t size)
{
    ngx_pool_large_t  *large;

    large = malloc(sizeof(ngx_pool_large_t));

    if (large == NULL) {
        return NULL;
    }

    large->alloc = malloc(size);
    large->next = pool->large;
    pool->large = large;

    return large->alloc;
}


void *
ngx_pnalloc(ngx_pool_t *pool, size_t size)
{
    return ngx_palloc(pool, size);
}


void *
ngx_pcalloc(ngx_pool_t *pool, size_t size)
{
    void  *p;

    p = ngx_palloc(pool, size);

    if (p) {
        ngx_memzero(p, size);
    }

    return p;
}


ngx_int_t
ngx_pfree(ngx_pool_t *pool, void *p)
{
    ngx_pool_large_t  *large;

    for (large = pool->large; large; large = large->next) {
        if (large->alloc == p) {
            free(p);
            large->alloc = NULL;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


ngx_pool_cleanup_t *
ngx_pool_cleanup_add(ngx_pool_t *pool, size_t size)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pcalloc(pool, sizeof(ngx_pool_cleanup_t));

    if (cln) {
        cln->data = size ? ngx_palloc(pool, size) : NULL;
        cln->next = pool->cleanup;
        pool->cleanup = cln;
    }

    return cln;
}


ngx_buf_t *
ngx_create_temp_buf(ngx_pool_t *pool, size_t size)
{
    ngx_buf_t  *b;

    b = ngx_pcalloc(pool, sizeof(ngx_buf_t));

    if (b) {
        b->start = b->pos = b->last = ngx_palloc(pool, size);
        b->end = b->start + size;
        b->temporary = 1;
    }

    return b;
}


ngx_chain_t *
ngx_alloc_chain_link(ngx_pool_t *pool)
{
    return ngx_palloc(pool, sizeof(ngx_chain_t));
}


void *
ngx_list_push(ngx_list_t *list)
{
    ngx_list_part_t  *part;

    if (list->last->nelts == list->nalloc) {
        part = ngx_pcalloc(list->pool, sizeof(ngx_list_part_t));
        part->elts = ngx_palloc(list->pool, list->nalloc * list->size);

        list->last->next = part;
        list->last = part;
    }

    return (char *) list->last->elts + list->size * list->last->nelts++;
}


void *
ngx_array_push(ngx_array_t *a)
{
    void  *elts;

    if (a->nelts == a->nalloc) {
        elts = ngx_palloc(a->pool, 2 * a->nalloc * a->size);

        if (elts == NULL) {
            return NULL;
        }

        ngx_memcpy(elts, a->elts, a->nelts * a->size);
        a->elts = elts;
        a->nalloc *= 2;
    }

    return (char *) a->elts + a->size * a->nelts++;
}


void
ngx_sort(void *base, size_t n, size_t size,
    ngx_int_t (*cmp)(const void *, const void *))
{
    (void) base;
    (void) n;
    (void) size;
    (void) cmp;
}


void
ngx_conf_log_error(ngx_uint_t level, ngx_conf_t *cf, ngx_err_t err,
    const char *fmt, ...)
{
    (void) level;
    (void) cf;
    (void) err;
    (void) fmt;
}


/* Trees, without the balance. */

static ngx_rbtree_node_t **
tree_place(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    if (node == tree->root) {
        return &tree->root;
    }

    return node == node->parent->left ? &node->parent->left
                                      : &node->parent->right;
}


void
ngx_rbtree_insert_value(ngx_rbtree_node_t *root, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel)
{
    ngx_rbtree_node_t  **p;

    for ( ;; ) {
        p = (node->key < root->key) ? &root->left : &root->right;

        if (*p == sentinel) {
            break;
        }

        root = *p;
    }

    *p = node;
    node->parent = root;
}


void
ngx_rbtree_insert_timer_value(ngx_rbtree_node_t *root,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel)
{
    ngx_rbtree_insert_value(root, node, sentinel);
}


void
ngx_rbtree_insert(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    node->left = node->right = tree->sentinel;
    node->parent = NULL;

    if (tree->root == tree->sentinel) {
        tree->root = node;
        return;
    }

    tree->insert(tree->root, node, tree->sentinel);
}


void
ngx_rbtree_delete(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    ngx_rbtree_node_t  *next, **place;

    if (node->left != tree->sentinel && node->right != tree->sentinel) {

        /* Its successor, which has no left child, takes its place. */

        for (next = node->right; next->left != tree->sentinel;
             next = next->left)
        {
            /* void */
        }

        ngx_rbtree_delete(tree, next);

        place = tree_place(tree, node);
        next->left = node->left;
        next->right = node->right;
        next->left->parent = next;
        next->right->parent = next;

    } else {
        next = node->left != tree->sentinel ? node->left : node->right;
        place = tree_place(tree, node);
    }

    *place = next;
    next->parent = node->parent;
}


/* The event loop: the targets call the handlers. */

static ngx_int_t
event_add(ngx_event_t *ev, ngx_int_t event, ngx_uint_t flags)
{
    (void) event;
    (void) flags;

    ev->active = 1;

    return NGX_OK;
}


static ngx_int_t
event_del(ngx_event_t *ev, ngx_int_t event, ngx_uint_t flags)
{
    (void) event;
    (void) flags;

    ev->active = 0;

    return NGX_OK;
}


void
fuzz_nginx_init(void)
{
    ngx_rbtree_init(&ngx_event_timer_rbtree, &timer_sentinel,
                    ngx_rbtree_insert_timer_value);
    ngx_queue_init(&ngx_posted_events);
    ngx_queue_init(&ngx_posted_next_events);

    ngx_event_actions.add = event_add;
    ngx_event_actions.del = event_del;
}


/* The earliest timer goes off; 0: there is none. */

ngx_uint_t
fuzz_nginx_timer(void)
{
    ngx_event_t        *ev;
    ngx_rbtree_node_t  *node;

    if (ngx_event_timer_rbtree.root == &timer_sentinel) {
        return 0;
    }

    node = ngx_rbtree_min(ngx_event_timer_rbtree.root, &timer_sentinel);
    ev = ngx_rbtree_data(node, ngx_event_t, timer);

    if ((ngx_msec_int_t) (node->key - ngx_current_msec) > 0) {
        ngx_current_msec = node->key;
    }

    ngx_rbtree_delete(&ngx_event_timer_rbtree, node);

    ev->timer_set = 0;
    ev->timedout = 1;
    ev->handler(ev);

    return 1;
}


ngx_int_t
ngx_handle_read_event(ngx_event_t *rev, ngx_uint_t flags)
{
    return ngx_add_event(rev, NGX_READ_EVENT, flags);
}


ngx_int_t
ngx_handle_write_event(ngx_event_t *wev, size_t lowat)
{
    return ngx_add_event(wev, NGX_WRITE_EVENT, lowat);
}


/* There is one connection at a time: the helper's. */

ngx_connection_t *
ngx_get_connection(ngx_socket_t s, ngx_log_t *log)
{
    ngx_event_t       *rev, *wev;
    ngx_connection_t  *c;

    /* That of no descriptor stands beside the one there is. */

    c = &connections[s == 0];
    rev = &connection_reads[s == 0];
    wev = &connection_writes[s == 0];

    ngx_memzero(c, sizeof(ngx_connection_t));
    ngx_memzero(rev, sizeof(ngx_event_t));
    ngx_memzero(wev, sizeof(ngx_event_t));

    c->fd = s;
    c->log = log;
    c->read = rev;
    c->write = wev;
    rev->data = c;
    wev->data = c;

    return c;
}


void
ngx_free_connection(ngx_connection_t *c)
{
    c->data = NULL;
}


void
ngx_close_connection(ngx_connection_t *c)
{
    if (c->read->posted) {
        ngx_delete_posted_event(c->read);
    }

    (void) close(c->fd);
    c->fd = -1;
}


/* Nobody reads the log, but its arguments are read. */

void
ngx_log_error_core(ngx_uint_t level, ngx_log_t *log, ngx_err_t err,
    const char *fmt, ...)
{
    u_char   line[NGX_MAX_ERROR_STR];
    va_list  args;

    (void) level;
    (void) log;
    (void) err;

    va_start(args, fmt);
    (void) ngx_vslprintf(line, line + sizeof(line), fmt, args);
    va_end(args);
}
