
#include "cr_paths.h"


#ifndef CR_CONF_DIR
#define CR_CONF_DIR     "/etc/coderemote"
#endif

#ifndef CR_LIBEXEC_DIR
#define CR_LIBEXEC_DIR  "/usr/libexec/coderemote"
#endif


const char  cr_conf_path[] = CR_CONF_DIR "/sandbox.conf";
const char  cr_profiles_path[] = CR_CONF_DIR "/runtimes.d";
const char  cr_libexec_path[] = CR_LIBEXEC_DIR;
