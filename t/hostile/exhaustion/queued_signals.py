# expect: {"status": "completed", "stdout": "EAGAIN\n", "exit_code": 0}
# runtime: python-open
# stopped_by: rlimits
# Real-time signals that wait, each an object of the kernel's.
import errno
import os
import signal

number = signal.SIGRTMIN + 3
signal.pthread_sigmask(signal.SIG_BLOCK, [number])
try:
    for _ in range(2000):
        os.kill(os.getpid(), number)
    waiting = 0
    while signal.sigtimedwait([number], 0):
        waiting += 1
    print("ESCAPED" if waiting > 257 else "EAGAIN")
except OSError as e:
    print(errno.errorcode[e.errno])
