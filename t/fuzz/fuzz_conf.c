
/* sandbox.conf: any text. */


#include "cr_profile.h"
#include "fuzz.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int        rc;
    char       error[256];
    unsigned   i;
    cr_conf_t  conf;

    error[0] = '\0';

    rc = cr_conf_parse(&conf, (const char *) data, size, error,
                       sizeof(error));

    if (rc == 0) {
        fuzz_must(conf.nclients <= CR_CLIENTS_MAX);
        fuzz_must(conf.memory_percent >= 1 && conf.memory_percent <= 95);
        fuzz_must(conf.cpu_weight >= 1 && conf.cpu_weight <= 10000);
        fuzz_must(conf.queue >= 1);

    } else {
        fuzz_must(rc == -1 && error[0] != '\0');
    }

    for (i = 0; i < conf.nclients; i++) {
        free(conf.clients[i]);
    }

    return 0;
}
