# runtime: python-open
# expect: {"status": "completed", "stdout": "set()\ntold\n", "exit_code": 0}
import os
import signal

# none is kept from a program, nor from the threads and children it makes
print(signal.pthread_sigmask(signal.SIG_BLOCK, []))

signal.signal(signal.SIGTERM, lambda signo, frame: print("told"))
os.kill(os.getpid(), signal.SIGTERM)
