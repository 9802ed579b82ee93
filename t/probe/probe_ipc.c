
#include "probe.h"


const probe_t  probe_ipc[] = {
    { NULL, NULL }
};
