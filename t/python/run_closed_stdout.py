# runtime: python-open
# expect: {"status": "completed", "stdout": "1\n", "exit_code": 0}
import sys
print(1)
sys.stdout.close()
