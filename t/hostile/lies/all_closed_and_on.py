# expect: {"status": "failed", "error_type": "TimeoutError", "stdout": "before\n", "timed_out": true}
# runtime: python-open
# timeout: 1
# bounded_by: an end of file is no end of a cell
# Nothing is open any more, and it lives.
import os
import time

print("before")
os.closerange(0, 1024)
time.sleep(60)
