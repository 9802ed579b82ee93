
/*
 * The paths that the helper opens, compiled in: a setuid program must not be
 * told by its caller where to read.  cr_paths.c is compiled for each prefix.
 */


#ifndef _CR_PATHS_H_INCLUDED_
#define _CR_PATHS_H_INCLUDED_


extern const char  cr_conf_path[];        /* sandbox.conf */
extern const char  cr_profiles_path[];    /* the folder of profiles */
extern const char  cr_libexec_path[];     /* the folder of zygote programs */


#endif /* _CR_PATHS_H_INCLUDED_ */
