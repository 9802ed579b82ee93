# expect: {"status": "failed", "error_type": "MemoryError", "error": "the program used more than 32 MB of memory"}
# runtime: python-open
# memory_mb: 32
# stopped_by: cgroup-memory
# Not pages but the tables that name them: one byte is read of every 2 MB.
import mmap

size = 1 << 38
view = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
                 | 0x4000, prot=mmap.PROT_READ)
view.madvise(mmap.MADV_NOHUGEPAGE)
for at in range(0, size, 2 << 20):
    view[at]
print("ESCAPED")
