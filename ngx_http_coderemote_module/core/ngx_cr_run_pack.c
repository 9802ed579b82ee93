
/* The frames that a run begins with: RUN, the program's rest, its input. */

#include "ngx_cr_run_local.h"


/* Bytes of a packed cr_run_t beside its runtime and program. */
#define NGX_CR_RUN_FIXED    (2 * 8 + 5 * 4 + 2 * 4)

/* Bytes of a packed program, and of each text in it, beside the texts. */
#define NGX_CR_RUN_PROGRAM  32
#define NGX_CR_RUN_TEXT     10


static u_char *ngx_cr_run_put_frame(u_char *p, cr_frame_t *frame,
    uint8_t type, const u_char *data, size_t len);


/* Nearly all programs fit it; for others memory is found. */

static u_char  ngx_cr_run_program[CR_PROGRAM_PART];


size_t
ngx_cr_run_program_size(const cr_program_t *program)
{
    size_t    size;
    uint16_t  i;

    size = NGX_CR_RUN_PROGRAM + program->code.len;

    for (i = 0; i < program->nargs; i++) {
        size += NGX_CR_RUN_TEXT + program->args[i].len;
    }

    for (i = 0; i < program->nfiles; i++) {
        size += 2 * NGX_CR_RUN_TEXT + program->files[i].name.len
                + program->files[i].content.len;
    }

    for (i = 0; i < program->npatterns; i++) {
        size += NGX_CR_RUN_TEXT + program->patterns[i].len;
    }

    return size;
}


/*
 * In one piece of memory that is sent by one call, and kept until the run
 * began: the sandbox may end before.
 */

static ngx_int_t
ngx_cr_run_frames(ngx_cr_run_t *run, const ngx_cr_run_spec_t *spec,
    const u_char *program, size_t len)
{
    size_t       size, part, input;
    u_char      *p;
    cr_put_t     put;
    cr_run_t     head;
    cr_frame_t   frame;

    part = ngx_min(len, CR_PROGRAM_PART);
    input = ngx_min(spec->input.len, CR_STDIN_CREDIT);

    head.user = spec->turn;
    head.memory = spec->limits.memory;
    head.timeout_ms = spec->limits.timeout_ms;
    head.output_limit = (uint32_t) spec->limits.output;
    head.artifact_limit = spec->artifact_limit;
    head.credit = NGX_CR_RUN_CREDIT;
    head.program_size = (uint32_t) len;
    head.runtime.data = spec->runtime.data;
    head.runtime.len = spec->runtime.len;
    head.program.data = program;
    head.program.len = part;

    size = (2 + len / CR_PROGRAM_PART + 1) * CR_FRAME_HEADER
           + NGX_CR_RUN_FIXED + spec->runtime.len + len + input;

    run->frame = ngx_alloc(size, ngx_cr_runs.log);
    if (run->frame == NULL) {
        return NGX_ERROR;
    }

    cr_put_init(&put, run->frame + CR_FRAME_HEADER, size - CR_FRAME_HEADER);
    cr_run_pack(&put, &head);

    if (put.bad) {
        return NGX_ERROR;
    }

    frame.job = run->number.key;
    frame.flags = 0;

    p = ngx_cr_run_put_frame(run->frame, &frame, CR_MSG_RUN, NULL,
                             cr_put_len(&put));

    for (program += part, len -= part; len; program += part, len -= part) {
        part = ngx_min(len, CR_PROGRAM_PART);
        p = ngx_cr_run_put_frame(p, &frame, CR_MSG_PROGRAM, program, part);
    }

    if (input == spec->input.len && !spec->more) {
        frame.flags = CR_FLAG_EOF;
    }

    p = ngx_cr_run_put_frame(p, &frame, CR_MSG_STDIN, spec->input.data, input);

    run->frame_len = p - run->frame;

    return ngx_cr_run_input_init(run, spec, input);
}


/* data: NULL when it is there already.  Answers where the frame ends. */

static u_char *
ngx_cr_run_put_frame(u_char *p, cr_frame_t *frame, uint8_t type,
    const u_char *data, size_t len)
{
    frame->type = type;
    frame->length = (uint32_t) len;

    cr_frame_encode(p, frame);

    p += CR_FRAME_HEADER;

    if (data && len) {
        ngx_memcpy(p, data, len);
    }

    return p + len;
}


ngx_int_t
ngx_cr_run_pack(ngx_cr_run_t *run, const ngx_cr_run_spec_t *spec)
{
    size_t                        size;
    u_char                       *program;
    void                         *data;
    cr_put_t                      put;
    ngx_int_t                     rc;
    const ngx_cr_run_handlers_t  *handlers;

    size = ngx_cr_run_program_size(spec->program);

    if (size > CR_PROGRAM_MAX) {
        return NGX_DECLINED;
    }

    handlers = run->handlers;
    data = run->data;

    ngx_memzero(run, sizeof(ngx_cr_run_t));

    run->handlers = handlers;
    run->data = data;
    run->timeout_ms = spec->limits.timeout_ms;
    run->artifacts = spec->artifact_limit;
    run->number.key = ++ngx_cr_runs.number ? ngx_cr_runs.number
                                           : ++ngx_cr_runs.number;

    program = ngx_cr_run_program;

    if (size > sizeof(ngx_cr_run_program)) {
        program = ngx_alloc(size, ngx_cr_runs.log);
        if (program == NULL) {
            return NGX_ERROR;
        }
    }

    cr_put_init(&put, program, size);
    cr_program_pack(&put, spec->program);

    rc = put.bad ? NGX_ERROR
                 : ngx_cr_run_frames(run, spec, program, cr_put_len(&put));

    if (program != ngx_cr_run_program) {
        ngx_free(program);
    }

    if (rc != NGX_OK) {
        ngx_cr_run_drop(run);
    }

    return rc;
}
