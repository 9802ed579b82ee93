# runtime: python-open
# expect: {"status": "failed", "stdout": "1\n", "exit_code": 1, "error_type": "KeyError"}
import sys
print(1)
sys.stdout = None
print(2)
sys.stderr = None
{}[1]
