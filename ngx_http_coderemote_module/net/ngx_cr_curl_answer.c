
#include "ngx_cr_curl_local.h"

#include <openssl/x509_vfy.h>


#define NGX_CR_CURL_HEADERS  65536
#define NGX_CR_CURL_BUF      16384


static ngx_int_t
ngx_cr_curl_room(ngx_cr_curl_own_t *own, size_t len)
{
    u_char  *buf;
    size_t   size;

    if (own->size - own->len >= len) {
        return NGX_OK;
    }

    size = own->size ? own->size : NGX_CR_CURL_BUF;

    while (size - own->len < len) {
        size *= 2;
    }

    buf = ngx_alloc(size, ngx_cycle->log);
    if (buf == NULL) {
        return NGX_ERROR;
    }

    if (own->buf) {
        ngx_memcpy(buf, own->buf, own->len);
        ngx_free(own->buf);
    }

    own->buf = buf;
    own->size = size;

    return NGX_OK;
}


static size_t
ngx_cr_curl_write(char *bytes, size_t one, size_t len, void *data)
{
    ngx_cr_curl_own_t  *own;

    own = data;

    if (own->request == NULL || own->failed) {
        return 0;
    }

    if (len > own->request->conf->max_body - own->body) {
        ngx_cr_curl_fail(own, "%V sent more than %uz bytes", &own->host.name,
                         own->request->conf->max_body);
        return 0;
    }

    own->body += len;

    ngx_cr_curl_heard(own);

    if (own->request->piece == NULL || len == 0) {
        return len;
    }

    if (ngx_cr_curl_room(own, len) != NGX_OK) {
        ngx_cr_curl_fail(own, "there is no memory");
        return 0;
    }

    ngx_memcpy(own->buf + own->len, bytes, len);
    own->len += len;

    ngx_cr_curl_news(own);

    return len;
}


/* libcurl keeps all of them for curl_easy_header(), however many come. */

static size_t
ngx_cr_curl_header(char *bytes, size_t one, size_t len, void *data)
{
    ngx_cr_curl_own_t  *own;

    own = data;

    if (own->request == NULL || own->failed) {
        return 0;
    }

    if (len > NGX_CR_CURL_HEADERS - own->header) {
        ngx_cr_curl_fail(own, "%V sent more than %d bytes of headers",
                         &own->host.name, NGX_CR_CURL_HEADERS);
        return 0;
    }

    own->header += len;

    ngx_cr_curl_heard(own);

    return len;
}


void
ngx_cr_curl_receive(ngx_cr_curl_own_t *own)
{
    curl_easy_setopt(own->easy, CURLOPT_WRITEFUNCTION, ngx_cr_curl_write);
    curl_easy_setopt(own->easy, CURLOPT_WRITEDATA, own);
    curl_easy_setopt(own->easy, CURLOPT_HEADERFUNCTION, ngx_cr_curl_header);
    curl_easy_setopt(own->easy, CURLOPT_HEADERDATA, own);
}


static void
ngx_cr_curl_max_age(ngx_cr_curl_own_t *own)
{
    size_t               i;
    struct curl_header  *h;

    for (i = 0;
         curl_easy_header(own->easy, "Cache-Control", i, CURLH_HEADER, -1, &h)
         == CURLHE_OK;
         i++)
    {
        ngx_cr_curl_cache_control(h->value, &own->request->max_age);
    }
}


static void
ngx_cr_curl_set_type(ngx_cr_curl_own_t *own, const char *value)
{
    size_t      len;
    ngx_str_t  *type;

    if (value == NULL) {
        return;
    }

    len = strcspn(value, "; \t");

    if (len >= NGX_CR_CURL_TYPE) {
        return;
    }

    type = &own->request->type;

    type->len = len;
    type->data = own->type;

    ngx_strlow(type->data, (u_char *) value, len);
}


void
ngx_cr_curl_describe(ngx_cr_curl_own_t *own)
{
    char           *type;
    long            status;
    curl_off_t      retry;
    ngx_cr_curl_t  *c;

    if (own->described || !own->added) {
        return;
    }

    own->described = 1;

    c = own->request;

    if (curl_easy_getinfo(own->easy, CURLINFO_RESPONSE_CODE, &status)
        == CURLE_OK)
    {
        c->status = status;
    }

    if (curl_easy_getinfo(own->easy, CURLINFO_CONTENT_TYPE, &type)
        == CURLE_OK)
    {
        ngx_cr_curl_set_type(own, type);
    }

    /* libcurl says 0 where there is no such header */

    if (curl_easy_getinfo(own->easy, CURLINFO_RETRY_AFTER, &retry) == CURLE_OK
        && retry > 0)
    {
        c->retry_after = (time_t) retry;
    }

    ngx_cr_curl_max_age(own);
}


/* Where the chain was good OpenSSL has said nothing: then it is the name. */

static ngx_uint_t
ngx_cr_curl_bad_chain(ngx_cr_curl_own_t *own, CURLINFO info, long *rc)
{
    return curl_easy_getinfo(own->easy, info, rc) == CURLE_OK
           && *rc != X509_V_OK && *rc != X509_V_ERR_UNSPECIFIED;
}


static void
ngx_cr_curl_refused_certificate(ngx_cr_curl_own_t *own)
{
    long        rc;
    ngx_str_t  *name;

    if (ngx_cr_curl_bad_chain(own, CURLINFO_SSL_VERIFYRESULT, &rc)) {
        name = &own->host.name;

    } else if (own->proxied && own->proxy.tls
               && ngx_cr_curl_bad_chain(own, CURLINFO_PROXY_SSL_VERIFYRESULT,
                                        &rc))
    {
        name = &own->proxy.name;

    } else {
        ngx_cr_curl_fail(own, "the certificate of %V is for another name",
                         &own->host.name);
        return;
    }

    ngx_cr_curl_fail(own, "the certificate of %V is not trusted: %s", name,
                     X509_verify_cert_error_string(rc));
}


static void
ngx_cr_curl_not_connected(ngx_cr_curl_own_t *own)
{
    long                 err;
    u_char              *p;
    u_char               text[NGX_MAX_ERROR_STR];
    ngx_cr_curl_host_t  *host;

    host = own->proxied ? &own->proxy : &own->host;

    if (curl_easy_getinfo(own->easy, CURLINFO_OS_ERRNO, &err) != CURLE_OK) {
        err = 0;
    }

    if (err == 0) {
        ngx_cr_curl_fail(own, "%s%V:%ui cannot be reached",
                         own->proxied ? "the proxy " : "", &host->name,
                         (ngx_uint_t) host->port);
        return;
    }

    p = ngx_strerror((ngx_err_t) err, text, sizeof(text) - 1);
    *p = '\0';

    ngx_cr_curl_fail(own, "%s%V:%ui cannot be reached: %s",
                     own->proxied ? "the proxy " : "", &host->name,
                     (ngx_uint_t) host->port, text);
}


static const struct {
    CURLcode     code;
    const char  *what;
} ngx_cr_curl_ends[] = {
    { CURLE_GOT_NOTHING, "closed the connection without an answer" },
    { CURLE_PARTIAL_FILE, "closed the connection before its answer was "
                          "whole" },
    { CURLE_RECV_ERROR, "broke the connection off" },
    { CURLE_SEND_ERROR, "broke the connection off" },
    { CURLE_UNSUPPORTED_PROTOCOL, "did not answer in HTTP" },
    { CURLE_WEIRD_SERVER_REPLY, "did not answer in HTTP" },
    { CURLE_BAD_CONTENT_ENCODING, "answered in an encoding that was not "
                                  "asked for" },
    { CURLE_SSL_CONNECT_ERROR, "did not come to terms about TLS" },
    { CURLE_SSL_CACERT_BADFILE, "cannot be asked: the file of trusted "
                                "certificates cannot be read" },
    { CURLE_OUT_OF_MEMORY, "cannot be asked: there is no memory" }
};


void
ngx_cr_curl_verdict(ngx_cr_curl_own_t *own)
{
    long        status;
    ngx_uint_t  i;
    ngx_str_t  *name;

    name = &own->host.name;

    if (own->proxied
        && own->result != CURLE_OK
        && curl_easy_getinfo(own->easy, CURLINFO_HTTP_CONNECTCODE, &status)
           == CURLE_OK
        && status != 0 && status / 100 != 2)
    {
        ngx_cr_curl_fail(own, "the proxy %V answered %ui instead of "
                         "connecting", &own->proxy.name, (ngx_uint_t) status);
        return;
    }

    switch (own->result) {

    case CURLE_OK:
        return;

    case CURLE_COULDNT_CONNECT:
        ngx_cr_curl_not_connected(own);
        return;

    case CURLE_PEER_FAILED_VERIFICATION:
        ngx_cr_curl_refused_certificate(own);
        return;

    case CURLE_FILESIZE_EXCEEDED:
        ngx_cr_curl_fail(own, "%V has an answer of more than %uz bytes",
                         name, own->request->conf->max_body);
        return;

    case CURLE_OPERATION_TIMEDOUT:
        own->request->timed_out = 1;
        ngx_cr_curl_fail(own, "no connection to %s%V came about in time",
                         own->proxied ? "the proxy of " : "", name);
        return;

    default:
        break;
    }

    for (i = 0; i < sizeof(ngx_cr_curl_ends) / sizeof(ngx_cr_curl_ends[0]);
         i++)
    {
        if (own->result == ngx_cr_curl_ends[i].code) {
            ngx_cr_curl_fail(own, "%V %s", name, ngx_cr_curl_ends[i].what);
            return;
        }
    }

    ngx_cr_curl_fail(own, "%V cannot be asked: %s", name,
                     curl_easy_strerror(own->result));
}
