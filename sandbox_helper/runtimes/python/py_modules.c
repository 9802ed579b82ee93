
/*
 * Modules that a profile wants warm where they are installed, and the figures
 * that programs show with one of them.
 */

#include "py_runtime.h"


/* As modules.py names their files. */
#define CR_PY_FIGURES  "figure-*.png"


__asm__(".section .rodata\n"
        ".balign 16\n"
        "cr_py_modules_text:\n"
        ".incbin \"" CR_PY_SOURCE_DIR "/modules.py\"\n"
        ".byte 0\n"
        ".previous\n");

extern const char  cr_py_modules_text[];


static PyObject  *cr_py_modules_dict;


/* For modules.py: a program has shown a figure. */

static PyObject *
cr_py_modules_shown(PyObject *self, PyObject *ignored)
{
    cr_zygote_collect(CR_PY_FIGURES);

    Py_RETURN_NONE;
}


static PyMethodDef  cr_py_modules_shown_def = {
    "shown", cr_py_modules_shown, METH_NOARGS, NULL
};


static PyObject *
cr_py_modules_function(const char *name)
{
    return PyDict_GetItemString(cr_py_modules_dict, name);
}


int
cr_py_modules_init(const cr_options_t *options)
{
    int          rc;
    PyObject    *shown, *r;
    const char  *names, *environment;

    names = cr_option(options, "warm_optional");
    environment = cr_option(options, "warm_env");

    cr_py_modules_dict = cr_py_embed(cr_py_modules_text);
    shown = PyCFunction_New(&cr_py_modules_shown_def, NULL);

    if (cr_py_modules_dict == NULL || shown == NULL) {
        return -1;
    }

    rc = PyDict_SetItemString(cr_py_modules_dict, "shown", shown);
    Py_DECREF(shown);

    r = rc == 0 ? PyObject_CallFunction(cr_py_modules_function("warm"), "ss",
                                        names ? names : "",
                                        environment ? environment : "")
                : NULL;
    Py_XDECREF(r);

    return r ? 0 : -1;
}


PyObject *
cr_py_modules_resolve(const char *word)
{
    return PyObject_CallFunction(cr_py_modules_function("resolve"), "s", word);
}
