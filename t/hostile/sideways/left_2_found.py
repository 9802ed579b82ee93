# expect: {"status": "completed", "stdout": "nothing\n", "exit_code": 0}
# runtime: python-open
# bounded_by: a cell is used once
# What the program before it has left.
import ctypes
import gc
import sys

mark = "".join(chr(c ^ 1) for c in b"bs,inruhmd,mdgu")
found = hasattr(sys, "kept")
for thing in gc.get_objects():
    if isinstance(thing, (list, dict, set)):
        found += any(isinstance(x, str) and x.startswith(mark)
                     and x is not mark for x in thing)
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
for size in (64, 1500, 4096, 1 << 17, 1 << 22) * 20:
    block = libc.malloc(ctypes.c_size_t(size))
    found += mark.encode() in ctypes.string_at(block, size)
print("nothing" if not found else ("ESCAPED", found))
