
/*
 * main() of zygote-python, alone in its file so that the tests' driver can
 * link everything else.
 */


#include "py_runtime.h"


int
main(int argc, char **argv)
{
    return cr_zygote_main(argc, argv, &cr_py_runtime);
}
