# expect: {"status": "failed", "stdout": "", "exit_code": 1, "stderr": "Traceback (most recent call last):\n  File \"main.py\", line 10, in <module>\n    x = [f(y)\n        ^^^^^\n  File \"main.py\", line 10, in <listcomp>\n    x = [f(y)\n         ^^^^\n  File \"main.py\", line 7, in f\n    raise Trouble(x, \"two\")\nTrouble: (1, 'two')\n", "error_type": "Trouble", "error": "(1, 'two')"}
class Trouble(Exception):
    pass


def f(x):
    raise Trouble(x, "two")


x = [f(y)
     for y in [1]]
