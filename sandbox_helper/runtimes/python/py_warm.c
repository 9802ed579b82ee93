
/*
 * The interpreter's start in the zygote, and in a cell the repair of what a
 * fork breaks.
 *
 * PyOS_AfterFork_Child() is not called: its locks were made by the one thread
 * there is, which lives on in the cell, and its cost is that of a small job.
 * What is left of its duties is in cr_py_park().
 */

#define _GNU_SOURCE

#include "py_runtime.h"
#include "../../cr_zygote_output.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>


#define CR_PY_PREFIX      L"/usr"
#define CR_PY_STDLIB      L"/usr/lib/python3.11"
#define CR_PY_DYNLOAD     L"/usr/lib/python3.11/lib-dynload"

#define CR_PY_WORD_MAX    256   /* bytes of one word of a list */

/* How much of glibc's own thread descriptor is searched for the thread id. */
#define CR_PY_TCB_SIZE    0x400


static PyObject       *cr_py_random;    /* random's hidden instance */
static PyObject       *cr_py_random_seed;
static PyObject       *cr_py_reseed;    /* list of functions */
static PyObject       *cr_py_thread;    /* Python's main one; NULL: none */
static volatile pid_t *cr_py_tid;       /* glibc's copy of the thread id */


/*
 * A raw clone3 leaves in glibc the thread id of the zygote, and a recursive
 * mutex (the dynamic loader's) knows its owner by that number, which in the
 * cell's pid namespace can be another thread's.  glibc offers no call to set
 * it, so its place is found by its value, once, and used only if a mutex
 * proves it.
 */

static void
cr_py_tid_find(void)
{
    pid_t                tid;
    size_t               i;
    volatile pid_t      *p, *found;
    pthread_mutex_t      mutex;
    pthread_mutexattr_t  attr;

    tid = (pid_t) syscall(SYS_gettid);
    p = (volatile pid_t *) pthread_self();
    found = NULL;

    for (i = 0; i < CR_PY_TCB_SIZE / sizeof(pid_t); i++) {
        if (p[i] == tid) {
            if (found) {
                return;
            }

            found = &p[i];
        }
    }

    if (found == NULL || pthread_mutexattr_init(&attr) != 0) {
        return;
    }

    (void) pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    (void) pthread_mutex_init(&mutex, &attr);

    *found = tid + 1;
    (void) pthread_mutex_lock(&mutex);

    if (mutex.__data.__owner == tid + 1) {
        cr_py_tid = found;
    }

    (void) pthread_mutex_unlock(&mutex);
    *found = tid;

    (void) pthread_mutex_destroy(&mutex);
    (void) pthread_mutexattr_destroy(&attr);
}


/*
 * Copies the next word of a list to word and moves *p past it.  Answers its
 * length, 0 at the end, -1 when it does not fit.
 */

static int
cr_py_word(const char **p, char *word, size_t size)
{
    size_t  n;

    *p += strspn(*p, " \t");
    n = strcspn(*p, " \t");

    if (n >= size) {
        return -1;
    }

    memcpy(word, *p, n);
    word[n] = '\0';
    *p += n;

    return (int) n;
}


/* Adds a list of folders to sys.path. */

static PyStatus
cr_py_folders(PyConfig *config, const char *list)
{
    int        n;
    char       word[CR_PY_WORD_MAX];
    wchar_t   *path;
    PyStatus   status;

    status = PyStatus_Ok();

    while (list && !PyStatus_Exception(status)) {
        n = cr_py_word(&list, word, sizeof(word));

        if (n == 0) {
            break;
        }

        path = n > 0 ? Py_DecodeLocale(word, NULL) : NULL;

        if (path == NULL) {
            return PyStatus_Error("option.path or option.folder names a "
                                  "folder that is no path");
        }

        status = PyWideStringList_Append(&config->module_search_paths, path);
        PyMem_RawFree(path);
    }

    return status;
}


/*
 * sys.path: the folder of a program, where the profile gives it one; the
 * standard library; the folders of option.path.
 */

static PyStatus
cr_py_paths(PyConfig *config, const cr_options_t *options)
{
    PyStatus  status;

    config->module_search_paths_set = 1;

    status = cr_py_folders(config, cr_option(options, "folder"));

    if (!PyStatus_Exception(status)) {
        status = PyWideStringList_Append(&config->module_search_paths,
                                         CR_PY_STDLIB);
    }

    if (!PyStatus_Exception(status)) {
        status = PyWideStringList_Append(&config->module_search_paths,
                                         CR_PY_DYNLOAD);
    }

    if (!PyStatus_Exception(status)) {
        status = cr_py_folders(config, cr_option(options, "path"));
    }

    return status;
}


static PyStatus
cr_py_config(PyConfig *config, const cr_options_t *options)
{
    PyStatus  status;

    config->site_import = 0;
    config->write_bytecode = 0;
    config->parse_argv = 0;
    config->use_hash_seed = 0;
    config->install_signal_handlers = 1;
    config->buffered_stdio = 1;

    status = cr_py_paths(config, options);

    if (PyStatus_Exception(status)) {
        return status;
    }

    /* Every path is given: none is searched for, nor found in a program. */

    (void) PyConfig_SetString(config, &config->program_name, L"python3");
    (void) PyConfig_SetString(config, &config->executable, L"");
    (void) PyConfig_SetString(config, &config->base_executable, L"");
    (void) PyConfig_SetString(config, &config->home, CR_PY_PREFIX);
    (void) PyConfig_SetString(config, &config->prefix, CR_PY_PREFIX);
    (void) PyConfig_SetString(config, &config->base_prefix, CR_PY_PREFIX);
    (void) PyConfig_SetString(config, &config->exec_prefix, CR_PY_PREFIX);
    (void) PyConfig_SetString(config, &config->base_exec_prefix, CR_PY_PREFIX);

    return PyConfig_SetString(config, &config->stdlib_dir, CR_PY_STDLIB);
}


static PyStatus
cr_py_start(const cr_options_t *options)
{
    PyConfig     config;
    PyStatus     status;
    PyPreConfig  pre;

    PyPreConfig_InitIsolatedConfig(&pre);
    pre.utf8_mode = 1;
    pre.configure_locale = 0;
    pre.allocator = PYMEM_ALLOCATOR_PYMALLOC;

    status = Py_PreInitialize(&pre);
    if (PyStatus_Exception(status)) {
        return status;
    }

    /* Setting the allocator is part of the preconfiguration. */
    cr_py_arena_init();

    PyConfig_InitIsolatedConfig(&config);

    status = cr_py_config(&config, options);

    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }

    PyConfig_Clear(&config);

    return status;
}


/* Imports the modules of a list; in error the one that cannot be. */

static int
cr_py_import_all(const char *list, char *error, size_t esize)
{
    int        n;
    char       word[CR_PY_WORD_MAX];
    PyObject  *module;

    if (list == NULL) {
        return 0;
    }

    for ( ;; ) {
        n = cr_py_word(&list, word, sizeof(word));

        if (n == 0) {
            return 0;
        }

        module = n > 0 ? PyImport_ImportModule(word) : NULL;

        if (module == NULL) {
            (void) snprintf(error, esize, "cannot import the module \"%s\" "
                            "that option.warm or option.imports names", word);
            return -1;
        }

        Py_DECREF(module);
    }
}


/*
 * The generator behind random.random() and its like.  Its own seed() in Python
 * does no more than this, with what C has as a method.
 */

static int
cr_py_random_init(void)
{
    PyObject  *module, *base, *type;

    module = PyImport_ImportModule("random");
    base = PyImport_ImportModule("_random");
    type = base ? PyObject_GetAttrString(base, "Random") : NULL;

    if (module && type) {
        cr_py_random = PyObject_GetAttrString(module, "_inst");
        cr_py_random_seed = PyObject_GetAttrString(type, "seed");
    }

    Py_XDECREF(module);
    Py_XDECREF(base);
    Py_XDECREF(type);

    return cr_py_random && cr_py_random_seed ? 0 : -1;
}


/*
 * option.reseed: more functions, as module:name.name, that a cell calls with
 * no arguments, so that no two draw the same random numbers.
 */

static int
cr_py_reseed_init(const char *list, char *error, size_t esize)
{
    int        n, rc;
    char       word[CR_PY_WORD_MAX];
    PyObject  *f;

    cr_py_reseed = PyList_New(0);

    for ( ;; ) {
        n = list ? cr_py_word(&list, word, sizeof(word)) : 0;

        if (n == 0) {
            return cr_py_reseed ? cr_py_random_init() : -1;
        }

        f = n > 0 ? cr_py_modules_resolve(word) : NULL;

        rc = f == NULL ? -1 : f != Py_None ? PyList_Append(cr_py_reseed, f) : 0;
        Py_XDECREF(f);

        if (rc != 0) {
            (void) snprintf(error, esize, "cannot find the function \"%s\" "
                            "that option.reseed names", word);
            return -1;
        }
    }
}


/* The names that Python's site module adds and a program may use. */

static int
cr_py_site_init(void)
{
    PyObject  *r;

    r = PyObject_CallNoArgs(cr_py_support("site"));
    Py_XDECREF(r);

    return r ? 0 : -1;
}


static int
cr_py_own_init(const cr_options_t *options, char *error, size_t esize)
{
    if (cr_py_report_init() != 0
        || cr_py_streams_init() != 0
        || cr_output_init() != 0
        || cr_py_site_init() != 0
        || cr_py_analyze_init() != 0
        || cr_py_modules_init(options) != 0)
    {
        (void) snprintf(error, esize, "the runtime's own Python code failed");
        return -1;
    }

    if (cr_py_import_all(cr_option(options, "warm"), error, esize) != 0
        || cr_py_import_all(cr_option(options, "imports"), error, esize) != 0
        || cr_py_reseed_init(cr_option(options, "reseed"), error, esize) != 0
        || cr_py_policy_init(options, error, esize) != 0)
    {
        return -1;
    }

    if (!cr_py_policy_on()) {
        cr_py_thread = PyObject_CallNoArgs(cr_py_support("main_thread"));

        if (cr_py_thread == NULL) {
            (void) snprintf(error, esize, "the threading module is amiss");
            return -1;
        }
    }

    return 0;
}


static int
cr_py_rehearse(void)
{
    int  rc;

    cr_output_mute(1);
    rc = cr_py_run_rehearse();
    cr_output_mute(0);

    return rc;
}


/*
 * What is warm stays: a collection in a cell need not look at it, which would
 * write to all of it.
 */

static int
cr_py_freeze(void)
{
    PyObject  *gc, *r;

    (void) PyGC_Collect();

    gc = PyImport_ImportModule("gc");
    r = gc ? PyObject_CallMethod(gc, "freeze", NULL) : NULL;

    Py_XDECREF(gc);
    Py_XDECREF(r);

    return r ? 0 : -1;
}


/* What the end of a program is compared with. */

static int
cr_py_warmed(void)
{
    PyObject  *r;

    r = PyObject_CallNoArgs(cr_py_support("warmed"));
    Py_XDECREF(r);

    return r ? 0 : -1;
}


static int
cr_py_warm(const cr_options_t *options, char *version, size_t vsize,
    char *error, size_t esize)
{
    int       rc;
    PyStatus  status;

    cr_py_text_init();
    cr_py_tid_find();

    status = cr_py_start(options);

    if (PyStatus_Exception(status)) {
        (void) snprintf(error, esize, "Python does not start: %s",
                        status.err_msg ? status.err_msg : "no reason given");
        return -1;
    }

    if (cr_py_own_init(options, error, esize) != 0) {
        PyErr_Print();
        return -1;
    }

    (void) snprintf(version, vsize, "%.*s",
                    (int) strcspn(Py_GetVersion(), " "), Py_GetVersion());

    rc = cr_py_warmed() | cr_py_freeze();

    cr_py_arena_settle();

    if (rc != 0 || cr_py_rehearse() != 0) {
        (void) snprintf(error, esize, "a first program does not run");
        PyErr_Print();
        return -1;
    }

    cr_py_arena_warmed();

    return 0;
}


static void
cr_py_reseed_all(void)
{
    PyObject    *r;
    Py_ssize_t   i;

    r = PyObject_CallOneArg(cr_py_random_seed, cr_py_random);

    if (r == NULL) {
        _exit(1);
    }

    Py_DECREF(r);

    for (i = 0; i < PyList_GET_SIZE(cr_py_reseed); i++) {
        r = PyObject_CallNoArgs(PyList_GET_ITEM(cr_py_reseed, i));

        /* Random numbers that are another job's: better no job. */

        if (r == NULL) {
            _exit(1);
        }

        Py_DECREF(r);
    }
}


/* What a fork makes untrue. */

static int
cr_py_mend(void)
{
    int        rc;
    pid_t      tid;
    PyObject  *id;

    tid = (pid_t) syscall(SYS_gettid);

    if (cr_py_tid) {
        *cr_py_tid = tid;
    }

    if (cr_py_thread == NULL) {
        return 0;
    }

    id = PyLong_FromLong(tid);
    rc = id ? PyObject_SetAttrString(cr_py_thread, "_native_id", id) : -1;
    Py_XDECREF(id);

    return rc;
}


static void
cr_py_park(void)
{
    if (cr_py_mend() != 0) {
        _exit(1);
    }

    cr_py_reseed_all();

    if (cr_py_rehearse() != 0 || cr_py_run_prepare() != 0) {
        _exit(1);
    }

    cr_output_ready();
}


const cr_runtime_t  cr_py_runtime = {
    .warm = cr_py_warm,
    .park = cr_py_park,
    .run = cr_py_run,
    .check = cr_py_check,
    .analyze = cr_py_analyze,
    .flush = cr_output_last_flush
};
