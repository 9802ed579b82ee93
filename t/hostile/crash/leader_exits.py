# expect: {"status": "failed", "stdout": "on my own\n", "exit_code": 6}
# runtime: python-open
# bounded_by: a cell lives until its last thread has ended
# The first thread ends alone; another goes on and ends the process.
import ctypes
import os
import threading
import time

libc = ctypes.CDLL(None)


def last():
    time.sleep(0.1)
    os.write(1, b"on my own\n")
    os._exit(6)


threading.Thread(target=last).start()
libc.syscall(ctypes.c_long(60), ctypes.c_long(0))
