
/*
 * A URL that a server names, and what it says of how long its answer is good:
 * the first line, and the rest.  A host that is looked up is a plain name, and
 * is the one that libcurl connects to.
 */


#include <string.h>

#include <arpa/inet.h>

#include "ngx_cr_curl_local.h"

#include "fuzz.h"


#define MAX_AGE  (365 * 86400)


static void
check_host(const ngx_cr_curl_host_t *host)
{
    size_t          i;
    u_char          c;
    const u_char   *name;
    struct in_addr  addr;

    name = host->name.data;

    fuzz_must(host->name.len && host->name.len < sizeof(host->text));
    fuzz_must(name == host->text && name[host->name.len] == '\0');
    fuzz_must(!host->local || host->literal || host->localhost);
    fuzz_must(!(host->literal && host->localhost));

    if (host->literal) {
        fuzz_must(name[0] == '['
                  || inet_pton(AF_INET, (char *) name, &addr) == 1);
        return;
    }

    for (i = 0; i < host->name.len; i++) {
        c = name[i];
        fuzz_must((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                  || c == '_' || (i && (c == '-' || c == '.')));
    }

    fuzz_must(name[i - 1] != '.');
}


/* Nothing but scheme, host and port is in what libcurl has of it. */

static void
check_again(const ngx_cr_curl_host_t *host)
{
    int                 n;
    char                text[400];
    ngx_str_t           url;
    ngx_uint_t          local;
    ngx_cr_curl_host_t  again;

    n = snprintf(text, sizeof(text), "%s://%s:%u/",
                 host->tls ? "https" : "http", host->text, host->port);
    fuzz_must(n > 0 && n < (int) sizeof(text));

    url.data = (u_char *) text;
    url.len = n;

    fuzz_must(ngx_cr_curl_parse(&url, &again) == NULL);
    fuzz_must(again.port == host->port && again.tls == host->tls);
    fuzz_must(again.literal == host->literal && again.local == host->local);
    fuzz_must(strcmp((char *) again.text, (char *) host->text) == 0);

    fuzz_must(ngx_cr_curl_url(&url, 1, &local) == NULL);
    fuzz_must(local == host->local);
    fuzz_must((ngx_cr_curl_url(&url, 0, &local) == NULL)
              == (host->literal || host->localhost));
}


static void
check_max_age(const uint8_t *data, size_t size)
{
    char    *value;
    time_t   age, less;

    value = malloc(size + 1);
    memcpy(value, data, size);
    value[size] = '\0';

    age = -1;
    ngx_cr_curl_cache_control(value, &age);
    fuzz_must(age >= -1 && age <= MAX_AGE);

    less = 5;
    ngx_cr_curl_cache_control(value, &less);
    fuzz_must(less >= 0 && less <= 5);
    fuzz_must(less == (age >= 0 && age < 5 ? age : 5));

    free(value);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ngx_str_t            url;
    const char          *err;
    const uint8_t       *end;
    ngx_cr_curl_host_t   host;

    end = memchr(data, '\n', size);
    end = end ? end : data + size;

    url.len = end - data;
    url.data = malloc(url.len + 1);
    memcpy(url.data, data, url.len);

    err = ngx_cr_curl_parse(&url, &host);

    if (err) {
        fuzz_must(*err >= 'a' && *err <= 'z');

    } else {
        check_host(&host);
        check_again(&host);
    }

    free(url.data);

    check_max_age(end, data + size - end);

    return 0;
}
