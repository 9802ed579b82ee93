
/* What goes out to clients, read as a client would. */


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_http_coderemote_json.h"

#include "fuzz.h"
#include "fuzz_nginx.h"


json_t *
fuzz_json_read(ngx_chain_t *out)
{
    char         *text, *p;
    size_t        len;
    json_t       *json;
    ngx_chain_t  *cl;

    len = 0;

    for (cl = out; cl; cl = cl->next) {
        len += cl->buf->last - cl->buf->pos;
    }

    p = text = malloc(len + 1);

    for (cl = out; cl; cl = cl->next) {
        p = (char *) ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    /* Which also tells whether it is UTF-8. */

    json = json_loadb(text, len, JSON_REJECT_DUPLICATES|JSON_ALLOW_NUL, NULL);
    fuzz_must(json);

    free(text);

    return json;
}


json_t *
fuzz_json_sent(ngx_pool_t *pool, json_t *json)
{
    size_t        size;
    ngx_chain_t  *out;

    out = ngx_http_coderemote_json_chain(pool, json, &size);
    fuzz_must(out);

    return fuzz_json_read(out);
}
