
/*
 * The policy's C side to C: py_policy.c and py_guard.c alone include it.
 */


#ifndef _CR_PY_POLICY_H_INCLUDED_
#define _CR_PY_POLICY_H_INCLUDED_


#include "py_runtime.h"


/* A name of policy.py, borrowed. */
PyObject *cr_py_policy_function(const char *name);

/* Whether a program may not use the attribute of this name. */
int cr_py_attribute_blocked(const char *p, size_t len);

/* py_guard.c: gives policy.py its C functions; -1: exception set. */
int cr_py_guards_init(PyObject *policy);
/* Raises SecurityError with what a function of policy.py answers for arg. */
PyObject *cr_py_refuse(const char *function, PyObject *arg);

/* py_hide.c: once the policy can refuse; -1: exception set. */
int cr_py_hide_init(void);
PyObject *cr_py_hide_of(PyObject *self, PyObject *args);


#endif /* _CR_PY_POLICY_H_INCLUDED_ */
