# expect: {"status": "failed", "signal_in": ["SIGABRT", "SIGSEGV"], "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
print("before", flush=True)
p = libc.malloc(64)
ctypes.memset(p, 0x41, 1 << 20)
for size in range(16, 1 << 17, 64):
    libc.malloc(size)
print("ESCAPED")
