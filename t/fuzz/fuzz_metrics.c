
/* Nothing is counted where there is no zone: the metrics of a worker alone. */

#include "ngx_cr_metrics.h"


void
ngx_cr_metric(ngx_cr_metric_e event)
{
    (void) event;
}
