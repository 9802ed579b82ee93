
/*
 * The stdin of a run: what came with it, and then what its owner has.  That is
 * asked for when the sandbox has room for it.
 */

#include "ngx_cr_run_local.h"


static ngx_uint_t ngx_cr_run_feed_given(ngx_cr_run_t *run);
static void ngx_cr_run_feed_added(ngx_cr_run_t *run);
static void ngx_cr_run_feed_frame(ngx_cr_run_t *run, uint8_t flags,
    const u_char *data, size_t len);


static u_char  ngx_cr_run_input_buf[CR_FRAME_DATA_MAX];


ngx_int_t
ngx_cr_run_input_init(ngx_cr_run_t *run, const ngx_cr_run_spec_t *spec,
    size_t first)
{
    size_t  rest;

    rest = spec->input.len - first;

    run->input_credit = CR_STDIN_CREDIT - first;
    run->input_more = (spec->more != 0);
    run->input_open = (rest != 0 || run->input_more);

    if (rest == 0) {
        return NGX_OK;
    }

    run->input.data = ngx_alloc(rest, ngx_cr_runs.log);
    if (run->input.data == NULL) {
        return NGX_ERROR;
    }

    run->input.len = rest;
    ngx_memcpy(run->input.data, spec->input.data + first, rest);

    return NGX_OK;
}


void
ngx_cr_run_input_free(ngx_cr_run_t *run)
{
    if (run->input.data) {
        ngx_free(run->input.data);
        ngx_str_null(&run->input);
    }
}


ngx_int_t
ngx_cr_run_input_credit(ngx_cr_run_t *run, const cr_frame_t *frame,
    const u_char *payload)
{
    cr_get_t  get;
    uint32_t  bytes;

    cr_get_init(&get, payload, frame->length);
    bytes = cr_get_u32(&get);

    if (get.bad || get.pos != get.end || !run->started
        || bytes > UINT32_MAX - run->input_credit)
    {
        return NGX_ERROR;
    }

    run->input_credit += bytes;

    ngx_cr_run_feed(run);

    return NGX_OK;
}


/*
 * Not before it began: a run that is sent again, to another sandbox, begins
 * with its first byte of input.
 */

void
ngx_cr_run_feed(ngx_cr_run_t *run)
{
    if (!run->alive || !run->started || !run->sent) {
        return;
    }

    while (run->input_open && run->input.data) {
        if (!ngx_cr_run_feed_given(run)) {
            return;
        }
    }

    if (run->input_open) {
        ngx_cr_run_feed_added(run);
    }
}


/* Answers 0 when the sandbox has no room. */

static ngx_uint_t
ngx_cr_run_feed_given(ngx_cr_run_t *run)
{
    size_t      len;
    u_char     *data;
    ngx_uint_t  last;

    if (run->input_credit == 0) {
        return 0;
    }

    data = run->input.data + run->input_pos;
    len = ngx_min(run->input.len - run->input_pos, run->input_credit);
    len = ngx_min(len, CR_FRAME_DATA_MAX);

    run->input_pos += len;
    last = (run->input_pos == run->input.len);

    ngx_cr_run_feed_frame(run, last && !run->input_more ? CR_FLAG_EOF : 0,
                          data, len);

    if (last) {
        ngx_cr_run_input_free(run);
    }

    return 1;
}


/* The end needs no room. */

static void
ngx_cr_run_feed_added(ngx_cr_run_t *run)
{
    size_t   len;
    ssize_t  n;

    for ( ;; ) {
        len = ngx_min(run->input_credit, CR_FRAME_DATA_MAX);

        n = run->handlers->input(run, ngx_cr_run_input_buf, len);

        if (n == NGX_DONE) {
            ngx_cr_run_feed_frame(run, CR_FLAG_EOF, ngx_cr_run_input_buf, 0);
            return;
        }

        if (n <= 0) {
            return;
        }

        ngx_cr_run_feed_frame(run, 0, ngx_cr_run_input_buf, n);
    }
}


static void
ngx_cr_run_feed_frame(ngx_cr_run_t *run, uint8_t flags, const u_char *data,
    size_t len)
{
    run->input_credit -= len;

    if (flags & CR_FLAG_EOF) {
        run->input_open = 0;
    }

    ngx_cr_helper_send_frame(CR_MSG_STDIN, flags, run->number.key, data, len);
}
