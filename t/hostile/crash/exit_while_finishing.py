# expect: {"status": "failed", "stdout": "before\nat the end\n", "exit_code": 3}
# runtime: python-open
# bounded_by: a cell is its own process and used once
import atexit
import os


def end():
    print("at the end", flush=True)
    os._exit(3)


atexit.register(end)
print("before")
