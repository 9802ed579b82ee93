# expect: {"status": "completed", "stdout": "dev null random urandom zero\nmknod c EPERM\nmknod b EPERM\nmknod fifo EPERM\nmknod socket EPERM\nmknod file EPERM\n"}
# runtime: python-open
# stopped_by: seccomp
# The devices that there are, and others.
import errno
import os
import stat

print("dev", *sorted(os.listdir("/dev")))
for name, kind, device in (("c", stat.S_IFCHR, os.makedev(1, 1)),
                           ("b", stat.S_IFBLK, os.makedev(8, 0)),
                           ("fifo", stat.S_IFIFO, 0),
                           ("socket", stat.S_IFSOCK, 0),
                           ("file", stat.S_IFREG, 0)):
    try:
        os.mknod("/tmp/" + name, kind | 0o600, device)
        print("mknod", name, "ESCAPED")
    except OSError as e:
        print("mknod", name, errno.errorcode[e.errno])
