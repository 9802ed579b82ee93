# expect: {"status": "completed", "stdout": "refused\n"}
# runtime: python-open
# stopped_by: seccomp
# A function of Python's for C is a piece of new machine code.
import ctypes

try:
    ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 7)
    print("ESCAPED")
except (MemoryError, OSError):
    print("refused")
