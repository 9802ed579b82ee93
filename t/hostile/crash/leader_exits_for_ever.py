# expect: {"status": "failed", "stdout": "", "error_type": "TimeoutError", "timed_out": true}
# runtime: python-open
# timeout: 1
# bounded_by: a cell lives until its last thread has ended
# The first thread has ended, the signal that asks for an end goes to another.
import ctypes
import threading

threading.Thread(target=threading.Event().wait).start()
ctypes.CDLL(None).syscall(ctypes.c_long(60), ctypes.c_long(0))
