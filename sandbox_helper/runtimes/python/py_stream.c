
/*
 * Descriptors 0, 1 and 2 of a cell as sys.stdin, sys.stdout and sys.stderr:
 * Python's own TextIOWrapper over two types of ours.  They are made in the
 * zygote, whose descriptors are others, so none of them looks at one early.
 */

#include "py_runtime.h"
#include "../../cr_zygote_output.h"

#include <errno.h>
#include <unistd.h>


/*
 * What an object of ours adds: it follows the fields of the base class, whose
 * size is known only at run time.
 */

typedef struct {
    int            fd;
    char           closed;
} cr_py_file_t;


static Py_ssize_t  cr_py_file_offset[2];


static cr_py_file_t *
cr_py_file(PyObject *self, int output)
{
    return (cr_py_file_t *) ((char *) self + cr_py_file_offset[output]);
}


static int
cr_py_file_closed(cr_py_file_t *f)
{
    if (f->closed) {
        PyErr_SetString(PyExc_ValueError, "I/O operation on closed file");
        return 1;
    }

    return 0;
}


static PyObject *
cr_py_stdout_write(PyObject *self, PyObject *data)
{
    int            rc;
    Py_ssize_t     n;
    Py_buffer      view;
    cr_py_file_t  *f;

    f = cr_py_file(self, 1);

    if (cr_py_file_closed(f)) {
        return NULL;
    }

    if (PyUnicode_Check(data)) {
        PyErr_SetString(PyExc_TypeError,
                        "a bytes-like object is required, not 'str'");
        return NULL;
    }

    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) != 0) {
        return NULL;
    }

    n = view.len;
    rc = cr_output_put(f->fd, view.buf, n);

    PyBuffer_Release(&view);

    return rc == 0 ? PyLong_FromSsize_t(n)
                   : PyErr_SetFromErrno(PyExc_OSError);
}


static PyObject *
cr_py_stdout_flush(PyObject *self, PyObject *ignored)
{
    cr_py_file_t  *f;

    f = cr_py_file(self, 1);

    if (cr_py_file_closed(f)) {
        return NULL;
    }

    if (cr_output_flush(f->fd) != 0) {
        return PyErr_SetFromErrno(PyExc_OSError);
    }

    Py_RETURN_NONE;
}


/* Closes the object alone, as Python does with a standard stream. */

static PyObject *
cr_py_stdout_close(PyObject *self, PyObject *ignored)
{
    cr_py_file_t  *f;

    f = cr_py_file(self, 1);

    if (!f->closed) {
        (void) cr_output_flush(f->fd);
        f->closed = 1;
    }

    Py_RETURN_NONE;
}


static PyObject *
cr_py_stdout_fileno(PyObject *self, PyObject *ignored)
{
    cr_py_file_t  *f;

    f = cr_py_file(self, 1);

    return cr_py_file_closed(f) ? NULL : PyLong_FromLong(f->fd);
}


static PyObject *
cr_py_stdout_closed(PyObject *self, void *ignored)
{
    return PyBool_FromLong(cr_py_file(self, 1)->closed);
}


static PyObject *
cr_py_stdout_name(PyObject *self, void *ignored)
{
    return PyUnicode_FromString(cr_py_file(self, 1)->fd == 1 ? "<stdout>"
                                                             : "<stderr>");
}


static PyObject *
cr_py_stdin_readinto(PyObject *self, PyObject *data)
{
    ssize_t        n;
    Py_buffer      view;
    cr_py_file_t  *f;

    f = cr_py_file(self, 0);

    if (cr_py_file_closed(f)) {
        return NULL;
    }

    if (PyObject_GetBuffer(data, &view, PyBUF_WRITABLE) != 0) {
        return NULL;
    }

    /* Who is asked must have seen the question. */
    (void) cr_output_flush(1);

    for ( ;; ) {
        Py_BEGIN_ALLOW_THREADS
        n = read(0, view.buf, view.len);
        Py_END_ALLOW_THREADS

        if (n >= 0 || errno != EINTR) {
            break;
        }

        if (PyErr_CheckSignals() != 0) {
            PyBuffer_Release(&view);
            return NULL;
        }
    }

    PyBuffer_Release(&view);

    return n >= 0 ? PyLong_FromSsize_t(n) : PyErr_SetFromErrno(PyExc_OSError);
}


static PyObject *
cr_py_stdin_close(PyObject *self, PyObject *ignored)
{
    cr_py_file(self, 0)->closed = 1;

    Py_RETURN_NONE;
}


static PyObject *
cr_py_stdin_fileno(PyObject *self, PyObject *ignored)
{
    return cr_py_file_closed(cr_py_file(self, 0)) ? NULL : PyLong_FromLong(0);
}


static PyObject *
cr_py_stdin_closed(PyObject *self, void *ignored)
{
    return PyBool_FromLong(cr_py_file(self, 0)->closed);
}


static PyObject *
cr_py_stdin_name(PyObject *self, void *ignored)
{
    return PyUnicode_FromString("<stdin>");
}


static PyObject *
cr_py_file_true(PyObject *self, PyObject *ignored)
{
    Py_RETURN_TRUE;
}


static PyObject *
cr_py_file_false(PyObject *self, PyObject *ignored)
{
    Py_RETURN_FALSE;
}


static PyMethodDef  cr_py_stdout_methods[] = {
    { "write", cr_py_stdout_write, METH_O, NULL },
    { "flush", cr_py_stdout_flush, METH_NOARGS, NULL },
    { "close", cr_py_stdout_close, METH_NOARGS, NULL },
    { "fileno", cr_py_stdout_fileno, METH_NOARGS, NULL },
    { "writable", cr_py_file_true, METH_NOARGS, NULL },
    { "readable", cr_py_file_false, METH_NOARGS, NULL },
    { "seekable", cr_py_file_false, METH_NOARGS, NULL },
    { "isatty", cr_py_file_false, METH_NOARGS, NULL },
    { NULL, NULL, 0, NULL }
};


static PyMethodDef  cr_py_stdin_methods[] = {
    { "readinto", cr_py_stdin_readinto, METH_O, NULL },
    { "close", cr_py_stdin_close, METH_NOARGS, NULL },
    { "fileno", cr_py_stdin_fileno, METH_NOARGS, NULL },
    { "writable", cr_py_file_false, METH_NOARGS, NULL },
    { "readable", cr_py_file_true, METH_NOARGS, NULL },
    { "seekable", cr_py_file_false, METH_NOARGS, NULL },
    { "isatty", cr_py_file_false, METH_NOARGS, NULL },
    { NULL, NULL, 0, NULL }
};


static PyGetSetDef  cr_py_stdout_getset[] = {
    { "closed", cr_py_stdout_closed, NULL, NULL, NULL },
    { "name", cr_py_stdout_name, NULL, NULL, NULL },
    { NULL, NULL, NULL, NULL, NULL }
};


static PyGetSetDef  cr_py_stdin_getset[] = {
    { "closed", cr_py_stdin_closed, NULL, NULL, NULL },
    { "name", cr_py_stdin_name, NULL, NULL, NULL },
    { NULL, NULL, NULL, NULL, NULL }
};


static PyType_Slot  cr_py_stdout_slots[] = {
    { Py_tp_methods, cr_py_stdout_methods },
    { Py_tp_getset, cr_py_stdout_getset },
    { 0, NULL }
};


static PyType_Slot  cr_py_stdin_slots[] = {
    { Py_tp_methods, cr_py_stdin_methods },
    { Py_tp_getset, cr_py_stdin_getset },
    { 0, NULL }
};


static PyObject *
cr_py_file_type(PyObject *io, int output)
{
    PyObject      *base, *type;
    PyType_Spec    spec;
    PyTypeObject  *t;

    base = PyObject_GetAttrString(io, output ? "_BufferedIOBase"
                                             : "_RawIOBase");
    if (base == NULL) {
        return NULL;
    }

    t = (PyTypeObject *) base;
    cr_py_file_offset[output] = (t->tp_basicsize + 15) & ~15;

    memset(&spec, 0, sizeof(spec));
    spec.name = output ? "cell.Output" : "cell.Input";
    spec.basicsize = cr_py_file_offset[output] + sizeof(cr_py_file_t);
    spec.flags = Py_TPFLAGS_DEFAULT;
    spec.slots = output ? cr_py_stdout_slots : cr_py_stdin_slots;

    type = PyType_FromSpecWithBases(&spec, base);
    Py_DECREF(base);

    return type;
}


static int
cr_py_stream_set(PyObject *stream, const char *mode, const char *name,
    const char *dunder)
{
    int        rc;
    PyObject  *m;

    m = PyUnicode_FromString(mode);
    if (m == NULL) {
        return -1;
    }

    rc = PyObject_SetAttrString(stream, "mode", m);
    Py_DECREF(m);

    if (rc != 0 || PySys_SetObject(name, stream) != 0) {
        return -1;
    }

    return PySys_SetObject(dunder, stream);
}


static int
cr_py_stdout_object(PyObject *io, PyObject *type, int fd)
{
    int        rc;
    PyObject  *raw, *stream;

    raw = PyObject_CallNoArgs(type);
    if (raw == NULL) {
        return -1;
    }

    cr_py_file(raw, 1)->fd = fd;

    /* TextIOWrapper(buffer, encoding, errors, newline, line_buffering,
     * write_through) */

    stream = PyObject_CallMethod(io, "TextIOWrapper", "OsssOO", raw, "utf-8",
                                 fd == 1 ? "strict" : "backslashreplace",
                                 "\n", fd == 1 ? Py_False : Py_True, Py_True);
    Py_DECREF(raw);

    if (stream == NULL) {
        return -1;
    }

    rc = cr_py_stream_set(stream, "w", fd == 1 ? "stdout" : "stderr",
                          fd == 1 ? "__stdout__" : "__stderr__");
    Py_DECREF(stream);

    return rc;
}


static int
cr_py_stdin_object(PyObject *io, PyObject *type)
{
    int        rc;
    PyObject  *raw, *buffer, *stream;

    raw = PyObject_CallNoArgs(type);
    if (raw == NULL) {
        return -1;
    }

    buffer = PyObject_CallMethod(io, "BufferedReader", "O", raw);
    Py_DECREF(raw);

    if (buffer == NULL) {
        return -1;
    }

    stream = PyObject_CallMethod(io, "TextIOWrapper", "OssO", buffer, "utf-8",
                                 "strict", Py_None);
    Py_DECREF(buffer);

    if (stream == NULL) {
        return -1;
    }

    rc = cr_py_stream_set(stream, "r", "stdin", "__stdin__");
    Py_DECREF(stream);

    return rc;
}


int
cr_py_streams_init(void)
{
    int        rc;
    PyObject  *io, *in, *out;

    rc = -1;
    in = NULL;
    out = NULL;

    io = PyImport_ImportModule("_io");

    if (io) {
        in = cr_py_file_type(io, 0);
        out = cr_py_file_type(io, 1);
    }

    if (in && out
        && cr_py_stdin_object(io, in) == 0
        && cr_py_stdout_object(io, out, 1) == 0
        && cr_py_stdout_object(io, out, 2) == 0)
    {
        rc = 0;
    }

    Py_XDECREF(in);
    Py_XDECREF(out);
    Py_XDECREF(io);

    return rc;
}
