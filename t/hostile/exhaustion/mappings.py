# expect: {"status": "completed", "stdout": "bounded\n", "exit_code": 0}
# runtime: python-open
# memory_mb: 128
# bounded_by: the kernel's number of mappings a process
# Mappings of a page each, none like its neighbour.
import mmap

views = []
try:
    for i in range(100_000):
        views.append(mmap.mmap(-1, 4096, prot=1 + i % 2 * 2))
    print("ESCAPED")
except OSError:
    print("bounded")
