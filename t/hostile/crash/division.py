# expect: {"status": "failed", "signal": "SIGFPE", "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes

print("before")
ctypes.CDLL(None).div(1, 0)
