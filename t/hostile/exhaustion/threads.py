# expect: {"status": "completed", "stdout": "can't start new thread\n64 at most\n", "exit_code": 0}
# runtime: python-open
# stopped_by: cgroup-pids rlimits
# As many threads as there may be, and 500 at most.
import threading

stop = threading.Event()
threads = []
try:
    for _ in range(500):
        thread = threading.Thread(target=stop.wait)
        thread.start()
        threads.append(thread)
    print("ESCAPED")
except RuntimeError as e:
    print(e)
print("64 at most" if len(threads) <= 64 else len(threads))
stop.set()
for thread in threads:
    thread.join()
