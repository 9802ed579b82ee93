# expect: {"status": "failed", "error_type": "TimeoutError", "stdout_has": "before\n", "timed_out": true}
# runtime: python-open
# timeout: 1
# bounded_by: SIGKILL follows
# Asked to end, it begins to write.
import signal
import time


def not_yet(*_):
    print("not yet", flush=True)
    while True:
        print("x" * 1000)


for number in (signal.SIGUSR1, signal.SIGTERM, signal.SIGXCPU):
    signal.signal(number, not_yet)
print("before")
time.sleep(60)
