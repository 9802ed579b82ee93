# expect: {"status": "completed", "stdout": "zero\n", "exit_code": 0}
# runtime: python-open
# bounded_by: the kernel clears pages
# Memory that nobody had before, and holes of files, are zero.
import ctypes
import mmap

dirty = 0
for size in (4096, 1 << 16, 1 << 21, 1 << 25):
    view = mmap.mmap(-1, size)
    dirty += view[:] != bytes(size)
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
at = libc.sbrk(ctypes.c_ssize_t(1 << 20))
if at not in (None, 2 ** 64 - 1):
    dirty += ctypes.string_at(at, 1 << 20) != bytes(1 << 20)
with open("/tmp/hole", "wb+") as file:
    file.truncate(1 << 22)
    dirty += file.read() != bytes(1 << 22)
print("zero" if not dirty else "ESCAPED")
