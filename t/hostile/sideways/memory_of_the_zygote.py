# expect: {"status": "completed", "stdout": "nothing of another job\n", "exit_code": 0}
# runtime: python-open
# bounded_by: a zygote never sees a byte of a job
# All pages that can be read near what is known: the heap, Python's objects,
# the interpreter's data, libraries'.  write() to a pipe tells which can.
import ctypes
import os

MARK = bytes(c ^ 1 for c in b"bs,inruhmd,l`sjds")
end, start = os.pipe()
os.set_blocking(start, False)
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
libc.memmem.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p,
                        ctypes.c_size_t]
libc.memmem.restype = ctypes.c_void_p
mine = id(MARK)
found = pages = 0
seen = set()
for near in (libc.sbrk(ctypes.c_ssize_t(0)) - 4096, id(object()), id(os),
             id(int), ctypes.addressof(ctypes.c_int()),
             ctypes.cast(libc.malloc, ctypes.c_void_p).value):
    for step in (-4096, 4096):
        at = near & ~4095
        while at not in seen and len(seen) < 100_000:
            if libc.write(start, at, 4096) != 4096:
                break
            os.read(end, 4096)
            seen.add(at)
            pages += 1
            hit = libc.memmem(at, 4096, MARK, len(MARK))
            found += hit is not None and not mine <= hit < mine + 100
            at += step
        seen.discard(near & ~4095)
print("nothing of another job" if not found and pages > 1000
      else ("ESCAPED", found, pages))
