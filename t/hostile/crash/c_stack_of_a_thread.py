# expect: {"status": "failed", "stdout": "before\n", "signal": "SIGSEGV"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import sys
import threading

sys.setrecursionlimit(10 ** 9)


def f(_):
    return list(map(f, [0]))


print("before")
thread = threading.Thread(target=f, args=(0,))
thread.start()
thread.join()
