# expect: {"status": "completed", "stdout": "3 '1 2\\n'\n3 '3 4\\n'\n3 '\\n'\n3 'end'\n''\n", "exit_code": 0}
# runtime: python-open
# stdin: "3\n1 2\n3 4\n\nend"
import sys
n = int(sys.stdin.readline())
for line in sys.stdin:
    print(n, repr(line))
print(repr(sys.stdin.read()))
