# expect: {"status": "completed", "stdout": "own CPU time\nEINVAL\nEINVAL\n", "exit_code": 0}
# runtime: python-open
# bounded_by: clocks are everybody's, or one's own
# CPU time is the cell's own from its start; there is no clock by descriptor,
# nor another process's.
import errno
import time

print("own CPU time" if time.process_time() < 2 else time.process_time())
for clock in (~3 << 3 | 3, ~2 << 3 | 2):
    try:
        print("ESCAPED", time.clock_gettime(clock))
    except OSError as e:
        print(errno.errorcode[e.errno])
