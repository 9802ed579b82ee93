
#include "ngx_http_coderemote_websocket.h"


ngx_int_t
ngx_http_coderemote_ws_follow(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id, uint64_t seq, ngx_uint_t attached)
{
    return NGX_DECLINED;
}


ngx_int_t
ngx_http_coderemote_ws_unfollow(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id)
{
    return NGX_DECLINED;
}


void
ngx_http_coderemote_ws_resume(ngx_http_coderemote_ws_t *ws)
{
}


void
ngx_http_coderemote_ws_end(ngx_http_coderemote_ws_t *ws)
{
}


ngx_int_t
ngx_http_coderemote_ws_feed_init(ngx_cycle_t *cycle)
{
    return NGX_OK;
}
