# expect: {"status": "failed", "signal": "SIGBUS", "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# A mapped file that became shorter.
import mmap

with open("/tmp/x", "wb+") as file:
    file.write(bytes(8192))
    file.flush()
    view = mmap.mmap(file.fileno(), 8192)
    file.truncate(0)
    print("before")
    print(view[4096])
