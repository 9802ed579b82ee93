
/*
 * Attributes that lead out of the language: a function's globals and code, a
 * generator's frame, a built-in function's module, all subclasses of a class.
 *
 * Whatever way a program finds to ask for one by name (a pattern's
 * __match_args__, a type's __dict__, object.__getattribute__, a format), in
 * the end the attribute's descriptor is asked.  So it is replaced, in the
 * zygote, by one that looks who asks: it answers where code of the library
 * itself names the attribute, and not where that only hands on a name, nor to
 * a program.
 */

#include "py_policy.h"

#include <frameobject.h>
#include <opcode.h>
#include <string.h>


typedef struct {
    PyObject_HEAD
    PyObject  *descr;
    PyObject  *name;
} cr_py_hidden_t;


typedef struct {
    PyTypeObject  *type;
    const char    *names;
} cr_py_hide_t;


static cr_py_hide_t  cr_py_hide[] = {
    { &PyFunction_Type, "__globals__ __code__ __closure__ __builtins__" },
    { &PyMethod_Type, "__func__ __self__" },
    { &PyCFunction_Type, "__self__" },
    { &_PyMethodWrapper_Type, "__self__" },
    { &PyFrame_Type, "f_back f_builtins f_code f_globals f_locals" },
    { &PyTraceBack_Type, "tb_frame" },
    { &PyGen_Type, "gi_code gi_frame" },
    { &PyCoro_Type, "cr_code cr_frame" },
    { &PyAsyncGen_Type, "ag_code ag_frame" },
    { &PyType_Type, "__subclasses__" },
};


static int
cr_py_from_library(PyCodeObject *code)
{
    const char  *file;

    file = PyUnicode_AsUTF8(code->co_filename);

    if (file == NULL) {
        PyErr_Clear();
        return 0;
    }

    return file[0] == '/' || strcmp(file, CR_PY_SUPPORT) == 0
           || strncmp(file, "<frozen ", 8) == 0;
}


/*
 * Most of the library has "x.__globals__" in its text, and what it calls may
 * have been given to it by a program, with the name.  These call getattr(), or
 * C code that needs __subclasses__(), themselves, and hand nothing on.
 */

static int
cr_py_names_itself(PyFrameObject *frame, PyCodeObject *code)
{
    int                 rc, at;
    size_t              i;
    PyObject           *bytes;
    unsigned char       op;
    static const char  *callers[] = { "get_type_hints", "get_annotations",
                                      "_signature_is_functionlike",
                                      "__subclasscheck__",
                                      "__instancecheck__" };

    for (i = 0; i < sizeof(callers) / sizeof(callers[0]); i++) {
        if (PyUnicode_CompareWithASCIIString(code->co_name, callers[i]) == 0) {
            return 1;
        }
    }

    at = PyFrame_GetLasti(frame);
    bytes = PyCode_GetCode(code);

    if (bytes == NULL) {
        PyErr_Clear();
        return 0;
    }

    rc = 0;

    if (at >= 0 && at < PyBytes_GET_SIZE(bytes)) {
        op = (unsigned char) PyBytes_AS_STRING(bytes)[at];
        rc = op == LOAD_ATTR || op == LOAD_METHOD || op == STORE_ATTR;
    }

    Py_DECREF(bytes);

    return rc;
}


static int
cr_py_may_ask(void)
{
    int             rc;
    PyCodeObject   *code;
    PyFrameObject  *frame;

    frame = PyEval_GetFrame();

    if (frame == NULL) {
        return 1;
    }

    code = PyFrame_GetCode(frame);
    rc = cr_py_from_library(code) && cr_py_names_itself(frame, code);
    Py_DECREF(code);

    return rc;
}


static PyObject *
cr_py_hidden_get(PyObject *self, PyObject *object, PyObject *type)
{
    PyObject        *value;
    cr_py_hidden_t  *hidden;

    hidden = (cr_py_hidden_t *) self;

    if (!cr_py_may_ask()) {
        return cr_py_refuse("attribute_message", hidden->name);
    }

    value = Py_TYPE(hidden->descr)->tp_descr_get(hidden->descr, object, type);

    /* functools copies a __self__, and here it is what all others are in. */

    if (value && PyModule_Check(value)) {
        Py_DECREF(value);
        PyErr_SetObject(PyExc_AttributeError, hidden->name);
        return NULL;
    }

    return value;
}


static int
cr_py_hidden_set(PyObject *self, PyObject *object, PyObject *value)
{
    descrsetfunc     set;
    cr_py_hidden_t  *hidden;

    hidden = (cr_py_hidden_t *) self;

    if (!cr_py_may_ask()) {
        (void) cr_py_refuse("attribute_message", hidden->name);
        return -1;
    }

    set = Py_TYPE(hidden->descr)->tp_descr_set;

    if (set == NULL) {
        PyErr_SetObject(PyExc_AttributeError, hidden->name);
        return -1;
    }

    return set(hidden->descr, object, value);
}


static PyTypeObject  cr_py_hidden_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "attribute",
    .tp_basicsize = sizeof(cr_py_hidden_t),
    .tp_flags = Py_TPFLAGS_DEFAULT|Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_descr_get = cr_py_hidden_get,
    .tp_descr_set = cr_py_hidden_set
};


/* Its slots are for the interpreter: as methods others could call them. */

static int
cr_py_hidden_type_init(void)
{
    size_t              i;
    static const char  *methods[] = { "__get__", "__set__", "__delete__" };

    if (PyType_Ready(&cr_py_hidden_type) != 0) {
        return -1;
    }

    for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (PyDict_DelItemString(cr_py_hidden_type.tp_dict, methods[i]) != 0) {
            return -1;
        }
    }

    PyType_Modified(&cr_py_hidden_type);

    return 0;
}


static int
cr_py_hide_name(PyTypeObject *type, PyObject *name)
{
    int              rc;
    PyObject        *descr;
    cr_py_hidden_t  *hidden;

    descr = PyDict_GetItemWithError(type->tp_dict, name);

    if (descr == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }

    hidden = PyObject_New(cr_py_hidden_t, &cr_py_hidden_type);
    if (hidden == NULL) {
        return -1;
    }

    hidden->descr = Py_NewRef(descr);
    hidden->name = Py_NewRef(name);

    rc = PyDict_SetItem(type->tp_dict, name, (PyObject *) hidden);
    Py_DECREF(hidden);

    PyType_Modified(type);

    return rc;
}


static int
cr_py_hide_names(PyTypeObject *type, const char *list)
{
    int          rc;
    PyObject    *text, *names;
    Py_ssize_t   i;

    text = PyUnicode_FromString(list);
    names = text ? PyUnicode_Split(text, NULL, -1) : NULL;
    rc = names ? 0 : -1;

    for (i = 0; rc == 0 && i < PyList_GET_SIZE(names); i++) {
        rc = cr_py_hide_name(type, PyList_GET_ITEM(names, i));
    }

    Py_XDECREF(names);
    Py_XDECREF(text);

    return rc;
}


int
cr_py_hide_init(void)
{
    size_t  i;

    if (cr_py_hidden_type_init() != 0) {
        return -1;
    }

    for (i = 0; i < sizeof(cr_py_hide) / sizeof(cr_py_hide[0]); i++) {
        if (cr_py_hide_names(cr_py_hide[i].type, cr_py_hide[i].names) != 0) {
            return -1;
        }
    }

    return 0;
}


/* For policy.py: the same for a class of the library's. */

PyObject *
cr_py_hide_of(PyObject *self, PyObject *args)
{
    const char    *names;
    PyTypeObject  *type;

    if (!PyArg_ParseTuple(args, "O!s", &PyType_Type, &type, &names)
        || cr_py_hide_names(type, names) != 0)
    {
        return NULL;
    }

    Py_RETURN_NONE;
}
