
/*
 * A pattern of artifacts, and a name that a program gave: the first line, and
 * the rest.  They match when a plain and slow reading of the same rules says
 * so, and in little time however many "*" there are.
 */


#include <string.h>

#include "cr_zygote_kit.h"

#include "fuzz.h"


#define SLOW_MAX  12   /* stars and bytes of what is read slowly, too */


/* The set at p, behind its "[": how long it is with its "]", 0: none. */

static size_t
set(const char *p, unsigned char c, int *has)
{
    size_t         i;
    unsigned char  low, high;

    i = strchr("!^", *p) && *p ? 1 : 0;

    *has = 0;

    do {
        if (p[i] == '\0' || p[i] == '/') {
            return 0;
        }

        low = high = (unsigned char) p[i++];

        if (p[i] == '-' && p[i + 1] && !strchr("]/", p[i + 1])) {
            high = (unsigned char) p[i + 1];
            i += 2;
        }

        *has |= c >= low && c <= high;

    } while (p[i] != ']');

    *has ^= strchr("!^", *p) != NULL;

    return i + 1;
}


static int
slow(const char *p, const char *s)
{
    int     has;
    size_t  n;

    if (*p == '\0' || *p == '/') {
        return *s == '\0';
    }

    if (*p == '*') {
        do {
            if (slow(p + 1, s)) {
                return 1;
            }
        } while (*s++);

        return 0;
    }

    if (*s == '\0') {
        return 0;
    }

    if (*p == '?') {
        do {
            s++;
        } while ((*s & 0xc0) == 0x80);

        return slow(p + 1, s);
    }

    n = *p == '[' ? set(p + 1, (unsigned char) *s, &has) : 0;

    if (n) {
        return has && slow(p + 1 + n, s + 1);
    }

    return *p == *s && slow(p + 1, s + 1);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int          rc, stars;
    char         pattern[CR_FILE_NAME_MAX + 1], name[CR_FILE_NAME_MAX + 1];
    size_t       i, n;
    const void  *end;

    end = memchr(data, '\n', size);
    n = end ? (size_t) ((const uint8_t *) end - data) : size;

    if (n > CR_FILE_NAME_MAX || size - n > CR_FILE_NAME_MAX) {
        return 0;
    }

    memcpy(pattern, data, n);
    pattern[n] = '\0';

    memset(name, 0, sizeof(name));

    if (end) {
        memcpy(name, data + n + 1, size - n - 1);
    }

    rc = cr_files_match(pattern, name);

    for (i = 0, stars = 0; pattern[i]; i++) {
        stars += pattern[i] == '*';
    }

    if (stars <= SLOW_MAX / 3 && strlen(name) <= SLOW_MAX) {
        fuzz_must(rc == ((*name != '.' || *pattern == '.')
                         && slow(pattern, name)));
    }

    return 0;
}
