
#include "ngx_http_coderemote_endpoints.h"
#include "ngx_http_coderemote_status.h"
#include "ngx_cr_job.h"


static json_t *
ngx_http_coderemote_health_profile(const cr_profile_status_t *profile)
{
    return json_pack("{s:o, s:b, s:i, s:i, s:i, s:I, s:I, s:o}",
                     "name", ngx_http_coderemote_status_text(&profile->name),
                     "available",
                     (int) ngx_http_coderemote_status_usable(profile),
                     "slots", (int) profile->slots,
                     "ready", (int) profile->ready,
                     "running", (int) profile->running,
                     "queued", (json_int_t) profile->queued,
                     "restarts", (json_int_t) profile->restarts,
                     "reason",
                     ngx_http_coderemote_status_text(&profile->reason));
}


static json_t *
ngx_http_coderemote_health_profiles(const cr_status_t *status)
{
    json_t      *array;
    ngx_uint_t   i;

    array = json_array();

    for (i = 0; array && status && i < status->nprofiles; i++) {

        if (json_array_append_new(array,
                     ngx_http_coderemote_health_profile(&status->profiles[i]))
            != 0)
        {
            json_decref(array);
            return NULL;
        }
    }

    return array;
}


static ngx_int_t
ngx_http_coderemote_health_answer(ngx_http_request_t *r,
    const cr_status_t *status)
{
    json_t                           *json;
    ngx_uint_t                        i, usable, absent, unfinished, kept;
    ngx_uint_t                        nprofiles;
    static const cr_bytes_t           none;
    const cr_profile_status_t        *profile;
    ngx_http_coderemote_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_coderemote_module);

    ngx_cr_job_store()->count(&unfinished, &kept);

    usable = 0;
    absent = 0;
    nprofiles = status ? status->nprofiles : 0;

    for (i = 0; i < nprofiles; i++) {
        profile = &status->profiles[i];

        /* what is not installed is not ill */

        usable += ngx_http_coderemote_status_usable(profile);
        absent += (profile->flags & CR_PROFILE_ABSENT) != 0;
    }

    json = json_pack("{s:s, s:s, s:{s:b, s:o, s:o, s:o, s:o}, s:{s:I, s:I}}",
                     "status",
                     usable && usable + absent == nprofiles ? "healthy"
                                                            : "degraded",
                     "version", NGX_HTTP_CODEREMOTE_VERSION,
                     "sandbox",
                     "connected", status != NULL,
                     "rootless",
                     status ? json_boolean(status->flags & CR_STATUS_ROOTLESS)
                            : json_null(),
                     "layers_on",
                     ngx_http_coderemote_status_words(status
                                               ? &status->layers_on : &none),
                     "layers_off",
                     ngx_http_coderemote_status_words(status
                                               ? &status->layers_off : &none),
                     "profiles", ngx_http_coderemote_health_profiles(status),
                     "jobs",
                     "accepted", (json_int_t) unfinished,
                     "queue", (json_int_t) mcf->queue);

    return ngx_http_coderemote_send(r, usable ? NGX_HTTP_OK
                                             : NGX_HTTP_SERVICE_UNAVAILABLE,
                                    json);
}


ngx_int_t
ngx_http_coderemote_health_handler(ngx_http_request_t *r)
{
    return ngx_http_coderemote_status_ask(r,
                                          ngx_http_coderemote_health_answer);
}
