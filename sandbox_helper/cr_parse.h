
/*
 * The parser of "key = value" lines beneath sandbox.conf and profiles.  It
 * reads memory alone; what it is given may be anything.
 */


#ifndef _CR_PARSE_H_INCLUDED_
#define _CR_PARSE_H_INCLUDED_


#include <stdint.h>
#include <stddef.h>


typedef struct {
    const char  *pos;
    const char  *end;
    char        *line;     /* the line at hand, joined, without comment */
    char        *key;
    char        *value;
    unsigned     at;       /* its number, from 1; 0: the whole file */
    unsigned     next;
    uint32_t     seen;     /* a bit for each key that had its line */
    void        *data;     /* what the keys fill */
    char        *error;
    size_t       size;
} cr_parse_t;

typedef struct {
    const char  *name;
    int        (*set)(cr_parse_t *parse);
    int          prefix;   /* name is the beginning of keys; set() is to
                              see that none is there twice */
} cr_key_t;


/*
 * Calls set() of each line's key; keys end with a NULL name and are at most
 * 32.  All functions answer 0, or -1 with a sentence in parse->error.
 */
int cr_parse(cr_parse_t *parse, const cr_key_t *keys, const char *text,
    size_t len);

int cr_parse_error(cr_parse_t *parse, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The value: a number; bytes with K, M, G; milliseconds with ms, s, m, h. */
int cr_parse_number(cr_parse_t *parse, uint64_t min, uint64_t max,
    uint64_t *number);
int cr_parse_size(cr_parse_t *parse, uint64_t min, uint64_t max,
    uint64_t *size);
int cr_parse_time(cr_parse_t *parse, uint64_t min, uint64_t max,
    uint64_t *ms);
/* on or off. */
int cr_parse_flag(cr_parse_t *parse, int *flag);
/* At most max bytes of printable text. */
int cr_parse_text(cr_parse_t *parse, size_t max, char **text);
/* Words parted by spaces, at most max; check() may refuse one. */
int cr_parse_list(cr_parse_t *parse, char **list, unsigned max, unsigned *n,
    int (*check)(cr_parse_t *parse, const char *entry));

int cr_parse_copy(cr_parse_t *parse, const char *text, char **copy);

/* Whether name has 1 to max plain characters, a letter or digit first. */
int cr_name_plain(const char *name, size_t max);


#endif /* _CR_PARSE_H_INCLUDED_ */
