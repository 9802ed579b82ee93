
#include "ngx_cr_extra.h"


#define NGX_CR_EXTRA_VIEW                                                     \
    (offsetof(ngx_cr_job_view_t, extras) + sizeof(ngx_str_t))


static void
ngx_cr_extra_put(cr_put_t *put, const ngx_str_t *text)
{
    cr_put_bytes(put, text->data, text->len);
}


static void
ngx_cr_extra_get(cr_get_t *get, ngx_str_t *text)
{
    text->data = (u_char *) cr_get_bytes(get, get->end - get->pos, &text->len);
}


static void
ngx_cr_extra_put_outcome(cr_put_t *put, const ngx_cr_outcome_t *outcome)
{
    cr_put_u8(put, outcome->end);
    cr_put_u8(put, outcome->flags);
    cr_put_u8(put, outcome->signal);
    cr_put_u32(put, (uint32_t) outcome->exit_code);
    cr_put_u64(put, outcome->run_us);
    cr_put_u64(put, outcome->cpu_us);
    cr_put_u64(put, outcome->peak);
    ngx_cr_extra_put(put, &outcome->reason);
    ngx_cr_extra_put(put, &outcome->claim);
}


static void
ngx_cr_extra_get_outcome(cr_get_t *get, ngx_cr_outcome_t *outcome)
{
    outcome->end = cr_get_u8(get);
    outcome->flags = cr_get_u8(get);
    outcome->signal = cr_get_u8(get);
    outcome->exit_code = (int32_t) cr_get_u32(get);
    outcome->run_us = cr_get_u64(get);
    outcome->cpu_us = cr_get_u64(get);
    outcome->peak = cr_get_u64(get);
    ngx_cr_extra_get(get, &outcome->reason);
    ngx_cr_extra_get(get, &outcome->claim);
}


void
ngx_cr_extra_pack(cr_put_t *put, const ngx_cr_extra_t *extra)
{
    const ngx_cr_extra_case_t      *result;
    const ngx_cr_extra_compile_t   *compile;
    const ngx_cr_extra_artifact_t  *artifact;

    cr_put_u8(put, (uint8_t) extra->type);

    switch (extra->type) {

    case NGX_CR_EXTRA_ARTIFACT:
        artifact = &extra->u.artifact;

        cr_put_u8(put, artifact->left_out != 0);
        cr_put_u64(put, artifact->size);
        ngx_cr_extra_put(put, &artifact->name);
        ngx_cr_extra_put(put, &artifact->content);
        break;

    case NGX_CR_EXTRA_CASE:
        result = &extra->u.result;

        cr_put_u16(put, (uint16_t) result->number);
        cr_put_u8(put, (uint8_t) result->verdict);
        ngx_cr_extra_put_outcome(put, &result->outcome);
        ngx_cr_extra_put(put, &result->out);
        ngx_cr_extra_put(put, &result->err);
        break;

    case NGX_CR_EXTRA_COMPILE:
        compile = &extra->u.compile;

        cr_put_u64(put, compile->run_us);
        cr_put_u64(put, compile->cpu_us);
        cr_put_u64(put, compile->peak);
        break;
    }
}


/* A store that was built for an older header knows no extras. */

void
ngx_cr_extra_first(cr_get_t *get, const ngx_cr_job_view_t *view)
{
    static u_char  none[1];

    if (view->head.size < NGX_CR_EXTRA_VIEW || view->extras.len == 0) {
        cr_get_init(get, none, 0);
        return;
    }

    cr_get_init(get, view->extras.data, view->extras.len);
}


ngx_int_t
ngx_cr_extra_next(cr_get_t *get, ngx_cr_extra_t *extra)
{
    ngx_cr_extra_case_t      *result;
    ngx_cr_extra_compile_t   *compile;
    ngx_cr_extra_artifact_t  *artifact;

    if (!get->bad && get->pos == get->end) {
        return 0;
    }

    ngx_memzero(extra, sizeof(ngx_cr_extra_t));

    extra->type = cr_get_u8(get);

    switch (extra->type) {

    case NGX_CR_EXTRA_ARTIFACT:
        artifact = &extra->u.artifact;

        artifact->left_out = cr_get_u8(get);
        artifact->size = cr_get_u64(get);
        ngx_cr_extra_get(get, &artifact->name);
        ngx_cr_extra_get(get, &artifact->content);
        break;

    case NGX_CR_EXTRA_CASE:
        result = &extra->u.result;

        result->number = cr_get_u16(get);
        result->verdict = cr_get_u8(get);
        ngx_cr_extra_get_outcome(get, &result->outcome);
        ngx_cr_extra_get(get, &result->out);
        ngx_cr_extra_get(get, &result->err);

        if (result->verdict > NGX_CR_CASE_SKIPPED) {
            return -1;
        }

        break;

    case NGX_CR_EXTRA_COMPILE:
        compile = &extra->u.compile;

        compile->run_us = cr_get_u64(get);
        compile->cpu_us = cr_get_u64(get);
        compile->peak = cr_get_u64(get);
        break;

    default:
        return -1;
    }

    return get->bad ? -1 : 1;
}
