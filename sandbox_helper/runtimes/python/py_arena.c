
#include "py_runtime.h"


void
cr_py_arena_init(void)
{
}


void
cr_py_arena_warmed(void)
{
}
