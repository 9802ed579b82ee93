# expect: {"status": "completed", "stdout": "1 0 1 1\n0 others\n", "exit_code": 0}
# runtime: python-open
# stopped_by: pid
# The only process there is, by all calls that name one.
import os

print(os.getpid(), os.getppid(), os.getsid(0), os.getpgid(0))
others = 0
for pid in range(2, 40_000):
    for call in (lambda: os.kill(pid, 0), lambda: os.getpgid(pid),
                 lambda: os.getsid(pid)):
        try:
            call()
            others += 1
        except ProcessLookupError:
            pass
        except PermissionError:
            others += 1
print(others, "others")
