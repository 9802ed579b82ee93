# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout_max": 1048576, "stderr_max": 1048576}
# runtime: python-open
# timeout: 1
# bounded_by: output beyond its limit is read and forgotten
import sys

line = "x" * 79 + "\n"
while True:
    sys.stdout.write(line * 100)
    sys.stderr.write(line * 100)
