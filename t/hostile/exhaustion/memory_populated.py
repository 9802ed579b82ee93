# expect: {"status": "failed", "error_type": "MemoryError", "error": "the program used more than 64 MB of memory"}
# runtime: python-open
# memory_mb: 64
# stopped_by: cgroup-memory
# By the kernel itself, in one call.
import mmap

mmap.mmap(-1, 1 << 28, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x8000)
print("ESCAPED")
