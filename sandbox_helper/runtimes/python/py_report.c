
/*
 * Exceptions that end a program: their type and text for the claim, and the
 * traceback on stderr.  All of it may happen when no memory is left, so the
 * text is cut before it is formatted and some address space is kept back.
 */

#include "py_runtime.h"

#include <string.h>
#include <sys/mman.h>


/* Address space given back before anything is formatted. */
#define CR_PY_RESERVE    (4 * 1024 * 1024)


__asm__(".section .rodata\n"
        ".balign 16\n"
        "cr_py_support_text:\n"
        ".incbin \"" CR_PY_SOURCE_DIR "/support.py\"\n"
        ".byte 0\n"
        ".previous\n");

extern const char  cr_py_support_text[];


static PyObject             *cr_py_support_dict;
static void                 *cr_py_reserve = MAP_FAILED;

static const char           *cr_py_code = "";
static size_t                cr_py_code_len;

static unsigned char         cr_py_type_text[CR_ERROR_TYPE_MAX];
static unsigned char         cr_py_error_text[CR_ERROR_MAX];


PyObject *
cr_py_embed(const char *text)
{
    PyObject  *dict, *code, *r;

    dict = PyDict_New();
    if (dict == NULL) {
        return NULL;
    }

    r = NULL;
    code = Py_CompileString(text, CR_PY_SUPPORT, Py_file_input);

    if (code
        && PyDict_SetItemString(dict, "__builtins__", PyEval_GetBuiltins())
           == 0
        && PyDict_SetItemString(dict, "CODE_NAME",
                                PyUnicode_FromString(CR_PY_FILE)) == 0
        && PyDict_SetItemString(dict, "OUR_NAME",
                                PyUnicode_FromString(CR_PY_SUPPORT)) == 0)
    {
        r = PyEval_EvalCode(code, dict, dict);
    }

    Py_XDECREF(code);

    if (r == NULL) {
        Py_DECREF(dict);
        return NULL;
    }

    Py_DECREF(r);

    return dict;
}


/* For support.py: the text whose lines tracebacks show. */

static PyObject *
cr_py_program_text(PyObject *self, PyObject *ignored)
{
    return PyUnicode_DecodeUTF8(cr_py_code, cr_py_code_len, "replace");
}


static PyMethodDef  cr_py_program_text_def = {
    "program_text", cr_py_program_text, METH_NOARGS, NULL
};


int
cr_py_report_init(void)
{
    int        rc;
    PyObject  *f, *r;

    cr_py_support_dict = cr_py_embed(cr_py_support_text);
    f = PyCFunction_New(&cr_py_program_text_def, NULL);

    if (cr_py_support_dict == NULL || f == NULL) {
        return -1;
    }

    rc = PyDict_SetItemString(cr_py_support_dict, "program_text", f);
    Py_DECREF(f);

    r = PyObject_CallNoArgs(cr_py_support("forget"));

    if (rc != 0 || r == NULL) {
        return -1;
    }

    Py_DECREF(r);

    cr_py_reserve = mmap(NULL, CR_PY_RESERVE, PROT_NONE,
                         MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);

    return cr_py_reserve != MAP_FAILED ? 0 : -1;
}


PyObject *
cr_py_support(const char *name)
{
    return PyDict_GetItemString(cr_py_support_dict, name);
}


static void
cr_py_report_release(void)
{
    if (cr_py_reserve != MAP_FAILED) {
        (void) munmap(cr_py_reserve, CR_PY_RESERVE);
        cr_py_reserve = MAP_FAILED;
    }
}


void
cr_py_report_source(const char *code, size_t len)
{
    cr_py_code = code;
    cr_py_code_len = len;
}


size_t
cr_py_copy(PyObject *str, unsigned char *buf, size_t max)
{
    size_t     n;
    PyObject  *cut, *bytes;

    cut = PyUnicode_Substring(str, 0, max);
    bytes = cut ? PyUnicode_AsEncodedString(cut, "utf-8", "backslashreplace")
                : NULL;
    Py_XDECREF(cut);

    if (bytes == NULL) {
        PyErr_Clear();
        return 0;
    }

    n = PyBytes_GET_SIZE(bytes);

    if (n > max) {
        n = max;

        while (n && (PyBytes_AS_STRING(bytes)[n] & 0xc0) == 0x80) {
            n--;
        }
    }

    memcpy(buf, PyBytes_AS_STRING(bytes), n);
    Py_DECREF(bytes);

    return n;
}


void
cr_py_claim_text(cr_bytes_t *claim, PyObject *str)
{
    claim->data = cr_py_error_text;
    claim->len = cr_py_copy(str, cr_py_error_text, CR_ERROR_MAX);
}


/* A name stands in logs and headers: it is a line's part, as any name is. */

static void
cr_py_claim_type(cr_claim_t *claim, PyObject *type)
{
    size_t     i;
    PyObject  *name;

    name = PyType_GetName((PyTypeObject *) type);

    if (name == NULL) {
        PyErr_Clear();
        return;
    }

    claim->error_type.data = cr_py_type_text;
    claim->error_type.len = cr_py_copy(name, cr_py_type_text,
                                       CR_ERROR_TYPE_MAX);
    Py_DECREF(name);

    for (i = 0; i < claim->error_type.len; i++) {
        if (cr_py_type_text[i] < 0x20 || cr_py_type_text[i] == 0x7f) {
            cr_py_type_text[i] = '?';
        }
    }
}


static PyObject *
cr_py_syntax_text(PyObject *value)
{
    PyObject  *msg, *line, *column, *str;

    msg = PyObject_GetAttrString(value, "msg");
    line = PyObject_GetAttrString(value, "lineno");
    column = PyObject_GetAttrString(value, "offset");

    str = NULL;

    if (msg && line && column && PyLong_Check(line) && PyLong_Check(column)) {
        str = PyUnicode_FromFormat("%S (line %S, column %S)", msg, line,
                                   column);
    }

    Py_XDECREF(msg);
    Py_XDECREF(line);
    Py_XDECREF(column);

    return str;
}


/* syntax: the program itself is what cannot be compiled. */

static void
cr_py_claim_error(cr_claim_t *claim, PyObject *value, int syntax)
{
    PyObject  *str;

    str = NULL;

    if (syntax && PyObject_TypeCheck(value,
                                     (PyTypeObject *) PyExc_SyntaxError))
    {
        str = cr_py_syntax_text(value);
    }

    if (str == NULL) {
        PyErr_Clear();
        str = PyObject_Str(value);
    }

    if (str == NULL) {
        PyErr_Clear();
        return;
    }

    cr_py_claim_text(&claim->error, str);
    Py_DECREF(str);
}


/* Tells of a sys.excepthook that failed, as Python does. */

static void
cr_py_hook_failed(PyObject *value)
{
    PyObject  *type, *error, *tb, *r;

    PyErr_Fetch(&type, &error, &tb);
    PyErr_NormalizeException(&type, &error, &tb);

    r = NULL;

    if (error) {
        if (tb) {
            (void) PyException_SetTraceback(error, tb);
        }

        r = PyObject_CallFunctionObjArgs(cr_py_support("hookfailed"), error,
                                         value, NULL);
    }

    PyErr_Clear();
    Py_XDECREF(r);
    Py_XDECREF(type);
    Py_XDECREF(error);
    Py_XDECREF(tb);
}


static void
cr_py_show(PyObject *type, PyObject *value, PyObject *tb)
{
    int        ours;
    PyObject  *hook, *r;

    hook = PySys_GetObject("excepthook");
    ours = cr_py_support("excepthook") == hook;

    if (hook == NULL) {
        hook = cr_py_support("excepthook");
    }

    Py_INCREF(hook);
    r = PyObject_CallFunctionObjArgs(hook, type, value, tb ? tb : Py_None,
                                     NULL);
    Py_DECREF(hook);

    if (r) {
        Py_DECREF(r);

    } else if (!ours) {
        cr_py_hook_failed(value);

    } else {

        /* No memory for the better one: CPython's own, without sources. */

        PyErr_Clear();
        PyErr_Display(type, value, tb);
        PyErr_Clear();
    }
}


static void
cr_py_exit(cr_claim_t *claim, PyObject *value)
{
    PyObject  *code, *err;

    code = PyObject_GetAttrString(value, "code");

    if (code == NULL) {
        PyErr_Clear();
        claim->exit_code = 1;
        return;
    }

    if (code == Py_None) {
        claim->exit_code = 0;

    } else if (PyLong_Check(code)) {

        /* As Python: what fits no long is -1; then the system's 8 bits. */

        claim->exit_code = (int) PyLong_AsLong(code) & 0xff;
        PyErr_Clear();

    } else {
        claim->exit_code = 1;

        err = PySys_GetObject("stderr");

        if (err && err != Py_None) {
            if (PyFile_WriteObject(code, err, Py_PRINT_RAW) == 0) {
                (void) PyFile_WriteString("\n", err);
            }
        }

        PyErr_Clear();
    }

    Py_DECREF(code);
}


void
cr_py_report(cr_claim_t *claim, int syntax)
{
    PyObject  *type, *value, *tb;

    cr_py_report_release();

    PyErr_Fetch(&type, &value, &tb);
    PyErr_NormalizeException(&type, &value, &tb);

    if (PyErr_GivenExceptionMatches(type, PyExc_SystemExit)) {
        cr_py_exit(claim, value);

    } else {
        claim->exit_code = 1;

        if (tb) {
            (void) PyException_SetTraceback(value, tb);
        }

        cr_py_claim_type(claim, type);
        cr_py_claim_error(claim, value, syntax);
        cr_py_policy_raised(claim, type, value, tb);
        cr_py_show(type, value, tb);
    }

    Py_XDECREF(tb);
    Py_XDECREF(value);
    Py_XDECREF(type);
}
