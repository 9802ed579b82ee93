# expect: {"status": "failed", "exit_code": 1, "stdout": "before\n", "error_has": "left the interpreter with exit code 1"}
# runtime: python-open
# bounded_by: a cell that says nothing is judged by its exit
import os

print("before")
os.close(4)
