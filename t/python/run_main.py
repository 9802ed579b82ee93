# expect: {"status": "completed", "stdout": "main main.py None {}\n{'x': <class 'int'>}\n2 __main__ f\n", "exit_code": 0}
import string as s
assert __name__ == "__main__"
if __name__ == "__main__":
    print("main", __file__[-7:], __doc__, __annotations__)
x: int = 3
print(__annotations__)


def f():
    global y
    y = 2


f()
print(y, f.__module__, f.__qualname__)
