# expect: {"status": "failed", "exit_code": 134, "stdout": "before\n", "stderr_has": "Fatal Python error: "}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import faulthandler

print("before")
faulthandler._fatal_error_c_thread()
input()
