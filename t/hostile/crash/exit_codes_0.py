# expect: {"status": "failed", "exit_code": 0, "stdout": "before\n", "error_has": "left the interpreter with exit code 0"}
# runtime: python-open
# bounded_by: only a claim makes a job completed
import os

print("before", flush=True)
os._exit(256)
