
/*
 * The builtins that a program runs with under a policy: they look at names
 * that the check of its text could not know.
 *
 * Only the program's own __builtins__ differ: the builtins module is left as
 * it is, for the standard library needs exec() and the like.
 */

#include "py_policy.h"


static PyObject  *cr_py_facades;

static PyObject  *cr_py_getattr;
static PyObject  *cr_py_hasattr;
static PyObject  *cr_py_setattr;
static PyObject  *cr_py_delattr;
static PyObject  *cr_py_vars;


PyObject *
cr_py_refuse(const char *function, PyObject *arg)
{
    PyObject  *message;

    message = PyObject_CallFunctionObjArgs(cr_py_policy_function(function),
                                           arg, NULL);
    if (message) {
        PyErr_SetObject(cr_py_policy_function("SecurityError"), message);
        Py_DECREF(message);
    }

    return NULL;
}


static PyObject *
cr_py_builtin_blocked(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return cr_py_refuse("builtin_message", self);
}


/*
 * Calls a builtin that takes an attribute's name second.  An instance of a
 * class derived from str may claim to equal another name: what is looked up
 * is a plain copy.
 */

static PyObject *
cr_py_guarded(PyObject *function, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject    *key, *plain[3], *r;
    const char  *name;
    Py_ssize_t   len;

    if (nargs < 2 || nargs > 3 || !PyUnicode_Check(args[1])) {
        return PyObject_Vectorcall(function, args, nargs, NULL);
    }

    key = PyUnicode_FromObject(args[1]);
    if (key == NULL) {
        return NULL;
    }

    name = PyUnicode_AsUTF8AndSize(key, &len);

    if (name == NULL) {
        PyErr_Clear();

    } else if (cr_py_attribute_blocked(name, len)) {
        (void) cr_py_refuse("attribute_message", key);
        Py_DECREF(key);
        return NULL;
    }

    plain[0] = args[0];
    plain[1] = key;
    plain[2] = nargs == 3 ? args[2] : NULL;

    r = PyObject_Vectorcall(function, plain, nargs, NULL);
    Py_DECREF(key);

    return r;
}


static PyObject *
cr_py_guard_getattr(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return cr_py_guarded(cr_py_getattr, args, nargs);
}


static PyObject *
cr_py_guard_hasattr(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return cr_py_guarded(cr_py_hasattr, args, nargs);
}


static PyObject *
cr_py_guard_setattr(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return cr_py_guarded(cr_py_setattr, args, nargs);
}


static PyObject *
cr_py_guard_delattr(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return cr_py_guarded(cr_py_delattr, args, nargs);
}


static PyObject *
cr_py_guard_vars(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs == 0) {
        return cr_py_refuse("vars_message", NULL);
    }

    return PyObject_Vectorcall(cr_py_vars, args, nargs, NULL);
}


static PyObject *
cr_py_facade(PyObject *name)
{
    PyObject  *facade;

    facade = PyDict_GetItemWithError(cr_py_facades, name);

    if (facade) {
        Py_INCREF(facade);
        return facade;
    }

    return PyErr_Occurred()
           ? NULL
           : PyObject_CallOneArg(cr_py_policy_function("load"), name);
}


/* "from module import a, b": a or b may be a submodule not loaded yet. */

static int
cr_py_facade_members(PyObject *name, PyObject *facade, PyObject *fromlist)
{
    PyObject    *item, *r;
    Py_ssize_t   i;

    for (i = 0; i < PyTuple_GET_SIZE(fromlist); i++) {
        item = PyTuple_GET_ITEM(fromlist, i);

        if (!PyUnicode_CheckExact(item)
            || PyDict_Contains(PyModule_GetDict(facade), item) == 1)
        {
            continue;
        }

        r = PyObject_CallFunctionObjArgs(cr_py_policy_function("load_member"),
                                         name, item, NULL);
        if (r == NULL) {
            return -1;
        }

        Py_DECREF(r);
    }

    return 0;
}


/* "import a.b": the statement binds a. */

static PyObject *
cr_py_facade_top(PyObject *name, PyObject *facade)
{
    PyObject    *top;
    Py_ssize_t   dot;

    dot = PyUnicode_FindChar(name, '.', 0, PyUnicode_GET_LENGTH(name), 1);

    if (dot < 0) {
        return facade;
    }

    Py_DECREF(facade);

    top = PyUnicode_Substring(name, 0, dot);
    if (top == NULL) {
        return NULL;
    }

    facade = cr_py_facade(top);
    Py_DECREF(top);

    return facade;
}


/*
 * __import__(name, globals, locals, fromlist, level).  The interpreter's own
 * C code (PyImport_Import, for strptime() as one) calls what its caller has
 * for __import__, with a list where the statement has a tuple or None, and
 * takes the module from sys.modules: it must get through, and gets nothing
 * that a program could call it for.
 */

static PyObject *
cr_py_guard_import(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject  *name, *fromlist, *facade, *module;

    if (nargs < 1 || !PyUnicode_CheckExact(args[0])) {
        PyErr_SetString(PyExc_TypeError, "module name must be a string");
        return NULL;
    }

    name = args[0];
    fromlist = nargs > 3 ? args[3] : Py_None;

    if (nargs > 4 && PyLong_Check(args[4]) && PyLong_AsLong(args[4]) != 0) {
        PyErr_SetString(PyExc_ImportError, "attempted relative import with "
                        "no known parent package");
        return NULL;
    }

    if (PyList_CheckExact(fromlist)) {
        module = PyImport_ImportModuleLevelObject(name, NULL, NULL, fromlist,
                                                  0);
        if (module == NULL) {
            return NULL;
        }

        Py_DECREF(module);
        Py_RETURN_NONE;
    }

    facade = cr_py_facade(name);
    if (facade == NULL) {
        return NULL;
    }

    if (!PyTuple_Check(fromlist) || PyTuple_GET_SIZE(fromlist) == 0) {
        return cr_py_facade_top(name, facade);
    }

    if (cr_py_facade_members(name, facade, fromlist) != 0) {
        Py_DECREF(facade);
        return NULL;
    }

    return facade;
}


/* The __getattr__ of a facade, whose name is self. */

static PyObject *
cr_py_facade_hidden(PyObject *self, PyObject *name)
{
    return PyObject_CallFunctionObjArgs(cr_py_policy_function("hidden"), self,
                                        name, NULL);
}


static PyMethodDef  cr_py_hidden_def = {
    "__getattr__", cr_py_facade_hidden, METH_O, NULL
};

static PyMethodDef  cr_py_blocked_def = {
    "blocked", (PyCFunction) (void (*)(void)) cr_py_builtin_blocked,
    METH_VARARGS|METH_KEYWORDS, NULL
};


static PyObject *
cr_py_hidden_getter(PyObject *self, PyObject *name)
{
    return PyCFunction_New(&cr_py_hidden_def, name);
}


static PyObject *
cr_py_blocked_builtin(PyObject *self, PyObject *name)
{
    return PyCFunction_New(&cr_py_blocked_def, name);
}


#define cr_py_fastcall(f)  (PyCFunction) (void (*)(void)) f, METH_FASTCALL

static PyMethodDef  cr_py_guard_defs[] = {
    { "__import__", cr_py_fastcall(cr_py_guard_import), NULL },
    { "getattr", cr_py_fastcall(cr_py_guard_getattr), NULL },
    { "hasattr", cr_py_fastcall(cr_py_guard_hasattr), NULL },
    { "setattr", cr_py_fastcall(cr_py_guard_setattr), NULL },
    { "delattr", cr_py_fastcall(cr_py_guard_delattr), NULL },
    { "vars", cr_py_fastcall(cr_py_guard_vars), NULL },
    { NULL, NULL, 0, NULL }
};

static PyMethodDef  cr_py_policy_defs[] = {
    { "hidden_getter", cr_py_hidden_getter, METH_O, NULL },
    { "blocked_builtin", cr_py_blocked_builtin, METH_O, NULL },
    { "hide", cr_py_hide_of, METH_VARARGS, NULL },
    { NULL, NULL, 0, NULL }
};


static int
cr_py_functions_add(PyObject *dict, PyMethodDef *defs)
{
    int        rc;
    PyObject  *module, *f;

    module = PyUnicode_FromString("builtins");

    for (rc = 0; rc == 0 && defs->ml_name; defs++) {
        f = PyCFunction_NewEx(defs, NULL, module);
        rc = f ? PyDict_SetItemString(dict, defs->ml_name, f) : -1;
        Py_XDECREF(f);
    }

    Py_XDECREF(module);

    return rc;
}


int
cr_py_guards_init(PyObject *policy)
{
    int        rc;
    PyObject  *guards, *real;

    real = PyEval_GetBuiltins();
    cr_py_getattr = PyDict_GetItemString(real, "getattr");
    cr_py_hasattr = PyDict_GetItemString(real, "hasattr");
    cr_py_setattr = PyDict_GetItemString(real, "setattr");
    cr_py_delattr = PyDict_GetItemString(real, "delattr");
    cr_py_vars = PyDict_GetItemString(real, "vars");

    cr_py_facades = PyDict_GetItemString(policy, "facades");

    guards = PyDict_New();
    if (guards == NULL) {
        return -1;
    }

    rc = cr_py_functions_add(guards, cr_py_guard_defs) != 0
         || cr_py_functions_add(policy, cr_py_policy_defs) != 0
         || PyDict_SetItemString(policy, "guards", guards) != 0;

    Py_DECREF(guards);

    return rc ? -1 : 0;
}
