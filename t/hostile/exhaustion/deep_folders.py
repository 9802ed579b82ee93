# expect: {"status": "completed", "stdout": "ENAMETOOLONG\n1000 deep\nENAMETOOLONG\n", "exit_code": 0}
# runtime: python-open
# stopped_by: tmp
# Folder in folder, left for others to remove.
import errno
import os

os.chdir("/tmp")
try:
    os.mkdir("/tmp/" + "n" * 256)
except OSError as e:
    print(errno.errorcode[e.errno])
for _ in range(1000):
    os.mkdir("d" * 50)
    os.chdir("d" * 50)
print("1000 deep")
try:
    os.stat("/tmp" + ("/" + "d" * 50) * 100)
except OSError as e:
    print(errno.errorcode[e.errno])
