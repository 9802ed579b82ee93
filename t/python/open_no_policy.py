# expect: {"status": "completed", "stdout": "2 True True\n2 True True\nTrue\n", "exit_code": 0}
# runtime: python-open
import os
import collections
print(eval("1 + 1"), collections._sys is not None, len(().__class__.__base__.__subclasses__()) > 100)
exec("y = 2")
print(y, "y" in globals(), callable(breakpoint))
print(os.getcwd() != "")
