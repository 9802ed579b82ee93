# expect: {"status": "completed", "stdout": "ENOSPC\nagain 1048576\n", "exit_code": 0}
# runtime: python-open
# memory_mb: 128
# stopped_by: tmp
# Files without a name that are still open take their room.
import errno
import os

files = []
try:
    for _ in range(64):
        file = os.open("/tmp", os.O_TMPFILE | os.O_RDWR)
        files.append(file)
        os.write(file, bytes(1 << 20))
    print("ESCAPED")
except OSError as e:
    print(errno.errorcode[e.errno])
for file in files:
    os.close(file)
print("again", os.write(os.open("/tmp", os.O_TMPFILE | os.O_RDWR),
                        bytes(1 << 20)))
