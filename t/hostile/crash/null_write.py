# expect: {"status": "failed", "stdout": "before", "signal": "SIGSEGV"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# The unfinished line is not lost.
import ctypes
import sys

print("before", end="")
sys.stdout.flush()
ctypes.memset(0, 1, 1)
