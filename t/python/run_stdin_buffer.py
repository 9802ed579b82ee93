# expect: {"status": "completed", "stdout": "15\n", "exit_code": 0}
# runtime: python-open
# stdin: "1 2 3\n4 5"
import sys
data = sys.stdin.buffer.read().split()
print(sum(map(int, data)))
