
/* What an OpenID Connect provider says of itself: any text. */


#include <string.h>

#include "ngx_cr_discovery.h"

#include "fuzz.h"
#include "fuzz_nginx.h"


#define ISSUER  "https://id.example/a"


static void
check_plain(const u_char *text, size_t len, u_char first)
{
    size_t  i;

    fuzz_must(len);

    for (i = 0; i < len; i++) {
        fuzz_must(text[i] >= first && text[i] < 0x7f && text[i] != '\\');
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u_char       why[NGX_CR_DISCOVERY_WHY];
    ngx_int_t    rc;
    ngx_str_t    text, url, issuer = ngx_string(ISSUER);
    ngx_pool_t  *pool;

    text.data = malloc(size + 1);
    text.len = size;
    memcpy(text.data, data, size);

    pool = ngx_create_pool(4096, fuzz_log);
    memset(why, 0, sizeof(why));

    rc = ngx_cr_discovery_read(pool, &text, &issuer, &url, why);

    if (rc == NGX_OK) {
        fuzz_must(memmem(text.data, size, "issuer", 6)
                  || memchr(text.data, '\\', size));
        fuzz_must(url.len <= NGX_CR_DISCOVERY_URL);
        check_plain(url.data, url.len, '!');

    } else {
        fuzz_must(rc == NGX_DECLINED);
        fuzz_must(memchr(why, '\0', sizeof(why)));
        check_plain(why, strlen((char *) why), ' ');
    }

    ngx_destroy_pool(pool);
    free(text.data);

    return 0;
}
