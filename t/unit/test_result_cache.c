/*
 * Results in shared memory: what is found, for how long, what makes room; and
 * that a worker which dies within any change leaves nothing that is wrong.
 *
 * It dies whenever it calls for memory, the tree, or the lock: it never comes
 * back from the call.
 */

/* link: nginx ngx_http_coderemote_module/store/ngx_cr_result_cache.c */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ngx_cr_result_cache.h"

/* nginx's functions, of which there is one pool and one lock here */
#pragma GCC diagnostic ignored "-Wunused-parameter"


#define CELLS  8
#define CELL   512


/* A slab of equal cells, as its own memory knows it. */

typedef struct {
    ngx_slab_pool_t  pool;
    ngx_uint_t       locked;
    ngx_uint_t       used[CELLS];
    u_char           cells[CELLS][CELL];
} shared_t;


ngx_uint_t  ngx_pagesize = 4096;
volatile ngx_time_t  *ngx_cached_time;

static ngx_time_t        now;
static shared_t          shared;
static ngx_shm_zone_t    zone;
static ngx_conf_t        cf;
static ngx_pool_t        pool;
static u_char            copy[CELL];

static jmp_buf           dead;
static ngx_uint_t        calls;      /* until it dies; 0: it does not */


static void
step(void)
{
    if (calls && --calls == 0) {
        shared.locked = 0;
        longjmp(dead, 1);
    }
}


ngx_shm_zone_t *
ngx_shared_memory_add(ngx_conf_t *conf, ngx_str_t *name, size_t size,
    void *tag)
{
    zone.shm.addr = (u_char *) &shared;
    zone.shm.size = size;

    return &zone;
}


void
ngx_slab_init(ngx_slab_pool_t *p)
{
    step();
    memset(shared.used, 0, sizeof(shared.used));
    memset(shared.cells, 0xa5, sizeof(shared.cells));
    step();
}


void *
ngx_slab_alloc_locked(ngx_slab_pool_t *p, size_t size)
{
    ngx_uint_t  i;

    assert_true(shared.locked || shared.pool.data == NULL);
    step();

    for (i = 0; i < CELLS && size <= CELL; i++) {
        if (!shared.used[i]) {
            shared.used[i] = 1;
            step();
            return shared.cells[i];
        }
    }

    return NULL;
}


void *
ngx_slab_calloc_locked(ngx_slab_pool_t *p, size_t size)
{
    void  *cell;

    cell = ngx_slab_alloc_locked(p, size);
    return cell ? memset(cell, 0, size) : NULL;
}


void
ngx_slab_free_locked(ngx_slab_pool_t *p, void *cell)
{
    ngx_uint_t  i;

    step();

    i = ((u_char *) cell - shared.cells[0]) / CELL;
    assert_true(i < CELLS && shared.used[i]);
    assert_ptr_equal(cell, shared.cells[i]);

    shared.used[i] = 0;
    memset(cell, 0x5a, CELL);
    step();
}


void
ngx_shmtx_lock(ngx_shmtx_t *mutex)
{
    assert_false(shared.locked);
    shared.locked = 1;
    step();
}


void
ngx_shmtx_unlock(ngx_shmtx_t *mutex)
{
    assert_true(shared.locked);
    shared.locked = 0;
}


void *
ngx_pnalloc(ngx_pool_t *p, size_t size)
{
    assert_true(size <= sizeof(copy));
    return copy;
}


/* A list will do for a tree; where it lies in shared memory is what counts. */

void
ngx_rbtree_insert_value(ngx_rbtree_node_t *root, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel)
{
    fail();
}


void
ngx_rbtree_insert(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    ngx_rbtree_node_t  **p;

    step();

    for (p = &tree->root; *p != tree->sentinel; /* void */) {
        p = node->key < (*p)->key ? &(*p)->left : &(*p)->right;
    }

    node->left = tree->sentinel;
    node->right = tree->sentinel;
    *p = node;
    step();
}


void
ngx_rbtree_delete(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    ngx_rbtree_node_t  **p, *left;

    step();

    for (p = &tree->root; *p != node; /* void */) {
        assert_ptr_not_equal(*p, tree->sentinel);
        p = node->key < (*p)->key ? &(*p)->left : &(*p)->right;
    }

    /* its left child goes below the least of its right ones */

    left = node->left;
    *p = node->right;

    while (*p != tree->sentinel) {
        p = &(*p)->left;
    }

    *p = left;
    step();
}


static ngx_cr_result_cache_t  cache = { NULL, 60 };


static int
setup(void **state)
{
    ngx_str_t  name = ngx_string("results");

    calls = 0;
    memset(&shared, 0, sizeof(shared));
    memset(&zone, 0, sizeof(zone));

    now.sec = 1000;
    ngx_cached_time = &now;

    assert_int_equal(ngx_cr_result_cache_add(&cf, &cache, &name,
                                             sizeof(shared), NULL),
                     NGX_OK);
    assert_int_equal(zone.init(&zone, NULL), NGX_OK);

    return 0;
}


static const u_char *
key(unsigned n)
{
    static u_char  bytes[NGX_CR_RESULT_KEY];

    memset(bytes, (int) (n * 37), sizeof(bytes));

    return bytes;
}


static void
put(unsigned n, unsigned value)
{
    ngx_str_t      text;
    static u_char  bytes[100];

    memset(bytes, (int) value, sizeof(bytes));

    text.data = bytes;
    text.len = 20 + value;

    ngx_cr_result_cache_put(&cache, key(n), &text);
}


/* The value that is found, or -1; it is whole. */

static int
get(unsigned n)
{
    size_t     i;
    ngx_str_t  text;

    if (ngx_cr_result_cache_get(&cache, key(n), &pool, &text) != NGX_OK) {
        return -1;
    }

    for (i = 0; i < text.len; i++) {
        assert_int_equal(text.data[i], text.len - 20);
    }

    return (int) text.len - 20;
}


static void
test_found(void **state)
{
    assert_int_equal(get(1), -1);

    put(1, 7);
    assert_int_equal(get(1), 7);
    assert_int_equal(get(2), -1);

    put(1, 8);
    assert_int_equal(get(1), 8);

    /* a reload keeps it */
    zone.shm.exists = 0;
    assert_int_equal(zone.init(&zone, &shared), NGX_OK);
    assert_int_equal(get(1), 8);
}


static void
test_time(void **state)
{
    put(1, 7);

    now.sec += cache.ttl - 1;
    assert_int_equal(get(1), 7);

    now.sec += 1;
    assert_int_equal(get(1), -1);
}


/* One cell is the cache's own. */

static void
test_room(void **state)
{
    unsigned  i;

    for (i = 1; i < CELLS; i++) {
        put(i, i);
    }

    assert_int_equal(get(1), 1);

    put(CELLS, CELLS);

    assert_int_equal(get(1), 1);
    assert_int_equal(get(2), -1);
    assert_int_equal(get(3), 3);
    assert_int_equal(get(CELLS), CELLS);
}


static void
test_large(void **state)
{
    ngx_str_t      text;
    static u_char  bytes[sizeof(shared)];

    put(1, 7);

    text.data = bytes;
    text.len = sizeof(bytes) / 8;

    ngx_cr_result_cache_put(&cache, key(2), &text);

    assert_int_equal(get(2), -1);
    assert_int_equal(get(1), 7);
}


/* Dies at the n-th call of a change; 0 when there were fewer. */

static ngx_uint_t
dies(ngx_uint_t n, void (*change)(void))
{
    if (setjmp(dead)) {
        return 1;
    }

    calls = n;
    change();

    if (calls) {
        calls = 0;
        return 0;
    }

    return 1;
}


static void put_more(void)   { put(CELLS, CELLS); }
static void put_again(void)  { put(3, 33); }
static void get_old(void)    { now.sec += cache.ttl; (void) get(1); }


static void
test_death(void **state)
{
    unsigned    i, change;
    int         found;
    ngx_uint_t  n, again;

    static void (*changes[])(void) = { put_more, put_again, get_old };

    for (change = 0; change < 3; change++) {
        for (n = 1; ; n++) {
            setup(NULL);

            for (i = 1; i < CELLS; i++) {
                put(i, i);
            }

            if (!dies(n, changes[change])) {
                break;
            }

            /* who comes next may die as well, while it makes all anew */

            for (again = 1; again < 4; again++) {
                dies(again, put_again);
            }

            for (i = 1; i <= CELLS; i++) {
                found = get(i);
                assert_true(found == -1 || found == (int) i
                            || (i == 3 && found == 33));
            }

            for (i = 1; i < CELLS; i++) {
                put(i, i + 10);
                assert_int_equal(get(i), i + 10);
            }
        }

        assert_true(n > 3);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_found, setup),
        cmocka_unit_test_setup(test_time, setup),
        cmocka_unit_test_setup(test_room, setup),
        cmocka_unit_test_setup(test_large, setup),
        cmocka_unit_test(test_death)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
