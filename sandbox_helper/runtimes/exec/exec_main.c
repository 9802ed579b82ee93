
#include "exec_runtime.h"


/* A cell has nothing to prepare: the program brings all of its own. */

static void
cr_exec_park(void)
{
}


int
main(int argc, char **argv)
{
    static const cr_runtime_t  runtime = {
        .warm = cr_exec_warm,
        .park = cr_exec_park,
        .run = cr_exec_run,
        .compile = cr_exec_compile
    };

    return cr_zygote_main(argc, argv, &runtime);
}
