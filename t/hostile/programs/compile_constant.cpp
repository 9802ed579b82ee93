// expect: {"status": "failed", "error_type": "CompileError", "stderr_has": "constexpr", "stdout": ""}
// bounded_by: the compiler's own bound, and the limits of any program
constexpr unsigned long for_ever() { for (unsigned long n = 0; ; n++) { } }
static_assert(for_ever() == 0);
int main() { }
