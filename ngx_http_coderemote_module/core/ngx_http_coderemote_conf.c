
/* The directives of core, and their values. */

#include "ngx_http_coderemote_module.h"

#include "cr_message.h"
#include "ngx_cr_shm_store.h"


#define NGX_HTTP_CODEREMOTE_QUEUE_MAX    65536
#define NGX_HTTP_CODEREMOTE_TIMEOUT_MAX  (24 * 3600 * 1000)
#define NGX_HTTP_CODEREMOTE_STREAM_MAX   (64 * 1024 * 1024)
#define NGX_HTTP_CODEREMOTE_FILES_MAX    (16 * 1024 * 1024)


static char *ngx_http_coderemote_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_coderemote_sandbox(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_coderemote_allow(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_coderemote_set_user(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


static ngx_http_coderemote_range_t  ngx_http_coderemote_timeout_range = {
    ngx_http_coderemote_check_range, 1, NGX_HTTP_CODEREMOTE_TIMEOUT_MAX,
    "from 1ms to 24h"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_memory_range = {
    ngx_http_coderemote_check_range,
    NGX_HTTP_CODEREMOTE_MEMORY_MIN * 1024 * 1024, (size_t) 1 << 40,
    "from 16m on"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_code_range = {
    ngx_http_coderemote_check_range, 1, CR_CODE_MAX, "from 1 to 256k"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_stdin_range = {
    ngx_http_coderemote_check_range, 0, NGX_HTTP_CODEREMOTE_STREAM_MAX,
    "from 0 to 64m"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_output_range = {
    ngx_http_coderemote_check_range, 1, NGX_HTTP_CODEREMOTE_STREAM_MAX,
    "from 1 to 64m"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_files_range = {
    ngx_http_coderemote_check_range, 0, NGX_HTTP_CODEREMOTE_FILES_MAX,
    "from 0 to 16m"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_cases_range = {
    ngx_http_coderemote_check_range, 0, NGX_HTTP_CODEREMOTE_CASES_MAX,
    "from 0 to 1000"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_queue_range = {
    ngx_http_coderemote_check_range, 1, NGX_HTTP_CODEREMOTE_QUEUE_MAX,
    "from 1 to 65536"
};

static ngx_http_coderemote_range_t  ngx_http_coderemote_ttl_range = {
    ngx_http_coderemote_check_range, 1, 30 * 24 * 3600, "from 1s to 30d"
};


ngx_command_t  ngx_http_coderemote_commands[] = {

    { ngx_string("coderemote_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE2,
      ngx_http_coderemote_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_sandbox"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE123,
      ngx_http_coderemote_sandbox,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_queue"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_coderemote_main_conf_t, queue),
      &ngx_http_coderemote_queue_range },

    { ngx_string("coderemote_job_ttl"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_sec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_coderemote_main_conf_t, job_ttl),
      &ngx_http_coderemote_ttl_range },

    { ngx_string("coderemote_allow"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_coderemote_allow,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("coderemote_timeout"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_loc_conf_t, timeout),
      &ngx_http_coderemote_timeout_range },

    { ngx_string("coderemote_memory"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_loc_conf_t, memory),
      &ngx_http_coderemote_memory_range },

    { ngx_string("coderemote_max_code"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_loc_conf_t, max_code),
      &ngx_http_coderemote_code_range },

    { ngx_string("coderemote_max_stdin"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_loc_conf_t, max_stdin),
      &ngx_http_coderemote_stdin_range },

    { ngx_string("coderemote_max_output"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_loc_conf_t, max_output),
      &ngx_http_coderemote_output_range },

    { ngx_string("coderemote_max_files"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_loc_conf_t, max_files),
      &ngx_http_coderemote_files_range },

    { ngx_string("coderemote_max_artifacts"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_loc_conf_t, max_artifacts),
      &ngx_http_coderemote_files_range },

    { ngx_string("coderemote_max_cases"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_coderemote_loc_conf_t, max_cases),
      &ngx_http_coderemote_cases_range },

    { ngx_string("coderemote_user"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_coderemote_set_user,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


void *
ngx_http_coderemote_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_coderemote_loc_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_coderemote_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->allow = NGX_CONF_UNSET_PTR;
    conf->user = NGX_CONF_UNSET_PTR;
    conf->timeout = NGX_CONF_UNSET_MSEC;
    conf->memory = NGX_CONF_UNSET_SIZE;
    conf->max_code = NGX_CONF_UNSET_SIZE;
    conf->max_stdin = NGX_CONF_UNSET_SIZE;
    conf->max_output = NGX_CONF_UNSET_SIZE;
    conf->max_files = NGX_CONF_UNSET_SIZE;
    conf->max_artifacts = NGX_CONF_UNSET_SIZE;
    conf->max_cases = NGX_CONF_UNSET;

    return conf;
}


char *
ngx_http_coderemote_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_coderemote_loc_conf_t *prev = parent;
    ngx_http_coderemote_loc_conf_t *conf = child;

    ngx_str_t  *name;

    if (conf->allow == NGX_CONF_UNSET_PTR) {
        conf->allow = prev->allow;
        conf->allow_text = prev->allow_text;
    }

    if (conf->allow == NGX_CONF_UNSET_PTR) {
        conf->allow = ngx_array_create(cf->pool, 1, sizeof(ngx_str_t));
        if (conf->allow == NULL) {
            return NGX_CONF_ERROR;
        }

        name = ngx_array_push(conf->allow);
        if (name == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_str_set(name, "python");
        conf->allow_text = *name;
    }

    ngx_conf_merge_ptr_value(conf->user, prev->user, NULL);
    ngx_conf_merge_msec_value(conf->timeout, prev->timeout, 30000);
    ngx_conf_merge_size_value(conf->memory, prev->memory, 0);
    ngx_conf_merge_size_value(conf->max_code, prev->max_code, 10 * 1024);
    ngx_conf_merge_size_value(conf->max_stdin, prev->max_stdin, 1024 * 1024);
    ngx_conf_merge_size_value(conf->max_output, prev->max_output,
                              1024 * 1024);
    ngx_conf_merge_size_value(conf->max_files, prev->max_files, 1024 * 1024);
    ngx_conf_merge_size_value(conf->max_artifacts, prev->max_artifacts,
                              1024 * 1024);
    ngx_conf_merge_value(conf->max_cases, prev->max_cases, 100);

    return NGX_CONF_OK;
}


char *
ngx_http_coderemote_check_range(ngx_conf_t *cf, void *post, void *data)
{
    ngx_http_coderemote_range_t *range = post;

    size_t     *value = data;
    ngx_str_t  *args;

    /* every one of them is as wide as a pointer */

    if (*value < range->min || *value > range->max) {
        args = cf->args->elts;

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" must be %s and not \"%V\"",
                           &args[0], range->text, &args[1]);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_coderemote_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_main_conf_t *mcf = conf;

    ssize_t     size;
    ngx_str_t  *value;

    value = cf->args->elts;

    if (mcf->zone) {
        return "is duplicate";
    }

    size = ngx_parse_size(&value[2]);

    if (size == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid size \"%V\" of the zone: a number with k "
                           "or m is expected", &value[2]);
        return NGX_CONF_ERROR;
    }

    mcf->zone = ngx_cr_zone_add(cf, &value[1], size);

    return mcf->zone ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_http_coderemote_sandbox(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_main_conf_t *mcf = conf;

    ngx_str_t         *value;
    ngx_uint_t         i;
    ngx_cr_sandbox_t  *sandbox;

    value = cf->args->elts;
    sandbox = &mcf->sandbox;

    if (sandbox->path.data) {
        return "is duplicate";
    }

    if (ngx_strncmp(value[1].data, "unix:/", 6) != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" must be \"unix:\" and a full path",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    sandbox->path.data = value[1].data + 5;
    sandbox->path.len = value[1].len - 5;

    if (sandbox->path.len >= sizeof(((struct sockaddr_un *) 0)->sun_path)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is too long for the path of a socket",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    ngx_str_set(&sandbox->helper, NGX_HTTP_CODEREMOTE_HELPER);

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "helper=/", 8) == 0) {
            sandbox->helper.data = value[i].data + 7;
            sandbox->helper.len = value[i].len - 7;

        } else if (ngx_strcmp(value[i].data, "external") == 0) {
            sandbox->external = 1;

        } else {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\": helper= with a full "
                               "path or external is expected", &value[i]);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_coderemote_allow(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_loc_conf_t *lcf = conf;

    u_char      *p;
    size_t       len;
    ngx_str_t   *value, *name;
    ngx_uint_t   i;

    if (lcf->allow != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    lcf->allow = ngx_array_create(cf->pool, cf->args->nelts,
                                  sizeof(ngx_str_t));
    if (lcf->allow == NULL) {
        return NGX_CONF_ERROR;
    }

    len = 0;

    for (i = 1; i < cf->args->nelts; i++) {

        if (value[i].len == 0 || value[i].len > CR_RUNTIME_NAME_MAX) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid name of a runtime \"%V\": 1 to %d "
                               "characters", &value[i], CR_RUNTIME_NAME_MAX);
            return NGX_CONF_ERROR;
        }

        name = ngx_array_push(lcf->allow);
        if (name == NULL) {
            return NGX_CONF_ERROR;
        }

        *name = value[i];
        len += value[i].len + 2;
    }

    p = ngx_pnalloc(cf->pool, len);
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    lcf->allow_text.data = p;

    for (i = 1; i < cf->args->nelts; i++) {
        p = ngx_sprintf(p, "%s%V", i == 1 ? "" : ", ", &value[i]);
    }

    lcf->allow_text.len = p - lcf->allow_text.data;

    return NGX_CONF_OK;
}


static char *
ngx_http_coderemote_set_user(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_coderemote_loc_conf_t *lcf = conf;

    ngx_str_t                         *value;
    ngx_http_compile_complex_value_t   ccv;

    if (lcf->user != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    lcf->user = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (lcf->user == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &value[1];
    ccv.complex_value = lcf->user;

    if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}
