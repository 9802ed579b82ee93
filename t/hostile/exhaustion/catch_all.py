# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout_has": "no\n"}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# No error ends it.
import sys

print("no")
while True:
    try:
        while True:
            sys.exit()
    except BaseException:
        pass
