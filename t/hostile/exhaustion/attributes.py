# expect: {"status": "completed", "stdout": "ENOTSUP\nENOTSUP\n", "exit_code": 0}
# runtime: python-open
# stopped_by: seccomp
# Kernel memory by a file's extended attributes.
import errno
import os

open("/tmp/a", "w").close()
for call in (lambda: os.setxattr("/tmp/a", "user.x", b"y" * 4096),
             lambda: os.listxattr("/tmp/a")):
    try:
        print("ESCAPED", call())
    except OSError as e:
        print(errno.errorcode[e.errno])
