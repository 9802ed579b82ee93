# expect: {"status": "completed", "stdout": "truncate EFBIG\nfallocate EFBIG\nseek EFBIG\nholes 16777216\n", "exit_code": 0}
# runtime: python-open
# stopped_by: rlimits
# Files larger than what they hold.
import errno
import os

file = os.open("/tmp/a", os.O_CREAT | os.O_RDWR)
for name, call in (("truncate", lambda: os.ftruncate(file, 1 << 40)),
                   ("fallocate", lambda: os.posix_fallocate(file, 0, 1 << 40)),
                   ("seek", lambda: os.pwrite(file, b"x", 1 << 40))):
    try:
        call()
        print(name, "ESCAPED")
    except OSError as e:
        print(name, errno.errorcode[e.errno])
os.ftruncate(file, 16 << 20)
print("holes", os.fstat(file).st_size)
