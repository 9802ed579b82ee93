# expect: {"status": "failed", "error_type": "TimeoutError", "stdout": "waiting\n", "timed_out": true}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
import os

print("waiting")
print("ESCAPED", os.read(3, 4096))
