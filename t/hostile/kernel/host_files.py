# expect: {"status": "completed", "stdout": "14 absent\n"}
# runtime: python-open
# stopped_by: root
# The machine's files, as they are named on most.
import os

absent = 0
for path in ("/proc/self/maps", "/proc/1/environ", "/proc/cpuinfo",
             "/sys/kernel", "/sys/fs/cgroup", "/etc/passwd", "/etc/shadow",
             "/etc/hostname", "/etc/coderemote/sandbox.conf", "/root", "/home",
             "/var/log", "/run", "/usr/bin/python3"):
    try:
        os.stat(path)
        print("ESCAPED", path)
    except FileNotFoundError:
        absent += 1
print(absent, "absent")
