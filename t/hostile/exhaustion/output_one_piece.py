# expect: {"status": "completed", "stdout_truncated": true, "stdout_min": 1048576, "stdout_max": 1048576, "exit_code": 0, "stderr": "end\n"}
# runtime: python-open
# bounded_by: output beyond its limit is read and forgotten
# 8 MB at once.
import sys

sys.stdout.write("x" * (8 << 20))
sys.stderr.write("end\n")
