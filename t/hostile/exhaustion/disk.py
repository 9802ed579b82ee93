# expect: {"status": "completed", "stdout": "EFBIG 16\nENOSPC 8\n", "exit_code": 0}
# runtime: python-open
# memory_mb: 128
# stopped_by: tmp rlimits
# One file as large as it goes; half of it given back, and another; 64 MB at
# most.
import errno
import os


def fill(name):
    file = os.open(name, os.O_CREAT | os.O_WRONLY)
    written = 0
    try:
        while written < 64:
            os.write(file, bytes(1 << 20))
            written += 1
        print("ESCAPED")
    except OSError as e:
        print(errno.errorcode[e.errno], written)


fill("/tmp/a")
os.truncate("/tmp/a", 8 << 20)
fill("/tmp/b")
