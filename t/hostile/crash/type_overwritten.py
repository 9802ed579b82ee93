# expect: {"status": "failed", "signal": "SIGSEGV", "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes

print("before", flush=True)
ctypes.memset(id(int), 0xff, type.__sizeof__(int))
print(int("7") + 1)
