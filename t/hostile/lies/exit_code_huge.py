# expect: {"status": "failed", "stdout": "before\n", "exit_code_min": -2147483648, "exit_code_max": 2147483647}
# runtime: python-open
# bounded_by: a claim is the job's own word, and harmless
import sys

print("before")
sys.exit(2 ** 70 + 1)
