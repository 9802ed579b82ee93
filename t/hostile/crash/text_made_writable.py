# expect: {"status": "failed", "stdout": "made 0\nback -1\n", "signal": "SIGSEGV"}
# runtime: python-open
# stopped_by: seccomp
# Code may be made writable, then it is code no more: the next call is the end.
import ctypes

libc = ctypes.CDLL(None)
address = ctypes.cast(libc.qsort, ctypes.c_void_p).value & ~0xfff
made = libc.mprotect(ctypes.c_void_p(address), 4096, 3)
print("made", made)
print("back", libc.mprotect(ctypes.c_void_p(address), 4096, 7))
libc.qsort(None, 0, 0, None)
print("ESCAPED")
