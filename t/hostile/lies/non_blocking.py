# expect: {"status": "completed", "stdout_has": "start\n", "stderr": "", "exit_code": 0}
# runtime: python-open
# bounded_by: flags of a pipe's end are that end's
# Pipes made non-blocking, packet by packet, with signals; the supervisor's
# ends are its own.
import fcntl
import os

for descriptor in range(5):
    fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_NONBLOCK | os.O_DIRECT
                | os.O_APPEND | 0o20000)
print("start")
for _ in range(2000):
    try:
        os.write(1, b"y" * 79 + b"\n")
    except BlockingIOError:
        pass
