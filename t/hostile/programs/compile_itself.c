# expect: {"status": "failed", "error_type": "CompileError", "stderr_has": "nested depth", "stdout": ""}
# bounded_by: the compiler's own bound, and the limits of any program
#include __FILE__
int main(void) { return 0; }
