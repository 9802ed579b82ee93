# expect: {"status": "failed", "stdout": "before\n", "signal": "SIGSEGV"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# Recursion through C, with Python's own limit taken away.
import sys

sys.setrecursionlimit(10 ** 9)


def f(_):
    return list(map(f, [0]))


print("before")
f(0)
