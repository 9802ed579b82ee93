# runtime: python-open
# expect: {"status": "completed", "stdout": "def f():\n    return 1\n\nTraceback (most recent call last):\n  File \"main.py\", line 14, in <module>\n    raise KeyError(\"k\")\nKeyError: 'k'\n1 (3, 11) 2\n", "exit_code": 0}
import inspect
import sys
import traceback


def f():
    return 1


print(inspect.getsource(f))
try:
    raise KeyError("k")
except KeyError:
    traceback.print_exc(file=sys.stdout)
print(sys.flags.dont_write_bytecode, sys.version_info[:2], __builtins__.len("ab"))
