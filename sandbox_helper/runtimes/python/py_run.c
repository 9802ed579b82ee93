
/*
 * One program, from its text to its claim.
 */

#define _GNU_SOURCE

#include "py_runtime.h"
#include "../../cr_zygote_output.h"

#include <string.h>
#include <unistd.h>


/*
 * What a small program does, done once before a job comes: the pages that it
 * writes to are then the cell's own, which is most of what it would cost.
 * Not more than what most programs do, for every cell pays for it: the first
 * text is compiled once in the zygote, the second in every cell.
 */

static const char  cr_py_rehearsal[] =
    "def f(a, b=1):\n"
    "    return [x + b for x in a if x]\n"
    "d = {}\n"
    "for i in range(3):\n"
    "    d[i] = str(i)\n"
    "print(f'{f([1])}', d[0], len(d))\n";

static const char  cr_py_rehearsal_text[] = "print(1)\n";


static PyObject  *cr_py_rehearsal_code;
static PyObject  *cr_py_main;      /* the module of the next program */
static pid_t      cr_py_pid;


/* sys.argv; it is there already for a program without arguments. */

static int
cr_py_args(const cr_bytes_t *args, uint16_t nargs)
{
    int        rc;
    uint16_t   i;
    PyObject  *list, *arg;

    list = PyList_New(0);
    if (list == NULL) {
        return -1;
    }

    for (i = 0, rc = 0; i <= nargs && rc == 0; i++) {

        arg = i == 0 ? PyUnicode_FromString(CR_PY_FILE)
                     : PyUnicode_DecodeUTF8((const char *) args[i - 1].data,
                                            args[i - 1].len,
                                            "surrogateescape");

        rc = arg ? PyList_Append(list, arg) : -1;
        Py_XDECREF(arg);
    }

    if (rc == 0) {
        rc = PySys_SetObject("argv", list);
    }

    Py_DECREF(list);

    return rc;
}


/* A fresh __main__, as Python itself makes one for a script. */

int
cr_py_run_prepare(void)
{
    PyObject  *dict, *file, *annotations, *modules, *builtins;

    cr_py_main = PyModule_New("__main__");
    if (cr_py_main == NULL) {
        return -1;
    }

    dict = PyModule_GetDict(cr_py_main);
    file = PyUnicode_FromString(CR_PY_FILE);
    annotations = PyDict_New();
    modules = PyImport_GetModuleDict();
    builtins = cr_py_policy_on() ? cr_py_policy_builtins()
                                 : PyImport_ImportModule("builtins");

    if (file == NULL || annotations == NULL || builtins == NULL
        || PyDict_SetItemString(dict, "__file__", file) != 0
        || PyDict_SetItemString(dict, "__cached__", Py_None) != 0
        || PyDict_SetItemString(dict, "__annotations__", annotations) != 0
        || PyDict_SetItemString(dict, "__builtins__", builtins) != 0
        || PyDict_SetItemString(modules, "__main__", cr_py_main) != 0)
    {
        return -1;
    }

    Py_DECREF(file);
    Py_DECREF(annotations);
    Py_DECREF(builtins);

    cr_py_pid = getpid();

    return cr_py_args(NULL, 0);
}


static PyObject *
cr_py_compile(const char *code, size_t len)
{
    char             *text;
    PyObject         *r;
    PyCompilerFlags   flags;

    text = PyMem_Malloc(len + 1);
    if (text == NULL) {
        return PyErr_NoMemory();
    }

    memcpy(text, code, len);
    text[len] = '\0';

    flags = _PyCompilerFlags_INIT;

    /* The text came as Unicode: a coding line in it has no meaning. */
    flags.cf_flags = PyCF_IGNORE_COOKIE;

    r = Py_CompileStringExFlags(text, CR_PY_FILE, Py_file_input, &flags, -1);

    PyMem_Free(text);

    return r;
}


static void
cr_py_call_quietly(const char *module, const char *name)
{
    PyObject  *m, *r;

    m = PyDict_GetItemString(PyImport_GetModuleDict(), module);
    if (m == NULL) {
        return;
    }

    Py_INCREF(m);
    r = PyObject_CallMethod(m, name, NULL);

    if (r == NULL) {
        PyErr_WriteUnraisable(m);
    }

    Py_XDECREF(r);
    Py_DECREF(m);
}


/* Whether no thread and no callback waits for the end of the program. */

static int
cr_py_idle(void)
{
    int        idle;
    PyObject  *r;

    r = PyObject_CallNoArgs(cr_py_support("idle"));
    idle = r == Py_True;

    if (r == NULL) {
        PyErr_Clear();
    }

    Py_XDECREF(r);

    return idle;
}


static void
cr_py_flush_object(const char *name, const char *original)
{
    PyObject  *stream, *r;

    stream = PySys_GetObject(name);

    if (stream == NULL || stream == Py_None
        || stream == PySys_GetObject(original))
    {
        return;
    }

    Py_INCREF(stream);
    r = PyObject_CallMethod(stream, "flush", NULL);

    if (r == NULL) {
        PyErr_Clear();
    }

    Py_XDECREF(r);
    Py_DECREF(stream);
}


/*
 * A script's globals go at Python's end, and objects say good-bye from
 * __del__, generators from their finally.  That takes as long as the program's
 * memory is large, so it is done for the programs that could tell.
 */

static void
cr_py_clear(const cr_program_t *program)
{
    size_t               i, len;
    const void          *text;
    static const char   *words[] = { "__del__", "finalize", "yield", "ref(" };

    text = program->code.data;
    len = program->code.len;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {

        if (memmem(text, len, words[i], strlen(words[i]))) {
            _PyModule_Clear(cr_py_main);
            (void) PyGC_Collect();
            return;
        }
    }
}


/* What Python does between the end of a script and its own. */

static void
cr_py_finish(const cr_program_t *program)
{
    if (!cr_py_policy_on() && !cr_py_idle()) {
        cr_py_call_quietly("threading", "_shutdown");
        cr_py_call_quietly("atexit", "_run_exitfuncs");
    }

    cr_py_clear(program);

    cr_py_flush_object("stdout", "__stdout__");
    cr_py_flush_object("stderr", "__stderr__");
}


/*
 * The program's code, or NULL when it cannot or may not run: the claim says
 * why then.
 */

static PyObject *
cr_py_load(const cr_program_t *program, cr_claim_t *claim)
{
    int          rc;
    size_t       len;
    PyObject    *code;
    const char  *text;

    text = (const char *) program->code.data;
    len = program->code.len;

    /* A byte order mark is no part of the text, as in a file. */

    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }

    cr_py_report_source(text, len);

    code = cr_py_compile(text, len);
    rc = code ? cr_py_policy_check(text, len, claim) : -1;

    if (rc == 0) {
        return code;
    }

    Py_XDECREF(code);

    if (rc == -1) {
        cr_py_report(claim, 1);
    }

    return NULL;
}


void
cr_py_run(const cr_program_t *program, cr_claim_t *claim)
{
    PyObject  *code, *dict, *r;

    code = cr_py_load(program, claim);

    if (code) {
        dict = PyModule_GetDict(cr_py_main);
        r = NULL;

        if (program->nargs == 0
            || cr_py_args(program->args, program->nargs) == 0)
        {
            r = PyEval_EvalCode(code, dict, dict);
        }

        if (r == NULL) {
            cr_py_report(claim, 0);
        }
    }

    cr_py_finish(program);
    cr_output_flush_all();

    /* A child of the program's own came to its end here: it claims nothing. */

    if (getpid() != cr_py_pid) {
        _exit(claim->exit_code);
    }
}


void
cr_py_check(const cr_program_t *program, cr_claim_t *claim)
{
    (void) cr_py_load(program, claim);

    cr_output_flush_all();
}


static int
cr_py_rehearse_code(PyObject *code)
{
    PyObject  *dict, *r;

    if (code == NULL) {
        return -1;
    }

    dict = PyModule_GetDict(cr_py_main);
    r = PyEval_EvalCode(code, dict, dict);
    Py_XDECREF(r);

    return r ? 0 : -1;
}


int
cr_py_run_rehearse(void)
{
    int        rc;
    PyObject  *code;

    if (cr_py_run_prepare() != 0) {
        return -1;
    }

    if (cr_py_rehearsal_code == NULL) {
        cr_py_rehearsal_code = cr_py_compile(cr_py_rehearsal,
                                             sizeof(cr_py_rehearsal) - 1);
    }

    code = cr_py_compile(cr_py_rehearsal_text,
                         sizeof(cr_py_rehearsal_text) - 1);

    rc = cr_py_rehearse_code(cr_py_rehearsal_code);
    rc |= cr_py_rehearse_code(code);

    Py_XDECREF(code);
    Py_CLEAR(cr_py_main);

    if (rc == 0 && !cr_py_policy_on()) {
        (void) cr_py_idle();
    }

    return rc;
}
