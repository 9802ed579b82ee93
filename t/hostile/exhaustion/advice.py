# expect: {"status": "completed", "stdout": "hwpoison refused\nsoft offline refused\ncold refused\npageout refused\nmergeable refused\npopulate refused\nhuge None\n"}
# runtime: python-open
# stopped_by: seccomp
# What one may say of one's memory, over and over.
import mmap

view = mmap.mmap(-1, 8 << 20)
view[0] = 1
for name, advice in (("hwpoison", 100), ("soft offline", 101),
                     ("cold", 20), ("pageout", 21), ("mergeable", 12),
                     ("populate", 23), ("huge", mmap.MADV_HUGEPAGE)):
    try:
        print(name, view.madvise(advice))
    except OSError:
        print(name, "refused")
for _ in range(1000):
    view[4096] = 1
    view.madvise(mmap.MADV_DONTNEED)
