
/*
 * Connections have names that lead to their worker, and whom a job reports to
 * is told of it once.
 */

/*
 * link: ngx_http_coderemote_module/store/ngx_cr_shm_store.c
 * link: ngx_http_coderemote_module/store/ngx_cr_shm_view.c
 * link: ngx_http_coderemote_module/store/ngx_cr_shm_wake.c
 * link: ngx_http_coderemote_module/store/ngx_cr_shm_log.c
 * link: ngx_http_coderemote_module/store/ngx_cr_shm_pages.c
 * link: ngx_http_coderemote_module/store/ngx_cr_connection.c
 * link: ngx_http_coderemote_module/store/ngx_cr_store.c
 * link: t/fuzz/fuzz_nginx_shm.c t/fuzz/fuzz_nginx.c
 * link: t/fuzz/fuzz_nginx_string.c nginx
 */

#include "shm_store.h"


static void
connection_of(ngx_uint_t worker, ngx_cr_connection_id_t *connection)
{
    fuzz_shm_worker(worker);
    assert_int_equal(ngx_cr_connection_id_generate(connection, fuzz_log),
                     NGX_OK);
    assert_false(ngx_cr_connection_id_none(connection));
    assert_true(ngx_cr_connection_id_here(connection));
    fuzz_shm_worker(OWNER);
}


static void
test_connection_id(void **state)
{
    u_char                  buf[NGX_CR_CONNECTION_ID_LEN];
    ngx_cr_connection_id_t  one, two;

    (void) state;

    connection_of(OTHER, &one);
    assert_false(ngx_cr_connection_id_here(&one));

    assert_ptr_equal(ngx_cr_connection_id_format(buf, &one),
                     buf + sizeof(buf));
    assert_int_equal(ngx_cr_connection_id_parse(buf, sizeof(buf), &two),
                     NGX_OK);
    assert_memory_equal(&one, &two, sizeof(one));

    assert_int_equal(ngx_cr_connection_id_parse(buf, sizeof(buf) - 1, &two),
                     NGX_ERROR);
    buf[7] = 'A';
    assert_int_equal(ngx_cr_connection_id_parse(buf, sizeof(buf), &two),
                     NGX_ERROR);
    buf[7] = 'g';
    assert_int_equal(ngx_cr_connection_id_parse(buf, sizeof(buf), &two),
                     NGX_ERROR);

    memset(&two, 0, sizeof(two));
    assert_true(ngx_cr_connection_id_none(&two));
}


/* The reports that this worker finds, at most two at a time. */

static unsigned
reports(ngx_uint_t worker, const ngx_cr_connection_id_t *connection)
{
    unsigned         found;
    ngx_uint_t       i, n;
    ngx_cr_report_t  list[2];

    fuzz_shm_worker(worker);
    found = 0;

    do {
        n = fuzz_store->reports(list, 2);

        for (i = 0; i < n; i++) {
            assert_memory_equal(&list[i].connection, connection,
                                sizeof(ngx_cr_connection_id_t));
            found |= 1u << list[i].id.bytes[0];
        }

    } while (n == 2);

    fuzz_shm_worker(OWNER);

    return found;
}


static void
reports_of(ngx_uint_t worker)
{
    unsigned                n;
    ngx_cr_connection_id_t  connection;

    connection_of(worker, &connection);

    for (n = 40; n < 50; n++) {
        assert_int_equal(make(n, 100, 0, NULL), NGX_OK);
        assert_int_equal(end(n, 0), NGX_OK);
    }

    /* unfinished */

    assert_int_equal(make(1, 100, 0, &connection), NGX_OK);
    assert_int_equal(make(2, 100, 0, NULL), NGX_OK);
    assert_int_equal(reports(THIRD, &connection), 0);
    assert_int_equal(reports(worker, &connection), 1u << 1);
    assert_int_equal(reports(worker, &connection), 0);

    /* done before it looked, others' among them, and one forgotten */

    for (n = 3; n <= 9; n++) {
        assert_int_equal(make(n, 100, 0, n == 5 ? NULL : &connection), NGX_OK);
        assert_int_equal(end(n, 0), NGX_OK);
    }

    assert_int_equal(fuzz_store->forget(id(4)), NGX_OK);
    assert_int_equal(make(10, 100, 0, &connection), NGX_OK);
    assert_int_equal(end(1, 0), NGX_OK);

    assert_int_equal(reports(worker, &connection),
                     1u << 3 | 0xf << 6 | 1u << 10);
    assert_int_equal(reports(worker, &connection), 0);

    assert_int_equal(end(10, 0), NGX_OK);
    assert_int_equal(reports(worker, &connection), 0);

    for (n = 1; n <= 10; n++) {
        assert_int_equal(fuzz_store->forget(id(n)),
                         n == 2 ? NGX_BUSY : n == 4 ? NGX_DECLINED : NGX_OK);
    }
}


static void
test_reports(void **state)
{
    ngx_cr_connection_id_t  connection, old;

    (void) state;

    connection_of(OTHER, &connection);
    assert_int_equal(make(30, 100, 0, &connection), NGX_OK);
    assert_int_equal(fuzz_rings[OTHER], 1);
    assert_int_equal(reports(OTHER, &connection), 1u << 30);

    /* it is gone, and nobody else's */

    old = connection;
    fuzz_shm_kill(OTHER);
    connection_of(OTHER, &connection);
    assert_int_equal(make(31, 100, 0, &old), NGX_OK);
    assert_int_equal(fuzz_rings[OTHER], 1);
    assert_int_equal(reports(OTHER, &connection), 0);

    /* a doorbell that there is not */

    memset(&old, 255, sizeof(old));
    assert_int_equal(make(32, 100, 0, &old), NGX_OK);

    reports_of(OTHER);
}


static void
test_reports_without_doorbell(void **state)
{
    (void) state;

    reports_of(FUZZ_NO_BELL);
}


/* One that was evicted before it was told is not told, others are. */

static void
test_reports_evicted(void **state)
{
    unsigned                n, pages;
    ngx_cr_connection_id_t  connection;

    (void) state;

    pages = ngx_cr_shm.store->npages - 1;
    connection_of(OTHER, &connection);

    assert_int_equal(make(1, 100, 0, &connection), NGX_OK);
    assert_int_equal(end(1, 0), NGX_OK);
    assert_int_equal(make(2, 100, 0, &connection), NGX_OK);
    assert_int_equal(end(2, 0), NGX_OK);

    for (n = 100; n < 100 + pages - 1; n++) {
        assert_int_equal(make(n, 100, 0, NULL), NGX_OK);
    }

    assert_int_equal(reports(OTHER, &connection), 1u << 2);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_connection_id, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reports, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reports_without_doorbell, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_reports_evicted, setup,
                                        teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
