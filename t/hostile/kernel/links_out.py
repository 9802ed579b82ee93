# expect: {"status": "completed", "stdout": "symlink FileNotFoundError\nsymlink to a folder FileNotFoundError\nsymlink up FileNotFoundError\nlink EXDEV\nlink of a device EXDEV\nrename EXDEV\nmoved by copy False\n"}
# runtime: python-open
# stopped_by: root
# Links in /tmp that lead out of it, and files carried into it.
import errno
import os

os.symlink("/etc/passwd", "/tmp/a")
os.symlink("/proc/self", "/tmp/b")
os.symlink("../../../../etc", "/tmp/c")
for name, path in (("symlink", "/tmp/a"), ("symlink to a folder",
                   "/tmp/b/maps"), ("symlink up", "/tmp/c/passwd")):
    try:
        print(name, open(path).read(20))
    except OSError as e:
        print(name, type(e).__name__)
for name, call, path in (("link", os.link, "/usr/lib/python3.11/os.py"),
                         ("link of a device", os.link, "/dev/null"),
                         ("rename", lambda path, _: os.rename("/tmp/a", path),
                          "/usr/lib/a")):
    try:
        call(path, "/tmp/x")
        print(name, "ESCAPED")
    except OSError as e:
        print(name, errno.errorcode[e.errno])
print("moved by copy", os.path.exists("/tmp/x"))
