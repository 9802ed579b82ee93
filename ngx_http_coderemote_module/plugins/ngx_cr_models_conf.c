
/* The directives of models. */

#include "ngx_cr_models.h"
#include "ngx_http_coderemote_module.h"

#include <openssl/sha.h>


#define NGX_CR_MODELS_PROMPT    "/etc/coderemote/analyze.prompt"

#define NGX_CR_MODELS_CALLS_N   16
#define NGX_CR_MODELS_RETRIES   2
#define NGX_CR_MODELS_TIME      60000
#define NGX_CR_MODELS_SILENCE   30000
#define NGX_CR_MODELS_FAILURES  5
#define NGX_CR_MODELS_PAUSE     30000

/* Who reads it ends it earlier, and knows why. */
#define NGX_CR_MODELS_BODY_MAX  (1024 * 1024 * 1024)


static char *ngx_cr_models_set_model(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_cr_models_set_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_cr_models_set_key(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_cr_models_set_prompt(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_cr_models_set_timeout(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_cr_models_set_circuit(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_cr_models_set_file(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


static ngx_http_coderemote_range_t  ngx_cr_models_calls_range = {
    ngx_http_coderemote_check_range, 1, 1000, "from 1 to 1000"
};

static ngx_http_coderemote_range_t  ngx_cr_models_retries_range = {
    ngx_http_coderemote_check_range, 0, 10, "from 0 to 10"
};


#define NGX_CR_MODELS_ANYWHERE                                                \
    (NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF)


ngx_command_t  ngx_cr_models_commands[] = {

    { ngx_string("coderemote_analyzer_model"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE1,
      ngx_cr_models_set_model,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_analyzer_url"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE1,
      ngx_cr_models_set_url,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_analyzer_key_file"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE1,
      ngx_cr_models_set_key,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_analyzer_key_env"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE1,
      ngx_cr_models_set_key,
      NGX_HTTP_LOC_CONF_OFFSET,
      1,
      NULL },

    { ngx_string("coderemote_analyzer_prompt"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE1,
      ngx_cr_models_set_prompt,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_analyzer_timeout"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE12,
      ngx_cr_models_set_timeout,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_analyzer_calls"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cr_models_conf_t, calls),
      &ngx_cr_models_calls_range },

    { ngx_string("coderemote_analyzer_retries"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cr_models_conf_t, retries),
      &ngx_cr_models_retries_range },

    { ngx_string("coderemote_analyzer_circuit"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE12,
      ngx_cr_models_set_circuit,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_analyzer_proxy"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cr_models_conf_t, curl.proxy),
      NULL },

    { ngx_string("coderemote_analyzer_trusted_certificate"),
      NGX_CR_MODELS_ANYWHERE|NGX_CONF_TAKE1,
      ngx_cr_models_set_file,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cr_models_conf_t, curl.trusted),
      NULL },

      ngx_null_command
};


void *
ngx_cr_models_create_conf(ngx_conf_t *cf)
{
    ngx_cr_models_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_cr_models_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->key = NGX_CONF_UNSET_PTR;
    conf->prompt = NGX_CONF_UNSET_PTR;
    conf->calls = NGX_CONF_UNSET_UINT;
    conf->retries = NGX_CONF_UNSET_UINT;
    conf->failures = NGX_CONF_UNSET_UINT;
    conf->pause = NGX_CONF_UNSET_MSEC;
    conf->curl.timeout = NGX_CONF_UNSET_MSEC;
    conf->curl.silence = NGX_CONF_UNSET_MSEC;

    return conf;
}


static ngx_cr_prompt_t *
ngx_cr_models_prompt(ngx_conf_t *cf, ngx_str_t *name)
{
    u_char           *buf;
    size_t            len;
    ngx_str_t         text;
    const char       *err;
    ngx_cr_prompt_t  *prompt;

    prompt = ngx_palloc(cf->pool, sizeof(ngx_cr_prompt_t));
    buf = ngx_palloc(cf->pool, NGX_CR_PROMPT_MAX + 2);

    if (prompt == NULL || buf == NULL) {
        return NULL;
    }

    if (ngx_cr_models_read(cf, "the prompt", name, buf, NGX_CR_PROMPT_MAX + 2,
                           &len)
        != NGX_OK)
    {
        return NULL;
    }

    text.data = buf;
    text.len = len;

    err = ngx_cr_prompt_parse(prompt, &text);

    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the prompt \"%V\" %s", name,
                           err);
        return NULL;
    }

    return prompt;
}


/* What answers depend on beside what everybody knows. */

static ngx_int_t
ngx_cr_models_identity(ngx_conf_t *cf, ngx_cr_models_conf_t *conf)
{
    u_char           *p, digest[SHA256_DIGEST_LENGTH];
    ngx_uint_t        n;
    SHA256_CTX        sha;
    const ngx_str_t  *url;

    for (n = 0; n < NGX_CR_MODELS_WIRES; n++) {

        p = ngx_pnalloc(cf->pool, NGX_CR_MODELS_IDENTITY);
        if (p == NULL) {
            return NGX_ERROR;
        }

        url = conf->url.len ? &conf->url : &ngx_cr_models_wire(n)->base;

        SHA256_Init(&sha);
        SHA256_Update(&sha, url->data, url->len);
        SHA256_Update(&sha, "", 1);
        SHA256_Update(&sha, conf->prompt->text.data, conf->prompt->text.len);
        SHA256_Final(digest, &sha);

        ngx_hex_dump(p, digest, NGX_CR_MODELS_IDENTITY / 2);

        conf->identity[n].data = p;
        conf->identity[n].len = NGX_CR_MODELS_IDENTITY;
    }

    return NGX_OK;
}


/* Who is asked, and whether that is safe.  The parser is past all of it. */

static const char *
ngx_cr_models_check(ngx_cr_models_conf_t *conf, ngx_uint_t resolver,
    const char **directive)
{
    ngx_uint_t   n, local;
    const char  *err;

    if (conf->curl.proxy.len) {
        *directive = "coderemote_analyzer_proxy";

        err = ngx_cr_curl_url(&conf->curl.proxy, resolver, &local);
        if (err) {
            return err;
        }

        /* it is the proxy that looks for the server's name */
        resolver = 1;
    }

    *directive = "coderemote_analyzer_url";

    if (conf->url.len == 0) {

        for (err = NULL, n = 0; n < NGX_CR_MODELS_WIRES && !err; n++) {
            err = ngx_cr_curl_url(&ngx_cr_models_wire(n)->base, resolver,
                                  &local);
        }

        return err;
    }

    err = ngx_cr_curl_url(&conf->url, resolver, &local);

    if (err == NULL && !local
        && ngx_strncasecmp(conf->url.data, (u_char *) "https://", 8) != 0)
    {
        err = "must begin with https://, for the key and the programs are "
              "not to be read on their way; http:// is for 127.0.0.1 alone";
    }

    return err;
}


static ngx_int_t
ngx_cr_models_set_up(ngx_conf_t *cf, ngx_cr_models_conf_t *conf)
{
    ngx_str_t                  name = ngx_string(NGX_CR_MODELS_PROMPT);
    const char                *err, *directive;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    conf->curl.resolver = clcf->resolver->connections.nelts
                          ? clcf->resolver : NULL;
    conf->curl.resolver_timeout = clcf->resolver_timeout;

    err = ngx_cr_models_check(conf, conf->curl.resolver != NULL, &directive);

    if (err) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"%s\" %s in %V:%ui",
                      directive, err, &conf->file, conf->line);
        return NGX_ERROR;
    }

    if (conf->prompt == NULL) {

        conf->prompt = ngx_cr_models_prompt(cf, &name);
        if (conf->prompt == NULL) {
            return NGX_ERROR;
        }
    }

    conf->set = 1;

    return ngx_cr_models_identity(cf, conf);
}


/* Locations that have nothing of their own ask the same server. */

static ngx_uint_t
ngx_cr_models_has_own(const ngx_cr_models_conf_t *conf)
{
    return conf->url.data || conf->key != NGX_CONF_UNSET_PTR
           || conf->curl.proxy.data || conf->calls != NGX_CONF_UNSET_UINT
           || conf->failures != NGX_CONF_UNSET_UINT;
}


static ngx_cr_models_state_t *
ngx_cr_models_states(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool,
                       NGX_CR_MODELS_WIRES * sizeof(ngx_cr_models_state_t));
}


char *
ngx_cr_models_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_cr_models_conf_t *prev = parent;
    ngx_cr_models_conf_t *conf = child;

    if (prev->state == NULL) {
        prev->state = ngx_cr_models_states(cf);
    }

    conf->state = ngx_cr_models_has_own(conf) ? ngx_cr_models_states(cf)
                                              : prev->state;
    if (prev->state == NULL || conf->state == NULL) {
        return NGX_CONF_ERROR;
    }

    if (conf->file.len == 0) {
        conf->file = prev->file;
        conf->line = prev->line;
    }

    ngx_conf_merge_str_value(conf->model, prev->model, "");
    ngx_conf_merge_str_value(conf->url, prev->url, "");
    ngx_conf_merge_ptr_value(conf->key, prev->key, NULL);
    ngx_conf_merge_ptr_value(conf->prompt, prev->prompt, NULL);
    ngx_conf_merge_uint_value(conf->calls, prev->calls, NGX_CR_MODELS_CALLS_N);
    ngx_conf_merge_uint_value(conf->retries, prev->retries,
                              NGX_CR_MODELS_RETRIES);
    ngx_conf_merge_uint_value(conf->failures, prev->failures,
                              NGX_CR_MODELS_FAILURES);
    ngx_conf_merge_msec_value(conf->pause, prev->pause, NGX_CR_MODELS_PAUSE);
    ngx_conf_merge_msec_value(conf->curl.timeout, prev->curl.timeout,
                              NGX_CR_MODELS_TIME);
    ngx_conf_merge_msec_value(conf->curl.silence, prev->curl.silence,
                              NGX_CR_MODELS_SILENCE);
    ngx_conf_merge_str_value(conf->curl.proxy, prev->curl.proxy, "");
    ngx_conf_merge_str_value(conf->curl.trusted, prev->curl.trusted, "");

    conf->curl.max_body = NGX_CR_MODELS_BODY_MAX;

    /* a server that is named may do without a key */

    if (conf->key == NULL && conf->url.len == 0) {
        return NGX_CONF_OK;
    }

    return ngx_cr_models_set_up(cf, conf) == NGX_OK ? NGX_CONF_OK
                                                    : NGX_CONF_ERROR;
}


static char *
ngx_cr_models_set_model(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cr_models_conf_t *mcf = conf;

    ngx_str_t  *value;

    if (mcf->model.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (!ngx_cr_wire_model_valid(&value[1])) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is no name of a model: letters, digits and "
                           "- _ . : / @ are expected, as gemini-2.5-flash or "
                           "llama3.1:8b", &value[1]);
        return NGX_CONF_ERROR;
    }

    mcf->model = value[1];

    return NGX_CONF_OK;
}


/* For what is found out when locations are merged. */

static void
ngx_cr_models_note(ngx_conf_t *cf, ngx_cr_models_conf_t *mcf)
{
    mcf->file = cf->conf_file->file.name;
    mcf->line = cf->conf_file->line;
}


static char *
ngx_cr_models_set_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cr_models_conf_t *mcf = conf;

    ngx_str_t   *value;
    ngx_uint_t   local;
    const char  *err;

    if (mcf->url.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    err = ngx_cr_curl_url(&value[1], 1, &local);

    if (err == NULL && ngx_strlchr(value[1].data,
                                   value[1].data + value[1].len, '?'))
    {
        err = "has arguments, from the ? on: a path may follow the host and "
              "nothing else";
    }

    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"coderemote_analyzer_url\" %s", err);
        return NGX_CONF_ERROR;
    }

    mcf->url = value[1];
    ngx_cr_models_note(cf, mcf);

    return NGX_CONF_OK;
}


static char *
ngx_cr_models_set_key(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cr_models_conf_t *mcf = conf;

    u_char      c;
    size_t      i;
    ngx_str_t  *value, name;

    if (mcf->key != NGX_CONF_UNSET_PTR) {
        return "names another key: one is enough";
    }

    value = cf->args->elts;
    name = value[1];

    if (cmd->offset == 0) {

        if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
            return NGX_CONF_ERROR;
        }

        mcf->key = ngx_cr_models_key_file(cf, &name);

    } else {

        for (i = 0; i < name.len; i++) {
            c = name.data[i] | 0x20;

            /* whoever wrote the key itself here must not see it in a log */

            if (!((c >= 'a' && c <= 'z') || name.data[i] == '_'
                  || (i && c >= '0' && c <= '9' && name.data[i] == c)))
            {
                return "must have the name of a variable, never a key";
            }
        }

        mcf->key = name.len ? ngx_cr_models_key_env(cf, &name) : NULL;
    }

    ngx_cr_models_note(cf, mcf);

    return mcf->key ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_cr_models_set_prompt(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cr_models_conf_t *mcf = conf;

    ngx_str_t  *value, name;

    if (mcf->prompt != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;
    name = value[1];

    if (ngx_conf_full_name(cf->cycle, &name, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    mcf->prompt = ngx_cr_models_prompt(cf, &name);

    return mcf->prompt ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_cr_models_set_timeout(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cr_models_conf_t *mcf = conf;

    ngx_str_t   *value;
    ngx_int_t    whole, silence;

    if (mcf->curl.timeout != NGX_CONF_UNSET_MSEC) {
        return "is duplicate";
    }

    value = cf->args->elts;

    whole = ngx_parse_time(&value[1], 0);
    silence = cf->args->nelts > 2 ? ngx_parse_time(&value[2], 0)
                                  : ngx_min(whole, NGX_CR_MODELS_SILENCE);

    if (whole < 100 || whole > 3600 * 1000 || silence < 100
        || silence > whole)
    {
        return "must have a time from 100ms to 1h for the whole and perhaps "
               "one, no longer, for a server that is silent";
    }

    mcf->curl.timeout = whole;
    mcf->curl.silence = silence;

    return NGX_CONF_OK;
}


static char *
ngx_cr_models_set_circuit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cr_models_conf_t *mcf = conf;

    ngx_int_t   failures, pause;
    ngx_str_t  *value;

    if (mcf->failures != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {
        mcf->failures = 0;
        return NGX_CONF_OK;
    }

    failures = ngx_atoi(value[1].data, value[1].len);
    pause = cf->args->nelts > 2 ? ngx_parse_time(&value[2], 0)
                                : NGX_CR_MODELS_PAUSE;

    if (failures < 1 || failures > 1000 || pause < 1
        || pause > 3600 * 1000)
    {
        return "must have a number of failures from 1 to 1000 and perhaps a "
               "time from 1ms to 1h, or off";
    }

    mcf->failures = failures;
    mcf->pause = pause;

    return NGX_CONF_OK;
}


/* libcurl opens it in a worker, too late to say that it is not there. */

static char *
ngx_cr_models_set_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char       *rv;
    ngx_fd_t    fd;
    ngx_str_t  *name;

    rv = ngx_conf_set_str_slot(cf, cmd, conf);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    name = (ngx_str_t *) ((u_char *) conf + cmd->offset);

    if (ngx_conf_full_name(cf->cycle, name, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    fd = ngx_open_file(name->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "the certificates \"%V\" cannot be read", name);
        return NGX_CONF_ERROR;
    }

    (void) ngx_close_file(fd);

    return NGX_CONF_OK;
}
