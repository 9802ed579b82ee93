# expect: {"status": "failed", "signal": "SIGBUS", "stdout": "before\n"}
# runtime: python-open
# stopped_by: tmp
# A mapped file with holes in it, for which /tmp has no room.
import mmap

files = []
for i in range(2):
    file = open(f"/tmp/{i}", "wb+")
    file.truncate(16 << 20)
    files.append(mmap.mmap(file.fileno(), 16 << 20))
print("before")
for view in files:
    for at in range(0, 16 << 20, 4096):
        view[at] = 1
print("ESCAPED")
