# expect: {"status": "completed", "stdout": "18 absent\n"}
# runtime: python-open
# stopped_by: root
# Up and up, from each place and by descriptor: above the root is the root.
import os

absent = 0
for start in ("/", "/tmp", "/usr/lib/python3.11", "/dev",
              "/usr/lib/python3.11/json", "/usr/share/zoneinfo"):
    there = os.open(start, os.O_RDONLY | os.O_DIRECTORY)
    os.chdir(start)
    for path, dir_fd in (("../" * 40 + "etc/passwd", None),
                         ("../" * 40 + "etc/passwd", there),
                         ("/../../proc/1/root/etc/passwd", None)):
        try:
            os.open(path, os.O_RDONLY, dir_fd=dir_fd)
            print("ESCAPED", start, path)
        except FileNotFoundError:
            absent += 1
print(absent, "absent")
