
#include "probe.h"


const probe_t  probe_net[] = {
    { NULL, NULL }
};
