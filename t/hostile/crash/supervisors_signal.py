# expect: {"status": "failed", "stdout": "before", "exit_code": 0, "error_has": "left the interpreter with exit code 0"}
# runtime: python-open
# bounded_by: the signal ends no cell but its own
# The signal that asks a cell for what it has written, sent by itself.
import os
import signal

print("before", end="")
os.kill(os.getpid(), signal.SIGUSR1)
print("ESCAPED")
