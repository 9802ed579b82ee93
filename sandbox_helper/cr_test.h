
/*
 * For the tests of the layers: a build with -DCR_TEST leaves out the layers
 * that the file "without" beside sandbox.conf names.  In any other build the
 * words below are constants, and nothing of this is in a program.
 *
 * The supervisor reads the file when it starts and tells its zygotes with
 * CR_CTL_SETUP.  The names are those of cr_check.h, and: dumpable session
 * descriptors environment tmp timer output.  A root, and a /tmp, cannot be
 * mounted without a mount namespace: who leaves that out leaves out those.
 */


#ifndef _CR_TEST_H_INCLUDED_
#define _CR_TEST_H_INCLUDED_


#ifdef CR_TEST


#include <stdint.h>
#include <sys/types.h>


/* Whether a layer is left out; kind: memory, pids, cpu. */
int cr_without(const char *layer);
int cr_without_cgroup(const char *kind);

/* Reads the file beside conf.  0, or -1 with the reason on descriptor 2. */
int cr_without_load(const char *conf);

/* CR_CTL_SETUP's value with what is left out, and back. */
int32_t cr_without_put(int32_t value);
int32_t cr_without_take(int32_t value);

/* CLONE_NEW* flags less those of the layers that are left out. */
int cr_without_namespaces(int flags);

/* The id of a cell, which without a user namespace is one of the machine. */
uid_t cr_without_uid(uid_t uid);


#else


#define cr_without(layer)             0
#define cr_without_cgroup(kind)       0
#define cr_without_load(conf)         0
#define cr_without_put(value)         (value)
#define cr_without_take(value)        (value)
#define cr_without_namespaces(flags)  (flags)
#define cr_without_uid(uid)           (uid)


#endif


#endif /* _CR_TEST_H_INCLUDED_ */
