# expect: {"status": "completed", "stdout": "ring ELOOP\nitself ELOOP\nchain ELOOP\n", "exit_code": 0}
# runtime: python-open
# stopped_by: tmp
# Links that lead to links.
import errno
import os

os.symlink("/tmp/b", "/tmp/a")
os.symlink("/tmp/a", "/tmp/b")
os.symlink("c/c/c", "/tmp/c")
os.symlink("/tmp", "/tmp/chain0")
for i in range(1, 60):
    os.symlink(f"chain{i - 1}", f"/tmp/chain{i}")
for name, path in (("ring", "/tmp/a"), ("itself", "/tmp/c"),
                   ("chain", "/tmp/chain59")):
    try:
        os.listdir(path)
        print(name, "ESCAPED")
    except OSError as e:
        print(name, errno.errorcode[e.errno])
