
/*
 * An analyzer that does as the program says, as another nginx module would
 * bring one.  Each line of the program is a step:
 *
 *     # chunk TEXT    a piece of narrative; \xHH is a byte, \n a line's end
 *     # big N         so many bytes of it
 *     # wait MS
 *     # done TEXT     a result with TEXT as its time complexity
 *     # fail TEXT     the program is wrong
 *     # away TEXT     the analyzer is not available
 *     # busy N        the same, by status 503, and in N seconds it is
 *     # refuse N      start() refuses, with that status
 *     # broken        start() fails
 *     # again         in the place of what follows a result: it comes twice
 *
 * A program without an end is never answered.
 */

#include "ngx_http_coderemote_api.h"


typedef struct {
    ngx_str_t            model;
    ngx_str_t            prompt;
    ngx_flag_t           away;
} ngx_http_fake_conf_t;

typedef struct {
    ngx_cr_analysis_t   *analysis;
    u_char              *pos;
    u_char              *last;
    ngx_event_t          timer;
} ngx_http_fake_t;


static ngx_int_t ngx_http_fake_preconfiguration(ngx_conf_t *cf);
static void *ngx_http_fake_create_conf(ngx_conf_t *cf);
static char *ngx_http_fake_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static void ngx_http_fake_status(ngx_http_request_t *r,
    ngx_cr_analyzer_status_t *status);
static ngx_int_t ngx_http_fake_start(ngx_cr_analysis_t *a);
static void ngx_http_fake_cancel(ngx_cr_analysis_t *a);
static void ngx_http_fake_step(ngx_event_t *ev);


static ngx_command_t  ngx_http_fake_commands[] = {

    { ngx_string("fake_model"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_fake_conf_t, model),
      NULL },

    { ngx_string("fake_prompt"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_fake_conf_t, prompt),
      NULL },

    { ngx_string("fake_away"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_fake_conf_t, away),
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_fake_analyzer_module_ctx = {
    ngx_http_fake_preconfiguration,          /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_http_fake_create_conf,               /* create location configuration */
    ngx_http_fake_merge_conf                 /* merge location configuration */
};


ngx_module_t  ngx_http_fake_analyzer_module = {
    NGX_MODULE_V1,
    &ngx_http_fake_analyzer_module_ctx,      /* module context */
    ngx_http_fake_commands,                  /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    NULL,                                    /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


/* What nginx's build system would write. */

ngx_module_t  *ngx_modules[] = { &ngx_http_fake_analyzer_module, NULL };
char          *ngx_module_names[] = { "ngx_http_fake_analyzer_module", NULL };
char          *ngx_module_order[] = { NULL };


static const ngx_cr_analyzer_t  ngx_http_fake_analyzer = {
    NGX_CR_API_HEAD(ngx_cr_analyzer_t),
    ngx_string("fake"),
    ngx_http_fake_status,
    ngx_http_fake_start,
    ngx_http_fake_cancel,
    0
};


static ngx_int_t
ngx_http_fake_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_coderemote_register_analyzer(cf, &ngx_http_fake_analyzer);
}


static void *
ngx_http_fake_create_conf(ngx_conf_t *cf)
{
    ngx_http_fake_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_fake_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->away = NGX_CONF_UNSET;

    return conf;
}


static char *
ngx_http_fake_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_fake_conf_t *prev = parent;
    ngx_http_fake_conf_t *conf = child;

    ngx_conf_merge_str_value(conf->model, prev->model, "fake-1");
    ngx_conf_merge_str_value(conf->prompt, prev->prompt, "");
    ngx_conf_merge_value(conf->away, prev->away, 0);

    return NGX_CONF_OK;
}


static void
ngx_http_fake_status(ngx_http_request_t *r, ngx_cr_analyzer_status_t *status)
{
    ngx_http_fake_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_fake_analyzer_module);

    ngx_str_set(&status->provider, "fake");

    status->model = conf->model;
    status->identity = conf->prompt;
    status->available = !conf->away;

    if (conf->away) {
        ngx_str_set(&status->reason, "The fake one is away.");
    }
}


static ngx_uint_t
ngx_http_fake_is(u_char **pos, u_char *last, const char *word)
{
    size_t  len;

    len = ngx_strlen(word);

    if ((size_t) (last - *pos) < len || ngx_strncmp(*pos, word, len) != 0) {
        return 0;
    }

    *pos += len;

    if (*pos < last && **pos == ' ') {
        (*pos)++;
    }

    return 1;
}


static void
ngx_http_fake_next(ngx_http_fake_t *f, ngx_str_t *line)
{
    line->data = f->pos;

    while (f->pos < f->last && *f->pos != '\n') {
        f->pos++;
    }

    line->len = f->pos - line->data;

    if (f->pos < f->last) {
        f->pos++;
    }
}


/* It is counted by these lines. */

static ngx_int_t
ngx_http_fake_start(ngx_cr_analysis_t *a)
{
    u_char           *p;
    ngx_http_fake_t  *f;

    ngx_log_error(NGX_LOG_NOTICE, a->log, 0, "fake analyzer: start for \"%V\"",
                  &a->user);

    f = ngx_pcalloc(a->pool, sizeof(ngx_http_fake_t));
    if (f == NULL) {
        return NGX_ERROR;
    }

    p = a->code.data;

    f->analysis = a;
    f->pos = p;
    f->last = p + a->code.len;
    f->timer.handler = ngx_http_fake_step;
    f->timer.data = f;
    f->timer.log = a->log;

    if (ngx_http_fake_is(&p, f->last, "# refuse")) {
        a->refusal.status = ngx_atoi(p, 3);
        a->refusal.retry_after = 7;
        ngx_str_set(&a->refusal.detail, "Ask somebody else.");
        return NGX_DECLINED;
    }

    if (ngx_http_fake_is(&p, f->last, "# broken")) {
        return NGX_ERROR;
    }

    a->data = f;
    ngx_add_timer(&f->timer, 1);

    return NGX_OK;
}


static void
ngx_http_fake_cancel(ngx_cr_analysis_t *a)
{
    ngx_http_fake_t  *f;

    ngx_log_error(NGX_LOG_NOTICE, a->log, 0, "fake analyzer: cancel");

    f = a->data;

    if (f->timer.timer_set) {
        ngx_del_timer(&f->timer);
    }
}


static void
ngx_http_fake_chunk(ngx_http_fake_t *f, const ngx_str_t *line)
{
    u_char     *p, *last, *out;
    ngx_str_t   text;

    text.data = ngx_pnalloc(f->analysis->pool, line->len);
    if (text.data == NULL) {
        return;
    }

    out = text.data;
    last = line->data + line->len;

    for (p = line->data; p < last; p++) {

        if (last - p > 1 && p[0] == '\\' && p[1] == 'n') {
            *out++ = '\n';
            p++;

        } else if (last - p > 3 && p[0] == '\\' && p[1] == 'x') {
            *out++ = (u_char) ngx_hextoi(p + 2, 2);
            p += 3;

        } else {
            *out++ = *p;
        }
    }

    text.len = out - text.data;

    f->analysis->chunk(f->analysis, &text);
}


static void
ngx_http_fake_big(ngx_http_fake_t *f, ngx_str_t *line)
{
    ngx_str_t  text;

    text.len = ngx_atoi(line->data, line->len);
    text.data = ngx_pnalloc(f->analysis->pool, text.len);

    if (text.data) {
        ngx_memset(text.data, 'x', text.len);
        f->analysis->chunk(f->analysis, &text);
    }
}


static void
ngx_http_fake_answer(ngx_http_fake_t *f, ngx_str_t *text,
    ngx_cr_analysis_result_t *result)
{
    ngx_cr_analysis_t  *a;

    static ngx_str_t    advice[] = { ngx_string("Try less."),
                                     ngx_string("Or \xff more.") };

    a = f->analysis;

    if (result->success) {
        result->time_complexity = *text;
        ngx_str_set(&result->space_complexity, "O(1)");
        result->suggestions = advice;
        result->nsuggestions = 2;
        ngx_str_set(&result->narrative, "All of it.");
        ngx_str_set(&result->model, "fake-1-exact");

    } else if (result->status) {
        result->retry_after = ngx_atoi(text->data, text->len);
        ngx_str_set(&result->error, "The fake one is busy.");

    } else {
        result->error = *text;
    }

    if (ngx_http_fake_is(&f->pos, f->last, "# again")) {
        a->done(a, result);
    }

    a->done(a, result);
}


static void
ngx_http_fake_step(ngx_event_t *ev)
{
    u_char                    *p, *last;
    ngx_str_t                  line;
    ngx_http_fake_t           *f = ev->data;
    ngx_cr_analysis_result_t   result = {
        .head = NGX_CR_API_HEAD(ngx_cr_analysis_result_t)
    };

    while (f->pos < f->last) {
        ngx_http_fake_next(f, &line);

        p = line.data;
        last = p + line.len;

        if (ngx_http_fake_is(&p, last, "# wait")) {
            ngx_add_timer(ev, (ngx_msec_t) ngx_atoi(p, last - p));
            return;
        }

        line.len = last - p;
        line.data = p;

        if (ngx_http_fake_is(&line.data, last, "# chunk")) {
            line.len = last - line.data;
            ngx_http_fake_chunk(f, &line);
            continue;
        }

        if (ngx_http_fake_is(&line.data, last, "# big")) {
            line.len = last - line.data;
            ngx_http_fake_big(f, &line);
            continue;
        }

        result.success = ngx_http_fake_is(&line.data, last, "# done");
        result.unavailable = ngx_http_fake_is(&line.data, last, "# away");

        if (ngx_http_fake_is(&line.data, last, "# busy")) {
            result.unavailable = 1;
            result.status = NGX_HTTP_SERVICE_UNAVAILABLE;
        }

        if (result.success || result.unavailable
            || ngx_http_fake_is(&line.data, last, "# fail"))
        {
            line.len = last - line.data;
            ngx_http_fake_answer(f, &line, &result);
            return;
        }
    }
}
