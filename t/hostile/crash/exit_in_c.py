# expect: {"status": "failed", "exit_code": 9, "stdout": "before\n", "error_has": "exit code 9"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# exit() with all that C has to do at the end.
import ctypes

print("before")
ctypes.CDLL(None).exit(9)
