
#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_fields.h"
#include "ngx_http_coderemote_json.h"
#include "ngx_http_coderemote_status.h"


/* Why none can be run, in words for clients, who mend nothing. */

static ngx_str_t  ngx_http_coderemote_runtime_away = ngx_string(
    "no cell is ready; try again later");


static json_t *
ngx_http_coderemote_runtime_limits(ngx_http_coderemote_loc_conf_t *conf,
    const cr_profile_status_t *profile)
{
    uint64_t    most, usual;
    ngx_uint_t  folder;
    ngx_msec_t  timeout;

    timeout = ngx_min(conf->timeout, profile->timeout_ms);
    most = ngx_http_coderemote_memory(conf, profile, &usual);
    folder = (profile->flags & CR_PROFILE_WRITE) != 0;

    return json_pack("{s:f, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
                     "timeout_seconds", (double) timeout / 1000,
                     "memory_mb", (json_int_t) (most / (1024 * 1024)),
                     "memory_default_mb", (json_int_t) (usual / (1024 * 1024)),
                     "code_bytes", (json_int_t) conf->max_code,
                     "stdin_bytes", (json_int_t) conf->max_stdin,
                     "output_bytes", (json_int_t) conf->max_output,
                     "files_bytes",
                     (json_int_t) (folder ? conf->max_files : 0),
                     "artifacts_bytes",
                     (json_int_t) (folder ? conf->max_artifacts : 0),
                     "cases", (json_int_t) conf->max_cases);
}


static json_t *
ngx_http_coderemote_runtime_reason(const cr_profile_status_t *profile)
{
    if (ngx_http_coderemote_status_usable(profile)) {
        return json_null();
    }

    if (profile->flags & CR_PROFILE_ABSENT) {
        return ngx_http_coderemote_status_text(&profile->reason);
    }

    return ngx_http_coderemote_json_text(
                                       ngx_http_coderemote_runtime_away.data,
                                       ngx_http_coderemote_runtime_away.len,
                                       0);
}


/* What a module has registered of it; NULL: nothing. */

static json_t *
ngx_http_coderemote_runtime_aliases(const ngx_cr_runtime_t *runtime)
{
    json_t           *array;
    const ngx_str_t  *alias;

    array = json_array();
    alias = runtime ? runtime->aliases : NULL;

    for ( /* void */ ; array && alias && alias->len; alias++) {

        if (json_array_append_new(array,
                      ngx_http_coderemote_json_text(alias->data, alias->len,
                                                    0))
            != 0)
        {
            json_decref(array);
            return NULL;
        }
    }

    return array;
}


static json_t *
ngx_http_coderemote_runtime_extension(const ngx_cr_runtime_t *runtime)
{
    if (runtime == NULL || runtime->extension.len == 0) {
        return json_null();
    }

    return ngx_http_coderemote_json_text(runtime->extension.data,
                                         runtime->extension.len, 0);
}


static json_t *
ngx_http_coderemote_runtime(ngx_http_request_t *r, const ngx_str_t *name,
    const cr_profile_status_t *profile)
{
    unsigned                          flags;
    const ngx_cr_runtime_t           *runtime;
    ngx_http_coderemote_loc_conf_t   *conf;
    ngx_http_coderemote_main_conf_t  *mcf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_coderemote_module);
    mcf = ngx_http_get_module_main_conf(r, ngx_http_coderemote_module);

    flags = profile->flags;
    runtime = ngx_cr_registry_runtime(mcf->registry, name);

    return json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:o,"
                     " s:b, s:b, s:b, s:b, s:b, s:o}",
                     "name", ngx_http_coderemote_status_text(&profile->name),
                     "language",
                     ngx_http_coderemote_status_text(&profile->language),
                     "version",
                     ngx_http_coderemote_status_text(&profile->version),
                     "available",
                     (int) ngx_http_coderemote_status_usable(profile),
                     "reason", ngx_http_coderemote_runtime_reason(profile),
                     "aliases", ngx_http_coderemote_runtime_aliases(runtime),
                     "extension",
                     ngx_http_coderemote_runtime_extension(runtime),
                     "compiles", flags & CR_PROFILE_COMPILE,
                     "args", flags & CR_PROFILE_ARGS,
                     "threads", flags & CR_PROFILE_THREADS,
                     "write", flags & CR_PROFILE_WRITE,
                     "policy", flags & CR_PROFILE_POLICY,
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
                               ngx_http_coderemote_runtime(r, &allow[i],
                                                           profile))
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
