
#include "probe.h"


const probe_t  probe_process[] = {
    { NULL, NULL }
};
