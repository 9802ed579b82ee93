# expect: {"status": "completed", "stdout": "many\n", "exit_code": 0}
# runtime: python-open
# bounded_by: a process has three of them
# All three interval timers, as fast as they go.
import signal
import time

count = 0


def tick(*_):
    global count
    count += 1


for timer, number in ((signal.ITIMER_REAL, signal.SIGALRM),
                      (signal.ITIMER_VIRTUAL, signal.SIGVTALRM),
                      (signal.ITIMER_PROF, signal.SIGPROF)):
    signal.signal(number, tick)
    signal.setitimer(timer, 0.00001, 0.00001)
end = time.monotonic() + 0.2
while time.monotonic() < end:
    pass
for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
    signal.setitimer(timer, 0)
print("many" if count > 10 else count)
