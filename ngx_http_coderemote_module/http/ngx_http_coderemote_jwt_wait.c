
/* Requests that wait in the access phase for keys of a provider. */

#include "ngx_http_coderemote_jwt.h"
#include "ngx_http_coderemote_request.h"


static void
ngx_http_coderemote_jwt_wait_cleanup(void *data)
{
    ngx_http_coderemote_jwt_wait_t *wait = data;

    ngx_cr_jwks_forget(&wait->wait);
}


/* From the event loop: the same handler looks again. */

static void
ngx_http_coderemote_jwt_wait_handler(void *data)
{
    ngx_http_coderemote_jwt_wait_t *wait = data;

    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = wait->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    if (ngx_handle_read_event(c->read, 0) != NGX_OK) {
        ngx_http_coderemote_finish(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    r->read_event_handler = ngx_http_block_reading;
    r->write_event_handler = ngx_http_core_run_phases;

    ngx_http_core_run_phases(r);
    ngx_http_run_posted_requests(c);
}


static ngx_int_t
ngx_http_coderemote_jwt_suspend(ngx_http_request_t *r)
{
    if (r->connection->read->ready) {
        ngx_post_event(r->connection->read, &ngx_posted_events);

    } else if (ngx_handle_read_event(r->connection->read, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    return NGX_OK;
}


ngx_int_t
ngx_http_coderemote_jwt_wait(ngx_http_request_t *r,
    ngx_http_coderemote_jwt_wait_t *wait, const ngx_array_t *providers,
    ngx_int_t which)
{
    ngx_cr_jwks_t       *jwks;
    ngx_cr_provider_t   *provider;
    ngx_http_cleanup_t  *cln;

    provider = providers->elts;
    jwks = provider[which].jwks;

    if (wait->request == NULL) {

        cln = ngx_http_cleanup_add(r, 0);
        if (cln == NULL) {
            return NGX_ERROR;
        }

        cln->handler = ngx_http_coderemote_jwt_wait_cleanup;
        cln->data = wait;

        wait->request = r;
        wait->wait.handler = ngx_http_coderemote_jwt_wait_handler;
        wait->wait.data = wait;
    }

    /* all that he waits for has one deadline */

    if (wait->jwks != jwks) {
        wait->jwks = jwks;
        wait->wait.fetch = 0;
    }

    if (ngx_cr_jwks_wait(jwks, &wait->wait) != NGX_AGAIN) {
        wait->asked |= (ngx_uint_t) 1 << which;
        return NGX_DONE;
    }

    if (ngx_http_coderemote_jwt_suspend(r) != NGX_OK) {
        ngx_cr_jwks_forget(&wait->wait);
        return NGX_ERROR;
    }

    return NGX_AGAIN;
}


ngx_int_t
ngx_http_coderemote_jwt_unavailable(ngx_http_request_t *r,
    ngx_cr_jwks_t *jwks)
{
    ngx_http_coderemote_ctx_t  *ctx;

    ctx = ngx_http_coderemote_ctx(r);

    if (ctx == NULL
        || ngx_http_coderemote_retry(r, ngx_cr_jwks_retry_after(jwks))
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->detail = "The keys of the provider of your token cannot be had, so "
                  "it is not known whether it is good; try again later.";

    return NGX_HTTP_SERVICE_UNAVAILABLE;
}
