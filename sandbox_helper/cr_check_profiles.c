
/*
 * The doctor's second half: the profiles as a supervisor would read them, and
 * whether what they name is there.  Nothing is started.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cr_check.h"
#include "cr_paths.h"
#include "cr_profile.h"


#define CR_CHECK_ERROR  1024


/* The first of the profile's files that is not there, with the reason. */

static int
cr_check_profile(const cr_profile_t *profile, int privileged, char *error,
    size_t size)
{
    int       fd;
    char      path[PATH_MAX];
    unsigned  i;

    (void) snprintf(path, sizeof(path), "%s/%s", cr_libexec_path,
                    profile->program);

    fd = cr_conf_program(path, privileged, error, size);

    if (fd == -1) {
        return -1;
    }

    (void) close(fd);

    for (i = 0; i < profile->ntree; i++) {

        if (profile->tree[i][0] == '-' || access(profile->tree[i], F_OK) == 0) {
            continue;
        }

        (void) snprintf(error, size, "\"tree\" has %s: %s", profile->tree[i],
                        strerror(errno));
        return -1;
    }

    return 0;
}


int
cr_check_profiles(int privileged)
{
    int   i, n, missing;
    char  error[CR_CHECK_ERROR];

    static cr_profile_t  profiles[CR_PROFILES_MAX];

    n = cr_profiles_load(cr_profiles_path, profiles, CR_PROFILES_MAX,
                         privileged, error, sizeof(error));

    if (n == -1) {
        (void) printf("missing profiles: %s\n", error);
        return 1;
    }

    missing = 0;

    for (i = 0; i < n; i++) {

        if (cr_check_profile(&profiles[i], privileged, error, sizeof(error))
            == 0)
        {
            (void) printf("ok      profile %s\n", profiles[i].name);
            continue;
        }

        (void) printf("missing profile %s: %s\n", profiles[i].name, error);
        missing = 1;
    }

    return missing;
}
