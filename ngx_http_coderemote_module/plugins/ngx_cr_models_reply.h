
/*
 * What a model answered: Markdown for people as it comes, and at the end the
 * fields of an analysis.  All of it is foreign: it may hold what the program
 * put into the model's mouth.
 *
 * Fields are taken from a JSON object that repeats this request's random word,
 * which no program can know.  A model may forget the word.  Then the answer is
 * read more leniently, a JSON object first and headings after that, but only
 * where the program itself has nothing that would be taken for a field: else a
 * copy of the program would be taken for the model's own opinion.
 */


#ifndef _NGX_CR_MODELS_REPLY_H_INCLUDED_
#define _NGX_CR_MODELS_REPLY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CR_REPLY_MAX          (128 * 1024)

/* Bytes of the fields. */
#define NGX_CR_REPLY_COMPLEXITY   64
#define NGX_CR_REPLY_NAME         200
#define NGX_CR_REPLY_EXPLANATION  2000
#define NGX_CR_REPLY_SUGGESTION   500
#define NGX_CR_REPLY_SUGGESTIONS  10


typedef struct {
    /* the caller's */
    ngx_pool_t   *pool;
    ngx_str_t     check;
    ngx_str_t     code;

    /* its own, zero at first */
    u_char       *text;         /* all of the answer */
    size_t        len;
    size_t        size;         /* of text, and of narrative */
    size_t        shown;        /* bytes of text that were shown or left out */
    u_char       *narrative;    /* what was shown */
    size_t        narrated;
    ngx_uint_t    fenced;       /* unsigned  fenced:1;  within a block */
} ngx_cr_reply_t;


/* Empty strings where there is none. */

typedef struct {
    ngx_str_t     time_complexity;
    ngx_str_t     space_complexity;
    ngx_str_t     time_explanation;
    ngx_str_t     space_explanation;
    ngx_str_t     algorithm;
    ngx_str_t     suggestions[NGX_CR_REPLY_SUGGESTIONS];
    ngx_uint_t    nsuggestions;
    ngx_uint_t    checked;      /* unsigned  checked:1;  the word was there */
} ngx_cr_reply_fields_t;


/* UTF-8.  NGX_OK; NGX_DECLINED: it is too long; NGX_ERROR: no memory. */
ngx_int_t ngx_cr_reply_add(ngx_cr_reply_t *reply, const u_char *p, size_t len);

/*
 * What can be shown now and was not before: all but the closing block, and
 * what may yet become it.  With `last` set nothing follows.  The text is part
 * of narrative and stays until the next ngx_cr_reply_add().
 */
void ngx_cr_reply_show(ngx_cr_reply_t *reply, ngx_uint_t last,
    ngx_str_t *chunk);

/*
 * NGX_OK; NGX_DECLINED: there is no time complexity to be found; NGX_ERROR: no
 * memory.
 */
ngx_int_t ngx_cr_reply_parse(ngx_cr_reply_t *reply,
    ngx_cr_reply_fields_t *fields);


/* ngx_cr_models_fields.c: parts of ngx_cr_reply_parse(). */

/*
 * The first expression such as O(n log n); Θ becomes O.  NGX_DECLINED: none;
 * *after: the byte behind it.  pool NULL: it is only looked for.
 */
ngx_int_t ngx_cr_reply_complexity(ngx_pool_t *pool, const u_char *p,
    const u_char *end, ngx_str_t *out, const u_char **after);

/*
 * Copies, at most max bytes of whole characters, without what is around it and
 * with blanks for control characters.
 */
ngx_int_t ngx_cr_reply_string(ngx_pool_t *pool, const u_char *p,
    const u_char *end, size_t max, ngx_str_t *out);

/* Whether text has something that would be taken for a field. */
ngx_uint_t ngx_cr_reply_speaks(const ngx_str_t *text);

/* Fills in what stands below headings. */
ngx_int_t ngx_cr_reply_headings(ngx_pool_t *pool, const ngx_str_t *text,
    ngx_cr_reply_fields_t *fields);


#endif /* _NGX_CR_MODELS_REPLY_H_INCLUDED_ */
