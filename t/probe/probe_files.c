
#include "probe.h"


const probe_t  probe_files[] = {
    { NULL, NULL }
};
