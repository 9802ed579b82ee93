# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "deadlock\n"}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# Waiting for oneself, in every thread there may be.
import select
import signal
import threading

lock = threading.Lock()
lock.acquire()
print("deadlock", flush=True)
for way in [lock.acquire, signal.pause, threading.Event().wait,
            lambda: select.select([], [], [])] * 8:
    threading.Thread(target=way).start()
lock.acquire()
