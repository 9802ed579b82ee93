
/*
 * How models are asked and what they answer: the wire formats of Gemini
 * (generateContent) and of OpenAI (chat/completions), which many servers
 * speak.  Nothing here knows of requests, keys or sockets.
 */


#ifndef _NGX_CR_MODELS_WIRE_H_INCLUDED_
#define _NGX_CR_MODELS_WIRE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include <jansson.h>


#define NGX_CR_SAID_WORD     32
#define NGX_CR_SAID_MESSAGE  256

/* An event, or an answer that is no stream. */
#define NGX_CR_SAID_MAX      (256 * 1024)


typedef enum {
    NGX_CR_FINISH_NONE = 0,     /* it goes on */
    NGX_CR_FINISH_STOP,         /* it has said all */
    NGX_CR_FINISH_LENGTH,       /* it may say no more */
    NGX_CR_FINISH_BLOCKED,      /* it declines; `word` says why */
    NGX_CR_FINISH_ERROR         /* the server failed; `code`, `message` */
} ngx_cr_finish_e;


/* What a model has said so far; zeroed at first. */

typedef struct {
    /* Text for people, as it comes; UTF-8.  Anything but NGX_OK ends it. */
    ngx_int_t           (*text)(void *ctx, const u_char *p, size_t len);
    void                 *ctx;

    ngx_cr_finish_e       finish;
    ngx_uint_t            code;           /* of an error, as HTTP's; 0: none */
    time_t                retry_after;    /* seconds; 0: it did not tell */
    uint64_t              tokens_in;      /* 0: it did not tell */
    uint64_t              tokens_out;
    u_char                word[NGX_CR_SAID_WORD];       /* printable ASCII */
    u_char                message[NGX_CR_SAID_MESSAGE]; /* the same; for logs */
} ngx_cr_said_t;


/* What is asked. */

typedef struct {
    ngx_str_t             model;
    ngx_str_t             system;         /* UTF-8, both */
    ngx_str_t             user;
} ngx_cr_ask_t;


typedef struct {
    ngx_str_t             name;
    ngx_str_t             base;           /* where it is, by default */
    ngx_str_t             model;
    ngx_str_t             header;         /* up to the key */

    /* What comes behind the base; `after` has the model before it. */
    ngx_str_t             path;
    ngx_str_t             after;          /* len 0: no model in the URL */

    json_t             *(*body)(const ngx_cr_ask_t *ask);
    ngx_int_t           (*read)(ngx_cr_said_t *said, json_t *json);
} ngx_cr_wire_t;


extern const ngx_cr_wire_t  ngx_cr_wire_gemini;
extern const ngx_cr_wire_t  ngx_cr_wire_openai;


/* The model's name in its characters; those of a path, so that it is one. */
ngx_uint_t ngx_cr_wire_model_valid(const ngx_str_t *model);

/* NGX_ERROR: no memory. */
ngx_int_t ngx_cr_wire_url(const ngx_cr_wire_t *wire, ngx_pool_t *pool,
    const ngx_str_t *base, const ngx_str_t *model, ngx_str_t *url);
ngx_int_t ngx_cr_wire_body(const ngx_cr_wire_t *wire, ngx_pool_t *pool,
    const ngx_cr_ask_t *ask, ngx_str_t *body);

/*
 * Reads one event's data, or a whole document.  NGX_OK; NGX_DECLINED: it is
 * not what this format looks like; else what text() answered.
 */
ngx_int_t ngx_cr_wire_read(const ngx_cr_wire_t *wire, ngx_cr_said_t *said,
    const ngx_str_t *data);

/* For the formats: text, or nothing when json is no string. */
ngx_int_t ngx_cr_said_text(ngx_cr_said_t *said, json_t *json);
void ngx_cr_said_word(ngx_cr_said_t *said, json_t *json);
void ngx_cr_said_message(ngx_cr_said_t *said, json_t *json);
void ngx_cr_said_tokens(ngx_cr_said_t *said, json_t *in, json_t *out);


#endif /* _NGX_CR_MODELS_WIRE_H_INCLUDED_ */
