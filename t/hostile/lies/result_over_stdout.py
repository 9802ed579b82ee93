# expect: {"status": "failed", "error_type": "TimeoutError", "stdout_has": "before\n", "timed_out": true}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# The runtime's claim goes to stdout; then it waits for an end that nobody
# knows to be due.
import os

print("before")
os.dup2(1, 4)
