
/*
 * An analyzer that looks at the outline of a Python program, its lines, loops
 * and branches, and guesses from how deep loops lie in each other.
 */

#include "ngx_http_coderemote_api.h"


#define NGX_HTTP_OUTLINE_DEEPEST  32


typedef struct {
    ngx_int_t            depth;      /* of loops, from which on it is told */
    ngx_str_t            identity;   /* what answers depend on, as text */
} ngx_http_outline_conf_t;

typedef struct {
    ngx_cr_analysis_t   *analysis;
    ngx_event_t          event;

    ngx_uint_t           lines;
    ngx_uint_t           code;       /* lines that are code */
    ngx_uint_t           loops;
    ngx_uint_t           branches;
    ngx_uint_t           functions;

    ngx_uint_t           depth;      /* of the loops around a line */
    ngx_uint_t           deepest;
    ngx_uint_t           where;      /* the line of the deepest loop */
    ngx_uint_t           indent[NGX_HTTP_OUTLINE_DEEPEST];
    ngx_uint_t           text;       /* unsigned  text:1; in triple quotes */
} ngx_http_outline_t;


static ngx_int_t ngx_http_outline_preconfiguration(ngx_conf_t *cf);
static void *ngx_http_outline_create_conf(ngx_conf_t *cf);
static char *ngx_http_outline_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static void ngx_http_outline_status(ngx_http_request_t *r,
    ngx_cr_analyzer_status_t *status);
static ngx_int_t ngx_http_outline_start(ngx_cr_analysis_t *a);
static void ngx_http_outline_cancel(ngx_cr_analysis_t *a);
static void ngx_http_outline_answer(ngx_event_t *ev);


static ngx_conf_num_bounds_t  ngx_http_outline_bounds = {
    ngx_conf_check_num_bounds, 1, NGX_HTTP_OUTLINE_DEEPEST
};


static ngx_command_t  ngx_http_outline_commands[] = {

    { ngx_string("outline_depth"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_outline_conf_t, depth),
      &ngx_http_outline_bounds },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_outline_module_ctx = {
    ngx_http_outline_preconfiguration,       /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_http_outline_create_conf,            /* create location configuration */
    ngx_http_outline_merge_conf              /* merge location configuration */
};


ngx_module_t  ngx_http_outline_module = {
    NGX_MODULE_V1,
    &ngx_http_outline_module_ctx,            /* module context */
    ngx_http_outline_commands,               /* module directives */
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


/* The name is the one that coderemote_analyzer chooses. */

static const ngx_cr_analyzer_t  ngx_http_outline_analyzer = {
    NGX_CR_API_HEAD(ngx_cr_analyzer_t),
    ngx_string("outline"),
    ngx_http_outline_status,
    ngx_http_outline_start,
    ngx_http_outline_cancel,
    0
};


static ngx_int_t
ngx_http_outline_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_coderemote_register_analyzer(cf,
                                                 &ngx_http_outline_analyzer);
}


static void *
ngx_http_outline_create_conf(ngx_conf_t *cf)
{
    ngx_http_outline_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_outline_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->depth = NGX_CONF_UNSET;

    return conf;
}


static char *
ngx_http_outline_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_outline_conf_t *prev = parent;
    ngx_http_outline_conf_t *conf = child;

    ngx_conf_merge_value(conf->depth, prev->depth, 2);

    conf->identity.data = ngx_pnalloc(cf->pool, NGX_INT_T_LEN);
    if (conf->identity.data == NULL) {
        return NGX_CONF_ERROR;
    }

    conf->identity.len = ngx_sprintf(conf->identity.data, "%i", conf->depth)
                         - conf->identity.data;

    return NGX_CONF_OK;
}


static void
ngx_http_outline_status(ngx_http_request_t *r,
    ngx_cr_analyzer_status_t *status)
{
    ngx_http_outline_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_outline_module);

    ngx_str_set(&status->provider, "outline");
    ngx_str_set(&status->model, "outline-1");

    /* with another setting it is another answer, which no cache may mix up */

    status->identity = conf->identity;
    status->available = 1;
}


/* done() must not be called from within start(), so the event loop does. */

static ngx_int_t
ngx_http_outline_start(ngx_cr_analysis_t *a)
{
    ngx_http_outline_t  *o;

    o = ngx_pcalloc(a->pool, sizeof(ngx_http_outline_t));
    if (o == NULL) {
        return NGX_ERROR;
    }

    o->analysis = a;
    o->event.handler = ngx_http_outline_answer;
    o->event.data = o;
    o->event.log = a->log;

    a->data = o;

    ngx_post_event(&o->event, &ngx_posted_events);

    return NGX_OK;
}


static void
ngx_http_outline_cancel(ngx_cr_analysis_t *a)
{
    ngx_http_outline_t *o = a->data;

    if (o->event.posted) {
        ngx_delete_posted_event(&o->event);
    }
}


static ngx_uint_t
ngx_http_outline_word(u_char *p, u_char *last, const char *word)
{
    size_t  len;

    len = ngx_strlen(word);

    return (size_t) (last - p) > len && ngx_strncmp(p, word, len) == 0
           && (p[len] == ' ' || p[len] == ':' || p[len] == '(');
}


static void
ngx_http_outline_loop(ngx_http_outline_t *o, ngx_uint_t indent)
{
    o->loops++;

    if (o->depth == NGX_HTTP_OUTLINE_DEEPEST) {
        return;
    }

    o->indent[o->depth++] = indent;

    if (o->depth > o->deepest) {
        o->deepest = o->depth;
        o->where = o->lines;
    }
}


/* One line, without its end. */

static void
ngx_http_outline_line(ngx_http_outline_t *o, u_char *start, u_char *last)
{
    u_char      *p;
    ngx_uint_t   text;

    o->lines++;
    text = o->text;

    for (p = start; last - p >= 3; p++) {
        if (ngx_strncmp(p, "\"\"\"", 3) == 0
            || ngx_strncmp(p, "\'\'\'", 3) == 0)
        {
            o->text = !o->text;
            p += 2;
        }
    }

    for (p = start; p < last && (*p == ' ' || *p == '\t'); p++) { /* void */ }

    if (p == last || *p == '#' || *p == '\r' || text) {
        return;
    }

    o->code++;

    while (o->depth && o->indent[o->depth - 1] >= (ngx_uint_t) (p - start)) {
        o->depth--;
    }

    if (ngx_http_outline_word(p, last, "for")
        || ngx_http_outline_word(p, last, "while"))
    {
        ngx_http_outline_loop(o, p - start);

    } else if (ngx_http_outline_word(p, last, "if")
               || ngx_http_outline_word(p, last, "elif")
               || ngx_http_outline_word(p, last, "except"))
    {
        o->branches++;

    } else if (ngx_http_outline_word(p, last, "def")) {
        o->functions++;
    }
}


/* The texts need to live for the call of done() only. */

static void
ngx_http_outline_tell(ngx_http_outline_t *o, ngx_cr_analysis_result_t *result)
{
    u_char                   *p, buf[1024];
    ngx_str_t                 advice;
    ngx_cr_analysis_t        *a;
    ngx_http_outline_conf_t  *conf;

    a = o->analysis;
    conf = ngx_http_get_module_loc_conf(a->request, ngx_http_outline_module);

    result->success = 1;

    p = ngx_sprintf(buf, "%ui lines, %ui of them code: %ui loops, "
                    "%ui branches, %ui functions.", o->lines, o->code,
                    o->loops, o->branches, o->functions);
    result->narrative.data = buf;
    result->narrative.len = p - buf;

    a->chunk(a, &result->narrative);

    result->time_complexity.data = p;
    p = ngx_sprintf(p, o->deepest == 0 ? "O(1)" : o->deepest == 1 ? "O(n)"
                                                  : "O(n^%ui)", o->deepest);
    result->time_complexity.len = p - result->time_complexity.data;

    result->time_explanation.data = p;
    p = ngx_sprintf(p, "If every loop goes over the whole input: at most %ui "
                    "of them lie in each other.", o->deepest);
    result->time_explanation.len = p - result->time_explanation.data;

    if (o->deepest >= (ngx_uint_t) conf->depth) {
        advice.data = p;
        p = ngx_sprintf(p, "Look at line %ui: a set or a dictionary may take "
                        "the place of its loop.", o->where);
        advice.len = p - advice.data;

        result->suggestions = &advice;
        result->nsuggestions = 1;
    }

    a->done(a, result);
}


static void
ngx_http_outline_answer(ngx_event_t *ev)
{
    ngx_http_outline_t *o = ev->data;

    u_char                    *p, *last, *end;
    ngx_cr_analysis_t         *a;
    ngx_cr_analysis_result_t   result = {
        .head = NGX_CR_API_HEAD(ngx_cr_analysis_result_t)
    };

    a = o->analysis;

    /* nothing is wrong with the program: another analyzer may be asked */

    if (a->language.len < 6
        || ngx_strncmp(a->language.data, "python", 6) != 0)
    {
        result.unavailable = 1;
        ngx_str_set(&result.error, "It reads Python alone.");
        a->done(a, &result);
        return;
    }

    end = a->code.data + a->code.len;

    for (p = a->code.data; p < end; p = last + 1) {
        last = ngx_strlchr(p, end, '\n');
        last = last ? last : end;
        ngx_http_outline_line(o, p, last);
    }

    ngx_http_outline_tell(o, &result);
}
