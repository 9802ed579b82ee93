
/* Fields of an analysis in a text that was written for people. */

#include "ngx_cr_models_reply.h"
#include "ngx_cr_utf8.h"


typedef enum {
    NGX_CR_HEADING_NONE = 0,
    NGX_CR_HEADING_TIME,
    NGX_CR_HEADING_SPACE,
    NGX_CR_HEADING_ALGORITHM,
    NGX_CR_HEADING_SUGGESTIONS,
    NGX_CR_HEADING_OTHER
} ngx_cr_heading_e;

typedef struct {
    ngx_str_t         word;
    ngx_cr_heading_e  heading;
} ngx_cr_heading_t;


static const ngx_cr_heading_t  ngx_cr_headings[] = {
    { ngx_string("time complexity"), NGX_CR_HEADING_TIME },
    { ngx_string("space complexity"), NGX_CR_HEADING_SPACE },
    { ngx_string("memory complexity"), NGX_CR_HEADING_SPACE },
    { ngx_string("algorithm"), NGX_CR_HEADING_ALGORITHM },
    { ngx_string("suggestion"), NGX_CR_HEADING_SUGGESTIONS },
    { ngx_null_string, NGX_CR_HEADING_NONE }
};

/* Letters alone, as they are looked for in a program. */

static const char  *ngx_cr_field_words[] = {
    "complexity", "algorithm", "suggestion", NULL
};

/* What may stand between the parentheses beside ASCII. */

static const ngx_str_t  ngx_cr_signs[] = {
    ngx_string("²"), ngx_string("³"), ngx_string("ⁿ"), ngx_string("·"),
    ngx_string("⋅"), ngx_string("×"), ngx_string("√"), ngx_string("α"),
    ngx_string("β"), ngx_string("ε"), ngx_string("φ"), ngx_string("σ"),
    ngx_string("Σ"), ngx_string("⌈"), ngx_string("⌉"), ngx_string("⌊"),
    ngx_string("⌋"), ngx_string("−"), ngx_null_string
};


#define NGX_CR_BLANKS     " \t\n"
#define NGX_CR_MARKS      " \t\n*:#>-"     /* of Markdown, before a text */

#define ngx_cr_blank(c)   ((c) == ' ' || (c) == '\t' || (c) == '\n')
#define ngx_cr_letter(c)  (((c) | 0x20) >= 'a' && ((c) | 0x20) <= 'z')
#define ngx_cr_digit(c)   ((c) >= '0' && (c) <= '9')


/* The length of a character that an expression may have; 0: it may not. */

static size_t
ngx_cr_reply_sign(const u_char *p, const u_char *end)
{
    const ngx_str_t  *sign;

    if (ngx_cr_letter(*p) || ngx_cr_digit(*p)) {
        return 1;
    }

    if (*p < 0x80) {
        return *p && strchr(" +-*/^_.,!|()[]{}\\=", *p) ? 1 : 0;
    }

    for (sign = ngx_cr_signs; sign->len; sign++) {

        if ((size_t) (end - p) >= sign->len
            && ngx_memcmp(p, sign->data, sign->len) == 0)
        {
            return sign->len;
        }
    }

    return 0;
}


/* Answers where the parenthesis opens behind O or Θ; NULL: it does not. */

static const u_char *
ngx_cr_reply_order(const u_char *text, const u_char *p, const u_char *end)
{
    if (*p == 'O') {

        if (p > text && (ngx_cr_letter(p[-1]) || ngx_cr_digit(p[-1])
                         || p[-1] == '_' || p[-1] >= 0x80))
        {
            return NULL;
        }

        p++;

    } else if (end - p > 2 && p[0] == 0xce && p[1] == 0x98) {
        p += 2;

    } else {
        return NULL;
    }

    /* \mathcal{O}(n) */

    while (p < end && (*p == ' ' || *p == '}' || *p == '\\')) {
        p++;
    }

    return (p < end && *p == '(') ? p : NULL;
}


/* The byte behind what closes it; NULL: it cannot be shown. */

static const u_char *
ngx_cr_reply_closing(const u_char *p, const u_char *end)
{
    size_t         n;
    ngx_uint_t     depth, some;
    const u_char  *start;

    some = 0;
    depth = 0;

    for (start = p; p < end; p += n) {

        n = ngx_cr_reply_sign(p, end);

        if (n == 0 || p - start >= NGX_CR_REPLY_COMPLEXITY - 4) {
            return NULL;
        }

        some |= ngx_cr_letter(*p) || ngx_cr_digit(*p);

        if (*p == '(') {
            depth++;

        } else if (*p == ')' && --depth == 0) {
            return some ? p + 1 : NULL;
        }
    }

    return NULL;
}


ngx_int_t
ngx_cr_reply_complexity(ngx_pool_t *pool, const u_char *p, const u_char *end,
    ngx_str_t *out, const u_char **after)
{
    u_char        *to;
    const u_char  *text, *open, *behind;

    behind = NULL;
    open = NULL;

    for (text = p; p < end && behind == NULL; p++) {

        open = ngx_cr_reply_order(text, p, end);

        if (open) {
            behind = ngx_cr_reply_closing(open, end);
        }
    }

    if (behind == NULL) {
        return NGX_DECLINED;
    }

    *after = behind;

    if (pool == NULL) {
        return NGX_OK;
    }

    to = ngx_pnalloc(pool, 1 + (behind - open));
    if (to == NULL) {
        return NGX_ERROR;
    }

    out->data = to;
    *to++ = 'O';

    for ( /* void */ ; open < behind; open++) {
        if (*open != '\\') {
            *to++ = *open;
        }
    }

    out->len = to - out->data;

    return NGX_OK;
}


static void
ngx_cr_reply_trim(const u_char **p, const u_char **end, const char *what)
{
    while (*p < *end && **p && strchr(what, **p)) {
        (*p)++;
    }

    /* behind a text only its emphasis may end */

    while (*p < *end && (ngx_cr_blank((*end)[-1])
                         || ((*end)[-1] == '*' && strchr(what, '*'))))
    {
        (*end)--;
    }
}


ngx_int_t
ngx_cr_reply_string(ngx_pool_t *pool, const u_char *p, const u_char *end,
    size_t max, ngx_str_t *out)
{
    u_char  *to;

    ngx_cr_reply_trim(&p, &end, NGX_CR_BLANKS);

    if ((size_t) (end - p) > max) {
        end = p + max;
        end -= ngx_cr_utf8_beginning(p, end);
    }

    to = ngx_pnalloc(pool, end - p + 1);
    if (to == NULL) {
        return NGX_ERROR;
    }

    out->data = to;
    out->len = end - p;

    for ( /* void */ ; p < end; p++) {
        *to++ = (*p < 0x20 || *p == 0x7f) ? ' ' : *p;
    }

    return NGX_OK;
}


/* Does word begin at p, whatever stands between its letters? */

static ngx_uint_t
ngx_cr_reply_begins(const u_char *p, const u_char *end, const char *word)
{
    for ( /* void */ ; p < end && *word; p++) {

        if (ngx_cr_letter(*p) && (*p | 0x20) != *word++) {
            return 0;
        }
    }

    return *word == '\0';
}


static ngx_uint_t
ngx_cr_reply_has_word(const ngx_str_t *text, const char *word)
{
    const u_char  *p, *end;

    end = text->data + text->len;

    for (p = text->data; p < end; p++) {

        if ((*p | 0x20) == *word && ngx_cr_reply_begins(p, end, word)) {
            return 1;
        }
    }

    return 0;
}


ngx_uint_t
ngx_cr_reply_speaks(const ngx_str_t *text)
{
    const char    **word;
    const u_char   *after;

    if (text->len == 0) {
        return 0;
    }

    if (ngx_cr_reply_complexity(NULL, text->data, text->data + text->len,
                                NULL, &after)
        == NGX_OK)
    {
        return 1;
    }

    for (word = ngx_cr_field_words; *word; word++) {
        if (ngx_cr_reply_has_word(text, *word)) {
            return 1;
        }
    }

    return 0;
}


/*
 * Is a line a heading: "## Time complexity", "**Time complexity:** O(n)",
 * "2. Time Complexity: O(n)"?  *text: what comes behind the words.
 */

static ngx_cr_heading_e
ngx_cr_reply_heading(const u_char *p, const u_char *end, const u_char **text)
{
    ngx_uint_t               marked;
    const ngx_cr_heading_t  *h;

    marked = 0;

    while (p < end && (*p == ' ' || *p == '#' || *p == '*' || *p == '_'
                       || *p == '-' || *p == '.' || *p == ')'
                       || ngx_cr_digit(*p)))
    {
        marked |= (*p == '#' || *p == '*');
        p++;
    }

    *text = p;

    for (h = ngx_cr_headings; h->word.len; h++) {

        if ((size_t) (end - p) < h->word.len
            || ngx_strncasecmp((u_char *) p, h->word.data, h->word.len) != 0)
        {
            continue;
        }

        p += h->word.len;

        while (p < end && (ngx_cr_letter(*p) || *p == ' ' || *p == '*')) {
            marked |= (*p == '*');

            if (*p == 'O') {
                break;
            }

            p++;
        }

        if (!marked && (p == end || *p != ':')) {
            return NGX_CR_HEADING_NONE;
        }

        *text = p;
        return h->heading;
    }

    return NGX_CR_HEADING_NONE;
}


static ngx_int_t
ngx_cr_reply_order_section(ngx_pool_t *pool, const u_char *p,
    const u_char *end, ngx_str_t *complexity, ngx_str_t *explanation)
{
    ngx_int_t      rc;
    const u_char  *after;

    after = p;

    rc = ngx_cr_reply_complexity(pool, p, end, complexity, &after);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    while (rc == NGX_OK && after < end && strchr(" .,;:)\\$*`\n-", *after)
           && *after)
    {
        after++;
    }

    p = after < end ? after : p;

    ngx_cr_reply_trim(&p, &end, NGX_CR_MARKS);

    return ngx_cr_reply_string(pool, p, end, NGX_CR_REPLY_EXPLANATION,
                               explanation);
}


static ngx_int_t
ngx_cr_reply_list_section(ngx_pool_t *pool, const u_char *p,
    const u_char *end, ngx_cr_reply_fields_t *fields)
{
    ngx_str_t     *suggestion;
    const u_char  *next, *last;

    for ( /* void */ ; p < end; p = next) {

        next = memchr(p, '\n', end - p);
        next = next ? next + 1 : end;

        while (p < next && (*p == ' ' || *p == '.' || ngx_cr_digit(*p))) {
            p++;
        }

        if (fields->nsuggestions == NGX_CR_REPLY_SUGGESTIONS) {
            break;
        }

        suggestion = &fields->suggestions[fields->nsuggestions];
        last = next;

        ngx_cr_reply_trim(&p, &last, NGX_CR_MARKS);

        if (ngx_cr_reply_string(pool, p, last, NGX_CR_REPLY_SUGGESTION,
                                suggestion)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        fields->nsuggestions += suggestion->len > 0;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_reply_section(ngx_pool_t *pool, ngx_cr_heading_e heading,
    const u_char *p, const u_char *end, ngx_cr_reply_fields_t *fields)
{
    const u_char  *line;

    switch (heading) {

    case NGX_CR_HEADING_TIME:
        return ngx_cr_reply_order_section(pool, p, end,
                                          &fields->time_complexity,
                                          &fields->time_explanation);

    case NGX_CR_HEADING_SPACE:
        return ngx_cr_reply_order_section(pool, p, end,
                                          &fields->space_complexity,
                                          &fields->space_explanation);

    case NGX_CR_HEADING_ALGORITHM:
        ngx_cr_reply_trim(&p, &end, NGX_CR_MARKS);

        line = memchr(p, '\n', end - p);
        end = line ? line : end;

        ngx_cr_reply_trim(&p, &end, NGX_CR_MARKS);

        return ngx_cr_reply_string(pool, p, end, NGX_CR_REPLY_NAME,
                                   &fields->algorithm);

    case NGX_CR_HEADING_SUGGESTIONS:
        fields->nsuggestions = 0;
        return ngx_cr_reply_list_section(pool, p, end, fields);

    default:
        return NGX_OK;
    }
}


ngx_int_t
ngx_cr_reply_headings(ngx_pool_t *pool, const ngx_str_t *text,
    ngx_cr_reply_fields_t *fields)
{
    const u_char      *p, *end, *next, *start, *behind;
    ngx_cr_heading_e   heading, found;

    heading = NGX_CR_HEADING_NONE;
    end = text->data + text->len;
    start = text->data;

    for (p = text->data; p < end; p = next) {

        next = memchr(p, '\n', end - p);
        next = next ? next + 1 : end;

        found = ngx_cr_reply_heading(p, next, &behind);

        if (found == NGX_CR_HEADING_NONE) {

            if (*p != '#') {
                continue;
            }

            found = NGX_CR_HEADING_OTHER;
        }

        if (ngx_cr_reply_section(pool, heading, start, p, fields) != NGX_OK) {
            return NGX_ERROR;
        }

        heading = found;
        start = behind;
    }

    return ngx_cr_reply_section(pool, heading, start, end, fields);
}
