
/*
 * The analysis of a program's complexity, which analyze/ does in Python, over
 * the program's syntax tree.
 *
 * No other job has anything of it: the zygote compiles those files and keeps
 * the code as bytes outside of Python, which nothing there can reach and no
 * cell touches; the cell of an analysis makes modules of them.  That cell
 * never runs the program.
 */

#include "py_runtime.h"
#include "../../cr_zygote_output.h"

#include <marshal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#define CR_PY_PART(name)                                                     \
    __asm__(".section .rodata\n"                                             \
            ".balign 16\n"                                                   \
            "cr_py_part_" #name ":\n"                                        \
            ".incbin \"" CR_PY_SOURCE_DIR "/analyze/" #name ".py\"\n"        \
            ".byte 0\n"                                                      \
            ".previous\n");                                                  \
    extern const char  cr_py_part_ ## name[]


CR_PY_PART(model);
CR_PY_PART(values);
CR_PY_PART(updates);
CR_PY_PART(assign);
CR_PY_PART(engine);
CR_PY_PART(queues);
CR_PY_PART(progress);
CR_PY_PART(loops);
CR_PY_PART(exprs);
CR_PY_PART(library);
CR_PY_PART(sequences);
CR_PY_PART(methods);
CR_PY_PART(recursion);
CR_PY_PART(explain);
CR_PY_PART(main);


typedef struct {
    const char  *name;
    const char  *text;
    char        *code;     /* marshalled */
    size_t       len;
} cr_py_part_t;


/* Each needs only those before it; the last has report(). */

static cr_py_part_t  cr_py_parts[] = {
    { "analyze.model", cr_py_part_model, NULL, 0 },
    { "analyze.values", cr_py_part_values, NULL, 0 },
    { "analyze.updates", cr_py_part_updates, NULL, 0 },
    { "analyze.assign", cr_py_part_assign, NULL, 0 },
    { "analyze.engine", cr_py_part_engine, NULL, 0 },
    { "analyze.queues", cr_py_part_queues, NULL, 0 },
    { "analyze.progress", cr_py_part_progress, NULL, 0 },
    { "analyze.loops", cr_py_part_loops, NULL, 0 },
    { "analyze.exprs", cr_py_part_exprs, NULL, 0 },
    { "analyze.library", cr_py_part_library, NULL, 0 },
    { "analyze.sequences", cr_py_part_sequences, NULL, 0 },
    { "analyze.methods", cr_py_part_methods, NULL, 0 },
    { "analyze.recursion", cr_py_part_recursion, NULL, 0 },
    { "analyze.explain", cr_py_part_explain, NULL, 0 },
    { "analyze.main", cr_py_part_main, NULL, 0 },
};

#define CR_PY_PARTS  (sizeof(cr_py_parts) / sizeof(cr_py_parts[0]))


static const char  cr_py_no_memory[] =
    "{\"success\":false,\"error\":\"the analysis needs more memory than a "
    "program may use\"}";


static int
cr_py_part_keep(cr_py_part_t *part)
{
    PyObject  *code, *bytes;

    code = Py_CompileString(part->text, CR_PY_SUPPORT, Py_file_input);
    bytes = code ? PyMarshal_WriteObjectToString(code, Py_MARSHAL_VERSION)
                 : NULL;
    Py_XDECREF(code);

    if (bytes == NULL) {
        return -1;
    }

    part->len = PyBytes_GET_SIZE(bytes);
    part->code = malloc(part->len);

    if (part->code) {
        memcpy(part->code, PyBytes_AS_STRING(bytes), part->len);
    }

    Py_DECREF(bytes);

    return part->code ? 0 : -1;
}


int
cr_py_analyze_init(void)
{
    size_t  i;

    for (i = 0; i < CR_PY_PARTS; i++) {
        if (cr_py_part_keep(&cr_py_parts[i]) != 0) {
            return -1;
        }
    }

    return 0;
}


/* Makes modules of the parts and answers the last one. */

static PyObject *
cr_py_analyzer(void)
{
    size_t     i;
    PyObject  *code, *module;

    module = NULL;

    for (i = 0; i < CR_PY_PARTS; i++) {
        Py_XDECREF(module);

        code = PyMarshal_ReadObjectFromString(cr_py_parts[i].code,
                                              cr_py_parts[i].len);
        module = code ? PyImport_ExecCodeModuleEx(cr_py_parts[i].name, code,
                                                  CR_PY_SUPPORT)
                      : NULL;
        Py_XDECREF(code);

        if (module == NULL) {
            return NULL;
        }
    }

    return module;
}


static PyObject *
cr_py_analysis(const cr_program_t *program)
{
    PyObject  *module, *text, *r;

    module = cr_py_analyzer();
    text = module ? PyUnicode_DecodeUTF8((const char *) program->code.data,
                                         program->code.len, "replace")
                  : NULL;
    r = text ? PyObject_CallMethod(module, "report", "O", text) : NULL;

    Py_XDECREF(text);
    Py_XDECREF(module);

    return r;
}


void
cr_py_analyze(const cr_program_t *program, cr_claim_t *claim)
{
    PyObject  *r, *out;

    r = cr_py_analysis(program);
    out = PySys_GetObject("stdout");

    if (r == NULL && PyErr_ExceptionMatches(PyExc_MemoryError)) {
        PyErr_Clear();
        r = PyUnicode_FromString(cr_py_no_memory);
    }

    if (r == NULL || out == NULL
        || PyFile_WriteObject(r, out, Py_PRINT_RAW) != 0)
    {
        cr_py_report(claim, 0);
    }

    Py_XDECREF(r);

    cr_output_flush_all();
}
