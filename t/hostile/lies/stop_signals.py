# expect: {"status": "completed", "stdout": "alive\n", "exit_code": 0}
# runtime: python-open
# stopped_by: pid
# timeout: 3
# The first of a pid namespace is not stopped from within.
import ctypes
import os
import signal
import threading

libc = ctypes.CDLL(None)
for number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
    os.kill(os.getpid(), number)
    os.kill(0, number)
    libc.syscall(234, os.getpid(), threading.get_native_id(), int(number))
print("alive")
