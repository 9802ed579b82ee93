# expect: {"status": "completed", "stdout": "files ENOSPC True\nfolders ENOSPC True\nlinks ENOSPC True\n", "exit_code": 0}
# runtime: python-open
# stopped_by: tmp
# Empty files, folders and links, 10000 of each at most.
import errno
import os
import shutil

for name, make in (("files", lambda p: os.close(os.open(p, os.O_CREAT))),
                   ("folders", os.mkdir),
                   ("links", lambda p: os.symlink("x" * 100, p))):
    os.mkdir("/tmp/d")
    made = 0
    try:
        for i in range(10_000):
            make(f"/tmp/d/{i}")
            made += 1
        print(name, "ESCAPED")
    except OSError as e:
        print(name, errno.errorcode[e.errno], 1000 < made <= 4096)
    shutil.rmtree("/tmp/d")
