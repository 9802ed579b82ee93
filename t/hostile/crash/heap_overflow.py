# expect: {"status": "failed", "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import ctypes

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
print("before", flush=True)
blocks = [libc.malloc(64) for _ in range(1000)]
ctypes.memset(min(blocks), 0x41, 1 << 20)
for block in blocks:
    libc.free(ctypes.c_void_p(block))
print("ESCAPED")
