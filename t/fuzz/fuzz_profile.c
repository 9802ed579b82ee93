
/* A profile of runtimes.d: any text, under a name that may be any too. */


#include <string.h>

#include "cr_profile.h"
#include "fuzz.h"


static void
release(cr_profile_t *profile)
{
    unsigned  i;

    free(profile->language);
    free(profile->program);
    free(profile->options);

    for (i = 0; i < profile->ntree; i++) {
        free(profile->tree[i]);
    }
}


/* What a start relies on. */

static void
check(const cr_profile_t *profile)
{
    size_t       len;
    unsigned     i;
    const char  *p;

    fuzz_must(profile->slots <= CR_SLOTS_MAX);
    fuzz_must(profile->parked <= CR_SLOTS_MAX);
    fuzz_must(profile->memory_default <= profile->memory);
    fuzz_must(!(profile->execute || profile->compile)
              || (profile->exec && profile->write));
    fuzz_must(profile->ntree && profile->ntree <= CR_TREE_MAX);
    fuzz_must(strchr(profile->program, '/') == NULL);
    fuzz_must(profile->program[0] != '.' && profile->program[0] != '\0');
    fuzz_must(profile->timeout_ms && profile->memory && profile->processes);

    for (i = 0; i < profile->ntree; i++) {
        p = profile->tree[i] + (profile->tree[i][0] == '-');

        fuzz_must(strncmp(p, "/proc", 5) != 0 || (p[5] && p[5] != '/'));

        while (*p) {
            fuzz_must(*p == '/');
            len = strcspn(++p, "/");
            fuzz_must(len && (len > 2 || strncmp(p, "..", len) != 0));
            p += len;
        }
    }

    fuzz_must(profile->options_size == 0
              || profile->options[profile->options_size - 1] == '\0');
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int            rc;
    char           name[CR_RUNTIME_NAME_MAX + 8], error[256];
    size_t         len;
    fuzz_in_t      in;
    cr_profile_t   profile;

    in.pos = data;
    in.end = data + size;

    len = fuzz_u8(&in) % sizeof(name);

    if (len > (size_t) (in.end - in.pos)) {
        len = in.end - in.pos;
    }

    memcpy(name, in.pos, len);
    name[len] = '\0';
    in.pos += len;

    error[0] = '\0';

    rc = cr_profile_parse(&profile, name, (const char *) in.pos,
                          in.end - in.pos, error, sizeof(error));

    if (rc == 0) {
        check(&profile);

    } else {
        fuzz_must(rc == -1 && error[0] != '\0');
    }

    release(&profile);

    return 0;
}
