
/*
 * A first look at a program's text, without parsing it: whether the policy's
 * full check could find anything.  It may say yes too often, never too seldom.
 */


#ifndef _CR_PY_SCAN_H_INCLUDED_
#define _CR_PY_SCAN_H_INCLUDED_


#include <stddef.h>


/* How a word stands in the text. */

#define CR_PY_WORD_NAME       0   /* a name of its own */
#define CR_PY_WORD_ATTRIBUTE  1   /* after a point */
#define CR_PY_WORD_STRING     2   /* within a string */


typedef struct {

    /* Whether a word wants the full check. */
    int (*word)(const char *p, size_t len, int where);

    /* Whether the module may be imported (name is NULL), or the name from
     * it. */
    int (*import)(const char *module, size_t mlen, const char *name,
                  size_t nlen);

} cr_py_scan_rules_t;


/* Answers 1 when the text of len bytes wants the full check, else 0. */
int cr_py_scan(const char *text, size_t len, const cr_py_scan_rules_t *rules);


#endif /* _CR_PY_SCAN_H_INCLUDED_ */
