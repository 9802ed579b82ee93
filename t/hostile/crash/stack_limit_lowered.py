# expect: {"status": "failed", "stdout": "before\n", "signal": "SIGSEGV"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# The first page of the stack that is new has no room any more.
import resource
import sys

resource.setrlimit(resource.RLIMIT_STACK, (4096, 4096))
sys.setrecursionlimit(10 ** 6)


def f(_):
    return list(map(f, [0]))


print("before")
f(0)
