
#include "probe.h"


const probe_t  probe_kernel[] = {
    { NULL, NULL }
};
