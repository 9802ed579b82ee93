
/*
 * Beneath cr_cgroup.c: the files of cgroups, where they are, and what the two
 * versions make of them.
 */


#ifndef _CR_CGROUP_FILE_H_INCLUDED_
#define _CR_CGROUP_FILE_H_INCLUDED_


#include "cr_cgroup.h"


#define CR_CGROUP_PATH_MAX  512

/* The order of cr_cgroups_t's path on v1; v2 has all in the first. */

#define CR_CGROUP_MEMORY    0
#define CR_CGROUP_PIDS      1
#define CR_CGROUP_CPU       2
#define CR_CGROUP_KINDS     3


extern const char *const  cr_cgroup_kinds[CR_CGROUP_KINDS];


/*
 * Where this process lives in v1's hierarchy of a controller, or in v2's with
 * controller NULL: the folder goes to path, that of the hierarchy's mount to
 * mount (which may be NULL); both have CR_CGROUP_PATH_MAX bytes.  0, or -1
 * with errno; ENOENT: there is none, or it is out of reach.
 */
int cr_cgroup_home(const char *controller, char *path, char *mount);

/* Files, by the folder's path and the name in it.  0 or -1 with errno. */
int cr_cgroup_write(const char *path, const char *name, const char *value);
int cr_cgroup_write_number(const char *path, const char *name, uint64_t value);
ssize_t cr_cgroup_read(const char *path, const char *name, char *buf,
    size_t size);
int cr_cgroup_open_file(const char *path, const char *name, int flags);
/* The number after key in an open file, or first in it with key NULL. */
int cr_cgroup_number(int fd, const char *key, uint64_t *value);
/* Whether the words of the file in path have this one. */
int cr_cgroup_has_word(const char *path, const char *name, const char *word);

/* Kills what is in the folder and below, and removes it; waits at most ms. */
int cr_cgroup_remove(const char *path, unsigned ms);

/* Joins two parts of a path with "/".  0, or -1 with ENAMETOOLONG. */
int cr_cgroup_join_path(char *path, const char *one, const char *two);

/* Adds a controller's name to what cannot be had. */
void cr_cgroup_lacks(cr_cgroups_t *cgs, const char *controller);

/* The versions.  As cr_cgroups_open() and cr_cgroup_create(). */
int cr_cgroup_v1_open(cr_cgroups_t *cgs, const char *name,
    const cr_cgroup_caps_t *caps, char *error, size_t size);
int cr_cgroup_v2_open(cr_cgroups_t *cgs, const char *name,
    const cr_cgroup_caps_t *caps, char *error, size_t size);
int cr_cgroup_v2_probe(cr_cgroups_t *cgs, char *error, size_t size);
int cr_cgroup_v1_create(cr_cgroups_t *cgs, cr_cgroup_t *cg, unsigned tasks,
    uint64_t memory);
int cr_cgroup_v2_create(cr_cgroups_t *cgs, cr_cgroup_t *cg, unsigned tasks,
    uint64_t memory);


#endif /* _CR_CGROUP_FILE_H_INCLUDED_ */
