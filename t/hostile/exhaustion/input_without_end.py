# expect: {"status": "completed", "stdout": "9 \n", "exit_code": 0}
# runtime: python-open
# stdin: "some text"
# bounded_by: stdin ends
# More input than there is, again and again.
import sys

total = 0
for _ in range(1000):
    total += len(sys.stdin.read())
print(total, sys.stdin.read())
