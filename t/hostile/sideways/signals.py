# expect: {"status": "completed", "stdout": "all ESRCH\ngroup None\n", "exit_code": 0}
# runtime: python-open
# stopped_by: pid
# Signal 0 asks whether one could; 0 and -1 are a group, and all.
import errno
import os

try:
    print("all", os.kill(-1, 0))
except OSError as e:
    print("all", errno.errorcode[e.errno])
print("group", os.killpg(0, 0))
