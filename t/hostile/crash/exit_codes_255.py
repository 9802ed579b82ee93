# expect: {"status": "failed", "exit_code": 255, "stdout": "", "error_has": "left the interpreter with exit code 255"}
# runtime: python-open
# bounded_by: the exit code is the kernel's word
import os

os._exit(-1)
