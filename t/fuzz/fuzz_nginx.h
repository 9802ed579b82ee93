
/* nginx as the targets have it: fuzz_nginx*.c. */


#ifndef _FUZZ_NGINX_H_INCLUDED_
#define _FUZZ_NGINX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <jansson.h>


/* The most that a request may have, small enough for short inputs. */
#define FUZZ_CODE    40
#define FUZZ_STDIN   60
#define FUZZ_OUTPUT  90
#define FUZZ_FILES   50
#define FUZZ_CASES   6


/* What a request was answered with. */

typedef struct {
    ngx_uint_t    status;       /* 0: not yet */
    off_t         length;
    ngx_chain_t  *out;
} fuzz_answer_t;


extern ngx_log_t      *fuzz_log;
extern fuzz_answer_t   fuzz_answer;


void fuzz_nginx_init(void);

/* The earliest timer goes off; 0: there is none. */
ngx_uint_t fuzz_nginx_timer(void);

/* A POST to a location of ours; what it points to is the caller's. */
void fuzz_request_init(ngx_http_request_t *r, ngx_connection_t *c,
    ngx_pool_t *pool);

/*
 * The document as a client gets it: written to buffers of pool, and read
 * again, which it must stand.
 */
json_t *fuzz_json_sent(ngx_pool_t *pool, json_t *json);
/* The same of what was written. */
json_t *fuzz_json_read(ngx_chain_t *out);


#endif /* _FUZZ_NGINX_H_INCLUDED_ */
