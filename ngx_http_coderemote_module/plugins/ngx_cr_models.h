
/*
 * The analyzers that ask a language model: settings, key, and one call.
 */


#ifndef _NGX_CR_MODELS_H_INCLUDED_
#define _NGX_CR_MODELS_H_INCLUDED_


#include "ngx_http_coderemote_api.h"
#include "ngx_cr_curl.h"
#include "ngx_cr_models_prompt.h"
#include "ngx_cr_models_wire.h"


#define NGX_CR_MODELS_WIRES     2

#define NGX_CR_MODELS_IDENTITY  40      /* characters */


/*
 * A key, with the header fields that carry it ready made: all of it in pages
 * that no core dump has, and that are cleared when the configuration goes.
 */

typedef struct {
    ngx_str_t              text;
    ngx_str_t              fields[NGX_CR_MODELS_WIRES];
} ngx_cr_models_key_t;


/*
 * How a server has been of late, and how many calls it has of this worker.
 * Each worker learns it for itself.
 */

typedef struct {
    ngx_uint_t             calls;
    ngx_uint_t             failures;    /* in a row */
    ngx_msec_t             again;       /* when it may be asked once more */
    ngx_uint_t             trying;      /* unsigned  trying:1;  it is */
} ngx_cr_models_state_t;


typedef struct {
    ngx_str_t              model;       /* len 0: the format's own */
    ngx_str_t              url;         /* the same */
    ngx_cr_models_key_t   *key;         /* NULL: none */
    ngx_cr_prompt_t       *prompt;      /* NULL: none yet */
    ngx_uint_t             set;         /* unsigned  set:1;  there is a server
                                           to be asked, and all it takes */
    ngx_str_t              identity[NGX_CR_MODELS_WIRES];
    ngx_uint_t             calls;
    ngx_uint_t             retries;
    ngx_uint_t             failures;    /* 0: never mind */
    ngx_msec_t             pause;
    ngx_cr_curl_conf_t     curl;
    ngx_cr_models_state_t *state;       /* of each format */

    ngx_str_t              file;        /* where url or key was set */
    ngx_uint_t             line;
} ngx_cr_models_conf_t;


/* How a call ends. */

typedef enum {
    NGX_CR_MODELS_OK = 0,
    NGX_CR_MODELS_NOT_SET,
    NGX_CR_MODELS_OPEN,
    NGX_CR_MODELS_CALLS,
    NGX_CR_MODELS_MEMORY,
    NGX_CR_MODELS_UNREACHABLE,
    NGX_CR_MODELS_TIMEOUT,
    NGX_CR_MODELS_BUSY,
    NGX_CR_MODELS_FAILED,
    NGX_CR_MODELS_KEY,
    NGX_CR_MODELS_REFUSED,
    NGX_CR_MODELS_GARBAGE,
    NGX_CR_MODELS_TOO_LONG,
    NGX_CR_MODELS_EARLY,
    NGX_CR_MODELS_EMPTY,
    NGX_CR_MODELS_CUT,
    NGX_CR_MODELS_BLOCKED,
    NGX_CR_MODELS_UNREADABLE
} ngx_cr_models_end_e;

typedef struct {
    ngx_uint_t             unavailable; /* unsigned  unavailable:1;  another
                                           analyzer may do better */
    ngx_uint_t             again;       /* unsigned  again:1;  it may be
                                           better when asked once more */
    ngx_uint_t             counts;      /* unsigned  counts:1;  as a failure
                                           of the server */
    ngx_uint_t             status;      /* of HTTP */
    ngx_str_t              text;        /* for people */
} ngx_cr_models_end_t;


/* ngx_cr_models.c */
extern ngx_module_t  ngx_http_coderemote_models_module;

/* The format of that number, as gemini 0 and openai 1. */
const ngx_cr_wire_t *ngx_cr_models_wire(ngx_uint_t n);

/* ngx_cr_models_conf.c */
extern ngx_command_t  ngx_cr_models_commands[];
void *ngx_cr_models_create_conf(ngx_conf_t *cf);
char *ngx_cr_models_merge_conf(ngx_conf_t *cf, void *parent, void *child);

/* ngx_cr_models_key.c: NULL: what is wrong was logged. */
ngx_cr_models_key_t *ngx_cr_models_key_file(ngx_conf_t *cf, ngx_str_t *name);
ngx_cr_models_key_t *ngx_cr_models_key_env(ngx_conf_t *cf, ngx_str_t *name);

/* All of a file, with a '\0' behind it; what it is, for messages. */
ngx_int_t ngx_cr_models_read(ngx_conf_t *cf, const char *what,
    ngx_str_t *name, u_char *buf, size_t size, size_t *len);

/* Takes from a worker what the environment had. */
void ngx_cr_models_key_forget(void);

/* Whether a text has a part of the key, so that it is not to be logged. */
ngx_uint_t ngx_cr_models_key_shows(const ngx_cr_models_key_t *key,
    const u_char *text);

/* ngx_cr_models_call.c */
ngx_int_t ngx_cr_models_start(ngx_cr_analysis_t *a, ngx_uint_t n);
void ngx_cr_models_cancel(ngx_cr_analysis_t *a);

/* ngx_cr_models_end.c */
const ngx_cr_models_end_t *ngx_cr_models_end(ngx_cr_models_end_e end);

/* By the status of HTTP, or the number that stands for it in an error. */
ngx_cr_models_end_e ngx_cr_models_end_of(ngx_uint_t status);

/* Whether it may be asked, and the account of what came of it. */
ngx_cr_models_end_e ngx_cr_models_enter(const ngx_cr_models_conf_t *conf,
    ngx_cr_models_state_t *state, ngx_uint_t *trying);
void ngx_cr_models_leave(const ngx_cr_models_conf_t *conf,
    ngx_cr_models_state_t *state, ngx_cr_models_end_e end, ngx_uint_t trying);

/* What enter() would answer but for the number of calls; changes nothing. */
ngx_cr_models_end_e ngx_cr_models_look(const ngx_cr_models_conf_t *conf,
    const ngx_cr_models_state_t *state);


#endif /* _NGX_CR_MODELS_H_INCLUDED_ */
