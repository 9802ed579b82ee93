# expect: {"status": "completed", "stdout": "15000\n", "exit_code": 0}
# runtime: python-open
import sys
sys.setrecursionlimit(20000)


def f(n):
    return 0 if n == 0 else 1 + f(n - 1)


print(f(15000))
