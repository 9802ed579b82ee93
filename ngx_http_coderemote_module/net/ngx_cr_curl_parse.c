
/* What is read of others' texts before libcurl has them, and after it. */

#include "ngx_cr_curl_local.h"


#define NGX_CR_CURL_MAX_AGE  (365 * 86400)


/* libcurl reads the URL, here as later: two readers might differ. */

static const char *
ngx_cr_curl_part(CURLU *url, CURLUPart part, unsigned flags, u_char *text,
    size_t size, size_t *len)
{
    char  *value;

    if (curl_url_get(url, part, &value, flags) != CURLUE_OK) {
        return "has no host";
    }

    *len = ngx_strlen(value);

    if (*len < size) {
        ngx_memcpy(text, value, *len + 1);
    }

    curl_free(value);

    return *len < size ? NULL : "has too long a host";
}


static ngx_uint_t
ngx_cr_curl_has(CURLU *url, CURLUPart part)
{
    char  *value;

    if (curl_url_get(url, part, &value, 0) != CURLUE_OK) {
        return 0;
    }

    curl_free(value);

    return 1;
}


static const char *
ngx_cr_curl_kind_of_host(ngx_cr_curl_host_t *host)
{
    u_char         *p;
    ngx_str_t      *name;
    struct in_addr  addr;

    name = &host->name;

    if (name->data[0] == '[') {
        host->literal = 1;
        host->local = (ngx_strcmp(name->data, "[::1]") == 0);
        return NULL;
    }

    if (inet_pton(AF_INET, (char *) name->data, &addr) == 1) {
        host->literal = 1;
        host->local = (ntohl(addr.s_addr) >> 24 == 127);
        return NULL;
    }

    for (p = name->data; *p; p++) {

        *p = ngx_tolower(*p);

        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9')
              || *p == '_' || (p > name->data && (*p == '-' || *p == '.'))))
        {
            return "has a host that is no name: write it as DNS has it, in "
                   "letters, digits, hyphens and dots";
        }
    }

    if (p[-1] == '.') {
        return "has a host with a dot at its end: leave that out";
    }

    host->localhost = (ngx_strcmp(name->data, "localhost") == 0);
    host->local = host->localhost;

    return NULL;
}


static const char *
ngx_cr_curl_read(CURLU *url, const char *text, ngx_cr_curl_host_t *host)
{
    size_t       len;
    u_char       part[16];
    const char  *err;

    if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK
        || ngx_cr_curl_part(url, CURLUPART_SCHEME, 0, part, sizeof(part),
                            &len)
           != NULL)
    {
        return "is no URL: write http://HOST/... or https://HOST/...";
    }

    host->tls = (ngx_strcmp(part, "https") == 0);

    if (!host->tls && ngx_strcmp(part, "http") != 0) {
        return "must begin with http:// or https://";
    }

    if (ngx_cr_curl_has(url, CURLUPART_USER)
        || ngx_cr_curl_has(url, CURLUPART_PASSWORD))
    {
        return "has a user or a password in it: leave them out";
    }

    if (ngx_cr_curl_has(url, CURLUPART_FRAGMENT)) {
        return "has a fragment, from the # on: leave it out";
    }

    err = ngx_cr_curl_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, part,
                           sizeof(part), &len);
    if (err) {
        return err;
    }

    host->port = (in_port_t) atoi((char *) part);

    err = ngx_cr_curl_part(url, CURLUPART_HOST, 0, host->text,
                           sizeof(host->text), &host->name.len);
    if (err || host->name.len == 0) {
        return err ? err : "has no host";
    }

    host->name.data = host->text;

    return ngx_cr_curl_kind_of_host(host);
}


const char *
ngx_cr_curl_parse(const ngx_str_t *url, ngx_cr_curl_host_t *host)
{
    char         text[NGX_CR_CURL_URL];
    CURLU       *u;
    size_t       i;
    const char  *err;

    ngx_memzero(host, sizeof(ngx_cr_curl_host_t));

    if (url->len >= sizeof(text)) {
        return "is longer than 2047 characters";
    }

    for (i = 0; i < url->len; i++) {
        if (url->data[i] <= ' ' || url->data[i] >= 0x7f) {
            return "has a blank or another sign that must be escaped "
                   "with %";
        }
    }

    ngx_memcpy(text, url->data, url->len);
    text[url->len] = '\0';

    u = curl_url();
    if (u == NULL) {
        return "cannot be read: there is no memory";
    }

    err = ngx_cr_curl_read(u, text, host);

    curl_url_cleanup(u);

    return err;
}


const char *
ngx_cr_curl_url(const ngx_str_t *url, ngx_uint_t resolver, ngx_uint_t *local)
{
    const char          *err;
    ngx_cr_curl_host_t   host;

    err = ngx_cr_curl_parse(url, &host);

    *local = host.local;

    if (err == NULL && !resolver && !host.literal && !host.localhost) {
        err = "has a name for its host: say with \"resolver\" who is to be "
              "asked for its address";
    }

    return err;
}


/* One directive of a Cache-Control header, without blanks around it. */

static void
ngx_cr_curl_cache_directive(const char *p, size_t len, time_t *max_age)
{
    size_t  i;
    time_t  age;

    if (len == 8 && (strncasecmp(p, "no-store", 8) == 0
                     || strncasecmp(p, "no-cache", 8) == 0))
    {
        *max_age = 0;
        return;
    }

    if (len <= 8 || strncasecmp(p, "max-age=", 8) != 0) {
        return;
    }

    for (age = 0, i = 8; i < len; i++) {

        if (p[i] < '0' || p[i] > '9') {
            return;
        }

        age = ngx_min(age * 10 + (p[i] - '0'), NGX_CR_CURL_MAX_AGE);
    }

    if (*max_age < 0 || age < *max_age) {
        *max_age = age;
    }
}


void
ngx_cr_curl_cache_control(const char *value, time_t *max_age)
{
    size_t       len;
    const char  *end;

    for ( ;; ) {
        value += strspn(value, " \t,");

        if (*value == '\0') {
            return;
        }

        len = strcspn(value, ",");
        end = value + len;

        while (value[len - 1] == ' ' || value[len - 1] == '\t') {
            len--;
        }

        ngx_cr_curl_cache_directive(value, len, max_age);

        value = end;
    }
}
