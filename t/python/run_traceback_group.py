# expect: {"status": "failed", "stdout": "", "exit_code": 1, "stderr": "  + Exception Group Traceback (most recent call last):\n  |   File \"main.py\", line 11, in <module>\n  |     raise ExceptionGroup(\"two\", errors + [OSError(2, \"gone\")])\n  | ExceptionGroup: two (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n    |   File \"main.py\", line 8, in <module>\n    |     f()\n    |   File \"main.py\", line 3, in f\n    |     raise TypeError(\"one\")\n    | TypeError: one\n    +---------------- 2 ----------------\n    | FileNotFoundError: [Errno 2] gone\n    +------------------------------------\n", "error_type": "ExceptionGroup", "error": "two (2 sub-exceptions)"}
def f():
    raise TypeError("one")


errors = []
try:
    f()
except TypeError as e:
    errors.append(e)
raise ExceptionGroup("two", errors + [OSError(2, "gone")])
