
/*
 * A policy hook that refuses programs by what is written in them:
 *
 *     refuse_program  turtle          "There is no screen here.";
 *     refuse_program  ~\bfork\(\)     "Processes are for another course.";
 */

#include "ngx_http_coderemote_api.h"


/* Before the limits of users: what is refused counts for nobody. */
#define NGX_HTTP_REFUSE_ORDER  100


typedef struct {
    ngx_str_t       text;
    ngx_str_t       sentence;
#if (NGX_PCRE)
    ngx_regex_t    *regex;      /* NULL: the text itself */
#endif
} ngx_http_refuse_rule_t;

typedef struct {
    ngx_array_t    *rules;      /* of ngx_http_refuse_rule_t; NULL: off */
} ngx_http_refuse_conf_t;


static ngx_int_t ngx_http_refuse_preconfiguration(ngx_conf_t *cf);
static void *ngx_http_refuse_create_conf(ngx_conf_t *cf);
static char *ngx_http_refuse_merge_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_http_refuse_program(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static ngx_int_t ngx_http_refuse_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal);


static ngx_command_t  ngx_http_refuse_commands[] = {

    { ngx_string("refuse_program"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_http_refuse_program,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_refuse_module_ctx = {
    ngx_http_refuse_preconfiguration,        /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    ngx_http_refuse_create_conf,             /* create location configuration */
    ngx_http_refuse_merge_conf               /* merge location configuration */
};


ngx_module_t  ngx_http_refuse_module = {
    NGX_MODULE_V1,
    &ngx_http_refuse_module_ctx,             /* module context */
    ngx_http_refuse_commands,                /* module directives */
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


static const ngx_cr_policy_t  ngx_http_refuse_policy = {
    NGX_CR_API_HEAD(ngx_cr_policy_t),
    ngx_string("refuse"),
    NGX_HTTP_REFUSE_ORDER,
    ngx_http_refuse_admit,
    NULL,
    NULL,
    NULL
};


static ngx_int_t
ngx_http_refuse_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_coderemote_register_policy(cf, &ngx_http_refuse_policy);
}


static void *
ngx_http_refuse_create_conf(ngx_conf_t *cf)
{
    ngx_http_refuse_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_refuse_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->rules = NGX_CONF_UNSET_PTR;

    return conf;
}


/* As nginx's add_header: those of the outside hold where there are no own. */

static char *
ngx_http_refuse_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_refuse_conf_t *prev = parent;
    ngx_http_refuse_conf_t *conf = child;

    ngx_conf_merge_ptr_value(conf->rules, prev->rules, NULL);

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_refuse_compile(ngx_conf_t *cf, ngx_http_refuse_rule_t *rule)
{
#if (NGX_PCRE)
    u_char               errstr[NGX_MAX_CONF_ERRSTR];
    ngx_regex_compile_t  rc;

    if (rule->text.data[0] != '~') {
        return NGX_OK;
    }

    ngx_memzero(&rc, sizeof(ngx_regex_compile_t));

    rc.pattern.data = rule->text.data + 1;
    rc.pattern.len = rule->text.len - 1;
    rc.pool = cf->pool;
    rc.options = NGX_REGEX_MULTILINE;
    rc.err.data = errstr;
    rc.err.len = NGX_MAX_CONF_ERRSTR;

    if (ngx_regex_compile(&rc) != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%V", &rc.err);
        return NGX_ERROR;
    }

    rule->regex = rc.regex;
#endif

    return NGX_OK;
}


static char *
ngx_http_refuse_program(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_refuse_conf_t *rcf = conf;

    ngx_str_t               *value;
    ngx_http_refuse_rule_t  *rule;

    value = cf->args->elts;

    if (cf->args->nelts == 2) {

        if (ngx_strcmp(value[1].data, "off") != 0) {
            return "needs a pattern and a sentence that says what to do";
        }

        rcf->rules = NULL;
        return NGX_CONF_OK;
    }

    if (value[1].len == 0 || value[2].len == 0) {
        return "has an empty pattern or an empty sentence";
    }

    if (rcf->rules == NULL || rcf->rules == NGX_CONF_UNSET_PTR) {
        rcf->rules = ngx_array_create(cf->pool, 4,
                                      sizeof(ngx_http_refuse_rule_t));
        if (rcf->rules == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    rule = ngx_array_push(rcf->rules);
    if (rule == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(rule, sizeof(ngx_http_refuse_rule_t));

    rule->text = value[1];
    rule->sentence = value[2];

    return ngx_http_refuse_compile(cf, rule) == NGX_OK ? NGX_CONF_OK
                                                       : NGX_CONF_ERROR;
}


static ngx_uint_t
ngx_http_refuse_match(ngx_http_refuse_rule_t *rule, const ngx_str_t *text)
{
#if (NGX_PCRE)

    /* one that the library gives up on is one that matches */

    if (rule->regex) {
        return ngx_regex_exec(rule->regex, (ngx_str_t *) text, NULL, 0)
               != NGX_REGEX_NO_MATCHED;
    }

#endif

    return text->len >= rule->text.len
           && ngx_strlcasestrn(text->data, text->data + text->len,
                               rule->text.data, rule->text.len - 1)
              != NULL;
}


/* NULL: nothing is against it. */

static ngx_http_refuse_rule_t *
ngx_http_refuse_find(ngx_array_t *rules, ngx_cr_policy_job_t *job)
{
    ngx_uint_t               i, j;
    ngx_http_refuse_rule_t  *rule;

    rule = rules->elts;

    for (i = 0; i < rules->nelts; i++) {

        if (ngx_http_refuse_match(&rule[i], &job->code)) {
            return &rule[i];
        }

        /* the module may be older than the header, and know of no files */

        if (!ngx_cr_api_has(job, files)) {
            continue;
        }

        for (j = 0; j < job->nfiles; j++) {
            if (ngx_http_refuse_match(&rule[i], &job->files[j].content)) {
                return &rule[i];
            }
        }
    }

    return NULL;
}


/* The request is there in admit() alone, and with it the location's rules. */

static ngx_int_t
ngx_http_refuse_admit(ngx_cr_policy_job_t *job, void **data,
    ngx_cr_refusal_t *refusal)
{
    ngx_http_refuse_conf_t  *conf;
    ngx_http_refuse_rule_t  *rule;

    conf = ngx_http_get_module_loc_conf(job->request, ngx_http_refuse_module);
    rule = conf->rules ? ngx_http_refuse_find(conf->rules, job) : NULL;

    if (rule == NULL) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_INFO, job->log, 0,
                  "refused a program of \"%V\": it has \"%V\"", &job->user,
                  &rule->text);

    refusal->status = NGX_HTTP_FORBIDDEN;
    refusal->detail = rule->sentence;

    return NGX_DECLINED;
}
