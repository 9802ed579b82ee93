# runtime: python-open
# expect: {"status": "completed", "stdout": "planted\n"}
# bounded_by: a cell is used once, and the kernel clears pages
# The next job looks for what is left of this one: in memory, in /tmp, in
# modules.
import builtins
import ctypes
import json
import os

marker = b"cr-hostile-marker"
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p

for size in (40, 200, 1000, 5000, 60000, 130000, 1 << 20):
    for _ in range(8):
        block = libc.malloc(ctypes.c_size_t(size))
        ctypes.memmove(block, marker * (size // len(marker)),
                       size - size % len(marker))
        libc.free(ctypes.c_void_p(block))

kept = [bytearray(marker) for _ in range(1000)]

with open("/tmp/marker", "wb") as out:
    out.write(marker)
os.umask(0)
builtins.hostile = json.hostile = kept
json.loads = None
print("planted")
