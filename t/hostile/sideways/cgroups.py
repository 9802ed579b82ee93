# expect: {"status": "completed", "stdout": "[]\n", "exit_code": 0}
# runtime: python-open
# stopped_by: root
# Where a limit could be read, or raised.
import os

print([path for path in ("/sys/fs/cgroup", "/proc/self/cgroup", "/proc/self",
                         "/run", "/sys/kernel/debug", "/cgroup", "/proc")
       if os.path.lexists(path)])
