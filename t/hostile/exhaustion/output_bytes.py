# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout_has": "aaaaaaaa"}
# runtime: python-open
# timeout: 1
# bounded_by: output is looked at every 2 ms, however often it comes
# A byte at a time, in as many writes.
import os

while True:
    os.write(1, b"a")
    os.write(2, b"b")
