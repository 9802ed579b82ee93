# expect: {"status": "failed", "exit_code": 4, "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes

print("before")
ctypes.CDLL(None).quick_exit(4)
