# expect: {"status": "completed", "stdout": "cell (none) True\n", "exit_code": 0}
# runtime: python-open
# stopped_by: uts
# The machine's name is not told.
import ctypes
import os
import platform

name = ctypes.create_string_buffer(390)
ctypes.CDLL(None).uname(name)
print(os.uname().nodename, name[325:390].split(b"\0")[0].decode(),
      platform.node() == "cell")
