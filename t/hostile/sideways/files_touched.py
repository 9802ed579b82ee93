# expect: {"status": "completed", "stdout": "unchanged\n", "exit_code": 0}
# runtime: python-open
# stopped_by: root
# Reading leaves no trace in a file, and nobody can leave one.
import os

path = "/usr/lib/python3.11/antigravity.py"
before = os.stat(path)
open(path).read()
try:
    os.utime(path)
    print("ESCAPED")
except OSError:
    pass
print("unchanged" if os.stat(path).st_atime_ns == before.st_atime_ns
      and os.statvfs(path).f_flag & os.ST_RDONLY else "ESCAPED")
