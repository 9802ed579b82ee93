# expect: {"status": "completed", "stdout": "full\n", "exit_code": 0}
# runtime: python-open
# bounded_by: descriptors, and the cgroup counts pipes' pages
# Every pipe that there may be, filled.
import os

pipes = []
total = 0
try:
    while True:
        pipes.append(os.pipe())
except OSError:
    pass
for _, end in pipes:
    os.set_blocking(end, False)
    try:
        while True:
            total += os.write(end, bytes(65536))
    except BlockingIOError:
        pass
print("full" if 0 < total <= 128 << 16 else total)
