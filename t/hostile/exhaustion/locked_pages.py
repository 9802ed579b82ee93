# expect: {"status": "completed", "stdout": "MAP_LOCKED refused\nMAP_HUGETLB refused\n"}
# runtime: python-open
# stopped_by: rlimits
# Memory that cannot be taken away again.
import mmap

for name, flag in (("MAP_LOCKED", 0x2000), ("MAP_HUGETLB", 0x40000)):
    try:
        mmap.mmap(-1, 2 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
                  | flag)
        print(name, "ESCAPED")
    except OSError:
        print(name, "refused")
