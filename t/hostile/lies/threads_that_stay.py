# expect: {"status": "failed", "stdout": "main ends\n", "error_type": "TimeoutError", "timed_out": true}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# A program ends when its last thread does.
import threading

for _ in range(8):
    threading.Thread(target=threading.Event().wait).start()
print("main ends")
