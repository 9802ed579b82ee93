
/*
 * The source policy of a profile, as its options give it: the check of a
 * program's text before it runs.
 */

#include "py_runtime.h"
#include "py_policy.h"
#include "py_scan.h"

#include <stdio.h>
#include <string.h>


#define CR_PY_WORDS_SIZE   1024   /* slots of the table; a power of two */
#define CR_PY_WORDS_MAX    512    /* words in it at most */

#define CR_PY_BLOCKED      1      /* a builtin that only raises */
#define CR_PY_ATTRIBUTE    2      /* an attribute that may not be used */
#define CR_PY_DUNDER       4      /* an attribute __x__ that may */


typedef struct {
    const char     *data;
    size_t          len;
    unsigned char   flags;
} cr_py_word_t;


__asm__(".section .rodata\n"
        ".balign 16\n"
        "cr_py_policy_text:\n"
        ".incbin \"" CR_PY_SOURCE_DIR "/policy.py\"\n"
        ".byte 0\n"
        ".previous\n");

extern const char  cr_py_policy_text[];


static cr_py_word_t    cr_py_words[CR_PY_WORDS_SIZE];
static size_t          cr_py_nwords;

/* By first character: the lengths that words in the table have, mod 32. */
static uint32_t        cr_py_word_filter[256];

static PyObject       *cr_py_policy;     /* the globals of policy.py */
static PyObject       *cr_py_facades;
static PyObject       *cr_py_builtins;   /* what programs have */

static char  cr_py_messages[CR_VIOLATIONS_MAX][CR_VIOLATION_TEXT_MAX];


static cr_py_word_t *
cr_py_word_slot(const char *p, size_t len)
{
    size_t         i;
    uint32_t       hash;
    cr_py_word_t  *w;

    hash = 2166136261u;

    for (i = 0; i < len; i++) {
        hash = (hash ^ (unsigned char) p[i]) * 16777619u;
    }

    for (i = hash; ; i++) {
        w = &cr_py_words[i & (CR_PY_WORDS_SIZE - 1)];

        if (w->data == NULL
            || (w->len == len && memcmp(w->data, p, len) == 0))
        {
            return w;
        }
    }
}


/* The words of a list, which lives as long as the process. */

static int
cr_py_words_add(const char *list, unsigned char flags)
{
    size_t         n;
    cr_py_word_t  *w;

    for ( ;; ) {
        list += strspn(list, " \t");
        n = strcspn(list, " \t");

        if (n == 0) {
            return 0;
        }

        w = cr_py_word_slot(list, n);

        if (w->data == NULL) {
            if (++cr_py_nwords > CR_PY_WORDS_MAX) {
                return -1;
            }

            w->data = list;
            w->len = n;
        }

        w->flags |= flags;
        cr_py_word_filter[(unsigned char) list[0]] |= 1u << (n & 31);

        list += n;
    }
}


static int
cr_py_word_flags(const char *p, size_t len)
{
    if ((cr_py_word_filter[(unsigned char) p[0]] & (1u << (len & 31))) == 0) {
        return 0;
    }

    return cr_py_word_slot(p, len)->flags;
}


static int
cr_py_word_dunder(const char *p, size_t len)
{
    return len > 4 && p[0] == '_' && p[1] == '_' && p[len - 1] == '_'
           && p[len - 2] == '_';
}


int
cr_py_attribute_blocked(const char *p, size_t len)
{
    int  flags;

    if (len == 0) {
        return 0;
    }

    flags = cr_py_word_flags(p, len);

    if (cr_py_word_dunder(p, len)) {
        return (flags & CR_PY_DUNDER) == 0;
    }

    return flags & CR_PY_ATTRIBUTE;
}


PyObject *
cr_py_policy_function(const char *name)
{
    return PyDict_GetItemString(cr_py_policy, name);
}


/* What the scan of a text asks. */

static int
cr_py_scan_rule_word(const char *p, size_t len, int where)
{
    if (cr_py_attribute_blocked(p, len)) {
        return 1;
    }

    return where == CR_PY_WORD_NAME
           && (cr_py_word_flags(p, len) & CR_PY_BLOCKED);
}


static int
cr_py_scan_rule_import(const char *module, size_t mlen, const char *name,
    size_t nlen)
{
    int        known;
    PyObject  *key, *facade;

    key = PyUnicode_DecodeUTF8(module, mlen, NULL);
    facade = key ? PyDict_GetItemWithError(cr_py_facades, key) : NULL;
    Py_XDECREF(key);

    if (facade == NULL) {
        PyErr_Clear();
        return 0;
    }

    if (name == NULL) {
        return 1;
    }

    key = PyUnicode_DecodeUTF8(name, nlen, NULL);
    known = key ? PyDict_Contains(PyModule_GetDict(facade), key) : 0;
    Py_XDECREF(key);

    if (known == -1) {
        PyErr_Clear();
    }

    return known == 1;
}


static const cr_py_scan_rules_t  cr_py_scan_rules = {
    .word = cr_py_scan_rule_word,
    .import = cr_py_scan_rule_import
};


static const char *
cr_py_policy_option(const cr_options_t *options, const char *key)
{
    const char  *value;

    value = cr_option(options, key);

    return value ? value : "";
}


static int
cr_py_policy_words(const cr_options_t *options)
{
    return cr_py_words_add(cr_py_policy_option(options, "builtins_blocked"),
                           CR_PY_BLOCKED)
           | cr_py_words_add(cr_py_policy_option(options,
                                                 "attributes_blocked"),
                             CR_PY_ATTRIBUTE)
           | cr_py_words_add(cr_py_policy_option(options, "dunders"),
                             CR_PY_DUNDER);
}


static int
cr_py_policy_start(const cr_options_t *options)
{
    cr_py_policy = cr_py_embed(cr_py_policy_text);

    if (cr_py_policy == NULL || cr_py_guards_init(cr_py_policy) != 0) {
        return -1;
    }

    cr_py_facades = cr_py_policy_function("facades");
    cr_py_builtins = PyObject_CallFunction(
                         cr_py_policy_function("configure"), "sssss",
                         cr_py_policy_option(options, "imports"),
                         cr_py_policy_option(options, "builtins_blocked"),
                         cr_py_policy_option(options, "builtins_absent"),
                         cr_py_policy_option(options, "dunders"),
                         cr_py_policy_option(options, "attributes_blocked"));

    return cr_py_builtins ? cr_py_hide_init() : -1;
}


int
cr_py_policy_init(const cr_options_t *options, char *error, size_t esize)
{
    if (cr_option(options, "imports") == NULL) {
        return 0;
    }

    if (cr_py_policy_words(options) != 0) {
        (void) snprintf(error, esize, "the policy's options have more than "
                        "%d words", CR_PY_WORDS_MAX);
        return -1;
    }

    if (cr_py_policy_start(options) != 0) {
        (void) snprintf(error, esize, "the policy cannot be set up: is every "
                        "module of option.imports installed?");
        return -1;
    }

    return 0;
}


int
cr_py_policy_on(void)
{
    return cr_py_policy != NULL;
}


/*
 * Not a copy: a cell runs one program, and to count one more reference to
 * each builtin writes to some eighty pages.
 */

PyObject *
cr_py_policy_builtins(void)
{
    Py_INCREF(cr_py_builtins);

    return cr_py_builtins;
}


/* The check, and its claim. */

static int
cr_py_violation(cr_claim_t *claim, long line, long column, PyObject *message)
{
    size_t           n;
    char            *text;
    cr_violation_t  *v;

    v = &claim->violations[claim->nviolations];
    text = cr_py_messages[claim->nviolations];

    n = cr_py_copy(message, (unsigned char *) text, CR_VIOLATION_TEXT_MAX);

    v->line = line > 0 ? (uint32_t) line : 0;
    v->column = column > 0 ? (uint32_t) column : 0;
    v->message.data = (unsigned char *) text;
    v->message.len = n;

    return ++claim->nviolations < CR_VIOLATIONS_MAX;
}


static int
cr_py_violations(cr_claim_t *claim, PyObject *found)
{
    long         line, column;
    PyObject    *message;
    Py_ssize_t   i;

    for (i = 0; i < PyList_GET_SIZE(found); i++) {

        if (!PyArg_ParseTuple(PyList_GET_ITEM(found, i), "llU", &line,
                              &column, &message))
        {
            return -1;
        }

        if (i == 0) {
            cr_py_claim_text(&claim->error, message);
        }

        if (!cr_py_violation(claim, line, column, message)) {
            break;
        }
    }

    claim->exit_code = 1;
    claim->error_type.data = (unsigned char *) "SecurityError";
    claim->error_type.len = sizeof("SecurityError") - 1;

    return 1;
}


int
cr_py_policy_check(const char *text, size_t len, cr_claim_t *claim)
{
    int        rc;
    PyObject  *str, *found, *r;

    if (cr_py_policy == NULL || !cr_py_scan(text, len, &cr_py_scan_rules)) {
        return 0;
    }

    str = PyUnicode_DecodeUTF8(text, len, NULL);
    if (str == NULL) {
        return -1;
    }

    rc = -1;
    found = PyObject_CallOneArg(cr_py_policy_function("check"), str);

    if (found && PyList_GET_SIZE(found) == 0) {
        rc = 0;

    } else if (found) {
        rc = cr_py_violations(claim, found);
        r = PyObject_CallFunctionObjArgs(cr_py_policy_function("show"), str,
                                         found, NULL);
        Py_XDECREF(r);
        PyErr_Clear();
    }

    Py_XDECREF(found);
    Py_DECREF(str);

    return rc;
}


/* An exception that ended the program: perhaps what a guard raised. */

void
cr_py_policy_raised(cr_claim_t *claim, PyObject *type, PyObject *value,
    PyObject *tb)
{
    long       line, column;
    PyObject  *at, *message;

    if (cr_py_policy == NULL
        || type != cr_py_policy_function("SecurityError"))
    {
        return;
    }

    message = PyObject_Str(value);
    at = message ? PyObject_CallFunctionObjArgs(cr_py_policy_function("where"),
                                                tb ? tb : Py_None, NULL)
                 : NULL;

    if (at && PyArg_ParseTuple(at, "ll", &line, &column)) {
        (void) cr_py_violation(claim, line, column, message);
    }

    PyErr_Clear();
    Py_XDECREF(at);
    Py_XDECREF(message);
}
