
#include "probe.h"


const probe_t  probe_self[] = {
    { NULL, NULL }
};
