# expect: {"status": "failed", "error_type_in": ["CompileError", "MemoryError", "TimeoutError"], "stdout": ""}
# timeout: 20
# stopped_by: tmp rlimits
char  large[1UL << 33] = { 1 };
int main(void) { return large[1]; }
