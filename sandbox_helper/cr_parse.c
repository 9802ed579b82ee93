
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cr_parse.h"
#include "cr_profile.h"


static int cr_parse_line(cr_parse_t *parse);
static size_t cr_parse_joined(cr_parse_t *parse);
static int cr_parse_split(cr_parse_t *parse);
static int cr_parse_key(cr_parse_t *parse, const cr_key_t *keys);
static int cr_parse_digits(cr_parse_t *parse, uint64_t *number,
    const char **rest);
static int cr_parse_scaled(cr_parse_t *parse, uint64_t number, uint64_t scale,
    uint64_t min, uint64_t max, uint64_t *result);


int
cr_parse(cr_parse_t *parse, const cr_key_t *keys, const char *text, size_t len)
{
    int  rc;

    if (len > CR_CONF_SIZE) {
        return cr_parse_error(parse, "the file is longer than %d bytes",
                              CR_CONF_SIZE);
    }

    /* No line is longer than all of them. */

    parse->line = malloc(len + 1);

    if (parse->line == NULL) {
        return cr_parse_error(parse, "no memory");
    }

    parse->pos = text;
    parse->end = text + len;
    parse->next = 1;

    do {
        rc = cr_parse_line(parse);

        if (rc == 1) {
            rc = cr_parse_key(parse, keys);
        }

    } while (rc == 0 && parse->pos < parse->end);

    free(parse->line);

    return rc;
}


/* 1: there is a key and a value; 0: the line was empty; -1: it is wrong. */

static int
cr_parse_line(cr_parse_t *parse)
{
    size_t  i, len;

    len = cr_parse_joined(parse);

    for (i = 0; i < len; i++) {

        if (parse->line[i] == '\t') {
            parse->line[i] = ' ';
        }

        if ((unsigned char) parse->line[i] < ' ' || parse->line[i] == 0x7f) {
            return cr_parse_error(parse, "a control character, code %d, is "
                                  "in the line: write plain text lines",
                                  (unsigned char) parse->line[i]);
        }
    }

    while (len && parse->line[len - 1] == ' ') {
        len--;
    }

    parse->line[len] = '\0';
    parse->key = parse->line + strspn(parse->line, " ");

    if (*parse->key == '\0') {
        return 0;
    }

    return cr_parse_split(parse);
}


/* Copies a line, and those that a backslash joins to it; answers its length. */

static size_t
cr_parse_joined(cr_parse_t *parse)
{
    int          more;
    size_t       len, n;
    const char  *lf, *comment;

    len = 0;
    parse->at = parse->next;

    do {
        lf = memchr(parse->pos, '\n', parse->end - parse->pos);
        n = (lf ? lf : parse->end) - parse->pos;

        comment = memchr(parse->pos, '#', n);
        more = 0;

        if (comment) {
            memcpy(parse->line + len, parse->pos, comment - parse->pos);
            len += comment - parse->pos;

        } else {
            memcpy(parse->line + len, parse->pos, n);
            len += n;

            if (n && parse->line[len - 1] == '\\') {
                parse->line[len - 1] = ' ';
                more = 1;
            }
        }

        parse->pos = lf ? lf + 1 : parse->end;
        parse->next++;

    } while (more && parse->pos < parse->end);

    return len;
}


static int
cr_parse_split(cr_parse_t *parse)
{
    char  *equal, *end;

    equal = strchr(parse->key, '=');

    if (equal == NULL) {
        return cr_parse_error(parse, "\"=\" is missing: write key = value");
    }

    end = equal;

    while (end > parse->key && end[-1] == ' ') {
        end--;
    }

    *end = '\0';

    parse->value = equal + 1 + strspn(equal + 1, " ");

    if (*parse->key == '\0') {
        return cr_parse_error(parse, "the key before \"=\" is missing");
    }

    return 1;
}


static int
cr_parse_key(cr_parse_t *parse, const cr_key_t *keys)
{
    unsigned  i;

    for (i = 0; keys[i].name != NULL; i++) {

        if (keys[i].prefix) {

            if (strncmp(keys[i].name, parse->key, strlen(keys[i].name)) == 0) {
                return keys[i].set(parse);
            }

            continue;
        }

        if (strcmp(keys[i].name, parse->key) != 0) {
            continue;
        }

        if (parse->seen & (1U << i)) {
            return cr_parse_error(parse, "\"%s\" is there twice",
                                  keys[i].name);
        }

        parse->seen |= 1U << i;

        if (*parse->value == '\0') {
            return cr_parse_error(parse, "\"%s\" has no value",
                                  keys[i].name);
        }

        return keys[i].set(parse);
    }

    return cr_parse_error(parse, "\"%.64s\" is not a known key", parse->key);
}


int
cr_parse_error(cr_parse_t *parse, const char *format, ...)
{
    int      n;
    va_list  args;

    if (parse->size == 0) {
        return -1;
    }

    n = 0;

    if (parse->at) {
        n = snprintf(parse->error, parse->size, "line %u: ", parse->at);
    }

    if (n >= 0 && (size_t) n < parse->size) {
        va_start(args, format);
        (void) vsnprintf(parse->error + n, parse->size - n, format, args);
        va_end(args);
    }

    return -1;
}


int
cr_parse_number(cr_parse_t *parse, uint64_t min, uint64_t max,
    uint64_t *number)
{
    uint64_t     n;
    const char  *rest;

    if (cr_parse_digits(parse, &n, &rest) == -1 || *rest != '\0') {
        return cr_parse_error(parse, "\"%s\" is not a whole number: \"%.64s\"",
                              parse->key, parse->value);
    }

    return cr_parse_scaled(parse, n, 1, min, max, number);
}


int
cr_parse_size(cr_parse_t *parse, uint64_t min, uint64_t max, uint64_t *size)
{
    uint64_t     n, scale;
    const char  *rest;

    if (cr_parse_digits(parse, &n, &rest) == -1) {
        goto failed;
    }

    if (strcmp(rest, "") == 0) {
        scale = 1;

    } else if (strcasecmp(rest, "k") == 0) {
        scale = 1ULL << 10;

    } else if (strcasecmp(rest, "m") == 0) {
        scale = 1ULL << 20;

    } else if (strcasecmp(rest, "g") == 0) {
        scale = 1ULL << 30;

    } else {
        goto failed;
    }

    return cr_parse_scaled(parse, n, scale, min, max, size);

failed:

    return cr_parse_error(parse, "\"%s\" is not a size such as 256M: \"%.64s\"",
                          parse->key, parse->value);
}


int
cr_parse_time(cr_parse_t *parse, uint64_t min, uint64_t max, uint64_t *ms)
{
    uint64_t     n, scale;
    const char  *rest;

    if (cr_parse_digits(parse, &n, &rest) == -1) {
        goto failed;
    }

    if (strcmp(rest, "ms") == 0) {
        scale = 1;

    } else if (strcmp(rest, "s") == 0 || (n == 0 && *rest == '\0')) {
        scale = 1000;

    } else if (strcmp(rest, "m") == 0) {
        scale = 60 * 1000;

    } else if (strcmp(rest, "h") == 0) {
        scale = 3600 * 1000;

    } else {
        goto failed;
    }

    return cr_parse_scaled(parse, n, scale, min, max, ms);

failed:

    return cr_parse_error(parse, "\"%s\" is not a time such as 30s or 500ms: "
                          "\"%.64s\"", parse->key, parse->value);
}


static int
cr_parse_digits(cr_parse_t *parse, uint64_t *number, const char **rest)
{
    uint64_t     n;
    const char  *p;

    n = 0;

    for (p = parse->value; *p >= '0' && *p <= '9'; p++) {

        if (n > (UINT64_MAX - 9) / 10) {
            return -1;
        }

        n = n * 10 + (*p - '0');
    }

    *number = n;
    *rest = p;

    return p == parse->value ? -1 : 0;
}


static int
cr_parse_scaled(cr_parse_t *parse, uint64_t number, uint64_t scale,
    uint64_t min, uint64_t max, uint64_t *result)
{
    if (number > max / scale || number * scale < min) {
        return cr_parse_error(parse, "\"%s\" is out of bounds: \"%.64s\"",
                              parse->key, parse->value);
    }

    *result = number * scale;

    return 0;
}


int
cr_parse_flag(cr_parse_t *parse, int *flag)
{
    if (strcmp(parse->value, "on") == 0) {
        *flag = 1;
        return 0;
    }

    if (strcmp(parse->value, "off") == 0) {
        *flag = 0;
        return 0;
    }

    return cr_parse_error(parse, "\"%s\" is neither on nor off: \"%.64s\"",
                          parse->key, parse->value);
}


int
cr_parse_text(cr_parse_t *parse, size_t max, char **text)
{
    if (strlen(parse->value) > max) {
        return cr_parse_error(parse, "\"%s\" is longer than %zu bytes",
                              parse->key, max);
    }

    return cr_parse_copy(parse, parse->value, text);
}


int
cr_parse_list(cr_parse_t *parse, char **list, unsigned max, unsigned *n,
    int (*check)(cr_parse_t *parse, const char *entry))
{
    char  *word, *last;

    for (word = strtok_r(parse->value, " ", &last);
         word != NULL;
         word = strtok_r(NULL, " ", &last))
    {
        if (*n == max) {
            return cr_parse_error(parse, "\"%s\" has more than %u entries",
                                  parse->key, max);
        }

        if (check(parse, word) == -1
            || cr_parse_copy(parse, word, &list[*n]) == -1)
        {
            return -1;
        }

        (*n)++;
    }

    return 0;
}


int
cr_parse_copy(cr_parse_t *parse, const char *text, char **copy)
{
    *copy = strdup(text);

    if (*copy == NULL) {
        return cr_parse_error(parse, "no memory");
    }

    return 0;
}


int
cr_name_plain(const char *name, size_t max)
{
    size_t  len;

    static const char  letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    static const char  plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    len = strlen(name);

    return len >= 1 && len <= max && strspn(name, plain) == len
           && strspn(name, letters) > 0;
}
