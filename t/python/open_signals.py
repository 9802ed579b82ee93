# runtime: python-open
# expect: {"status": "completed", "stdout": "2 15 10\ninterrupted\n"}
import os
import signal

seen = []
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1):
    handler = signal.signal(number, lambda n, frame: seen.append(n))
    os.kill(os.getpid(), number)
    if number == signal.SIGINT:
        ours = handler
print(*seen)

signal.signal(signal.SIGINT, ours)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
