# expect: {"status": "completed", "stdout": "write 22 refused\nlet in by nothing\n"}
# runtime: python-open
# stopped_by: landlock root
# Writing where only reading is meant: devices that are open to all are closed
# by Landlock, the rest is mounted read-only and root's.
import os

refused = 0
for folder in ("/", "/dev", "/usr", "/usr/lib", "/usr/lib/python3.11",
               "/usr/lib/python3.11/json", "/usr/share/zoneinfo"):
    for call in (lambda p: os.close(os.open(p, os.O_CREAT | os.O_WRONLY)),
                 os.mkdir, lambda p: os.symlink("a", p)):
        try:
            call(folder + "/escaped")
            print("ESCAPED", folder)
        except OSError:
            refused += 1
try:
    open("/usr/lib/python3.11/os.py", "r+b")
    print("ESCAPED")
except OSError:
    refused += 1
print("write", refused, "refused")
for device in ("zero", "random", "urandom"):
    try:
        os.open("/dev/" + device, os.O_WRONLY)
        print("ESCAPED", device)
    except OSError:
        pass
print("let in by nothing")
