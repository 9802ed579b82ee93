
/*
 * What the files of ngx_cr_curl.h share; none but they includes this, nor
 * libcurl's header.
 */


#ifndef _NGX_CR_CURL_LOCAL_H_INCLUDED_
#define _NGX_CR_CURL_LOCAL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <curl/curl.h>

#include "ngx_cr_curl.h"


#define NGX_CR_CURL_URL   2048
#define NGX_CR_CURL_TYPE  128


/* Of a URL: the host as libcurl has it, which is what it connects to. */

typedef struct {
    ngx_str_t             name;         /* IPv6: with its brackets */
    u_char                text[256];
    in_port_t             port;
    unsigned              tls:1;
    unsigned              literal:1;
    unsigned              localhost:1;
    unsigned              local:1;
} ngx_cr_curl_host_t;


struct ngx_cr_curl_own_s {
    ngx_queue_t           queue;
    ngx_cr_curl_t        *request;      /* NULL: nobody is told any more */

    CURL                 *easy;
    struct curl_slist    *headers;
    struct curl_slist    *resolve;
    ngx_resolver_ctx_t   *lookup;

    ngx_cr_curl_host_t    host;
    ngx_cr_curl_host_t    proxy;

    ngx_event_t           deadline;
    ngx_event_t           silence;
    ngx_event_t           news;         /* posted */

    u_char               *buf;          /* what piece() was not told yet */
    size_t                len;
    size_t                size;
    size_t                body;
    size_t                header;

    u_char                type[NGX_CR_CURL_TYPE];

    CURLcode              result;
    unsigned              proxied:1;
    unsigned              added:1;      /* to the multi handle */
    unsigned              described:1;
    unsigned              telling:1;    /* in piece() */
    unsigned              finished:1;   /* `result` is there */
    unsigned              failed:1;     /* `why` is there */
};


/* ngx_cr_curl.c */

void ngx_cr_curl_begin(ngx_cr_curl_own_t *own);

/* From anywhere: done() is called later, from the event loop. */
void ngx_cr_curl_fail(ngx_cr_curl_own_t *own, const char *fmt, ...);
void ngx_cr_curl_fail_all(const char *why);

/* There is something to tell; something came from the server. */
void ngx_cr_curl_news(ngx_cr_curl_own_t *own);
void ngx_cr_curl_heard(ngx_cr_curl_own_t *own);

/* ngx_cr_curl_options.c: the URL is read, and libcurl knows all of it */

ngx_int_t ngx_cr_curl_prepare(ngx_cr_curl_own_t *own);
void ngx_cr_curl_unprepare(ngx_cr_curl_own_t *own);

/* ngx_cr_curl_parse.c */

/* NULL, or a sentence that begins with a verb. */
const char *ngx_cr_curl_parse(const ngx_str_t *url, ngx_cr_curl_host_t *host);

/* *max_age stays, or becomes less; -1 is more than any. */
void ngx_cr_curl_cache_control(const char *value, time_t *max_age);

/* ngx_cr_curl_name.c: it calls ngx_cr_curl_begin(), or fails the request */

void ngx_cr_curl_lookup(ngx_cr_curl_own_t *own);
void ngx_cr_curl_lookup_end(ngx_cr_curl_own_t *own);

/* ngx_cr_curl_answer.c: what libcurl reads, and what it means */

void ngx_cr_curl_receive(ngx_cr_curl_own_t *own);
void ngx_cr_curl_describe(ngx_cr_curl_own_t *own);
void ngx_cr_curl_verdict(ngx_cr_curl_own_t *own);

/* ngx_cr_curl_loop.c: the multi handle in the event loop */

ngx_int_t ngx_cr_curl_loop_open(void);
void ngx_cr_curl_loop_idle(void);
void ngx_cr_curl_loop_close(void);
ngx_int_t ngx_cr_curl_loop_add(ngx_cr_curl_own_t *own);
void ngx_cr_curl_loop_remove(ngx_cr_curl_own_t *own);

/* True while libcurl is at work: then it must not be called. */
ngx_uint_t ngx_cr_curl_loop_inside(void);


#endif /* _NGX_CR_CURL_LOCAL_H_INCLUDED_ */
