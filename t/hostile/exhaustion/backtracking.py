# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "begun\n"}
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
import re

print("begun")
re.match(r"(a+)+$", "a" * 50 + "b")
