# expect: {"status": "completed", "stdout": "none\n", "exit_code": 0}
# runtime: python-open
# stopped_by: pid
# Priorities, processors, clocks of others.  A process's clock of CPU time has
# its number in the clock's.
import os
import time

seen = []
for pid in range(2, 5000):
    for name, call in (
            ("affinity", lambda: os.sched_getaffinity(pid)),
            ("priority", lambda: os.getpriority(os.PRIO_PROCESS, pid)),
            ("group", lambda: os.getpriority(os.PRIO_PGRP, pid)),
            ("clock", lambda: time.clock_gettime(~pid << 3 | 2))):
        try:
            call()
            seen.append((name, pid))
        except OSError:
            pass
print(seen or "none")
