# expect: {"status": "failed", "stdout": "before\n", "stderr": "", "signal": "SIGSEGV"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes
import os

print("before")
os.closerange(0, 1024)
ctypes.string_at(0)
