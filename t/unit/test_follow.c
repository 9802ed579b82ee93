
/*
 * Following a job: whatever the pieces in which its output came, a follower is
 * told all of it in whole characters, and who comes again with any number that
 * he was told is told exactly the rest.
 */

/* link: nginx ngx_http_coderemote_module/core/ngx_cr_follow.c */
/* link: ngx_http_coderemote_module/core/ngx_cr_utf8.c */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "ngx_cr_follow.h"


#define LOG_MAX   200000
#define EVENTS    65536


/* The job as the store has it: what was written to a byte's stream, and when
 * `end` is set no more will be. */

static u_char               bytes[LOG_MAX];
static uint8_t              streams[LOG_MAX];
static size_t               written;
static size_t               page;        /* bytes that are read at once */
static ngx_cr_job_view_t    job;
static ngx_int_t            kept;        /* what the store answers */
static ngx_cr_job_waiter_t  *waiting;

/* What a follower was told, a stream, and after which events. */

typedef struct {
    u_char      raw[2][LOG_MAX];
    size_t      len[2];
    u_char      shown[2][LOG_MAX * 3];
    size_t      nshown[2];
    ngx_uint_t  ended;
    ngx_uint_t  nstatus;
    uint8_t     status[4];
} heard_t;

static heard_t              heard, whole;

static struct {
    uint64_t    seq;
    size_t      len[2];
    size_t      nshown[2];
    size_t      written;
    uint8_t     status;
} told[EVENTS];

static size_t               ntold;


static ssize_t
store_read(const ngx_cr_job_id_t *id, ngx_cr_cursor_t *cursor, u_char *buf,
    size_t size, ngx_uint_t *stream)
{
    size_t  n;

    (void) id;

    if (kept != NGX_OK) {
        return kept;
    }

    if (cursor->offset == written) {
        return ngx_cr_job_done(job.status) ? NGX_DONE : NGX_AGAIN;
    }

    *stream = streams[cursor->offset];
    size = ngx_min(size, page);

    for (n = 0; n < size && cursor->offset < written; n++) {
        if (streams[cursor->offset] != *stream) {
            break;
        }

        buf[n] = bytes[cursor->offset++];
    }

    return n;
}


static const ngx_cr_store_t  store = { .read = store_read };


const ngx_cr_store_t *
ngx_cr_job_store(void)
{
    return &store;
}


ngx_int_t
ngx_cr_job_look(const ngx_cr_job_id_t *id, ngx_cr_job_view_t *view)
{
    (void) id;

    *view = job;
    view->log = written;

    return kept;
}


ngx_int_t
ngx_cr_job_wait(ngx_cr_job_waiter_t *waiter)
{
    assert_true(waiter->live);

    if (kept != NGX_OK) {
        return kept;
    }

    if (ngx_cr_job_done(job.status)) {
        return NGX_DONE;
    }

    waiter->queued = 1;
    waiting = waiter;

    return NGX_OK;
}


void
ngx_cr_job_unwait(ngx_cr_job_waiter_t *waiter)
{
    waiter->queued = 0;
    waiting = NULL;
}


static void
handler(ngx_cr_follow_t *follow)
{
    (*(ngx_uint_t *) follow->data)++;
}


static void
hear_anew(void)
{
    ngx_memzero(heard.len, sizeof(heard.len));
    ngx_memzero(heard.nshown, sizeof(heard.nshown));
    heard.nstatus = 0;
    heard.ended = 0;
}


static int
setup(void **state)
{
    (void) state;

    ngx_memzero(&job, sizeof(job));
    hear_anew();
    job.created_at = 1000;
    kept = NGX_OK;
    written = 0;
    page = 4096;
    ntold = 0;
    waiting = NULL;

    return 0;
}


static void
job_starts(void)
{
    job.status = NGX_CR_JOB_RUNNING;
    job.started_at = 2000;
}


static void
job_writes(ngx_uint_t stream, const void *data, size_t len)
{
    assert_true(written + len <= LOG_MAX);

    ngx_memcpy(bytes + written, data, len);
    memset(streams + written, stream, len);
    written += len;
}


static void
job_ends(void)
{
    job.status = NGX_CR_JOB_COMPLETED;
}


/* Pulls all there is and answers what said that there is no more. */

static ngx_int_t
pull(ngx_cr_follow_t *follow)
{
    u_char                 *out;
    ngx_int_t               rc;
    ngx_uint_t              i;
    ngx_cr_follow_event_t   event;

    for ( ;; ) {
        rc = ngx_cr_follow_next(follow, &event);

        if (rc != NGX_OK) {
            return rc;
        }

        assert_false(heard.ended);

        switch (event.kind) {

        case NGX_CR_FOLLOW_STATUS:
            assert_true(heard.nstatus < 2);
            heard.status[heard.nstatus++] = event.status;
            assert_int_equal(event.time, event.status ? 2000 : 1000);
            break;

        case NGX_CR_FOLLOW_TEXT:
            assert_in_range(event.text.len, 1, NGX_CR_FOLLOW_OUTPUT);
            assert_in_range(event.stream, 1, 2);

            i = event.stream - 1;

            ngx_memcpy(heard.raw[i] + heard.len[i], event.text.data,
                       event.text.len);
            heard.len[i] += event.text.len;

            out = heard.shown[i] + heard.nshown[i];
            heard.nshown[i] += ngx_cr_utf8_replace(out, event.text.data,
                                   event.text.data + event.text.len, 0) - out;

            assert_int_equal(event.seq, follow->seq);
            assert_true(ntold < EVENTS);

            told[ntold].seq = event.seq;
            ngx_memcpy(told[ntold].len, heard.len, sizeof(heard.len));
            ngx_memcpy(told[ntold].nshown, heard.nshown,
                       sizeof(heard.nshown));
            told[ntold].written = written;
            told[ntold++].status = job.status;
            break;

        case NGX_CR_FOLLOW_END:
            heard.ended = 1;
            break;
        }
    }
}


static void
begin(ngx_cr_follow_t *follow, uint64_t seq)
{
    static ngx_uint_t       calls;
    static ngx_cr_job_id_t  id;

    follow->handler = handler;
    follow->data = &calls;

    assert_int_equal(ngx_cr_follow_start(follow, &id, seq), NGX_OK);
}


/* What is to be heard of all that is in the log. */

static void
expect_whole(void)
{
    size_t  i, s;

    ngx_memzero(whole.len, sizeof(whole.len));

    for (i = 0; i < written; i++) {
        s = streams[i] - 1;
        whole.raw[s][whole.len[s]++] = bytes[i];
    }

    for (s = 0; s < 2; s++) {
        whole.nshown[s] = ngx_cr_utf8_replace(whole.shown[s], whole.raw[s],
                              whole.raw[s] + whole.len[s], 0)
                          - whole.shown[s];
    }
}


/* `heard` is what follows what was heard with told[n]; n < 0: all. */

static void
assert_rest(ssize_t n)
{
    size_t  s, len[2] = { 0, 0 }, nshown[2] = { 0, 0 };

    if (n >= 0) {
        ngx_memcpy(len, told[n].len, sizeof(len));
        ngx_memcpy(nshown, told[n].nshown, sizeof(nshown));
    }

    assert_true(heard.ended);

    for (s = 0; s < 2; s++) {
        assert_int_equal(heard.len[s], whole.len[s] - len[s]);
        assert_memory_equal(heard.raw[s], whole.raw[s] + len[s],
                            heard.len[s]);

        assert_int_equal(heard.nshown[s], whole.nshown[s] - nshown[s]);
        assert_memory_equal(heard.shown[s], whole.shown[s] + nshown[s],
                            heard.nshown[s]);
    }
}


/* Follows again from each number that was told: the job is done, and as it was
 * when the number was told. */

static void
resume_everywhere(void)
{
    size_t           n, nfirst, all;
    ngx_cr_follow_t  follow;

    all = written;
    nfirst = ntold;

    for (n = 0; n < nfirst; n++) {

        hear_anew();
        begin(&follow, told[n].seq);
        assert_int_equal(follow.seq, told[n].seq);
        assert_int_equal(pull(&follow), NGX_DONE);
        assert_rest(n);
        ntold = nfirst;

        hear_anew();
        job.status = told[n].status;
        written = told[n].written;
        begin(&follow, told[n].seq);
        (void) pull(&follow);
        written = all;
        job_ends();
        assert_int_equal(pull(&follow), NGX_DONE);
        assert_rest(n);
        ntold = nfirst;
    }
}


/*
 * Characters of one to four bytes, and what is none: a beginning without an
 * end, ends without a beginning, an overlong one, a surrogate, and the
 * beginning of one at the end.  An upper-case letter goes before what is of
 * stderr.
 */

static const struct {
    const char  *text;
    const char  *streams;
} logs[] = {
    { "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z\xe2\x82", "1111111111111" },
    { "\xe2\xc3\x82\xa9\xac\xf0\xf0\x9f\x9f\x98\x98\x80", "121211212122" },
    { "\xe2\x82\x41\xf0\x9f\xe2\x80\xc3\xc3\xa9\xff", "11122122111" },
    { "\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe0\x80", "11111112221" },
    { "\xf0\xf0\x9f\xf0\x9f\x98\xf0\x9f\x98\x80\xf0\x9f", "122111222211" },
    { "\xe2\xf0\x82\x9f\xc3\x98\xc3", "1212221" },
};


static void
test_every_split(void **state)
{
    size_t           i, k, len;
    uint32_t         split;
    ngx_cr_follow_t  follow;

    for (i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
        len = strlen(logs[i].text);
        assert_int_equal(len, strlen(logs[i].streams));

        for (split = 0; split < 1U << (len - 1); split++) {
            setup(state);
            job_starts();
            page = 1 + split % 3;
            begin(&follow, 0);

            for (k = 0; k < len; k++) {
                job_writes(logs[i].streams[k] - '0', logs[i].text + k, 1);

                if (k + 1 < len && (split >> k & 1)) {
                    assert_int_equal(pull(&follow), NGX_AGAIN);
                }
            }

            job_ends();
            expect_whole();

            assert_int_equal(pull(&follow), NGX_DONE);
            assert_rest(-1);

            resume_everywhere();
        }
    }
}


/* What does not fit one event, nor one page. */

static void
test_long(void **state)
{
    size_t           i, n;
    uint32_t         random;
    ngx_cr_follow_t  follow;

    static const char  *parts[] = { "abcdefgh", "\xc3\xa9", "\xe2\x82\xac",
                                    "\xf0\x9f\x98\x80", "\xff", "\xe2\x82" };

    (void) state;

    job_starts();
    begin(&follow, 0);
    random = 1;

    while (written < LOG_MAX - 8) {
        random = random * 1103515245 + 12345;
        i = random >> 16 & 0xfff;
        n = (i < 0x800) ? 0 : i % 6;
        job_writes(i % 97 ? 1 : 2, parts[n], strlen(parts[n]));

        if (i == 7) {
            assert_int_equal(pull(&follow), NGX_AGAIN);
        }
    }

    job_ends();
    expect_whole();

    assert_int_equal(pull(&follow), NGX_DONE);
    assert_rest(-1);
    assert_true(ntold > 100);
    ntold = ngx_min(ntold, 100);
    resume_everywhere();
}


/* It is called when there is something; the state comes before the output. */

static void
test_from_the_queue(void **state)
{
    ngx_uint_t       calls;
    ngx_cr_follow_t  follow;

    (void) state;

    begin(&follow, 0);
    follow.data = &calls;
    calls = 0;

    assert_int_equal(pull(&follow), NGX_AGAIN);
    assert_int_equal(heard.nstatus, 1);
    assert_int_equal(heard.status[0], NGX_CR_JOB_QUEUED);

    waiting->handler(waiting);
    assert_int_equal(calls, 1);
    assert_int_equal(pull(&follow), NGX_AGAIN);
    assert_int_equal(heard.nstatus, 1);

    job_starts();
    job_writes(1, "hello", 5);
    assert_int_equal(ngx_cr_follow_behind(&follow), 5);
    assert_int_equal(pull(&follow), NGX_AGAIN);
    assert_int_equal(ngx_cr_follow_behind(&follow), 0);
    assert_int_equal(heard.nstatus, 2);
    assert_int_equal(heard.status[1], NGX_CR_JOB_RUNNING);
    assert_int_equal(heard.len[0], 5);

    job_ends();
    assert_int_equal(pull(&follow), NGX_DONE);
    assert_true(heard.ended);
    assert_int_equal(pull(&follow), NGX_DONE);

    ngx_cr_follow_stop(&follow);
    assert_null(waiting);
    ngx_cr_follow_stop(&follow);
}


/* Whoever comes late is told the same, in the same order. */

static void
test_late(void **state)
{
    ngx_cr_follow_t  follow;

    (void) state;

    job_starts();
    job_writes(2, "late", 4);
    job_ends();

    begin(&follow, 0);
    assert_null(waiting);
    assert_int_equal(pull(&follow), NGX_DONE);
    assert_int_equal(heard.nstatus, 1);
    assert_int_equal(heard.status[0], NGX_CR_JOB_RUNNING);
    assert_int_equal(heard.len[1], 4);
    assert_true(heard.ended);

    /* One that never ran. */

    setup(state);
    job.status = NGX_CR_JOB_CANCELLED;

    begin(&follow, 0);
    assert_int_equal(pull(&follow), NGX_DONE);
    assert_int_equal(heard.nstatus, 1);
    assert_int_equal(heard.status[0], NGX_CR_JOB_QUEUED);
    assert_true(heard.ended);
}


/* The character that a limit has split is left out, and in its stream alone. */

static void
test_cut(void **state)
{
    ngx_cr_follow_t  follow;

    (void) state;

    job_starts();
    job_writes(1, "ab\xe2\x82", 4);
    job_writes(2, "c\xe2", 2);
    job.outcome.flags = NGX_CR_STDOUT_CUT;
    job_ends();

    begin(&follow, 0);
    assert_int_equal(pull(&follow), NGX_DONE);
    assert_true(heard.ended);
    assert_int_equal(heard.nshown[0], 2);
    assert_memory_equal(heard.shown[0], "ab", 2);
    assert_int_equal(heard.nshown[1], 4);
    assert_memory_equal(heard.shown[1], "c\xef\xbf\xbd", 4);

    /* With the last number nothing is left but the end. */

    hear_anew();
    begin(&follow, told[ntold - 1].seq);
    assert_int_equal(pull(&follow), NGX_DONE);
    assert_int_equal(heard.len[0] + heard.len[1], 0);
    assert_true(heard.ended);
}


static void
test_gone(void **state)
{
    ngx_cr_job_id_t  id;
    ngx_cr_follow_t  follow;

    (void) state;

    ngx_memzero(&id, sizeof(id));
    ngx_memzero(&follow, sizeof(follow));

    ngx_cr_follow_stop(&follow);

    kept = NGX_DECLINED;
    assert_int_equal(ngx_cr_follow_start(&follow, &id, 0), NGX_DECLINED);

    /* Before its status, before its output, and in the midst of it. */

    kept = NGX_OK;
    job_starts();
    job_writes(1, "ab\xe2", 3);
    begin(&follow, 0);
    kept = NGX_DECLINED;
    assert_int_equal(pull(&follow), NGX_DECLINED);

    kept = NGX_OK;
    assert_int_equal(pull(&follow), NGX_AGAIN);
    kept = NGX_DECLINED;
    assert_int_equal(pull(&follow), NGX_DECLINED);

    /* Somebody who comes again too late. */

    assert_int_equal(ngx_cr_follow_start(&follow, &id, 2), NGX_DECLINED);
    assert_false(follow.waiter.queued);
}


/* Numbers that nobody was told do no harm. */

static void
test_made_up(void **state)
{
    uint64_t         seq;
    ngx_cr_follow_t  follow;

    (void) state;

    job_starts();
    job_writes(1, "\xf0\x9f\x98\x80" "ab", 6);

    for (seq = 0; seq < 10; seq++) {
        hear_anew();
        begin(&follow, seq);
        (void) pull(&follow);
        assert_int_equal(heard.len[0], seq == 0 ? 6
                                       : seq <= 4 ? 2 : seq == 5 ? 1 : 0);
    }

    begin(&follow, UINT64_MAX);
    job_writes(1, "c", 1);
    hear_anew();
    (void) pull(&follow);
    assert_int_equal(heard.len[0], 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_every_split, setup),
        cmocka_unit_test_setup(test_long, setup),
        cmocka_unit_test_setup(test_from_the_queue, setup),
        cmocka_unit_test_setup(test_late, setup),
        cmocka_unit_test_setup(test_cut, setup),
        cmocka_unit_test_setup(test_gone, setup),
        cmocka_unit_test_setup(test_made_up, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
