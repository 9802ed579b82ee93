
#include "ngx_http_coderemote_websocket.h"


void
ngx_http_coderemote_ws_begin(ngx_http_coderemote_ws_t *ws)
{
    ngx_queue_init(&ws->jobs);
}


void
ngx_http_coderemote_ws_send(ngx_http_coderemote_ws_t *ws, json_t *json)
{
    char  *text;

    text = json ? json_dumps(json, JSON_COMPACT) : NULL;

    json_decref(json);

    if (text == NULL) {
        ngx_cr_websocket_close(ws->websocket, NGX_CR_WS_ERROR,
                               "memory is short");
        return;
    }

    ngx_cr_websocket_send(ws->websocket, (u_char *) text, ngx_strlen(text));

    free(text);
}


static void
ngx_http_coderemote_ws_error(ngx_http_coderemote_ws_t *ws, const char *code,
    const char *message)
{
    ngx_http_coderemote_ws_send(ws, json_pack("{s:s, s:s, s:s}",
                                              "type", "error", "code", code,
                                              "message", message));
}


void
ngx_http_coderemote_ws_message(ngx_http_coderemote_ws_t *ws,
    const u_char *data, size_t len)
{
    u_char        id[NGX_CR_CONNECTION_ID_LEN];
    json_t       *json;
    const char   *action;
    json_error_t  error;

    json = json_loadb((const char *) data, len, JSON_REJECT_DUPLICATES,
                      &error);

    if (!json_is_object(json)) {
        ngx_http_coderemote_ws_error(ws, "bad_message",
                                     "Send one JSON object a message.");
        json_decref(json);
        return;
    }

    action = json_string_value(json_object_get(json, "action"));

    if (action && ngx_strcmp(action, "ping") == 0) {
        ngx_cr_connection_id_format(id, &ws->id);

        ngx_http_coderemote_ws_send(ws, json_pack("{s:s, s:s%}",
                                        "type", "pong", "connection_id", id,
                                        sizeof(id)));

    } else {
        ngx_http_coderemote_ws_error(ws, "unknown_action",
                                     "\"action\" must be ping.");
    }

    json_decref(json);
}
