
/*
 * Most programs use nothing that a policy forbids, and a parse into Python
 * objects costs more than they run.  So their words are looked at first.
 * Whatever is unusual here (an odd import, an identifier that is not ASCII
 * and may be normalized into another) wants the full check.
 */

#include "py_scan.h"

#include <string.h>


typedef struct {
    const char                *pos;
    const char                *end;
    const cr_py_scan_rules_t  *rules;
    char                       last;   /* last character that meant anything;
                                          '\n' at the start of a line */
} cr_py_scan_t;


static int
cr_py_word_start(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}


static int
cr_py_word_char(unsigned char c)
{
    return cr_py_word_start(c) || (c >= '0' && c <= '9');
}


static size_t
cr_py_scan_word(const char *p, const char *end)
{
    const char  *start;

    start = p;

    while (p < end && cr_py_word_char(*p)) {
        p++;
    }

    return p - start;
}


static void
cr_py_scan_blank(cr_py_scan_t *scan)
{
    while (scan->pos < scan->end
           && (*scan->pos == ' ' || *scan->pos == '\t' || *scan->pos == '\f'))
    {
        scan->pos++;
    }
}


static int
cr_py_scan_is(const char *p, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(p, word, len) == 0;
}


/* The words inside a string, or inside what an f-string evaluates. */

static int
cr_py_scan_inside(cr_py_scan_t *scan, const char *p, const char *end,
    int formatted)
{
    size_t  n;

    while (p < end) {

        if ((unsigned char) *p >= 0x80 && formatted) {
            return 1;
        }

        if (!cr_py_word_start(*p)) {
            p++;
            continue;
        }

        n = cr_py_scan_word(p, end);

        if (scan->rules->word(p, n, formatted ? CR_PY_WORD_NAME
                                              : CR_PY_WORD_STRING))
        {
            return 1;
        }

        p += n;
    }

    return 0;
}


/* A string from its first quote on; formatted: with f before it. */

static int
cr_py_scan_string(cr_py_scan_t *scan, int formatted)
{
    char         quote;
    size_t       n;
    const char  *start;

    quote = *scan->pos;
    n = 1;

    if (scan->end - scan->pos >= 3 && scan->pos[1] == quote
        && scan->pos[2] == quote)
    {
        n = 3;
    }

    scan->pos += n;
    start = scan->pos;

    while (scan->pos < scan->end) {

        if (*scan->pos == '\\') {
            scan->pos += 2;
            continue;
        }

        if (*scan->pos == '\n' && n == 1) {
            return 1;
        }

        if (*scan->pos == quote
            && (n == 1 || (scan->end - scan->pos >= 3
                           && scan->pos[1] == quote && scan->pos[2] == quote)))
        {
            scan->pos += n;

            return cr_py_scan_inside(scan, start, scan->pos - n, formatted);
        }

        scan->pos++;
    }

    return 1;
}


/* A dotted name; 0 when there is none. */

static size_t
cr_py_scan_module(cr_py_scan_t *scan, const char **start)
{
    size_t  n;

    cr_py_scan_blank(scan);
    *start = scan->pos;

    for ( ;; ) {
        n = cr_py_scan_word(scan->pos, scan->end);

        if (n == 0 || !cr_py_word_start(*scan->pos)) {
            return 0;
        }

        scan->pos += n;

        if (scan->pos == scan->end || *scan->pos != '.') {
            return scan->pos - *start;
        }

        scan->pos++;
    }
}


/* The plain end of one name of an import: "as NAME", then what parts it. */

static int
cr_py_scan_after(cr_py_scan_t *scan)
{
    size_t  n;

    cr_py_scan_blank(scan);
    n = cr_py_scan_word(scan->pos, scan->end);

    if (cr_py_scan_is(scan->pos, n, "as")) {
        scan->pos += n;
        cr_py_scan_blank(scan);

        n = cr_py_scan_word(scan->pos, scan->end);

        if (n == 0 || scan->rules->word(scan->pos, n, CR_PY_WORD_NAME)) {
            return -1;
        }

        scan->pos += n;
        cr_py_scan_blank(scan);
    }

    if (scan->pos == scan->end || strchr("\r\n;#", *scan->pos)) {
        return 0;
    }

    if (*scan->pos == ',') {
        scan->pos++;
        return 1;
    }

    return *scan->pos == ')' ? 0 : -1;
}


/* "import" was read: modules up to the end of the statement. */

static int
cr_py_scan_import(cr_py_scan_t *scan)
{
    int          more;
    size_t       n;
    const char  *module;

    do {
        n = cr_py_scan_module(scan, &module);

        if (n == 0 || !scan->rules->import(module, n, NULL, 0)) {
            return 1;
        }

        more = cr_py_scan_after(scan);

    } while (more == 1);

    return more != 0;
}


/* "from" was read: a module, "import", and names on one line. */

static int
cr_py_scan_from(cr_py_scan_t *scan)
{
    int          more, paren;
    size_t       n, mlen;
    const char  *module;

    mlen = cr_py_scan_module(scan, &module);

    if (mlen == 0) {
        return 1;
    }

    cr_py_scan_blank(scan);
    n = cr_py_scan_word(scan->pos, scan->end);

    if (!cr_py_scan_is(scan->pos, n, "import")) {
        return 1;
    }

    scan->pos += n;
    cr_py_scan_blank(scan);

    paren = scan->pos < scan->end && *scan->pos == '(';
    scan->pos += paren;

    do {
        cr_py_scan_blank(scan);
        n = cr_py_scan_word(scan->pos, scan->end);

        if (n == 0 || !scan->rules->import(module, mlen, scan->pos, n)) {
            return 1;
        }

        scan->pos += n;
        more = cr_py_scan_after(scan);

    } while (more == 1);

    if (paren && (scan->pos == scan->end || *scan->pos != ')')) {
        return 1;
    }

    return more != 0;
}


static int
cr_py_scan_formatted(const char *p, size_t len)
{
    return len <= 2 && (memchr(p, 'f', len) || memchr(p, 'F', len));
}


static int
cr_py_scan_name(cr_py_scan_t *scan)
{
    int          start, attribute;
    size_t       n;
    const char  *p;

    p = scan->pos;
    n = cr_py_scan_word(p, scan->end);

    start = strchr("\n;:", scan->last) != NULL;
    attribute = scan->last == '.';

    scan->pos += n;
    scan->last = 'a';

    if (scan->pos < scan->end && (*scan->pos == '\'' || *scan->pos == '"')) {
        return cr_py_scan_string(scan, cr_py_scan_formatted(p, n));
    }

    if (start && cr_py_scan_is(p, n, "import")) {
        return cr_py_scan_import(scan);
    }

    if (start && cr_py_scan_is(p, n, "from")) {
        return cr_py_scan_from(scan);
    }

    return scan->rules->word(p, n, attribute ? CR_PY_WORD_ATTRIBUTE
                                             : CR_PY_WORD_NAME);
}


int
cr_py_scan(const char *text, size_t len, const cr_py_scan_rules_t *rules)
{
    unsigned char  c;
    cr_py_scan_t   scan;

    scan.pos = text;
    scan.end = text + len;
    scan.rules = rules;
    scan.last = '\n';

    while (scan.pos < scan.end) {
        c = *scan.pos;

        if (c >= 0x80 || c == '\0') {
            return 1;
        }

        if (cr_py_word_start(c)) {
            if (cr_py_scan_name(&scan)) {
                return 1;
            }

        } else if (c == '\'' || c == '"') {
            scan.last = 'a';

            if (cr_py_scan_string(&scan, 0)) {
                return 1;
            }

        } else if (c == '#') {
            while (scan.pos < scan.end && *scan.pos != '\n'
                   && *scan.pos != '\r')
            {
                scan.pos++;
            }

        } else {

            /* A number with a point is no object with an attribute. */

            if (c >= '0' && c <= '9') {
                scan.pos += cr_py_scan_word(scan.pos, scan.end);
                scan.last = '0';
                continue;
            }

            if (c == '\r' || c == '\\') {
                c = '\n';
            }

            if (c != ' ' && c != '\t' && c != '\f') {
                scan.last = c;
            }

            scan.pos++;
        }
    }

    return 0;
}
