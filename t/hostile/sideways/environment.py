# expect: {"status": "completed", "stdout": "{} None\n['main.py']\n", "exit_code": 0}
# runtime: python-open
# bounded_by: who starts a helper, a zygote, hands no environment down
# Of Python's and of C's.
import ctypes
import os
import sys

environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
print(dict(os.environ), environ[0] if environ else None)
print(sys.argv)
