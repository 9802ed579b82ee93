# expect: {"status": "completed", "stdout": "unfinished", "exit_code": 0}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# The signal by which the runtime writes unfinished lines, turned against it.
import os
import signal

print("unfinished", end="")
for _ in range(1000):
    os.kill(os.getpid(), signal.SIGRTMAX)
signal.signal(signal.SIGRTMAX, signal.SIG_IGN)
