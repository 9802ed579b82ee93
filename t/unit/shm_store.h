
/* What the tests of the shared memory store share. */


#ifndef _SHM_STORE_H_INCLUDED_
#define _SHM_STORE_H_INCLUDED_


#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../fuzz/fuzz_shm.h"


#define TEXT_MAX  50000

#define PAGES    60
#define OWNER    0      /* the worker that runs the jobs */
#define OTHER    1
#define THIRD    2


/* All that can be known of a job. */

typedef struct {
    ngx_int_t            rc;          /* of get() */
    ngx_cr_job_status_e  status;
    ngx_uint_t           end;
    size_t               nout;
    size_t               nerr;
    size_t               nclaim;
    size_t               ninput;
    size_t               nextras;
    ssize_t              input_end;   /* the last answer of input_read() */
    u_char               out[TEXT_MAX];
    u_char               err[TEXT_MAX];
    u_char               claim[NGX_CR_CLAIM_SIZE];
    u_char               input[TEXT_MAX];
    u_char               extras[TEXT_MAX];
} picture_t;


#define EXTRAS  30000   /* bytes of them that a job may have */


static inline const ngx_cr_job_id_t *
id(unsigned n)
{
    static ngx_cr_job_id_t  ids[256];

    memset(&ids[n], (int) n, sizeof(ngx_cr_job_id_t));

    return &ids[n];
}


/* Bytes by which a stream, and a place in it, can be told. */

static inline const u_char *
text(unsigned stream, size_t from)
{
    size_t           i;
    static u_char    texts[NGX_CR_LOG_STREAMS][TEXT_MAX];
    static unsigned  made;

    if (!made) {
        for (i = 0; i < sizeof(texts); i++) {
            texts[i / TEXT_MAX][i % TEXT_MAX]
                = (u_char) (i / TEXT_MAX * 50 + i % TEXT_MAX % 251);
        }

        made = 1;
    }

    return texts[stream] + from;
}


static inline ngx_int_t
make(unsigned n, size_t output, size_t input,
    const ngx_cr_connection_id_t *connection)
{
    ngx_cr_job_new_t  new;

    memset(&new, 0, sizeof(new));

    new.id = *id(n);
    ngx_str_set(&new.language, "python");
    new.limits.output = output;
    new.input = input;
    new.extras = EXTRAS;

    if (connection) {
        new.connection = *connection;
    }

    return fuzz_store->create(&new);
}


static inline ngx_int_t
end(unsigned n, size_t claim)
{
    ngx_cr_outcome_t  outcome;

    memset(&outcome, 0, sizeof(outcome));

    outcome.end = NGX_CR_END_CLAIM;
    outcome.claim.data = (u_char *) text(NGX_CR_LOG_CLAIM, 0);
    outcome.claim.len = claim;

    return fuzz_store->finish(id(n), NGX_CR_JOB_COMPLETED, &outcome);
}


static inline void
take_str(u_char *to, size_t *len, const ngx_str_t *from)
{
    *len = from->len;

    if (from->len) {
        memcpy(to, from->data, from->len);
    }
}


/* By get(), which read() must agree with, and by input_read(). */

static inline void
picture(unsigned n, picture_t *p)
{
    size_t              nout, nerr;
    ssize_t             len;
    ngx_pool_t         *pool;
    ngx_uint_t          stream;
    ngx_cr_cursor_t     cursor;
    ngx_cr_job_view_t   view;
    u_char              buf[777];

    memset(p, 0, sizeof(picture_t));
    memset(&cursor, 0, sizeof(cursor));

    pool = ngx_create_pool(1024, fuzz_log);
    p->rc = fuzz_store->get(id(n), pool, NGX_CR_GET_OUTPUT, &view);

    if (p->rc != NGX_OK) {
        ngx_destroy_pool(pool);
        return;
    }

    p->status = view.status;
    p->end = view.outcome.end;
    take_str(p->out, &p->nout, &view.out);
    take_str(p->err, &p->nerr, &view.err);
    take_str(p->claim, &p->nclaim, &view.outcome.claim);
    take_str(p->extras, &p->nextras, &view.extras);
    assert_memory_equal(p->extras, text(NGX_CR_EXTRAS, 0), p->nextras);
    ngx_destroy_pool(pool);

    nout = nerr = 0;

    while ((len = fuzz_store->read(id(n), &cursor, buf, sizeof(buf), &stream))
           > 0)
    {
        if (stream == NGX_CR_STDOUT) {
            assert_memory_equal(buf, p->out + nout, len);
            nout += len;

        } else {
            assert_int_equal(stream, NGX_CR_STDERR);
            assert_memory_equal(buf, p->err + nerr, len);
            nerr += len;
        }

        assert_int_equal(cursor.offset, nout + nerr);
    }

    assert_int_equal(len, ngx_cr_job_done(view.status) ? NGX_DONE : NGX_AGAIN);
    assert_int_equal(nout, p->nout);
    assert_int_equal(nerr, p->nerr);

    memset(&cursor, 0, sizeof(cursor));

    while ((len = fuzz_store->input_read(id(n), &cursor, p->input + p->ninput,
                                         777))
           > 0)
    {
        p->ninput += len;
    }

    p->input_end = len;
}


/* The texts are the beginnings of what text() gives, so long. */

static inline void
must_have(unsigned n, size_t nout, size_t nerr, size_t ninput)
{
    static picture_t  p;

    picture(n, &p);

    assert_int_equal(p.rc, NGX_OK);
    assert_int_equal(p.nout, nout);
    assert_int_equal(p.nerr, nerr);
    assert_int_equal(p.ninput, ninput);

    assert_memory_equal(p.out, text(NGX_CR_STDOUT, 0), nout);
    assert_memory_equal(p.err, text(NGX_CR_STDERR, 0), nerr);
    assert_memory_equal(p.input, text(NGX_CR_LOG_INPUT, 0), ninput);
}


static inline int
setup(void **state)
{
    (void) state;

    fuzz_shm_init(PAGES);

    return 0;
}


static inline int
teardown(void **state)
{
    const char  *wrong;

    (void) state;

    wrong = fuzz_shm_wrong();

    if (wrong) {
        print_error("wrong: %s\n", wrong);
    }

    return wrong ? -1 : 0;
}


#endif /* _SHM_STORE_H_INCLUDED_ */
