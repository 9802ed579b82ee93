# expect: {"status": "completed", "stdout": "1000 refused\n", "exit_code": 0}
# runtime: python-open
# stopped_by: seccomp
# Refused a thousand times; where it is not, the first child ends it.
import os

refused = 0
for _ in range(1000):
    try:
        if os.fork() == 0:
            os._exit(0)
        print("ESCAPED")
        break
    except PermissionError:
        refused += 1
print(refused, "refused")
