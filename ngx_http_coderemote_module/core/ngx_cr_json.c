
#include "ngx_cr_json.h"


/* Each value but the first follows one of these outside of strings. */

size_t
ngx_cr_json_values(const ngx_str_t *text)
{
    u_char      *p, *last;
    size_t       n;
    ngx_uint_t   quoted;

    n = 0;
    quoted = 0;
    last = text->data + text->len;

    for (p = text->data; p < last; p++) {

        if (*p == '"') {
            quoted = !quoted;

        } else if (quoted) {
            p += (*p == '\\');

        } else if (*p == ',' || *p == '[' || *p == '{') {
            n++;
        }
    }

    return n;
}
