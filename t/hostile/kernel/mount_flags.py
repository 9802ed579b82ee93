# expect: {"status": "completed", "stdout": "/ read-only nosuid\n/usr/lib/python3.11 read-only nosuid\n/usr/lib/x86_64-linux-gnu read-only nosuid\n/dev/null read-only nosuid\n/dev/zero read-only nosuid\n/zygote read-only nosuid\n"}
# runtime: python-open
# stopped_by: root
# All but /tmp is read-only, and no file's setuid bit counts.
import os

for path in ("/", "/usr/lib/python3.11", "/usr/lib/x86_64-linux-gnu",
             "/dev/null", "/dev/zero", "/zygote"):
    flags = os.statvfs(path).f_flag
    print(path, "read-only" if flags & os.ST_RDONLY else "ESCAPED",
          "nosuid" if flags & os.ST_NOSUID else "ESCAPED")
