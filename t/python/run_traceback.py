# expect: {"status": "failed", "stdout": "before\n", "exit_code": 1, "stderr": "Traceback (most recent call last):\n  File \"main.py\", line 12, in <module>\n    outer()\n  File \"main.py\", line 8, in outer\n    inner(i)\n  File \"main.py\", line 3, in inner\n    return 1 / n\n           ~~^~~\nZeroDivisionError: division by zero\n", "error_type": "ZeroDivisionError", "error": "division by zero"}
def inner(n):
    return 1 / n


def outer():
    for i in (2, 1, 0):
        inner(i)


print("before")
outer()
