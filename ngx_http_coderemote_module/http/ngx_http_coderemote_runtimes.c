
#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_fields.h"
#include "ngx_http_coderemote_status.h"


static json_t *
ngx_http_coderemote_runtime_limits(ngx_http_coderemote_loc_conf_t *conf,
    const cr_profile_status_t *profile)
{
    uint64_t    memory;
    ngx_msec_t  timeout;

    timeout = ngx_min(conf->timeout, profile->timeout_ms);
    memory = ngx_min(conf->memory, profile->memory);

    return json_pack("{s:f, s:I, s:I, s:I, s:I}",
                     "timeout_seconds", (double) timeout / 1000,
                     "memory_mb", (json_int_t) (memory / (1024 * 1024)),
                     "code_bytes", (json_int_t) conf->max_code,
                     "stdin_bytes", (json_int_t) conf->max_stdin,
                     "output_bytes", (json_int_t) conf->max_output);
}


static json_t *
ngx_http_coderemote_runtime(ngx_http_coderemote_loc_conf_t *conf,
    const cr_profile_status_t *profile)
{
    return json_pack("{s:o, s:o, s:o, s:b, s:b, s:b, s:b, s:b, s:o}",
                     "name", ngx_http_coderemote_status_text(&profile->name),
                     "language",
                     ngx_http_coderemote_status_text(&profile->language),
                     "version",
                     ngx_http_coderemote_status_text(&profile->version),
                     "available", profile->ready || profile->running,
                     "args", profile->flags & CR_PROFILE_ARGS,
                     "threads", profile->flags & CR_PROFILE_THREADS,
                     "write", profile->flags & CR_PROFILE_WRITE,
                     "policy", profile->flags & CR_PROFILE_POLICY,
                     "limits",
                     ngx_http_coderemote_runtime_limits(conf, profile));
}


/* Those that may be used here, in the order of coderemote_allow. */

static ngx_int_t
ngx_http_coderemote_runtimes_answer(ngx_http_request_t *r,
    const cr_status_t *status)
{
    json_t                          *array;
    ngx_str_t                       *allow;
    ngx_uint_t                       i;
    const cr_profile_status_t       *profile;
    ngx_http_coderemote_loc_conf_t  *conf;

    if (status == NULL) {

        if (ngx_http_coderemote_retry(r, NGX_HTTP_CODEREMOTE_RETRY_AFTER)
            != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_coderemote_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                           NULL, "The sandbox is not there at "
                                           "the moment; try again later.");
    }

    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_module);

    array = json_array();
    allow = conf->allow->elts;

    for (i = 0; array && i < conf->allow->nelts; i++) {

        profile = ngx_http_coderemote_profile(status, &allow[i]);

        if (profile
            && json_array_append_new(array,
                               ngx_http_coderemote_runtime(conf, profile))
               != 0)
        {
            json_decref(array);
            array = NULL;
        }
    }

    return ngx_http_coderemote_send(r, NGX_HTTP_OK, array);
}


ngx_int_t
ngx_http_coderemote_runtimes_handler(ngx_http_request_t *r)
{
    return ngx_http_coderemote_status_ask(r,
                                          ngx_http_coderemote_runtimes_answer);
}
