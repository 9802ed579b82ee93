
/* What an analyzer said that nobody has pulled yet, and what there is next. */

#include "ngx_cr_analysis_local.h"
#include "ngx_cr_utf8.h"


#define NGX_CR_ANALYSIS_BUF  1024


/* What was pulled goes, for whoever pulled it has come again. */

static void
ngx_cr_analysis_shift(ngx_cr_analysis_run_t *run)
{
    if (run->given) {
        run->len -= run->given;
        ngx_memmove(run->text, run->text + run->given, run->len);
        run->given = 0;
    }
}


void
ngx_cr_analysis_add(ngx_cr_analysis_run_t *run, const ngx_str_t *text)
{
    size_t   len, size;
    u_char  *p;

    ngx_cr_analysis_shift(run);

    len = ngx_min(text->len, NGX_CR_ANALYSIS_TEXT_MAX - run->total);

    if (len > run->size - run->len) {
        size = ngx_max(2 * run->size, run->len + len + NGX_CR_ANALYSIS_BUF);

        p = ngx_alloc(size, ngx_cycle->log);
        if (p == NULL) {
            return;
        }

        if (run->text) {
            ngx_memcpy(p, run->text, run->len);
            ngx_free(run->text);
        }

        run->text = p;
        run->size = size;
    }

    if (len) {
        ngx_memcpy(run->text + run->len, text->data, len);
        run->len += len;
        run->total += len;
    }
}


void
ngx_cr_analysis_void(ngx_cr_analysis_run_t *run)
{
    run->len = 0;
    run->given = 0;
    run->total = 0;
}


/* As much of the text as is whole characters. */

static size_t
ngx_cr_analysis_whole(ngx_cr_analysis_run_t *run)
{
    size_t  n;

    n = ngx_min(run->len, NGX_CR_ANALYSIS_TEXT);

    if (n == run->len && run->over) {
        return n;
    }

    return n - ngx_cr_utf8_beginning(run->text, run->text + n);
}


ngx_int_t
ngx_cr_analysis_next(ngx_cr_analysis_run_t *run,
    ngx_cr_analysis_event_t *event)
{
    ngx_memzero(event, sizeof(ngx_cr_analysis_event_t));

    ngx_cr_analysis_shift(run);

    event->provider = run->status.provider;
    event->model = run->status.model;
    event->notice = run->notice;

    if (run->begun) {
        run->begun = 0;
        event->kind = NGX_CR_ANALYSIS_STARTED;
        return NGX_OK;
    }

    run->given = run->len ? ngx_cr_analysis_whole(run) : 0;

    if (run->given) {
        event->kind = NGX_CR_ANALYSIS_CHUNK;
        event->text.data = run->text;
        event->text.len = run->given;
        return NGX_OK;
    }

    if (run->ended) {
        return NGX_DONE;
    }

    if (!run->over) {
        return NGX_AGAIN;
    }

    run->ended = 1;

    if (run->result->model.len) {
        event->model = run->result->model;
    }

    event->kind = NGX_CR_ANALYSIS_END;
    event->result = run->result;

    return NGX_OK;
}
