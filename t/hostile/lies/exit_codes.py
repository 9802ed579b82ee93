# expect: {"status": "failed", "exit_code": 255, "error_type": "", "stdout": "before\n"}
# runtime: python-open
# bounded_by: a claim is the job's own word, and harmless
import sys

print("before")
sys.exit(-1)
