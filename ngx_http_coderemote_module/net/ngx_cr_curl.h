
/*
 * HTTP requests to other servers: libcurl's multi interface in nginx's event
 * loop.  Nothing blocks: names are looked up by nginx's resolver before
 * libcurl hears of them.  No redirect is followed, no cookie kept, nothing is
 * taken from the environment, and certificates are always verified.
 */


#ifndef _NGX_CR_CURL_H_INCLUDED_
#define _NGX_CR_CURL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CR_CURL_WHY  256


/* How to ask; made from directives, and as long-lived as the cycle. */

typedef struct {
    ngx_resolver_t     *resolver;       /* NULL: addresses and "localhost"
                                           alone can be asked */
    ngx_msec_t          resolver_timeout;
    ngx_msec_t          timeout;        /* of the whole, look-up included */
    ngx_msec_t          silence;        /* between two things the server
                                           sends, and before the first of
                                           them; 0: no bound */
    size_t              max_body;       /* bytes of the answer's body */
    ngx_str_t           proxy;          /* URL; len 0: none */
    ngx_str_t           trusted;        /* file of CAs; len 0: the system's */
} ngx_cr_curl_conf_t;


typedef struct ngx_cr_curl_s      ngx_cr_curl_t;
typedef struct ngx_cr_curl_own_s  ngx_cr_curl_own_t;

/*
 * One request.  The caller zeroes it and fills the first part; it must live,
 * as all it points to, until done() was called or cancel() answered.
 */

struct ngx_cr_curl_s {
    const ngx_cr_curl_conf_t  *conf;
    ngx_log_t                 *log;
    ngx_str_t                  url;     /* http or https, copied */
    const ngx_str_t           *headers; /* "Name: value", copied; may hold
                                           what no log may show */
    ngx_uint_t                 nheaders;
    ngx_str_t                  body;    /* data NULL: GET; else POST, not
                                           copied; it needs a Content-Type */
    void                      *data;    /* the caller's own */

    /*
     * From the event loop, never from within start(), and free to do anything,
     * cancel() included.  piece(): of the body, as it comes, after status and
     * the like are known; NULL: nobody cares.  done(): once, the last call.
     * NGX_OK: a whole answer came, whatever its status; NGX_ERROR: `why` is a
     * sentence for the log and for people; it has nothing of headers in it.
     */
    void                     (*piece)(ngx_cr_curl_t *c, const u_char *bytes,
                                      size_t len);
    void                     (*done)(ngx_cr_curl_t *c, ngx_int_t rc);

    /* Filled for the calls above. */
    ngx_uint_t                 status;
    ngx_str_t                  type;    /* Content-Type, lower case, without
                                           parameters; empty: none; gone when
                                           done() returns */
    time_t                     max_age; /* of Cache-Control, s; -1: unknown */
    time_t                     retry_after;     /* seconds; -1: unknown */
    ngx_uint_t                 timed_out;       /* unsigned  timed_out:1; */
    u_char                     why[NGX_CR_CURL_WHY];

    ngx_cr_curl_own_t         *own;
};


/*
 * When a worker ends: ends what is left, without done().  Afterwards nothing
 * can be started, and cancel() does nothing.
 */
void ngx_cr_curl_exit(void);

/*
 * Checks a URL when a configuration is read: http or https, a host, no user or
 * password, no fragment; a name needs a resolver.  NULL: it is good; else a
 * sentence that says what to do.  *local: the host is of this machine
 * (127.0.0.0/8, ::1, localhost).
 */
const char *ngx_cr_curl_url(const ngx_str_t *url, ngx_uint_t resolver,
    ngx_uint_t *local);

/* NGX_OK: done() follows; NGX_ERROR: it does not, `why` says why. */
ngx_int_t ngx_cr_curl_start(ngx_cr_curl_t *c);

/* Ends it at once, from anywhere; no call follows.  Harmless after done(). */
void ngx_cr_curl_cancel(ngx_cr_curl_t *c);


#endif /* _NGX_CR_CURL_H_INCLUDED_ */
