# expect: {"status": "failed", "error_type_in": ["CompileError", "MemoryError", "TimeoutError"], "stdout": ""}
# timeout: 10
# bounded_by: a compiler has the layers of any program
#include "/dev/zero"
