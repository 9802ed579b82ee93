# expect: {"status": "completed", "stdout": "61 signals, alive\n"}
# runtime: python-open
# stopped_by: pid
# The first process of a pid namespace minds no signal that it does not handle,
# SIGKILL and SIGSTOP as little as others.  SIGUSR1 is the supervisor's.
import os
import signal

sent = 0
for number in range(1, 65):
    if number in (signal.SIGUSR1, 32, 33):
        continue
    try:
        signal.signal(number, signal.SIG_DFL)
    except (OSError, ValueError):
        pass
    os.kill(os.getpid(), number)
    sent += 1
print(sent, "signals, alive")
