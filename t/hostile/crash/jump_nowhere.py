# expect: {"status": "failed", "stdout": "before\n", "signal": "SIGSEGV"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes

print("before")
ctypes.CFUNCTYPE(None)(0xdead0000)()
