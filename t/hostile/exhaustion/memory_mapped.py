# expect: {"status": "failed", "error_type": "MemoryError", "error": "the program used more than 64 MB of memory"}
# runtime: python-open
# memory_mb: 64
# stopped_by: cgroup-memory
# Pages of a mapping, one byte of each.
import mmap

size = 1 << 28
view = mmap.mmap(-1, size)
for at in range(0, size, 4096):
    view[at] = 1
print("ESCAPED")
