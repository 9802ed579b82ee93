# expect: {"status": "failed", "timed_out": true, "error_type": "TimeoutError", "stdout": "end\n"}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# Each that goes leaves another one behind.
import time


class Heir:
    def __del__(self, sleep=time.sleep):
        sleep(0.001)
        type(self).next = type(self)()
        del type(self).next


print("end", flush=True)
try:
    Heir()
finally:
    while True:
        Heir()
