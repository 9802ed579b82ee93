# expect: {"status": "failed", "error_type": "TimeoutError", "stdout": "before\n", "timed_out": true}
# runtime: python-open
# timeout: 1
# bounded_by: SIGKILL follows
# All signals blocked in all threads.
import signal
import threading
import time

print("before")
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
threading.Thread(target=time.sleep, args=(60,)).start()
time.sleep(60)
