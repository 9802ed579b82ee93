# expect: {"status": "completed", "stdout": "waitingrang\ntimeout\nTrue\n", "exit_code": 0}
# runtime: python-open
import signal
import time


def rang(signo, frame):
    print("rang")
    raise TimeoutError


signal.signal(signal.SIGALRM, rang)
print("waiting", end="")
try:
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    time.sleep(10)
except TimeoutError:
    print("timeout")
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
