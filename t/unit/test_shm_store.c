
/*
 * The shared memory store, the real one: what is written by one worker is read
 * by another, input comes between output and is seen by nobody, bounds hold.
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
test_life(void **state)
{
    ngx_uint_t        unfinished, kept;
    static picture_t  p;

    (void) state;

    assert_int_equal(make(1, 100, 0, NULL), NGX_OK);
    assert_int_equal(make(1, 100, 0, NULL), NGX_DECLINED);

    picture(1, &p);
    assert_int_equal(p.status, NGX_CR_JOB_QUEUED);

    assert_int_equal(fuzz_store->started(id(1)), NGX_OK);
    picture(1, &p);
    assert_int_equal(p.status, NGX_CR_JOB_RUNNING);
    assert_int_equal(fuzz_store->forget(id(1)), NGX_BUSY);

    assert_int_equal(end(1, 10), NGX_OK);
    picture(1, &p);
    assert_int_equal(p.status, NGX_CR_JOB_COMPLETED);
    assert_int_equal(p.nclaim, 10);

    assert_int_equal(end(1, 10), NGX_DECLINED);
    assert_int_equal(fuzz_store->started(id(1)), NGX_DECLINED);
    assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDOUT, text(1, 0), 1),
                     NGX_DECLINED);

    fuzz_store->count(&unfinished, &kept);
    assert_int_equal(unfinished, 0);
    assert_int_equal(kept, 1);

    assert_int_equal(fuzz_store->forget(id(1)), NGX_OK);
    assert_int_equal(fuzz_store->forget(id(1)), NGX_DECLINED);
    picture(1, &p);
    assert_int_equal(p.rc, NGX_DECLINED);
}


/* Bytes of both streams in turns, over several pages, up to the limit. */

static void
test_output(void **state)
{
    size_t  out, err;

    (void) state;

    assert_int_equal(make(1, 9000, 0, NULL), NGX_OK);

    for (out = err = 0; out < 8990; out += 29, err += 7) {
        assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDOUT,
                                            text(NGX_CR_STDOUT, out), 29),
                         29);
        assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDERR,
                                            text(NGX_CR_STDERR, err), 7),
                         7);
    }

    must_have(1, 8990, err, 0);

    assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDOUT,
                                        text(NGX_CR_STDOUT, out), 29),
                     10);
    assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDOUT,
                                        text(NGX_CR_STDOUT, out), 29),
                     0);
    assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDERR,
                                        text(NGX_CR_STDERR, err), 7),
                     7);

    must_have(1, 9000, err + 7, 0);
}


/* From any place of the log the rest is the same. */

static void
must_seek(unsigned n, const u_char *all, size_t len)
{
    size_t           from, got;
    ssize_t          rc;
    ngx_uint_t       stream;
    ngx_cr_cursor_t  cursor;
    static u_char    buf[TEXT_MAX];

    for (from = 0; from <= len; from += 97) {
        memset(&cursor, 0, sizeof(cursor));
        cursor.offset = from;
        got = from;

        while ((rc = fuzz_store->read(id(n), &cursor, buf, 1000, &stream)) > 0)
        {
            assert_memory_equal(buf, all + got, rc);
            got += rc;
        }

        assert_int_equal(got, len);
    }
}


static void
test_input(void **state)
{
    size_t            in, out, n;
    ngx_cr_job_id_t   ids[4];
    ngx_cr_cursor_t   cursor;
    static u_char     buf[TEXT_MAX];
    static picture_t  p;

    (void) state;

    assert_int_equal(make(1, 50000, 50000, NULL), NGX_OK);
    assert_int_equal(fuzz_store->started(id(1)), NGX_OK);
    memset(&cursor, 0, sizeof(cursor));

    for (in = out = 0; in < 20000; in += n, out += 300) {

        /* pieces of a byte and of pages; the cursor is always at the end */

        n = in % 3 ? 1 : 5000;

        fuzz_shm_worker(OTHER);
        fuzz_rings[OWNER] = 0;
        assert_int_equal(fuzz_store->input(id(1),
                                           text(NGX_CR_LOG_INPUT, in), n, 0),
                         NGX_OK);
        assert_int_equal(fuzz_rings[OWNER], 1);
        assert_int_equal(fuzz_store->inputs(ids, 4), 0);

        fuzz_shm_worker(OWNER);
        assert_int_equal(fuzz_store->inputs(ids, 4), 1);
        assert_memory_equal(&ids[0], id(1), sizeof(ngx_cr_job_id_t));
        assert_int_equal(fuzz_store->inputs(ids, 4), 0);

        while (cursor.offset < in + n) {
            assert_true(fuzz_store->input_read(id(1), &cursor,
                                               buf + cursor.offset, 1111)
                        > 0);
        }

        assert_int_equal(fuzz_store->input_read(id(1), &cursor, buf, 9),
                         NGX_AGAIN);

        assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDOUT,
                                            text(NGX_CR_STDOUT, out), 300),
                         300);
    }

    assert_memory_equal(buf, text(NGX_CR_LOG_INPUT, 0), in);
    must_have(1, out, 0, in);
    must_seek(1, text(NGX_CR_STDOUT, 0), out);

    /* the owner needs no bell */

    fuzz_rings[OWNER] = 0;
    assert_int_equal(fuzz_store->input(id(1), text(NGX_CR_LOG_INPUT, in), 9,
                                       1),
                     NGX_OK);
    assert_int_equal(fuzz_rings[OWNER], 0);
    assert_int_equal(fuzz_store->inputs(ids, 4), 0);

    assert_int_equal(fuzz_store->input_read(id(1), &cursor, buf, 0),
                     NGX_AGAIN);
    assert_int_equal(fuzz_store->input_read(id(1), &cursor, buf, 99), 9);
    assert_int_equal(fuzz_store->input_read(id(1), &cursor, buf, 0), NGX_DONE);

    assert_int_equal(end(1, 10000), NGX_OK);
    must_have(1, out, 0, in + 9);

    picture(1, &p);
    assert_int_equal(p.nclaim, 10000);
    assert_memory_equal(p.claim, text(NGX_CR_LOG_CLAIM, 0), 10000);
}


/* Whole or not at all, between output and input, seen by get() alone. */

static void
test_extras(void **state)
{
    size_t            len;
    static picture_t  p;

    (void) state;

    assert_int_equal(make(1, 50000, 50000, NULL), NGX_OK);
    assert_int_equal(make(2, 50000, 50000, NULL), NGX_OK);

    for (len = 0; len + 6000 <= EXTRAS; len += 6000) {
        assert_int_equal(fuzz_store->append(id(1), NGX_CR_EXTRAS,
                                            text(NGX_CR_EXTRAS, len), 6000),
                         6000);
        assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDOUT,
                                            text(NGX_CR_STDOUT, len / 2),
                                            3000),
                         3000);
        assert_int_equal(fuzz_store->input(id(1),
                                           text(NGX_CR_LOG_INPUT, len / 6),
                                           1000, 0),
                         NGX_OK);
    }

    must_have(1, 15000, 0, 5000);
    picture(1, &p);
    assert_int_equal(p.nextras, EXTRAS);

    assert_int_equal(fuzz_store->append(id(1), NGX_CR_EXTRAS,
                                        text(NGX_CR_EXTRAS, 0), 1),
                     0);
    assert_int_equal(fuzz_store->append(id(2), NGX_CR_EXTRAS,
                                        text(NGX_CR_EXTRAS, 0), EXTRAS + 1),
                     0);

    assert_int_equal(end(1, 5000), NGX_OK);
    picture(1, &p);
    assert_int_equal(p.nextras, EXTRAS);
    assert_int_equal(p.nclaim, 5000);
    assert_int_equal(p.nout, 15000);

    assert_int_equal(fuzz_store->append(id(1), NGX_CR_EXTRAS, p.extras, 1),
                     NGX_DECLINED);
}


/* What has no room leaves none behind, and the job goes on. */

static void
test_extras_without_room(void **state)
{
    unsigned          n;
    static picture_t  p;

    (void) state;

    assert_int_equal(make(1, 50000, 0, NULL), NGX_OK);

    for (n = 2; make(n, 10, 0, NULL) == NGX_OK; n++) {
        assert_true(n < ngx_cr_shm.store->npages);
    }

    assert_int_equal(fuzz_store->append(id(1), NGX_CR_EXTRAS,
                                        text(NGX_CR_EXTRAS, 0), 9000),
                     0);
    assert_int_equal(end(2, 0), NGX_OK);

    assert_int_equal(fuzz_store->append(id(1), NGX_CR_EXTRAS,
                                        text(NGX_CR_EXTRAS, 0), 9000),
                     0);
    assert_int_equal(fuzz_store->append(id(1), NGX_CR_EXTRAS,
                                        text(NGX_CR_EXTRAS, 0), 1000),
                     1000);
    assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDOUT,
                                        text(NGX_CR_STDOUT, 0), 1000),
                     1000);

    picture(1, &p);
    assert_int_equal(p.nextras, 1000);
    must_have(1, 1000, 0, 0);
}


static void
test_input_bounds(void **state)
{
    const u_char  *data;

    (void) state;

    data = text(NGX_CR_LOG_INPUT, 0);

    assert_int_equal(make(1, 100, 0, NULL), NGX_OK);
    assert_int_equal(make(2, 100, 100, NULL), NGX_OK);
    assert_int_equal(make(3, 100, 100, NULL), NGX_OK);

    fuzz_shm_worker(OTHER);

    assert_int_equal(fuzz_store->input(id(9), data, 1, 0), NGX_DECLINED);
    assert_int_equal(fuzz_store->input(id(1), data, 1, 0), NGX_DONE);
    assert_int_equal(fuzz_store->input(id(1), data, 0, 1), NGX_DONE);

    assert_int_equal(fuzz_store->input(id(2), data, 101, 1), NGX_BUSY);
    assert_int_equal(fuzz_store->input(id(2), data, 60, 0), NGX_OK);
    assert_int_equal(fuzz_store->input(id(2), data + 60, 41, 0), NGX_BUSY);
    assert_int_equal(fuzz_store->input(id(2), data + 60, 40, 1), NGX_OK);
    assert_int_equal(fuzz_store->input(id(2), data, 0, 0), NGX_DONE);
    must_have(2, 0, 0, 100);

    fuzz_shm_worker(OWNER);
    assert_int_equal(end(3, 0), NGX_OK);
    assert_int_equal(fuzz_store->input(id(3), data, 1, 0), NGX_DONE);
}


/* With all pages taken what cannot be whole is not there at all. */

static void
test_full(void **state)
{
    unsigned    n, pages;
    ngx_uint_t  nfree;

    (void) state;

    pages = ngx_cr_shm.store->npages - 1;

    assert_int_equal(make(1, 50000, 50000, NULL), NGX_OK);
    assert_int_equal(fuzz_store->input(id(1), text(NGX_CR_LOG_INPUT, 0), 100,
                                       0),
                     NGX_OK);

    for (n = 2; n <= pages - 2; n++) {
        assert_int_equal(make(n, 100, 0, NULL), NGX_OK);
    }

    nfree = ngx_cr_shm.store->nfree + ngx_cr_shm.store->npages
            - ngx_cr_shm.store->fresh;
    assert_int_equal(nfree, 2);

    assert_int_equal(fuzz_store->input(id(1), text(NGX_CR_LOG_INPUT, 100),
                                       16000, 1),
                     NGX_ERROR);
    must_have(1, 0, 0, 100);

    assert_int_equal(nfree, ngx_cr_shm.store->nfree + ngx_cr_shm.store->npages
                            - ngx_cr_shm.store->fresh);
    assert_null(fuzz_shm_wrong());

    /* the end of input did not come either; nor does a claim */

    assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDOUT,
                                        text(NGX_CR_STDOUT, 0), 5),
                     5);
    assert_int_equal(fuzz_store->input(id(1), text(NGX_CR_LOG_INPUT, 100),
                                       5000, 0),
                     NGX_OK);
    must_have(1, 5, 0, 5100);

    assert_int_equal(make(200, 100, 0, NULL), NGX_OK);
    assert_int_equal(make(201, 100, 0, NULL), NGX_ERROR);

    /* jobs that are done make room, the oldest first */

    assert_int_equal(end(3, 0), NGX_OK);
    assert_int_equal(end(2, 0), NGX_OK);
    assert_int_equal(make(201, 100, 0, NULL), NGX_OK);
    assert_int_equal(fuzz_store->forget(id(3)), NGX_DECLINED);
    assert_int_equal(fuzz_store->forget(id(2)), NGX_OK);
}


static void
test_claim_without_room(void **state)
{
    unsigned          n, pages;
    static picture_t  p;

    (void) state;

    pages = ngx_cr_shm.store->npages - 1;

    for (n = 1; n <= pages - 1; n++) {
        assert_int_equal(make(n, 5000, 0, NULL), NGX_OK);
    }

    assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDOUT,
                                        text(NGX_CR_STDOUT, 0), 100),
                     100);
    assert_int_equal(end(1, 20000), NGX_OK);

    picture(1, &p);
    assert_int_equal(p.end, NGX_CR_END_LOST);
    assert_int_equal(p.nclaim, 0);
    must_have(1, 100, 0, 0);

    assert_int_equal(ngx_cr_shm.store->fresh - ngx_cr_shm.store->nfree
                     - 1, pages - 1);
}


static void
test_watch(void **state)
{
    (void) state;

    assert_int_equal(make(1, 100, 100, NULL), NGX_OK);

    fuzz_shm_worker(OTHER);
    assert_int_equal(fuzz_store->watch(id(1)), NGX_OK);
    assert_int_equal(fuzz_store->watch(id(2)), NGX_DECLINED);

    fuzz_shm_worker(OWNER);
    assert_int_equal(fuzz_store->started(id(1)), NGX_OK);
    assert_int_equal(fuzz_rings[OTHER], 1);
    assert_int_equal(fuzz_store->append(id(1), NGX_CR_STDERR, text(2, 0), 1),
                     1);
    assert_int_equal(fuzz_rings[OTHER], 2);

    /* what it reads is nobody's news */

    assert_int_equal(fuzz_store->input(id(1), text(4, 0), 1, 0), NGX_OK);
    assert_int_equal(fuzz_rings[OTHER], 2);

    fuzz_shm_worker(OTHER);
    fuzz_store->unwatch(id(1));

    fuzz_shm_worker(OWNER);
    assert_int_equal(end(1, 0), NGX_OK);
    assert_int_equal(fuzz_rings[OTHER], 2);
    assert_int_equal(fuzz_rings[THIRD], 0);
}


static void
test_cancel(void **state)
{
    unsigned         n;
    ngx_uint_t       found;
    ngx_cr_job_id_t  ids[4];

    (void) state;

    for (n = 1; n <= 6; n++) {
        assert_int_equal(make(n, 100, 0, NULL), NGX_OK);
    }

    assert_int_equal(end(6, 0), NGX_OK);

    fuzz_shm_worker(OTHER);

    assert_int_equal(fuzz_store->cancel(id(6)), NGX_DONE);
    assert_int_equal(fuzz_store->cancel(id(7)), NGX_DECLINED);
    assert_int_equal(fuzz_rings[OWNER], 0);

    for (n = 1; n <= 5; n++) {
        assert_int_equal(fuzz_store->cancel(id(n)), NGX_OK);
    }

    assert_int_equal(fuzz_rings[OWNER], 5);
    assert_int_equal(fuzz_store->cancelled(ids, 4), 0);

    fuzz_shm_worker(OWNER);
    found = fuzz_store->cancelled(ids, 4);
    assert_int_equal(found, 4);
    assert_int_equal(fuzz_store->cancelled(ids, 4), 1);
    assert_int_equal(fuzz_store->cancelled(ids, 4), 0);
}


static void
test_lost(void **state)
{
    ngx_cr_job_id_t   ids[4];
    static picture_t  p;

    (void) state;

    assert_int_equal(make(1, 100, 100, NULL), NGX_OK);
    assert_int_equal(make(2, 100, 100, NULL), NGX_OK);

    fuzz_shm_worker(OTHER);
    assert_int_equal(fuzz_store->input(id(2), text(4, 0), 1, 0), NGX_OK);
    fuzz_shm_kill(OWNER);

    fuzz_shm_worker(THIRD);
    assert_int_equal(fuzz_store->watch(id(1)), NGX_OK);

    fuzz_shm_worker(OTHER);
    assert_int_equal(fuzz_store->input(id(1), text(4, 0), 1, 0), NGX_DONE);
    assert_int_equal(fuzz_rings[THIRD], 1);
    picture(1, &p);
    assert_int_equal(p.status, NGX_CR_JOB_FAILED);
    assert_int_equal(p.end, NGX_CR_END_LOST);

    /* in its place comes one that knows nothing of its jobs */

    fuzz_shm_worker(OWNER);
    assert_int_equal(fuzz_store->inputs(ids, 4), 0);
    picture(2, &p);
    assert_int_equal(p.status, NGX_CR_JOB_FAILED);
}


/* The last that is asked for: the others' slots were looked at before. */

static void
come_meanwhile(const ngx_cr_worker_t *worker)
{
    if (worker->number != FUZZ_WORKERS - 1) {
        return;
    }

    fuzz_asked = NULL;

    fuzz_shm_worker(THIRD);
    assert_int_equal(make(2, 100, 0, NULL), NGX_OK);
    fuzz_shm_worker(OTHER);
}


/* While a new worker looks for the jobs of dead ones another one begins. */

static void
test_lost_and_new(void **state)
{
    static picture_t  p;

    (void) state;

    fuzz_shm_worker(THIRD);
    assert_int_equal(make(1, 100, 0, NULL), NGX_OK);

    fuzz_shm_kill(THIRD);
    fuzz_shm_kill(OTHER);

    fuzz_asked = come_meanwhile;
    fuzz_shm_worker(OTHER);
    assert_null(fuzz_asked);

    picture(1, &p);
    assert_int_equal(p.status, NGX_CR_JOB_FAILED);
    picture(2, &p);
    assert_int_equal(p.status, NGX_CR_JOB_QUEUED);
}


static void
test_expired(void **state)
{
    uint64_t          ended;
    static picture_t  p;

    (void) state;

    assert_int_equal(make(1, 100, 0, NULL), NGX_OK);
    assert_int_equal(end(1, 0), NGX_OK);
    picture(1, &p);
    assert_int_equal(p.rc, NGX_OK);

    ngx_cr_shm.ttl = 0;
    ended = ngx_cr_now_us();
    while (ngx_cr_now_us() <= ended) { /* void */ }

    picture(1, &p);
    assert_int_equal(p.rc, NGX_DECLINED);

    assert_int_equal(make(2, 100, 0, NULL), NGX_OK);
    assert_int_equal(ngx_cr_shm.store->done.count, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_life, setup, teardown),
        cmocka_unit_test_setup_teardown(test_output, setup, teardown),
        cmocka_unit_test_setup_teardown(test_input, setup, teardown),
        cmocka_unit_test_setup_teardown(test_input_bounds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_extras, setup, teardown),
        cmocka_unit_test_setup_teardown(test_extras_without_room, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_full, setup, teardown),
        cmocka_unit_test_setup_teardown(test_claim_without_room, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_watch, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cancel, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lost, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lost_and_new, setup, teardown),
        cmocka_unit_test_setup_teardown(test_expired, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
