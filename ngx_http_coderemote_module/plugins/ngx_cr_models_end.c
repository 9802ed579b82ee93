
/* What may come of asking a model, and what is learned from it. */

#include "ngx_cr_models.h"


static const ngx_cr_models_end_t  ngx_cr_models_ends[] = {

    /* unavailable, again, counts, status, text */

    [NGX_CR_MODELS_OK] =
    { 0, 0, 0, 0, ngx_null_string },

    [NGX_CR_MODELS_NOT_SET] =
    { 1, 0, 0, NGX_HTTP_SERVICE_UNAVAILABLE,
      ngx_string("No model is set up here: the server's administrator gives "
                 "it a key by coderemote_analyzer_key_file.") },
    [NGX_CR_MODELS_OPEN] =
    { 1, 0, 0, NGX_HTTP_SERVICE_UNAVAILABLE,
      ngx_string("The model's server has failed several times in a row and is "
                 "left alone for a while; try again later.") },
    [NGX_CR_MODELS_CALLS] =
    { 1, 0, 0, NGX_HTTP_SERVICE_UNAVAILABLE,
      ngx_string("The model is asked about too many programs at the moment; "
                 "try again later.") },
    [NGX_CR_MODELS_MEMORY] =
    { 1, 0, 0, NGX_HTTP_SERVICE_UNAVAILABLE,
      ngx_string("The server has no memory to ask the model; try again "
                 "later.") },
    [NGX_CR_MODELS_UNREACHABLE] =
    { 1, 1, 1, NGX_HTTP_SERVICE_UNAVAILABLE,
      ngx_string("The model's server cannot be reached; try again later.") },
    [NGX_CR_MODELS_TIMEOUT] =
    { 1, 1, 1, NGX_HTTP_GATEWAY_TIME_OUT,
      ngx_string("The model's server did not answer in time; try again "
                 "later.") },
    [NGX_CR_MODELS_BUSY] =
    { 1, 1, 1, NGX_HTTP_SERVICE_UNAVAILABLE,
      ngx_string("The model's server takes no more requests for now; try "
                 "again later.") },
    [NGX_CR_MODELS_FAILED] =
    { 1, 1, 1, NGX_HTTP_BAD_GATEWAY,
      ngx_string("The model's server has failed; try again later.") },
    [NGX_CR_MODELS_KEY] =
    { 0, 0, 0, 0,
      ngx_string("The model's server does not accept the key; the server's "
                 "administrator must set one that it accepts.") },
    [NGX_CR_MODELS_REFUSED] =
    { 1, 0, 0, NGX_HTTP_BAD_GATEWAY,
      ngx_string("The model's server refuses the request; the log of the "
                 "server tells its administrator why.") },
    [NGX_CR_MODELS_GARBAGE] =
    { 1, 0, 1, NGX_HTTP_BAD_GATEWAY,
      ngx_string("The model's server answered what no model would; the "
                 "server's administrator should look at "
                 "coderemote_analyzer_url.") },
    [NGX_CR_MODELS_TOO_LONG] =
    { 1, 0, 1, NGX_HTTP_BAD_GATEWAY,
      ngx_string("The model's server did not come to an end; try again "
                 "later.") },
    [NGX_CR_MODELS_EARLY] =
    { 1, 1, 1, NGX_HTTP_BAD_GATEWAY,
      ngx_string("The model's server ended its answer early; try again "
                 "later.") },
    [NGX_CR_MODELS_EMPTY] =
    { 1, 1, 0, NGX_HTTP_BAD_GATEWAY,
      ngx_string("The model answered nothing; try again later.") },
    [NGX_CR_MODELS_CUT] =
    { 1, 0, 0, NGX_HTTP_BAD_GATEWAY,
      ngx_string("The model may not say as much as it would have to; try a "
                 "shorter program.") },
    [NGX_CR_MODELS_BLOCKED] =
    { 0, 0, 0, 0,
      ngx_string("The model declines to explain this program.") },
    [NGX_CR_MODELS_UNREADABLE] =
    { 1, 0, 0, NGX_HTTP_BAD_GATEWAY,
      ngx_string("The model answered nothing that can be relied on; try "
                 "again.") }
};


const ngx_cr_models_end_t *
ngx_cr_models_end(ngx_cr_models_end_e end)
{
    return &ngx_cr_models_ends[end];
}


ngx_cr_models_end_e
ngx_cr_models_end_of(ngx_uint_t status)
{
    switch (status) {

    case 401:
    case 403:
        return NGX_CR_MODELS_KEY;

    case 408:
    case 504:
        return NGX_CR_MODELS_TIMEOUT;

    case 429:
        return NGX_CR_MODELS_BUSY;

    default:
        return (status >= 400 && status < 500) ? NGX_CR_MODELS_REFUSED
               : status >= 500 ? NGX_CR_MODELS_FAILED
               : NGX_CR_MODELS_GARBAGE;
    }
}


static ngx_uint_t
ngx_cr_models_open(const ngx_cr_models_conf_t *conf,
    const ngx_cr_models_state_t *state)
{
    return conf->failures && state->failures >= conf->failures
           && (state->trying
               || (ngx_msec_int_t) (state->again - ngx_current_msec) > 0);
}


ngx_cr_models_end_e
ngx_cr_models_look(const ngx_cr_models_conf_t *conf,
    const ngx_cr_models_state_t *state)
{
    return !conf->set ? NGX_CR_MODELS_NOT_SET
           : ngx_cr_models_open(conf, state) ? NGX_CR_MODELS_OPEN
           : NGX_CR_MODELS_OK;
}


ngx_cr_models_end_e
ngx_cr_models_enter(const ngx_cr_models_conf_t *conf,
    ngx_cr_models_state_t *state, ngx_uint_t *trying)
{
    ngx_cr_models_end_e  end;

    end = ngx_cr_models_look(conf, state);

    if (end != NGX_CR_MODELS_OK) {
        return end;
    }

    if (state->calls >= conf->calls) {
        return NGX_CR_MODELS_CALLS;
    }

    /* after the pause one call alone tells whether it is over */

    *trying = (conf->failures && state->failures >= conf->failures);

    state->trying |= *trying;
    state->calls++;

    return NGX_CR_MODELS_OK;
}


void
ngx_cr_models_leave(const ngx_cr_models_conf_t *conf,
    ngx_cr_models_state_t *state, ngx_cr_models_end_e end, ngx_uint_t trying)
{
    state->calls--;

    if (trying) {
        state->trying = 0;
    }

    if (!ngx_cr_models_ends[end].counts) {

        /* who was asked and answered is there again */

        if (end != NGX_CR_MODELS_MEMORY) {
            state->failures = 0;
        }

        return;
    }

    if (state->failures < conf->failures) {
        state->failures++;
    }

    state->again = ngx_current_msec + conf->pause;
}
