
/*
 * What a model is told.  The instructions are an operator's file; the program
 * stands apart from them, between two lines that hold a random word of this
 * one request, so that no program can write the line that ends it.  A second
 * random word is to be repeated in the answer's closing block: what the model
 * merely copied from the program does not have it.
 */


#ifndef _NGX_CR_MODELS_PROMPT_H_INCLUDED_
#define _NGX_CR_MODELS_PROMPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CR_PROMPT_MAX   (64 * 1024)

/* Characters of a random word. */
#define NGX_CR_PROMPT_WORD  16


#define NGX_CR_PROMPT_PARTS  32

typedef enum {
    NGX_CR_PROMPT_FENCE = 0,
    NGX_CR_PROMPT_CHECK,
    NGX_CR_PROMPT_LANGUAGE,
    NGX_CR_PROMPT_NOTHING
} ngx_cr_prompt_name_e;

/* Text, and what comes behind it. */

typedef struct {
    ngx_str_t              text;
    ngx_cr_prompt_name_e   name;
} ngx_cr_prompt_part_t;

typedef struct {
    ngx_str_t              text;
    ngx_cr_prompt_part_t   parts[NGX_CR_PROMPT_PARTS];
    ngx_uint_t             nparts;
} ngx_cr_prompt_t;


/* For one request; all from its pool. */

typedef struct {
    ngx_str_t    check;         /* what the closing block is to repeat */
    ngx_str_t    system;
    ngx_str_t    user;
} ngx_cr_prompted_t;


/*
 * Takes the file's text, which must live as long as the prompt.  NULL: it is
 * good; else a sentence that says what to do.
 */
const char *ngx_cr_prompt_parse(ngx_cr_prompt_t *prompt,
    const ngx_str_t *text);

/* NGX_ERROR: no memory, or no random bytes. */
ngx_int_t ngx_cr_prompt_make(const ngx_cr_prompt_t *prompt, ngx_pool_t *pool,
    const ngx_str_t *language, const ngx_str_t *code, ngx_cr_prompted_t *made);


#endif /* _NGX_CR_MODELS_PROMPT_H_INCLUDED_ */
