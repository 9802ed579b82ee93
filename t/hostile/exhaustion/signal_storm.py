# expect: {"status": "completed", "stdout": "handled\n", "exit_code": 0}
# runtime: python-open
# bounded_by: a signal that waits is one
# To itself, from all threads.
import os
import signal
import threading

seen = []
signal.signal(signal.SIGUSR2, lambda *_: seen.append(1))


def storm():
    for _ in range(1000):
        os.kill(os.getpid(), signal.SIGUSR2)


threads = [threading.Thread(target=storm) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("handled" if seen else "never")
